/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The far end that a provider or a second laptop offers: STUN (RFC 8489) on every port of its RTP
 * range, and RTP that comes back as it was to where it came from. One on the open Internet echoes
 * only to a source that has shown the NONCE it was given; a bare echo asks for none. */
#ifndef EARSHOT_CHECK_RESPONDER_H
#define EARSHOT_CHECK_RESPONDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "proto/stun.h"

enum {
	RESPONDER_BYTES = 172,        /* of RTP with 20 ms of G.711, and of a request at least: an
					 answer is never longer than what it answers */
	RESPONDER_COUNT_ONE = 1 << 8, /* of TRANSACTION_TRANSMIT_COUNTER (RFC 7982, 3.2): one
					 request more */
	RESPONDER_FIRST_MS = 120,     /* until a request is sent again, then twice as long */
	RESPONDER_SENDS = 4,          /* of each request, at most */
};

struct responder_port {
	uint16_t port;
	bool bound;                   /* STUN was answered from there */
	bool offered;                 /* with a NONCE */
	bool counts;                  /* it tells how many requests have come to it (RFC 7982) */
	bool echoed;                  /* RTP came back as it was: to there and back is open */
	int64_t took_ms;              /* to the answer, with what was sent again; 0: none came */
	uint8_t nonce[STUN_TEXT_MAX]; /* the last one offered */
	size_t nonce_length;          /* bytes; 0: none */
};

struct responder_plan {
	int fd;             /* borrowed; what is shown counts for this socket alone */
	struct addr server; /* its port does not matter */
	unsigned first_ms;  /* until a request is sent again; 0: RESPONDER_FIRST_MS */
	bool bind_only;     /* STUN alone, no NONCE is shown and no RTP sent */
};

/* Asks ports of the server, all at once, and returns when each has its answer or has none, at the
 * latest at `until`: `port` is set, the rest is filled in. */
void responder_try(struct responder_port *ports, size_t count, const struct responder_plan *plan,
		   const struct deadline *until);

/* RFC 3550, 5.1: version 2, PCMU, 20 ms of silence, the packet of that number in its stream. */
void responder_rtp(uint8_t packet[static RESPONDER_BYTES], uint32_t ssrc, uint16_t number);

#endif
