/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Date header of SIP (RFC 3261, 20.17) and HTTP (RFC 9110, 5.6.7): always GMT, whole seconds.
 */
#ifndef EARSHOT_PROTO_DATE_H
#define EARSHOT_PROTO_DATE_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

/* "Sat, 13 Nov 2010 23:29:00 GMT" as seconds since 1970; the name of the day is not looked at. The
 * obsolete forms of HTTP are refused. ERR_SYNTAX; ERR_RANGE: no such day or time, or a year before
 * 1970. */
enum err date_parse(int64_t *out, struct slice text) MUST_USE;

#endif
