/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last gate before a report: takes secrets out of any text and makes the rest harmless to
 * print. A session should hold no secret; this is for the day when a trace or a typed note does. */
#ifndef EARSHOT_REPORT_REDACT_H
#define EARSHOT_REPORT_REDACT_H

#include <jansson.h>

#include "base/err.h"
#include "report/mask.h"

/* A copy in which the value of each of these reads "[removed]": Authorization and
 * Proxy-Authorization headers, the digest's response and rspauth (RFC 7616), anything called
 * password, secret, token …, the password in a URI's user part, SRTP keys (RFC 4568 inline, RFC
 * 4567 key-mgmt, the old k= line), ICE passwords (RFC 8839). Where in doubt it takes out more. The
 * caller frees. */
char *redact_text(const char *text) MUST_USE;

/* redact_text(), then mask_text() where `mask` is not NULL, then text_safe_lines(). The caller
 * frees.
 */
char *redact_safe(const char *text, struct mask *mask) MUST_USE;

/* A deep copy with redact_safe() done to every text and member name; the text of a member whose
 * name speaks of a secret goes as a whole. `mask` may be NULL. The caller owns the reference. */
json_t *redact_json(const json_t *value, struct mask *mask) MUST_USE;

#endif
