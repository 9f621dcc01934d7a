/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/rtp.h"

enum {
	VERSION = 2,
	RTCP_FIRST = 72, /* what packet types 200 to 204 look like behind a marker bit */
	RTCP_LAST = 76,
};

static inline uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t be32(const uint8_t *at)
{
	return (uint32_t)be16(at) << 16 | be16(at + 2);
}

/* Bytes before the payload; 0: snapped before they can be counted. */
static size_t header_length(struct slice bytes)
{
	size_t length = RTP_HEADER + 4 * (size_t)(bytes.at[0] & 15);

	if (!(bytes.at[0] & 0x10))
		return length;
	if (bytes.left < length + 4)
		return 0;
	return length + 4 + 4 * (size_t)be16(bytes.at + length + 2);
}

/* SRTP encrypts the count of padding (RFC 3711, 3.1): one that cannot be is no reason to lose the
 * packet. */
static void cut_padding(struct slice *payload)
{
	const size_t padding = payload->left ? payload->at[payload->left - 1] : 0;

	if (padding <= payload->left)
		payload->left -= padding;
}

/* What is rarer than a bare header: sources, an extension, padding. */
__attribute__((noinline)) static enum err find_payload(struct slice *out, struct slice bytes,
						       size_t wire)
{
	const size_t header = header_length(bytes);

	if (!header && wire <= bytes.left)
		return ERR_SYNTAX;
	if (header > wire && header > bytes.left)
		return ERR_SYNTAX;
	if (!header || header > bytes.left)
		return ERR_TRUNCATED;
	*out = slice_of(bytes.at + header, bytes.left - header);
	if ((bytes.at[0] & 0x20) && bytes.left >= wire)
		cut_padding(out);
	return ERR_NONE;
}

enum err rtp_read(struct rtp *out, struct slice bytes, size_t wire)
{
	if (bytes.left < RTP_HEADER)
		return ERR_TRUNCATED;
	out->payload_type = bytes.at[1] & 0x7f;
	if (bytes.at[0] >> 6 != VERSION ||
	    (out->payload_type >= RTCP_FIRST && out->payload_type <= RTCP_LAST))
		return ERR_SYNTAX;
	out->marker = bytes.at[1] >> 7;
	out->seq = be16(bytes.at + 2);
	out->timestamp = be32(bytes.at + 4);
	out->ssrc = be32(bytes.at + 8);
	if (bytes.at[0] & 0x3f)
		return find_payload(&out->payload, bytes, wire);
	out->payload = (struct slice){ bytes.at + RTP_HEADER, bytes.left - RTP_HEADER };
	return ERR_NONE;
}
