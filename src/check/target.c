/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/target.h"

const struct host_port *target_server(const struct site *site)
{
	return site->proxy.host ? &site->proxy : &site->domain;
}

static unsigned transports_of(const struct site *site)
{
	switch (site->transport) {
	case TRANSPORT_UDP: return 1U << SIP_UDP;
	case TRANSPORT_TCP: return 1U << SIP_TCP;
	case TRANSPORT_TLS: return 1U << SIP_TLS;
	case TRANSPORT_AUTO: break;
	}
	return 0; /* any */
}

struct sip_query target_query(const struct site *site)
{
	const struct host_port *server = target_server(site);

	return (struct sip_query){
		.host = server->host,
		.port = server->port,
		.family = site->family,
		.transports = transports_of(site),
	};
}

const struct addr *target_address(const struct sip_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		if (addr_family(&targets->target[i].addr) == AF_INET)
			return &targets->target[i].addr;
	return targets->count ? &targets->target[0].addr : NULL;
}

enum err target_host(struct addr *out, const struct site *site, const struct host_port *host,
		     uint16_t port, const struct deadline *until)
{
	struct addr_list list = { 0 };
	enum err err = ERR_NOT_FOUND;

	if (host->port)
		port = host->port;
	if (site->family != AF_INET6)
		err = resolver_host(&list, host->host, port, AF_INET, until);
	if (err == ERR_NOT_FOUND && site->family != AF_INET)
		err = resolver_host(&list, host->host, port, AF_INET6, until);
	if (!err)
		*out = list.addr[0];
	addr_list_clear(&list);
	return err;
}
