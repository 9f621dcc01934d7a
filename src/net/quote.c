/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/quote.h"

#include <string.h>

enum {
	RTP_FIRST = 0x80, /* version 2, no padding, extension or sources */
	RTP_NUMBER_AT = 2,
	RTP_SSRC_AT = 8,
	STUN_WHOLE = 20,
	STUN_MARK_AT = 8,
};

static uint16_t be16_at(struct slice bytes, size_t at)
{
	return (uint16_t)(bytes.at[at] << 8 | bytes.at[at + 1]);
}

struct quote quote_read(struct slice bytes, const uint8_t mark[static QUOTE_MARK])
{
	if (bytes.left < QUOTE_RTP_LEAST)
		return (struct quote){ .kind = QUOTE_SHORT };
	if (bytes.at[0] == RTP_FIRST && !memcmp(bytes.at + RTP_SSRC_AT, mark, QUOTE_MARK))
		return (struct quote){ QUOTE_RTP, be16_at(bytes, RTP_NUMBER_AT) };
	if (bytes.left >= STUN_WHOLE && !memcmp(bytes.at + STUN_MARK_AT, mark, QUOTE_MARK))
		return (struct quote){ QUOTE_STUN, be16_at(bytes, STUN_MARK_AT + QUOTE_MARK) };
	return (struct quote){ .kind = QUOTE_FOREIGN };
}
