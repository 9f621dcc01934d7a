/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What TURN (RFC 8656) adds to STUN on a stream. */
#ifndef EARSHOT_PROTO_TURN_H
#define EARSHOT_PROTO_TURN_H

#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

enum { TURN_PORT = 3478, TURN_TLS_PORT = 5349, TURN_FRAME_MAX = 65552 };

/* How many bytes of a TCP or TLS stream the message at its beginning takes: a STUN message by its
 * length, ChannelData with its padding (RFC 8656, 12.5). ERR_TRUNCATED: too few to tell;
 * ERR_SYNTAX: it is neither. */
enum err turn_frame(size_t *length, struct slice stream) MUST_USE;

#endif
