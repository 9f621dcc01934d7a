/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and what they do, without a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
#include "press.h"
#include "ui/app.h"
#include "ui/screen.h"

struct desk {
	struct bench bench;
	struct app app;
	struct ui_options options;
};

static int sit_down(void **state)
{
	struct desk *desk = calloc(1, sizeof *desk);

	bench_init(&desk->bench);
	app_init(&desk->app, desk->bench.wizard, &desk->options, CHARSET_UTF8);
	*state = desk;
	return 0;
}

static int get_up(void **state)
{
	struct desk *desk = *state;

	app_clear(&desk->app);
	bench_clear(&desk->bench);
	free(desk);
	return 0;
}

static void assert_value(const struct desk *desk, const char *section, const char *key,
			 const char *expected)
{
	char *value = wizard_get(desk->bench.wizard, section, key);

	assert_string_equal(value ? value : "(none)", expected ? expected : "(none)");
	free(value);
}

/* What is typed goes into the field, also where it is a command elsewhere. */
static void test_form_typing(void **state)
{
	struct desk *desk = *state;

	press(&desk->app, "enter 'bmq1.example left left home 'x delete end backspace '2 enter");
	assert_ptr_equal(app_screen(&desk->app), &screen_provider);
	assert_value(desk, "provider", "domain", "xmq1.exampl2");
	press(&desk->app, "'?Name down right right up up clear '0.example enter");
	assert_value(desk, "provider", "name", "?Name");
	assert_value(desk, "provider", "domain", "0.example");
	/* Left, right and a letter go through what may stand there; two to the right it was "tcp".
	 */
	assert_value(desk, "provider", "transport", "tcp");
	press(&desk->app, "down 't enter");
	assert_value(desk, "provider", "transport", "tls");
	press(&desk->app, "up right enter");
	assert_value(desk, "provider", "transport", NULL);
}

static void test_form_refuses(void **state)
{
	struct desk *desk = *state;

	press(&desk->app, "enter 'sip.example.com up up up up");
	/* The list has eight fields and four choices: this is "Start". */
	assert_int_equal(app_view(&desk->app)->selected, 9);
	press(&desk->app, "up up 'nonsense down");
	assert_value(desk, "media", "rtp-ports", NULL);
	assert_non_null(desk->app.form.values[6].expected);
	/* It does not start with a wrong value, and leads there. */
	press(&desk->app, "down enter");
	assert_int_equal(wizard_place(desk->bench.wizard), WIZARD_PROVIDER);
	assert_int_equal(app_view(&desk->app)->selected, 7);
	press(&desk->app, "clear '10000-20000 down down enter");
	assert_int_equal(wizard_place(desk->bench.wizard), WIZARD_QUESTION);
	assert_value(desk, "media", "rtp-ports", "10000-20000");
}

/* A look at the help loses nothing of what was typed. */
static void test_form_keeps_what_help_covers(void **state)
{
	struct desk *desk = *state;

	press(&desk->app, "enter 'sip.exam F1 esc 'ple.com enter");
	assert_value(desk, "provider", "domain", "sip.example.com");
}

static void test_public_stun_only_when_ticked(void **state)
{
	struct desk *desk = *state;

	press(&desk->app, "enter 'sip.example.com up up up enter up enter");
	assert_ptr_equal(app_screen(&desk->app), &screen_provider);
	assert_value(desk, "nat", "stun", NULL);
	press(&desk->app, "down enter 1 3 1 up up enter");
	assert_ptr_equal(app_screen(&desk->app), &screen_stun);
	press(&desk->app, "esc");
	assert_value(desk, "nat", "stun", NULL);
}

static void test_public_stun_added(void **state)
{
	struct desk *desk = *state;

	bench_fill_profile(&desk->bench);
	press(&desk->app, "enter down enter 4 up up up up enter");
	assert_value(desk, "nat", "stun", "stun.example.com:3478, stun.freeswitch.org:3478");
	assert_string_equal(desk->app.form.values[5].text,
			    "stun.example.com:3478, stun.freeswitch.org:3478");
}

static void test_details_kept(void **state)
{
	struct desk *desk = *state;

	bench_fill_profile(&desk->bench);
	press(&desk->app, "enter down down enter down down 'T46S enter esc");
	assert_string_equal(session_detail_text(&desk->bench.session, "phone"), "T46S");
	assert_ptr_equal(app_screen(&desk->app), &screen_provider);
}

static void test_back_goes_back(void **state)
{
	struct desk *desk = *state;

	bench_fill_profile(&desk->bench);
	press(&desk->app, "enter enter 2 2");
	assert_string_equal(wizard_walk(desk->bench.wizard)->question->id, "many");
	press(&desk->app, "b");
	assert_string_equal(wizard_walk(desk->bench.wizard)->question->id, "sip-alg");
	press(&desk->app, "esc");
	assert_string_equal(wizard_walk(desk->bench.wizard)->question->id, "symptom");
	assert_int_equal(desk->bench.session.answer_count, 0);
	press(&desk->app, "b");
	assert_ptr_equal(app_screen(&desk->app), &screen_provider);
	assert_int_equal(desk->bench.cancelled, 1);
	press(&desk->app, "esc");
	assert_ptr_equal(app_screen(&desk->app), &screen_welcome);
	press(&desk->app, "esc");
	assert_ptr_equal(app_screen(&desk->app), &screen_quit);
}

/* A check that answers the question takes it away under the person's finger: that key is not an
 * answer to the next. */
static void test_moved_by_measurement(void **state)
{
	struct desk *desk = *state;

	bench_fill_profile(&desk->bench);
	press(&desk->app, "enter enter 2");
	assert_int_equal(wizard_place(desk->bench.wizard), WIZARD_WAIT);
	bench_end(&desk->bench, "alg");
	assert_true(app_look(&desk->app));
	assert_ptr_equal(app_screen(&desk->app), &screen_advice);
	press(&desk->app, "2");
	assert_ptr_equal(app_screen(&desk->app), &screen_advice);
	desk->app.moved_ms -= 10000;
	press(&desk->app, "2");
	assert_ptr_equal(app_screen(&desk->app), &screen_question);
}

static void test_overlays(void **state)
{
	struct desk *desk = *state;

	bench_fill_profile(&desk->bench);
	press(&desk->app, "enter enter m ? m");
	assert_ptr_equal(app_screen(&desk->app), &screen_checks);
	press(&desk->app, "m");
	assert_ptr_equal(app_screen(&desk->app), &screen_help);
	press(&desk->app, "? esc");
	assert_ptr_equal(app_screen(&desk->app), &screen_question);
	/* However often: they do not pile up without end. */
	press(&desk->app, "m ? m ? m ? q m ? q m ? q");
	press(&desk->app, "esc esc esc esc");
	assert_ptr_equal(app_screen(&desk->app), &screen_question);
}

static void test_quit(void **state)
{
	struct desk *desk = *state;

	bench_fill_profile(&desk->bench);
	press(&desk->app, "enter enter q 2");
	assert_int_equal(desk->app.end, APP_GOES_ON);
	assert_ptr_equal(app_screen(&desk->app), &screen_question);
	press(&desk->app, "q 1");
	assert_int_equal(desk->app.end, APP_LEFT);
	assert_false(desk->bench.session.finished);
}

static void go_to_done(struct desk *desk)
{
	bench_fill_profile(&desk->bench);
	press(&desk->app, "enter enter");
	bench_end(&desk->bench, "alg");
	press(&desk->app, "2 4 1 1");
	assert_string_equal(session_detail_text(&desk->bench.session, "router"), "NETGEAR");
	bench_end(&desk->bench, "alg");
	assert_ptr_equal(app_screen(&desk->app), &screen_retest);
	press(&desk->app, "1");
	assert_ptr_equal(app_screen(&desk->app), &screen_done);
}

static void test_to_the_end(void **state)
{
	struct desk *desk = *state;

	go_to_done(desk);
	press(&desk->app, "1");
	assert_string_equal(desk->app.report_path, "tests/ui/bench-report.txt");
	assert_true(desk->bench.session.finished);
	press(&desk->app, "enter");
	assert_int_equal(desk->app.end, APP_FINISHED);
}

static void test_report_as_wanted(void **state)
{
	struct desk *desk = *state;
	const struct app *app = &desk->app;

	go_to_done(desk);
	press(&desk->app, "3");
	assert_ptr_equal(app_screen(app), &screen_report);
	assert_string_equal(app->report_text, "EARSHOT REPORT\n\n  \\x1b[31mhostile\n  end\n");
	assert_false(desk->bench.session.finished);
	press(&desk->app, "2");
	assert_non_null(strstr(app->report_text, "numbers hidden\n"));
	press(&desk->app, "3");
	assert_non_null(strstr(app->report_text, "addresses hidden\n"));
	/* A page of HTML is read as text. */
	press(&desk->app, "1");
	assert_null(strstr(app->report_text, "{}"));
	press(&desk->app, "4");
	assert_int_equal(desk->bench.saved.format, WIZARD_HTML);
	assert_true(desk->bench.saved.hides_numbers && desk->bench.saved.hides_addresses);
	assert_string_equal(app->report_path, "tests/ui/bench-report.txt");
	assert_true(desk->bench.session.finished);
	/* What was saved is not what is shown now. */
	press(&desk->app, "1");
	assert_null(app->report_path);
	assert_non_null(strstr(app->report_text, "{}"));
	press(&desk->app, "2 1 4");
	assert_int_equal(desk->bench.saved.format, WIZARD_TEXT);
	assert_false(desk->bench.saved.hides_numbers);
	assert_true(desk->bench.saved.hides_addresses);
}

static void test_search(void **state)
{
	struct desk *desk = *state;
	struct app *app = &desk->app;

	desk->bench.report_text = "one\ntwo\nthree\nTWO and q\n";
	go_to_done(desk);
	press(app, "3 n N");
	assert_int_equal(app->search.found, 0);
	press(app, "/");
	assert_true(app->search.typing);
	/* Letters are letters here. */
	press(app, "'qbm2x backspace backspace clear 'two");
	assert_ptr_equal(app_screen(app), &screen_report);
	assert_string_equal(app->search.word, "two");
	press(app, "enter");
	assert_false(app->search.typing);
	assert_int_equal(app->search.found, 2);
	press(app, "n");
	assert_int_equal(app->search.found, 4);
	press(app, "n");
	assert_int_equal(app->search.found, 2);
	press(app, "N");
	assert_int_equal(app->search.found, 4);
	press(app, "/ 'none enter");
	assert_int_equal(app->search.found, 0);
	assert_non_null(app->notice);
	/* Esc ends the typing, then the reading. */
	press(app, "/ 'x esc");
	assert_ptr_equal(app_screen(app), &screen_report);
	assert_string_equal(app->search.word, "");
	for (int i = 0; i < 2 * SEARCH_MAX; i++)
		press(app, i ? "'y" : "/");
	assert_int_equal(strlen(app->search.word), SEARCH_MAX);
	press(app, "esc esc");
	assert_ptr_equal(app_screen(app), &screen_done);
	/* Nowhere else. */
	press(app, "/");
	assert_false(app->search.typing);
}

/* The next number of a fixed row: the same keys on each run. */
static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

static void draw_once(struct app *app, unsigned size)
{
	struct canvas canvas;

	canvas_init(&canvas, 18 + size % 40, 50 + size % 90, CHARSET_UTF8);
	app_draw(&canvas, app);
	canvas_clear(&canvas);
}

/* Random keys and checks that end at random: always a screen, never a crash. */
static void test_random_keys(void **state)
{
	static const char *const keys[] = {
		"enter", "enter", "up",    "down",      "left", "right", "tab", "esc",
		"b",     "?",     "m",     "q",         "1",    "2",     "3",   "4",
		"5",     "9",     "pgup",  "pgdn",      "end",  "home",  "F1",  "F2",
		"F10",   "'x",    "clear", "backspace", "/",    "n",     "N",
	};
	static const char *const checks[] = { "dns", "stun", "alg" };
	unsigned seed = 20261120;

	(void)state;
	for (int visit = 0; visit < 30; visit++) {
		struct desk *desk;
		void *place;

		sit_down(&place);
		desk = place;
		if (visit % 3)
			bench_fill_profile(&desk->bench);
		for (int i = 0; i < 300 && desk->app.end == APP_GOES_ON; i++) {
			press(&desk->app, keys[next_random(&seed) % (sizeof keys / sizeof *keys)]);
			if (next_random(&seed) % 8 == 0)
				bench_end(&desk->bench, checks[next_random(&seed) % 3]);
			app_look(&desk->app);
			draw_once(&desk->app, next_random(&seed));
			assert_non_null(app_screen(&desk->app));
		}
		get_up(&place);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sit_down, get_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_form_typing),
		TEST(test_form_refuses),
		TEST(test_form_keeps_what_help_covers),
		TEST(test_public_stun_only_when_ticked),
		TEST(test_public_stun_added),
		TEST(test_details_kept),
		TEST(test_back_goes_back),
		TEST(test_moved_by_measurement),
		TEST(test_overlays),
		TEST(test_quit),
		TEST(test_to_the_end),
		TEST(test_report_as_wanted),
		TEST(test_search),
		cmocka_unit_test(test_random_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
