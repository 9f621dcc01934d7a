/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of the path: what is known on the left, what it shows on the right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/path.h"

/* One letter for the state of each part: there, a blank, back. */
static const char letters[] = {
	[PATH_UNKNOWN] = '.', [PATH_MEASURING] = '~', [PATH_SENT] = 's',    [PATH_PASSES] = 'p',
	[PATH_HEARD] = 'h',   [PATH_OK] = 'o',        [PATH_MISSING] = 'm', [PATH_BROKEN] = 'X',
};

static void tell(struct session *session, const char *check, const char *json)
{
	json_error_t error;
	json_t *event = json_loads(json, 0, &error);

	if (!event)
		fail_msg("%s in %s", error.text, json);
	session_check(session, check, event);
	json_decref(event);
}

static void tell_fact(struct session *session, const char *name, const char *value)
{
	char *json = mem_printf("{\"event\":\"fact\",\"name\":\"%s\",\"value\":%s}", name, value);

	tell(session, fact_kind_find(name)->check, json);
	free(json);
}

/* "id[@hop[,address]][/out|in]" */
static void tell_finding(struct session *session, const char *words)
{
	char id[64] = "", address[64] = "", way[8] = "";
	unsigned hop = 0;
	struct finding *finding;
	const char *at = strchr(words, '@'), *slash = strrchr(words, '/');
	json_t *event;

	sscanf(words, "%63[a-z-]", id);
	if (at)
		sscanf(at, "@%u,%63[0-9.]", &hop, address);
	if (slash)
		sscanf(slash, "/%7s", way);
	finding = finding_new(id);
	if (hop || *address)
		finding_place(finding, hop, *address ? address : NULL);
	if (*way)
		assert_int_equal(direction_parse(&finding->direction, way), ERR_NONE);
	event = json_pack("{s:s, s:o}", "event", "finding", "finding", finding_to_json(finding));
	session_check(session, finding->kind->check, event);
	json_decref(event);
	finding_free(finding);
}

static void tell_call(struct session *session, const char *out, const char *in)
{
	char *json =
		mem_printf("{\"event\":\"call\",\"call\":{\"call_id\":\"1\",\"phone\":\"caller\","
			   "\"from\":\"sip:21@example.com\",\"to\":\"sip:*43@example.com\","
			   "\"directions\":{\"out\":{\"state\":\"%s\"},\"in\":{\"state\":\"%s\"}"
			   "}}}",
			   out, in);

	tell(session, "capture", json);
	free(json);
}

/* Words with blanks between: name=value (a fact), !finding, symptom:answer, call:out,in,
 * running:check, verdict:side, fixed. */
static void give(struct session *session, const char *given)
{
	char *words = mem_text(given), *rest = words, *word;

	while ((word = strsep(&rest, " "))) {
		char *value = strpbrk(word, "=:");

		if (!*word)
			continue;
		if (*word == '!') {
			tell_finding(session, word + 1);
			continue;
		}
		if (value)
			*value++ = 0;
		if (!strcmp(word, "symptom")) {
			session_answer(session, "symptom", value);
		} else if (!strcmp(word, "call")) {
			char *in = strchr(value, ',');

			*in++ = 0;
			tell_call(session, value, in);
		} else if (!strcmp(word, "running")) {
			tell(session, value, "{\"event\":\"start\"}");
		} else if (!strcmp(word, "verdict")) {
			session_verdict_take(session, json_pack("{s:s, s:s, s:s}", "cause", "x",
								"side", value, "remedy", "none"));
		} else if (!strcmp(word, "fixed")) {
			session_outcome(session, "x", "fixed");
		} else {
			tell_fact(session, word, value);
		}
	}
	free(words);
}

static void show(char out[100], const struct path *path)
{
	static const char marks[] = {
		[PATH_UNMARKED] = '-', [PATH_FAULT] = '!', [PATH_THIS_SIDE] = '?'
	};
	size_t at = 0;

	for (size_t part = 0; part < PATH_PARTS; part++)
		out[at++] = letters[path->out[part]];
	out[at++] = ' ';
	for (size_t part = 0; part < PATH_PARTS; part++)
		out[at++] = letters[path->in[part]];
	out[at++] = ' ';
	for (size_t place = 0; place < PATH_PLACES; place++)
		out[at++] = marks[path->mark[place]];
	out[at] = 0;
	if (path->hop)
		snprintf(out + at, 60, " hop %u %s", path->hop,
			 path->hop_address ? path->hop_address : "");
}

static const struct {
	const char *what, *given, *shown;
} cases[] = {
	{ "nothing known", "", "... ... ----" },
	{ "STUN proves the way out of the site", "udp.open=\"yes\"", "o.. o.. ----" },
	{ "the provider alone proves the way to it", "sip.udp=\"open\"", "op. op. ----" },
	{ "a way through a port of its own", "sip.tls=\"open\" rtp.out=\"open\" rtp.in=\"blocked\"",
	  "oo. oX. ----" },
	{ "an old result may be over", "sip.udp=\"open\" running:stun", "~~. ~~. ----" },
	{ "what people hear", "symptom:near-cannot-hear", "hhh ..m ----" },
	{ "and the other way round", "symptom:far-cannot-hear sip.udp=\"open\"", "opm hhh ----" },
	{ "nobody hears", "symptom:nobody-hears", "..m ..m ----" },
	{ "no direction in the answer", "symptom:stops", "... ... ----" },

	{ "the first router", "!sip-alg@1,192.168.1.1", ".X. .X. -!--" },
	{ "a fault of both, heard in one direction",
	  "!sip-alg@1,192.168.1.1 symptom:near-cannot-hear", "hhh .Xm -!--" },
	{ "the router known by its address",
	  "net.gateway=\"192.168.1.1\" !rtp-ports-blocked@0,192.168.1.1", ".X. .X. -!--" },
	{ "a hop at the Internet provider", "!rtp-ports-blocked@3,198.51.100.7/out",
	  ".X. ... ---- hop 3 198.51.100.7" },
	{ "a hop without an address", "!rtp-ports-blocked@2/in", "... .X. ---- hop 2 " },
	{ "this computer", "!host-firewall-blocks", "X.. X.. !---" },
	{ "the provider's server", "!sip-server-silent", ".X. .X. --!-" },
	{ "a risk is no break", "!nat-symmetric", "... ... ----" },

	{ "a call that went well", "call:ok,ok", "o.s ooo ----" },
	{ "nothing comes in", "call:ok,missing !rtp-one-way/in", "o.s ..m ----" },
	{ "the phone sends nothing", "call:never-sent,ok", "m.m ooo ----" },
	{ "only silence comes: packets do", "call:ok,silent", "o.s ... ----" },
	{ "sent to a wrong address", "call:wrong-address,ok", "..m ooo ----" },
	{ "a later call counts", "call:ok,missing call:ok,ok", "o.s ooo ----" },
	{ "a capture is no proof of where", "!rtp-none", "..m ..m ----" },
	{ "the phone's doing", "!rtp-silent/out", "..m ... ?---" },

	{ "the verdict names a side", "verdict:provider", "... ... --?-" },
	{ "the verdict names the phone", "verdict:phone", "... ... ?---" },
	{ "a place is better than a side", "verdict:phone !sip-alg@1,192.168.1.1", ".X. .X. -!--" },
	{ "mended", "verdict:site !sip-alg@1,192.168.1.1 symptom:nobody-hears fixed",
	  "hhh hhh ----" },
};

static void every_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct session session;
		struct path path;
		char shown[100];

		session_init(&session, "0");
		give(&session, cases[i].given);
		path_of(&path, &session);
		show(shown, &path);
		if (strcmp(shown, cases[i].shown) != 0)
			fail_msg("%s: %s\ngave     %s\nexpected %s", cases[i].what, cases[i].given,
				 shown, cases[i].shown);
		session_clear(&session);
	}
}

static void names_of_places(void **state)
{
	struct session session;
	struct path path;

	(void)state;
	session_init(&session, "0");
	path_of(&path, &session);
	for (size_t i = 0; i < PATH_PLACES; i++)
		assert_null(path.label[0][i]);
	session_site(&session, "provider.domain", "sip.example.com");
	give(&session, "net.address=\"192.168.1.10\" net.gateway=\"192.168.1.1\" "
		       "router.model=\"R7000\" dns.addresses=[\"198.51.100.20\"] call:ok,ok");
	path_of(&path, &session);
	assert_string_equal(path.label[0][PATH_LAPTOP], "192.168.1.10");
	assert_string_equal(path.label[0][PATH_ROUTER], "192.168.1.1");
	assert_string_equal(path.label[1][PATH_ROUTER], "R7000");
	assert_string_equal(path.label[0][PATH_PROVIDER], "sip.example.com");
	assert_string_equal(path.label[1][PATH_PROVIDER], "198.51.100.20");
	assert_string_equal(path.label[0][PATH_PHONE], "*43@example.com");
	session_clear(&session);
}

/* While a capture listens it alone is the witness. */
static void hears_live(void **state)
{
	static const struct {
		const char *live, *shown;
	} lives[] = {
		{ "{}", "op. op. ----" },
		{ "{\"calls\":[]}", "op. op. ----" },
		{ "{\"calls\":[{\"answered\":false,\"out\":{},\"in\":{}}]}", "... ... ----" },
		{ "{\"calls\":[{\"answered\":true,\"out\":{\"seen\":true},\"in\":{\"seen\":true}}]"
		  "}",
		  "o.s ooo ----" },
		{ "{\"calls\":[{\"answered\":true,\"out\":{\"seen\":true},\"in\":{\"seen\":false}}]"
		  "}",
		  "o.s ..m ----" },
		{ "{\"calls\":[{\"answered\":true},{\"out\":{\"seen\":true}}]}", "o.s ... ----" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
		json_t *live = json_loads(lives[i].live, 0, NULL);
		struct session session;
		struct path path;
		char shown[100];

		session_init(&session, "0");
		give(&session, "sip.udp=\"open\"");
		path_of(&path, &session);
		path_hear(&path, NULL);
		path_hear(&path, live);
		show(shown, &path);
		assert_string_equal(shown, lives[i].shown);
		json_decref(live);
		session_clear(&session);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case),
		cmocka_unit_test(names_of_places),
		cmocka_unit_test(hears_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
