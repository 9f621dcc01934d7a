/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/wire_log.h"

#include <stdlib.h>

#include "base/mem.h"
#include "proto/rtp.h"

enum { HASHED_BYTES = 32, SLOTS_FIRST = 256, PACKETS_FIRST = 256, STREAMS_FIRST = 16 };

/* A repeat comes soon: looking further back would cost more than it finds. */
enum { REPEAT_WINDOW = 64 };

void wire_log_init(struct wire_log *log)
{
	*log = (struct wire_log){ .slot = mem_new(SLOTS_FIRST, sizeof *log->slot),
				  .slot_count = SLOTS_FIRST };
}

void wire_log_clear(struct wire_log *log)
{
	for (size_t i = 0; i < log->stream_count; i++)
		free(log->stream[i].packet);
	free(log->stream);
	free(log->slot);
	*log = (struct wire_log){ 0 };
}

static uint64_t stream_hash(const struct endpoint *src, const struct endpoint *dst, uint32_t ssrc)
{
	const uint64_t hash = (endpoint_pair_hash(src, dst) ^ ssrc) * 0x9e3779b97f4a7c15;

	return hash ^ hash >> 32;
}

/* The slot that holds it, or the empty one where it belongs. */
static uint32_t *find_slot(const struct wire_log *log, const struct endpoint *src,
			   const struct endpoint *dst, uint32_t ssrc)
{
	size_t i = stream_hash(src, dst, ssrc) & (log->slot_count - 1);

	for (;; i = (i + 1) & (log->slot_count - 1)) {
		const struct wire_stream *stream;

		if (!log->slot[i])
			return &log->slot[i];
		stream = &log->stream[log->slot[i] - 1];
		if (stream->ssrc == ssrc && endpoint_equal(&stream->src, src) &&
		    endpoint_equal(&stream->dst, dst))
			return &log->slot[i];
	}
}

const struct wire_stream *wire_log_find(const struct wire_log *log, const struct endpoint *src,
					const struct endpoint *dst, uint32_t ssrc)
{
	const uint32_t slot = *find_slot(log, src, dst, ssrc);

	return slot ? &log->stream[slot - 1] : NULL;
}

static void grow_slots(struct wire_log *log)
{
	free(log->slot);
	log->slot_count *= 2;
	log->slot = mem_new(log->slot_count, sizeof *log->slot);
	for (size_t i = 0; i < log->stream_count; i++) {
		const struct wire_stream *stream = &log->stream[i];

		*find_slot(log, &stream->src, &stream->dst, stream->ssrc) = (uint32_t)i + 1;
	}
}

static struct wire_stream *add_stream(struct wire_log *log, const struct datagram *datagram,
				      uint32_t ssrc)
{
	if (log->stream_count == log->stream_room) {
		log->stream_room = log->stream_room ? log->stream_room * 2 : STREAMS_FIRST;
		log->stream = mem_resize(log->stream, log->stream_room, sizeof *log->stream);
	}
	log->stream[log->stream_count++] =
		(struct wire_stream){ .src = datagram->src, .dst = datagram->dst, .ssrc = ssrc };
	if (log->stream_count * 2 > log->slot_count)
		grow_slots(log);
	else
		*find_slot(log, &datagram->src, &datagram->dst, ssrc) = (uint32_t)log->stream_count;
	return &log->stream[log->stream_count - 1];
}

/* FNV-1a. */
static uint32_t hash_bytes(struct slice bytes)
{
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < bytes.left && i < HASHED_BYTES; i++)
		hash = (hash ^ bytes.at[i]) * 16777619;
	return bytes.left ? hash | 1 : 0;
}

static bool is_uniform(struct slice bytes)
{
	for (size_t i = 1; i < bytes.left && i < HASHED_BYTES; i++)
		if (bytes.at[i] != bytes.at[0])
			return false;
	return true;
}

static bool is_repeat(const struct wire_stream *stream, uint64_t header)
{
	const size_t from =
		stream->packet_count > REPEAT_WINDOW ? stream->packet_count - REPEAT_WINDOW : 0;

	for (size_t i = stream->packet_count; i > from; i--)
		if (stream->packet[i - 1].header == header)
			return true;
	return false;
}

static void add_packet(struct wire_log *log, struct wire_stream *stream, const struct rtp *rtp,
		       const struct datagram *datagram)
{
	const uint64_t header = (uint64_t)rtp->seq << 32 | rtp->timestamp;

	if (is_repeat(stream, header))
		return;
	if (stream->packet_count == stream->room) {
		stream->room = stream->room ? stream->room * 2 : PACKETS_FIRST;
		stream->packet = mem_resize(stream->packet, stream->room, sizeof *stream->packet);
	}
	stream->packet[stream->packet_count++] =
		(struct wire_packet){ datagram->ns, header, hash_bytes(rtp->payload),
				      !is_uniform(rtp->payload) };
	log->packet_count++;
}

void wire_log_datagram(struct wire_log *log, const struct datagram *datagram)
{
	const struct wire_stream *known;
	struct wire_stream *stream;
	struct rtp rtp;

	if (!log->first_ns)
		log->first_ns = datagram->ns;
	log->last_ns = datagram->ns;
	if (datagram->tcp || rtp_read(&rtp, datagram->payload, datagram->wire))
		return;
	known = wire_log_find(log, &datagram->src, &datagram->dst, rtp.ssrc);
	if (log->packet_count == WIRE_LOG_PACKETS_MAX ||
	    (!known && log->stream_count == WIRE_LOG_STREAMS_MAX)) {
		log->dropped++;
		return;
	}
	stream = known ? &log->stream[known - log->stream] : add_stream(log, datagram, rtp.ssrc);
	add_packet(log, stream, &rtp, datagram);
}
