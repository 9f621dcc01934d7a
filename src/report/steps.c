/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was asked, measured and tried, with times; then every measured value. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/parts.h"
#include "report/tale.h"
#include "report/wording.h"

enum { TIME_LABEL = 10, FACT_LABEL = 34, CHECK_LABEL = 10 };

static char *check_words(const struct check_run *check)
{
	const char *words = check->why ? check->why : check->summary;

	return intl_printf("%s, %.2f s%s%s", wording_state(view_state(check)), check->seconds,
			   words ? ": " : "", words ? words : "");
}

void part_steps(struct sheet *sheet, const struct view *view)
{
	struct tale tale;
	char day[WORDING_DAY], last_day[WORDING_DAY] = "", time[WORDING_DAY];

	sheet_heading(sheet, _("STEPS TAKEN"));
	tale_init(&tale, view, TALE_ALL);
	for (size_t i = 0; i < tale.count; i++) {
		if (strcmp(last_day, wording_day(day, tale.moments[i].when)))
			sheet_text(sheet, "%s", day);
		memcpy(last_day, day, sizeof last_day);
		sheet->indent += 2;
		sheet_item(sheet, TIME_LABEL, wording_time(time, tale.moments[i].when), "%s",
			   tale.moments[i].text);
		sheet->indent -= 2;
	}
	tale_clear(&tale);
}

/* A list may be empty, and that is a result too. The caller frees. */
static char *value_words(const json_t *value)
{
	if (json_is_array(value) && !json_array_size(value))
		return mem_text(_("none"));
	return fact_words(value);
}

/* Numbers alone, of which none is a telephone's. */
static bool is_figures(const json_t *value)
{
	const json_t *item;
	size_t i;

	json_array_foreach(value, i, item)
		if (!json_is_number(item))
			return false;
	return json_is_array(value) || json_is_number(value);
}

/* The value, and what it was before a retest changed it. */
static void tell_fact(struct sheet *sheet, const struct view *view, const char *name,
		      const json_t *value)
{
	const struct fact_kind *kind = fact_kind_find(name);
	const json_t *before =
		session_fact_before(view->session, name) ? facts_get(&view->before, name) : NULL;
	char *now = value_words(value), *old = before ? value_words(before) : NULL;

	sheet->own_words = is_figures(value) && (!before || is_figures(before));
	if (old && strcmp(old, now))
		sheet_item(sheet, FACT_LABEL, kind ? _(kind->title) : name, _("%s  (before: %s)"),
			   now, old);
	else
		sheet_item(sheet, FACT_LABEL, kind ? _(kind->title) : name, "%s", now);
	sheet->own_words = false;
	free(now);
	free(old);
}

void part_measured(struct sheet *sheet, const struct view *view)
{
	const struct session *session = view->session;
	const char *name;
	json_t *value;

	sheet_heading(sheet, _("MEASURED"));
	if (!session->check_count)
		sheet_text(sheet, "%s", _("Nothing was measured."));
	for (size_t i = 0; i < session->check_count; i++) {
		char *words = check_words(&session->checks[i]);

		sheet_item(sheet, CHECK_LABEL, session->checks[i].name, "%s", words);
		free(words);
	}
	sheet_gap(sheet);
	json_object_foreach(view->facts.values, name, value)
		tell_fact(sheet, view, name, value);
}
