/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which datagrams were refused by ICMP: by whom, how often, from when to when. */
#ifndef EARSHOT_ANALYSIS_REFUSALS_H
#define EARSHOT_ANALYSIS_REFUSALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/feed.h"

/* Known at once; a new one takes the place of the oldest of its few neighbours. */
enum { REFUSALS_MAX = 2048 };

/* All refusals of datagrams from one endpoint to another. */
struct refused {
	struct endpoint src, dst, by; /* `by` as the last one had it */
	unsigned count;               /* in a row, without a pause of 5 s; 0: not used */
	bool port_unreachable, prohibited;
	int64_t first_ns, last_ns; /* since 1970, as packets have it */
};

/* All 0 is empty. */
struct refusals {
	struct refused *refused; /* owned, REFUSALS_MAX of them; NULL until the first */
};

void refusals_clear(struct refusals *refusals);
void refusals_add(struct refusals *refusals, const struct refusal *refusal);
/* All from `src` to `dst`; NULL: none was. Good until the next refusals_add(). */
const struct refused *refusals_find(const struct refusals *refusals, const struct endpoint *src,
				    const struct endpoint *dst);

#endif
