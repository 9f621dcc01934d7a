/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A router between a client and servers, as a table: which outside port a client gets, and who may
 * answer it. */
#ifndef EARSHOT_TESTS_MOCK_NAT_H
#define EARSHOT_TESTS_MOCK_NAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* RFC 4787, 4.1 and 5: what a mapping, or a filter, looks at. */
enum mock_rule { MOCK_INDEPENDENT, MOCK_BY_ADDRESS, MOCK_BY_ADDRESS_PORT };

enum { MOCK_FLOWS = 256, MOCK_REMOTES = 16 };

struct mock_flow {
	struct addr inside, to, seen;
	struct addr remote[MOCK_REMOTES]; /* whom the client wrote to through it */
	size_t remotes;
	int64_t used_ms; /* when a packet last went out */
};

/* Set the first six, the rest starts as zeros. */
struct mock_nat {
	bool translate;     /* no: a firewall alone */
	bool first_differs; /* the first client socket ever is mapped by address and port, by chance
			     */
	enum mock_rule mapping, filtering;
	int64_t forget_ms;   /* of silence, then a flow is forgotten; its port is given to it again.
				0: never */
	struct addr outside; /* its port is the first that is given out */
	struct mock_flow flow[MOCK_FLOWS];
	size_t flows;
};

/* A packet goes out: *seen is the source that `to` sees. Aborts when the table is full. */
void mock_nat_out(struct addr *seen, struct mock_nat *nat, const struct addr *inside,
		  const struct addr *to);
/* A packet comes in; false: filtered. */
bool mock_nat_in(struct addr *inside, const struct mock_nat *nat, const struct addr *seen,
		 const struct addr *from);

#endif
