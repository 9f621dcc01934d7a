/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of a call as JSON, any of which may be missing, null or of another type than the contract
 * says, and the words for them. */
#ifndef EARSHOT_REPORT_CALL_VALUES_H
#define EARSHOT_REPORT_CALL_VALUES_H

#include <jansson.h>

#include "base/err.h"

/* Borrowed; NULL where it is no text, or empty. */
const char *value_text(const json_t *object, const char *key);
/* With so many decimals and the unit behind; NULL where it is no number. The caller frees. */
char *value_number(const json_t *object, const char *key, const char *unit, int decimals) MUST_USE;
/* What the value of "verdict", "result" … means, translated; the value itself where it has no
 * phrase, `otherwise` where it is NULL. */
const char *value_words(const char *key, const char *value, const char *otherwise);
/* "2026-11-20T09:00:00.123Z" on the local clock, with its zone: "2026-11-20 10:00:00.123 +01:00".
 * What is no such time stays as it is. The caller frees. */
char *value_moment(const char *utc) MUST_USE;

#endif
