/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/feed.h"

#include <stdlib.h>

#include "analysis/fragments.h"
#include "analysis/tcp_flow.h"
#include "analysis/unwrap.h"
#include "base/mem.h"
#include "proto/frame.h"

/* What few packets need stands apart, so that the way of an RTP packet is short: its headers, a
 * look at its first byte, the callback. */
#define APART __attribute__((noinline))

struct feed {
	struct feed_to to;
	struct feed_counts counts;
	struct unwrap *unwrap;
	struct fragments *fragments;
	struct tcp_flows *tcp;
};

static void take_message(struct datagram *message, bool turn, void *context)
{
	struct feed *feed = context;

	if (!turn || unwrap_datagram(feed->unwrap, message))
		feed->to.datagram(message, feed->to.context);
}

struct feed *feed_new(const struct feed_to *to)
{
	struct feed *feed = mem_new(1, sizeof *feed);
	const struct tcp_flows_to messages = { take_message, feed };

	feed->to = *to;
	feed->unwrap = unwrap_new();
	feed->fragments = fragments_new();
	feed->tcp = tcp_flows_new(&messages);
	return feed;
}

void feed_free(struct feed *feed)
{
	if (!feed)
		return;
	unwrap_free(feed->unwrap);
	fragments_free(feed->fragments);
	tcp_flows_free(feed->tcp);
	free(feed);
}

static APART void unwrap(struct feed *feed, struct datagram *datagram)
{
	unwrap_datagram(feed->unwrap, datagram);
}

static inline void take_udp(struct feed *feed, const struct frame *frame, int64_t ns)
{
	struct datagram datagram = { .ns = ns,
				     .src = frame->src,
				     .dst = frame->dst,
				     .payload = frame->payload,
				     .wire = frame->wire,
				     .dscp = frame->dscp };

	if (unwrap_may_be(frame->payload))
		unwrap(feed, &datagram);
	feed->to.datagram(&datagram, feed->to.context);
}

/* RFC 792 and RFC 4443: the types that say a datagram was thrown away. Echo and neighbours are none
 * of them, nor is source quench, which may have let it pass. */
static bool read_refusal(struct refusal *out, const struct frame *frame)
{
	enum { ICMP = 1, UNREACHABLE = 3, TIME_EXCEEDED = 11, PARAMETER = 12 };
	const uint8_t type = frame->payload.at[0], code = frame->payload.at[1];

	if (frame->protocol == ICMP) {
		out->port_unreachable = type == UNREACHABLE && code == 3;
		out->prohibited = type == UNREACHABLE && (code == 9 || code == 10 || code == 13);
		return type == UNREACHABLE || type == TIME_EXCEEDED || type == PARAMETER;
	}
	out->port_unreachable = type == 1 && code == 4;
	out->prohibited = type == 1 && (code == 1 || code == 5 || code == 6);
	return type >= 1 && type <= 4;
}

/* In a network of IPv6 alone an IPv4 host is reached at 64:ff9b::/96 (RFC 6052, 2.1). SIP and SDP
 * name it by its IPv4 address (RFC 6877): so does the rest of the analysis, or it would not know
 * it. */
static void unmap(struct endpoint *io)
{
	if (io->high == UINT64_C(0x0064ff9b00000000) && !(io->low >> 32))
		*io = endpoint_v4((uint32_t)io->low, io->port);
}

static void unmap_both(struct frame *io)
{
	unmap(&io->src);
	unmap(&io->dst);
}

/* The quoted packet stands behind 8 bytes in both families. */
static void take_icmp(struct feed *feed, const struct frame *frame, int64_t ns)
{
	enum { HEADER = 8 };
	struct refusal refusal = { .ns = ns, .by = frame->src };
	struct slice quote = frame->payload;
	struct frame quoted;

	if (quote.left < HEADER || !read_refusal(&refusal, frame))
		return;
	quote.at += HEADER;
	quote.left -= HEADER;
	if (frame_read_quote(&quoted, quote) || quoted.kind != FRAME_UDP)
		return;
	unmap_both(&quoted);
	refusal.src = quoted.src;
	refusal.dst = quoted.dst;
	if (feed->to.refusal)
		feed->to.refusal(&refusal, feed->to.context);
}

static void count_dropped(struct feed *feed)
{
	feed->counts.dropped = fragments_dropped(feed->fragments) + tcp_flows_dropped(feed->tcp);
}

static void take_whole(struct feed *feed, const struct frame *frame, int64_t ns)
{
	switch (frame->kind) {
	case FRAME_UDP: take_udp(feed, frame, ns); break;
	case FRAME_TCP: tcp_flows_segment(feed->tcp, frame, ns); break;
	case FRAME_ICMP: take_icmp(feed, frame, ns); break;
	case FRAME_FRAGMENT: /* inside of one: nobody does that */
	case FRAME_OTHER: break;
	}
}

static void take_fragment(struct feed *feed, struct frame *frame, int64_t ns)
{
	enum err err = fragments_add(feed->fragments, frame, ns);

	if (err == ERR_SYNTAX)
		feed->counts.damaged++;
	if (err)
		return;
	err = frame_read_transport(frame);
	if (err == ERR_SYNTAX || (!err && frame->kind == FRAME_FRAGMENT))
		feed->counts.damaged += fragments_packets(feed->fragments);
	if (!err)
		take_whole(feed, frame, ns);
}

/* What was captured too short to be read is among `snapped` already. */
static void count_failure(struct feed *feed, enum err err)
{
	if (err == ERR_UNSUPPORTED)
		feed->counts.unsupported++;
	else if (err == ERR_SYNTAX)
		feed->counts.damaged++;
}

static APART void take_unusual(struct feed *feed, const struct packet *packet)
{
	struct frame frame;
	enum err err = frame_read(&frame, packet);

	if (!err)
		unmap_both(&frame);

	if (err) {
		count_failure(feed, err);
		return;
	}
	if (frame.kind == FRAME_FRAGMENT)
		take_fragment(feed, &frame, packet->ns);
	else
		take_whole(feed, &frame, packet->ns);
	count_dropped(feed);
}

void feed_packet(struct feed *feed, const struct packet *packet)
{
	struct feed_counts *counts = &feed->counts;
	struct frame frame;

	if (!counts->packets++)
		counts->first_ns = counts->last_ns = packet->ns;
	if (packet->ns > counts->last_ns)
		counts->last_ns = packet->ns;
	if (packet->ns < counts->first_ns)
		counts->first_ns = packet->ns;
	counts->snapped += packet->captured < packet->wire;
	if (frame_read_usual(&frame, packet))
		take_udp(feed, &frame, packet->ns);
	else
		take_unusual(feed, packet);
}

void feed_end(struct feed *feed)
{
	fragments_end(feed->fragments);
	tcp_flows_end(feed->tcp);
	count_dropped(feed);
}

const struct feed_counts *feed_counts(const struct feed *feed)
{
	return &feed->counts;
}
