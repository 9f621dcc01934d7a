/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/rtp.h"

#include "base/be.h"

/* Bytes before the payload; 0: snapped before they can be counted. */
static size_t header_length(struct slice bytes)
{
	size_t length = RTP_HEADER + 4 * (size_t)(bytes.at[0] & 15);

	if (!(bytes.at[0] & 0x10))
		return length;
	if (bytes.left < length + 4)
		return 0;
	return length + 4 + 4 * (size_t)be_16(bytes.at + length + 2);
}

/* SRTP encrypts the count of padding (RFC 3711, 3.1): one that cannot be is no reason to lose the
 * packet. */
static void cut_padding(struct slice *payload)
{
	const size_t padding = payload->left ? payload->at[payload->left - 1] : 0;

	if (padding <= payload->left)
		payload->left -= padding;
}

enum err rtp_find_payload(struct slice *out, struct slice bytes, size_t wire)
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
