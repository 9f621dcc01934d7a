/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a capture: what comes out is readable to its last byte, and every packet is counted
 * once at most. */
#include "analysis/feed.h"
#include "packets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t sum; /* so that every byte is read */
};

static void take_datagram(const struct datagram *datagram, void *context)
{
	struct seen *seen = context;

	if (datagram->payload.left > datagram->wire || (datagram->tcp && !datagram->payload.left) ||
	    datagram->dscp > 63)
		abort();
	if (datagram->tcp && endpoint_is_set(&datagram->via))
		abort();
	for (size_t i = 0; i < datagram->payload.left; i++)
		seen->sum += datagram->payload.at[i];
}

static void take_refusal(const struct refusal *refusal, void *context)
{
	(void)context;
	if (refusal->by.port || (refusal->port_unreachable && refusal->prohibited))
		abort();
}

static void check_counts(const struct feed *feed, uint64_t packets)
{
	const struct feed_counts *counts = feed_counts(feed);

	if (counts->packets != packets || counts->snapped > packets ||
	    counts->damaged + counts->unsupported + counts->dropped > packets ||
	    counts->first_ns > counts->last_ns)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_of(data, size);
	struct packet packet = { 0 };
	struct seen seen = { 0 };
	const struct feed_to to = { take_datagram, take_refusal, &seen };
	struct feed *feed = feed_new(&to);
	uint64_t packets = 0;

	while (packets_next(&packet, &input)) {
		feed_packet(feed, &packet);
		free((void *)packet.data);
		check_counts(feed, ++packets);
	}
	feed_end(feed);
	check_counts(feed, packets);
	feed_free(feed);
	return 0;
}
