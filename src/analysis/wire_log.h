/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a capture point saw of each RTP packet, so that two points can be held against each other.
 * Only the comparison keeps one: memory grows with the packets, up to a ceiling. */
#ifndef EARSHOT_ANALYSIS_WIRE_LOG_H
#define EARSHOT_ANALYSIS_WIRE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/feed.h"
#include "base/endpoint.h"

enum {
	WIRE_LOG_STREAMS_MAX = 16384,
	WIRE_LOG_PACKETS_MAX = 8 * 1024 * 1024, /* of 24 bytes each, 192 MB */
};

struct wire_packet {
	int64_t ns;       /* since 1970, by the clock of that capture point */
	uint64_t header;  /* sequence and timestamp: what a NAT leaves alone. Not the length: a
			     device may add or take padding and header extensions */
	uint32_t payload; /* of its first bytes, for a relay that numbers anew; 0: not captured */
	bool sounding; /* not one byte over and over, which says nothing about which packet it is */
};

/* One source, destination and SSRC. */
struct wire_stream {
	struct endpoint src, dst;
	uint32_t ssrc;
	struct wire_packet *packet; /* in the order captured, repeats left out */
	size_t packet_count;
	size_t room;
};

struct wire_log {
	struct wire_stream *stream; /* owned, with their packets */
	size_t stream_count, stream_room;
	size_t packet_count;
	uint32_t *slot; /* hash table of indices into `stream`, 1-based */
	size_t slot_count;
	int64_t first_ns, last_ns; /* of all datagrams that were given; 0: none */
	uint64_t dropped;          /* packets past the ceilings */
};

void wire_log_init(struct wire_log *log);
void wire_log_clear(struct wire_log *log);

/* Keeps it if it reads as RTP. */
void wire_log_datagram(struct wire_log *log, const struct datagram *datagram);

/* NULL where there is none. Borrowed, good until the next wire_log_datagram(). */
const struct wire_stream *wire_log_find(const struct wire_log *log, const struct endpoint *src,
					const struct endpoint *dst, uint32_t ssrc);

#endif
