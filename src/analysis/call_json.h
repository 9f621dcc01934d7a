/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call as the contract's JSON has it: every key is there, what is not known is null. */
#ifndef EARSHOT_ANALYSIS_CALL_JSON_H
#define EARSHOT_ANALYSIS_CALL_JSON_H

#include <stdint.h>

#include "analysis/verdict.h"
#include "model/json_text.h"

/* Adds one object. */
void call_json(struct json_text *out, const struct scene *scene, const struct verdict *verdict);

/* Of its first packet; 0: there was none. */
int64_t call_started_ns(const struct scene *scene);

#endif
