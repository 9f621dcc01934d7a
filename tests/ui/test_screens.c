/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every screen as text, at several sizes and in ASCII, against tests/ui/golden/. Refresh them,
 * after looking, with `make golden CASE=name` (or CASE=all). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "bench.h"
#include "golden.h"
#include "language.h"
#include "press.h"
#include "ui/app.h"
#include "ui/screen.h"

struct shot {
	struct bench bench;
	struct app app;
	struct ui_options options;
};

struct shot_case {
	const char *name;
	void (*arrange)(
		struct shot *shot); /* with an app that has just begun; NULL: nothing more */
	struct ui_options options;
	bool empty; /* no profile */
};

/* --- what leads to each screen --- */

static void to_question(struct shot *shot)
{
	press(&shot->app, "enter enter");
}

static void measuring(struct shot *shot)
{
	to_question(shot);
	bench_end(&shot->bench, "dns");
	bench_progress(&shot->bench, "alg");
}

static void all_measured(struct shot *shot)
{
	to_question(shot);
	bench_end(&shot->bench, "dns");
	bench_end(&shot->bench, "stun");
	bench_end(&shot->bench, "alg");
}

/* The SIP ALG check is done and could not tell. */
static void no_result(struct shot *shot)
{
	to_question(shot);
	bench_end(&shot->bench, "dns");
	bench_end(&shot->bench, "stun");
	bench_event(&shot->bench, "alg",
		    "{\"event\":\"fact\",\"name\":\"sip-alg\",\"value\":\"unknown\"}");
	bench_event(&shot->bench, "alg",
		    "{\"event\":\"summary\",\"text\":\"could not tell: no router answers\"}");
	bench_event(&shot->bench, "alg", "{\"event\":\"end\",\"state\":\"done\",\"seconds\":3.2}");
}

static void to_wait(struct shot *shot)
{
	to_question(shot);
	press(&shot->app, "2");
}

static void to_advice(struct shot *shot)
{
	all_measured(shot);
	press(&shot->app, "2");
}

static void to_correct(struct shot *shot)
{
	to_advice(shot);
	press(&shot->app, "m 2");
}

static void correcting(struct shot *shot)
{
	to_correct(shot);
	press(&shot->app, "1");
}

static void to_many(struct shot *shot)
{
	to_wait(shot);
	press(&shot->app, "2");
}

static void many_last(struct shot *shot)
{
	to_many(shot);
	press(&shot->app, "up");
}

static void wrong_field(struct shot *shot)
{
	press(&shot->app, "enter up up 'ten-to-twenty enter up");
}

static void to_stun(struct shot *shot)
{
	press(&shot->app, "enter down down enter 3");
}

static void to_details(struct shot *shot)
{
	press(&shot->app, "enter down down down enter down down 'T46S");
}

static void to_start(struct shot *shot)
{
	press(&shot->app, "enter");
}

static void start_without_domain(struct shot *shot)
{
	press(&shot->app, "enter up up up up up enter");
}

static void help_question(struct shot *shot)
{
	to_advice(shot);
	press(&shot->app, "b ?");
}

static void help_in_form(struct shot *shot)
{
	press(&shot->app, "enter F1");
}

static void board(struct shot *shot)
{
	measuring(shot);
	bench_end(&shot->bench, "stun");
	press(&shot->app, "m");
}

static void board_end(struct shot *shot)
{
	to_advice(shot);
	press(&shot->app, "m end");
}

static void advice_below(struct shot *shot)
{
	to_advice(shot);
	press(&shot->app, "end");
}

static void to_routers(struct shot *shot)
{
	to_advice(shot);
	press(&shot->app, "4");
}

static void advice_router(struct shot *shot)
{
	to_routers(shot);
	press(&shot->app, "1");
}

static void retest_runs(struct shot *shot)
{
	to_advice(shot);
	press(&shot->app, "1");
}

static void retest(struct shot *shot)
{
	retest_runs(shot);
	bench_end(&shot->bench, "alg");
}

/* A call was heard, but not since the advice was followed. */
static void retest_unheard(struct shot *shot)
{
	all_measured(shot);
	wizard_listen(shot->bench.wizard);
	bench_end(&shot->bench, "capture");
	press(&shot->app, "2 1");
	bench_end(&shot->bench, "alg");
}

/* A call before, a call after. */
static void retest_call(struct shot *shot)
{
	all_measured(shot);
	wizard_listen(shot->bench.wizard);
	bench_end(&shot->bench, "capture");
	press(&shot->app, "2 1");
	bench_end(&shot->bench, "alg");
	press(&shot->app, "3 1");
	bench_end(&shot->bench, "capture");
	press(&shot->app, "b");
}

static void retest_call_below(struct shot *shot)
{
	retest_call(shot);
	press(&shot->app, "pgdn");
}

static void done(struct shot *shot)
{
	retest(shot);
	press(&shot->app, "1");
}

static void done_open(struct shot *shot)
{
	to_many(shot);
	press(&shot->app, "up enter 2");
}

static void done_provider(struct shot *shot)
{
	to_advice(shot);
	press(&shot->app, "3");
}

static void saved(struct shot *shot)
{
	done(shot);
	press(&shot->app, "1");
}

static void attached(struct shot *shot)
{
	saved(shot);
	wizard_detail(
		shot->bench.wizard, "traces",
		"/home/anna/earshot-2026-11-20T120000Z-5c1e.call-1.pcap, /home/anna/phone.pcap");
}

static void not_saved(struct shot *shot)
{
	shot->bench.report_text = NULL;
	saved(shot);
}

static void read_report(struct shot *shot)
{
	saved(shot);
	press(&shot->app, "3");
}

/* Longer and wider than any of the windows. */
static void read_long(struct shot *shot)
{
	shot->bench.report_text =
		"EARSHOT REPORT                                         2026-11-20 14:06 +01:00\n"
		"Example Telecom, support@example.com                             earshot 0.1.0\n"
		"------------------------------------------------------------------------------\n"
		"  Site               Dental practice\n\nWHAT IS WRONG\n-------------\n"
		"  This site does not hear the other side.\n\n  Cause              SIP ALG\n"
		"\n\n\n\n\n\nSUPPORT CHECKLIST\n-----------------\n  1 Phone            Yealink\n"
		"  2 System           Debian\n  3 Network          cable\n  4 NAT type         "
		"cone\n"
		"  5 STUN / TURN      off\n  6 Traces           none\n  7 How often        always\n"
		"  8 Done so far      nothing\n\nEVIDENCE\n--------\n  FAULT    SIP ALG\n\n\n\n\n"
		"\n\n\n\n\n\n\n\n\n\n\n\n\nRECORD FOR LATER\n----------------\n  SIP ALG    on\n";
	done(shot);
	press(&shot->app, "3");
}

static void search_begun(struct shot *shot)
{
	read_long(shot);
	press(&shot->app, "/ 'alg");
}

/* The third of three, reached backwards, round the beginning. */
static void search_found(struct shot *shot)
{
	search_begun(shot);
	press(&shot->app, "enter N");
}

static void search_in_vain(struct shot *shot)
{
	read_long(shot);
	press(&shot->app, "pgdn / 'nowhere enter");
}

/* Another form, something hidden, saved. */
static void report_chosen(struct shot *shot)
{
	read_report(shot);
	press(&shot->app, "1 2 3 4");
}

static void to_kinds(struct shot *shot)
{
	press(&shot->app, "enter down enter");
}

static void to_capture(struct shot *shot)
{
	to_question(shot);
	press(&shot->app, "c");
}

/* Nothing is measured yet. */
static void capture_early(struct shot *shot)
{
	press(&shot->app, "c");
}

static void capture_waits(struct shot *shot)
{
	to_capture(shot);
	press(&shot->app, "1");
}

static void capture_hears(struct shot *shot)
{
	capture_waits(shot);
	bench_event(
		&shot->bench, "capture",
		"{\"event\":\"live\",\"live\":{\"seconds\":12.4,\"packets\":640,\"calls\":[{"
		"\"from\":"
		"\"sip:21@example.com\",\"to\":\"sip:*43@example.com\",\"answered\":true,\"ended\":"
		"false,\"seconds\":12,\"out\":{\"seen\":true,\"packets_per_second\":50,\"packets\":"
		"600,\"lost\":0,\"loss_pct\":0,\"jitter_ms\":0.4,\"dbov\":-23,\"meaning\":\"\"},"
		"\"in\":{\"seen\":false,\"packets_per_second\":0,\"packets\":0,\"lost\":0,"
		"\"loss_pct\":0,\"jitter_ms\":0,\"dbov\":null,\"meaning\":\"\"}}]}}");
}

/* The call that is spoken in stands first; of the other no rate is told any more. */
static void capture_second(struct shot *shot)
{
	capture_waits(shot);
	bench_event(
		&shot->bench, "capture",
		"{\"event\":\"live\",\"live\":{\"seconds\":20.1,\"packets\":900,\"calls\":[{"
		"\"from\":\"sip:21@example.com\",\"to\":\"sip:*43@example.com\",\"answered\":true,"
		"\"ended\":true,\"seconds\":12,\"out\":{\"seen\":true,\"packets_per_second\":0,"
		"\"packets\":600,\"lost\":0,\"loss_pct\":0,\"jitter_ms\":0.4,\"dbov\":-23,"
		"\"meaning\":\"\"},\"in\":{\"seen\":false,\"packets_per_second\":0,\"packets\":0,"
		"\"lost\":0,\"loss_pct\":0,\"jitter_ms\":0,\"dbov\":null,\"meaning\":\"\"}},{"
		"\"from\":\"sip:21@example.com\",\"to\":\"sip:22@example.com\",\"answered\":true,"
		"\"ended\":false,\"seconds\":3,\"out\":{\"seen\":true,\"packets_per_second\":50,"
		"\"packets\":150,\"lost\":0,\"loss_pct\":0,\"jitter_ms\":0.4,\"dbov\":-23,"
		"\"meaning\":\"\"},\"in\":{\"seen\":true,\"packets_per_second\":50,\"packets\":150,"
		"\"lost\":3,\"loss_pct\":2,\"jitter_ms\":0.4,\"dbov\":-21,\"meaning\":\"\"}}]}}");
}

/* Whoever scrolled while it went on sees what it was all the same. */
static void capture_ended(struct shot *shot)
{
	capture_second(shot);
	press(&shot->app, "pgdn 1");
	app_look(&shot->app);
}

static void quit(struct shot *shot)
{
	measuring(shot);
	press(&shot->app, "q");
}

static void journal_trouble(struct shot *shot)
{
	measuring(shot);
	shot->bench.trouble = "This session cannot be kept: "
			      "/home/anna/.local/state/earshot/2026-11-20T090000Z-1a2b.jsonl: "
			      "No space left on device";
}

static void hostile(struct shot *shot)
{
	to_question(shot);
	bench_event(&shot->bench, "stun",
		    "{\"event\":\"fact\",\"name\":\"net.gateway\",\"value\":\"192.0.2.1\\u001b["
		    "2J\\u009b31m\\u202egpj\"}");
	bench_event(&shot->bench, "stun",
		    "{\"event\":\"progress\",\"fraction\":7,\"now\":\"\\u001b]0;x\\u0007 中文 "
		    "e\\u0301\"}");
	press(&shot->app, "m");
}

static const struct shot_case cases[] = {
	{ .name = "welcome" },
	{ .name = "welcome-resumed",
	  .options = { .unfinished = "2026-11-20 10:00:00 +01:00",
		       .practice = "practice site 'sip-alg': nothing leaves this machine" } },
	{ .name = "provider", .arrange = to_start },
	{ .name = "provider-empty", .arrange = to_start, .empty = true },
	{ .name = "provider-nothing", .arrange = start_without_domain, .empty = true },
	{ .name = "provider-wrong", .arrange = wrong_field },
	{ .name = "stun", .arrange = to_stun },
	{ .name = "details", .arrange = to_details },
	{ .name = "question", .arrange = measuring },
	{ .name = "question-no-result", .arrange = no_result },
	{ .name = "question-wait", .arrange = to_wait },
	{ .name = "question-many", .arrange = to_many },
	{ .name = "question-many-last", .arrange = many_last },
	{ .name = "help-question", .arrange = help_question },
	{ .name = "help-form", .arrange = help_in_form },
	{ .name = "checks", .arrange = board },
	{ .name = "checks-end", .arrange = board_end },
	{ .name = "correct", .arrange = to_correct },
	{ .name = "question-correct", .arrange = correcting },
	{ .name = "advice", .arrange = to_advice },
	{ .name = "advice-below", .arrange = advice_below },
	{ .name = "advice-router", .arrange = advice_router },
	{ .name = "routers", .arrange = to_routers },
	{ .name = "retest-runs", .arrange = retest_runs },
	{ .name = "retest", .arrange = retest },
	{ .name = "retest-unheard", .arrange = retest_unheard },
	{ .name = "retest-call", .arrange = retest_call },
	{ .name = "retest-call-below", .arrange = retest_call_below },
	{ .name = "done", .arrange = done },
	{ .name = "done-open", .arrange = done_open },
	{ .name = "done-provider", .arrange = done_provider },
	{ .name = "done-saved", .arrange = saved },
	{ .name = "done-attached", .arrange = attached },
	{ .name = "done-not-saved", .arrange = not_saved },
	{ .name = "report", .arrange = read_report },
	{ .name = "report-long", .arrange = read_long },
	{ .name = "report-search", .arrange = search_begun },
	{ .name = "report-found", .arrange = search_found },
	{ .name = "report-in-vain", .arrange = search_in_vain },
	{ .name = "report-chosen", .arrange = report_chosen },
	{ .name = "kinds", .arrange = to_kinds },
	{ .name = "capture", .arrange = to_capture },
	{ .name = "capture-early", .arrange = capture_early },
	{ .name = "capture-second", .arrange = capture_second },
	{ .name = "capture-waits", .arrange = capture_waits },
	{ .name = "capture-hears", .arrange = capture_hears },
	{ .name = "capture-ended", .arrange = capture_ended },
	{ .name = "quit", .arrange = quit },
	{ .name = "trouble", .arrange = journal_trouble },
	{ .name = "hostile", .arrange = hostile },
};
enum { CASES = sizeof cases / sizeof *cases };

/* --- taking the picture --- */

static const struct {
	size_t columns, rows;
	enum charset charset;
	const char *name;
} sizes[] = {
	{ 80, 24, CHARSET_UTF8, "80x24" },     { 80, 24, CHARSET_ASCII, "80x24, ASCII" },
	{ 60, 20, CHARSET_UTF8, "60x20" },     { 132, 43, CHARSET_UTF8, "132x43" },
	{ 100, 300, CHARSET_UTF8, "100x300" }, /* a page whole, so that nothing hides below */
};
enum { SIZES = sizeof sizes / sizeof *sizes, SIZES_KEPT = SIZES - 1 };

/* What is drawn at a size; `cut` gets the texts that found no room. */
static char *draw(const struct shot_case *c, size_t size, struct buf *cut)
{
	struct shot shot = { .options = c->options };
	struct canvas canvas;
	char *text;

	bench_init(&shot.bench);
	if (!c->empty)
		bench_fill_profile(&shot.bench);
	app_init(&shot.app, shot.bench.wizard, &shot.options, sizes[size].charset);
	canvas_init(&canvas, sizes[size].rows, sizes[size].columns, sizes[size].charset);
	canvas.cut = cut;
	if (c->arrange)
		c->arrange(&shot);
	app_draw(&canvas, &shot.app);
	text = canvas_text(&canvas);
	assert_true(text_is_safe(text));
	canvas_clear(&canvas);
	app_clear(&shot.app);
	bench_clear(&shot.bench);
	return text;
}

static void test_case(void **state)
{
	const struct shot_case *c = *state;
	struct buf shots;

	language_use(NULL);
	buf_init(&shots, 1 << 20);
	for (size_t i = 0; i < SIZES_KEPT; i++) {
		char *text = draw(c, i, NULL);

		assert_int_equal(buf_printf(&shots, "==== %s\n%s", sizes[i].name, text), ERR_NONE);
		free(text);
	}
	golden_compare(c->name, buf_text(&shots));
	buf_clear(&shots);
}

/* What a report says is the host's, and as long as it is. */
static bool is_of_host(const struct shot_case *c)
{
	return !strncmp(c->name, "report", 6);
}

/* The provider's and the customer's name may be longer than the title has room for. */
static bool cuts_more_than_names(const char *cut)
{
	while (!strncmp(cut, "Example Telecom", 15))
		cut = strchr(cut, '\n') + 1;
	return *cut;
}

static void test_languages(void **state)
{
	static const char *const languages[] = { "de", "es", "zh_CN" };
	const struct shot_case *c = *state;

	for (size_t k = 0; k < sizeof languages / sizeof *languages; k++) {
		char *name = mem_printf("%s/%s", languages[k], c->name);
		struct buf shots;

		language_use(languages[k]);
		buf_init(&shots, 1 << 20);
		for (size_t i = 0; i < SIZES_KEPT; i++) {
			struct buf cut;
			char *text;

			if (sizes[i].charset == CHARSET_ASCII)
				continue;
			buf_init(&cut, 1 << 20);
			text = draw(c, i, &cut);
			if (!is_of_host(c) && cuts_more_than_names(buf_text(&cut)))
				fail_msg("%s, %s, cut: %s", name, sizes[i].name, buf_text(&cut));
			buf_clear(&cut);
			assert_int_equal(buf_printf(&shots, "==== %s\n%s", sizes[i].name, text),
					 ERR_NONE);
			free(text);
		}
		golden_compare(name, buf_text(&shots));
		buf_clear(&shots);
		free(name);
	}
	language_use(NULL);
}

/* Says what is wrong with a screen in the made-up language, and whether nothing is. */
static bool reads_well(const char *name, const char *size, const char *text, const char *cut,
		       bool of_host)
{
	char *missed = language_missed(of_host ? "" : text);
	const bool fine = !*missed && !strstr(cut, "⟦") && !strstr(cut, "⟧");

	if (!fine)
		fprintf(stderr, "%s\n@@ %s, %s: not translated: %s; cut: %s@@\n", text, name, size,
			missed, cut);
	free(missed);
	return fine;
}

/* In a language that nobody speaks, texts that were never given to gettext read as English, and
 * those that are cut are texts that longer languages lose. */
static void test_pseudo(void **state)
{
	const struct shot_case *c = *state;
	bool fine = true;

	language_use("en@pseudo");
	for (size_t i = 0; i < SIZES; i++) {
		struct buf cut;
		char *text;

		if (sizes[i].charset == CHARSET_ASCII)
			continue;
		buf_init(&cut, 1 << 20);
		text = draw(c, i, &cut);
		fine &= reads_well(c->name, sizes[i].name, text, buf_text(&cut), is_of_host(c));
		free(text);
		buf_clear(&cut);
	}
	language_use(NULL);
	assert_true(fine);
}

static bool page_reads_well(struct app *app, const char *name)
{
	bool fine = true;

	for (size_t i = 0; i < SIZES; i++) {
		struct canvas canvas;
		struct buf cut;
		char *text;

		if (sizes[i].charset == CHARSET_ASCII)
			continue;
		buf_init(&cut, 1 << 20);
		canvas_init(&canvas, sizes[i].rows, sizes[i].columns, CHARSET_UTF8);
		canvas.cut = &cut;
		app_draw(&canvas, app);
		text = canvas_text(&canvas);
		fine &= reads_well(name, sizes[i].name, text, buf_text(&cut), false);
		free(text);
		canvas_clear(&canvas);
		buf_clear(&cut);
	}
	return fine;
}

/* The real tree, walked with the same key at every question, through every advice to the end. */
static void test_real_tree(void **state)
{
	enum { STEPS_MAX = 400 };
	static const char *const ways[] = { "1", "2", "3", "up enter" };
	bool fine = true, advised = false;

	(void)state;
	language_use("en@pseudo");
	for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
		struct shot shot = { 0 };
		size_t step = 0;

		bench_prepare_from(&shot.bench, "data");
		bench_sit_down(&shot.bench);
		bench_fill_profile(&shot.bench);
		app_init(&shot.app, shot.bench.wizard, &shot.options, CHARSET_UTF8);
		press(&shot.app, "enter enter");
		while (wizard_place(shot.bench.wizard) != WIZARD_DONE && step++ < STEPS_MAX) {
			const enum wizard_place place = wizard_place(shot.bench.wizard);

			advised |= place == WIZARD_ADVICE;
			fine &= page_reads_well(&shot.app, ways[way]);
			press(&shot.app, place == WIZARD_QUESTION ? ways[way] : "2");
		}
		assert_int_equal(wizard_place(shot.bench.wizard), WIZARD_DONE);
		fine &= page_reads_well(&shot.app, ways[way]);
		app_clear(&shot.app);
		bench_clear(&shot.bench);
	}
	language_use(NULL);
	assert_true(advised);
	assert_true(fine);
}

/* A window too small says so, whatever its size, and every screen survives every size. */
static void test_all_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		struct shot shot = { .options = cases[i].options };

		bench_init(&shot.bench);
		bench_fill_profile(&shot.bench);
		app_init(&shot.app, shot.bench.wizard, &shot.options, CHARSET_UTF8);
		if (cases[i].arrange)
			cases[i].arrange(&shot);
		for (size_t columns = 0; columns < 200; columns += 7)
			for (size_t rows = 0; rows < 60; rows += columns % 3 + 1) {
				struct canvas canvas;

				canvas_init(&canvas, rows, columns, CHARSET_UTF8);
				app_draw(&canvas, &shot.app);
				canvas_clear(&canvas);
			}
		app_clear(&shot.app);
		bench_clear(&shot.bench);
	}
}

static void test_too_small(void **state)
{
	struct shot shot = { 0 };
	struct canvas canvas;
	char *text;

	(void)state;
	bench_init(&shot.bench);
	app_init(&shot.app, shot.bench.wizard, &shot.options, CHARSET_UTF8);
	canvas_init(&canvas, 19, 80, CHARSET_UTF8);
	app_draw(&canvas, &shot.app);
	text = canvas_text(&canvas);
	assert_non_null(strstr(text, "make the window larger"));
	free(text);
	canvas_clear(&canvas);
	app_clear(&shot.app);
	bench_clear(&shot.bench);
}

int main(void)
{
	static const CMUnitTestFunction functions[] = { test_case, test_languages, test_pseudo };
	enum { FUNCTIONS = sizeof functions / sizeof *functions };
	struct CMUnitTest tests[FUNCTIONS * CASES + 3] = { cmocka_unit_test(test_all_sizes),
							   cmocka_unit_test(test_too_small),
							   cmocka_unit_test(test_real_tree) };

	for (size_t i = 0; i < FUNCTIONS * CASES; i++)
		tests[i + 3] = (struct CMUnitTest){ .name = cases[i % CASES].name,
						    .test_func = functions[i / CASES],
						    .initial_state = (void *)&cases[i % CASES] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
