/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/locate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/mem.h"

static const struct rule {
	const char *service; /* NAPTR's, RFC 3263, 4.1 */
	const char *prefix;  /* SRV's */
	uint16_t port;
} rules[] = {
	[SIP_UDP] = { "SIP+D2U", "_sip._udp.", 5060 },
	[SIP_TCP] = { "SIP+D2T", "_sip._tcp.", 5060 },
	[SIP_TLS] = { "SIPS+D2T", "_sips._tcp.", 5061 },
};
enum { TRANSPORTS = sizeof rules / sizeof *rules };

/* All of them where none is set. */
static unsigned transports_of(const struct sip_query *query)
{
	const unsigned all = (1U << TRANSPORTS) - 1;

	return query->transports & all ? query->transports & all : all;
}

static bool allows(const struct sip_query *query, enum sip_transport transport)
{
	return transports_of(query) >> transport & 1;
}

enum sip_transport locate_transport(const struct sip_query *query)
{
	return allows(query, SIP_UDP) ? SIP_UDP : allows(query, SIP_TCP) ? SIP_TCP : SIP_TLS;
}

uint16_t locate_port(const struct sip_query *query)
{
	return query->port ? query->port : rules[locate_transport(query)].port;
}

/* Which address the system would send from; false without a route. */
static bool source_for(struct addr *source, const struct addr *to)
{
	struct addr target = *to;
	socklen_t length = sizeof source->sa;
	const int fd = socket(addr_family(to), SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool found;

	if (fd < 0)
		return false;
	if (!addr_port(&target))
		addr_set_port(&target, 5060);
	memset(source, 0, sizeof *source);
	found = !connect(fd, &target.sa.any, addr_length(&target)) &&
		!getsockname(fd, &source->sa.any, &length);
	close(fd);
	return found && addr_can_reach(source, to);
}

bool locate_routable(const struct addr *addr)
{
	struct addr source;

	return source_for(&source, addr);
}

static int rank(const struct addr *addr)
{
	struct addr source;

	if (!source_for(&source, addr))
		return 3;
	if (addr_family(addr) == AF_INET)
		return 1;
	return addr_is_private(&source) && !addr_is_private(addr) ? 2 : 0;
}

void locate_sort(struct addr *addr, size_t count)
{
	int ranks[LOCATE_TARGETS_MAX];

	if (count > LOCATE_TARGETS_MAX)
		count = LOCATE_TARGETS_MAX;
	/* An insertion sort: what is equal stays in the order it came. */
	for (size_t i = 0; i < count; i++) {
		const struct addr moved = addr[i];
		const int its = rank(&moved);
		size_t at = i;

		for (; at && ranks[at - 1] > its; at--) {
			ranks[at] = ranks[at - 1];
			addr[at] = addr[at - 1];
		}
		ranks[at] = its;
		addr[at] = moved;
	}
}

/* One run over the questions of a query. */
struct run {
	struct located *out;
	struct dns *dns;
	unsigned view;
	const struct sip_query *query;
	bool complete;
};

static const struct dns_answer *ask(struct run *run, const char *name, enum dns_type type)
{
	const struct dns_answer *answer = dns_ask(run->dns, run->view, name, type);

	if (answer->state == DNS_PENDING)
		run->complete = false;
	return answer;
}

static void add_target(struct run *run, enum sip_transport transport, const char *host,
		       const struct addr *addr)
{
	struct sip_targets *targets = &run->out->targets;

	for (size_t i = 0; i < targets->count; i++)
		if (targets->target[i].transport == transport &&
		    addr_equal(&targets->target[i].addr, addr))
			return;
	if (targets->count == LOCATE_TARGETS_MAX)
		return;
	targets->target = mem_resize(targets->target, targets->count + 1, sizeof *targets->target);
	targets->target[targets->count++] = (struct sip_target){
		.transport = transport,
		.host = mem_text(host),
		.addr = *addr,
	};
}

static size_t take_addresses(struct addr *out, size_t count, const struct dns_answer *answer,
			     uint16_t port)
{
	for (size_t i = 0; answer && i < answer->count && count < LOCATE_TARGETS_MAX; i++) {
		out[count] = answer->record[i].addr;
		addr_set_port(&out[count++], port);
	}
	return count;
}

/* The worst that the look-ups of a host came to matters only where none gave an address. */
static void note_failure(struct run *run, const struct dns_answer *answer)
{
	const enum err err = answer ? dns_state_err(answer->state) : ERR_NONE;

	if (err && err != ERR_NOT_FOUND)
		run->out->targets.cut = true;
	if (err && (!run->out->err || run->out->err == ERR_NOT_FOUND))
		run->out->err = err;
}

static void add_host(struct run *run, enum sip_transport transport, const char *host, uint16_t port)
{
	const int family = run->query->family;
	const struct dns_answer *aaaa = family != AF_INET ? ask(run, host, DNS_AAAA) : NULL;
	const struct dns_answer *a = family != AF_INET6 ? ask(run, host, DNS_A) : NULL;
	struct addr found[LOCATE_TARGETS_MAX];
	size_t count = take_addresses(found, 0, aaaa, port);

	note_failure(run, aaaa);
	note_failure(run, a);
	count = take_addresses(found, count, a, port);
	locate_sort(found, count);
	for (size_t i = 0; i < count; i++)
		add_target(run, transport, host, &found[i]);
}

/* RFC 2782: a single record with the target "." says that the service is not there. */
static void follow_srv(struct run *run, const struct dns_answer *srv, enum sip_transport transport)
{
	size_t hosts = 0;

	for (size_t i = 0; i < srv->count && hosts < LOCATE_HOSTS_MAX; i++) {
		if (!srv->record[i].name[0])
			continue;
		add_host(run, transport, srv->record[i].name, srv->record[i].port);
		hosts++;
	}
}

static void add_service(struct run *run, const char *name, enum sip_transport transport)
{
	struct located *out = run->out;
	const struct dns_answer *srv = ask(run, name, DNS_SRV);

	for (size_t i = 0; i < out->services; i++)
		if (out->srv[i] == srv)
			return;
	if (out->services == LOCATE_SERVICES_MAX)
		return;
	out->srv[out->services] = srv;
	out->transport[out->services++] = transport;
}

/* The transport that a NAPTR record offers, if we may use it. RFC 3263, 4.1: flag "s", services as
 * in the rules. */
static bool naptr_transport(enum sip_transport *out, const struct run *run,
			    const struct dns_record *naptr)
{
	if (strcasecmp(naptr->flags, "s") || !naptr->name[0])
		return false;
	for (unsigned i = 0; i < TRANSPORTS; i++) {
		if (strcasecmp(naptr->service, rules[i].service) ||
		    !allows(run->query, (enum sip_transport)i))
			continue;
		*out = (enum sip_transport)i;
		return true;
	}
	return false;
}

/* RFC 3403, 4.1: once a record of some order is used, those of a higher order are not; but a client
 * that cannot reach the first may still try the others of RFC 3263, so all are kept, the best
 * first. */
static void follow_naptr(struct run *run)
{
	const struct dns_answer *naptr = run->out->naptr;
	enum sip_transport transport;

	for (size_t i = 0; naptr && i < naptr->count; i++)
		if (naptr_transport(&transport, run, &naptr->record[i]))
			add_service(run, naptr->record[i].name, transport);
}

/* Asks for the SRV records by rule, so that they are there if NAPTR names none or the same, as it
 * mostly does. */
static void follow_rules(struct run *run, bool wanted)
{
	char name[DNS_NAME_MAX + 16];

	for (unsigned i = 0; i < TRANSPORTS; i++) {
		if (!allows(run->query, (enum sip_transport)i))
			continue;
		snprintf(name, sizeof name, "%s%s", rules[i].prefix, run->query->host);
		if (wanted)
			add_service(run, name, (enum sip_transport)i);
		else
			dns_ask(run->dns, run->view, name, DNS_SRV);
	}
}

static void ask_own_addresses(struct run *run)
{
	if (run->query->family != AF_INET)
		dns_ask(run->dns, run->view, run->query->host, DNS_AAAA);
	if (run->query->family != AF_INET6)
		dns_ask(run->dns, run->view, run->query->host, DNS_A);
}

static void find_services(struct run *run)
{
	const unsigned wanted = transports_of(run->query);
	const bool one = !(wanted & (wanted - 1));

	ask_own_addresses(run);
	if (!one)
		run->out->naptr = ask(run, run->query->host, DNS_NAPTR);
	follow_rules(run, false);
	follow_naptr(run);
	/* While NAPTR may still come, what SRV says by rule is followed already, to have its
	 * targets by then. */
	if (!run->out->services)
		follow_rules(run, true);
	note_failure(run, run->out->naptr);
	for (size_t i = 0; i < run->out->services; i++) {
		note_failure(run, run->out->srv[i]);
		run->out->by_srv = run->out->by_srv || run->out->srv[i]->count;
		follow_srv(run, run->out->srv[i], run->out->transport[i]);
	}
}

bool locate(struct located *out, struct dns *dns, unsigned view, const struct sip_query *query)
{
	struct run run = { .out = out, .dns = dns, .view = view, .query = query, .complete = true };

	located_clear(out);
	if (!query->port)
		find_services(&run);
	if (!out->by_srv)
		add_host(&run, locate_transport(query), query->host, locate_port(query));
	if (out->targets.count)
		out->err = ERR_NONE;
	else if (!out->err)
		out->err = ERR_NOT_FOUND;
	return run.complete;
}

void located_clear(struct located *located)
{
	sip_targets_clear(&located->targets);
	*located = (struct located){ 0 };
}
