/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where streams are found: by who they are once a packet, and by their ends. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analysis/stream_parts.h"
#include "base/mem.h"

enum {
	ENTRIES_MAX = STREAMS_MAX + CANDIDATES_MAX,
	SLOTS_FIRST = 1024, /* a power of 2; twice as many once five in eight are taken */
	HEADS = 16384,      /* a power of 2 */
	SLAB = 64,
	SECRETS = 10,
	/* Looked at, those with some packets first, then the newest, where somebody asks for the
	 * streams of an endpoint or of a host: a capture with all its streams at one end would take
	 * hours else. */
	AT_ENDPOINT_MAX = 256,
	AT_HOST_MAX = 2048,
};

struct slot {
	uint64_t ends, rest;
	struct stream_entry *entry;
};

struct slots {
	struct slot *slot;
	size_t last, taken; /* the highest index, all bits set */
};

struct stream_table {
	uint64_t secret[SECRETS];
	struct slots slots[2];      /* of names that are not whole, of those that are */
	struct stream_entry **live; /* the first `count`; behind them the free ones up to `made` */
	size_t count, made;
	uint64_t born; /* so many were added */
	struct stream_entry *slab[ENTRIES_MAX / SLAB + 1];
	size_t slab_count;
	struct stream_link **head[2]; /* of those with few packets, of those with some */
	struct stream_entry **turn;   /* where it stands whose packet is likely to come next */
	struct stream_entry *first;   /* there, before any packet came */
};

static void make_slots(struct slots *slots, size_t count)
{
	*slots = (struct slots){ .slot = mem_new(count, sizeof(struct slot)), .last = count - 1 };
}

struct stream_table *stream_table_new(void)
{
	struct stream_table *table = mem_new(1, sizeof *table);

	/* So few bytes always come whole, once the system has started. */
	if (getrandom(table->secret, sizeof table->secret, 0) != sizeof table->secret)
		abort();
	make_slots(&table->slots[0], SLOTS_FIRST);
	make_slots(&table->slots[1], SLOTS_FIRST);
	table->live = mem_new(ENTRIES_MAX + SLAB, sizeof(struct stream_entry *));
	table->head[0] = mem_new(HEADS, sizeof(struct stream_link *));
	table->head[1] = mem_new(HEADS, sizeof(struct stream_link *));
	table->turn = &table->first;
	return table;
}

void stream_table_free(struct stream_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->slab_count; i++)
		free(table->slab[i]);
	free(table->slots[0].slot);
	free(table->slots[1].slot);
	free(table->live);
	free(table->head[0]);
	free(table->head[1]);
	free(table);
}

uint64_t stream_table_secret(const struct stream_table *table)
{
	return table->secret[SECRETS - 1];
}

/* --- by who they are --- */

/* Multiplied by secrets that nobody outside knows: who chooses addresses and SSRCs cannot choose
 * which meet. The upper bits are the good ones. */
static inline uint64_t mix(uint64_t a, uint64_t b, const uint64_t *secret)
{
	const uint64_t half = (a ^ secret[0]) * (secret[1] | 1);

	return (half ^ half >> 32 ^ b) * (secret[2] | 1);
}

static inline uint64_t fold(const struct endpoint *at, uint64_t hash, const uint64_t *secret)
{
	hash = mix(at->high, hash ^ hash >> 32, secret);
	return mix(at->low, hash ^ hash >> 32 ^ at->port, secret + 3);
}

/* Almost all are IPv4 without a relay: 0xffff and 32 bits in `low`, nothing elsewhere. */
static inline bool is_short(const struct datagram *flow)
{
	return !(flow->src.high | flow->dst.high | flow->via.high | flow->via.low) &&
	       flow->src.low >> 32 == 0xffff && flow->dst.low >> 32 == 0xffff;
}

APART static void name_long(struct stream_name *name, const struct datagram *flow,
			    const uint64_t *secret)
{
	name->ends = fold(&flow->src, 0, secret);
	name->ends = fold(&flow->dst, name->ends, secret);
	name->ends = fold(&flow->via, name->ends, secret);
}

/* The ports and the SSRC fill 64 bits; so do two addresses of IPv4. Others are hashed, and compared
 * in full: then false. */
static inline bool name_flow(struct stream_name *name, const struct stream_table *table,
			     const struct datagram *flow, uint32_t ssrc)
{
	name->rest = (uint64_t)flow->src.port << 48 | (uint64_t)flow->dst.port << 32 | ssrc;
	name->ends = flow->src.low << 32 | (uint32_t)flow->dst.low;
	if (is_short(flow))
		return true;
	name_long(name, flow, table->secret + 3);
	return false;
}

static inline size_t home_of(const struct stream_table *table, const struct slots *slots,
			     uint64_t ends, uint64_t rest)
{
	return mix(ends, rest, table->secret) >> 32 & slots->last;
}

APART static bool is_flow(const struct stream_entry *entry, const struct datagram *flow)
{
	const struct stream *seen = &entry->seen;

	return endpoint_equal(&seen->src, &flow->src) && endpoint_equal(&seen->dst, &flow->dst) &&
	       endpoint_equal(&seen->via, &flow->via);
}

static struct stream_entry *find(const struct stream_table *table, const struct stream_name *name,
				 bool whole, const struct datagram *flow)
{
	const struct slots *slots = &table->slots[whole];

	for (size_t i = home_of(table, slots, name->ends, name->rest);; i = (i + 1) & slots->last) {
		const struct slot *slot = &slots->slot[i];

		if (!slot->entry)
			return NULL;
		if (slot->ends == name->ends && slot->rest == name->rest &&
		    (whole || is_flow(slot->entry, flow)))
			return slot->entry;
	}
}

struct stream_entry *stream_table_find(const struct stream_table *table,
				       const struct datagram *flow, uint32_t ssrc)
{
	struct stream_name name;
	const bool whole = name_flow(&name, table, flow, ssrc);

	return find(table, &name, whole, flow);
}

static inline void fetch(const struct stream_entry *entry)
{
	const char *lines = (const char *)entry;

	__builtin_prefetch(lines, 1);
	__builtin_prefetch(lines + 64, 1);
	__builtin_prefetch(lines + 128, 1);
}

/* Whoever talks sends a packet every 20 ms, so streams have theirs in nearly the same turn again
 * and again. The one whose turn it is is tried first; and while the reader is busy with the packet
 * in between, its cache lines are on the way. An entry that is gone is no trouble: its memory
 * stays, and it is not `whole`. */
struct stream_entry *stream_table_meet(struct stream_table *table, const struct datagram *flow,
				       uint32_t ssrc)
{
	struct stream_entry *entry = *table->turn;
	struct stream_name name;
	const bool whole = name_flow(&name, table, flow, ssrc);

	if (!entry || !whole || !entry->track.whole || entry->name.rest != name.rest ||
	    entry->name.ends != name.ends) {
		entry = find(table, &name, whole, flow);
		if (!entry)
			return NULL;
		*table->turn = entry;
	}
	table->turn = &entry->next;
	if (entry->next)
		fetch(entry->next);
	return entry;
}

static void put_slot(const struct stream_table *table, struct slots *slots, struct slot slot)
{
	size_t i = home_of(table, slots, slot.ends, slot.rest);

	while (slots->slot[i].entry)
		i = (i + 1) & slots->last;
	slots->slot[i] = slot;
	slots->taken++;
}

static void grow_slots(const struct stream_table *table, struct slots *slots)
{
	const struct slots old = *slots;

	make_slots(slots, (old.last + 1) * 2);
	for (size_t i = 0; i <= old.last; i++)
		if (old.slot[i].entry)
			put_slot(table, slots, old.slot[i]);
	free(old.slot);
}

static void add_slot(struct stream_table *table, struct stream_entry *entry)
{
	const struct stream_name *name = &entry->name;
	struct slots *slots = &table->slots[entry->track.whole];

	if (slots->taken >= (slots->last + 1) / 8 * 5)
		grow_slots(table, slots);
	put_slot(table, slots, (struct slot){ name->ends, name->rest, entry });
}

/* What stands behind moves up, so that no search ends too early (Knuth, 6.4, algorithm R). */
static void remove_slot(struct stream_table *table, const struct stream_entry *entry)
{
	struct slots *slots = &table->slots[entry->track.whole];
	struct slot *slot = slots->slot;
	const size_t last = slots->last;
	size_t hole = home_of(table, slots, entry->name.ends, entry->name.rest);

	while (slot[hole].entry != entry)
		hole = (hole + 1) & last;
	for (size_t i = (hole + 1) & last; slot[i].entry; i = (i + 1) & last) {
		const size_t home = home_of(table, slots, slot[i].ends, slot[i].rest);

		if (((i - home) & last) >= ((i - hole) & last)) {
			slot[hole] = slot[i];
			hole = i;
		}
	}
	slot[hole].entry = NULL;
	slots->taken--;
}

/* --- by their ends --- */

static size_t place_of(const struct stream_table *table, const struct endpoint *at, uint16_t port)
{
	const struct endpoint key = { at->high, at->low, port };

	return fold(&key, 0, table->secret + 3) >> 32 & (HEADS - 1);
}

static void add_link(struct stream_link *link, struct stream_link **head)
{
	link->next = *head;
	link->back = head;
	if (*head)
		(*head)->back = &link->next;
	*head = link;
}

static void remove_link(struct stream_link *link)
{
	*link->back = link->next;
	if (link->next)
		link->next->back = link->back;
}

static void add_links(struct stream_table *table, struct stream_entry *entry, bool some)
{
	const struct endpoint *src = &entry->seen.src, *dst = &entry->seen.dst;
	struct stream_link **head = table->head[some];

	for (size_t i = 0; i < LINKS; i++)
		entry->link[i].entry = entry;
	add_link(&entry->link[LINK_SRC], &head[place_of(table, src, src->port)]);
	add_link(&entry->link[LINK_DST], &head[place_of(table, dst, dst->port)]);
	add_link(&entry->link[LINK_SRC_HOST], &head[place_of(table, src, 0)]);
	add_link(&entry->link[LINK_DST_HOST], &head[place_of(table, dst, 0)]);
}

static void remove_links(struct stream_entry *entry)
{
	for (size_t i = 0; i < LINKS; i++)
		remove_link(&entry->link[i]);
}

void stream_table_prefer(struct stream_table *table, struct stream_entry *entry)
{
	remove_links(entry);
	add_links(table, entry, true);
}

static bool is_at(const struct endpoint *end, const struct endpoint *at)
{
	return endpoint_same_host(end, at) && (!at->port || end->port == at->port);
}

struct asking {
	const struct endpoint *at;
	void (*each)(struct stream_entry *entry, void *context);
	void *context;
	size_t left; /* so many more are looked at */
};

static void ask_links(struct asking *asking, const struct stream_link *link)
{
	const struct endpoint *at = asking->at;
	const size_t from = at->port ? LINK_SRC : LINK_SRC_HOST;
	const size_t to = at->port ? LINK_DST : LINK_DST_HOST;
	const struct stream_link *next;

	for (; link && asking->left; link = next, asking->left--) {
		struct stream_entry *entry = link->entry;
		const bool is_src = is_at(&entry->seen.src, at),
			   is_dst = is_at(&entry->seen.dst, at);

		next = link->next;
		/* One that goes from a host to itself stands here twice. */
		if ((link == &entry->link[from] && is_src) ||
		    (link == &entry->link[to] && is_dst && !is_src))
			asking->each(entry, asking->context);
	}
}

void stream_table_with(const struct stream_table *table, const struct endpoint *at,
		       void (*each)(struct stream_entry *entry, void *context), void *context)
{
	const size_t place = place_of(table, at, at->port);
	struct asking asking = { at, each, context, at->port ? AT_ENDPOINT_MAX : AT_HOST_MAX };

	ask_links(&asking, table->head[1][place]);
	ask_links(&asking, table->head[0][place]);
}

/* --- coming and going --- */

static void grow(struct stream_table *table)
{
	struct stream_entry *slab = aligned_alloc(64, SLAB * sizeof *slab);

	if (!slab)
		abort();
	table->slab[table->slab_count++] = slab;
	for (size_t i = 0; i < SLAB; i++)
		table->live[table->made++] = &slab[i];
}

struct stream_entry *stream_table_add(struct stream_table *table, const struct datagram *flow,
				      uint32_t ssrc)
{
	struct stream_entry *entry;

	if (table->count == table->made)
		grow(table);
	entry = table->live[table->count];
	memset(entry, 0, sizeof *entry);
	entry->position = table->count++;
	entry->track.whole = name_flow(&entry->name, table, flow, ssrc);
	entry->seen.src = flow->src;
	entry->seen.dst = flow->dst;
	entry->seen.via = flow->via;
	entry->seen.ssrc = ssrc;
	entry->seen.number = ++table->born;
	add_slot(table, entry);
	add_links(table, entry, false);
	return entry;
}

void stream_table_end(struct stream_table *table, struct stream_entry *entry)
{
	if (entry->over)
		return;
	remove_slot(table, entry);
	entry->track.whole = false;
	entry->over = true;
}

void stream_table_remove(struct stream_table *table, struct stream_entry *entry)
{
	struct stream_entry *last = table->live[--table->count];

	stream_table_end(table, entry);
	remove_links(entry);
	table->live[entry->position] = last;
	last->position = entry->position;
	table->live[table->count] = entry;
}

size_t stream_table_count(const struct stream_table *table)
{
	return table->count;
}

struct stream_entry *stream_table_at(const struct stream_table *table, size_t index)
{
	return table->live[index];
}
