/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/intl.h"
#include "ui/path.h"
#include "ui/screen.h"

enum { CHECKS_MAX = 16, KEYS_MAX = 8, BAR_CELLS = 8 };

/* "Example Telecom · Dental practice"; the caller frees. */
static char *whose_text(const struct app *app)
{
	const struct session *session = wizard_session(app->wizard);
	const char *name = session_site_text(session, "provider.name");
	const char *customer = session_detail_text(session, "customer");

	if (!name || !*name)
		name = session_site_text(session, "provider.domain");
	if (name && *name && customer && *customer)
		return mem_printf("%s %s %s", name, symbol(SYMBOL_DOT, app->charset), customer);
	return mem_text(name && *name ? name : customer ? customer : "");
}

/* Where one is on the way; the caller frees. */
static char *where_text(const struct app *app)
{
	size_t done, about;

	switch (wizard_place(app->wizard)) {
	case WIZARD_WELCOME: return mem_text("");
	case WIZARD_PROVIDER: return mem_text(_("the provider"));
	case WIZARD_QUESTION:
	case WIZARD_WAIT:
		wizard_progress(app->wizard, &done, &about);
		if (about <= done + 1)
			return mem_printf(_("step %zu"), done + 1);
		return mem_printf(_("step %zu of about %zu"), done + 1, about);
	case WIZARD_ADVICE: return mem_text(_("advice"));
	case WIZARD_RETEST: return mem_text(_("retest"));
	case WIZARD_DONE: return mem_text(_("report"));
	}
	return mem_text("");
}

static void draw_title(struct canvas *canvas, const struct app *app)
{
	char *whose = whose_text(app);
	char *where = where_text(app);
	size_t room = canvas->columns - 2 - text_width(where);
	size_t middle = (canvas->columns - text_width(whose)) / 2;

	canvas_put(canvas, 0, 1, LOOK_TITLE, "earshot");
	if (text_width(whose) > canvas->columns - 30)
		middle = 12;
	canvas_put_within(canvas, 0, middle, room > middle ? room - middle : 0, LOOK_NORMAL, whose);
	canvas_put_right(canvas, 0, canvas->columns - 1, LOOK_DIM, where);
	free(whose);
	free(where);
}

/* A rule that carries a word: nobody shall take a made-up site for a real one. What stands behind
 * its colon goes where there is no room. */
static void draw_banner(struct canvas *canvas, size_t row, const char *text)
{
	const size_t room = canvas->columns - 8;
	char *shown = mem_text(text), *colon = strrchr(shown, ':');
	size_t end = canvas_put(canvas, row, 3, LOOK_WARN, " ");

	if (colon && text_width(shown) > room)
		*colon = 0;
	end = canvas_put_within(canvas, row, end, room, LOOK_WARN, shown);
	canvas_put(canvas, row, end, LOOK_WARN, " ");
	free(shown);
}

size_t frame_head(struct canvas *canvas, const struct app *app)
{
	struct path path;
	size_t row = 2, rows;

	draw_title(canvas, app);
	canvas_rule(canvas, 1);
	if (app->options->practice)
		draw_banner(canvas, 1, app->options->practice);
	if (!app_screen(app)->picture)
		return row;
	path_of(&path, wizard_session(app->wizard));
	if (wizard_listens(app->wizard))
		path_hear(&path, wizard_live(app->wizard));
	/* A question shall be seen with all its answers; elsewhere one reads. */
	rows = path_rows(canvas->rows, app_screen(app) != &screen_question);
	path_draw(canvas, row, rows, &path);
	canvas_rule(canvas, row + rows);
	return row + rows + 1;
}

/* A check in a few cells, its end state a symbol. */
static enum symbol mark_of(enum look *look, const struct wizard_check *check)
{
	const bool found = check->has_finding && check->worst != SEVERITY_NOTE;

	*look = LOOK_DIM;
	if (check->state == CHECK_SKIPPED)
		return SYMBOL_SKIPPED;
	*look = LOOK_WARN;
	if (check->state != CHECK_DONE || (check->no_result && !found))
		return SYMBOL_UNKNOWN;
	if (!found) {
		*look = LOOK_GOOD;
		return SYMBOL_TICK;
	}
	if (check->worst == SEVERITY_RISK)
		return SYMBOL_WARNING;
	*look = LOOK_BAD;
	return SYMBOL_CROSS;
}

static size_t draw_check(struct canvas *canvas, size_t row, size_t column,
			 const struct wizard_check *check, size_t bar)
{
	char seconds[32];
	enum look look;

	column = canvas_put(canvas, row, column, LOOK_NORMAL, say(check->check->title)) + 1;
	if (check->stage == WIZARD_CHECK_IDLE)
		return canvas_symbol(canvas, row, column, LOOK_DIM, SYMBOL_SKIPPED);
	if (check->stage == WIZARD_CHECK_ENDED) {
		enum symbol mark = mark_of(&look, check);

		return canvas_symbol(canvas, row, column, look, mark);
	}
	if (bar)
		column = canvas_bar(canvas, row, column, bar, check->fraction) + 1;
	snprintf(seconds, sizeof seconds, _("%.0f s"), check->seconds);
	return canvas_put(canvas, row, column, LOOK_DIM, seconds);
}

/* The cells that the line of checks takes, by drawing it where nobody looks. */
static size_t checks_width(const struct canvas *canvas, const struct wizard_check *checks,
			   size_t count, size_t bar, size_t gap)
{
	struct canvas trial;
	size_t column = 1;

	canvas_init(&trial, 1, 500, canvas->charset);
	for (size_t i = 0; i < count; i++)
		column = draw_check(&trial, 0, column, &checks[i], bar) + gap;
	canvas_clear(&trial);
	return column - gap + 1;
}

/* How many still run and how many found something, where one by one is too long. */
static void draw_checks_sum(struct canvas *canvas, size_t row, const struct wizard_check *checks,
			    size_t count)
{
	size_t ended = 0, found = 0;
	char text[200];

	for (size_t i = 0; i < count; i++) {
		ended += checks[i].stage == WIZARD_CHECK_ENDED;
		found += checks[i].has_finding && checks[i].worst != SEVERITY_NOTE;
	}
	snprintf(text, sizeof text, _("measured %zu of %zu, %zu found something"), ended, count,
		 found);
	canvas_put_within(canvas, row, 1, canvas->columns - 2, LOOK_NORMAL, text);
}

static void draw_checks(struct canvas *canvas, size_t row, const struct wizard_check *checks,
			size_t count)
{
	size_t column = 1, gap = 3;
	size_t bar = checks_width(canvas, checks, count, BAR_CELLS, gap) <= canvas->columns
			     ? BAR_CELLS
			     : 0;

	while (gap > 1 && checks_width(canvas, checks, count, bar, gap) > canvas->columns)
		gap--;
	if (checks_width(canvas, checks, count, bar, gap) > canvas->columns) {
		draw_checks_sum(canvas, row, checks, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		column = draw_check(canvas, row, column, &checks[i], bar) + gap;
}

static bool any_started(const struct wizard_check *checks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (checks[i].stage != WIZARD_CHECK_IDLE)
			return true;
	return false;
}

struct key_words {
	const char *key, *words;
};

/* What the keys do here, the more important first; returns how many. */
static size_t keys_of(struct key_words out[KEYS_MAX], const struct app *app,
		      const struct page *page, char arrows[32])
{
	const struct screen *screen = app_screen(app);
	const struct page_item *selected = page_choice_at(page, app->views[app->depth].selected);
	const bool form = page->has_fields, ascii = app->charset != CHARSET_UTF8;
	const bool own_word =
		screen->enter && (!form || (selected && selected->kind == PAGE_FIELD));
	size_t count = 0;

	snprintf(arrows, 32, "%s%s%s",
		 symbol(page->choices_below ? SYMBOL_LEFT : SYMBOL_UP, app->charset),
		 ascii ? "/" : "",
		 symbol(page->choices_below ? SYMBOL_RIGHT : SYMBOL_DOWN, app->charset));
	if (page->choices > 1)
		out[count++] = (struct key_words){ arrows, _("move") };
	if (page->choices)
		out[count++] =
			(struct key_words){ "Enter", own_word ? say(screen->enter) : _("choose") };
	if (app->search.typing) {
		out[0] = (struct key_words){ "Enter", _("search") };
		out[1] = (struct key_words){ "Esc", _("back") };
		return 2;
	}
	if (screen->reads)
		out[count++] =
			(struct key_words){ app->search.word[0] ? "/ n N" : "/", _("search") };
	if (wizard_place(app->wizard) != WIZARD_WELCOME || app->depth)
		out[count++] = (struct key_words){ form ? "Esc" : "b", _("back") };
	if (screen != &screen_help)
		out[count++] = (struct key_words){ form ? "F1" : "?", _("explain") };
	if (screen->picture || screen == &screen_help)
		out[count++] = (struct key_words){ form ? "F2" : "m", _("measurements") };
	if (screen != &screen_quit)
		out[count++] = (struct key_words){ form ? "F10" : "q", _("quit") };
	return count;
}

static size_t keys_width(const struct key_words *keys, size_t count)
{
	size_t cells = 1;

	for (size_t i = 0; i < count; i++)
		cells += text_width(keys[i].key) + 1 + text_width(keys[i].words);
	return cells;
}

/* Before the last one, where a call can be listened to and there is room. */
static size_t add_listen(struct key_words keys[KEYS_MAX], size_t count, const struct app *app,
			 size_t columns)
{
	const struct key_words listen = { "c", _("listen") };

	if (app_screen(app) != &screen_question || count == KEYS_MAX ||
	    keys_width(keys, count) + keys_width(&listen, 1) + 2 * count > columns)
		return 0;
	keys[count] = keys[count - 1];
	keys[count - 1] = listen;
	return 1;
}

/* Draws them above `bottom`, in a second row what one does not hold; returns the first row. */
static size_t draw_keys(struct canvas *canvas, size_t bottom, const struct app *app,
			const struct page *page)
{
	struct key_words keys[KEYS_MAX];
	char arrows[32];
	size_t count = keys_of(keys, app, page, arrows);
	size_t column = 1, gap = 3, first;
	size_t row = bottom - 1;

	count += add_listen(keys, count, app, canvas->columns);
	first = count;
	while (gap > 1 && keys_width(keys, count) + count * gap > canvas->columns)
		gap--;
	while (first > 1 && keys_width(keys, first) + (first - 1) * gap > canvas->columns)
		first--;
	if (first < count)
		row--;
	for (size_t i = 0; i < count; i++) {
		if (i == first)
			column = 1;
		column = canvas_put(canvas, row + (i >= first), column, LOOK_KEY, keys[i].key) + 1;
		column =
			canvas_put(canvas, row + (i >= first), column, LOOK_NORMAL, keys[i].words) +
			gap;
	}
	return row;
}

static size_t draw_remark(struct canvas *canvas, size_t bottom, const char *text)
{
	struct text_lines lines = text_wrap(text, canvas->columns - 5);
	size_t row = bottom - lines.count;

	canvas_symbol(canvas, row, 1, LOOK_WARN, SYMBOL_WARNING);
	for (size_t i = 0; i < lines.count; i++)
		canvas_put(canvas, row + i, 3, LOOK_WARN, lines.line[i]);
	text_free_lines(&lines);
	return row;
}

size_t frame_foot(struct canvas *canvas, const struct app *app, const struct page *page)
{
	const struct wizard_host *host = wizard_host(app->wizard);
	const char *trouble = host->trouble ? host->trouble(host->context) : NULL;
	struct wizard_check checks[CHECKS_MAX];
	size_t count = wizard_checks(app->wizard, checks, CHECKS_MAX);
	size_t row = draw_keys(canvas, canvas->rows, app, page) - 1;

	if (any_started(checks, count))
		draw_checks(canvas, row--, checks, count);
	canvas_rule(canvas, row);
	if (trouble)
		row = draw_remark(canvas, row, trouble);
	if (app->notice)
		row = draw_remark(canvas, row, app->notice);
	return row;
}
