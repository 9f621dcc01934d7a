/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tests of RFC 5780 against any number of STUN servers at once, one address family at a time in
 * its results.
 *
 * Of one socket all servers, and their other addresses, tell what they see: the mapping (4.3). Each
 * filtering test (4.4) has a socket of its own that sends to nobody else. All run side by side;
 * what needs a server's OTHER-ADDRESS begins when its first answer is there. A mapping that depends
 * on the destination is measured again from fresh ports. */
#ifndef EARSHOT_CHECK_STUN_TEST_H
#define EARSHOT_CHECK_STUN_TEST_H

#include "base/clock.h"
#include "check/check.h"
#include "check/stun_nat.h"
#include "net/exchange.h"

enum {
	STUN_PEERS_MAX = 8,
	STUN_VIEWS_MAX = 4 * STUN_PEERS_MAX, /* a server's two addresses and two ports */
	STUN_ROUNDS_MAX = 3,
	STUN_HOPS = 2,
};

/* How a request to be answered from elsewhere (CHANGE-REQUEST) ended. */
enum stun_change {
	STUN_CHANGE_NOT_ASKED,
	STUN_CHANGE_CAME, /* from the other address or port: nothing filters that */
	STUN_CHANGE_SILENT,
	STUN_CHANGE_IGNORED, /* the server answered from where it was asked, or refused: it proves
				nothing */
};

/* One address of a server. */
struct stun_peer {
	size_t server; /* its number in the profile */
	struct addr addr;
	bool answered;         /* with an address that can be ours */
	struct addr nonsense;  /* one that cannot; AF_UNSPEC: none told */
	enum exchange_end end; /* of the first request */
	struct addr offender;  /* who sent an ICMP error about that; AF_UNSPEC: none */
	unsigned error_code;   /* of an error answer; 0: none */
	int64_t took_ms;
	struct addr plain; /* MAPPED-ADDRESS where it differs from the masked one; AF_UNSPEC: it
			      does not */
	struct addr other; /* OTHER-ADDRESS or RFC 3489's CHANGED-ADDRESS; AF_UNSPEC: none told */
	bool other_usable;
	enum stun_change by_address, by_port;
};

struct stun_family {
	int family;
	struct stun_peer peer[STUN_PEERS_MAX];
	size_t peer_count;
	/* What came out. */
	struct nat_view view[STUN_ROUNDS_MAX][STUN_VIEWS_MAX];
	size_t view_count[STUN_ROUNDS_MAX];
	struct stun_peer *hop_peer; /* towards it the routers are asked, again where others had
				       the turn (net/icmp.h); NULL: nothing is to be asked */
	struct addr hop[STUN_HOPS]; /* the second and third router, if asked and told */
	bool answered;
	enum known present;
	enum nat_rule mapping, filtering;
	struct addr doubtful; /* what a lone public server claimed, and nobody can have; AF_UNSPEC:
				 nothing such */
	struct addr local, seen; /* one pair as the world sees it; AF_UNSPEC: not known */
	enum known port_preserved, hairpin;
};

/* Adds a server's address; past the ceiling, or without a route, it is left out. */
void stun_family_add(struct stun_family *family, size_t server, const struct addr *addr,
		     const char *device);

/* Runs all tests on all families; what has no answer at the deadline counts as silent. */
void stun_tests_run(struct stun_family *families, size_t count, const struct site *site,
		    struct sink *sink, const struct deadline *until);

/* Asks the routers on the way where family->hop_peer says so, if the turn can be had by `until`.
 * False: it could not; nothing was asked. */
bool stun_hops_run(struct stun_family *family, const struct site *site,
		   const struct deadline *until);

#endif
