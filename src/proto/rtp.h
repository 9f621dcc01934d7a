/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RTP packets (RFC 3550, 5.1). */
#ifndef EARSHOT_PROTO_RTP_H
#define EARSHOT_PROTO_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum { RTP_HEADER = 12 };

struct rtp {
	uint8_t payload_type; /* 0 to 127 */
	bool marker;
	uint16_t seq;
	uint32_t timestamp;
	uint32_t ssrc;
	struct slice payload; /* without CSRCs, extension and, where all was captured, padding */
};

/* `wire` is how many bytes the packet had on the line: one that was snapped in its payload is read,
 * one that was snapped in its header is not. ERR_TRUNCATED; ERR_SYNTAX: another version, lengths
 * past the end, or payload types 72 to 76, which are RTCP's (RFC 5761, 4). */
enum err rtp_read(struct rtp *out, struct slice bytes, size_t wire) MUST_USE;

#endif
