/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/stun_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"

#define REWRITTEN _(" Something on the way rewrites addresses inside packets.")

static const char *protocol(const struct stun_family *family)
{
	return family->family == AF_INET6 ? "IPv6" : "IPv4";
}

const struct stun_family *stun_main_family(const struct stun_result *result)
{
	return result->family[1].answered && !result->family[0].answered && !result->v4_unknown
		       ? &result->family[1]
		       : &result->family[0];
}

static const char *type_of(const struct stun_family *family)
{
	return nat_type(family->present, family->mapping, family->filtering);
}

static bool is_symmetric(const struct stun_family *family)
{
	return family->present == KNOWN_YES && nat_is_dependent(family->mapping);
}

static void tell_fact(struct sink *sink, const char *prefix, const char *name, const char *value)
{
	char full[32];

	snprintf(full, sizeof full, "%s.%s", prefix, name);
	sink_fact_text(sink, full, value);
}

static void tell_family(struct sink *sink, const char *prefix, const struct stun_family *family)
{
	char address[ADDR_TEXT];

	tell_fact(sink, prefix, "mapping", nat_rule_text(family->mapping));
	tell_fact(sink, prefix, "filtering", nat_rule_text(family->filtering));
	tell_fact(sink, prefix, "type", type_of(family));
	tell_fact(sink, prefix, "public-address", addr_host_text(address, &family->seen));
}

static enum known carrier(const char **why, const struct stun_family *family)
{
	const struct nat_carrier question = { .local = family->local,
					      .seen = family->seen,
					      .hop = { family->hop[0], family->hop[1] },
					      .present = family->present };

	return nat_is_carrier(why, &question);
}

static void tell_facts(struct sink *sink, const struct stun_result *result)
{
	const struct stun_family *family = stun_main_family(result);
	const char *why;

	sink_fact_text(sink, "udp.open", known_text(result->udp_open));
	if (result->udp_open == KNOWN_NO) {
		sink_fact_text(sink, "nat.type", "udp-blocked");
		return;
	}
	tell_family(sink, "nat", family);
	sink_fact_text(sink, "nat.present", known_text(family->present));
	sink_fact_text(sink, "nat.port-preserved", known_text(family->port_preserved));
	sink_fact_text(sink, "nat.hairpin", known_text(family->hairpin));
	sink_fact_text(sink, "nat.cgnat", known_text(carrier(&why, family)));
	if (family->present == KNOWN_NO)
		sink_fact_number(sink, "nat.layers", 0);
	if (family == &result->family[0] && result->family[1].answered)
		tell_family(sink, "nat6", &result->family[1]);
}

static void add_view(struct finding *finding, const struct nat_view *view)
{
	char to[ADDR_TEXT], seen[ADDR_TEXT], local[ADDR_TEXT];

	finding_evidence(finding, _("%s sees our port %s as %s"), addr_text(to, &view->to),
			 addr_text(local, &view->local), addr_text(seen, &view->seen));
}

static void add_rewritten(struct finding *finding, const struct stun_family *family)
{
	for (size_t i = 0; i < family->peer_count; i++) {
		char server[ADDR_TEXT], plain[ADDR_TEXT];

		if (!addr_is_set(&family->peer[i].plain))
			continue;
		finding_evidence(
			finding,
			_("%s tells another address in plain (%s) than in its masked form: "
			  "something on the way rewrites addresses in packets"),
			addr_text(server, &family->peer[i].addr),
			addr_text(plain, &family->peer[i].plain));
	}
}

static void tell_symmetric(struct sink *sink, const struct stun_family *family)
{
	struct finding *finding;

	if (!is_symmetric(family))
		return;
	finding = finding_new("nat-symmetric");
	for (size_t round = 0; round < STUN_ROUNDS_MAX; round++)
		for (size_t i = 0; i < family->view_count[round]; i++)
			add_view(finding, &family->view[round][i]);
	add_rewritten(finding, family);
	sink_finding_take(sink, finding);
}

static void tell_carrier(struct sink *sink, const struct stun_family *family)
{
	const char *why;
	struct finding *finding;

	if (carrier(&why, family) != KNOWN_YES)
		return;
	finding = finding_new("cgnat");
	finding_evidence(finding, "%s", why);
	for (unsigned i = 0; i < STUN_HOPS; i++) {
		char hop[ADDR_TEXT], seen[ADDR_TEXT];

		if (!addr_is_shared(&family->hop[i]))
			continue;
		addr_host_text(hop, &family->hop[i]);
		finding_evidence(finding, _("router %u on the way is %s; the outside sees %s"),
				 i + 2, hop, addr_host_text(seen, &family->seen));
		if (!finding->hop)
			finding_place(finding, i + 2, hop);
	}
	sink_finding_take(sink, finding);
}

static void tell_blocked(struct sink *sink, const struct stun_result *result)
{
	const struct stun_witness *witness = &result->witness;
	struct finding *finding;
	char filter[ADDR_TEXT];

	if (witness->udp_open != KNOWN_NO)
		return;
	finding = finding_new("udp-blocked");
	if (result->udp_open == KNOWN_YES) {
		finding->severity = SEVERITY_RISK;
		finding_evidence(finding, _("over IPv6 UDP works; this is about IPv4"));
	}
	for (size_t i = 0; i < witness->text_count; i++)
		finding_evidence(finding, "%s", witness->text[i]);
	if (addr_is_set(&witness->filter))
		finding_place(finding, 0, addr_host_text(filter, &witness->filter));
	sink_finding_take(sink, finding);
}

static const char *end_text(enum exchange_end end)
{
	switch (end) {
	case EXCHANGE_REFUSED: return _("refused: nothing listens on that port");
	case EXCHANGE_FILTERED: return _("turned away by a filter");
	case EXCHANGE_UNREACHABLE:
	case EXCHANGE_EXPIRED: return _("no way there");
	case EXCHANGE_FAILED: return _("it could not be sent");
	default: return _("no answer to three requests in two and a half seconds");
	}
}

static void add_peer(struct finding *finding, const struct stun_peer *peer)
{
	char addr[ADDR_TEXT], offender[ADDR_TEXT];

	addr_text(addr, &peer->addr);
	if (peer->answered)
		finding_evidence(finding, _("%s: answers"), addr);
	else if (addr_is_set(&peer->nonsense))
		finding_evidence(finding,
				 _("%s: answered with an address that cannot be ours (%s)"), addr,
				 addr_text(offender, &peer->nonsense));
	else if (peer->end == EXCHANGE_ANSWERED && peer->error_code)
		finding_evidence(finding, _("%s: answered with error %u"), addr, peer->error_code);
	else if (peer->end == EXCHANGE_ANSWERED)
		finding_evidence(finding, _("%s: answered without telling an address"), addr);
	else if (addr_is_set(&peer->offender))
		finding_evidence(finding, _("%s: %s (told by %s)"), addr, end_text(peer->end),
				 addr_host_text(offender, &peer->offender));
	else
		finding_evidence(finding, "%s: %s", addr, end_text(peer->end));
}

/* Yes or no for a family in which the server was asked. */
static enum known answered_over(const struct stun_family *family, size_t server)
{
	enum known answered = KNOWN_NOT;

	for (size_t i = 0; i < family->peer_count; i++) {
		if (family->peer[i].server != server)
			continue;
		if (family->peer[i].answered)
			return KNOWN_YES;
		answered = KNOWN_NO;
	}
	return answered;
}

/* The family that media takes decides, unless the server has no address there. */
static bool server_answered(const struct stun_result *result, size_t server)
{
	const enum known answered = answered_over(stun_main_family(result), server);

	if (answered != KNOWN_NOT)
		return answered == KNOWN_YES;
	return answered_over(&result->family[0], server) == KNOWN_YES ||
	       answered_over(&result->family[1], server) == KNOWN_YES;
}

static void tell_server(struct sink *sink, const struct stun_result *result,
			const struct site *site, size_t server)
{
	struct finding *finding = finding_new("stun-server-unreachable");
	char *name = host_port_text(&site->stun[server]);
	bool asked = false;

	finding_evidence(finding, _("STUN server %s"), name);
	free(name);
	if (result->name_err[server])
		finding_evidence(finding, _("its name could not be looked up: %s"),
				 err_text(result->name_err[server]));
	for (size_t f = 0; f < STUN_FAMILIES; f++) {
		for (size_t i = 0; i < result->family[f].peer_count; i++) {
			if (result->family[f].peer[i].server != server)
				continue;
			add_peer(finding, &result->family[f].peer[i]);
			asked = true;
		}
	}
	if (!asked && !result->name_err[server])
		finding_evidence(finding, _("this computer has no route to it"));
	for (size_t i = result->witness.stun_texts; i < result->witness.text_count; i++)
		finding_evidence(finding, "%s", result->witness.text[i]);
	sink_finding_take(sink, finding);
}

static void tell_servers(struct sink *sink, const struct stun_result *result,
			 const struct site *site)
{
	if (result->witness.udp_open == KNOWN_NO)
		return;
	for (size_t i = 0; i < site->stun_count; i++)
		if (!server_answered(result, i))
			tell_server(sink, result, site, i);
}

/* "port-restricted cone NAT", or what is known of it. */
static const char *type_words(const struct stun_family *family)
{
	static const char *const words[][2] = {
		{ "open", N_("No NAT and no filter") },
		{ "symmetric-firewall", N_("No NAT, but a firewall that lets in only answers") },
		{ "full-cone", N_("Full-cone NAT") },
		{ "restricted-cone", N_("Restricted-cone NAT") },
		{ "port-restricted-cone", N_("Port-restricted-cone NAT") },
		{ "symmetric", N_("Symmetric NAT: each destination sees another port") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(words[i][0], type_of(family)))
			return _(words[i][1]);
	if (family->present == KNOWN_NO)
		return _("No NAT; what is let in could not be told");
	if (family->present == KNOWN_NOT)
		return _("UDP gets through; what NAT there is could not be told");
	if (family->mapping == NAT_INDEPENDENT)
		return _("A cone NAT; whom it lets in could not be told");
	return _("There is a NAT; of which type could not be told");
}

static bool has_rewritten(const struct stun_family *family)
{
	for (size_t i = 0; i < family->peer_count; i++)
		if (addr_is_set(&family->peer[i].plain))
			return true;
	return false;
}

static const char *silence_words(const struct stun_result *result)
{
	const struct stun_witness *witness = &result->witness;

	if (result->family[1].answered)
		return _("UDP gets through over IPv6; the DNS did not say whether the STUN servers "
			 "have IPv4 addresses.");
	if (witness->udp_open == KNOWN_NO)
		return witness->only_dns ? _("No UDP but DNS gets out of this site.")
					 : _("UDP does not get out of this site.");
	if (witness->udp_open == KNOWN_YES)
		return _("No STUN server answers, but UDP gets through.");
	if (witness->only_dns)
		return _("Over UDP nothing but DNS answers; whether other UDP gets through could "
			 "not "
			 "be told.");
	return _("No STUN server answers; whether UDP gets through could not be told.");
}

/* " IPv6: …", or what is wrong with IPv4; the caller frees. */
static char *more_words(const struct stun_result *result)
{
	const struct stun_family *v6 = &result->family[1];

	if (result->witness.udp_open == KNOWN_NO)
		return mem_text(_(" Over IPv4 UDP does not get out of this site."));
	if (stun_main_family(result) != v6 && v6->answered)
		return mem_printf(_(" %s: %s."), protocol(v6), type_words(v6));
	return mem_text("");
}

static void tell_summary(struct sink *sink, const struct stun_result *result)
{
	const struct stun_family *family = stun_main_family(result);
	char address[ADDR_TEXT], *seen, *more;

	if (!family->answered) {
		sink_summary(sink, "%s", silence_words(result));
		return;
	}
	addr_host_text(address, &family->seen);
	seen = addr_is_set(&family->seen)
		       ? mem_printf(_(" The outside sees %s (%s)."), address, protocol(family))
		       : mem_text("");
	more = more_words(result);
	if (addr_is_set(&family->doubtful)) {
		free(seen);
		seen = mem_printf(
			_(" The STUN server says that it sees us at the private address %s: it is "
			  "behind a proxy, or does not tell the truth."),
			addr_host_text(address, &family->doubtful));
	}
	sink_summary(sink, _("%s.%s%s%s"), type_words(family), seen,
		     has_rewritten(family) ? REWRITTEN : "", more);
	free(seen);
	free(more);
}

void stun_report_carrier(const struct stun_result *result, struct sink *sink)
{
	const char *why;

	sink_fact_text(sink, "nat.cgnat", known_text(carrier(&why, stun_main_family(result))));
	tell_carrier(sink, stun_main_family(result));
}

void stun_report_life(const struct stun_life *life, const struct addr *server, unsigned keep_alive,
		      struct sink *sink)
{
	struct finding *finding;
	char text[ADDR_TEXT];

	if (!stun_life_is_short(life, keep_alive))
		return;
	finding = finding_new("nat-binding-short");
	if (life->alive)
		finding_evidence(finding,
				 _("after %u seconds without a packet an answer still came in"),
				 life->alive);
	finding_evidence(finding,
			 _("after %u seconds without a packet none came in any more, in two tries; "
			   "without the pause it did"),
			 stun_life_dead(life));
	finding_evidence(finding, _("a keep-alive every %u seconds comes too late"), keep_alive);
	finding_evidence(finding, _("measured with STUN server %s (RESPONSE-PORT, RFC 5780, 4.6)"),
			 addr_text(text, server));
	sink_finding_take(sink, finding);
}

void stun_report(const struct stun_result *result, const struct site *site, struct sink *sink)
{
	tell_facts(sink, result);
	tell_blocked(sink, result);
	tell_servers(sink, result, site);
	tell_symmetric(sink, stun_main_family(result));
	tell_carrier(sink, stun_main_family(result));
	tell_summary(sink, result);
}
