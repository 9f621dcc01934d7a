/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/fragments.h"

#include <stdlib.h>

#include "analysis/feed.h"
#include "analysis/pieces.h"
#include "analysis/table.h"
#include "base/mem.h"

enum { BUCKETS = 512, BODY_MAX = 65535 };

static const int64_t patience = 30 * (int64_t)PACKET_SECOND;

/* How long fragments of a datagram that was put together are the same ones, seen twice. */
static const int64_t echo = PACKET_SECOND;

struct whole {
	struct table_node node;
	struct endpoint src, dst;
	uint32_t id;
	uint8_t key_protocol; /* IPv6 has it not in the key */
	uint8_t protocol;     /* of the first fragment */
	int64_t born_ns;
	bool done;    /* was put together; kept so that its echo is known */
	bool spoilt;  /* RFC 5722: what else comes of it is dropped */
	size_t total; /* 0: the last fragment has not come */
	size_t cut;   /* from there something was not captured */
	struct pieces pieces;
};

struct fragments {
	struct table table;
	uint8_t *body; /* of the last that was put together */
	uint64_t packets, dropped;
};

struct fragments *fragments_new(void)
{
	struct fragments *fragments = mem_new(1, sizeof *fragments);

	table_init(&fragments->table, BUCKETS);
	return fragments;
}

static void forget(struct fragments *fragments, struct whole *whole)
{
	fragments->dropped += pieces_packets(&whole->pieces);
	table_remove(&fragments->table, &whole->node);
	pieces_clear(&whole->pieces);
	free(whole);
}

void fragments_end(struct fragments *fragments)
{
	while (fragments->table.oldest)
		forget(fragments, (struct whole *)fragments->table.oldest);
}

void fragments_free(struct fragments *fragments)
{
	if (!fragments)
		return;
	fragments_end(fragments);
	table_clear(&fragments->table);
	free(fragments->body);
	free(fragments);
}

uint64_t fragments_packets(const struct fragments *fragments)
{
	return fragments->packets;
}

uint64_t fragments_dropped(const struct fragments *fragments)
{
	return fragments->dropped;
}

static bool is_v4(const struct frame *frame)
{
	return !frame->src.high && frame->src.low >> 32 == 0xffff;
}

/* Times come from the capture: any two of them. */
static bool is_older(const struct whole *whole, int64_t ns, int64_t than)
{
	return (int64_t)((uint64_t)ns - (uint64_t)whole->born_ns) > than;
}

static struct whole *begin(struct fragments *fragments, const struct frame *frame, uint64_t hash,
			   int64_t ns)
{
	struct whole *whole;

	if (fragments->table.count == FEED_FRAGMENTS_MAX)
		forget(fragments, (struct whole *)fragments->table.oldest);
	whole = mem_new(1, sizeof *whole);
	whole->src = frame->src;
	whole->dst = frame->dst;
	whole->id = frame->fragment_id;
	whole->key_protocol = is_v4(frame) ? frame->protocol : 0;
	whole->protocol = frame->protocol;
	whole->born_ns = ns;
	whole->cut = SIZE_MAX;
	table_add(&fragments->table, &whole->node, hash);
	return whole;
}

static struct whole *find(struct fragments *fragments, const struct frame *frame, int64_t ns)
{
	const uint8_t protocol = is_v4(frame) ? frame->protocol : 0;
	const uint64_t hash = table_hash(&fragments->table,
					 endpoint_pair_hash(&frame->src, &frame->dst) ^
						 ((uint64_t)frame->fragment_id << 8 | protocol));
	struct table_node *node = table_first(&fragments->table, hash);

	for (; node; node = node->next) {
		struct whole *whole = (struct whole *)node;

		if (node->hash != hash || whole->id != frame->fragment_id ||
		    whole->key_protocol != protocol ||
		    !endpoint_same_host(&whole->src, &frame->src) ||
		    !endpoint_same_host(&whole->dst, &frame->dst))
			continue;
		if (!is_older(whole, ns, whole->done ? echo : patience))
			return whole;
		forget(fragments, whole);
		break;
	}
	return begin(fragments, frame, hash, ns);
}

/* Every fragment but the last is a multiple of 8 long; only one end there is, and nothing behind
 * it. */
static bool fits(const struct whole *whole, const struct frame *frame)
{
	const size_t end = frame->fragment_offset + frame->wire;

	if (!frame->wire || end > BODY_MAX || (frame->fragment_more && frame->wire % 8))
		return false;
	if (frame->fragment_more)
		return !whole->total || end <= whole->total;
	return whole->total ? end == whole->total : pieces_end(&whole->pieces) <= end;
}

static enum err put(struct whole *whole, const struct frame *frame)
{
	const size_t at = frame->fragment_offset, cut = at + frame->payload.left;

	if (frame->payload.left < frame->wire && cut < whole->cut)
		whole->cut = cut;
	return pieces_add(&whole->pieces, at, frame->payload, frame->wire, BODY_MAX);
}

static void spoil(struct fragments *fragments, struct whole *whole)
{
	fragments->dropped += pieces_packets(&whole->pieces);
	pieces_clear(&whole->pieces);
	whole->spoilt = true;
}

static void finish(struct fragments *fragments, struct whole *whole, struct frame *io)
{
	free(fragments->body);
	fragments->body = whole->pieces.data;
	fragments->packets = pieces_packets(&whole->pieces);
	io->payload = (struct slice){ fragments->body,
				      whole->cut < whole->total ? whole->cut : whole->total };
	io->wire = whole->total;
	io->protocol = whole->protocol;
	whole->pieces = (struct pieces){ 0 };
	whole->done = true;
	table_make_oldest(&fragments->table, &whole->node);
}

static void let_go_old(struct fragments *fragments, int64_t ns)
{
	struct whole *oldest = (struct whole *)fragments->table.oldest;

	if (oldest && is_older(oldest, ns, patience))
		forget(fragments, oldest);
}

enum err fragments_add(struct fragments *fragments, struct frame *io, int64_t ns)
{
	const size_t from = io->fragment_offset, to = from + io->wire;
	struct whole *whole;

	let_go_old(fragments, ns);
	whole = find(fragments, io, ns);
	if (whole->done)
		return ERR_TRUNCATED;
	if (whole->spoilt) {
		fragments->dropped++;
		return ERR_FULL;
	}
	if (!fits(whole, io)) {
		forget(fragments, whole);
		return ERR_SYNTAX;
	}
	if (!is_v4(io) && pieces_overlap(&whole->pieces, from, to) &&
	    !pieces_hold(&whole->pieces, from, io->payload)) {
		spoil(fragments, whole);
		fragments->dropped++;
		return ERR_FULL;
	}
	if (!from)
		whole->protocol = io->protocol;
	if (!io->fragment_more)
		whole->total = to;
	if (put(whole, io)) {
		spoil(fragments, whole);
		fragments->dropped++;
		return ERR_FULL;
	}
	if (!whole->total || pieces_prefix(&whole->pieces) != whole->total)
		return ERR_TRUNCATED;
	finish(fragments, whole, io);
	return ERR_NONE;
}
