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
};

/* How many packets of two streams are the same; by sequence, timestamp and length, else by what
 * sounding payload begins with. */
size_t passage_likeness(const struct wire_stream *a, const struct wire_stream *b);

/* `to` may be NULL: nothing of the stream was seen at the second point. `skew_ns` is what the
 * second clock is ahead; `first_ns` and `last_ns` when the second point recorded, by its own clock.
 */
struct passage passage_read(const struct wire_stream *from, const struct wire_stream *to,
			    int64_t skew_ns, int64_t first_ns, int64_t last_ns);

#endif
