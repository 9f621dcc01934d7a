/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/trim.h"

#include <stdbool.h>

#include "proto/frame.h"
#include "proto/rtp.h"
#include "proto/stun.h"

enum { CHANNEL_HEADER = 4 }; /* of TURN's ChannelData (RFC 8656, 12.4) */

static size_t offset_of(const struct packet *packet, const uint8_t *at)
{
	return (size_t)(at - packet->data);
}

/* RTP's version in the first two bits (RFC 3550, 5.1). Who asks has made sure of a byte. */
static bool is_version_2(struct slice bytes)
{
	return bytes.at[0] >> 6 == 2;
}

/* Up to where RTP may be kept: RTCP whole, of RTP its header. One that does not read as RTP is cut
 * behind the fixed header all the same. */
static size_t keep_of_rtp(const struct packet *packet, struct slice bytes, size_t wire)
{
	const size_t begin = offset_of(packet, bytes.at);
	struct rtp rtp;

	if (bytes.left >= 2 && (bytes.at[1] & 0x7f) >= 72 && (bytes.at[1] & 0x7f) <= 76)
		return packet->captured; /* RFC 5761, 4 */
	if (!rtp_read(&rtp, bytes, wire) && rtp.payload.at)
		return offset_of(packet, rtp.payload.at);
	return bytes.left < RTP_HEADER ? packet->captured : begin + RTP_HEADER;
}

/* What a Send or Data indication carries; empty where it is none. */
static struct slice carried_by_stun(struct slice bytes)
{
	struct stun_message message;

	if (stun_decode(&message, bytes.at, bytes.left) || message.class != STUN_INDICATION)
		return slice_of(NULL, 0);
	return message.data;
}

size_t trim_voice(const struct packet *packet)
{
	struct frame frame;
	struct slice inside;

	if (frame_read(&frame, packet) || frame.kind != FRAME_UDP || !frame.payload.left)
		return packet->captured;
	inside = frame.payload;
	if (is_version_2(inside))
		return keep_of_rtp(packet, inside, frame.wire);
	if (inside.at[0] >> 6 == 1 && inside.left > CHANNEL_HEADER) /* RFC 8656, 12 */
		inside = slice_of(inside.at + CHANNEL_HEADER, inside.left - CHANNEL_HEADER);
	else if (inside.at[0] >> 6 == 0)
		inside = carried_by_stun(inside);
	else
		return packet->captured;
	return inside.left && is_version_2(inside) ? keep_of_rtp(packet, inside, inside.left)
						   : packet->captured;
}
