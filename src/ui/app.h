/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wizard as a person sees it, without a terminal: which screen is up, where on it one is, what
 * a key means. The curses loop and --plain both drive it; tests do too. */
#ifndef EARSHOT_UI_APP_H
#define EARSHOT_UI_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/canvas.h"
#include "ui/form.h"
#include "ui/key.h"
#include "ui/page.h"
#include "ui/ui.h"
#include "wizard/wizard.h"

enum intent_kind {
	INTENT_NONE,
	INTENT_UP,
	INTENT_DOWN,
	INTENT_PREVIOUS, /* choice or field */
	INTENT_NEXT,
	INTENT_PAGE_UP,
	INTENT_PAGE_DOWN,
	INTENT_TOP,
	INTENT_BOTTOM,
	INTENT_PICK,   /* what is selected */
	INTENT_NUMBER, /* the choice of that number */
	INTENT_BACK,
	INTENT_HELP,
	INTENT_CHECKS,
	INTENT_LISTEN,
	INTENT_QUIT,
	INTENT_TYPE, /* the key goes into the field, or into what is searched for */
	INTENT_SEARCH,
	INTENT_FIND_NEXT,
	INTENT_FIND_PREVIOUS,
};

struct intent {
	enum intent_kind kind;
	unsigned number; /* INTENT_NUMBER: from 1 */
	struct key key;  /* INTENT_TYPE */
};

enum app_end {
	APP_GOES_ON,
	APP_FINISHED, /* the person is through */
	APP_LEFT,     /* stopped before the end; the session is kept */
	APP_ANEW,     /* the unfinished session is not wanted */
};

enum { APP_DEPTH = 4, SEARCH_MAX = 60 };

/* Looking for a word in a long text. */
struct search {
	char word[SEARCH_MAX + 1]; /* UTF-8; "" : none yet */
	bool typing;
	size_t found; /* item of the page, from 1; 0: none */
};

struct screen;

struct app {
	struct wizard *wizard;            /* borrowed */
	const struct ui_options *options; /* borrowed */
	enum charset charset;
	enum app_end end;
	const struct screen *over[APP_DEPTH]; /* screens that lie over the wizard's place */
	size_t depth;
	struct view views[APP_DEPTH + 1];
	struct form form;
	unsigned chosen_stun; /* bit by number in the list of public servers */
	char *notice;         /* one remark until the next key; or NULL */
	char *report_path, *report_why, *profile_path;
	struct wizard_report report; /* how the person wants it */
	size_t columns;              /* of the last drawing; 0: none yet */
	char *report_text;           /* as screen_report shows it; NULL: never opened */
	struct search search;        /* in the screen on top */
	/* Where the wizard was at the last look, to see that measurements moved it on. */
	enum wizard_place place;
	const void *step;
	bool listens;     /* at the last look */
	int64_t moved_ms; /* clock_ms() when that happened; 0: never */
};

/* Both are borrowed and outlive the app. */
void app_init(struct app *app, struct wizard *wizard, const struct ui_options *options,
	      enum charset charset);
void app_clear(struct app *app);

const struct screen *app_screen(const struct app *app);
struct view *app_view(struct app *app);

/* What a key means now. */
struct intent app_intent(const struct app *app, const struct key *key);
/* Does it; true if anything changed. */
bool app_do(struct app *app, const struct intent *intent);
/* After checks had their say: true if another page is up by that: the wizard went on to another
 * place, or the recording that is looked at has ended. */
bool app_look(struct app *app);

/* True while a check runs. */
bool app_is_measuring(const struct app *app);

/* For screens: lay one over the others, take the topmost away, say something until the next key. */
void app_open(struct app *app, const struct screen *screen);
void app_close(struct app *app);
void app_notice(struct app *app, const char *format, ...) PRINTF_LIKE(2, 3);

/* The whole screen. A canvas smaller than 60x20 gets a word about that alone. */
void app_draw(struct canvas *canvas, struct app *app);

enum { APP_ROWS_MIN = 20, APP_COLUMNS_MIN = 60 };

#endif
