/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/tale.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/wording.h"

static void add_take(struct tale *tale, time_t when, char *text)
{
	tale->moments = mem_resize(tale->moments, tale->count + 1, sizeof *tale->moments);
	tale->moments[tale->count] = (struct moment){ when, tale->count, text };
	tale->count++;
}

static int by_time(const void *a, const void *b)
{
	const struct moment *first = a, *second = b;

	if (first->when != second->when)
		return first->when < second->when ? -1 : 1;
	return first->order < second->order ? -1 : first->order > second->order;
}

static char *answer_words(const struct view *view, const struct answer *answer)
{
	const char *asked = view_words(view, answer->question, NULL);
	const char *said = strcmp(answer->value, "unknown")
				   ? view_words(view, answer->question, answer->value)
				   : _("I don't know");

	if (answer->measured)
		return mem_printf(_("asked: %s - %s  (measured: %s; corrected by the person)"),
				  asked, said,
				  view_words(view, answer->question, answer->measured));
	return mem_printf(_("asked: %s - %s"), asked, said);
}

static char *outcome_words(const struct view *view, const struct outcome *outcome)
{
	const char *cause = view_title(view, outcome->cause);

	return mem_printf(_("steps for: %.*s - %s"), wording_length(cause), cause,
			  wording_result(outcome->result));
}

/* "Not found yet - did not help" tells nobody anything. */
static bool tells_something(const struct outcome *outcome)
{
	return strcmp(outcome->cause, "undetermined") || strcmp(outcome->result, "not-fixed");
}

static void add_asked_and_measured(struct tale *tale, const struct view *view)
{
	const struct session *session = view->session;

	add_take(tale, session->started, mem_text(_("begun")));
	for (size_t i = 0; i < session->answer_count; i++)
		add_take(tale, session->answers[i].when, answer_words(view, &session->answers[i]));
	for (size_t i = 0; i < session->check_count; i++)
		add_take(tale, session->checks[i].when,
			 mem_printf(_("measured: %s - %s"), session->checks[i].name,
				    wording_state(view_state(&session->checks[i]))));
}

void tale_init(struct tale *tale, const struct view *view, enum tale_scope scope)
{
	const struct session *session = view->session;

	*tale = (struct tale){ 0 };
	if (scope == TALE_ALL)
		add_asked_and_measured(tale, view);
	for (size_t i = 0; i < session->step_count; i++)
		add_take(tale, session->steps[i].when, mem_text(session->steps[i].text));
	for (size_t i = 0; i < session->outcome_count; i++)
		if (tells_something(&session->outcomes[i]))
			add_take(tale, session->outcomes[i].when,
				 outcome_words(view, &session->outcomes[i]));
	if (tale->count)
		qsort(tale->moments, tale->count, sizeof *tale->moments, by_time);
}

void tale_clear(struct tale *tale)
{
	for (size_t i = 0; i < tale->count; i++)
		free(tale->moments[i].text);
	free(tale->moments);
	*tale = (struct tale){ 0 };
}
