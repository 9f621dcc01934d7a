/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SIP server of a profile, as a look-up wants it. */
#ifndef EARSHOT_CHECK_TARGET_H
#define EARSHOT_CHECK_TARGET_H

#include "base/clock.h"
#include "model/site.h"
#include "net/resolver.h"

/* The proxy where there is one, since phones go there; else the domain. `host` is NULL where
 * neither is named. */
const struct host_port *target_server(const struct site *site);

/* The query for that server with the family and transport wanted; a caller who needs another
 * transport changes it. Borrows from `site`. */
struct sip_query target_query(const struct site *site);

/* Which of the servers to take where one has to do: the first with an IPv4 address, as most phones
 * speak by IPv4 alone, else the first. NULL: there is none. Borrowed. */
const struct addr *target_address(const struct sip_targets *targets);

/* The address of a server that the profile names, `port` where it names none: by IPv4, as most
 * phones go; by IPv6 where that is all there is. Errors as resolver_host(). */
enum err target_host(struct addr *out, const struct site *site, const struct host_port *host,
		     uint16_t port, const struct deadline *until) MUST_USE;

#endif
