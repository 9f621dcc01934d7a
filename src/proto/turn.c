/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/turn.h"

#include <string.h>

#include "base/be.h"
#include "proto/stun.h"

enum {
	CHANNEL_HEADER = 4,
	CHANNEL_FIRST = 0x4000,
	CHANNEL_LAST = 0x4fff,
	CHANNEL_LAST_OLD = 0x7fff, /* RFC 5766, 11 */

	COOKIE = 0x2112a442,
	CHANNEL_BIND = 0x009,
	CHANNEL_NUMBER = 0x000c,
	ATTRIBUTE_HEADER = 4,
	FAMILY_IPV4 = 1,
	FAMILY_IPV6 = 2,
};

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

/* RFC 8489, 14.2: masked with the cookie, IPv6 with the transaction's id behind it too. */
static enum err read_peer(struct turn_message *out, const uint8_t *value, size_t length)
{
	const uint16_t port = length < 4 ? 0 : be_16(value + 2) ^ COOKIE >> 16;

	if (length == 8 && value[1] == FAMILY_IPV4) {
		out->peer = endpoint_v4(be_32(value + 4) ^ COOKIE, port);
		return ERR_NONE;
	}
	if (length != 20 || value[1] != FAMILY_IPV6)
		return ERR_SYNTAX;
	out->peer = (struct endpoint){ be_64(value + 4) ^ ((uint64_t)COOKIE << 32 | be_32(out->id)),
				       be_64(value + 12) ^ be_64(out->id + 4), port };
	return ERR_NONE;
}

enum { HAS_PEER = 1, HAS_DATA = 2, HAS_CHANNEL = 4 };

static enum err read_attribute(struct turn_message *out, uint16_t type, const uint8_t *value,
			       size_t length, unsigned *has)
{
	if (type == STUN_XOR_PEER_ADDRESS && !(*has & HAS_PEER)) {
		*has |= HAS_PEER;
		return read_peer(out, value, length);
	}
	if (type == CHANNEL_NUMBER && !(*has & HAS_CHANNEL)) {
		if (length < 2)
			return ERR_SYNTAX;
		*has |= HAS_CHANNEL;
		out->channel = be_16(value);
	}
	return ERR_NONE;
}

/* Until everything in `wanted` is there; DATA may be cut. */
static enum err read_attributes(struct turn_message *out, struct slice bytes, size_t wire,
				unsigned wanted)
{
	unsigned has = 0;

	while ((has & wanted) != wanted) {
		size_t length, padded;
		uint16_t type;
		enum err err = ERR_NONE;

		if (wire < ATTRIBUTE_HEADER)
			return ERR_SYNTAX;
		if (bytes.left < ATTRIBUTE_HEADER)
			return ERR_TRUNCATED;
		type = be_16(bytes.at);
		length = be_16(bytes.at + 2);
		bytes.at += ATTRIBUTE_HEADER;
		bytes.left -= ATTRIBUTE_HEADER;
		wire -= ATTRIBUTE_HEADER;
		if (length > wire)
			return ERR_SYNTAX;
		if (type == STUN_DATA_BYTES && !(has & HAS_DATA)) {
			has |= HAS_DATA;
			out->wire = length;
			out->data = (struct slice){ bytes.at,
						    length < bytes.left ? length : bytes.left };
		} else if (length <= bytes.left) {
			err = read_attribute(out, type, bytes.at, length, &has);
		}
		if (err)
			return err;
		padded = length + -length % 4;
		if (padded > wire)
			padded = wire;
		wire -= padded;
		if (padded > bytes.left)
			padded = bytes.left;
		bytes.at += padded;
		bytes.left -= padded;
	}
	return ERR_NONE;
}

/* RFC 8489, 5: the class is in bits 4 and 8 of the type, the method around them. */
static enum turn_kind kind_of(uint16_t type)
{
	const unsigned class = (type >> 4 & 1) | (type >> 7 & 2);
	const unsigned method = (type & 0xf) | (type >> 1 & 0x70) | (type >> 2 & 0xf80);

	switch (method) {
	case STUN_SEND: return class == STUN_INDICATION ? TURN_SEND : TURN_NONE;
	case STUN_DATA: return class == STUN_INDICATION ? TURN_DATA : TURN_NONE;
	case CHANNEL_BIND:
		if (class == STUN_REQUEST)
			return TURN_BIND;
		return class == STUN_SUCCESS ? TURN_BOUND : TURN_FROM_SERVER;
	case STUN_ALLOCATE:
	case STUN_REFRESH:
	case STUN_CREATE_PERMISSION:
		if (class == STUN_INDICATION)
			return TURN_NONE;
		return class == STUN_REQUEST ? TURN_FROM_CLIENT : TURN_FROM_SERVER;
	default: return TURN_NONE;
	}
}

static enum err read_stun(struct turn_message *out, struct slice bytes, size_t wire)
{
	size_t length;

	if (wire < STUN_HEADER)
		return ERR_SYNTAX;
	if (bytes.left < STUN_HEADER)
		return ERR_TRUNCATED;
	length = be_16(bytes.at + 2);
	if (be_32(bytes.at + 4) != COOKIE || length % 4 || length > wire - STUN_HEADER)
		return ERR_SYNTAX;
	out->kind = kind_of(be_16(bytes.at));
	memcpy(out->id, bytes.at + 8, sizeof out->id);
	bytes.at += STUN_HEADER;
	bytes.left -= STUN_HEADER;
	if (bytes.left > length)
		bytes.left = length;
	switch (out->kind) {
	case TURN_SEND:
	case TURN_DATA: return read_attributes(out, bytes, length, HAS_PEER | HAS_DATA);
	case TURN_BIND: return read_attributes(out, bytes, length, HAS_PEER | HAS_CHANNEL);
	default: return ERR_NONE;
	}
}

/* RFC 8656, 12.4 and 12.5: over UDP padding may follow or not. */
static enum err read_channel_data(struct turn_message *out, struct slice bytes, size_t wire)
{
	size_t length;

	if (wire < CHANNEL_HEADER)
		return ERR_SYNTAX;
	if (bytes.left < CHANNEL_HEADER)
		return ERR_TRUNCATED;
	length = be_16(bytes.at + 2);
	if (be_16(bytes.at) > CHANNEL_LAST_OLD || length > wire - CHANNEL_HEADER ||
	    wire - CHANNEL_HEADER - length > 3)
		return ERR_SYNTAX;
	out->kind = TURN_CHANNEL_DATA;
	out->channel = be_16(bytes.at);
	out->wire = length;
	bytes.at += CHANNEL_HEADER;
	bytes.left -= CHANNEL_HEADER;
	out->data = (struct slice){ bytes.at, length < bytes.left ? length : bytes.left };
	return ERR_NONE;
}

enum err turn_read(struct turn_message *out, struct slice bytes, size_t wire)
{
	if (!bytes.left)
		return wire ? ERR_TRUNCATED : ERR_SYNTAX;
	switch (bytes.at[0] >> 6) {
	case 0: return read_stun(out, bytes, wire);
	case 1: return read_channel_data(out, bytes, wire);
	default: return ERR_SYNTAX;
	}
}
