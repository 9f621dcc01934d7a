/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/feed.h"

#include <stdlib.h>

#include "base/mem.h"
#include "proto/frame.h"

struct feed {
	struct feed_to to;
	struct feed_counts counts;
};

struct feed *feed_new(const struct feed_to *to)
{
	struct feed *feed = mem_new(1, sizeof *feed);

	feed->to = *to;
	return feed;
}

void feed_free(struct feed *feed)
{
	free(feed);
}

static inline void deliver_udp(struct feed *feed, const struct frame *frame, int64_t ns)
{
	const struct datagram datagram = { .ns = ns,
					   .src = frame->src,
					   .dst = frame->dst,
					   .payload = frame->payload,
					   .wire = frame->wire,
					   .dscp = frame->dscp };

	feed->to.datagram(&datagram, feed->to.context);
}

static __attribute__((noinline, cold)) void take_rest(struct feed *feed, struct frame *frame)
{
	if (frame->kind == FRAME_FRAGMENT)
		feed->counts.dropped++;
}

static __attribute__((noinline, cold)) void count_failure(struct feed *feed, enum err err,
							  const struct packet *packet)
{
	if (err == ERR_UNSUPPORTED)
		feed->counts.unsupported++;
	else if (err != ERR_TRUNCATED || packet->captured >= packet->wire)
		feed->counts.damaged++;
}

void feed_packet(struct feed *feed, const struct packet *packet)
{
	struct frame frame;
	enum err err;

	if (!feed->counts.packets++)
		feed->counts.first_ns = packet->ns;
	feed->counts.last_ns = packet->ns;
	feed->counts.snapped += packet->captured < packet->wire;
	err = frame_read(&frame, packet);
	if (err)
		count_failure(feed, err, packet);
	else if (frame.kind == FRAME_UDP)
		deliver_udp(feed, &frame, packet->ns);
	else
		take_rest(feed, &frame);
}

void feed_end(struct feed *feed)
{
	(void)feed;
}

const struct feed_counts *feed_counts(const struct feed *feed)
{
	return &feed->counts;
}
