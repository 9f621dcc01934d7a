/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/resolver.h"

#include <stdbool.h>
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

/* One look-up among others. */
struct question {
	struct sip_query query;
	struct sip_targets targets;
	enum err err;
	bool settled; /* without DNS */
};

static bool locate_all(struct located *located, const struct question *question, size_t count,
		       struct dns *dns, unsigned view)
{
	bool complete = true;

	for (size_t i = 0; i < count; i++)
		if (!question[i].settled)
			complete &= locate(&located[i], dns, view, &question[i].query);
	return complete;
}

static void take_located(struct question *question, struct located *located, enum err err)
{
	question->err = err ? err : located->err;
	if (question->err)
		return;
	question->targets = located->targets;
	located->targets = (struct sip_targets){ 0 };
}

static void ask_dns(struct question *question, size_t count, const struct deadline *until)
{
	struct located *located = mem_new(count, sizeof *located);
	struct dns *dns = dns_new();
	unsigned view;
	const enum err err = system_view(&view, dns);

	while (!err && !locate_all(located, question, count, dns, view))
		dns_wait(dns, until);
	for (size_t i = 0; i < count; i++) {
		if (!question[i].settled)
			take_located(&question[i], &located[i], err);
		located_clear(&located[i]);
	}
	free(located);
	dns_free(dns);
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

static void settle_without_dns(struct question *question)
{
	struct addr addr[HOSTS_MAX];
	const size_t count = known_addresses(addr, &question->query);

	if (count)
		give_addresses(&question->targets, &question->query, addr, count);
	else
		question->err = ERR_NOT_FOUND;
	question->settled = count || is_literal(question->query.host);
}

static void answer(struct question *question, size_t count, const struct deadline *until)
{
	bool settled = true;

	for (size_t i = 0; i < count; i++) {
		settle_without_dns(&question[i]);
		settled = settled && question[i].settled;
	}
	if (!settled)
		ask_dns(question, count, until);
}

enum err resolver_sip(struct sip_targets *out, const struct sip_query *query,
		      const struct deadline *until)
{
	struct question question = { .query = *query };

	answer(&question, 1, until);
	*out = question.targets;
	return question.err;
}

static void take_addresses(struct host_lookup *out, struct question *question)
{
	const struct sip_targets *targets = &question->targets;

	out->list = (struct addr_list){ 0 };
	out->err = question->err;
	if (out->err)
		return;
	out->list.addr = mem_new(targets->count, sizeof *out->list.addr);
	out->list.count = targets->count;
	out->cut = targets->cut;
	for (size_t i = 0; i < targets->count; i++) {
		out->list.addr[i] = targets->target[i].addr;
		addr_set_port(&out->list.addr[i], out->port);
	}
	sip_targets_clear(&question->targets);
}

void resolver_hosts(struct host_lookup *lookup, size_t count, int family,
		    const struct deadline *until)
{
	struct question *question;

	if (!count)
		return;
	question = mem_new(count, sizeof *question);
	/* With a port and one transport, RFC 3263 comes down to AAAA and A. */
	for (size_t i = 0; i < count; i++)
		question[i].query = (struct sip_query){ .host = lookup[i].host,
							.port = 1,
							.family = family,
							.transports = 1U << SIP_UDP };
	answer(question, count, until);
	for (size_t i = 0; i < count; i++)
		take_addresses(&lookup[i], &question[i]);
	free(question);
}

enum err resolver_host(struct addr_list *out, const char *host, uint16_t port, int family,
		       const struct deadline *until)
{
	struct host_lookup lookup = { .host = host, .port = port };

	resolver_hosts(&lookup, 1, family, until);
	*out = lookup.list;
	return lookup.err;
}
