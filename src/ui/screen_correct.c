/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the measurements answered in a person's stead, for the person who knows better. */
#include <string.h>

#include "ui/intl.h"
#include "ui/screen.h"

/* The question that is the `index`th of the walk, with what a check answered to it; NULL: a person
 * did, or it is no question. */
static const struct tree_question *measured_at(const struct tree_answer **answer,
					       const struct app *app, size_t index)
{
	const struct walk *walk = wizard_walk(app->wizard);
	const struct tree_question *question =
		tree_question_find(wizard_tree(app->wizard), walk->path[index]);

	*answer = NULL;
	/* The walk's cause may bear the same name as a question. */
	for (size_t i = 0; i < index; i++)
		if (!strcmp(walk->path[i], walk->path[index]))
			return NULL;
	*answer = question && question != walk->question ? screen_measured(app, question) : NULL;
	return *answer ? question : NULL;
}

bool screen_can_correct(const struct app *app)
{
	const struct tree_answer *answer;

	for (size_t i = 0; i < wizard_walk(app->wizard)->path_count; i++)
		if (measured_at(&answer, app, i))
			return true;
	return false;
}

static void build(struct page *page, const struct app *app)
{
	page_add(page, PAGE_TITLE, _("What was measured is wrong?"));
	page_add(page, PAGE_TEXT,
		 _("These questions were answered by measuring. Choose one to answer it yourself; "
		   "the report tells both."));
	page_add(page, PAGE_GAP, "");
	for (size_t i = 0; i < wizard_walk(app->wizard)->path_count; i++) {
		const struct tree_answer *answer;
		const struct tree_question *question = measured_at(&answer, app, i);

		if (!question)
			continue;
		page_choice(page, (int)i, say(question->ask));
		page->indent = 8;
		page_printf(page, PAGE_DIM, _("Measured: %s"), say(answer->text));
		page->indent = 0;
	}
}

static void pick(struct app *app, int id)
{
	if (!wizard_ask(app->wizard, wizard_walk(app->wizard)->path[id]))
		return;
	while (app->depth)
		app_close(app);
}

const struct screen screen_correct = { .name = "correct", .build = build, .pick = pick };
