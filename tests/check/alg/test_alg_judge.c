/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what was seen to what is said: paths, quotes and the provider's answer as a table. */
#include "check/alg_judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/alg_words.h"

#define BIT(name) (1U << SIP_FIELD_##name)
#define INVITE_FIELDS                                                                              \
	(BIT(VIA) | BIT(CONTACT) | BIT(FROM) | BIT(TO) | BIT(CALL_ID) | BIT(REQUEST_URI) |         \
	 BIT(SDP_CONNECTION) | BIT(SDP_ORIGIN) | BIT(SDP_PORT) | BIT(CONTENT_LENGTH) | BIT(OTHER))
#define REWRITTEN (BIT(VIA) | BIT(CONTACT) | BIT(SDP_CONNECTION))

/* One hop of the main lane. `quotes` quotes of each method, all alike. */
struct hop {
	const char *router;
	unsigned quotes, changed;
	unsigned seen; /* 0: all of an INVITE's fields */
	unsigned answered;
};

static struct addr at(const char *text)
{
	struct addr addr = { 0 };

	if (text)
		assert_int_equal(addr_parse(&addr, text, 0), ERR_NONE);
	return addr;
}

struct situation {
	const char *name;
	struct hop hop[5];
	const char *local, *target; /* NULL: 192.168.1.10, 198.51.100.10 */
	const char *received, *received_by_name, *mapped;
	bool answered, via_changed;
	unsigned eaten_at; /* SIP never came there, the decoy did */
	bool no_register;  /* no router showed a REGISTER, though three were sent to each */
	bool decoy;        /* all showed the decoy */
	bool v4_unknown;
	enum alg_answer answer;
	enum alg_proof proof;
	unsigned in_hop, after, by, clean, eaten;
	enum side side;
};

#define ROUTER "192.168.1.1"
#define ISP    "203.0.113.1"
#define CORE   "192.0.2.2"
#define AS_SENT(at)                                                                                \
	{                                                                                          \
		.router = (at), .quotes = 1                                                        \
	}
#define CHANGED(at, fields)                                                                        \
	{                                                                                          \
		.router = (at), .quotes = 1, .changed = (fields)                                   \
	}
#define SHORT(at, fields)                                                                          \
	{                                                                                          \
		.router = (at), .quotes = 1, .seen = (fields)                                      \
	}

static const struct situation situations[] = {
	{ .name = "nothing answers", .answer = ALG_UNKNOWN },
	{ .name = "clean path",
	  .hop = { AS_SENT(ROUTER), AS_SENT(ISP), AS_SENT(CORE) },
	  .answered = true,
	  .received = "203.0.113.2",
	  .answer = ALG_NO,
	  .clean = 3 },
	{ .name = "an INVITE came clean, but no REGISTER was shown",
	  .hop = { AS_SENT(ROUTER), AS_SENT(ISP), AS_SENT(CORE) },
	  .no_register = true,
	  .answer = ALG_UNKNOWN },
	{ .name = "an INVITE came clean, every REGISTER was swallowed",
	  .hop = { { .router = ROUTER }, AS_SENT(ISP) },
	  .no_register = true,
	  .decoy = true,
	  .answer = ALG_UNKNOWN,
	  .eaten = 1 },
	{ .name = "clean, but only the first router shows it",
	  .hop = { { .router = ROUTER, .quotes = 3 } },
	  .answer = ALG_UNKNOWN },
	{ .name = "clean, but only private routers show it",
	  .hop = { AS_SENT(ROUTER), AS_SENT("10.0.0.1") },
	  .answer = ALG_UNKNOWN },
	{ .name = "the carrier's own addresses are not yet behind its NAT",
	  .hop = { AS_SENT(ROUTER), AS_SENT("100.64.0.1") },
	  .answer = ALG_UNKNOWN },
	{ .name = "private routers, but no NAT",
	  .hop = { AS_SENT(ROUTER), AS_SENT("10.0.0.1") },
	  .mapped = "192.168.1.10",
	  .answer = ALG_NO,
	  .clean = 2 },
	{ .name = "private routers to a private server",
	  .hop = { AS_SENT(ROUTER), AS_SENT("10.0.0.1") },
	  .target = "10.9.9.9",
	  .answer = ALG_NO,
	  .clean = 2 },
	{ .name = "quotes too short to show the SDP",
	  .hop = { SHORT(ROUTER, BIT(VIA)), SHORT(ISP, BIT(VIA)) },
	  .answer = ALG_UNKNOWN },
	{ .name = "server silent, path clean",
	  .hop = { AS_SENT(ROUTER), AS_SENT(ISP) },
	  .answer = ALG_NO,
	  .clean = 2 },
	{ .name = "IPv6, clean",
	  .hop = { AS_SENT("2001:db8:1::1"), AS_SENT("2001:db8:f::1") },
	  .local = "2001:db8:1::10",
	  .target = "2001:db8:100::10",
	  .answer = ALG_NO,
	  .clean = 2 },

	{ .name = "IPv6, clean, but IPv4 could not be looked up",
	  .hop = { AS_SENT("2001:db8:1::1"), AS_SENT("2001:db8:f::1") },
	  .local = "2001:db8:1::10",
	  .target = "2001:db8:100::10",
	  .v4_unknown = true,
	  .answer = ALG_UNKNOWN },

	{ .name = "router rewrites",
	  .hop = { AS_SENT(ROUTER), CHANGED(ISP, REWRITTEN), CHANGED(CORE, REWRITTEN) },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 1,
	  .after = 1,
	  .by = 2,
	  .side = SIDE_SITE },
	{ .name = "router hides, the next shows it",
	  .hop = { { .router = NULL }, CHANGED(ISP, REWRITTEN) },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 1,
	  .by = 2,
	  .side = SIDE_SITE },
	{ .name = "router's quote too short to tell, the next shows it",
	  .hop = { SHORT(ROUTER, BIT(REQUEST_URI)), CHANGED(ISP, BIT(SDP_CONNECTION)) },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 1,
	  .by = 2,
	  .side = SIDE_SITE },
	{ .name = "the hop behind hides",
	  .hop = { AS_SENT(ROUTER), { .router = NULL }, CHANGED(CORE, REWRITTEN) },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 0,
	  .after = 1,
	  .by = 3,
	  .side = SIDE_UNKNOWN },
	{ .name = "the hop behind hides, but the answer calls us by our own address",
	  .hop = { AS_SENT(ROUTER), { .router = NULL }, CHANGED(CORE, REWRITTEN) },
	  .answered = true,
	  .received = "192.168.1.10",
	  .received_by_name = "203.0.113.2",
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 0,
	  .after = 1,
	  .by = 3,
	  .side = SIDE_SITE },
	{ .name = "changed on arrival at the first router",
	  .hop = { CHANGED(ROUTER, REWRITTEN), CHANGED(ISP, REWRITTEN) },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 1,
	  .by = 1,
	  .side = SIDE_SITE },
	{ .name = "second router of the site rewrites",
	  .hop = { AS_SENT(ROUTER), AS_SENT("10.0.0.1"), CHANGED(ISP, REWRITTEN) },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 2,
	  .after = 2,
	  .by = 3,
	  .side = SIDE_SITE },
	{ .name = "the carrier's NAT rewrites",
	  .hop = { AS_SENT(ROUTER), AS_SENT("100.64.0.1"), CHANGED(ISP, REWRITTEN) },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 2,
	  .after = 2,
	  .by = 3,
	  .side = SIDE_UNKNOWN },
	{ .name = "deep in the net of others",
	  .hop = { AS_SENT(ROUTER), AS_SENT(ISP), CHANGED(CORE, REWRITTEN) },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 2,
	  .after = 2,
	  .by = 3,
	  .side = SIDE_UNKNOWN },
	{ .name = "one router's strange quote, clean behind it",
	  .hop = { AS_SENT(ROUTER), CHANGED(ISP, REWRITTEN), AS_SENT(CORE) },
	  .answer = ALG_NO,
	  .clean = 3 },
	{ .name = "no NAT, rewritten all the same",
	  .hop = { AS_SENT("198.51.100.129"), CHANGED(ISP, BIT(OTHER)) },
	  .local = "198.51.100.130",
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_QUOTE,
	  .in_hop = 1,
	  .after = 1,
	  .by = 2,
	  .side = SIDE_SITE },

	{ .name = "routers silent, answer calls us by our own address",
	  .answered = true,
	  .received = "192.168.1.10",
	  .received_by_name = "203.0.113.2",
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_WITNESS,
	  .side = SIDE_SITE },
	{ .name = "the same, known through STUN",
	  .answered = true,
	  .received = "192.168.1.10",
	  .mapped = "203.0.113.2",
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_WITNESS,
	  .side = SIDE_SITE },
	{ .name = "our own address, nothing to compare with",
	  .answered = true,
	  .received = "192.168.1.10",
	  .answer = ALG_UNKNOWN },
	{ .name = "a VPN without NAT",
	  .answered = true,
	  .received = "192.168.1.10",
	  .mapped = "203.0.113.2",
	  .received_by_name = "192.168.1.10",
	  .answer = ALG_UNKNOWN },
	{ .name = "a private server beside a NAT",
	  .answered = true,
	  .received = "192.168.1.10",
	  .mapped = "203.0.113.2",
	  .target = "10.9.9.9",
	  .answer = ALG_UNKNOWN },
	{ .name = "public address of our own",
	  .answered = true,
	  .received = "198.51.100.130",
	  .local = "198.51.100.130",
	  .mapped = "198.51.100.130",
	  .answer = ALG_UNKNOWN },
	{ .name = "routers silent, answer as it should be",
	  .answered = true,
	  .received = "203.0.113.2",
	  .mapped = "203.0.113.2",
	  .answer = ALG_UNKNOWN },
	{ .name = "answer without received",
	  .answered = true,
	  .mapped = "203.0.113.2",
	  .answer = ALG_UNKNOWN },
	{ .name = "Via came back changed",
	  .answered = true,
	  .via_changed = true,
	  .received = "203.0.113.2",
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_WITNESS,
	  .side = SIDE_UNKNOWN },
	{ .name = "quotes clean, but the answer proves it",
	  .hop = { AS_SENT(ROUTER), AS_SENT(ISP) },
	  .answered = true,
	  .received = "192.168.1.10",
	  .received_by_name = "203.0.113.2",
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_WITNESS,
	  .side = SIDE_SITE },

	{ .name = "a proxy at the second hop",
	  .hop = { AS_SENT(ROUTER),
		   { .router = ISP, .answered = 2 },
		   { .router = CORE, .answered = 2 } },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_PROXY,
	  .after = 1,
	  .by = 2,
	  .side = SIDE_UNKNOWN },
	{ .name = "a proxy in the router",
	  .hop = { { .router = ROUTER, .answered = 3 } },
	  .answer = ALG_YES,
	  .proof = ALG_PROOF_PROXY,
	  .in_hop = 1,
	  .by = 1,
	  .side = SIDE_SITE },
	{ .name = "answered once is chance",
	  .hop = { { .router = ROUTER, .answered = 1 } },
	  .answer = ALG_UNKNOWN },

	{ .name = "SIP never comes, as long a datagram does",
	  .hop = { AS_SENT(ROUTER), { .router = ISP } },
	  .eaten_at = 2,
	  .answer = ALG_UNKNOWN,
	  .eaten = 2 },
	{ .name = "the same, but the server answers",
	  .hop = { AS_SENT(ROUTER), { .router = ISP } },
	  .eaten_at = 2,
	  .answered = true,
	  .received = "203.0.113.2",
	  .answer = ALG_UNKNOWN,
	  .eaten = 2 },
};

static void set_cell(struct alg_cell *cell, const struct hop *hop)
{
	const unsigned seen = hop->seen ? hop->seen | hop->changed : INVITE_FIELDS;

	cell->sent = 1;
	cell->quoted = hop->quotes;
	cell->touched = hop->changed ? hop->quotes : 0;
	cell->changed = hop->changed;
	cell->kept = hop->quotes ? seen & ~hop->changed : 0;
}

static struct alg_witness witness(const struct situation *s, const char *received)
{
	return (struct alg_witness){ .answered = s->answered,
				     .via_kept = !s->via_changed,
				     .via = "203.0.113.2",
				     .received = at(received) };
}

static void set_up(struct alg_seen *seen, const struct situation *s)
{
	struct alg_lane_seen *lane = &seen->lane[ALG_MAIN];

	memset(seen, 0, sizeof *seen);
	lane->local = at(s->local ? s->local : "192.168.1.10");
	lane->target = at(s->target ? s->target : "198.51.100.10");
	addr_set_port(&lane->local, 5060);
	addr_set_port(&lane->target, 5060);
	for (unsigned i = 0; i < sizeof s->hop / sizeof *s->hop; i++) {
		lane->router[i + 1] = at(s->hop[i].router);
		for (enum alg_kind kind = 0; kind < ALG_DECOY; kind++)
			set_cell(&lane->cell[i + 1][kind], &s->hop[i]);
		lane->cell[i + 1][ALG_OPTIONS].answered = s->hop[i].answered;
		if (s->no_register)
			lane->cell[i + 1][ALG_REGISTER] = (struct alg_cell){ .sent = 3 };
		if (s->decoy)
			lane->cell[i + 1][ALG_DECOY].quoted = 1;
	}
	if (s->eaten_at) {
		lane->cell[s->eaten_at][ALG_OPTIONS].sent = 3;
		lane->cell[s->eaten_at][ALG_INVITE].sent = s->answered ? 3 : 0;
		lane->cell[s->eaten_at][ALG_DECOY].quoted = 1;
	}
	seen->own = witness(s, s->received);
	seen->name = witness(s, s->received_by_name);
	seen->mapped = at(s->mapped);
	seen->v4_unknown = s->v4_unknown;
}

static void judges_each_situation(void **state)
{
	struct alg_seen *seen = test_malloc(sizeof *seen);

	(void)state;
	for (size_t i = 0; i < sizeof situations / sizeof *situations; i++) {
		const struct situation *s = &situations[i];
		struct alg_verdict v;

		set_up(seen, s);
		alg_judge(&v, seen);
		if (v.answer != s->answer || v.proof != s->proof || v.hop != s->in_hop ||
		    v.clean != s->clean || v.eaten != s->eaten || v.side != s->side ||
		    (s->proof && (v.after != s->after || v.by != s->by)))
			fail_msg("%s: answer %d proof %d hop %u after %u by %u clean %u eaten %u "
				 "side %d",
				 s->name, (int)v.answer, (int)v.proof, v.hop, v.after, v.by,
				 v.clean, v.eaten, (int)v.side);
	}
	test_free(seen);
}

/* A single changed quote is too little, whatever it says. */
static void one_quote_is_no_proof(void **state)
{
	struct alg_seen *seen = test_calloc(1, sizeof *seen);
	struct alg_cell *cell = &seen->lane[ALG_MAIN].cell[2][ALG_INVITE];
	struct alg_verdict v;

	(void)state;
	seen->lane[ALG_MAIN].router[2] = at(ISP);
	cell->quoted = cell->touched = 1;
	cell->changed = REWRITTEN;
	alg_judge(&v, seen);
	assert_int_equal(v.answer, ALG_UNKNOWN);
	cell->quoted = cell->touched = 2;
	alg_judge(&v, seen);
	assert_int_equal(v.answer, ALG_YES);
	assert_int_equal(v.methods, 1U << ALG_INVITE);
	assert_int_equal(v.touched, 2);
	test_free(seen);
}

/* What happens on the way to another port says nothing about calls. */
static void control_port_alone_is_no_alg(void **state)
{
	struct alg_seen *seen = test_calloc(1, sizeof *seen);
	struct alg_cell *cell = &seen->lane[ALG_CONTROL].cell[2][ALG_INVITE];
	struct alg_verdict v;

	(void)state;
	cell->quoted = cell->touched = 3;
	cell->changed = REWRITTEN;
	alg_judge(&v, seen);
	assert_int_equal(v.answer, ALG_UNKNOWN);
	seen->lane[ALG_SOURCE].cell[2][ALG_INVITE] = *cell;
	alg_judge(&v, seen);
	assert_int_equal(v.answer, ALG_YES);
	test_free(seen);
}

struct told {
	char facts[1000], finding[8000], summary[500];
};

static void keep(json_t *event, void *context)
{
	struct told *told = context;
	const char *kind = json_string_value(json_object_get(event, "event"));
	char *text = json_dumps(event, JSON_COMPACT);
	const size_t length = strlen(told->facts);

	if (!strcmp(kind, "fact"))
		snprintf(told->facts + length, sizeof told->facts - length, "%s\n", text);
	else if (!strcmp(kind, "finding"))
		snprintf(told->finding, sizeof told->finding, "%s", text);
	else
		snprintf(told->summary, sizeof told->summary, "%s", text);
	free(text);
	json_decref(event);
}

static struct told report(const struct alg_seen *seen, const char *transport)
{
	struct told told = { .facts = "" };
	struct sink sink = { .event = keep, .context = &told };
	struct alg_verdict verdict;
	const char *expected;
	struct site site;

	site_init(&site);
	assert_int_equal(site_set(&site, "provider", "transport", transport, &expected), ERR_NONE);
	alg_judge(&verdict, seen);
	alg_report(&sink, &verdict, seen, &site);
	site_clear(&site);
	return told;
}

static const struct situation *named(const char *name)
{
	for (size_t i = 0; i < sizeof situations / sizeof *situations; i++)
		if (!strcmp(situations[i].name, name))
			return &situations[i];
	fail_msg("no situation \"%s\"", name);
	return NULL;
}

static void words_of_a_rewriting_router(void **state)
{
	struct alg_seen *seen = test_malloc(sizeof *seen);
	struct told told;

	(void)state;
	set_up(seen, named("router rewrites"));
	strcpy(seen->example[SIP_FIELD_SDP_CONNECTION].sent, "192.168.1.10");
	strcpy(seen->example[SIP_FIELD_SDP_CONNECTION].got, "203.0.113.2");
	strcpy(seen->example[SIP_FIELD_VIA].got, "x");
	strcpy(seen->example[SIP_FIELD_CONTACT].sent, "y");
	told = report(seen, "udp");
	assert_non_null(strstr(told.facts, "\"sip-alg\",\"value\":\"yes\""));
	assert_non_null(strstr(told.facts, "\"sip-alg.hop\",\"value\":1"));
	assert_non_null(strstr(told.facts, "[\"via\",\"contact\",\"sdp-connection\"]"));
	assert_non_null(strstr(told.finding, "\"where\":{\"hop\":1,\"address\":\"192.168.1.1\"}"));
	assert_non_null(strstr(told.finding, "changed in 6 of 6 quotes"));
	assert_non_null(strstr(told.finding,
			       "(SDP c=), from \\\"192.168.1.10\\\" to \\\"203.0.113.2\\\"."));
	assert_non_null(
		strstr(told.finding, "Put in: where the answer is to go (Via), \\\"x\\\"."));
	assert_non_null(
		strstr(told.finding,
		       "Taken out: where the phone is called (Contact), which was \\\"y\\\"."));
	assert_non_null(strstr(told.finding, "the router at hop 1 rewrites them."));
	assert_non_null(strstr(told.summary, "rewritten at hop 1 (192.168.1.1)\""));
	assert_null(strstr(told.finding, "came through as sent"));
	for (unsigned hop = 2; hop <= 3; hop++)
		seen->lane[ALG_MAIN].cell[hop][ALG_OPTIONS] =
			seen->lane[ALG_MAIN].cell[1][ALG_OPTIONS];
	told = report(seen, "udp");
	assert_non_null(strstr(told.facts, "[\"REGISTER\",\"INVITE\"]"));
	assert_non_null(strstr(told.finding, "changed in 4 of 6 quotes"));
	assert_non_null(strstr(told.finding, "OPTIONS came through as sent."));
	test_free(seen);
}

/* On a public address the server rightly sees the one we have. */
static void words_of_the_answer(void **state)
{
	struct alg_seen *seen = test_malloc(sizeof *seen);
	struct told told;

	(void)state;
	set_up(seen, named("public address of our own"));
	seen->own.via_kept = false;
	told = report(seen, "udp");
	assert_non_null(strstr(told.finding, "is to go to 198.51.100.130; in the answer"));
	assert_null(strstr(told.finding, "received="));
	set_up(seen, named("the same, known through STUN"));
	told = report(seen, "udp");
	assert_non_null(strstr(told.finding, "came from 192.168.1.10 (received=)"));
	assert_non_null(strstr(told.finding, "STUN sees us as 203.0.113.2."));
	assert_null(strstr(told.finding, "\"where\""));
	test_free(seen);
}

static void words_where_there_is_none(void **state)
{
	struct alg_seen *seen = test_malloc(sizeof *seen);
	struct told told;

	(void)state;
	set_up(seen, named("clean path"));
	told = report(seen, "tls");
	assert_non_null(strstr(told.facts, "\"sip-alg\",\"value\":\"no\""));
	assert_non_null(strstr(told.facts, "\"sip-alg.hop\",\"value\":\"unknown\""));
	assert_non_null(strstr(told.facts, "\"sip-alg.changed\",\"value\":[]"));
	assert_string_equal(told.finding, "");
	assert_non_null(strstr(told.summary, "the profile says TLS"));
	assert_null(strstr(told.summary, "harm nobody"));
	seen->lane[ALG_MAIN].cell[2][ALG_INVITE].harmless = SIP_HARMLESS_ORDER;
	told = report(seen, "udp");
	assert_non_null(strstr(told.summary, "harm nobody"));
	set_up(seen, named("SIP never comes, as long a datagram does"));
	told = report(seen, "udp");
	assert_non_null(strstr(told.facts, "\"sip-alg\",\"value\":\"unknown\""));
	assert_non_null(strstr(told.facts, "\"sip-alg.changed\",\"value\":\"unknown\""));
	assert_non_null(strstr(told.facts, "\"sip-alg.eaten-before-hop\",\"value\":2"));
	assert_string_equal(told.finding, "");
	assert_non_null(strstr(told.summary, "may swallow it"));
	test_free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_each_situation),
		cmocka_unit_test(one_quote_is_no_proof),
		cmocka_unit_test(control_port_alone_is_no_alg),
		cmocka_unit_test(words_of_a_rewriting_router),
		cmocka_unit_test(words_of_the_answer),
		cmocka_unit_test(words_where_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
