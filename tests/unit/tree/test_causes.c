/* SPDX-License-Identifier: GPL-3.0-or-later */
/* causes.txt: what is given leads to the cause that an expert would name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "given.h"

struct given_case {
	const char *cause, *confidence, *direction;
	char *words;
	int line;
};

struct table {
	struct tree *tree;
	char *text;
	struct given_case *cases;
	size_t count;
};

static void add_case(struct table *table, char *text, int line)
{
	struct given_case one = { .line = line };

	one.cause = strtok_r(text, " \t", &one.words);
	if (!one.cause || *one.cause == '#')
		return;
	one.confidence = strtok_r(NULL, " \t", &one.words);
	one.direction = strtok_r(NULL, " \t", &one.words);
	if (!one.direction)
		fail_msg("causes.txt:%d: expected cause, confidence, direction, what is given",
			 line);
	table->cases = mem_resize(table->cases, table->count + 1, sizeof *table->cases);
	table->cases[table->count++] = one;
}

static int read_table(void **state)
{
	struct table *table = mem_new(1, sizeof *table);
	char *path = given_data("../tests/unit/tree/causes.txt"), *line, *rest;
	size_t length;
	int number = 0;

	table->tree = given_tree();
	assert_int_equal(file_read(&table->text, &length, path, 1 << 20), ERR_NONE);
	free(path);
	for (rest = table->text; (line = strsep(&rest, "\n"));)
		add_case(table, line, ++number);
	*state = table;
	return 0;
}

static int drop_table(void **state)
{
	struct table *table = *state;

	tree_free(table->tree);
	free(table->cases);
	free(table->text);
	free(table);
	return 0;
}

/* True if it led where it should; else says where it led. */
static bool case_holds(const struct table *table, const struct given_case *one)
{
	struct session session;
	struct walk walk;
	bool fits;

	session_init(&session, "0");
	given_words(&session, table->tree, one->words);
	tree_walk(&walk, table->tree, &session, WALK_ALONE);
	assert_int_equal(walk.kind, STEP_ADVICE);
	fits = !strcmp(walk.cause->id, one->cause) &&
	       !strcmp(confidence_text(walk.confidence), one->confidence) &&
	       (!strcmp(one->direction, "-") ||
		!strcmp(direction_text(walk.direction), one->direction));
	if (!fits)
		print_error("causes.txt:%d: led to %s %s %s, not to %s %s %s\n", one->line,
			    walk.cause->id, confidence_text(walk.confidence),
			    direction_text(walk.direction), one->cause, one->confidence,
			    one->direction);
	session_clear(&session);
	return fits;
}

static void test_every_case(void **state)
{
	const struct table *table = *state;
	size_t wrong = 0;

	assert_true(table->count > 100);
	for (size_t i = 0; i < table->count; i++)
		wrong += !case_holds(table, &table->cases[i]);
	assert_int_equal(wrong, 0);
}

static void test_no_cause_is_missing(void **state)
{
	const struct table *table = *state;
	const struct tree_cause *cause;

	for (size_t i = 0; (cause = tree_cause_at(table->tree, i)); i++) {
		bool found = false;

		for (size_t k = 0; k < table->count; k++)
			found = found || !strcmp(table->cases[k].cause, cause->id);
		if (!found)
			fail_msg("no line of causes.txt leads to %s", cause->id);
	}
}

/* Asking one by one, with the same answers, comes to the same end. */
static void test_asking_leads_there_too(void **state)
{
	const struct table *table = *state;

	for (size_t i = 0; i < table->count; i++) {
		struct session session;
		struct walk walk;

		session_init(&session, "0");
		given_words(&session, table->tree, table->cases[i].words);
		for (;;) {
			tree_walk(&walk, table->tree, &session, WALK_ASK);
			if (walk.kind != STEP_QUESTION)
				break;
			session_answer(&session, walk.question->id, "unknown");
		}
		assert_int_equal(walk.kind, STEP_ADVICE);
		if (strcmp(walk.cause->id, table->cases[i].cause) != 0)
			fail_msg("causes.txt:%d: asked, it led to %s", table->cases[i].line,
				 walk.cause->id);
		session_clear(&session);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_case),
		cmocka_unit_test(test_no_cause_is_missing),
		cmocka_unit_test(test_asking_leads_there_too),
	};

	return cmocka_run_group_tests_name("causes", tests, read_table, drop_table);
}
