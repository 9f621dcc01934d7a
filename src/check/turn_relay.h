/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a relay let anything through? Tried with a datagram each way between the allocation and
 * somebody else who is also us. */
#ifndef EARSHOT_CHECK_TURN_RELAY_H
#define EARSHOT_CHECK_TURN_RELAY_H

#include "check/turn_client.h"

enum { TURN_TRIES = 3 };

struct turn_relay {
	bool tried;       /* the server let us; else `code` and `reason`, if it said why */
	unsigned code;    /* of its refusal; 0: none */
	struct addr peer; /* who else: a socket as the server sees it, or another relayed address */
	bool in, out;     /* from the peer through the relay to us; and back */
	unsigned tries;   /* 1 to TURN_TRIES */
	int64_t way_ms;   /* the quickest from us through the relay to the peer; -1: none came */
	char reason[TURN_REASON];
};

/* The peer is a UDP socket of ours; `stun` is where the server answers over UDP. */
void turn_relay_by_socket(struct turn_relay *out, struct turn_client *client,
			  const struct turn_plan *plan, const struct addr *stun);

/* The peer is a second allocation at the same server, so that nothing but the server itself is
 * needed. */
void turn_relay_by_relay(struct turn_relay *out, struct turn_client *client,
			 const struct turn_plan *plan);

#endif
