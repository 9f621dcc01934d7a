/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conclusions over checks: what was told on the left, what follows on the right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/conclude.h"

#define DEAD_NAMES                                                                                 \
	"dns.resolvers=[{\"address\":\"192.168.1.1\",\"state\":\"silent\"}] "                      \
	"!dns-resolver-unreachable/fault "

/* "name=value" is a fact (JSON, or a text), "!id[/severity]" a finding. In `then` a finding that is
 * not named must not be there; "?words" must stand in the evidence of the finding before it,
 * '_' for a blank, "@side" is its side. */
static const struct {
	const char *what, *given, *then;
} rules[] = {
	{ "nothing told, nothing follows", "", "" },
	{ "what a check found stands", "!wifi-weak nat.type=symmetric",
	  "!wifi-weak/risk nat.type=symmetric" },

	{ "UDP is blocked: so are its users",
	  "udp.open=no nat.type=udp-blocked !udp-blocked !sip-udp-blocked !rtp-ports-blocked "
	  "!turn-udp-blocked sip.udp=silent sip.tcp=open",
	  "udp.open=no nat.type=udp-blocked !udp-blocked/fault !sip-udp-blocked/note "
	  "?Follows_from_all_UDP !rtp-ports-blocked/note ?udp-blocked !turn-udp-blocked/note" },
	{ "UDP blocked over IPv4 alone explains nothing",
	  "udp.open=yes !udp-blocked/risk !sip-udp-blocked",
	  "!udp-blocked/risk !sip-udp-blocked/fault" },
	{ "SIP over UDP answers: a dead STUN server",
	  "udp.open=no nat.type=udp-blocked !udp-blocked sip.udp=open",
	  "udp.open=yes nat.type=unknown !stun-server-unreachable/risk ?SIP_server_answers" },
	{ "no second finding of the dead server",
	  "udp.open=no !udp-blocked !stun-server-unreachable sip.udp=open",
	  "!stun-server-unreachable/risk udp.open=yes" },
	{ "voice gets out, which says nothing of the way back",
	  "udp.open=no !udp-blocked rtp.out=partial",
	  "udp.open=unknown !stun-server-unreachable ?ports_for_voice" },
	{ "voice gets out and SIP comes back", "udp.open=no !udp-blocked rtp.out=open sip.udp=open",
	  "udp.open=yes !stun-server-unreachable" },
	{ "TURN over UDP", "udp.open=no !udp-blocked turn.state=ok turn.transport=udp",
	  "udp.open=yes !stun-server-unreachable ?TURN" },
	{ "TURN over TCP is no witness",
	  "udp.open=no !udp-blocked turn.state=ok turn.transport=tcp", "udp.open=no !udp-blocked" },
	{ "STUN contradicts itself", "udp.open=no !udp-blocked nat.public-address=203.0.113.2",
	  "udp.open=yes !stun-server-unreachable" },
	{ "IPv4 blocked, SIP open perhaps over IPv6",
	  "udp.open=yes !udp-blocked/risk sip.udp=open "
	  "dns.addresses=[\"2001:db8::1\",\"192.0.2.1\"] nat.public-address=2001:db8::2",
	  "!udp-blocked/risk udp.open=yes" },
	{ "IPv4 blocked, SIP open over IPv4",
	  "udp.open=yes !udp-blocked/risk sip.udp=open dns.addresses=[\"192.0.2.1\"]",
	  "!stun-server-unreachable/risk udp.open=yes" },
	{ "a dead STUN server stays one", "udp.open=unknown !stun-server-unreachable",
	  "udp.open=unknown !stun-server-unreachable/risk" },

	{ "the router's outside is private",
	  "router.external-address=10.0.0.2 nat.layers=unknown nat.present=yes",
	  "nat.layers=2 !double-nat/risk ?10.0.0.2" },
	{ "told by the router's check already", "router.external-address=10.0.0.2 !double-nat",
	  "nat.layers=2 !double-nat/risk" },
	{ "a measured number of NATs stands", "router.external-address=10.0.0.2 nat.layers=3",
	  "nat.layers=3 !double-nat" },
	{ "the router's outside is a carrier's",
	  "router.external-address=100.64.3.4 !double-nat nat.cgnat=unknown",
	  "nat.cgnat=yes nat.layers=2 !cgnat/risk ?100.64.3.4" },
	{ "told by both", "router.external-address=100.64.3.4 !double-nat !cgnat nat.cgnat=yes",
	  "nat.cgnat=yes nat.layers=2 !cgnat/risk ?100.64.3.4" },
	{ "two public addresses that differ",
	  "router.external-address=198.51.100.9 nat.public-address=203.0.113.2 nat.present=yes",
	  "nat.layers=2 !double-nat/risk ?203.0.113.2 ?198.51.100.9" },
	{ "they differ because of CGNAT, which is told",
	  "router.external-address=198.51.100.9 nat.public-address=203.0.113.2 !cgnat",
	  "nat.layers=2 !cgnat" },
	{ "they differ because of a tunnel",
	  "router.external-address=198.51.100.9 nat.public-address=203.0.113.2 net.kind=vpn",
	  "nat.layers= " },
	{ "they differ because of a second line",
	  "router.external-address=198.51.100.9 nat.public-address=203.0.113.2 "
	  "!multiple-interfaces",
	  "nat.layers= !multiple-interfaces" },
	{ "no NAT here",
	  "router.external-address=198.51.100.9 nat.public-address=203.0.113.2 "
	  "nat.present=no nat.layers=0",
	  "nat.layers=0" },
	{ "the same address",
	  "router.external-address=203.0.113.2 nat.public-address=203.0.113.2 "
	  "nat.cgnat=unknown nat.layers=unknown nat.present=yes",
	  "nat.layers=1 nat.cgnat=no" },
	{ "the same address, and yet a carrier's NAT was seen",
	  "router.external-address=203.0.113.2 nat.public-address=203.0.113.2 nat.cgnat=yes !cgnat",
	  "nat.layers=1 nat.cgnat=yes !cgnat" },
	{ "an IPv6 view is not compared",
	  "router.external-address=203.0.113.2 nat.public-address=2001:db8::2", "nat.layers= " },
	{ "no router told", "router.external-address=unknown nat.public-address=203.0.113.2",
	  "nat.layers= nat.cgnat= " },
	{ "nonsense for an address", "router.external-address=[1] nat.public-address=x", "" },

	{ "a short life is told once",
	  "!nat-binding-short !nat-binding-short nat.binding-seconds=20",
	  "!nat-binding-short/risk" },
	{ "a lower bound proves no short life", "nat.binding-seconds=15", "" },

	{ "a way round the ALG: TLS", "!sip-alg sip-alg=yes sip.tls=open sip.tcp=open",
	  "!sip-alg/fault ?over_TLS" },
	{ "a way round the ALG: TCP", "!sip-alg sip-alg=yes sip.tls=refused sip.tcp=open",
	  "!sip-alg/fault ?over_TCP" },
	{ "no way round is known", "!sip-alg sip-alg=yes sip.tls=silent sip.tcp=unknown",
	  "!sip-alg/fault" },

	{ "the server is silent", "!sip-server-silent sip-alg.eaten-before-hop=unknown",
	  "!sip-server-silent/fault @provider" },
	{ "SIP vanishes on the way", "!sip-server-silent sip-alg.eaten-before-hop=3",
	  "!sip-server-silent/fault @unknown ?hop_3" },

	{ "no IPv6, but IPv4 works",
	  "!dns-ipv6-unroutable dns.addresses=[\"2001:db8::1\",\"192.0.2.1\"] sip.udp=open",
	  "!dns-ipv6-unroutable/note" },
	{ "no IPv6, and the name has no IPv4",
	  "!dns-ipv6-unroutable dns.addresses=[\"2001:db8::1\"] sip.udp=unknown",
	  "!dns-ipv6-unroutable/fault ?no_IPv4" },
	{ "nothing works, but there would be IPv4",
	  "!dns-ipv6-unroutable dns.addresses=[\"2001:db8::1\",\"192.0.2.1\"] sip.udp=silent",
	  "!dns-ipv6-unroutable/note" },
	{ "the check's fault, but SIP answers", "!dns-ipv6-unroutable/fault sip.tcp=open",
	  "!dns-ipv6-unroutable/note ?over_IPv4" },

	{ "nothing answers at all",
	  DEAD_NAMES "dns.public-resolver=silent udp.open=unknown !stun-server-unreachable",
	  "!nothing-answers/fault @unknown !dns-resolver-unreachable/note ?nothing-answers "
	  "!stun-server-unreachable/note" },
	{ "nothing answers, and there is no other DNS server to ask", DEAD_NAMES,
	  "!nothing-answers/fault !dns-resolver-unreachable/note" },
	{ "the DNS server at home answers that it failed",
	  "dns.resolvers=[{\"address\":\"127.0.0.53\",\"state\":\"failed\"}] "
	  "!dns-resolver-unreachable/fault dns.public-resolver=unreachable",
	  "!nothing-answers/fault !dns-resolver-unreachable/note" },
	{ "one out there answers that it refuses",
	  "dns.resolvers=[{\"address\":\"192.0.2.53\",\"state\":\"refused\"}] "
	  "!dns-resolver-unreachable/fault",
	  "!dns-resolver-unreachable/fault" },
	{ "the public one answers: the site's DNS is dead", DEAD_NAMES "dns.public-resolver=ok",
	  "!dns-resolver-unreachable/fault" },
	{ "STUN by address answers", DEAD_NAMES "udp.open=yes", "!dns-resolver-unreachable/fault" },
	{ "UDP is closed, so TCP was open", DEAD_NAMES "udp.open=no !udp-blocked",
	  "!dns-resolver-unreachable/fault !udp-blocked" },
	{ "the way is there", DEAD_NAMES "sip-alg=no", "!dns-resolver-unreachable/fault" },
	{ "no cable: told already", DEAD_NAMES "!no-default-route",
	  "!dns-resolver-unreachable/fault !no-default-route" },
	{ "one DNS server of two is dead",
	  "dns.resolvers=[{\"address\":\"192.168.1.1\",\"state\":\"silent\"}] "
	  "!dns-resolver-unreachable/risk",
	  "!dns-resolver-unreachable/risk" },
};

static void tell(struct session *session, const char *check, json_t *event)
{
	assert_non_null(event);
	session_check(session, check, event);
	json_decref(event);
}

static void tell_fact(struct session *session, const char *name, const char *value)
{
	const struct fact_kind *kind = fact_kind_find(name);
	json_t *json = json_loads(value, JSON_DECODE_ANY, NULL);

	assert_non_null(kind);
	tell(session, kind->check,
	     json_pack("{s:s, s:s, s:o}", "event", "fact", "name", name, "value",
		       json ? json : json_string(value)));
}

static void tell_finding(struct session *session, char *id)
{
	char *severity = strchr(id, '/');
	struct finding *finding;

	if (severity)
		*severity++ = 0;
	finding = finding_new(id);
	if (severity)
		assert_int_equal(severity_parse(&finding->severity, severity), ERR_NONE);
	tell(session, finding->kind->check,
	     json_pack("{s:s, s:o}", "event", "finding", "finding", finding_to_json(finding)));
	finding_free(finding);
}

static void give(struct session *session, char *word)
{
	char *value = strchr(word, '=');

	if (*word == '!') {
		tell_finding(session, word + 1);
		return;
	}
	assert_non_null(value);
	*value++ = 0;
	tell_fact(session, word, value);
}

/* Applies `what` to each word between blanks, from the last to the first with `backwards`. */
static void give_all(struct session *session, const char *given, bool backwards)
{
	char *text = mem_text(given), *rest, *words[32];
	size_t count = 0;

	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	for (size_t i = 0; i < count; i++)
		give(session, words[backwards ? count - 1 - i : i]);
	free(text);
}

static bool says(const struct finding *finding, char *words)
{
	for (char *c = words; *c; c++)
		if (*c == '_')
			*c = ' ';
	for (size_t i = 0; i < finding->evidence_count; i++)
		if (strstr(finding->evidence[i], words))
			return true;
	return false;
}

static const struct finding *expect_finding(const struct session *session, char *id,
					    const char *what)
{
	char *severity = strchr(id, '/');
	const struct finding *finding;

	if (severity)
		*severity++ = 0;
	finding = session_find_finding(session, id);
	if (!finding)
		fail_msg("%s: no %s", what, id);
	if (severity && strcmp(severity_text(finding->severity), severity) != 0)
		fail_msg("%s: %s is a %s", what, id, severity_text(finding->severity));
	return finding;
}

static void expect_fact(const struct session *session, char *word, const char *what)
{
	char *value = strchr(word, '=');

	assert_non_null(value);
	*value++ = 0;
	if (*value ? !facts_is(&session->facts, word, value) : facts_known(&session->facts, word))
		fail_msg("%s: %s is not '%s'", what, word, value);
}

static void expect(const struct session *session, const char *then, const char *what)
{
	char *text = mem_text(then), *rest;
	const struct finding *finding = NULL;
	size_t findings = 0;

	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		if (*word == '!') {
			finding = expect_finding(session, word + 1, what);
			findings++;
		} else if (*word == '?') {
			if (!says(finding, word + 1))
				fail_msg("%s: %s does not say '%s'", what, finding->kind->id,
					 word + 1);
		} else if (*word == '@') {
			assert_string_equal(side_text(finding->side), word + 1);
		} else {
			expect_fact(session, word, what);
		}
	}
	if (session->finding_count != findings)
		fail_msg("%s: %zu findings, not %zu", what, session->finding_count, findings);
	free(text);
}

static void every_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * sizeof rules / sizeof *rules; i++) {
		struct session session;

		session_init(&session, "0");
		give_all(&session, rules[i / 2].given, i % 2);
		expect(&session, rules[i / 2].then, rules[i / 2].what);
		/* Once more changes nothing. */
		conclude(&session);
		expect(&session, rules[i / 2].then, rules[i / 2].what);
		session_clear(&session);
	}
}

/* A retest takes back what rested on the last run. */
static void goes_with_its_grounds(void **state)
{
	struct session session;

	(void)state;
	session_init(&session, "0");
	give_all(&session, "udp.open=no !udp-blocked sip.udp=open", false);
	expect(&session, "!stun-server-unreachable udp.open=yes", "withdrawn");
	give_all(&session, "sip.udp=silent", false);
	expect(&session, "!udp-blocked/fault udp.open=no", "and back");
	tell(&session, "stun", json_pack("{s:s}", "event", "start"));
	expect(&session, "", "run anew");
	assert_false(facts_known(&session.before, "udp.open"));
	session_clear(&session);
}

/* What one finding explains is told by no more than its sentences. */
static void long_evidence_is_cut(void **state)
{
	struct finding *finding = finding_new("udp-blocked");
	struct session session;

	(void)state;
	session_init(&session, "0");
	for (int i = 0; i < FINDING_EVIDENCE_MAX; i++)
		finding_evidence(finding, "sentence %d", i);
	tell(&session, "stun",
	     json_pack("{s:s, s:o}", "event", "finding", "finding", finding_to_json(finding)));
	finding_free(finding);
	give_all(&session, "sip.udp=open !stun-server-unreachable", false);
	assert_int_equal(session_find_finding(&session, "stun-server-unreachable")->evidence_count,
			 FINDING_EVIDENCE_MAX);
	session_clear(&session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule),
		cmocka_unit_test(goes_with_its_grounds),
		cmocka_unit_test(long_evidence_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
