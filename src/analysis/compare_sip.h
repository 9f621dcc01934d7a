/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of one call at two points: which are the same, and what differs in them. */
#ifndef EARSHOT_ANALYSIS_COMPARE_SIP_H
#define EARSHOT_ANALYSIS_COMPARE_SIP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/compare.h"

/* What the messages tell of the two clocks: how much later the outside clock shows the same
 * message. One that goes out cannot come sooner there than it left: what it shows is at least the
 * clocks' difference; for one that comes in, at most. */
struct clock_bounds {
	bool has_upper, has_lower;
	int64_t upper_ns, lower_ns;
};
void clock_bounds_out(struct clock_bounds *bounds, int64_t later_ns);
void clock_bounds_in(struct clock_bounds *bounds, int64_t later_ns);

struct sip_changes {
	json_t *list;     /* of the contract's "changes"; owned by the caller */
	unsigned fields;  /* bits 1 << enum sip_field that differ in any message */
	size_t compared;  /* messages that were seen at both points, whole at one at least */
	size_t differing; /* of these, those that differ in more than what harms nobody */
	bool via_added;   /* the device stands in the path as a proxy does */
};

enum { CHANGES_MAX = 200 }; /* listed; past that only `fields` tells */

void compare_messages(struct sip_changes *out, struct clock_bounds *bounds,
		      const struct point_call *inside, const struct point_call *outside);

/* What differs in more than what harms nobody; the caller owns it. NULL: nothing. */
struct finding *compare_rewritten(const struct sip_changes *changes);

#endif
