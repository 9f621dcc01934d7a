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

static void index_init(struct index *index, const struct wire_stream *stream, bool by_payload)
{
	*index = (struct index){ .count = 16, .by_payload = by_payload };
	while (index->count < stream->packet_count * 2)
		index->count *= 2;
	index->slot = mem_new(index->count, sizeof *index->slot);
	for (size_t i = 0; i < stream->packet_count; i++) {
		const struct wire_packet *packet = &stream->packet[i];
		size_t at = place_of(key_of(packet, by_payload), index->count);

		if (!is_telling(packet, by_payload))
			continue;
		while (index->slot[at].packet &&
		       key_of(index->slot[at].packet, by_payload) != key_of(packet, by_payload))
			at = (at + 1) & (index->count - 1);
		index->slot[at].repeated = index->slot[at].packet != NULL;
		index->slot[at].packet = packet;
	}
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

static size_t likeness_by(const struct wire_stream *a, const struct wire_stream *b, bool by_payload)
{
	struct index own, index;
	size_t found;

	index_init(&own, a, by_payload);
	index_init(&index, b, by_payload);
	found = count_found(a, &own, &index);
	index_clear(&own);
	index_clear(&index);
	return found;
}

size_t passage_likeness(const struct wire_stream *a, const struct wire_stream *b)
{
	const size_t same = a->ssrc == b->ssrc ? likeness_by(a, b, false) : 0;

	return same ? same : likeness_by(a, b, true);
}

/* Recorded at the second point too, had it come there? */
static bool was_awaited(const struct wire_packet *packet, int64_t skew_ns, int64_t first_ns,
			int64_t last_ns)
{
	const int64_t there_ns = packet->ns + skew_ns;

	return there_ns >= first_ns + edge_ns && there_ns <= last_ns - edge_ns;
}

static void take_delay(struct passage *passage, int64_t delay_ns)
{
	if (!passage->matched || delay_ns < passage->least_ns)
		passage->least_ns = delay_ns;
	if (!passage->matched || delay_ns > passage->most_ns)
		passage->most_ns = delay_ns;
	passage->matched++;
	passage->mean_ns += (delay_ns - passage->mean_ns) / (int64_t)passage->matched;
}

struct passage passage_read(const struct wire_stream *from, const struct wire_stream *to,
			    int64_t skew_ns, int64_t first_ns, int64_t last_ns)
{
	const bool by_payload = to && (from->ssrc != to->ssrc || !likeness_by(from, to, false));
	struct passage passage = { 0 };
	struct index own, index = { 0 };

	index_init(&own, from, by_payload);
	if (to)
		index_init(&index, to, by_payload);
	for (size_t i = 0; i < from->packet_count; i++) {
		const struct wire_packet *packet = &from->packet[i];
		const struct wire_packet *found = to ? index_find(&index, packet) : NULL;

		if (found)
			take_delay(&passage, found->ns - packet->ns);
		if (!index_find(&own, packet) ||
		    (!found && !was_awaited(packet, skew_ns, first_ns, last_ns)))
			continue;
		passage.sent++;
		passage.lost += !found;
	}
	if (to)
		index_clear(&index);
	index_clear(&own);
	return passage;
}
