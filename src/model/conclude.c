/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/conclude.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/intl.h"
#include "base/mem.h"

static struct finding *find(struct session *session, const char *id)
{
	for (size_t i = 0; i < session->finding_count; i++)
		if (!strcmp(session->findings[i]->kind->id, id))
			return session->findings[i];
	return NULL;
}

static void add_take(struct session *session, struct finding *finding, const char *check)
{
	const size_t count = session->finding_count + 1;

	session->findings = mem_resize(session->findings, count, sizeof *session->findings);
	session->finding_checks =
		mem_resize(session->finding_checks, count, sizeof *session->finding_checks);
	session->findings[session->finding_count] = finding;
	session->finding_checks[session->finding_count] = mem_text(check);
	session->finding_count = count;
}

/* It stands with the check that tells of such things. */
static struct finding *add(struct session *session, const char *id)
{
	struct finding *finding = finding_new(id);

	add_take(session, finding, finding->kind->check);
	return finding;
}

static struct finding *find_or_add(struct session *session, const char *id)
{
	struct finding *finding = find(session, id);

	return finding ? finding : add(session, id);
}

static void drop_at(struct session *session, size_t i)
{
	finding_free(session->findings[i]);
	free(session->finding_checks[i]);
	session->finding_count--;
	memmove(session->findings + i, session->findings + i + 1,
		(session->finding_count - i) * sizeof *session->findings);
	memmove(session->finding_checks + i, session->finding_checks + i + 1,
		(session->finding_count - i) * sizeof *session->finding_checks);
}

static void drop(struct session *session, const char *id)
{
	for (size_t i = session->finding_count; i-- > 0;)
		if (!strcmp(session->findings[i]->kind->id, id))
			drop_at(session, i);
}

static void add_evidence_of(struct finding *finding, const struct finding *other)
{
	for (size_t i = 0; other && i < other->evidence_count; i++)
		finding_evidence(finding, "%s", other->evidence[i]);
}

/* What another finding explains is no fault of its own. */
static void explain(struct session *session, const char *const *ids, const char *why)
{
	for (; *ids; ids++) {
		struct finding *finding = find(session, *ids);

		if (!finding)
			continue;
		finding->severity = SEVERITY_NOTE;
		finding_evidence(finding, "%s", why);
	}
}

static bool is(const struct session *session, const char *fact, const char *value)
{
	return facts_is(&session->facts, fact, value);
}

static bool known(const struct session *session, const char *fact)
{
	return facts_known(&session->facts, fact);
}

/* An IPv4 address; false where the fact is none. */
static bool address_of(struct addr *out, const struct session *session, const char *fact)
{
	return !addr_parse(out, facts_text(&session->facts, fact), 0) &&
	       addr_family(out) == AF_INET;
}

/* Is there an address of that family among those that the provider's name gave? */
static bool name_gives(const struct session *session, int family)
{
	const json_t *value;
	size_t i;

	json_array_foreach(facts_get(&session->facts, "dns.addresses"), i, value) {
		struct addr addr;

		if (json_is_string(value) && !addr_parse(&addr, json_string_value(value), 0) &&
		    addr_family(&addr) == family)
			return true;
	}
	return false;
}

static bool sip_is(const struct session *session, const char *state)
{
	return is(session, "sip.udp", state) || is(session, "sip.tcp", state) ||
	       is(session, "sip.tls", state);
}

/* --- nothing answers at all -------------------------------------------------------------------*/

/* A resolver at home may answer that it failed; that says nothing of what lies beyond. */
static bool resolver_shows_life(const json_t *resolver)
{
	const char *state = json_string_value(json_object_get(resolver, "state"));
	const char *address = json_string_value(json_object_get(resolver, "address"));
	struct addr addr;

	if (!state || !strcmp(state, "silent") || !strcmp(state, "unreachable"))
		return false;
	if (!strcmp(state, "ok"))
		return true;
	return address && !addr_parse_port(&addr, address, 0) && !addr_is_private(&addr) &&
	       !addr_is_loopback(&addr);
}

static bool names_show_life(const struct session *session)
{
	const json_t *resolver;
	size_t i;

	json_array_foreach(facts_get(&session->facts, "dns.resolvers"), i, resolver)
		if (resolver_shows_life(resolver))
			return true;
	return known(session, "dns.public-resolver") &&
	       !is(session, "dns.public-resolver", "silent") &&
	       !is(session, "dns.public-resolver", "unreachable");
}

/* Did anybody answer who is not of this site? */
static bool outside_shows_life(const struct session *session)
{
	return names_show_life(session) || is(session, "udp.open", "yes") ||
	       is(session, "udp.open", "no") /* which TCP has shown */ ||
	       known(session, "nat.public-address") || known(session, "sip-alg") ||
	       sip_is(session, "open") || sip_is(session, "refused") ||
	       sip_is(session, "filtered") || is(session, "rtp.out", "open") ||
	       is(session, "rtp.out", "partial") || is(session, "turn.state", "ok") ||
	       is(session, "turn.state", "auth-failed") || is(session, "turn.state", "no-relay") ||
	       known(session, "quality.rtt-ms");
}

/* Where not even names are told and nobody else answers, DNS is not what is to be mended first. */
static void conclude_silence(struct session *session)
{
	static const char *const explained[] = { "dns-resolver-unreachable",
						 "stun-server-unreachable", "sip-server-silent",
						 NULL };
	const struct finding *dns = find(session, "dns-resolver-unreachable");
	struct finding *finding;

	if (!dns || dns->severity != SEVERITY_FAULT || find(session, "no-default-route") ||
	    !json_array_size(facts_get(&session->facts, "dns.resolvers")) ||
	    outside_shows_life(session))
		return;
	finding = add(session, "nothing-answers");
	finding_evidence(finding, _("There is a way out, but no DNS server answers by it, and "
				    "nothing else did that was tried."));
	add_evidence_of(finding, find(session, "dns-resolver-unreachable"));
	explain(session, explained,
		_("Nothing at all answers from outside (nothing-answers): this may only follow "
		  "from that."));
}

/* --- UDP --------------------------------------------------------------------------------------*/

/* A finding about IPv4 alone is not answered by what may have been IPv6. */
static bool may_be_other_family(const struct session *session, const struct finding *blocked)
{
	return blocked && blocked->severity != SEVERITY_FAULT && name_gives(session, AF_INET6);
}

struct witness {
	const char *words; /* NULL: there is none */
	bool both_ways;
};

/* What shows that UDP gets through. */
static struct witness udp_witness(const struct session *session, const struct finding *blocked)
{
	const bool doubtful = may_be_other_family(session, blocked);
	struct addr addr;

	if (address_of(&addr, session, "nat.public-address"))
		return (struct witness){
			_("Yet a STUN server told over UDP which address it sees."), true
		};
	if (doubtful)
		return (struct witness){ NULL, false };
	if (is(session, "sip.udp", "open"))
		return (struct witness){ _("Yet the provider's SIP server answers over UDP."),
					 true };
	if (is(session, "turn.state", "ok") && is(session, "turn.transport", "udp"))
		return (struct witness){ _("Yet the TURN server answers over UDP."), true };
	if (is(session, "rtp.out", "open") || is(session, "rtp.out", "partial"))
		return (struct witness){ _("Yet UDP to the ports for voice gets out of this site."),
					 false };
	return (struct witness){ NULL, false };
}

/* A dead STUN server is no blocked network. */
static void withdraw_blocked(struct session *session, const struct witness *witness)
{
	const struct finding *blocked = find(session, "udp-blocked");
	struct finding *server;

	if (blocked) {
		server = find_or_add(session, "stun-server-unreachable");
		add_evidence_of(server, blocked);
		finding_evidence(server, _("%s It is the STUN server that does not answer."),
				 witness->words);
		drop(session, "udp-blocked");
	}
	if (is(session, "udp.open", "no"))
		facts_set_text(&session->facts, "udp.open", witness->both_ways ? "yes" : "unknown");
	if (is(session, "nat.type", "udp-blocked"))
		facts_set_text(&session->facts, "nat.type", "unknown");
}

static void conclude_udp(struct session *session)
{
	static const char *const explained[] = { "sip-udp-blocked", "rtp-ports-blocked",
						 "turn-udp-blocked", NULL };
	const struct finding *blocked = find(session, "udp-blocked");
	const struct witness witness = udp_witness(session, blocked);

	if (witness.words && (blocked || is(session, "udp.open", "no")))
		withdraw_blocked(session, &witness);
	else if (blocked && blocked->severity == SEVERITY_FAULT)
		explain(session, explained, _("Follows from all UDP being blocked (udp-blocked)."));
}

/* --- NAT --------------------------------------------------------------------------------------*/

static void set_unknown(struct session *session, const char *fact, json_t *value)
{
	if (known(session, fact))
		json_decref(value);
	else
		facts_set_take(&session->facts, fact, value);
}

/* RFC 6598: such an address is a carrier's. The router's check tells of the same NAT. */
static void conclude_carrier(struct session *session, const char *outside)
{
	const bool told = find(session, "cgnat") != NULL;
	struct finding *finding = find_or_add(session, "cgnat");

	finding_evidence(finding,
			 _("The router's own outside address is %s, one of those set aside for "
			   "carriers' NATs (100.64.0.0/10, RFC 6598)."),
			 outside);
	if (!told)
		add_evidence_of(finding, find(session, "double-nat"));
	drop(session, "double-nat");
	facts_set_text(&session->facts, "nat.cgnat", "yes");
}

/* More than one way out, and the router's may not be the one that STUN took. */
static bool ways_may_differ(const struct session *session)
{
	return is(session, "net.kind", "vpn") ||
	       session_find_finding(session, "vpn-carries-voice") ||
	       session_find_finding(session, "multiple-interfaces");
}

static void conclude_two_public(struct session *session, const char *outside, const char *seen)
{
	struct finding *finding;

	if (ways_may_differ(session) || is(session, "nat.present", "no"))
		return;
	set_unknown(session, "nat.layers", json_integer(2));
	if (find(session, "double-nat") || find(session, "cgnat"))
		return;
	finding = add(session, "double-nat");
	finding_evidence(finding,
			 _("The router says that its outside address is %s; a STUN server sees %s: "
			   "something behind the router translates once more."),
			 outside, seen);
}

static void conclude_nat(struct session *session)
{
	const char *outside = facts_text(&session->facts, "router.external-address");
	const char *seen = facts_text(&session->facts, "nat.public-address");
	struct addr router, world;

	if (!address_of(&router, session, "router.external-address"))
		return;
	if (addr_is_private(&router)) {
		if (addr_is_shared(&router))
			conclude_carrier(session, outside);
		else if (!find(session, "double-nat"))
			finding_evidence(add(session, "double-nat"),
					 _("The router says that its own outside address is %s, "
					   "which is not one of the Internet."),
					 outside);
		set_unknown(session, "nat.layers", json_integer(2));
	} else if (address_of(&world, session, "nat.public-address") && !addr_is_private(&world)) {
		if (!addr_same_host(&router, &world)) {
			conclude_two_public(session, outside, seen);
		} else if (!is(session, "nat.present", "no")) {
			set_unknown(session, "nat.layers", json_integer(1));
			set_unknown(session, "nat.cgnat", json_string("no"));
		}
	}
}

/* One short life is enough, whoever has measured it. nat.binding-seconds alone proves none: it is a
 * lower bound. */
static void conclude_life(struct session *session)
{
	const struct finding *first = find(session, "nat-binding-short");

	for (size_t i = session->finding_count; i-- > 0;)
		if (session->findings[i] != first &&
		    !strcmp(session->findings[i]->kind->id, "nat-binding-short"))
			drop_at(session, i);
}

/* --- SIP --------------------------------------------------------------------------------------*/

static void conclude_alg(struct session *session)
{
	struct finding *finding = find(session, "sip-alg");

	if (!finding)
		return;
	if (is(session, "sip.tls", "open"))
		finding_evidence(finding,
				 _("SIP over TLS answers: a way round, as nobody on the way "
				   "can rewrite it."));
	else if (is(session, "sip.tcp", "open"))
		finding_evidence(finding,
				 _("SIP over TCP answers: it may be a way round, where only "
				   "SIP over UDP is rewritten."));
}

/* A server that never got the question is not silent. */
static void conclude_eaten(struct session *session)
{
	struct finding *finding = find(session, "sip-server-silent");

	if (!finding || !known(session, "sip-alg.eaten-before-hop"))
		return;
	finding->side = SIDE_UNKNOWN;
	finding_evidence(
		finding,
		_("SIP over UDP does not come as far as hop %.0f, where as long a datagram "
		  "that is not SIP does: it vanishes on the way, and the server may never "
		  "have been asked."),
		facts_number(&session->facts, "sip-alg.eaten-before-hop", 0));
}

/* --- IPv6 -------------------------------------------------------------------------------------*/

static void conclude_ipv6(struct session *session)
{
	struct finding *finding = find(session, "dns-ipv6-unroutable");
	const bool worked = sip_is(session, "open") || is(session, "udp.open", "yes");

	if (!finding)
		return;
	if (finding->severity == SEVERITY_FAULT && sip_is(session, "open")) {
		finding->severity = SEVERITY_NOTE;
		finding_evidence(finding, _("SIP answers all the same, so it goes over IPv4."));
	} else if (finding->severity != SEVERITY_FAULT && !worked &&
		   name_gives(session, AF_INET6) && !name_gives(session, AF_INET)) {
		finding->severity = SEVERITY_FAULT;
		finding_evidence(
			finding,
			_("The provider's name gives no IPv4 address, and nothing answers."));
	}
}

/* --- all of it --------------------------------------------------------------------------------*/

void conclude_clear(struct session *session)
{
	while (session->finding_count)
		drop_at(session, session->finding_count - 1);
	free(session->findings);
	free(session->finding_checks);
	session->findings = NULL;
	session->finding_checks = NULL;
	facts_clear(&session->facts);
}

void conclude(struct session *session)
{
	const struct session_told *told = &session->told;

	conclude_clear(session);
	session->facts.values = json_copy(told->facts.values);
	for (size_t i = 0; i < told->finding_count; i++)
		add_take(session, finding_copy(told->findings[i]), told->finding_checks[i]);
	conclude_silence(session);
	conclude_udp(session);
	conclude_nat(session);
	conclude_life(session);
	conclude_alg(session);
	conclude_eaten(session);
	conclude_ipv6(session);
}
