/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/redact.h"
#include "report/wording.h"

/* In the table's order, whatever check was first; then what the table does not know. */
static void sort_facts(struct facts *out, const struct facts *facts)
{
	json_t *all = redact_json(facts->values, NULL);
	const struct fact_kind *kind;

	facts_init(out);
	for (size_t i = 0; (kind = fact_kind_at(i)); i++) {
		json_t *value = json_object_get(all, kind->name);

		if (value)
			facts_set_take(out, kind->name, json_incref(value));
	}
	json_object_update_missing(out->values, all);
	json_decref(all);
}

static size_t kind_index(const struct finding_kind *kind)
{
	size_t i = 0;

	while (finding_kind_at(i) && finding_kind_at(i) != kind)
		i++;
	return i;
}

static bool comes_before(const struct finding *a, const struct finding *b)
{
	if (a->severity != b->severity)
		return a->severity > b->severity;
	return kind_index(a->kind) < kind_index(b->kind);
}

/* By insertion: a handful, and equal ones keep their order. */
static void sort_findings(struct view *view)
{
	const struct session *session = view->session;

	view->findings = mem_new(session->finding_count + 1, sizeof *view->findings);
	view->finding_count = session->finding_count;
	for (size_t i = 0; i < session->finding_count; i++) {
		size_t at = i;

		for (; at && comes_before(session->findings[i], view->findings[at - 1]); at--)
			view->findings[at] = view->findings[at - 1];
		view->findings[at] = session->findings[i];
	}
}

void view_init(struct view *view, const struct session *session,
	       const struct report_options *options)
{
	*view = (struct view){ .session = session, .options = options };
	sort_facts(&view->facts, &session->facts);
	sort_facts(&view->before, &session->before);
	sort_findings(view);
}

void view_clear(struct view *view)
{
	facts_clear(&view->facts);
	facts_clear(&view->before);
	free(view->findings);
}

const char *view_answer(const struct view *view, const char *question)
{
	const struct answer *answer = session_find_answer(view->session, question);

	return answer ? answer->value : NULL;
}

const char *view_answer_words(const struct view *view, const char *question)
{
	const char *value = view_answer(view, question);

	return value && strcmp(value, "unknown") ? wording_answer(question, value) : NULL;
}

char *view_fact(const struct view *view, const char *name)
{
	return facts_known(&view->facts, name) ? fact_words(facts_get(&view->facts, name)) : NULL;
}

const char *view_state(const struct check_run *check)
{
	return check->state ? check->state : "running";
}

bool view_any_done(const struct session *session)
{
	for (size_t i = 0; i < session->check_count; i++)
		if (!strcmp(view_state(&session->checks[i]), "done"))
			return true;
	return false;
}

const char *view_verdict(const struct view *view, const char *key)
{
	return json_string_value(json_object_get(view->session->verdict, key));
}

bool view_has_cause(const struct view *view)
{
	const char *cause = view_verdict(view, "cause");

	return cause && strcmp(cause, "undetermined");
}

enum direction view_direction(const struct view *view)
{
	const char *symptom = view_answer(view, "symptom");

	if (!symptom)
		return DIRECTION_NONE;
	if (!strcmp(symptom, "far-cannot-hear"))
		return DIRECTION_OUT;
	if (!strcmp(symptom, "near-cannot-hear"))
		return DIRECTION_IN;
	return strcmp(symptom, "nobody-hears") ? DIRECTION_NONE : DIRECTION_BOTH;
}

const struct outcome *view_mended(const struct view *view)
{
	const char *cause = view_verdict(view, "cause");
	const struct outcome *outcome = cause ? session_find_outcome(view->session, cause) : NULL;

	return outcome && !strcmp(outcome->result, "fixed") ? outcome : NULL;
}

const char *view_words(const struct view *view, const char *id, const char *value)
{
	const struct report_options *options = view->options;
	const char *words = options->words ? options->words(id, value, options->context) : NULL;

	if (words)
		return words;
	return value ? value : id;
}

const char *view_title(const struct view *view, const char *cause)
{
	const struct report_options *options = view->options;
	const char *title = options->title ? options->title(cause, options->context) : NULL;

	return title ? title : cause;
}
