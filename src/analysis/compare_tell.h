/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the comparison of one call means: its findings, its directions, its verdict. */
#ifndef EARSHOT_ANALYSIS_COMPARE_TELL_H
#define EARSHOT_ANALYSIS_COMPARE_TELL_H

#include <jansson.h>

#include "analysis/compare_cross.h"
#include "analysis/compare_sip.h"

struct compared {
	const struct view *inside, *outside; /* both have the call */
	const struct sip_changes *changes;
	const struct crossing *out, *in;
	bool clocks_known;
	int64_t skew_ns; /* of the clock outside against the one inside, where it is known */
};

/* Into `call`, which is the contract's call as the inside has it; the findings into `all` too. */
void compare_tell(struct comparison *all, json_t *call, const struct compared *compared);

#endif
