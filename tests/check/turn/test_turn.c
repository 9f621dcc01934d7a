/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check "turn" over loopback against made-up servers, good ones and every kind of bad one. Each
 * has an address of its own, on which nothing listens at TURN's usual ports. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "check/check.h"
#include "mock/turn_server.h"

struct scene {
	const char *name;
	unsigned habits;
	bool tcp;             /* the profile names TCP */
	bool no_user;         /* the profile names none */
	const char *facts;    /* "name=value …", all of which must be so */
	const char *findings; /* all of them, in order, by a blank */
	const char *says;     /* stands in some text of the events; NULL: whatever */
	unsigned most_signed; /* requests with a password; 0: whatever */
	int most_ms;          /* 0: 2000 */
};

static const struct scene scenes[] = {
	{ .name = "a good server",
	  .facts = "turn.state=ok turn.transport=udp turn.added-ms=*",
	  .findings = "",
	  .says = "relays, over UDP.",
	  .most_ms = 900 },
	{ .name = "over TCP",
	  .tcp = true,
	  .facts = "turn.state=ok turn.transport=tcp",
	  .findings = "turn-udp-blocked",
	  .says = "UDP to 127.0.0.2:3478: refused: nothing listens on that port" },
	{ .name = "SHA-256",
	  .habits = MOCK_TURN_SHA256,
	  .facts = "turn.state=ok turn.transport=udp",
	  .findings = "" },
	{ .name = "SHA-256 over TCP",
	  .habits = MOCK_TURN_SHA256,
	  .tcp = true,
	  .facts = "turn.state=ok turn.transport=tcp",
	  .findings = "turn-udp-blocked" },
	{ .name = "a stale nonce",
	  .habits = MOCK_TURN_STALE_ONCE,
	  .facts = "turn.state=ok",
	  .findings = "" },
	{ .name = "no Binding",
	  .habits = MOCK_TURN_NO_STUN,
	  .facts = "turn.state=ok",
	  .findings = "" },

	{ .name = "stale for ever",
	  .habits = MOCK_TURN_STALE_ALWAYS,
	  .facts = "turn.state=no-relay",
	  .findings = "turn-no-relay",
	  .says = "answers with the error 438",
	  .most_signed = 4 },
	{ .name = "a wrong password",
	  .habits = MOCK_TURN_WRONG,
	  .facts = "turn.state=auth-failed turn.transport=-",
	  .findings = "turn-auth-failed",
	  .says = "refuses the user and password (401 No)",
	  .most_signed = 1 },
	{ .name = "a wrong password, SHA-256",
	  .habits = MOCK_TURN_WRONG | MOCK_TURN_SHA256,
	  .facts = "turn.state=auth-failed",
	  .findings = "turn-auth-failed",
	  .most_signed = 1 },
	{ .name = "no user named",
	  .no_user = true,
	  .facts = "turn.state=unknown",
	  .findings = "",
	  .says = "no user for it is named in the profile" },
	{ .name = "algorithms taken out",
	  .habits = MOCK_TURN_BID_DOWN,
	  .facts = "turn.state=unknown",
	  .findings = "" },
	{ .name = "successes not signed",
	  .habits = MOCK_TURN_UNSIGNED,
	  .facts = "turn.state=unknown",
	  .findings = "",
	  .most_ms = 5500 },
	{ .name = "an allocation of nothing",
	  .habits = MOCK_TURN_NO_ADDRESS,
	  .facts = "turn.state=unknown",
	  .findings = "" },
	{ .name = "no room",
	  .habits = MOCK_TURN_QUOTA,
	  .facts = "turn.state=no-relay",
	  .findings = "turn-no-relay",
	  .says = "answers with the error 486 No" },

	{ .name = "nothing in",
	  .habits = MOCK_TURN_DEAF,
	  .facts = "turn.state=no-relay",
	  .findings = "turn-no-relay/in/provider",
	  .says = "what it sent to the relay address did not arrive here, what we sent it through "
		  "the relay arrived there",
	  .most_ms = 4500 },
	{ .name = "nothing out",
	  .habits = MOCK_TURN_DUMB,
	  .facts = "turn.state=no-relay",
	  .findings = "turn-no-relay/out/provider",
	  .says = "what it sent to the relay address arrived here, what we sent it through the "
		  "relay did not arrive there",
	  .most_ms = 4500 },
	{ .name = "nothing at all",
	  .habits = MOCK_TURN_DEAF | MOCK_TURN_DUMB,
	  .facts = "turn.state=no-relay",
	  .findings = "turn-no-relay/both/unknown",
	  .most_ms = 6500 },
	{ .name = "only among relays",
	  .habits = MOCK_TURN_DEAF | MOCK_TURN_DUMB | MOCK_TURN_SOCKET_ONLY,
	  .facts = "turn.state=ok",
	  .findings = "",
	  .says = "the relay's own ports do not pass both ways",
	  .most_ms = 4500 },
	{ .name = "nothing at all, and one relay only",
	  .habits = MOCK_TURN_DEAF | MOCK_TURN_DUMB | MOCK_TURN_ONE_ONLY,
	  .facts = "turn.state=unknown",
	  .findings = "",
	  .says = "whether it lets anything through could not be told",
	  .most_ms = 4500 },
	{ .name = "no permissions",
	  .habits = MOCK_TURN_FORBIDS,
	  .facts = "turn.state=unknown",
	  .findings = "" },

	{ .name = "silence",
	  .habits = MOCK_TURN_SILENT,
	  .facts = "turn.state=unreachable turn.transport=-",
	  .findings = "turn-unreachable",
	  .says = "no answer",
	  .most_ms = 5500 },
	{ .name = "silence over TCP",
	  .habits = MOCK_TURN_SILENT,
	  .tcp = true,
	  .facts = "turn.state=unreachable",
	  .findings = "turn-unreachable",
	  .most_ms = 5500 },
	{ .name = "garbage",
	  .habits = MOCK_TURN_GARBAGE,
	  .facts = "turn.state=unreachable",
	  .findings = "turn-unreachable",
	  .most_ms = 5500 },
	{ .name = "garbage over TCP",
	  .habits = MOCK_TURN_GARBAGE,
	  .tcp = true,
	  .facts = "turn.state=unreachable",
	  .findings = "turn-unreachable",
	  .says = "what answers there does not speak TURN" },
	{ .name = "endless over TCP",
	  .habits = MOCK_TURN_ENDLESS,
	  .tcp = true,
	  .facts = "turn.state=unreachable",
	  .findings = "turn-unreachable",
	  .most_ms = 5500 },
};

enum { SCENES = sizeof scenes / sizeof *scenes };

/* What a check told. */
struct record {
	json_t *facts;
	char findings[256];
	char *all; /* every event as text */
};

static void keep(json_t *event_take, void *context)
{
	struct record *record = context;
	const char *kind = json_string_value(json_object_get(event_take, "event"));
	const json_t *finding = json_object_get(event_take, "finding");
	char *text = json_dumps(event_take, 0), *all;
	const size_t used = strlen(record->findings);

	all = mem_printf("%s%s\n", record->all ? record->all : "", text);
	free(record->all);
	free(text);
	record->all = all;
	if (!strcmp(kind, "fact"))
		json_object_set(record->facts,
				json_string_value(json_object_get(event_take, "name")),
				json_object_get(event_take, "value"));
	if (finding)
		snprintf(record->findings + used, sizeof record->findings - used, "%s%s/%s/%s",
			 used ? " " : "", json_string_value(json_object_get(finding, "id")),
			 json_string_value(json_object_get(finding, "direction")),
			 json_string_value(json_object_get(finding, "side")));
	json_decref(event_take);
}

static enum check_state run_check(struct record *record, const struct addr *server,
				  const struct scene *scene, const volatile int *hurry)
{
	struct sink sink = { .event = keep, .context = record };
	struct site site;
	char text[ADDR_TEXT];
	enum check_state state;

	*record = (struct record){ .facts = json_object() };
	site_init(&site);
	site.turn = mem_printf("turn:%s%s", addr_text(text, server),
			       scene->tcp ? "?transport=tcp" : "");
	site.turn_user = scene->no_user ? NULL : mem_text("user");
	site.turn_password_file = mem_text("/nowhere");
	site.secret = mem_text("secret");
	site.hurry = hurry;
	assert_null(check_turn.why_not(&site));
	state = check_turn.run(&site, &sink);
	site_clear(&site);
	return state;
}

static void clear(struct record *record)
{
	json_decref(record->facts);
	free(record->all);
}

/* One "name=value" of a scene; "-": not told; "*": a number. Returns what is wrong, or NULL. */
static char *fact_differs(const json_t *facts, const char *fact)
{
	const char *equals = strchr(fact, '=');
	char *name = mem_text_n(fact, (size_t)(equals - fact)), *wrong = NULL, *seen;
	const json_t *value = json_object_get(facts, name);

	seen = value ? json_dumps(value, JSON_ENCODE_ANY) : mem_text("-");
	if (!strcmp(equals + 1, "*") ? !json_is_number(value)
	    : json_is_string(value)  ? strcmp(json_string_value(value), equals + 1) != 0
				     : strcmp(seen, equals + 1) != 0)
		wrong = mem_printf("%s is %s, not %s", name, seen, equals + 1);
	free(seen);
	free(name);
	return wrong;
}

static bool facts_fit(const struct record *record, const struct scene *scene)
{
	char *list = mem_text(scene->facts), *rest = NULL;
	bool fit = true;

	for (char *fact = strtok_r(list, " ", &rest); fact; fact = strtok_r(NULL, " ", &rest)) {
		char *wrong = fact_differs(record->facts, fact);

		if (wrong)
			printf("# %s: %s\n", scene->name, wrong);
		fit = fit && !wrong;
		free(wrong);
	}
	free(list);
	return fit;
}

/* Of a finding that the scene names without direction and side, these do not matter. */
static bool findings_fit(const struct record *record, const struct scene *scene)
{
	const char *slash = strchr(record->findings, '/');
	const size_t name = slash ? (size_t)(slash - record->findings) : 0;

	if (!strcmp(record->findings, scene->findings))
		return true;
	return name && strlen(scene->findings) == name &&
	       !strncmp(record->findings, scene->findings, name) && !strchr(record->findings, ' ');
}

struct outcome {
	const struct scene *scene;
	pthread_t thread;
	bool fine;
};

static bool expect(bool fine, const struct scene *scene, const char *what,
		   const struct record *record)
{
	if (!fine)
		printf("# %s: %s\n%s", scene->name, what, record->all ? record->all : "");
	return fine;
}

static void *play(void *context)
{
	struct outcome *outcome = context;
	const struct scene *scene = outcome->scene;
	const struct mock_turn_plan plan = { .host = "127.0.0.2", .habits = scene->habits };
	struct mock_turn *mock = mock_turn_start(&plan);
	const struct addr addr = mock_turn_addr(mock);
	const int64_t started_ms = clock_ms();
	struct record record;
	const enum check_state state = run_check(&record, &addr, scene, NULL);
	const int64_t took_ms = clock_ms() - started_ms;
	const unsigned signed_count = mock_turn_signed(mock);
	bool fine = expect(!mock_turn_stop(mock), scene, "an allocation was left behind", &record);

	fine &= expect(state == CHECK_DONE, scene, "the state", &record);
	fine &= expect(facts_fit(&record, scene), scene, "the facts", &record);
	fine &= expect(findings_fit(&record, scene), scene, record.findings, &record);
	fine &= expect(!scene->says || strstr(record.all, scene->says), scene, "the words",
		       &record);
	fine &= expect(!scene->most_signed || signed_count <= scene->most_signed, scene,
		       "too many passwords sent", &record);
	fine &= expect(took_ms < (scene->most_ms ? scene->most_ms : 2000), scene, "the time",
		       &record);
	clear(&record);
	outcome->fine = fine;
	return NULL;
}

/* Side by side, for the time-outs of one are the time-outs of all. */
static void test_scenes(void **state)
{
	struct outcome outcome[SCENES];
	bool fine = true;

	(void)state;
	for (size_t i = 0; i < SCENES; i++) {
		outcome[i] = (struct outcome){ .scene = &scenes[i] };
		assert_int_equal(pthread_create(&outcome[i].thread, NULL, play, &outcome[i]), 0);
	}
	for (size_t i = 0; i < SCENES; i++) {
		pthread_join(outcome[i].thread, NULL);
		if (!outcome[i].fine)
			printf("# not as expected: %s\n", scenes[i].name);
		fine = fine && outcome[i].fine;
	}
	assert_true(fine);
}

/* --- redirections -----------------------------------------------------------------------------*/

static const struct scene plain = { .name = "plain" };

static void sent_on(const char *first, const char *second, bool back, const char *expected)
{
	const struct mock_turn_plan plans[] = { { .host = first }, { .host = second } };
	struct mock_turn *one = mock_turn_start(&plans[0]), *two = mock_turn_start(&plans[1]);
	const struct addr addr = mock_turn_addr(one), other = mock_turn_addr(two);
	struct record record;

	mock_turn_send_on(one, &other);
	if (back)
		mock_turn_send_on(two, &addr);
	assert_int_equal(run_check(&record, &addr, &plain, NULL), CHECK_DONE);
	if (strcmp(json_string_value(json_object_get(record.facts, "turn.state")), expected))
		fail_msg("%s", record.all);
	clear(&record);
	assert_int_equal(mock_turn_stop(one), 0);
	assert_int_equal(mock_turn_stop(two), 0);
}

static void test_redirections(void **state)
{
	(void)state;
	sent_on("127.0.0.2", "127.0.0.3", false, "ok");
	sent_on("127.0.0.2", "127.0.0.3", true, "no-relay");
	sent_on("127.0.0.2", "::1", false, "no-relay");
}

/* Each sends on to the next; two turns are followed, no third. */
static void test_long_way(void **state)
{
	enum { CHAIN = 4 };
	struct mock_turn *mock[CHAIN];
	struct record record;
	struct addr addr;

	(void)state;
	for (size_t i = 0; i < CHAIN; i++) {
		char host[] = "127.0.0.2";
		const struct mock_turn_plan plan = { .host = host };

		host[8] = (char)('2' + i);
		mock[i] = mock_turn_start(&plan);
	}
	for (size_t i = 0; i + 1 < CHAIN; i++) {
		addr = mock_turn_addr(mock[i + 1]);
		mock_turn_send_on(mock[i], &addr);
	}
	for (size_t i = 0; i < 2; i++) {
		addr = mock_turn_addr(mock[i]);
		assert_int_equal(run_check(&record, &addr, &plain, NULL), CHECK_DONE);
		assert_string_equal(json_string_value(json_object_get(record.facts, "turn.state")),
				    i ? "ok" : "no-relay");
		clear(&record);
	}
	for (size_t i = 0; i < CHAIN; i++)
		assert_int_equal(mock_turn_stop(mock[i]), 0);
}

/* --- the end ----------------------------------------------------------------------------------*/

static void *hurry_soon(void *context)
{
	poll(NULL, 0, 500);
	*(volatile int *)context = 1;
	return NULL;
}

/* Told to end while it waits for what the relay swallows, it gives its allocations back first. */
static void test_hurry(void **state)
{
	static const bool tcp[] = { false, true };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct mock_turn_plan plan = { .host = "127.0.0.2",
						     .habits = MOCK_TURN_DEAF | MOCK_TURN_DUMB };
		const struct scene scene = { .name = "hurry", .tcp = tcp[i] };
		struct mock_turn *mock = mock_turn_start(&plan);
		const struct addr addr = mock_turn_addr(mock);
		const int64_t started_ms = clock_ms();
		volatile int hurry = 0;
		struct record record;
		pthread_t thread;

		assert_int_equal(
			pthread_create(&thread, NULL, hurry_soon, (void *)(uintptr_t)&hurry), 0);
		run_check(&record, &addr, &scene, &hurry);
		assert_true(clock_ms() - started_ms < 900);
		assert_string_equal(record.findings,
				    tcp[i] ? "turn-udp-blocked/both/provider" : "");
		pthread_join(thread, NULL);
		clear(&record);
		assert_int_equal(mock_turn_stop(mock), 0);
	}
}

static void skipped(const char *uri, const char *why)
{
	struct site site;
	const char *told;

	site_init(&site);
	site.turn = mem_text(uri);
	told = check_turn.why_not(&site);
	assert_true(why ? told && strstr(told, why) : !told);
	site_clear(&site);
}

static void test_when_skipped(void **state)
{
	(void)state;
	skipped(NULL, "no TURN server");
	skipped("turn:turn.example.com", NULL);
	skipped("turns:turn.example.com:443", NULL);
	skipped("turns:turn.example.com?transport=udp", "DTLS");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes),       cmocka_unit_test(test_redirections),
		cmocka_unit_test(test_long_way),     cmocka_unit_test(test_hurry),
		cmocka_unit_test(test_when_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
