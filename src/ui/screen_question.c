/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/intl.h"
#include "ui/screen.h"

enum { CHECKS_MAX = 16 };

/* The check that is about to answer the question; NULL: none runs. */
static const struct check *answering_check(const struct app *app,
					   const struct tree_question *question)
{
	struct wizard_check checks[CHECKS_MAX];
	size_t count = wizard_checks(app->wizard, checks, CHECKS_MAX);

	for (size_t i = 0; question->checks[i]; i++)
		for (size_t k = 0; k < count; k++)
			if (checks[k].stage == WIZARD_CHECK_RUNNING &&
			    !strcmp(checks[k].check->name, question->checks[i]))
				return checks[k].check;
	return NULL;
}

const struct tree_answer *screen_measured(const struct app *app,
					  const struct tree_question *question)
{
	bool by_check = false;
	const char *value = tree_answer_of(&by_check, question, wizard_session(app->wizard));

	return by_check ? tree_answer_find(question, value) : NULL;
}

static void build_remark(struct page *page, const struct app *app,
			 const struct tree_question *question)
{
	const struct check *check = answering_check(app, question);
	const struct tree_answer *measured = screen_measured(app, question);

	if (wizard_place(app->wizard) == WIZARD_WAIT && check)
		page_printf(page, PAGE_WARN,
			    _("Being measured just now (%s). Wait for it, or answer yourself."),
			    say(check->title));
	else if (measured)
		page_printf(page, PAGE_WARN, _("Measured: %s You may correct it."),
			    say(measured->text));
}

static void build(struct page *page, const struct app *app)
{
	const struct tree_question *question = wizard_walk(app->wizard)->question;

	page_add(page, PAGE_TITLE, say(question->ask));
	build_remark(page, app, question);
	page_add(page, PAGE_GAP, "");
	for (size_t i = 0; i < question->answer_count; i++)
		page_choice(page, (int)i, say(question->answers[i].text));
	page_add(page, PAGE_GAP, "");
	page_printf(page, PAGE_DIM, _("Why we ask: %s"), say(question->why));
	if (question->help)
		page_add(page, PAGE_DIM, _("How to find out: ? tells."));
}

static void pick(struct app *app, int id)
{
	const struct tree_question *question = wizard_walk(app->wizard)->question;

	wizard_answer(app->wizard, question->answers[id].value);
}

/* Stands on what was measured, else on the first answer. */
static void opened(struct app *app)
{
	const struct tree_question *question = wizard_walk(app->wizard)->question;
	const struct tree_answer *measured = screen_measured(app, question);

	if (measured)
		app_view(app)->selected = (unsigned)(measured - question->answers) + 1;
}

const struct screen screen_question = { .name = "question",
					.enter = N_("answer"),
					.picture = true,
					.build = build,
					.pick = pick,
					.opened = opened };
