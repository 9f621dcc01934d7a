/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wizard machine with the real tree and a host that measures nothing: journeys through it,
 * forth and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wizard/wizard.h"

/* The board's checks, instead of the real ones. */
static const struct check checks[] = {
	{ .name = "dns", .title = "names" },
	{ .name = "stun", .title = "NAT" },
	{ .name = "alg", .title = "SIP ALG" },
	{ .name = "capture", .title = "Call", .on_demand = true },
};
enum { CHECKS = sizeof checks / sizeof *checks };

const struct check *check_at(size_t index)
{
	return index < sizeof checks / sizeof *checks ? &checks[index] : NULL;
}

const struct check *check_find(const char *name)
{
	for (size_t i = 0; check_at(i); i++)
		if (!strcmp(checks[i].name, name))
			return &checks[i];
	return NULL;
}

/* One person at one site. */
struct visit {
	struct tree *tree;
	struct session session;
	struct site site;
	struct wizard *wizard;
	struct wizard_host host;
	unsigned started[CHECKS], cancelled, hurried;
};

static enum err start(const struct check *check, void *context)
{
	struct visit *visit = context;

	visit->started[check - checks]++;
	return ERR_NONE;
}

static void cancel(void *context)
{
	struct visit *visit = context;

	visit->cancelled++;
}

static void hurry(const struct check *check, void *context)
{
	struct visit *visit = context;

	assert_string_equal(check->name, "capture");
	visit->hurried++;
}

static void sit_down(struct visit *visit)
{
	visit->wizard = wizard_new(visit->tree, &visit->session, &visit->site, &visit->host);
}

static int arrive(void **state)
{
	struct visit *visit = mem_new(1, sizeof *visit);
	const char *top = getenv("top_srcdir");
	char *tree = mem_printf("%s/data/tree.xml", top ? top : ".");
	char *routers = mem_printf("%s/data/routers.xml", top ? top : ".");
	struct complaint complaint = { "" };

	if (tree_load(&visit->tree, tree, routers, &complaint))
		fail_msg("%s", complaint.text);
	free(tree);
	free(routers);
	session_init(&visit->session, "0");
	site_init(&visit->site);
	visit->host = (struct wizard_host){
		.start = start, .cancel = cancel, .hurry = hurry, .context = visit
	};
	sit_down(visit);
	*state = visit;
	return 0;
}

static int leave(void **state)
{
	struct visit *visit = *state;

	wizard_free(visit->wizard);
	session_clear(&visit->session);
	site_clear(&visit->site);
	tree_free(visit->tree);
	free(visit);
	return 0;
}

static void tell(struct visit *visit, const char *check, const char *text)
{
	json_t *event = json_loads(text, 0, NULL);

	assert_non_null(event);
	wizard_event(visit->wizard, check_find(check), event);
	json_decref(event);
}

static void fact(struct visit *visit, const char *check, const char *name, const char *value)
{
	char *text =
		mem_printf("{\"event\":\"fact\",\"name\":\"%s\",\"value\":\"%s\"}", name, value);

	tell(visit, check, text);
	free(text);
}

static void end_all(struct visit *visit)
{
	for (size_t i = 0; check_at(i); i++)
		tell(visit, checks[i].name, "{\"event\":\"end\",\"state\":\"done\",\"seconds\":1}");
}

/* The form has the name looked up; the session knows nothing of it, or it would seem to have begun.
 */
static void a_name_is_tried_before_it_begins(void **state)
{
	struct visit *visit = *state;
	enum severity severity;
	const char *expected;

	assert_false(wizard_try_name(visit->wizard));
	assert_true(wizard_begin(visit->wizard));
	assert_true(wizard_set(visit->wizard, "provider", "domain", "nowhere.example", &expected));
	assert_true(wizard_try_name(visit->wizard));
	assert_int_equal(visit->started[0], 1);
	tell(visit, "dns", "{\"event\":\"start\"}");
	assert_null(wizard_name_trouble(&severity, visit->wizard));
	tell(visit, "dns",
	     "{\"event\":\"finding\",\"finding\":{\"id\":\"dns-name-not-found\",\"severity\":"
	     "\"fault\","
	     "\"side\":\"site\",\"direction\":\"both\",\"title\":\"\",\"evidence\":[],\"remedy\":"
	     "\"\"}}");
	assert_string_equal(wizard_name_trouble(&severity, visit->wizard)->id,
			    "dns-name-not-found");
	assert_int_equal(severity, SEVERITY_FAULT);
	assert_int_equal(visit->session.check_count, 0);
	assert_int_equal(visit->session.finding_count, 0);

	/* Another name: what was found of the first is forgotten, its look-up ended. */
	assert_true(wizard_try_name(visit->wizard));
	assert_int_equal(visit->cancelled, 1);
	assert_null(wizard_name_trouble(&severity, visit->wizard));

	assert_true(wizard_provider_done(visit->wizard));
	tell(visit, "dns", "{\"event\":\"start\"}");
	assert_non_null(session_find_check(&visit->session, "dns"));
}

/* A capture is made when somebody asks for it, and never among all checks. */
static void listening_is_asked_for(void **state)
{
	struct visit *visit = *state;

	assert_false(wizard_listen(visit->wizard));
	assert_true(wizard_begin(visit->wizard));
	assert_true(wizard_provider_done(visit->wizard));
	assert_int_equal(visit->started[3], 0);
	assert_false(wizard_listen_end(visit->wizard));
	assert_true(wizard_listen(visit->wizard));
	assert_int_equal(visit->started[3], 1);
	assert_true(visit->site.capture.seconds > 0);
	tell(visit, "capture", "{\"event\":\"start\"}");
	assert_true(wizard_listens(visit->wizard));
	assert_false(wizard_listen(visit->wizard));
	assert_null(wizard_live(visit->wizard));
	tell(visit, "capture", "{\"event\":\"live\",\"live\":{\"packets\":7}}");
	assert_int_equal(json_integer_value(json_object_get(wizard_live(visit->wizard), "packets")),
			 7);
	assert_true(wizard_listen_end(visit->wizard));
	assert_int_equal(visit->hurried, 1);
	tell(visit, "capture", "{\"event\":\"end\",\"state\":\"done\",\"seconds\":3}");
	assert_false(wizard_listens(visit->wizard));
	assert_string_equal(session_find_check(&visit->session, "capture")->state, "done");
}

static void begin(struct visit *visit)
{
	assert_int_equal(wizard_place(visit->wizard), WIZARD_WELCOME);
	assert_true(wizard_begin(visit->wizard));
	assert_int_equal(wizard_place(visit->wizard), WIZARD_PROVIDER);
	assert_true(wizard_provider_done(visit->wizard));
	end_all(visit);
}

static const char *asked(const struct visit *visit)
{
	return wizard_place(visit->wizard) == WIZARD_QUESTION
		       ? wizard_walk(visit->wizard)->question->id
		       : "none";
}

static const char *advised(const struct visit *visit)
{
	return wizard_place(visit->wizard) == WIZARD_ADVICE ? wizard_walk(visit->wizard)->cause->id
							    : "none";
}

static void form_is_checked_and_kept(void **state)
{
	struct visit *visit = *state;
	const char *expected;
	char *value;

	assert_false(wizard_set(visit->wizard, "provider", "domain", "example.com", &expected));
	wizard_begin(visit->wizard);
	assert_true(wizard_set(visit->wizard, "provider", "domain", "example.com", &expected));
	assert_string_equal(session_site_text(&visit->session, "provider.domain"), "example.com");
	assert_false(wizard_set(visit->wizard, "provider", "domain", "not a name", &expected));
	assert_non_null(strstr(expected, "host[:port]"));
	value = wizard_get(visit->wizard, "provider", "domain");
	assert_string_equal(value, "example.com");
	free(value);
	/* The account is no business of a session. */
	assert_true(wizard_set(visit->wizard, "account", "user", "2001", &expected));
	assert_null(session_site_text(&visit->session, "account.user"));
	assert_true(wizard_provider_done(visit->wizard));
	for (size_t i = 0; check_at(i); i++)
		assert_int_equal(visit->started[i], checks[i].on_demand ? 0 : 1);
}

static void answers_lead_on_and_back(void **state)
{
	struct visit *visit = *state;
	char *first;

	begin(visit);
	assert_string_equal(asked(visit), "symptom");
	assert_false(wizard_answer(visit->wizard, "no-such-answer"));
	assert_true(wizard_answer(visit->wizard, "far-cannot-hear"));
	first = mem_text(asked(visit));
	assert_string_not_equal(first, "symptom");
	assert_true(wizard_answer(visit->wizard, "unknown"));
	assert_true(wizard_back(visit->wizard));
	assert_string_equal(asked(visit), first);
	assert_null(session_find_answer(&visit->session, first));
	assert_true(wizard_back(visit->wizard));
	assert_string_equal(asked(visit), "symptom");
	assert_int_equal(visit->session.answer_count, 0);
	assert_true(wizard_back(visit->wizard));
	assert_int_equal(wizard_place(visit->wizard), WIZARD_PROVIDER);
	assert_int_equal(visit->cancelled, 1);
	assert_true(wizard_back(visit->wizard));
	assert_int_equal(wizard_place(visit->wizard), WIZARD_WELCOME);
	assert_false(wizard_back(visit->wizard));
	free(first);
}

static void back_asks_again_what_a_check_has_answered(void **state)
{
	struct visit *visit = *state;
	char *first;

	begin(visit);
	wizard_answer(visit->wizard, "far-cannot-hear");
	first = mem_text(asked(visit));
	wizard_answer(visit->wizard, "unknown");
	tell(visit, "dns", "{\"event\":\"start\"}");
	assert_true(wizard_back(visit->wizard));
	assert_string_equal(asked(visit), first);
	/* And the answer given then leads on as ever. */
	assert_true(wizard_answer(visit->wizard, "unknown"));
	assert_string_not_equal(asked(visit), first);
	free(first);
}

/* With every question "I don't know" some cause or "undetermined" is reached, and the path there is
 * the verdict's. */
static void answer_unknown_to_the_end(struct visit *visit)
{
	for (int i = 0; i < 200 && wizard_place(visit->wizard) == WIZARD_QUESTION; i++)
		assert_true(wizard_answer(visit->wizard, "unknown"));
}

static void not_knowing_ends_honestly(void **state)
{
	struct visit *visit = *state;

	begin(visit);
	answer_unknown_to_the_end(visit);
	assert_string_equal(advised(visit), "undetermined");
	assert_true(wizard_tried(visit->wizard, "could-not"));
	assert_int_equal(wizard_place(visit->wizard), WIZARD_DONE);
	assert_string_equal(json_string_value(json_object_get(visit->session.verdict, "cause")),
			    "undetermined");
}

static void a_measured_fault_is_retested(void **state)
{
	struct visit *visit = *state;

	begin(visit);
	fact(visit, "alg", "sip-alg", "yes");
	/* A question on the screen stays until it is answered. */
	assert_string_equal(asked(visit), "symptom");
	wizard_answer(visit->wizard, "far-cannot-hear");
	assert_string_equal(advised(visit), "sip-alg");
	assert_int_equal(wizard_walk(visit->wizard)->confidence, CONFIDENCE_CERTAIN);
	assert_string_equal(json_string_value(json_object_get(visit->session.verdict, "cause")),
			    "sip-alg");
	assert_false(wizard_fixed(visit->wizard, true));
	assert_true(wizard_tried(visit->wizard, "done"));
	assert_int_equal(wizard_place(visit->wizard), WIZARD_RETEST);
	assert_int_equal(visit->started[2], 2);
	assert_true(wizard_back(visit->wizard));
	assert_string_equal(advised(visit), "sip-alg");
	wizard_tried(visit->wizard, "done");
	fact(visit, "alg", "sip-alg", "no");
	assert_true(facts_is(&visit->session.before, "sip-alg", "yes"));
	assert_true(wizard_fixed(visit->wizard, true));
	assert_int_equal(wizard_place(visit->wizard), WIZARD_DONE);
	assert_string_equal(session_find_outcome(&visit->session, "sip-alg")->result, "fixed");
	/* Back takes the outcome back as well. */
	assert_true(wizard_back(visit->wizard));
	assert_null(session_find_outcome(&visit->session, "sip-alg"));
}

/* What a check answered can be asked again; the person's word counts, both are kept, and back
 * undoes it. */
static void a_measurement_is_corrected(void **state)
{
	struct visit *visit = *state;
	const struct answer *answer;

	begin(visit);
	assert_false(wizard_ask(visit->wizard, "sip-alg"));
	fact(visit, "alg", "sip-alg", "yes");
	wizard_answer(visit->wizard, "far-cannot-hear");
	assert_string_equal(advised(visit), "sip-alg");
	assert_false(wizard_ask(visit->wizard, "symptom"));
	assert_false(wizard_ask(visit->wizard, "no-such-question"));
	assert_true(wizard_ask(visit->wizard, "sip-alg"));
	assert_string_equal(asked(visit), "sip-alg");
	/* Left as it was. */
	assert_true(wizard_back(visit->wizard));
	assert_string_equal(advised(visit), "sip-alg");
	assert_null(session_find_answer(&visit->session, "sip-alg"));
	/* The same again is no correction. */
	assert_true(wizard_ask(visit->wizard, "sip-alg"));
	assert_true(wizard_answer(visit->wizard, "on"));
	assert_null(session_find_answer(&visit->session, "sip-alg")->measured);
	assert_true(wizard_back(visit->wizard));
	assert_string_equal(asked(visit), "sip-alg");
	assert_true(wizard_answer(visit->wizard, "off"));
	answer = session_find_answer(&visit->session, "sip-alg");
	assert_string_equal(answer->value, "off");
	assert_string_equal(answer->measured, "on");
	assert_int_not_equal(wizard_place(visit->wizard), WIZARD_ADVICE);
	assert_true(wizard_back(visit->wizard));
	assert_null(session_find_answer(&visit->session, "sip-alg"));
	assert_string_equal(asked(visit), "sip-alg");
}

static void not_fixed_goes_on(void **state)
{
	struct visit *visit = *state;

	begin(visit);
	fact(visit, "alg", "sip-alg", "yes");
	wizard_answer(visit->wizard, "far-cannot-hear");
	wizard_tried(visit->wizard, "done");
	assert_true(wizard_fixed(visit->wizard, false));
	answer_unknown_to_the_end(visit);
	assert_string_not_equal(advised(visit), "sip-alg");
	assert_string_not_equal(advised(visit), "none");
}

static void asking_the_provider_keeps_the_verdict(void **state)
{
	struct visit *visit = *state;

	begin(visit);
	fact(visit, "alg", "sip-alg", "yes");
	wizard_answer(visit->wizard, "far-cannot-hear");
	assert_true(wizard_tried(visit->wizard, "ask-provider"));
	assert_int_equal(wizard_place(visit->wizard), WIZARD_DONE);
	assert_string_equal(json_string_value(json_object_get(visit->session.verdict, "cause")),
			    "sip-alg");
}

static void the_board_tells_the_truth(void **state)
{
	struct visit *visit = *state;
	struct wizard_check rows[8];

	wizard_begin(visit->wizard);
	wizard_provider_done(visit->wizard);
	assert_int_equal(wizard_checks(visit->wizard, rows, 8), CHECKS);
	assert_int_equal(rows[0].stage, WIZARD_CHECK_IDLE);
	tell(visit, "dns", "{\"event\":\"start\"}");
	tell(visit, "dns", "{\"event\":\"progress\",\"fraction\":0.5,\"now\":\"asking\"}");
	wizard_tick(visit->wizard);
	wizard_checks(visit->wizard, rows, 8);
	assert_int_equal(rows[0].stage, WIZARD_CHECK_RUNNING);
	assert_true(rows[0].fraction > 0.4 && rows[0].fraction < 0.6);
	assert_string_equal(rows[0].now, "asking");
	tell(visit, "dns", "{\"event\":\"why\",\"text\":\"no name\"}");
	tell(visit, "dns", "{\"event\":\"end\",\"state\":\"skipped\",\"seconds\":0.1}");
	wizard_checks(visit->wizard, rows, 8);
	assert_int_equal(rows[0].stage, WIZARD_CHECK_ENDED);
	assert_int_equal(rows[0].state, CHECK_SKIPPED);
	assert_string_equal(rows[0].now, "no name");
	assert_false(rows[0].has_finding);
	/* What it did after its summary is over at the end. */
	tell(visit, "dns", "{\"event\":\"start\"}");
	tell(visit, "dns", "{\"event\":\"summary\",\"text\":\"well\"}");
	tell(visit, "dns", "{\"event\":\"progress\",\"fraction\":0.9,\"now\":\"asking\"}");
	tell(visit, "dns", "{\"event\":\"end\",\"state\":\"done\",\"seconds\":0.1}");
	wizard_checks(visit->wizard, rows, 8);
	assert_string_equal(rows[0].now, "well");
}

/* "Could not tell" is no "all is well". */
static void a_check_without_result_is_told_from_a_good_one(void **state)
{
	struct visit *visit = *state;
	struct wizard_check rows[8];

	begin(visit);
	fact(visit, "alg", "sip-alg", "unknown");
	fact(visit, "stun", "udp.open", "yes");
	wizard_checks(visit->wizard, rows, 8);
	assert_false(rows[1].no_result);
	assert_true(rows[2].no_result);
	fact(visit, "alg", "sip-alg", "no");
	wizard_checks(visit->wizard, rows, 8);
	assert_false(rows[2].no_result);
	tell(visit, "alg", "{\"event\":\"start\"}");
	fact(visit, "alg", "sip-alg", "unknown");
	wizard_checks(visit->wizard, rows, 8);
	assert_false(rows[2].no_result);
}

/* What was measured at one provider's is not shown beside another's name. */
static void another_provider_is_measured_anew(void **state)
{
	struct visit *visit = *state;
	const char *expected;

	begin(visit);
	assert_true(wizard_back(visit->wizard));
	assert_true(wizard_back(visit->wizard));
	assert_true(wizard_begin(visit->wizard));
	assert_int_equal(visit->started[0], 1);
	assert_true(wizard_back(visit->wizard));
	assert_true(wizard_set(visit->wizard, "provider", "domain", "other.example", &expected));
	assert_true(wizard_back(visit->wizard));
	assert_true(wizard_begin(visit->wizard));
	for (size_t i = 0; check_at(i); i++)
		assert_int_equal(visit->started[i], checks[i].on_demand ? 0 : 2);
}

static void a_resumed_session_stands_where_it_was(void **state)
{
	struct visit *visit = *state;
	const char *expected;
	char *where;

	wizard_begin(visit->wizard);
	wizard_set(visit->wizard, "provider", "domain", "example.com", &expected);
	wizard_provider_done(visit->wizard);
	end_all(visit);
	wizard_answer(visit->wizard, "nobody-hears");
	where = mem_text(asked(visit));
	wizard_free(visit->wizard);
	site_clear(&visit->site);
	site_init(&visit->site);
	sit_down(visit);
	assert_int_equal(wizard_place(visit->wizard), WIZARD_WELCOME);
	assert_string_equal(visit->site.domain.host, "example.com");
	assert_true(wizard_begin(visit->wizard));
	assert_string_equal(asked(visit), where);
	/* What ended by itself is not measured again. */
	assert_int_equal(visit->started[0], 1);
	free(where);
}

static void diagnose_asks_nobody(void **state)
{
	struct visit *visit = *state;
	const json_t *path;

	session_answer(&visit->session, "sip-alg", "on");
	wizard_diagnose(visit->wizard);
	assert_string_equal(json_string_value(json_object_get(visit->session.verdict, "cause")),
			    "sip-alg");
	path = json_object_get(visit->session.verdict, "path");
	assert_string_equal(json_string_value(json_array_get(path, json_array_size(path) - 1)),
			    "sip-alg");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(form_is_checked_and_kept, arrive, leave),
		cmocka_unit_test_setup_teardown(answers_lead_on_and_back, arrive, leave),
		cmocka_unit_test_setup_teardown(a_name_is_tried_before_it_begins, arrive, leave),
		cmocka_unit_test_setup_teardown(listening_is_asked_for, arrive, leave),
		cmocka_unit_test_setup_teardown(back_asks_again_what_a_check_has_answered, arrive,
						leave),
		cmocka_unit_test_setup_teardown(not_knowing_ends_honestly, arrive, leave),
		cmocka_unit_test_setup_teardown(a_measured_fault_is_retested, arrive, leave),
		cmocka_unit_test_setup_teardown(a_measurement_is_corrected, arrive, leave),
		cmocka_unit_test_setup_teardown(not_fixed_goes_on, arrive, leave),
		cmocka_unit_test_setup_teardown(asking_the_provider_keeps_the_verdict, arrive,
						leave),
		cmocka_unit_test_setup_teardown(the_board_tells_the_truth, arrive, leave),
		cmocka_unit_test_setup_teardown(a_check_without_result_is_told_from_a_good_one,
						arrive, leave),
		cmocka_unit_test_setup_teardown(another_provider_is_measured_anew, arrive, leave),
		cmocka_unit_test_setup_teardown(a_resumed_session_stands_where_it_was, arrive,
						leave),
		cmocka_unit_test_setup_teardown(diagnose_asks_nobody, arrive, leave),
	};

	return cmocka_run_group_tests_name("wizard", tests, NULL, NULL);
}
