/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare_packets.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/packet.h"

/* The edges of a recording prove nothing: what left just before its end may arrive after it. */
static const int64_t edge_ns = PACKET_SECOND / 2;

/* Packets of one stream by what they are, to look them up. */
struct slot {
	const struct wire_packet *packet;
	bool repeated; /* another one looks the same: it tells nothing */
};

struct index {
	struct slot *slot;
	size_t count; /* a power of two */
	bool by_payload;
};

static uint64_t key_of(const struct wire_packet *packet, bool by_payload)
{
	return by_payload ? packet->payload : packet->header;
}

static size_t place_of(uint64_t key, size_t count)
{
	key *= 0x9e3779b97f4a7c15;
	return (key ^ key >> 32) & (count - 1);
}

static bool is_telling(const struct wire_packet *packet, bool by_payload)
{
	return !by_payload || (packet->payload && packet->sounding);
}

static void index_add(struct index *index, const struct wire_packet *packet)
{
	const uint64_t key = key_of(packet, index->by_payload);
	size_t at = place_of(key, index->count);

	if (!is_telling(packet, index->by_payload))
		return;
	while (index->slot[at].packet && key_of(index->slot[at].packet, index->by_payload) != key)
		at = (at + 1) & (index->count - 1);
	index->slot[at].repeated = index->slot[at].packet != NULL;
	index->slot[at].packet = packet;
}

static void index_init(struct index *index, const struct wire_stream *const *stream, size_t count,
		       bool by_payload)
{
	size_t packets = 0;

	*index = (struct index){ .count = 16, .by_payload = by_payload };
	for (size_t i = 0; i < count; i++)
		packets += stream[i]->packet_count;
	while (index->count < packets * 2)
		index->count *= 2;
	index->slot = mem_new(index->count, sizeof *index->slot);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < stream[i]->packet_count; k++)
			index_add(index, &stream[i]->packet[k]);
}

static void index_clear(struct index *index)
{
	free(index->slot);
}

static const struct wire_packet *index_find(const struct index *index,
					    const struct wire_packet *packet)
{
	const uint64_t key = key_of(packet, index->by_payload);
	size_t at = place_of(key, index->count);

	if (!is_telling(packet, index->by_payload))
		return NULL;
	for (; index->slot[at].packet; at = (at + 1) & (index->count - 1))
		if (key_of(index->slot[at].packet, index->by_payload) == key)
			return index->by_payload && index->slot[at].repeated
				       ? NULL
				       : index->slot[at].packet;
	return NULL;
}

/* A tone is the same payload over and over: which packet it was, nobody can tell. */
static size_t count_found(const struct wire_stream *stream, const struct index *own,
			  const struct index *index)
{
	size_t found = 0;

	for (size_t i = 0; i < stream->packet_count; i++)
		found += index_find(own, &stream->packet[i]) != NULL &&
			 index_find(index, &stream->packet[i]) != NULL;
	return found;
}

size_t passage_likeness(const struct wire_stream *a, const struct wire_stream *b, bool by_payload)
{
	struct index own, index;
	size_t found;

	if (!by_payload && a->ssrc != b->ssrc)
		return 0;
	index_init(&own, &a, 1, by_payload);
	index_init(&index, &b, 1, by_payload);
	found = count_found(a, &own, &index);
	index_clear(&own);
	index_clear(&index);
	return found;
}

/* Recorded at the second point too, had it come there? */
static bool was_awaited(const struct wire_packet *packet, const struct passage_to *to)
{
	const int64_t there_ns = packet->ns + to->skew_ns;

	return packet->ns <= to->until_ns && there_ns >= to->first_ns + edge_ns &&
	       there_ns <= to->last_ns - edge_ns;
}

static void take_least(bool *has, int64_t *least_ns, int64_t delay_ns)
{
	if (!*has || delay_ns < *least_ns)
		*least_ns = delay_ns;
	*has = true;
}

static void take_found(struct passage *passage, const struct wire_packet *packet,
		       const struct wire_packet *found, const struct drift *drift)
{
	const int64_t gained_ns = (int64_t)(drift->rate * (double)(packet->ns - drift->from_ns));
	const int64_t delay_ns = found->ns - packet->ns - gained_ns;
	const int64_t third_ns = (drift->end_ns - drift->begin_ns) / 3;

	if (!passage->matched || delay_ns < passage->least_ns)
		passage->least_ns = delay_ns;
	if (!passage->matched || delay_ns > passage->most_ns)
		passage->most_ns = delay_ns;
	if (packet->ns < drift->begin_ns + third_ns)
		take_least(&passage->has_early, &passage->early_ns, delay_ns);
	if (packet->ns > drift->end_ns - third_ns)
		take_least(&passage->has_late, &passage->late_ns, delay_ns);
	passage->matched++;
	passage->mean_ns += (delay_ns - passage->mean_ns) / (int64_t)passage->matched;
	passage->through_ns = packet->ns;
	passage->cut = 0;
}

static void take_lost(struct passage *passage, const struct wire_packet *packet)
{
	passage->lost++;
	passage->cut++;
	passage->cut_ns = packet->ns;
}

struct passage passage_read(const struct wire_stream *from, const struct passage_to *to)
{
	struct passage passage = { 0 };
	struct index own, index;

	index_init(&own, &from, 1, to->by_payload);
	index_init(&index, to->stream, to->count, to->by_payload);
	for (size_t i = 0; i < from->packet_count; i++) {
		const struct wire_packet *packet = &from->packet[i];
		const struct wire_packet *found = index_find(&index, packet);

		if (found)
			take_found(&passage, packet, found, &to->drift);
		if (!index_find(&own, packet) || (!found && !was_awaited(packet, to)))
			continue;
		passage.sent++;
		if (!found)
			take_lost(&passage, packet);
	}
	index_clear(&index);
	index_clear(&own);
	return passage;
}
