/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line from a check's process: what check.h allows in it, and nothing else gets through. */
#ifndef EARSHOT_CHECK_EVENT_H
#define EARSHOT_CHECK_EVENT_H

#include "base/slice.h"
#include "check/check.h"

/* Reads a line (without its LF) as an event of `check`. The caller owns *out. ERR_SYNTAX: not JSON,
 * not one of check.h's events, a wrong type, a text that is not safe to print, a fact that is not
 * among check->facts. */
enum err event_parse(json_t **out, struct slice line, const struct check *check) MUST_USE;

#endif
