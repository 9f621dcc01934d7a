/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RTP packets (RFC 3550, 5.1). */
#ifndef EARSHOT_PROTO_RTP_H
#define EARSHOT_PROTO_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum { RTP_HEADER = 12, RTP_VERSION = 2 };

struct rtp {
	uint8_t payload_type; /* 0 to 127 */
	bool marker;
	uint16_t seq;
	uint32_t timestamp;
	uint32_t ssrc;
	struct slice payload; /* without CSRCs, extension and, where all was captured, padding */
};

/* For rtp_read(): the payload behind sources and extension, before padding; of at least RTP_HEADER
 * bytes. Errors as there. */
enum err rtp_find_payload(struct slice *out, struct slice bytes, size_t wire) MUST_USE;

/* `wire` is how many bytes the packet had on the line: one that was snapped in its payload is read,
 * one that was snapped in its header is not. ERR_TRUNCATED; ERR_SYNTAX: another version, lengths
 * past the end, or payload types 72 to 76, which are RTCP's (RFC 5761, 4). In the header, because
 * it is asked a hundred thousand times a second. */
MUST_USE static inline enum err rtp_read(struct rtp *out, struct slice bytes, size_t wire)
{
	const uint8_t *at = bytes.at;

	if (bytes.left < RTP_HEADER)
		return ERR_TRUNCATED;
	out->payload_type = at[1] & 0x7f;
	if (at[0] >> 6 != RTP_VERSION || (out->payload_type >= 72 && out->payload_type <= 76))
		return ERR_SYNTAX;
	out->marker = at[1] >> 7;
	out->seq = (uint16_t)(at[2] << 8 | at[3]);
	out->timestamp =
		(uint32_t)at[4] << 24 | (uint32_t)at[5] << 16 | (uint32_t)at[6] << 8 | at[7];
	out->ssrc = (uint32_t)at[8] << 24 | (uint32_t)at[9] << 16 | (uint32_t)at[10] << 8 | at[11];
	if (at[0] & 0x3f)
		return rtp_find_payload(&out->payload, bytes, wire);
	out->payload = (struct slice){ at + RTP_HEADER, bytes.left - RTP_HEADER };
	return ERR_NONE;
}

#endif
