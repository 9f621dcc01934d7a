/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where streams are found: by who they are once a packet, and by their ends. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analysis/stream_parts.h"
#include "base/mem.h"

enum {
	ENTRIES_MAX = STREAMS_MAX + CANDIDATES_MAX,
	SLOTS = 131072, /* a power of 2, three times as many as entries */
	HEADS = 16384,  /* a power of 2 */
	SLAB = 64,
	SECRETS = 17,
};

struct stream_table {
	uint64_t secret[SECRETS];
	struct slot *slot;
	struct stream_entry **live; /* the first `count`; behind them the free ones up to `made` */
	size_t count, made;
	struct stream_entry *slab[ENTRIES_MAX / SLAB + 1];
	size_t slab_count;
	struct stream_link **head;
};

struct stream_table *stream_table_new(void)
{
	struct stream_table *table = mem_new(1, sizeof *table);

	/* So few bytes always come whole, once the system has started. */
	if (getrandom(table->secret, sizeof table->secret, 0) != sizeof table->secret)
		abort();
	table->slot = mem_new(SLOTS, sizeof *table->slot);
	table->live = mem_new(ENTRIES_MAX + SLAB, sizeof(struct stream_entry *));
	table->head = mem_new(HEADS, sizeof(struct stream_link *));
	return table;
}

void stream_table_free(struct stream_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->slab_count; i++)
		free(table->slab[i]);
	free(table->slot);
	free(table->live);
	free(table->head);
	free(table);
}

uint64_t stream_table_secret(const struct stream_table *table)
{
	return table->secret[SECRETS - 1];
}

/* --- by who they are --- */

/* One step of NH (Black and others, UMAC, 1999): with secrets that nobody outside knows, two keys
 * fall together once in 2^32, whoever chose them. The steps of one key go side by side. */
static inline uint64_t pair(uint64_t value, const uint64_t *secret)
{
	return (uint64_t)(uint32_t)((uint32_t)value + (uint32_t)*secret) *
	       (uint32_t)((uint32_t)(value >> 32) + (uint32_t)(*secret >> 32));
}

static inline uint64_t finish(uint64_t hash, const uint64_t *secret)
{
	hash = (hash ^ hash >> 32) * (*secret | 1);
	return hash ^ hash >> 29;
}

/* Almost all are IPv4 without a relay: 0xffff and 32 bits in `low`, nothing elsewhere. */
static inline bool is_short(const struct datagram *flow)
{
	return !(flow->src.high | flow->dst.high | flow->via.high | flow->via.low) &&
	       flow->src.low >> 32 == 0xffff && flow->dst.low >> 32 == 0xffff;
}

static inline uint64_t key_hash(const struct stream_table *table, const struct datagram *flow,
				uint32_t ssrc)
{
	const uint64_t *secret = table->secret;
	const uint64_t ports = (uint64_t)flow->src.port << 16 | flow->dst.port;
	uint64_t sum = pair(ports << 32 | ssrc, secret);

	if (is_short(flow))
		sum += pair(flow->src.low << 32 | (uint32_t)flow->dst.low, secret + 1);
	else
		sum += pair(flow->src.high, secret + 2) + pair(flow->src.low, secret + 3) +
		       pair(flow->dst.high, secret + 4) + pair(flow->dst.low, secret + 5) +
		       pair(flow->via.high, secret + 6) + pair(flow->via.low, secret + 7) +
		       pair(flow->via.port, secret + 8);
	return finish(sum, secret + 9);
}

static inline uint64_t differs(const struct endpoint *a, const struct endpoint *b)
{
	return (a->high ^ b->high) | (a->low ^ b->low) | (uint64_t)(a->port ^ b->port);
}

static inline bool is_key(const struct stream_entry *entry, const struct datagram *flow,
			  uint32_t ssrc)
{
	const struct stream *seen = &entry->seen;

	return !(differs(&seen->src, &flow->src) | differs(&seen->dst, &flow->dst) |
		 differs(&seen->via, &flow->via) | (seen->ssrc ^ ssrc));
}

struct stream_entry *stream_table_find(uint64_t *hash, const struct stream_table *table,
				       const struct datagram *flow, uint32_t ssrc)
{
	*hash = key_hash(table, flow, ssrc);
	for (size_t i = *hash & (SLOTS - 1);; i = (i + 1) & (SLOTS - 1)) {
		const struct slot *slot = &table->slot[i];

		if (!slot->entry)
			return NULL;
		if (slot->hash == *hash && is_key(slot->entry, flow, ssrc))
			return slot->entry;
	}
}

static void add_slot(struct stream_table *table, struct stream_entry *entry)
{
	size_t i = entry->hash & (SLOTS - 1);

	while (table->slot[i].entry)
		i = (i + 1) & (SLOTS - 1);
	table->slot[i] = (struct slot){ entry->hash, entry };
}

/* What stands behind moves up, so that no search ends too early (Knuth, 6.4, algorithm R). */
static void remove_slot(struct stream_table *table, const struct stream_entry *entry)
{
	size_t hole = entry->hash & (SLOTS - 1);

	while (table->slot[hole].entry != entry)
		hole = (hole + 1) & (SLOTS - 1);
	for (size_t i = (hole + 1) & (SLOTS - 1); table->slot[i].entry; i = (i + 1) & (SLOTS - 1)) {
		const size_t home = table->slot[i].hash & (SLOTS - 1);

		if (((i - home) & (SLOTS - 1)) >= ((i - hole) & (SLOTS - 1))) {
			table->slot[hole] = table->slot[i];
			hole = i;
		}
	}
	table->slot[hole].entry = NULL;
}

/* --- by their ends --- */

static struct stream_link **head_of(const struct stream_table *table, const struct endpoint *at,
				    uint16_t port)
{
	const uint64_t *secret = table->secret + 10;
	const uint64_t sum =
		pair(at->high, secret) + pair(at->low, secret + 1) + pair(port, secret + 2);

	return &table->head[finish(sum, secret + 3) & (HEADS - 1)];
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

static void add_links(struct stream_table *table, struct stream_entry *entry)
{
	const struct endpoint *src = &entry->seen.src, *dst = &entry->seen.dst;

	for (size_t i = 0; i < LINKS; i++)
		entry->link[i].entry = entry;
	add_link(&entry->link[LINK_SRC], head_of(table, src, src->port));
	add_link(&entry->link[LINK_DST], head_of(table, dst, dst->port));
	add_link(&entry->link[LINK_SRC_HOST], head_of(table, src, 0));
	add_link(&entry->link[LINK_DST_HOST], head_of(table, dst, 0));
}

static bool is_at(const struct endpoint *end, const struct endpoint *at)
{
	return endpoint_same_host(end, at) && (!at->port || end->port == at->port);
}

void stream_table_with(const struct stream_table *table, const struct endpoint *at,
		       void (*each)(struct stream_entry *entry, void *context), void *context)
{
	const size_t from = at->port ? LINK_SRC : LINK_SRC_HOST;
	const size_t to = at->port ? LINK_DST : LINK_DST_HOST;
	const struct stream_link *next;

	for (const struct stream_link *link = *head_of(table, at, at->port); link; link = next) {
		struct stream_entry *entry = link->entry;
		const bool is_src = is_at(&entry->seen.src, at),
			   is_dst = is_at(&entry->seen.dst, at);

		next = link->next;
		/* One that goes from a host to itself stands here twice. */
		if ((link == &entry->link[from] && is_src) ||
		    (link == &entry->link[to] && is_dst && !is_src))
			each(entry, context);
	}
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
				      uint32_t ssrc, uint64_t hash)
{
	struct stream_entry *entry;

	if (table->count == table->made)
		grow(table);
	entry = table->live[table->count];
	memset(entry, 0, sizeof *entry);
	entry->position = table->count++;
	entry->hash = hash;
	entry->seen.src = flow->src;
	entry->seen.dst = flow->dst;
	entry->seen.via = flow->via;
	entry->seen.ssrc = ssrc;
	add_slot(table, entry);
	add_links(table, entry);
	return entry;
}

void stream_table_remove(struct stream_table *table, struct stream_entry *entry)
{
	struct stream_entry *last = table->live[--table->count];

	remove_slot(table, entry);
	for (size_t i = 0; i < LINKS; i++)
		remove_link(&entry->link[i]);
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
