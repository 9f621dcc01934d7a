/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk: where it asks, waits and ends; never twice the same, and the same again from the same
 * session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "given.h"

struct stage {
	struct tree *tree;
	struct session session;
	struct walk walk;
};

static int begin(void **state)
{
	struct stage *stage = calloc(1, sizeof *stage);

	assert_non_null(stage);
	stage->tree = given_tree();
	session_init(&stage->session, "0");
	*state = stage;
	return 0;
}

static int end(void **state)
{
	struct stage *stage = *state;

	session_clear(&stage->session);
	tree_free(stage->tree);
	free(stage);
	return 0;
}

static void given(struct stage *stage, const char *words)
{
	given_words(&stage->session, stage->tree, words);
}

static void walk(struct stage *stage)
{
	tree_walk(&stage->walk, stage->tree, &stage->session, WALK_ASK);
}

static void assert_asks(struct stage *stage, const char *question)
{
	walk(stage);
	assert_int_equal(stage->walk.kind, STEP_QUESTION);
	assert_string_equal(stage->walk.question->id, question);
}

static void assert_advice(struct stage *stage, const char *cause)
{
	walk(stage);
	assert_int_equal(stage->walk.kind, STEP_ADVICE);
	assert_string_equal(stage->walk.cause->id, cause);
	assert_string_equal(stage->walk.path[stage->walk.path_count - 1], cause);
}

static bool passed(const struct walk *walked, const char *id)
{
	for (size_t i = 0; i < walked->path_count; i++)
		if (!strcmp(walked->path[i], id))
			return true;
	return false;
}

static bool listed(const struct tree_cause *const *causes, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(causes[i]->id, id))
			return true;
	return false;
}

static void test_first_question(void **state)
{
	assert_asks(*state, "symptom");
}

static void test_unknown_everywhere_ends_undetermined_and_says_what_next(void **state)
{
	struct stage *stage = *state;
	size_t asked = 0, captures = 0;

	for (walk(stage); stage->walk.kind == STEP_QUESTION; walk(stage)) {
		assert_null(session_find_answer(&stage->session, stage->walk.question->id));
		session_answer(&stage->session, stage->walk.question->id, "unknown");
		asked++;
	}
	assert_advice(stage, "undetermined");
	assert_int_equal(stage->walk.also_count, 0);
	assert_int_equal(stage->walk.path_count, asked + 1);
	/* All but "wireless", which is asked for choppy calls alone. */
	for (size_t i = 0; tree_question_at(stage->tree, i); i++)
		assert_true(passed(&stage->walk, tree_question_at(stage->tree, i)->id) ||
			    !strcmp(tree_question_at(stage->tree, i)->id, "wireless"));
	for (const char *const *step = stage->walk.cause->steps; *step; step++)
		captures += strstr(*step, "Record one such call") != NULL;
	assert_int_equal(captures, 1);
	assert_non_null(stage->walk.cause->ask);
}

static void test_waits_for_a_check_that_runs(void **state)
{
	struct stage *stage = *state;

	given(stage, "symptom=near-cannot-hear reproduce=always scope=all-phones "
		     "call-kind=external when=after-change "
		     "check:alg=running");
	walk(stage);
	assert_int_equal(stage->walk.kind, STEP_WAIT);
	assert_string_equal(stage->walk.question->id, "sip-alg");
	given(stage, "check:alg=timeout");
	assert_asks(stage, "sip-alg");
	given(stage, "check:alg=running sip-alg=off");
	walk(stage);
	assert_string_equal(stage->walk.question->id, "names");
}

static void test_does_not_wait_alone(void **state)
{
	struct stage *stage = *state;

	given(stage, "check:alg=running");
	tree_walk(&stage->walk, stage->tree, &stage->session, WALK_ALONE);
	assert_int_equal(stage->walk.kind, STEP_ADVICE);
}

static void test_a_check_answers_and_is_told_at_once(void **state)
{
	struct stage *stage = *state;
	const struct tree_question *question = tree_question_find(stage->tree, "sip-alg");
	bool by_check;

	given(stage, "symptom=near-cannot-hear");
	assert_string_equal(tree_answer_of(&by_check, question, &stage->session), "unknown");
	assert_false(by_check);
	given(stage, "fact:sip-alg=yes");
	assert_string_equal(tree_answer_of(&by_check, question, &stage->session), "on");
	assert_true(by_check);
	assert_advice(stage, "sip-alg");
	assert_int_equal(stage->walk.confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(stage->walk.direction, DIRECTION_IN);
}

static void test_a_person_corrects_a_check(void **state)
{
	struct stage *stage = *state;
	const struct tree_question *question = tree_question_find(stage->tree, "sip-alg");
	bool by_check;

	given(stage, "fact:sip-alg=yes sip-alg=unknown");
	assert_string_equal(tree_answer_of(&by_check, question, &stage->session), "on");
	assert_true(by_check);
	given(stage, "sip-alg=off");
	assert_string_equal(tree_answer_of(&by_check, question, &stage->session), "off");
	assert_false(by_check);
	given(stage, "sip-alg=on");
	assert_string_equal(tree_answer_of(&by_check, question, &stage->session), "on");
	assert_false(by_check);
}

static void test_keys_and_choppy_are_not_blamed_on_nat(void **state)
{
	struct stage *stage = *state;

	given(stage, "fact:nat.type=symmetric symptom=keys");
	assert_asks(stage, "device");
	given(stage, "device=intercom");
	assert_advice(stage, "dtmf-only");
	session_answer(&stage->session, "symptom", "choppy");
	assert_asks(stage, "reproduce");
	given(stage, "reproduce=sometimes");
	assert_asks(stage, "wireless");
	given(stage, "fact:net.kind=wifi");
	assert_advice(stage, "call-quality");
	assert_true(listed(stage->walk.also, stage->walk.also_count, "symmetric-nat"));
}

static void test_not_fixed_goes_on(void **state)
{
	struct stage *stage = *state;

	given(stage, "symptom=near-cannot-hear finding:sip-alg fact:sip-alg=yes "
		     "fact:nat.type=symmetric codec=none");
	assert_advice(stage, "sip-alg");
	assert_true(listed(stage->walk.also, stage->walk.also_count, "symmetric-nat"));
	assert_true(listed(stage->walk.also, stage->walk.also_count, "codec-mismatch"));
	given(stage, "tried:sip-alg=could-not");
	assert_advice(stage, "symmetric-nat");
	given(stage, "tried:symmetric-nat=not-fixed reproduce=always");
	assert_advice(stage, "codec-mismatch");
	given(stage, "tried:codec-mismatch=ask-provider");
	assert_asks(stage, "scope");
}

static void test_fixed_ends_it(void **state)
{
	struct stage *stage = *state;

	given(stage,
	      "symptom=near-cannot-hear fact:sip-alg=yes tried:sip-alg=fixed fact:sip-alg=no");
	walk(stage);
	assert_int_equal(stage->walk.kind, STEP_FIXED);
	assert_string_equal(stage->walk.cause->id, "sip-alg");
	assert_string_equal(stage->walk.path[0], "symptom");
	assert_string_equal(stage->walk.path[stage->walk.path_count - 1], "sip-alg");
}

/* The path holds what the cause rests on, also where the answer came before it was asked for. */
static void test_path_holds_the_grounds(void **state)
{
	struct stage *stage = *state;

	given(stage, "symptom=near-cannot-hear stun=not-set nat=cone wireless=no");
	tree_walk(&stage->walk, stage->tree, &stage->session, WALK_ALONE);
	assert_string_equal(stage->walk.cause->id, "stun-not-used");
	assert_int_equal(stage->walk.path_count, 4);
	assert_string_equal(stage->walk.path[0], "symptom");
	assert_true(passed(&stage->walk, "stun"));
	assert_true(passed(&stage->walk, "nat"));
	assert_string_equal(stage->walk.path[3], "stun-not-used");
}

static void test_ruled_out(void **state)
{
	struct stage *stage = *state;

	given(stage, "symptom=near-cannot-hear fact:sip-alg=no fact:udp.open=yes "
		     "fact:nat.type=full-cone on-hold=no");
	tree_walk(&stage->walk, stage->tree, &stage->session, WALK_ALONE);
	assert_true(listed(stage->walk.ruled_out, stage->walk.ruled_out_count, "sip-alg"));
	assert_true(listed(stage->walk.ruled_out, stage->walk.ruled_out_count, "udp-blocked"));
	assert_true(listed(stage->walk.ruled_out, stage->walk.ruled_out_count, "symmetric-nat"));
	assert_true(listed(stage->walk.ruled_out, stage->walk.ruled_out_count, "on-hold"));
	assert_false(listed(stage->walk.ruled_out, stage->walk.ruled_out_count, "stun-not-used"));
	assert_false(listed(stage->walk.ruled_out, stage->walk.ruled_out_count, "undetermined"));
}

/* --- what holds for whatever is given; seeded, so that a failure can be seen again --- */

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

static void random_answer(struct stage *stage, const struct tree_question *question, uint32_t *seed)
{
	session_answer(&stage->session, question->id,
		       question->answers[next(seed) % question->answer_count].value);
}

static void random_session(struct stage *stage, uint32_t *seed)
{
	static const char *const measured[] = {
		"fact:sip-alg=yes",        "fact:sip-alg=no",
		"fact:udp.open=no",        "fact:nat.type=symmetric",
		"fact:nat.type=full-cone", "fact:nat.layers=2",
		"fact:nat.cgnat=yes",      "fact:turn.state=auth-failed",
		"fact:rtp.in=blocked",     "fact:net.kind=wifi",
		"check:local=done",        "check:dns=done",
		"check:quality=done",      "fact:dns.addresses=192.0.2.1",
	};
	const struct tree_question *question;
	const struct finding_kind *kind;

	session_clear(&stage->session);
	session_init(&stage->session, "0");
	for (size_t i = 0; (question = tree_question_at(stage->tree, i)); i++)
		if (next(seed) % 6 == 0)
			random_answer(stage, question, seed);
	for (size_t i = 0; i < sizeof measured / sizeof *measured; i++)
		if (next(seed) % 8 == 0)
			given_word(&stage->session, stage->tree, measured[i]);
	for (size_t i = 0; (kind = finding_kind_at(i)); i++) {
		char word[80];

		snprintf(word, sizeof word, "finding:%s", kind->id);
		if (next(seed) % 12 == 0)
			given_word(&stage->session, stage->tree, word);
	}
}

/* Answers and follows advices at random until nothing is left. */
static void walk_to_the_end(struct stage *stage, uint32_t *seed)
{
	static const char *const results[] = { "not-fixed", "could-not", "ask-provider" };
	size_t limit = TREE_QUESTIONS_MAX + WALK_CAUSES_MAX;

	for (walk(stage); limit-- > 0; walk(stage)) {
		assert_int_not_equal(stage->walk.kind, STEP_WAIT);
		assert_int_not_equal(stage->walk.kind, STEP_FIXED);
		if (stage->walk.kind == STEP_QUESTION) {
			assert_null(session_find_answer(&stage->session, stage->walk.question->id));
			random_answer(stage, stage->walk.question, seed);
			continue;
		}
		if (!strcmp(stage->walk.cause->id, "undetermined"))
			break;
		assert_null(session_find_outcome(&stage->session, stage->walk.cause->id));
		session_outcome(&stage->session, stage->walk.cause->id, results[next(seed) % 3]);
	}
	session_outcome(&stage->session, "undetermined", "not-fixed");
	assert_advice(stage, "undetermined");
}

static void test_never_round_in_a_circle(void **state)
{
	for (uint32_t seed = 1; seed <= 400; seed++) {
		uint32_t rolling = seed;

		random_session(*state, &rolling);
		walk_to_the_end(*state, &rolling);
	}
}

/* `also` is what comes next, and next, were each advice in vain; and nothing in it is ruled out. */
static void test_also_is_what_comes_next(void **state)
{
	struct stage *stage = *state;

	for (uint32_t seed = 1; seed <= 400; seed++) {
		uint32_t rolling = seed;
		struct walk first;

		random_session(stage, &rolling);
		tree_walk(&first, stage->tree, &stage->session, WALK_ALONE);
		for (size_t i = 0; i < first.ruled_out_count; i++) {
			assert_ptr_not_equal(first.ruled_out[i], first.cause);
			assert_false(listed(first.also, first.also_count, first.ruled_out[i]->id));
		}
		stage->walk = first;
		for (size_t i = 0; i <= first.also_count; i++) {
			session_outcome(&stage->session, stage->walk.cause->id, "not-fixed");
			tree_walk(&stage->walk, stage->tree, &stage->session, WALK_ALONE);
			assert_string_equal(stage->walk.cause->id, i < first.also_count
									   ? first.also[i]->id
									   : "undetermined");
		}
	}
}

static void assert_same(const struct walk *a, const struct walk *b)
{
	assert_memory_equal(a, b, sizeof *a);
}

/* Each answer taken back leads to where the walk stood before it. */
static void test_back_leads_back(void **state)
{
	struct stage *stage = *state;

	for (uint32_t seed = 1; seed <= 100; seed++) {
		static struct walk stood[TREE_QUESTIONS_MAX];
		size_t depth = 0;
		uint32_t rolling = seed;

		session_clear(&stage->session);
		session_init(&stage->session, "0");
		for (walk(stage); stage->walk.kind == STEP_QUESTION; walk(stage)) {
			stood[depth++] = stage->walk;
			random_answer(stage, stage->walk.question, &rolling);
		}
		while (depth-- > 0) {
			session_undo(&stage->session);
			walk(stage);
			assert_same(&stage->walk, &stood[depth]);
		}
	}
}

/* The same answers in another order, and walked twice, give the same place. */
static void test_the_same_again(void **state)
{
	struct stage *stage = *state;

	for (uint32_t seed = 1; seed <= 200; seed++) {
		const struct session_told *told = &stage->session.told;
		struct session other;
		struct walk second;
		uint32_t rolling = seed;

		random_session(stage, &rolling);
		walk(stage);
		tree_walk(&second, stage->tree, &stage->session, WALK_ASK);
		assert_same(&stage->walk, &second);
		session_init(&other, "0");
		for (size_t i = stage->session.answer_count; i-- > 0;)
			session_answer(&other, stage->session.answers[i].question,
				       stage->session.answers[i].value);
		json_object_update(other.told.facts.values, told->facts.values);
		for (size_t i = 0; i < told->finding_count; i++) {
			json_t *event = json_pack("{s:s, s:o}", "event", "finding", "finding",
						  finding_to_json(told->findings[i]));

			session_check(&other, told->finding_checks[i], event);
			json_decref(event);
		}
		for (size_t i = stage->session.check_count; i-- > 0;)
			if (!strcmp(stage->session.checks[i].state, "done")) {
				char word[40];

				snprintf(word, sizeof word, "check:%s=done",
					 stage->session.checks[i].name);
				given_word(&other, stage->tree, word);
			}
		tree_walk(&second, stage->tree, &other, WALK_ASK);
		assert_same(&stage->walk, &second);
		session_clear(&other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_first_question, begin, end),
		cmocka_unit_test_setup_teardown(
			test_unknown_everywhere_ends_undetermined_and_says_what_next, begin, end),
		cmocka_unit_test_setup_teardown(test_waits_for_a_check_that_runs, begin, end),
		cmocka_unit_test_setup_teardown(test_does_not_wait_alone, begin, end),
		cmocka_unit_test_setup_teardown(test_a_check_answers_and_is_told_at_once, begin,
						end),
		cmocka_unit_test_setup_teardown(test_a_person_corrects_a_check, begin, end),
		cmocka_unit_test_setup_teardown(test_keys_and_choppy_are_not_blamed_on_nat, begin,
						end),
		cmocka_unit_test_setup_teardown(test_not_fixed_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(test_fixed_ends_it, begin, end),
		cmocka_unit_test_setup_teardown(test_path_holds_the_grounds, begin, end),
		cmocka_unit_test_setup_teardown(test_ruled_out, begin, end),
		cmocka_unit_test_setup_teardown(test_never_round_in_a_circle, begin, end),
		cmocka_unit_test_setup_teardown(test_also_is_what_comes_next, begin, end),
		cmocka_unit_test_setup_teardown(test_back_leads_back, begin, end),
		cmocka_unit_test_setup_teardown(test_the_same_again, begin, end),
	};

	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
