/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why it is asked, how to find out, and the words that a person may not know; those of this screen
 * first. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/intl.h"
#include "ui/screen.h"

static const struct screen *screen_underneath(const struct app *app)
{
	return app->depth > 1 ? app->over[app->depth - 2]
			      : screen_at_place(wizard_place(app->wizard));
}

/* All that the screen underneath says; the caller frees. */
static char *text_underneath(const struct app *app)
{
	const struct screen *screen = screen_underneath(app);
	char *all = mem_text("");
	struct page page;

	page_init(&page, app->charset);
	screen->build(&page, app);
	for (size_t i = 0; i < page.count; i++) {
		char *longer =
			mem_printf("%s\n%s\n%s", all, page.items[i].label, page.items[i].text);

		free(all);
		all = longer;
	}
	page_clear(&page);
	return all;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* True if the word stands in the text as a word, or as several of it ("ports"): not "port" in
 * "report". Scripts without blanks between words have no such letters. */
static bool has_word(const char *text, const char *word)
{
	const size_t length = strlen(word);

	for (const char *at = text; (at = strcasestr(at, word)); at++) {
		const char *behind = at + length + (at[length] == 's');

		if (!(at > text && is_letter(at[0]) && is_letter(at[-1])) &&
		    !(is_letter(behind[-1]) && is_letter(*behind)))
			return true;
	}
	return false;
}

static void build_terms(struct page *page, const struct tree *tree, const char *heading,
			const char *text, bool found)
{
	const struct tree_term *term;
	bool any = false;

	for (size_t i = 0; (term = tree_term_at(tree, i)) && term->term; i++) {
		if (has_word(text, say(term->term)) != found)
			continue;
		if (!any) {
			page_add(page, PAGE_GAP, "");
			page_add(page, PAGE_HEADING, heading);
		}
		any = true;
		page_label(page, say(term->term), say(term->text));
	}
}

static void build_question(struct page *page, const struct tree_question *question)
{
	page_add(page, PAGE_TEXT, say(question->ask));
	page_add(page, PAGE_GAP, "");
	page_label(page, _("Why we ask"), say(question->why));
	if (question->help)
		page_label(page, _("How to find out"), say(question->help));
	page_label(page, _("If in doubt"),
		   _("Answer \"I don't know\": the search goes on without it."));
	/* At the foot of a narrow window there is no room for it in every language. */
	page_label(page, _("Listen to a call"),
		   _("c listens while one is made, and says which direction is missing."));
}

static void build(struct page *page, const struct app *app)
{
	const enum wizard_place place = wizard_place(app->wizard);
	char *text = text_underneath(app);

	page_add(page, PAGE_TITLE, _("Explained"));
	page_add(page, PAGE_GAP, "");
	if (place == WIZARD_QUESTION || place == WIZARD_WAIT)
		build_question(page, wizard_walk(app->wizard)->question);
	else
		page_add(
			page, PAGE_TEXT,
			_("Arrow keys choose, Enter does it; a digit picks at once. Esc goes back. "
			  "F1 explains, F2 shows what was measured, F10 stops and keeps all."));
	if (screen_underneath(app)->reads) {
		page_add(page, PAGE_GAP, "");
		page_add(
			page, PAGE_TEXT,
			_("/ searches for a word in the report, n goes to the next place, N to the "
			  "one before."));
		page_add(
			page, PAGE_TEXT,
			_("What is hidden stays hidden in what is saved: of a telephone number the "
			  "last two digits are left, a public address gets a name that is the same "
			  "wherever it stands. The provider may need both to find a call."));
	}
	build_terms(page, wizard_tree(app->wizard), _("Words on the screen"), text, true);
	build_terms(page, wizard_tree(app->wizard), _("Other words"), text, false);
	free(text);
}

const struct screen screen_help = { .name = "help", .build = build };
