/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The findings of many calls together: each id and direction once. */
#ifndef EARSHOT_ANALYSIS_TALLY_H
#define EARSHOT_ANALYSIS_TALLY_H

#include <stddef.h>

#include "model/finding.h"

/* More than there are ids with four directions: nothing is left out. */
enum { TALLY_MAX = 512 };

/* All 0 is empty. */
struct tally {
	struct finding *finding[TALLY_MAX]; /* owned; worst first */
	size_t count;
};

/* A copy of the finding, each sentence with the call it is about ("" has no name); where there is
 * one already, its evidence joins that of the first calls, and the worse of the two counts. */
void tally_add(struct tally *tally, const struct finding *finding, const char *call_id);
void tally_clear(struct tally *tally);

#endif
