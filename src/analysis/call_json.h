/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call as the contract's JSON has it: every key is there, what is not known is null. */
#ifndef EARSHOT_ANALYSIS_CALL_JSON_H
#define EARSHOT_ANALYSIS_CALL_JSON_H

#include <jansson.h>

#include "analysis/verdict.h"

/* The caller owns the reference. */
json_t *call_json(const struct scene *scene, const struct verdict *verdict) MUST_USE;

#endif
