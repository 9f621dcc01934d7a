/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "given.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "model/fact.h"

char *given_data(const char *name)
{
	const char *top = getenv("top_srcdir");

	return mem_printf("%s/data/%s", top ? top : ".", name);
}

struct tree *given_tree(void)
{
	char *tree_path = given_data("tree.xml"), *routers_path = given_data("routers.xml");
	struct complaint complaint = { "" };
	struct tree *tree = NULL;

	if (tree_load(&tree, tree_path, routers_path, &complaint))
		fail_msg("%s", complaint.text);
	free(tree_path);
	free(routers_path);
	return tree;
}

/* Takes the event. */
static void tell(struct session *session, const char *check, json_t *event)
{
	assert_non_null(event);
	session_check(session, check, event);
	json_decref(event);
}

static void given_fact(struct session *session, const char *name, const char *value)
{
	const struct fact_kind *kind = fact_kind_find(name);
	char *end;
	double number = strtod(value, &end);
	json_t *json = *end ? json_string(value) : json_real(number);

	if (!kind)
		fail_msg("no fact '%s'", name);
	tell(session, kind->check,
	     json_pack("{s:s, s:s, s:o}", "event", "fact", "name", name, "value", json));
}

static void given_finding(struct session *session, char *id)
{
	char *severity, *direction, *side;
	struct finding *finding;

	id = strtok_r(id, "/", &side);
	severity = strtok_r(NULL, "/", &side);
	direction = strtok_r(NULL, "/", &side);
	if (!finding_kind_find(id))
		fail_msg("no finding '%s'", id);
	finding = finding_new(id);
	if (severity)
		assert_int_equal(severity_parse(&finding->severity, severity), ERR_NONE);
	if (direction)
		assert_int_equal(direction_parse(&finding->direction, direction), ERR_NONE);
	if (side && *side)
		assert_int_equal(side_parse(&finding->side, side), ERR_NONE);
	tell(session, finding->kind->check,
	     json_pack("{s:s, s:o}", "event", "finding", "finding", finding_to_json(finding)));
	finding_free(finding);
}

static void given_check(struct session *session, const char *name, const char *state)
{
	if (!strcmp(state, "running"))
		tell(session, name, json_pack("{s:s}", "event", "start"));
	else
		tell(session, name, json_pack("{s:s, s:s}", "event", "end", "state", state));
}

static void given_answer(struct session *session, const struct tree *tree, const char *id,
			 const char *value)
{
	const struct tree_question *question = tree_question_find(tree, id);

	if (!question || !tree_answer_find(question, value))
		fail_msg("no answer '%s' to '%s'", value, id);
	session_answer(session, id, value);
}

void given_word(struct session *session, const struct tree *tree, const char *word)
{
	char *text = mem_text(word), *kind = text, *name = strchr(text, ':'),
	     *value = strchr(text, '=');

	if (name)
		*name++ = '\0';
	if (value)
		*value++ = '\0';
	if (!name && value)
		given_answer(session, tree, kind, value);
	else if (name && !strcmp(kind, "finding"))
		given_finding(session, name);
	else if (name && value && !strcmp(kind, "fact"))
		given_fact(session, name, value);
	else if (name && value && !strcmp(kind, "check"))
		given_check(session, name, value);
	else if (name && value && !strcmp(kind, "tried"))
		session_outcome(session, name, value);
	else
		fail_msg("'%s' is not understood", word);
	free(text);
}

void given_words(struct session *session, const struct tree *tree, const char *words)
{
	char *text = mem_text(words), *rest;

	for (char *word = strtok_r(text, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest))
		given_word(session, tree, word);
	free(text);
}
