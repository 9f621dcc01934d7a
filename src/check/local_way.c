/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/local_way.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/target.h"

static enum err look_up_sip(struct addr_list *out, const struct site *site,
			    const struct deadline *until)
{
	const struct sip_query query = target_query(site);
	struct sip_targets targets = { 0 };
	enum err err = resolver_sip(&targets, &query, until);

	if (err)
		return err;
	out->addr = mem_new(targets.count, sizeof *out->addr);
	out->count = targets.count;
	for (size_t i = 0; i < targets.count; i++)
		out->addr[i] = targets.target[i].addr;
	sip_targets_clear(&targets);
	return ERR_NONE;
}

/* True with at least one address in *out. */
static bool look_up(struct addr_list *out, struct way *way, const struct site *site,
		    const struct deadline *until)
{
	const struct host_port *server = target_server(site);
	enum err err;

	if (server->host) {
		err = look_up_sip(out, site, until);
	} else if (site->stun_count) {
		server = &site->stun[0];
		err = resolver_host(out, server->host, server->port, site->family, until);
	} else {
		return false;
	}
	if (err || !out->count)
		way->unresolved = server->host;
	else
		way->host = server->host;
	return way->host != NULL;
}

static void try_route(struct way *way, const struct addr *to, unsigned index)
{
	way->to = *to;
	way->found = !iface_route(&way->route, to, index);
}

/* Addresses of nobody (RFC 5737, RFC 3849), which therefore have no route of their own; nothing is
 * sent there. */
static void try_default(struct way *way, const struct site *site, unsigned index)
{
	static const char *const nobody[] = { "192.0.2.1", "2001:db8::1" };

	for (size_t i = 0; i < sizeof nobody / sizeof *nobody && !way->found; i++) {
		struct addr to;

		if (!addr_parse(&to, nobody[i], 0) &&
		    (site->family == AF_UNSPEC || site->family == addr_family(&to)))
			try_route(way, &to, index);
	}
}

/* IPv4 where it leads there, for that is the way of nearly all voice, and what the NAT facts tell
 * of. */
static void try_addresses(struct way *way, const struct addr_list *addresses, unsigned index)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (size_t f = 0; f < sizeof families / sizeof *families; f++)
		for (size_t i = 0; i < addresses->count && !way->found; i++)
			if (addr_family(&addresses->addr[i]) == families[f])
				try_route(way, &addresses->addr[i], index);
}

void way_find(struct way *out, const struct site *site, unsigned index,
	      const struct deadline *until)
{
	struct addr_list addresses = { 0 };

	*out = (struct way){ 0 };
	if (!look_up(&addresses, out, site, until))
		try_default(out, site, index);
	try_addresses(out, &addresses, index);
	addr_list_clear(&addresses);
}
