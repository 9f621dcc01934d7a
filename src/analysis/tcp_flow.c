/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/tcp_flow.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/pieces.h"
#include "analysis/table.h"
#include "base/be.h"
#include "base/mem.h"
#include "proto/sip_message.h"
#include "proto/turn.h"

enum {
	BUCKETS = 4096,
	LINE_MAX = 1024,     /* looked at of a start line, so that hostile bytes cost little each */
	COOKIE = 0x2112a442, /* RFC 8489, 5 */
	COOKIE_END = 8,
	START_MAX = 64,    /* so long a beginning is looked at again with every byte */
	FAR = 1024 * 1024, /* a sequence number so far back is of another connection */
};

static const int64_t patience = 3 * (int64_t)PACKET_SECOND;

enum flow_state {
	FLOW_NEW, /* nothing seen but its SYN: may be anything */
	FLOW_SIP,
	FLOW_TURN,
	FLOW_LOST,  /* was one of these; where the next message begins is not known */
	FLOW_ALIEN, /* neither: to be forgotten */
};

struct flow {
	struct table_node node;
	struct endpoint src, dst;
	enum flow_state state;
	uint32_t base;        /* the sequence number of the first byte not used yet */
	size_t wait_for;      /* bytes the message at `base` has; 0: not known yet */
	size_t looked_at;     /* bytes from `base` in which no end of headers is */
	struct pieces pieces; /* from `base` */
	bool gap;             /* something waits behind a hole */
	int64_t gap_ns;       /* since then */
	int64_t last_ns;      /* when it got something */
	uint8_t dscp;
	bool proven; /* was SIP or TURN at some time: what is lost of it counts */
};

struct tcp_flows {
	struct tcp_flows_to to;
	struct table table;
	size_t bytes; /* kept in all pieces */
	size_t gaps;  /* flows that have one */
	uint64_t dropped;
};

struct tcp_flows *tcp_flows_new(const struct tcp_flows_to *to)
{
	struct tcp_flows *flows = mem_new(1, sizeof *flows);

	flows->to = *to;
	table_init(&flows->table, BUCKETS);
	return flows;
}

uint64_t tcp_flows_dropped(const struct tcp_flows *flows)
{
	return flows->dropped;
}

/* --- messages in bytes without a hole --- */

static bool is_stun(struct slice bytes)
{
	return bytes.left >= COOKIE_END && bytes.at[0] < 4 && be_32(bytes.at + 4) == COOKIE;
}

/* What a stream is that begins so; FLOW_NEW: too few bytes to tell. */
static enum flow_state what_begins(struct slice bytes)
{
	size_t length;

	if (is_stun(bytes))
		return FLOW_TURN;
	if (bytes.left < COOKIE_END && bytes.left && bytes.at[0] < 4)
		return FLOW_NEW;
	if (sip_message_looks_so(bytes))
		return FLOW_SIP;
	return sip_message_frame(&length, bytes) == ERR_TRUNCATED ? FLOW_NEW : FLOW_ALIEN;
}

/* Of a stream whose beginning was not seen. */
static bool begins_well(struct slice bytes)
{
	return is_stun(bytes) || sip_message_looks_so(bytes);
}

static enum err message_length(size_t *length, const struct flow *flow, struct slice bytes)
{
	if (flow->state == FLOW_SIP)
		return sip_message_frame(length, bytes);
	if (bytes.left >= COOKIE_END && bytes.at[0] < 4 && !is_stun(bytes))
		return ERR_SYNTAX;
	return turn_frame(length, bytes);
}

static void deliver(const struct tcp_flows *flows, const struct flow *flow, struct slice payload,
		    size_t wire)
{
	struct datagram datagram = { .ns = flow->last_ns,
				     .src = flow->src,
				     .dst = flow->dst,
				     .payload = payload,
				     .wire = wire,
				     .dscp = flow->dscp,
				     .tcp = true };

	flows->to.message(&datagram, flow->state == FLOW_TURN, flows->to.context);
}

static size_t white_space(struct slice bytes)
{
	size_t length = 0;

	while (length < bytes.left && (bytes.at[length] == '\r' || bytes.at[length] == '\n' ||
				       bytes.at[length] == ' ' || bytes.at[length] == '\t'))
		length++;
	return length;
}

static struct slice behind(struct slice bytes, size_t length)
{
	return (struct slice){ bytes.at + length, bytes.left - length };
}

/* Up to the line behind this one. */
static size_t line_length(struct slice bytes)
{
	const uint8_t *end = memchr(bytes.at, '\n', bytes.left);

	return end ? (size_t)(end - bytes.at) + 1 : bytes.left;
}

/* A start line of a known method: behind a gap stands the rest of a body, and a method that nobody
 * knows could be that rest and a known one. */
static bool is_known_start(struct slice bytes)
{
	static const char *const known[] = { "SIP/2.0 ", "INVITE ",    "ACK ",      "BYE ",
					     "CANCEL ",  "OPTIONS ",   "REGISTER ", "PRACK ",
					     "UPDATE ",  "SUBSCRIBE ", "NOTIFY ",   "REFER ",
					     "INFO ",    "MESSAGE ",   "PUBLISH " };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (bytes.at[0] == (uint8_t)known[i][0] && slice_starts(bytes, known[i]))
			return sip_message_looks_so(
				slice_of(bytes.at, bytes.left < LINE_MAX ? bytes.left : LINE_MAX));
	return false;
}

/* How far it is to where a message begins. A body need not end in a line's end, so that is
 * anywhere. */
static size_t find_again(struct flow *flow, struct slice bytes)
{
	size_t at = 0;

	if (is_stun(bytes)) {
		flow->state = FLOW_TURN;
		return 0;
	}
	while (at < bytes.left && !is_known_start(behind(bytes, at)))
		at++;
	if (at < bytes.left)
		flow->state = FLOW_SIP;
	return at;
}

/* One step: a message, white space or what cannot be used. Returns how many bytes it took; 0: more
 * must come. */
static size_t step(const struct tcp_flows *flows, struct flow *flow, struct slice bytes,
		   size_t *messages)
{
	const size_t white = flow->state == FLOW_TURN ? 0 : white_space(bytes);
	size_t length;
	enum err err;

	if (white)
		return white;
	if (flow->state == FLOW_LOST)
		return find_again(flow, bytes);
	if (flow->state == FLOW_NEW)
		flow->state = what_begins(bytes);
	if (flow->state == FLOW_NEW)
		return 0;
	if (flow->state == FLOW_ALIEN)
		return bytes.left;
	err = message_length(&length, flow, bytes);
	if (err == ERR_TRUNCATED)
		return 0;
	if (err) {
		flow->state = FLOW_LOST;
		return err == ERR_FULL ? bytes.left : line_length(bytes);
	}
	flow->wait_for = length;
	if (length > bytes.left)
		return 0;
	flow->wait_for = 0;
	deliver(flows, flow, (struct slice){ bytes.at, length }, length);
	++*messages;
	return length;
}

/* Takes all whole messages; returns the bytes that are used up. A step of 0 that only found where
 * to go on is not the end. */
static size_t take_messages(const struct tcp_flows *flows, struct flow *flow, struct slice bytes,
			    size_t *messages)
{
	size_t used = 0;

	flow->wait_for = 0;
	while (used < bytes.left) {
		const enum flow_state before = flow->state;
		const size_t taken = step(flows, flow, behind(bytes, used), messages);

		used += taken;
		if (!taken && before != FLOW_LOST)
			break;
	}
	flow->looked_at = bytes.left - used;
	flow->proven |= flow->state == FLOW_SIP || flow->state == FLOW_TURN;
	return used;
}

/* --- bytes that are kept --- */

static void note_gap(struct tcp_flows *flows, struct flow *flow, int64_t ns)
{
	const bool gap = pieces_end(&flow->pieces) > pieces_prefix(&flow->pieces);

	if (gap && !flow->gap) {
		flows->gaps++;
		flow->gap_ns = ns;
	} else if (!gap && flow->gap) {
		flows->gaps--;
	}
	flow->gap = gap;
}

static void drop_bytes(struct tcp_flows *flows, struct flow *flow, size_t length, bool of_use)
{
	const uint64_t packets = pieces_drop(&flow->pieces, length);

	if (!of_use && flow->proven)
		flows->dropped += packets;
	flow->base += (uint32_t)length;
	if (!flow->pieces.count) {
		flows->bytes -= flow->pieces.room;
		pieces_clear(&flow->pieces);
	}
}

/* Is there anything in the new bytes that could make the message whole? Else a stream of tiny
 * segments would be read again from its beginning with each. */
static bool worth_reading(const struct flow *flow, struct slice bytes)
{
	size_t at = flow->looked_at < 3 ? 0 : flow->looked_at - 3;

	if (flow->wait_for)
		return bytes.left >= flow->wait_for;
	if (flow->state != FLOW_SIP || bytes.left <= START_MAX || bytes.left > SIP_BYTES_MAX)
		return true;
	for (; at < bytes.left; at++)
		if (bytes.at[at] == '\n' &&
		    ((at + 1 < bytes.left && bytes.at[at + 1] == '\n') ||
		     (at + 2 < bytes.left && bytes.at[at + 1] == '\r' && bytes.at[at + 2] == '\n')))
			return true;
	return false;
}

static void read_kept(struct tcp_flows *flows, struct flow *flow)
{
	const struct slice bytes = { flow->pieces.data, pieces_prefix(&flow->pieces) };
	size_t messages = 0, used;

	if (!bytes.left)
		return;
	if (!worth_reading(flow, bytes)) {
		flow->looked_at = bytes.left;
		return;
	}
	used = take_messages(flows, flow, bytes, &messages);
	if (used)
		drop_bytes(flows, flow, used, messages);
}

/* What the capture has of a message whose headers are whole is of use; less is not. Then on behind
 * the hole, where the next message may begin. */
static void give_up_gap(struct tcp_flows *flows, struct flow *flow)
{
	const size_t prefix = pieces_prefix(&flow->pieces);
	const bool cut = flow->state == FLOW_SIP && flow->wait_for > prefix && prefix;

	if (cut)
		deliver(flows, flow, (struct slice){ flow->pieces.data, prefix }, flow->wait_for);
	if (prefix)
		drop_bytes(flows, flow, prefix, cut);
	if (flow->pieces.count)
		drop_bytes(flows, flow, flow->pieces.span[0].from, true);
	flow->wait_for = flow->looked_at = 0;
	flow->state = FLOW_LOST;
	read_kept(flows, flow);
	note_gap(flows, flow, flow->last_ns);
}

/* --- flows --- */

static bool is_alien(const struct flow *flow)
{
	return flow->state == FLOW_ALIEN || (flow->state == FLOW_LOST && !flow->proven);
}

static void forget(struct tcp_flows *flows, struct flow *flow)
{
	if (flow->proven) {
		while (flow->gap)
			give_up_gap(flows, flow);
		flows->dropped += pieces_packets(&flow->pieces);
	}
	flows->gaps -= flow->gap;
	flows->bytes -= flow->pieces.room;
	table_remove(&flows->table, &flow->node);
	pieces_clear(&flow->pieces);
	free(flow);
}

void tcp_flows_end(struct tcp_flows *flows)
{
	while (flows->table.oldest)
		forget(flows, (struct flow *)flows->table.oldest);
}

void tcp_flows_free(struct tcp_flows *flows)
{
	if (!flows)
		return;
	while (flows->table.oldest) {
		struct flow *flow = (struct flow *)flows->table.oldest;

		flow->proven = false; /* nobody listens any more */
		forget(flows, flow);
	}
	table_clear(&flows->table);
	free(flows);
}

static uint64_t hash_of(const struct tcp_flows *flows, const struct endpoint *src,
			const struct endpoint *dst)
{
	return table_hash(&flows->table, endpoint_pair_hash(src, dst));
}

static struct flow *find(const struct tcp_flows *flows, const struct endpoint *src,
			 const struct endpoint *dst)
{
	const uint64_t hash = hash_of(flows, src, dst);
	struct table_node *node = table_first(&flows->table, hash);

	for (; node; node = node->next) {
		struct flow *flow = (struct flow *)node;

		if (node->hash == hash && endpoint_equal(&flow->src, src) &&
		    endpoint_equal(&flow->dst, dst))
			return flow;
	}
	return NULL;
}

static struct flow *begin(struct tcp_flows *flows, const struct frame *segment, uint32_t base)
{
	struct flow *flow;

	if (flows->table.count == FEED_TCP_MAX)
		forget(flows, (struct flow *)flows->table.oldest);
	flow = mem_new(1, sizeof *flow);
	flow->src = segment->src;
	flow->dst = segment->dst;
	flow->base = base;
	table_add(&flows->table, &flow->node, hash_of(flows, &segment->src, &segment->dst));
	return flow;
}

/* A SYN that comes twice is no new connection. */
static struct flow *take_syn(struct tcp_flows *flows, struct flow *flow,
			     const struct frame *segment)
{
	const uint32_t base = segment->tcp_seq + 1;

	if (flow && flow->base - base < FAR)
		return flow;
	if (flow)
		forget(flows, flow);
	return begin(flows, segment, base);
}

/* What did not fit goes, all of it, and reading begins anew behind it. */
static void start_over(struct tcp_flows *flows, struct flow *flow, uint32_t base)
{
	while (flow->gap)
		give_up_gap(flows, flow);
	if (flow->pieces.count)
		drop_bytes(flows, flow, pieces_end(&flow->pieces), false);
	flow->base = base;
	flow->wait_for = flow->looked_at = 0;
	flow->state = FLOW_LOST;
}

static enum err keep(struct tcp_flows *flows, struct flow *flow, size_t at, struct slice bytes)
{
	const size_t room = flow->pieces.room;
	enum err err = pieces_add(&flow->pieces, at, bytes, bytes.left, FEED_TCP_AHEAD_MAX);

	flows->bytes += flow->pieces.room - room;
	return err;
}

/* Bytes that follow at once where nothing waits are read where they are. */
static void read_at_once(struct tcp_flows *flows, struct flow *flow, struct slice bytes)
{
	size_t messages = 0;
	const size_t used = take_messages(flows, flow, bytes, &messages);
	const struct slice rest = behind(bytes, used);

	flow->base += (uint32_t)used;
	if (flow->proven && flow->state == FLOW_LOST && !messages &&
	    white_space(bytes) < bytes.left)
		flows->dropped++;
	if (rest.left && keep(flows, flow, 0, rest)) {
		flows->dropped += flow->proven;
		start_over(flows, flow, flow->base + (uint32_t)rest.left);
	}
}

static void take_bytes(struct tcp_flows *flows, struct flow *flow, size_t at, struct slice bytes)
{
	if (!at && !flow->pieces.count) {
		read_at_once(flows, flow, bytes);
		return;
	}
	if (keep(flows, flow, at, bytes)) {
		start_over(flows, flow, flow->base + (uint32_t)at);
		read_at_once(flows, flow, bytes);
		return;
	}
	if (pieces_prefix(&flow->pieces) > flow->looked_at)
		read_kept(flows, flow);
	note_gap(flows, flow, flow->last_ns);
}

/* What was cut off in front of the flow's end: a hole that never closes. */
static void pass_over_cut(struct tcp_flows *flows, struct flow *flow, uint32_t end)
{
	const uint32_t there = flow->base + (uint32_t)pieces_prefix(&flow->pieces);

	if (flow->gap || is_alien(flow) || (int32_t)(end - there) <= 0)
		return;
	if (flow->pieces.count)
		give_up_gap(flows, flow);
	flow->base = end;
	flow->state = FLOW_LOST;
}

/* The part of a segment that is new. */
static bool is_patient(const struct flow *flow)
{
	return (int64_t)((uint64_t)flow->last_ns - (uint64_t)flow->gap_ns) <= patience;
}

static void take_segment(struct tcp_flows *flows, struct flow *flow, const struct frame *segment,
			 uint32_t seq)
{
	struct slice bytes = segment->payload;
	int32_t at = (int32_t)(seq - flow->base);

	if ((at < -FAR || at > FEED_TCP_AHEAD_MAX) && begins_well(bytes))
		start_over(flows, flow, seq);
	while (flow->gap && !is_patient(flow))
		give_up_gap(flows, flow);
	at = (int32_t)(seq - flow->base);
	if (at < 0 && (size_t) - (int64_t)at >= segment->wire)
		return;
	if (at < 0) { /* its beginning is known */
		const size_t known = (size_t) - (int64_t)at;

		bytes = behind(bytes, known < bytes.left ? known : bytes.left);
		at = 0;
	}
	if (bytes.left)
		take_bytes(flows, flow, (size_t)at, bytes);
	if (segment->payload.left < segment->wire)
		pass_over_cut(flows, flow, seq + (uint32_t)segment->wire);
}

/* The receiver has what the capture lacks. */
static void take_ack(struct tcp_flows *flows, const struct frame *segment)
{
	struct flow *flow = find(flows, &segment->dst, &segment->src);

	while (flow && flow->gap) {
		const uint32_t hole = flow->base + (uint32_t)pieces_prefix(&flow->pieces);

		if ((int32_t)(segment->tcp_ack - hole) <= 0)
			break;
		give_up_gap(flows, flow);
	}
	if (flow && is_alien(flow))
		forget(flows, flow);
}

static void keep_bounds(struct tcp_flows *flows)
{
	while (flows->bytes > FEED_TCP_BYTES_MAX)
		forget(flows, (struct flow *)flows->table.oldest);
}

void tcp_flows_segment(struct tcp_flows *flows, const struct frame *segment, int64_t ns)
{
	uint32_t seq = segment->tcp_seq;
	struct flow *flow;

	/* First, for it may forget a flow, which of somebody who talks to himself is this one. */
	if (flows->gaps && segment->tcp_flags & FRAME_TCP_ACK)
		take_ack(flows, segment);
	flow = find(flows, &segment->src, &segment->dst);
	if (segment->tcp_flags & FRAME_TCP_SYN) {
		flow = take_syn(flows, flow, segment);
		seq++;
	}
	if (!flow && !(segment->wire && begins_well(segment->payload)))
		return;
	if (!flow)
		flow = begin(flows, segment, seq);
	table_make_newest(&flows->table, &flow->node);
	flow->last_ns = ns;
	flow->dscp = segment->dscp;
	if (segment->wire)
		take_segment(flows, flow, segment, seq);
	if (is_alien(flow) || segment->tcp_flags & FRAME_TCP_RST ||
	    (segment->tcp_flags & FRAME_TCP_FIN && !flow->gap))
		forget(flows, flow);
	keep_bounds(flows);
}
