/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TURN server on loopback over UDP and TCP, honest or not. */
#ifndef EARSHOT_TESTS_MOCK_TURN_SERVER_H
#define EARSHOT_TESTS_MOCK_TURN_SERVER_H

#include "base/addr.h"

/* Bits; 0 is a server as RFC 8656 wants it, for user "user" with password "secret". */
enum mock_turn_habit {
	MOCK_TURN_STALE_ONCE = 1 << 0,   /* the first signed request has an old nonce */
	MOCK_TURN_STALE_ALWAYS = 1 << 1, /* so have all */
	MOCK_TURN_WRONG = 1 << 2,        /* knows another password */
	MOCK_TURN_SHA256 = 1 << 3,       /* offers SHA-256, and takes nothing else */
	MOCK_TURN_BID_DOWN = 1 << 4,     /* promises algorithms and offers none */
	MOCK_TURN_UNSIGNED = 1 << 5,     /* its successes are not signed */
	MOCK_TURN_QUOTA = 1 << 6,        /* 486 */
	MOCK_TURN_ONE_ONLY = 1 << 7,     /* 486 where there is an allocation already */
	MOCK_TURN_FORBIDS = 1 << 8,      /* 403 to every permission */
	MOCK_TURN_DEAF = 1 << 9,         /* what peers send does not come through */
	MOCK_TURN_DUMB = 1 << 10,        /* what clients send does not come through */
	MOCK_TURN_SOCKET_ONLY = 1 << 11, /* DEAF and DUMB are for sockets, not among relays */
	MOCK_TURN_SILENT = 1 << 12,
	MOCK_TURN_UDP_SILENT = 1 << 13,
	MOCK_TURN_GARBAGE = 1 << 14,    /* answers with bytes that mean nothing */
	MOCK_TURN_ENDLESS = 1 << 15,    /* a connection gets messages without end, none an answer */
	MOCK_TURN_NO_STUN = 1 << 16,    /* no answer to Binding */
	MOCK_TURN_NO_ADDRESS = 1 << 17, /* allocates, but does not say what */
};

struct mock_turn_plan {
	const char *host; /* the address to bind */
	unsigned habits;
	struct addr alternate; /* if set, every Allocate is sent on there */
};

struct mock_turn;

/* Starts it in a thread. Aborts where it cannot. */
struct mock_turn *mock_turn_start(const struct mock_turn_plan *plan);
/* Ends the thread and frees. Returns how many allocations nobody has released. */
size_t mock_turn_stop(struct mock_turn *mock);
/* Where it is asked, over UDP and TCP alike. */
struct addr mock_turn_addr(const struct mock_turn *mock);
/* Before the first request: where every Allocate is sent on. */
void mock_turn_send_on(struct mock_turn *mock, const struct addr *to);
/* How many requests signed by the user came. */
unsigned mock_turn_signed(const struct mock_turn *mock);

#endif
