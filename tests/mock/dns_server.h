/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A DNS server for tests, on UDP and TCP, in a thread of its own; it answers from a script, rightly
 * or wrongly. */
#ifndef EARSHOT_TESTS_MOCK_DNS_SERVER_H
#define EARSHOT_TESTS_MOCK_DNS_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct dns_server;

/* Binds UDP and TCP to `address`, one port for both (0: any free one). Aborts where it cannot. */
struct dns_server *dns_server_new(const char *address, uint16_t port);
void dns_server_free(struct dns_server *server); /* stops it first; NULL is fine */
struct addr dns_server_addr(const struct dns_server *server);

/* The script, before dns_server_start(). Labels may hold any byte but '.' and 0. A name without
 * records does not exist (NXDOMAIN); "*" answers for every such name, "*.example.com" for those of
 * a zone. */
void dns_server_address(struct dns_server *server, const char *name, const char *address);
void dns_server_cname(struct dns_server *server, const char *name, const char *target);
void dns_server_srv(struct dns_server *server, const char *name, unsigned priority, unsigned weight,
		    unsigned port, const char *target);
void dns_server_naptr(struct dns_server *server, const char *name, unsigned order,
		      unsigned preference, const char *flags, const char *service,
		      const char *regexp, const char *replacement);
/* A record with any type and any bytes as its data. */
void dns_server_raw(struct dns_server *server, const char *name, uint16_t type, const void *data,
		    size_t length);

enum dns_manner {
	DNS_SERVES,
	DNS_IS_SILENT,
	DNS_REFUSES,
	DNS_FAILS,
	DNS_UNKNOWN_CODE, /* a reply code that RFC 1035 does not have */
	DNS_WRONG_ID,
	DNS_WRONG_SOURCE, /* from another port */
	DNS_WRONG_QUESTION,
	DNS_RUBBISH,      /* our identifier, then noise */
	DNS_HALF,         /* a right answer, cut in the middle, not marked as such */
	DNS_LOOP,         /* a name that points to itself */
	DNS_CUT,          /* over UDP: cut short and marked; over TCP: whole */
	DNS_CUT_FOR_GOOD, /* the same, but silent over TCP */
	DNS_SLOW,         /* DNS_SLOW_MS late */
	DNS_SLOW_ONCE,    /* the first answer to each name and type late, from then on at once */
};
enum { DNS_SLOW_MS = 700 };
/* For a name ("*.example.com": those that end so) and a type; NULL and 0 mean all. The last that
 * fits counts. */
void dns_server_behave(struct dns_server *server, const char *name, uint16_t type,
		       enum dns_manner manner);

void dns_server_start(struct dns_server *server);

/* Questions so far for a name and type (NULL, 0: any), over UDP (tcp 0), TCP (1). */
unsigned dns_server_asked(struct dns_server *server, const char *name, uint16_t type, int tcp);

#endif
