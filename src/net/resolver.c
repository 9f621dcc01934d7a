/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/resolver.h"

#include <stdlib.h>

#include "base/mem.h"
#include "net/dns.h"
#include "net/locate.h"

#define RESOLV_CONF "/etc/resolv.conf"

enum { HOSTS_MAX = 16 };

void addr_list_clear(struct addr_list *list)
{
	free(list->addr);
	*list = (struct addr_list){ 0 };
}

void sip_targets_clear(struct sip_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		free(targets->target[i].host);
	free(targets->target);
	*targets = (struct sip_targets){ 0 };
}

static enum err system_view(unsigned *view, struct dns *dns)
{
	struct addr server[DNS_SERVERS_MAX];
	const struct dns_view_plan plan = {
		.server = server,
		.count = dns_system_servers(server, RESOLV_CONF),
		.search = true,
	};

	return dns_view_add(view, dns, &plan);
}

static enum err ask_dns(struct sip_targets *out, const struct sip_query *query,
			const struct deadline *until)
{
	struct dns *dns = dns_new();
	struct located located = { 0 };
	unsigned view;
	enum err err = system_view(&view, dns);

	if (!err) {
		while (!locate(&located, dns, view, query))
			dns_wait(dns, until);
		err = located.err;
	}
	if (!err) {
		*out = located.targets;
		located.targets = (struct sip_targets){ 0 };
	}
	located_clear(&located);
	dns_free(dns);
	return err;
}

/* A literal's address, or those of the hosts file; the name's SRV records do not count then. */
static size_t known_addresses(struct addr out[static HOSTS_MAX], const struct sip_query *query)
{
	size_t count = 0;

	if (!addr_parse(&out[0], query->host, 0))
		return query->family == AF_UNSPEC || query->family == addr_family(&out[0]);
	if (query->family != AF_INET)
		count = dns_hosts_file(out, HOSTS_MAX, query->host, AF_INET6);
	if (query->family != AF_INET6)
		count += dns_hosts_file(out + count, HOSTS_MAX - count, query->host, AF_INET);
	return count;
}

static bool is_literal(const char *host)
{
	struct addr addr;

	return !addr_parse(&addr, host, 0);
}

static void give_addresses(struct sip_targets *out, const struct sip_query *query,
			   struct addr *addr, size_t count)
{
	const enum sip_transport transport = locate_transport(query);

	locate_sort(addr, count);
	out->target = mem_new(count, sizeof *out->target);
	out->count = count;
	for (size_t i = 0; i < count; i++) {
		addr_set_port(&addr[i], locate_port(query));
		out->target[i] = (struct sip_target){
			.transport = transport,
			.host = mem_text(query->host),
			.addr = addr[i],
		};
	}
}

enum err resolver_sip(struct sip_targets *out, const struct sip_query *query,
		      const struct deadline *until)
{
	struct addr addr[HOSTS_MAX];
	const size_t count = known_addresses(addr, query);

	*out = (struct sip_targets){ 0 };
	if (count)
		give_addresses(out, query, addr, count);
	else if (is_literal(query->host))
		return ERR_NOT_FOUND;
	else
		return ask_dns(out, query, until);
	return ERR_NONE;
}

enum err resolver_host(struct addr_list *out, const char *host, uint16_t port, int family,
		       const struct deadline *until)
{
	/* With a port and one transport, RFC 3263 comes down to AAAA and A. */
	const struct sip_query query = {
		.host = host, .port = 1, .family = family, .transports = 1U << SIP_UDP
	};
	struct sip_targets targets;
	const enum err err = resolver_sip(&targets, &query, until);

	*out = (struct addr_list){ 0 };
	if (err)
		return err;
	out->addr = mem_new(targets.count, sizeof *out->addr);
	out->count = targets.count;
	for (size_t i = 0; i < targets.count; i++) {
		out->addr[i] = targets.target[i].addr;
		addr_set_port(&out->addr[i], port);
	}
	sip_targets_clear(&targets);
	return ERR_NONE;
}
