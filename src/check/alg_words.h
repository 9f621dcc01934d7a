/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ALG check's result in facts, a finding and plain words. */
#ifndef EARSHOT_CHECK_ALG_WORDS_H
#define EARSHOT_CHECK_ALG_WORDS_H

#include "check/alg_judge.h"
#include "check/check.h"
#include "model/site.h"

/* The facts that alg_report() tells; NULL-terminated. */
extern const char *const alg_facts[];

/* Tells the facts, the finding if there is one, and the summary. */
void alg_report(struct sink *sink, const struct alg_verdict *verdict, const struct alg_seen *seen,
		const struct site *site);

#endif
