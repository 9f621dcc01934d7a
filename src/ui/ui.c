/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curses front end: waits for keys, signals and checks, and draws when something changed. */
#include "ui/ui.h"

#include <poll.h>
#include <stdio.h>

#include "base/clock.h"
#include "ui/app.h"
#include "ui/intl.h"
#include "ui/term.h"

/* While checks run the screen is drawn at most ten times a second; else only when something
 * changed. */
enum { TICK_MS = 100, FDS_MAX = 64, OWN_FDS = 2 };

struct loop {
	struct app app;
	bool stale;  /* the screen does not show what is so */
	bool urgent; /* and a person waits for it */
	bool interrupted;
	int64_t drawn_ms;
};

static void draw(struct loop *loop)
{
	struct canvas canvas;
	size_t rows, columns;

	term_size(&rows, &columns);
	canvas_init(&canvas, rows, columns, loop->app.charset);
	app_draw(&canvas, &loop->app);
	term_draw(&canvas);
	canvas_clear(&canvas);
	loop->stale = loop->urgent = false;
	loop->drawn_ms = clock_ms();
}

static void draw_when_due(struct loop *loop)
{
	if (loop->urgent || (loop->stale && clock_ms() - loop->drawn_ms >= TICK_MS))
		draw(loop);
}

static void take_signals(struct loop *loop)
{
	for (;;) {
		switch (term_signal()) {
		case TERM_SIGNAL_NONE: return;
		case TERM_SIGNAL_END: loop->interrupted = true; return;
		case TERM_SIGNAL_SUSPEND: term_suspend(); break;
		case TERM_SIGNAL_CONTINUED: term_forget(); break;
		case TERM_SIGNAL_RESIZED: break;
		}
		loop->urgent = true;
	}
}

static void take_key(struct loop *loop, const struct key *key)
{
	struct intent intent;

	if (key->kind == PRESSED_REDRAW) {
		term_forget();
		loop->urgent = true;
		return;
	}
	intent = app_intent(&loop->app, key);
	if (app_do(&loop->app, &intent))
		loop->urgent = true;
}

static void take_keys(struct loop *loop)
{
	struct key key;
	enum term_key got;

	while (loop->app.end == APP_GOES_ON && (got = term_key(&key)) != TERM_NO_KEY) {
		if (got == TERM_GONE) {
			loop->interrupted = true;
			return;
		}
		take_key(loop, &key);
	}
}

static void wait_for_news(struct loop *loop)
{
	const struct wizard_host *host = wizard_host(loop->app.wizard);
	struct pollfd fds[FDS_MAX] = { { .fd = term_key_fd(), .events = POLLIN },
				       { .fd = term_signal_fd(), .events = POLLIN } };
	const bool measuring = app_is_measuring(&loop->app);
	int timeout = measuring || loop->stale ? TICK_MS : -1;
	size_t count = OWN_FDS;

	count += host->poll_fds(fds + count, FDS_MAX - count, &timeout, host->context);
	if (poll(fds, count, timeout) < 0)
		return; /* a signal; the pipe tells which */
	if (fds[1].revents)
		take_signals(loop);
	if (fds[0].revents)
		take_keys(loop);
	host->step(host->context);
	wizard_tick(loop->app.wizard);
	if (app_look(&loop->app) || measuring)
		loop->stale = true;
}

static int result_of(const struct loop *loop)
{
	if (loop->interrupted)
		return UI_INTERRUPTED;
	switch (loop->app.end) {
	case APP_ANEW: return UI_ANEW;
	case APP_LEFT: return UI_LEFT;
	case APP_GOES_ON:
	case APP_FINISHED: break;
	}
	return UI_FINISHED;
}

int ui_run(struct wizard *wizard, const struct ui_options *options)
{
	struct loop loop = { 0 };
	const char *why;

	if (term_open(options->no_colour, &why)) {
		fprintf(stderr, _("earshot: %s\nTry: earshot --plain\n"), why);
		return UI_UNUSABLE;
	}
	app_init(&loop.app, wizard, options, options->ascii ? CHARSET_ASCII : term_charset());
	draw(&loop);
	while (loop.app.end == APP_GOES_ON && !loop.interrupted) {
		wait_for_news(&loop);
		draw_when_due(&loop);
	}
	term_close();
	app_clear(&loop.app);
	return result_of(&loop);
}
