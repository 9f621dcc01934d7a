/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/turn.h"

#include "proto/stun.h"

enum { CHANNEL_HEADER = 4, CHANNEL_FIRST = 0x4000, CHANNEL_LAST = 0x4fff };

enum err turn_frame(size_t *out, struct slice stream)
{
	uint16_t type, length;

	if (slice_be16(&type, &stream) || slice_be16(&length, &stream))
		return ERR_TRUNCATED;
	if (type < CHANNEL_FIRST && length % 4 == 0) {
		*out = STUN_HEADER + (size_t)length;
		return ERR_NONE;
	}
	if (type < CHANNEL_FIRST || type > CHANNEL_LAST)
		return ERR_SYNTAX;
	*out = CHANNEL_HEADER + length + -(size_t)length % 4;
	return ERR_NONE;
}
