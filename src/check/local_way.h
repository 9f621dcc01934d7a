/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which way what is sent to the provider leaves this computer. */
#ifndef EARSHOT_CHECK_LOCAL_WAY_H
#define EARSHOT_CHECK_LOCAL_WAY_H

#include <stdbool.h>

#include "base/clock.h"
#include "model/site.h"
#include "net/iface.h"

struct way {
	bool found; /* false: there is no route, and `route` says nothing */
	struct iface_route route;
	const char *host; /* the profile's name whose address was asked for; NULL: the default route
			     it is */
	struct addr to;   /* where `host` is; the last one tried where not found */
	const char *unresolved; /* the profile's name that could not be looked up; NULL: none named,
				   or it could */
};

/* Looks the provider up (proxy, else domain, else STUN server) and asks the kernel for the route to
 * the first of its addresses that has one; without a provider, or without its addresses, for the
 * route to just anywhere outside. `index` is the interface to leave by, 0 for any. The texts are
 * the site's. */
void way_find(struct way *out, const struct site *site, unsigned index,
	      const struct deadline *until);

#endif
