/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads captures in a process of its own, behind the walls of the sandbox: whatever stands in them,
 * it costs that process at most. */
#ifndef EARSHOT_ANALYZE_H
#define EARSHOT_ANALYZE_H

#include <stddef.h>
#include <stdio.h>

#include "analysis/analysis.h"

enum { ANALYZE_FILES = 2 };

struct analyze_plan {
	FILE *file[ANALYZE_FILES]; /* open for reading; of two the first is inside of the NAT */
	const char *name[ANALYZE_FILES];
	size_t count;
	struct analysis_options options;
	unsigned budget_seconds; /* 0: none */
};

/* To be called right after fork(): reads, writes lines to `pipe`, a word and one JSON value each,
 * and exits. `call {…}` for each call as it is done, with the text of when it began before the
 * object; then `end {"findings":[…],"input":{…}}`, or `complaint "…"` where nothing could be read.
 */
_Noreturn void analyze_run(const struct analyze_plan *plan, int pipe);

#endif
