/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui/intl.h"
#include "ui/screen.h"

/* So long after measurements moved the wizard on, a pick was meant for what stood there before. */
enum { SETTLE_MS = 500, CHECKS_MAX = 16 };

const struct screen *app_screen(const struct app *app)
{
	return app->depth ? app->over[app->depth - 1] : screen_at_place(wizard_place(app->wizard));
}

struct view *app_view(struct app *app)
{
	return &app->views[app->depth];
}

/* The screen on top has just come up. */
static void screen_comes_up(struct app *app, bool fresh)
{
	const struct screen *screen = app_screen(app);

	app->search = (struct search){ 0 };
	if (fresh)
		*app_view(app) = (struct view){ .selected = 1, .follow = true };
	/* What was typed into the form stays while help lies over it. */
	if (screen->fields && (screen->fields != app->form.fields || (fresh && !app->depth)))
		form_open(&app->form, screen->fields, app->wizard);
	if (fresh && screen->opened)
		screen->opened(app);
}

static const void *step_of(const struct wizard *wizard)
{
	const struct walk *walk = wizard_walk(wizard);

	return walk->question ? (const void *)walk->question : walk->cause;
}

static bool remember_place(struct app *app)
{
	enum wizard_place place = wizard_place(app->wizard);
	const void *step = step_of(app->wizard);
	/* Waiting for a check that answers a question, and asking it, look the same to the person.
	 */
	bool same = step == app->step && (place == app->place ||
					  (place == WIZARD_QUESTION && app->place == WIZARD_WAIT) ||
					  (place == WIZARD_WAIT && app->place == WIZARD_QUESTION));

	app->place = place;
	app->step = step;
	return !same;
}

/* What was scrolled to in the one is not what counts in the other. True if that has changed. */
static bool remember_listening(struct app *app)
{
	const bool listens = wizard_listens(app->wizard);

	if (listens == app->listens)
		return false;
	app->listens = listens;
	if (app_screen(app) == &screen_capture)
		*app_view(app) = (struct view){ .selected = 1, .follow = true };
	return true;
}

void app_init(struct app *app, struct wizard *wizard, const struct ui_options *options,
	      enum charset charset)
{
	*app = (struct app){ .wizard = wizard, .options = options, .charset = charset };
	remember_place(app);
	screen_comes_up(app, true);
}

void app_clear(struct app *app)
{
	form_close(&app->form);
	free(app->notice);
	free(app->report_path);
	free(app->report_why);
	free(app->profile_path);
	free(app->report_text);
}

void app_open(struct app *app, const struct screen *screen)
{
	if (app->depth == APP_DEPTH)
		return;
	app->over[app->depth++] = screen;
	screen_comes_up(app, true);
}

void app_close(struct app *app)
{
	if (!app->depth)
		return;
	app->depth--;
	screen_comes_up(app, false);
}

void app_notice(struct app *app, const char *format, ...)
{
	va_list args;

	free(app->notice);
	va_start(args, format);
	if (vasprintf(&app->notice, format, args) < 0)
		abort();
	va_end(args);
}

bool app_is_measuring(const struct app *app)
{
	struct wizard_check checks[CHECKS_MAX];
	size_t count = wizard_checks(app->wizard, checks, CHECKS_MAX);

	for (size_t i = 0; i < count; i++)
		if (checks[i].stage == WIZARD_CHECK_RUNNING)
			return true;
	return false;
}

bool app_look(struct app *app)
{
	const bool ended = remember_listening(app) && app_screen(app) == &screen_capture;

	if (!remember_place(app))
		return ended;
	app->moved_ms = clock_ms();
	if (!app->depth)
		screen_comes_up(app, true);
	else
		app->views[0] = (struct view){ .selected = 1, .follow = true };
	return true;
}

/* The page of the screen on top. */
static void build_page(struct page *page, const struct app *app)
{
	page_init(page, app->charset);
	app_screen(app)->build(page, app);
}

/* The index of the field that is selected; false where none is. */
static bool selected_field(size_t *index, const struct app *app)
{
	const struct view *view = &app->views[app->depth];

	if (app_screen(app)->fields != app->form.fields || !view->selected ||
	    view->selected > app->form.count)
		return false;
	*index = view->selected - 1;
	return true;
}

/* Typed values are handed on when the person leaves the field. */
static void leave_field(struct app *app)
{
	size_t index;

	if (selected_field(&index, app))
		form_commit(&app->form, index, app->wizard);
}

static bool select_choice(struct app *app, bool forward)
{
	struct view *view = app_view(app);
	struct page page;
	unsigned choices;

	build_page(&page, app);
	choices = page.choices;
	page_clear(&page);
	view->follow = true;
	if (!choices)
		return false;
	leave_field(app);
	if (forward)
		view->selected = view->selected >= choices ? 1 : view->selected + 1;
	else
		view->selected = view->selected <= 1 ? choices : view->selected - 1;
	return true;
}

static bool scroll_by(struct app *app, bool forward, size_t lines)
{
	struct view *view = app_view(app);

	view->follow = false;
	/* Drawing brings it back within what there is. */
	if (forward)
		view->scroll += lines;
	else
		view->scroll = view->scroll > lines ? view->scroll - lines : 0;
	return true;
}

/* Up and down go through the choices; where these do not stand in the text, through a text that is
 * too long. */
static bool move(struct app *app, bool forward)
{
	struct page page;
	bool text_moves;

	build_page(&page, app);
	text_moves = !page.choices || (page.choices_below && app_view(app)->overflows);
	page_clear(&page);
	return text_moves ? scroll_by(app, forward, 1) : select_choice(app, forward);
}

static bool pick(struct app *app, unsigned number)
{
	const struct page_item *item;
	struct page page;
	int id = 0;
	bool is_choice, is_field;

	build_page(&page, app);
	item = page_choice_at(&page, number);
	is_choice = item && item->kind == PAGE_CHOICE;
	is_field = item && item->kind == PAGE_FIELD;
	if (item)
		id = item->id;
	page_clear(&page);
	if (is_field)
		return select_choice(app, true);
	if (!is_choice || (!app->depth && app->moved_ms && clock_ms() - app->moved_ms < SETTLE_MS))
		return false;
	leave_field(app);
	app_view(app)->selected = number;
	app_screen(app)->pick(app, id);
	return true;
}

static bool go_back(struct app *app)
{
	leave_field(app);
	if (app->depth) {
		app_close(app);
		return true;
	}
	if (wizard_back(app->wizard))
		return true;
	app_open(app, &screen_quit);
	return true;
}

static bool toggle(struct app *app, const struct screen *screen)
{
	if (app_screen(app) == screen)
		app_close(app);
	else
		app_open(app, screen);
	return true;
}

static bool type_key(struct app *app, const struct key *key)
{
	size_t index;

	return selected_field(&index, app) && form_key(&app->form, index, key);
}

/* The next line in that direction that has the word, round the end if need be; 0: none. */
static size_t find_line(const struct page *page, const struct search *search, bool forward)
{
	size_t at = search->found ? search->found - 1 : forward ? page->count - 1 : 0;

	for (size_t tries = 0; tries < page->count; tries++) {
		at = (at + (forward ? 1 : page->count - 1)) % page->count;
		if (page->items[at].kind == PAGE_VERBATIM &&
		    strcasestr(page->items[at].text, search->word))
			return at + 1;
	}
	return 0;
}

static bool find(struct app *app, bool forward)
{
	struct page page;

	if (!app->search.word[0])
		return false;
	build_page(&page, app);
	app->search.found = find_line(&page, &app->search, forward);
	page_clear(&page);
	app_view(app)->wanted = app->search.found;
	app_view(app)->follow = false;
	if (!app->search.found)
		app_notice(app, _("\"%s\" does not stand there."), app->search.word);
	return true;
}

/* Starts typing the word; Enter looks for it, Esc leaves all as it was. */
static bool type_word(struct app *app, const struct key *key)
{
	struct search *search = &app->search;
	const size_t length = strlen(search->word);

	if (key->kind == PRESSED_ENTER) {
		search->typing = false;
		search->found = 0;
		return find(app, true) || length == 0;
	}
	if (key->kind == PRESSED_ESCAPE) {
		*search = (struct search){ 0 };
		return true;
	}
	if (key->kind == PRESSED_CLEAR_LINE) {
		search->word[0] = 0;
	} else if (key->kind == PRESSED_BACKSPACE) {
		size_t keep = length;

		while (keep && (search->word[--keep] & 0xc0) == 0x80)
			;
		search->word[keep] = 0;
	} else if (key->kind == PRESSED_CHARACTER && length + strlen(key->text) <= SEARCH_MAX) {
		memcpy(search->word + length, key->text, strlen(key->text) + 1);
	}
	return true;
}

static bool do_intent(struct app *app, const struct intent *intent)
{
	size_t height = app_view(app)->height;

	switch (intent->kind) {
	case INTENT_NONE: return false;
	case INTENT_UP: return move(app, false);
	case INTENT_DOWN: return move(app, true);
	case INTENT_PREVIOUS: return select_choice(app, false);
	case INTENT_NEXT: return select_choice(app, true);
	case INTENT_PAGE_UP: return scroll_by(app, false, height > 1 ? height - 1 : 1);
	case INTENT_PAGE_DOWN: return scroll_by(app, true, height > 1 ? height - 1 : 1);
	case INTENT_TOP: return scroll_by(app, false, SIZE_MAX);
	case INTENT_BOTTOM: return scroll_by(app, true, SIZE_MAX / 2 - app_view(app)->scroll);
	case INTENT_PICK: return pick(app, app_view(app)->selected);
	case INTENT_NUMBER: return pick(app, intent->number);
	case INTENT_BACK: return go_back(app);
	case INTENT_HELP: return toggle(app, &screen_help);
	case INTENT_CHECKS: return toggle(app, &screen_checks);
	case INTENT_LISTEN: return toggle(app, &screen_capture);
	case INTENT_QUIT:
		return app_screen(app) == &screen_quit ? false : toggle(app, &screen_quit);
	case INTENT_TYPE:
		return app->search.typing ? type_word(app, &intent->key)
					  : type_key(app, &intent->key);
	case INTENT_SEARCH: app->search = (struct search){ .typing = true }; return true;
	case INTENT_FIND_NEXT: return find(app, true);
	case INTENT_FIND_PREVIOUS: return find(app, false);
	}
	return false;
}

bool app_do(struct app *app, const struct intent *intent)
{
	bool had_notice = app->notice;
	bool changed;

	free(app->notice);
	app->notice = NULL;
	changed = do_intent(app, intent);
	remember_listening(app);
	if (remember_place(app)) {
		/* The person's own doing: what lay over the old place has no meaning any more. */
		app->depth = 0;
		app->moved_ms = 0;
		screen_comes_up(app, true);
	}
	return changed || had_notice;
}

/* Letters and digits are commands only where nothing can be typed. */
static struct intent of_character(const char *text, bool typing, bool form)
{
	struct intent intent = { .kind = INTENT_NONE };

	if (typing || text[1])
		return intent;
	switch (text[0]) {
	case 'b': intent.kind = INTENT_BACK; break;
	case '?': intent.kind = INTENT_HELP; break;
	case 'm': intent.kind = INTENT_CHECKS; break;
	case 'c': intent.kind = INTENT_LISTEN; break;
	case 'q': intent.kind = INTENT_QUIT; break;
	case ' ': intent.kind = INTENT_PICK; break;
	default:
		if (!form && text[0] >= '1' && text[0] <= '9') {
			intent.kind = INTENT_NUMBER;
			intent.number = (unsigned)(text[0] - '0');
		}
	}
	return intent;
}

static enum intent_kind of_function(unsigned number)
{
	switch (number) {
	case 1: return INTENT_HELP;
	case 2: return INTENT_CHECKS;
	case 3: return INTENT_LISTEN;
	case 10: return INTENT_QUIT;
	default: return INTENT_NONE;
	}
}

static enum intent_kind of_special(enum key_kind kind)
{
	switch (kind) {
	case PRESSED_UP: return INTENT_UP;
	case PRESSED_DOWN: return INTENT_DOWN;
	case PRESSED_LEFT:
	case PRESSED_BACK_TAB: return INTENT_PREVIOUS;
	case PRESSED_RIGHT:
	case PRESSED_TAB: return INTENT_NEXT;
	case PRESSED_PAGE_UP: return INTENT_PAGE_UP;
	case PRESSED_PAGE_DOWN: return INTENT_PAGE_DOWN;
	case PRESSED_HOME: return INTENT_TOP;
	case PRESSED_END: return INTENT_BOTTOM;
	case PRESSED_ENTER: return INTENT_PICK;
	case PRESSED_ESCAPE: return INTENT_BACK;
	default: return INTENT_NONE;
	}
}

static bool is_typed(enum key_kind kind)
{
	return kind == PRESSED_CHARACTER || kind == PRESSED_LEFT || kind == PRESSED_RIGHT ||
	       kind == PRESSED_HOME || kind == PRESSED_END || kind == PRESSED_BACKSPACE ||
	       kind == PRESSED_DELETE || kind == PRESSED_CLEAR_LINE;
}

static enum intent_kind of_reading(const char *text)
{
	switch (text[0]) {
	case '/': return INTENT_SEARCH;
	case 'n': return INTENT_FIND_NEXT;
	case 'N': return INTENT_FIND_PREVIOUS;
	default: return INTENT_NONE;
	}
}

struct intent app_intent(const struct app *app, const struct key *key)
{
	struct intent intent = { .kind = INTENT_NONE };
	size_t index;
	bool typing = selected_field(&index, app);

	if (app->search.typing ? key->kind != PRESSED_REDRAW : typing && is_typed(key->kind)) {
		intent.kind = INTENT_TYPE;
		intent.key = *key;
	} else if (key->kind == PRESSED_CHARACTER && app_screen(app)->reads && !key->text[1] &&
		   of_reading(key->text)) {
		intent.kind = of_reading(key->text);
	} else if (key->kind == PRESSED_CHARACTER) {
		intent = of_character(key->text, typing, app_screen(app)->fields);
	} else {
		intent.kind = key->kind == PRESSED_FUNCTION ? of_function(key->number)
							    : of_special(key->kind);
	}
	return intent;
}
