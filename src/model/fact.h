/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was measured: named values, each text, number or list, as in --json. "unknown" is a value
 * too. */
#ifndef EARSHOT_MODEL_FACT_H
#define EARSHOT_MODEL_FACT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct facts {
	json_t *values; /* an object: fact name -> value */
};

void facts_init(struct facts *facts);
void facts_clear(struct facts *facts);

/* Sets or replaces one. The `_take` form takes the reference; the others copy. */
void facts_set_take(struct facts *facts, const char *name, json_t *value);
void facts_set_text(struct facts *facts, const char *name, const char *value);

/* Borrowed, until the fact changes; NULL where there is none. */
const json_t *facts_get(const struct facts *facts, const char *name);
/* The value as a text; "unknown" where there is none or it is a list or a number. */
const char *facts_text(const struct facts *facts, const char *name);
/* True if the fact is there and not "unknown". */
bool facts_known(const struct facts *facts, const char *name);
/* True if the value is that text, or a number that reads so ("2"), or a list that holds that text.
 */
bool facts_is(const struct facts *facts, const char *name, const char *value);
/* The number; `otherwise` where there is none or it is no number. */
double facts_number(const struct facts *facts, const char *name, double otherwise);

/* A value in words for a person, untranslated ("3 resolvers" is the caller's job): texts as they
 * are, numbers plainly, lists joined by ", ", objects as "key value". The caller frees. */
char *fact_words(const json_t *value) MUST_USE;

/* Every fact of the contract. */
struct fact_kind {
	const char *name;  /* "nat.mapping" */
	const char *check; /* the check that measures it: "stun" */
	const char *title; /* N_() "NAT mapping" */
};
/* By number from 0; NULL behind the last. */
const struct fact_kind *fact_kind_at(size_t index);
/* NULL for an unknown name. */
const struct fact_kind *fact_kind_find(const char *name);

#endif
