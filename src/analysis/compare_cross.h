/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One direction of a call between two points: which streams of both are the same, and what became
 * of their packets. */
#ifndef EARSHOT_ANALYSIS_COMPARE_CROSS_H
#define EARSHOT_ANALYSIS_COMPARE_CROSS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/compare.h"
#include "analysis/compare_packets.h"

/* One call as one point saw it, with all that the point saw. */
struct view {
	const struct point *point;
	const struct point_call *call;
};

/* What happened between the points in one direction. */
struct crossing {
	struct passage passage; /* of all its streams together */
	size_t streams;         /* that could be followed; 0: nothing can be told */
	double lost_pct;
	struct drift drift; /* that was reckoned with; the voice's time */
};

/* What the second clock shows later than the first one, and how fast that grows. */
struct skew {
	int64_t ns;
	struct drift drift;
};

/* From the point that the packets of `direction` pass first. A stream that a device makes anew, as
 * one that transcodes does, is not followed: none of its packets is lost for that. */
struct crossing cross(const struct view *first, const struct view *second, const char *direction,
		      const struct skew *skew);

/* How the clock outside gains on the one inside: what it shows later grows for what goes out by as
 * much as it shrinks for what comes in. False where it does not, or where too little was seen. Both
 * crossings were made without a drift. */
bool cross_drift(double *rate, const struct crossing *out, const struct crossing *in);

/* Packets that both carried in the same direction. */
size_t cross_shared(const struct view *a, const struct view *b);

#endif
