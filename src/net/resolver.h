/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names to addresses, by the system's resolvers: plain hosts, and SIP servers in the order of RFC
 * 3263. */
#ifndef EARSHOT_NET_RESOLVER_H
#define EARSHOT_NET_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/err.h"

/* What a literal address or a name gave, IPv6 and IPv4 in the system's order; every one with the
 * port asked for. */
struct addr_list {
	struct addr *addr;
	size_t count;
};
void addr_list_clear(struct addr_list *list);

/* `family` is AF_UNSPEC, AF_INET or AF_INET6. A literal needs no DNS. ERR_NOT_FOUND: no such name
 * or no address of that family; ERR_TIMEOUT, ERR_REFUSED, ERR_UNREACHABLE: the resolvers. */
enum err resolver_host(struct addr_list *out, const char *host, uint16_t port, int family,
		       const struct deadline *until) MUST_USE;

/* Several hosts side by side: a dead resolver costs its patience once. */
struct host_lookup {
	const char *host;
	uint16_t port;
	struct addr_list list; /* filled; the caller clears it */
	bool cut;              /* a look-up had no answer: there may be more */
	enum err err;          /* as of resolver_host() */
};
void resolver_hosts(struct host_lookup *lookup, size_t count, int family,
		    const struct deadline *until);

enum sip_transport { SIP_UDP, SIP_TCP, SIP_TLS };

struct sip_target {
	enum sip_transport transport;
	char *host; /* the name that `addr` belongs to */
	struct addr addr;
};
struct sip_targets {
	struct sip_target *target;
	size_t count;
	bool cut; /* a look-up had no answer: there may be more */
};
void sip_targets_clear(struct sip_targets *targets);

struct sip_query {
	const char *host;    /* domain or host of the profile, or a literal */
	uint16_t port;       /* given explicitly, else 0: then SRV is asked (RFC 3263, 4.2) */
	int family;          /* AF_UNSPEC, AF_INET or AF_INET6 */
	unsigned transports; /* bits 1 << enum sip_transport that may be used; 0: any */
};

/* RFC 3263, 4.1 and 4.2: NAPTR, SRV by priority, AAAA and A, side by side. Among equal priorities
 * the heaviest comes first, not one drawn at random: a diagnosis should find the same server twice.
 * Errors as resolver_host(). */
enum err resolver_sip(struct sip_targets *out, const struct sip_query *query,
		      const struct deadline *until) MUST_USE;

#endif
