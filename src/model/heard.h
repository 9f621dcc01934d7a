/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was heard of a call, in a few words: for screens and reports that set two calls side by
 * side. */
#ifndef EARSHOT_MODEL_HEARD_H
#define EARSHOT_MODEL_HEARD_H

#include <jansson.h>
#include <stdbool.h>

/* Of one direction ("out", "in") of a call as in --json: "heard, 0.0 % lost, 1.2 ms jitter",
 * "nothing", "not known". Translated; the caller frees. */
char *heard_words(const json_t *call, const char *direction);
/* False where that would be "not known". */
bool heard_is_known(const json_t *call, const char *direction);

#endif
