/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who knows nothing presses keys at random, while checks end when they like and the window
 * changes its size: nothing crashes, every screen can be drawn, and the session on disk is at any
 * moment the one in memory. test_monkey [KEYS [SEED]]; without them as many as `make check` has
 * time for, always the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../unit/model/same.h"
#include "bench.h"
#include "model/journal.h"
#include "ui/app.h"

enum { KEYS_USUAL = 20000, VISIT_KEYS = 400, LOOK_BACK = 40 };

static unsigned long keys_wanted = KEYS_USUAL;
static uint64_t seed_wanted = 20261128;

struct monkey {
	uint64_t dice;
	struct bench bench;
	struct app app;
	struct ui_options options;
	struct journal *journal;
	char folder[40];
	unsigned long pressed, visits, finished, left, replays;
};

/* splitmix64: the same everywhere. */
static uint64_t roll(struct monkey *monkey)
{
	uint64_t z = monkey->dice += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned below(struct monkey *monkey, unsigned bound)
{
	return (unsigned)(roll(monkey) % bound);
}

static struct key any_key(struct monkey *monkey)
{
	static const char *const odd[] = { "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80",
					   "\xcc\x81", "\xff",         "\x01",
					   "",         "\xe2\x80\xae" };
	static const char *const letters[] = { "?", "m", "b", "q", "c", "/", "n", "N", " ",
					       "a", ".", "1", "2", "3", "4", "5", "9", "0" };
	const unsigned kind = below(monkey, 100);
	struct key key = { .kind = PRESSED_CHARACTER };

	if (kind < 45) {
		key.kind = PRESSED_UP + below(monkey, PRESSED_REDRAW - PRESSED_UP);
	} else if (kind < 60) {
		key.kind = PRESSED_ENTER;
	} else if (kind < 64) {
		key.kind = PRESSED_FUNCTION;
		key.number = below(monkey, 14);
	} else if (kind < 67) {
		strcpy(key.text, odd[below(monkey, sizeof odd / sizeof *odd)]);
	} else {
		strcpy(key.text, letters[below(monkey, sizeof letters / sizeof *letters)]);
	}
	return key;
}

static void draw(struct monkey *monkey)
{
	static const enum charset charsets[] = { CHARSET_UTF8, CHARSET_LETTERS, CHARSET_ASCII };
	struct canvas canvas;

	monkey->app.charset = charsets[below(monkey, 3)];
	canvas_init(&canvas, below(monkey, 20) ? 20 + below(monkey, 40) : below(monkey, 25),
		    below(monkey, 20) ? 60 + below(monkey, 120) : below(monkey, 70),
		    monkey->app.charset);
	app_draw(&canvas, &monkey->app);
	canvas_clear(&canvas);
}

static void measure(struct monkey *monkey)
{
	static const char *const checks[] = { "dns", "stun", "alg", "capture" };
	const char *check = checks[below(monkey, 4)];

	if (below(monkey, 2))
		bench_end(&monkey->bench, check);
	else if (app_is_measuring(&monkey->app))
		bench_progress(&monkey->bench, check);
	wizard_tick(monkey->bench.wizard);
	app_look(&monkey->app);
}

static void assert_on_disk(struct monkey *monkey)
{
	struct complaint complaint = { "" };
	struct session again;
	bool dropped;

	assert_null(journal_trouble(monkey->journal));
	if (journal_load(&again, &dropped, journal_path(monkey->journal), &complaint))
		fail_msg("%s", complaint.text);
	assert_false(dropped);
	assert_same_session(&monkey->bench.session, &again);
	session_clear(&again);
	monkey->replays++;
}

static void arrive(struct monkey *monkey)
{
	bench_prepare(&monkey->bench);
	monkey->journal = journal_start(&monkey->bench.session, monkey->folder);
	bench_sit_down(&monkey->bench);
	if (below(monkey, 4))
		bench_fill_profile(&monkey->bench);
	monkey->bench.report_text = below(monkey, 2) ? "EARSHOT REPORT\n" : NULL;
	app_init(&monkey->app, monkey->bench.wizard, &monkey->options, CHARSET_UTF8);
	monkey->visits++;
}

static void leave(struct monkey *monkey)
{
	char *path = strdup(journal_path(monkey->journal));

	assert_on_disk(monkey);
	monkey->finished += monkey->app.end == APP_FINISHED;
	monkey->left += monkey->app.end == APP_LEFT;
	app_clear(&monkey->app);
	journal_close(monkey->journal);
	bench_clear(&monkey->bench);
	unlink(path);
	free(path);
}

static void stay(struct monkey *monkey)
{
	for (unsigned i = 0; i < VISIT_KEYS && monkey->app.end == APP_GOES_ON; i++) {
		const struct key key = any_key(monkey);
		const struct intent intent = app_intent(&monkey->app, &key);

		monkey->pressed++;
		/* To come far, not to quit all the time. */
		if (intent.kind == INTENT_QUIT && below(monkey, 8))
			continue;
		app_do(&monkey->app, &intent);
		if (monkey->app.end != APP_GOES_ON)
			return;
		draw(monkey);
		if (!below(monkey, 6))
			measure(monkey);
		if (!below(monkey, LOOK_BACK))
			assert_on_disk(monkey);
	}
}

static void test_monkey(void **state)
{
	struct monkey monkey = { .dice = seed_wanted, .folder = "tests/ui/monkey-XXXXXX" };

	(void)state;
	assert_non_null(mkdtemp(monkey.folder));
	while (monkey.pressed < keys_wanted) {
		arrive(&monkey);
		stay(&monkey);
		leave(&monkey);
	}
	rmdir(monkey.folder);
	print_message(
		"%lu keys in %lu visits: %lu finished, %lu left early, %lu replays the same\n",
		monkey.pressed, monkey.visits, monkey.finished, monkey.left, monkey.replays);
	/* Else it has not come far. */
	assert_true(monkey.finished > 0);
	assert_true(monkey.left > 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_monkey) };

	if (argc > 1)
		keys_wanted = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed_wanted = strtoull(argv[2], NULL, 10);
	print_message("seed %llu\n", (unsigned long long)seed_wanted);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
