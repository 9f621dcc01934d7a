/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stream at two points: which packets came through, and how long they took. */
#ifndef EARSHOT_ANALYSIS_COMPARE_PACKETS_H
#define EARSHOT_ANALYSIS_COMPARE_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/wire_log.h"

/* From the point that the packets pass first to the one that they pass next. */
struct passage {
	size_t sent; /* packets at the first point while the second was recording too */
	size_t lost; /* of these not at the second */
	size_t matched;
	int64_t least_ns, mean_ns, most_ns; /* what the second clock shows later than the first:
					       delay and the clocks' difference together; with
					       matched > 0 */
	bool has_early, has_late;           /* any in the first third of the time, in the last */
	int64_t early_ns, late_ns;          /* as least_ns, of these alone */
	int64_t through_ns; /* when the last one that came through left; with matched > 0 */
	int64_t cut_ns;     /* when the last of those left that came after it and are lost */
	size_t cut;         /* how many these are */
};

/* How many packets of two streams are the same: by sequence and timestamp where the SSRC is, or by
 * what sounding payload begins with. */
size_t passage_likeness(const struct wire_stream *a, const struct wire_stream *b, bool by_payload);

/* How one clock runs away from the other. */
struct drift {
	double rate;     /* how much the second gains on the first, a small part of 1; 0: none */
	int64_t from_ns; /* when the clocks' difference is what it is said to be; by the first one
			  */
	int64_t begin_ns, end_ns; /* of the voice, by the first one */
};

/* Where the packets of a stream may be found at the second point. */
struct passage_to {
	const struct wire_stream **stream; /* a mapping that changes makes several of one */
	size_t count;                      /* 0: nothing of it was seen there */
	bool by_payload;
	int64_t skew_ns;  /* what the second clock is ahead */
	int64_t until_ns; /* when the call ended, by the first clock: what is sent later need not
			     come through */
	int64_t first_ns, last_ns; /* when the second point recorded, by its own clock */
	struct drift drift;
};

struct passage passage_read(const struct wire_stream *from, const struct passage_to *to);

#endif
