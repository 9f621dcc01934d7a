/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A router for tests that answers UPnP and NAT-PMP in a thread of its own, rightly or wrongly. In a
 * network of the test's own (mock/own_net.h), for its ports are the real ones. */
#ifndef EARSHOT_TESTS_MOCK_IGD_ROUTER_H
#define EARSHOT_TESTS_MOCK_IGD_ROUTER_H

#include <stddef.h>

struct igd_router;

struct igd_router_plan {
	const char *address;     /* where it listens: UDP 1900 and 5351, TCP 5000 */
	const char *location;    /* told by SSDP; NULL: its own description */
	const char *description; /* the body */
	size_t pad;              /* bytes of "<a>" sent after the description, without a length */
	unsigned drip_ms;        /* between those, one by one; 0: at once */
	const char *outside;     /* answer to GetExternalIPAddress; NULL: an error */
	unsigned mappings;       /* UDP port 5060 and up, to 192.168.1.20 */
	const void *pmp;         /* answer to NAT-PMP; NULL: it does not listen there */
	size_t pmp_length;
};

/* The plan is borrowed. Aborts where it cannot. */
struct igd_router *igd_router_new(const struct igd_router_plan *plan);
void igd_router_free(struct igd_router *router);
/* Requests so far that could change something. */
unsigned igd_router_changes(const struct igd_router *router);

#endif
