/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STUN servers behind a made-up router, each with up to two addresses and two ports (RFC 5780),
 * honest or not. */
#ifndef EARSHOT_TESTS_MOCK_STUN_SERVER_H
#define EARSHOT_TESTS_MOCK_STUN_SERVER_H

#include <stddef.h>

#include "base/addr.h"
#include "mock/nat.h"

/* Bits; 0 is a server as RFC 5780 wants it. */
enum mock_habit {
	MOCK_NO_OTHER = 1 << 0,       /* no OTHER-ADDRESS told */
	MOCK_IGNORES_CHANGE = 1 << 1, /* CHANGE-REQUEST is answered from where it was asked */
	MOCK_REFUSES_CHANGE = 1 << 2, /* with error 420 */
	MOCK_CHANGE_LOST = 1 << 3,    /* not answered at all */
	MOCK_CORNERS_DEAD = 1 << 4,   /* its other addresses and ports do not answer */
	MOCK_OLD = 1 << 5,            /* RFC 3489: MAPPED-ADDRESS and CHANGED-ADDRESS alone */
	MOCK_PLAIN_LIES = 1 << 6,     /* MAPPED-ADDRESS differs from XOR-MAPPED-ADDRESS */
	MOCK_SILENT = 1 << 7,
	MOCK_LOSES_FIRST = 1 << 8,   /* each request counts only when it is repeated */
	MOCK_TRUNCATED = 1 << 9,     /* answers cut in half */
	MOCK_OVERSIZED = 1 << 10,    /* answers longer than they say */
	MOCK_WRONG_ID = 1 << 11,     /* of another transaction */
	MOCK_WRONG_SOURCE = 1 << 12, /* from a port never told */
	MOCK_ECHO = 1 << 13,         /* the request comes back as it was */
	MOCK_FLOOD = 1 << 14,        /* the first answer comes a thousand times, at first wrong */
	MOCK_ERROR = 1 << 15,        /* error 500 */
	MOCK_INSIDE = 1 << 17,       /* on this side of the router */
	MOCK_NO_ADDRESS = 1 << 16,   /* success, but of what? */
};

struct mock_stun_plan {
	const char *host[2]; /* addresses to bind; the second NULL: it has no other */
	unsigned habits;
	struct addr other; /* told as OTHER-ADDRESS in place of the truth, if set */
	struct addr told;  /* told to everybody as its address, if set */
};

enum { MOCK_SERVERS_MAX = 3 };

struct mock_stun;

/* Starts `count` servers in a thread behind one router, which is borrowed. Aborts where it cannot.
 */
struct mock_stun *mock_stun_start(const struct mock_stun_plan *plan, size_t count,
				  struct mock_nat *nat);
/* Ends the thread and frees. */
void mock_stun_stop(struct mock_stun *mock);
/* Where a server is asked. */
struct addr mock_stun_addr(const struct mock_stun *mock, size_t server);

#endif
