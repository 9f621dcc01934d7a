/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What TURN (RFC 8656) adds to STUN on a stream, and how a bystander reads it. */
#ifndef EARSHOT_PROTO_TURN_H
#define EARSHOT_PROTO_TURN_H

#include <stddef.h>
#include <stdint.h>

#include "base/endpoint.h"
#include "base/err.h"
#include "base/slice.h"

enum { TURN_PORT = 3478, TURN_TLS_PORT = 5349, TURN_FRAME_MAX = 65552 };

/* How many bytes of a TCP or TLS stream the message at its beginning takes: a STUN message by its
 * length, ChannelData with its padding (RFC 8656, 12.5). ERR_TRUNCATED: too few to tell;
 * ERR_SYNTAX: it is neither. */
enum err turn_frame(size_t *length, struct slice stream) MUST_USE;

enum turn_kind {
	TURN_NONE,         /* STUN, but nothing of TURN: a Binding */
	TURN_FROM_CLIENT,  /* any request of TURN's but ChannelBind */
	TURN_FROM_SERVER,  /* any answer of TURN's but to ChannelBind */
	TURN_SEND,         /* peer and data: client to server */
	TURN_DATA,         /* server to client */
	TURN_BIND,         /* channel and peer */
	TURN_BOUND,        /* the answer that grants a TURN_BIND of the same id */
	TURN_CHANNEL_DATA, /* channel and data */
};

/* As much as tells what goes where; nothing is checked for integrity. Only what stands at the kind
 * is set. */
struct turn_message {
	enum turn_kind kind;
	uint8_t id[12];
	uint16_t channel;
	struct endpoint peer;
	struct slice data; /* what of it was captured; borrowed */
	size_t wire;       /* bytes it had */
};

/* Reads a STUN message with the magic cookie, or ChannelData (channels of the older RFC 5766 too),
 * of which `bytes` were captured and `wire` were on the line. ERR_SYNTAX: neither, or its lengths
 * cannot be; ERR_TRUNCATED: too little was captured to tell. */
enum err turn_read(struct turn_message *out, struct slice bytes, size_t wire) MUST_USE;

#endif
