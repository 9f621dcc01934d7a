/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everybody is asked everything at once, so a dead resolver costs its patience once, however many
 * there are. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "check/dns.h"
#include "check/target.h"

/* A label that nobody has, so that an address for it is an invention. */
static char *unheard_of(const char *under)
{
	uint64_t number;

	if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
		number = (uint64_t)clock_ms();
	return mem_printf("earshot-%012llx.%s", (unsigned long long)number & 0xffffffffffff, under);
}

static bool is_name(const struct host_port *place)
{
	struct addr addr;

	return place->host && addr_parse(&addr, place->host, 0);
}

static void add_subject(struct dns_picture *picture, const struct site *site,
			const struct host_port *place, bool sip)
{
	struct dns_subject *subject = &picture->subject[picture->subjects++];

	*subject = (struct dns_subject){
		.query = target_query(site),
		.sip = sip,
		.made_up = sip ? unheard_of(place->host) : NULL,
	};
	subject->query.host = place->host;
	subject->query.port = sip || place->port ? place->port : 3478;
}

/* The SIP server; without one the STUN servers. */
static void add_subjects(struct dns_picture *picture, const struct site *site)
{
	if (is_name(target_server(site)))
		add_subject(picture, site, target_server(site), true);
	for (size_t i = 0; i < site->stun_count && (!picture->subjects || !picture->subject[0].sip);
	     i++)
		if (is_name(&site->stun[i]))
			add_subject(picture, site, &site->stun[i], false);
}

static enum err add_source(struct dns_picture *picture, const struct addr *server,
			   const char *device, bool outside)
{
	struct dns_source *source = &picture->source[picture->sources];
	const struct dns_view_plan plan = { .server = server, .count = 1, .device = device };
	const enum err err = dns_view_add(&source->view, picture->dns, &plan);

	if (err)
		return err;
	if (addr_port(server) == DNS_PORT)
		addr_host_text(source->name, server);
	else
		addr_text(source->name, server);
	source->outside = outside;
	picture->sources++;
	return ERR_NONE;
}

static enum err add_sources(struct dns_picture *picture, const struct site *site,
			    const struct dns_servers *servers)
{
	struct addr outside;
	enum err err = ERR_NONE;

	for (size_t i = 0; i < servers->count && !err; i++)
		err = add_source(picture, &servers->addr[i], site->interface, false);
	if (!err && site->public_dns)
		err = addr_parse_port(&outside, site->public_dns, DNS_PORT) ? ERR_RANGE : ERR_NONE;
	if (!err && site->public_dns)
		err = add_source(picture, &outside, site->interface, true);
	return err;
}

/* Asks what can be asked by now; true once all is answered. */
static bool ask_source(struct dns_picture *picture, struct dns_source *source)
{
	struct dns *dns = picture->dns;
	bool complete = true;

	if (!source->outside) {
		source->invalid = dns_ask(dns, source->view, picture->invalid, DNS_A);
		complete = source->invalid->state != DNS_PENDING;
	}
	for (size_t i = 0; i < picture->subjects; i++) {
		const struct dns_subject *subject = &picture->subject[i];

		complete &= locate(&source->located[i], dns, source->view, &subject->query);
		if (!subject->made_up)
			continue;
		source->made_up[i] = dns_ask(dns, source->view, subject->made_up, DNS_A);
		complete &= source->made_up[i]->state != DNS_PENDING;
	}
	return complete;
}

static bool ask_all(struct dns_picture *picture)
{
	bool complete = true;

	for (size_t i = 0; i < picture->sources; i++)
		complete &= ask_source(picture, &picture->source[i]);
	return complete;
}

static bool is_proper(enum dns_state state)
{
	return state == DNS_OK || state == DNS_NO_DATA || state == DNS_NO_NAME;
}

/* Whether it failed to give an address because it said nothing, for every name. */
static bool is_mute(const struct dns_picture *picture, const struct dns_source *source)
{
	for (size_t i = 0; i < picture->subjects; i++)
		if (source->located[i].targets.count || source->located[i].err != ERR_TIMEOUT)
			return false;
	return true;
}

/* Made-up names do not count: many resolvers answer for "invalid" by themselves while they can
 * answer nothing else. */
static bool is_about_made_up(const struct dns_source *source, const struct dns_answer *answer)
{
	for (size_t i = 0; i < DNS_SUBJECTS_MAX; i++)
		if (source->made_up[i] == answer)
			return true;
	return source->invalid == answer;
}

static void sum_up(const struct dns_picture *picture, struct dns_source *source)
{
	const struct dns_answer *answer;
	enum dns_state worst = DNS_SILENT;
	bool proper = false;

	for (size_t i = 0; (answer = dns_answer_at(picture->dns, source->view, i)); i++) {
		if (is_about_made_up(source, answer))
			continue;
		if (!is_proper(answer->state)) {
			if (answer->state != DNS_NOT_ASKED && answer->state > worst)
				worst = answer->state;
			continue;
		}
		if (!proper || answer->ms < source->ms)
			source->ms = answer->ms;
		proper = true;
	}
	source->partly = proper && is_mute(picture, source);
	source->state = proper && !source->partly ? DNS_OK : worst;
}

/* One slow moment proves nothing: who was slow is asked again, from another port. */
static void ask_slow_again(struct dns_picture *picture, const struct dns_servers *servers)
{
	const struct deadline until = deadline_in(DNS_PATIENCE_MS);
	const struct dns_answer *again[DNS_SERVERS_MAX + 1] = { NULL };
	bool complete = false;

	for (size_t i = 0; i < servers->count && i < picture->sources; i++) {
		const struct dns_source *source = &picture->source[i];
		const struct dns_view_plan plan = { .server = &servers->addr[i], .count = 1 };
		unsigned view;

		if (source->state == DNS_OK && source->ms > DNS_SLOW_LIMIT_MS &&
		    !dns_view_add(&view, picture->dns, &plan))
			again[i] =
				dns_ask(picture->dns, view, picture->subject[0].query.host, DNS_A);
	}
	while (!complete) {
		complete = true;
		for (size_t i = 0; i < picture->sources; i++)
			complete &= !again[i] || again[i]->state != DNS_PENDING;
		if (!complete)
			dns_wait(picture->dns, &until);
	}
	for (size_t i = 0; i < picture->sources; i++)
		if (again[i])
			picture->source[i].again_ms = again[i]->ms;
}

enum err dns_gather(struct dns_picture *out, const struct site *site,
		    const struct dns_servers *servers)
{
	const struct deadline until = deadline_in(DNS_GATHER_MS);
	enum err err;

	*out = (struct dns_picture){ .dns = dns_new(), .invalid = unheard_of("invalid") };
	add_subjects(out, site);
	err = add_sources(out, site, servers);
	if (err)
		return err;
	while (!ask_all(out))
		dns_wait(out->dns, &until);
	for (size_t i = 0; i < out->sources; i++)
		sum_up(out, &out->source[i]);
	ask_slow_again(out, servers);
	return ERR_NONE;
}

void dns_picture_clear(struct dns_picture *picture)
{
	for (size_t i = 0; i < picture->subjects; i++)
		free(picture->subject[i].made_up);
	for (size_t i = 0; i < picture->sources; i++)
		for (size_t j = 0; j < picture->subjects; j++)
			located_clear(&picture->source[i].located[j]);
	free(picture->invalid);
	dns_free(picture->dns);
	*picture = (struct dns_picture){ 0 };
}

const struct dns_source *dns_best(const struct dns_picture *picture, size_t subject)
{
	const struct dns_source *best = NULL;

	for (size_t i = 0; i < picture->sources; i++) {
		const struct dns_source *source = &picture->source[i];

		if (source->outside || source->state != DNS_OK)
			continue;
		if (source->located[subject].targets.count)
			return source;
		if (!best)
			best = source;
	}
	return best;
}

bool dns_disjoint(const struct located *a, const struct located *b)
{
	bool common_family = false;

	for (size_t i = 0; i < a->targets.count; i++)
		for (size_t j = 0; j < b->targets.count; j++) {
			const struct addr *x = &a->targets.target[i].addr;
			const struct addr *y = &b->targets.target[j].addr;

			if (addr_same_host(x, y))
				return false;
			common_family = common_family || addr_family(x) == addr_family(y);
		}
	return common_family;
}

bool dns_inward(const struct addr *addr)
{
	return addr_is_private(addr) || addr_is_loopback(addr) || addr_is_any(addr);
}

bool dns_any_inward(const struct located *located)
{
	for (size_t i = 0; i < located->targets.count; i++)
		if (dns_inward(&located->targets.target[i].addr))
			return true;
	return false;
}

bool dns_all_inward(const struct located *located)
{
	for (size_t i = 0; i < located->targets.count; i++)
		if (!dns_inward(&located->targets.target[i].addr))
			return false;
	return located->targets.count != 0;
}

/* The index of an address's probe; picture->probes where there is none. */
static size_t find_probe(const struct dns_picture *picture, const struct addr *addr)
{
	size_t i = 0;

	while (i < picture->probes && !addr_equal(&picture->probe[i].addr, addr))
		i++;
	return i;
}

enum dns_reach dns_reach_of(const struct dns_picture *picture, const struct located *located)
{
	enum dns_reach best = REACH_NOT_TRIED;

	for (size_t i = 0; i < located->targets.count; i++) {
		const size_t at = find_probe(picture, &located->targets.target[i].addr);

		if (at < picture->probes && picture->probe[at].reach > best)
			best = picture->probe[at].reach;
	}
	return best;
}

static void add_probes(struct dns_picture *picture, const struct located *located)
{
	for (size_t i = 0; i < located->targets.count && i < DNS_PROBES_A_VIEW; i++) {
		const struct sip_target *target = &located->targets.target[i];
		const size_t at = find_probe(picture, &target->addr);

		if (at == DNS_PROBES_MAX)
			return;
		if (at == picture->probes)
			picture->probe[picture->probes++] =
				(struct dns_probe){ .addr = target->addr };
		if (target->transport == SIP_UDP)
			picture->probe[at].udp = true;
	}
}

void dns_look(struct dns_picture *picture)
{
	for (size_t subject = 0; subject < picture->subjects; subject++) {
		bool wanted = false;

		for (size_t i = 0; i < picture->sources; i++) {
			const struct located *a = &picture->source[i].located[subject];

			wanted = wanted || dns_any_inward(a);
			for (size_t j = 0; j < i; j++)
				wanted = wanted ||
					 dns_disjoint(a, &picture->source[j].located[subject]);
		}
		for (size_t i = 0; i < picture->sources && wanted && picture->subject[subject].sip;
		     i++)
			add_probes(picture, &picture->source[i].located[subject]);
	}
	if (picture->probes)
		dns_probe_run(picture->probe, picture->probes);
}
