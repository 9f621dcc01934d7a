/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a SIP client would go (RFC 3263, 4.1 and 4.2), as one view of the DNS tells it. Everything
 * that might be needed is asked at once; one calls again after each dns_wait() until the picture is
 * complete. */
#ifndef EARSHOT_NET_LOCATE_H
#define EARSHOT_NET_LOCATE_H

#include <stdbool.h>
#include <stddef.h>

#include "net/dns.h"
#include "net/resolver.h"

enum {
	LOCATE_SERVICES_MAX = 16, /* SRV names followed, NAPTR's and those by rule */
	LOCATE_HOSTS_MAX = 8,     /* targets followed of each SRV name, best first */
	LOCATE_TARGETS_MAX = 64,
};

struct located {
	const struct dns_answer *naptr; /* NULL: not asked for, as where the port is given */
	const struct dns_answer *srv[LOCATE_SERVICES_MAX]; /* the preferred first */
	enum sip_transport transport[LOCATE_SERVICES_MAX];
	size_t services;
	bool by_srv; /* there are SRV records: the name's own addresses do not count (RFC 2782) */
	struct sip_targets targets; /* best first; each address once for its transport and port */
	enum err err;               /* why there are no targets */
};

/* Fills *out from what is known; false: something is still pending. The answers belong to `dns`. */
bool locate(struct located *out, struct dns *dns, unsigned view, const struct sip_query *query);
void located_clear(struct located *located);

/* Puts addresses in the order to try them: those without a route last, then IPv6 before IPv4 unless
 * only an address of the site's own (fc00::/7) would carry it (RFC 6724, 6: rules 1, 2 and 5).
 * Sends nothing. */
void locate_sort(struct addr *addr, size_t count);
/* True if the system has a route there. */
bool locate_routable(const struct addr *addr);

/* The transport and port where nothing but the query decides: UDP before TCP before TLS (RFC
 * 3263, 4.1), 5060, 5061. */
enum sip_transport locate_transport(const struct sip_query *query);
uint16_t locate_port(const struct sip_query *query);

#endif
