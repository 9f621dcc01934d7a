/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells, bars, symbols and pages laid out, without a wizard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "ui/canvas.h"
#include "ui/page.h"

static void assert_shows(const struct canvas *canvas, const char *expected)
{
	char *text = canvas_text(canvas);

	assert_string_equal(text, expected);
	free(text);
}

static void test_put_clips(void **state)
{
	struct canvas canvas;

	(void)state;
	canvas_init(&canvas, 2, 5, CHARSET_UTF8);
	assert_int_equal(canvas_put(&canvas, 0, 2, LOOK_NORMAL, "abcdef"), 5);
	canvas_put(&canvas, 7, 0, LOOK_NORMAL, "no such row");
	canvas_put(&canvas, 1, 9, LOOK_NORMAL, "no such column");
	assert_shows(&canvas, "  abc\n\n");
	canvas_clear(&canvas);
}

static void test_wide_characters(void **state)
{
	struct canvas canvas;

	(void)state;
	canvas_init(&canvas, 1, 5, CHARSET_UTF8);
	/* The third one would hang over the edge. */
	canvas_put(&canvas, 0, 0, LOOK_NORMAL, "中文字");
	assert_shows(&canvas, "中文\n");
	assert_string_equal(canvas_at(&canvas, 0, 1)->text, "");
	/* Writing over one half takes the other with it. */
	canvas_put(&canvas, 0, 1, LOOK_NORMAL, "x");
	assert_shows(&canvas, " x文\n");
	canvas_put(&canvas, 0, 2, LOOK_NORMAL, "y");
	assert_shows(&canvas, " xy\n");
	canvas_clear(&canvas);
}

static void test_marks_join(void **state)
{
	struct canvas canvas;

	(void)state;
	canvas_init(&canvas, 1, 4, CHARSET_UTF8);
	assert_int_equal(canvas_put(&canvas, 0, 0, LOOK_NORMAL, "e\xcc\x81x"), 2);
	assert_string_equal(canvas_at(&canvas, 0, 0)->text, "e\xcc\x81");
	/* A heap of marks does not run out of its cell. */
	for (int i = 0; i < 50; i++)
		canvas_put(&canvas, 0, 1, LOOK_NORMAL, "\xcc\x81");
	assert_true(strlen(canvas_at(&canvas, 0, 0)->text) < CELL_BYTES);
	canvas_clear(&canvas);
}

static void test_no_controls(void **state)
{
	static const char *const texts[] = {
		"\033[2J",
		"a\nb",
		"a\tb",
		"\177",
		"\xc2\x9b"
		"31m",
		"\xff\xfe",
		"\xe2\x80\xae"
		"gpj",
		"\xe2\x80\x8b",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct canvas canvas;
		char *text;

		canvas_init(&canvas, 1, 40, CHARSET_UTF8);
		canvas_put(&canvas, 0, 0, LOOK_NORMAL, texts[i]);
		canvas_put_within(&canvas, 0, 20, 3, LOOK_NORMAL, texts[i]);
		text = canvas_text(&canvas);
		assert_true(text_is_safe(text));
		assert_true(strlen(text) > 3);
		free(text);
		canvas_clear(&canvas);
	}
}

static void test_within(void **state)
{
	struct canvas canvas;

	(void)state;
	canvas_init(&canvas, 4, 10, CHARSET_UTF8);
	canvas_put_within(&canvas, 0, 0, 5, LOOK_NORMAL, "abcde");
	canvas_put_within(&canvas, 1, 0, 5, LOOK_NORMAL, "abcdef");
	canvas_put_within(&canvas, 2, 0, 4, LOOK_NORMAL, "中文字");
	canvas_put_within(&canvas, 3, 0, 0, LOOK_NORMAL, "abc");
	assert_shows(&canvas, "abcde\nabcd…\n中…\n\n");
	canvas_clear(&canvas);
}

static void test_ascii(void **state)
{
	struct canvas canvas;

	(void)state;
	canvas_init(&canvas, 2, 30, CHARSET_ASCII);
	canvas_put(&canvas, 0, 0, LOOK_NORMAL, "Café › WAN – 中");
	canvas_bar(&canvas, 1, 0, 10, 0.34);
	assert_shows(&canvas, "Cafe > WAN - ?\n###.......\n");
	canvas_clear(&canvas);
}

static void test_bar(void **state)
{
	struct canvas canvas;

	(void)state;
	canvas_init(&canvas, 4, 4, CHARSET_UTF8);
	canvas_bar(&canvas, 0, 0, 4, -1);
	canvas_bar(&canvas, 1, 0, 4, 0.5);
	canvas_bar(&canvas, 2, 0, 4, 1);
	canvas_bar(&canvas, 3, 0, 4, 99);
	assert_shows(&canvas, "░░░░\n▓▓░░\n▓▓▓▓\n▓▓▓▓\n");
	canvas_clear(&canvas);
}

/* Every symbol's ASCII form is ASCII and is there. */
static void test_symbols(void **state)
{
	(void)state;
	for (enum symbol which = 0; which < SYMBOL_COUNT; which++) {
		const char *ascii = symbol(which, CHARSET_ASCII);

		assert_true(*ascii);
		for (; *ascii; ascii++)
			assert_true(*ascii >= ' ' && *ascii <= '~');
		assert_true(*symbol(which, CHARSET_UTF8));
	}
}

static void fill(struct page *page, size_t choices)
{
	page_init(page, CHARSET_UTF8);
	page_add(page, PAGE_TITLE, "Title");
	for (size_t i = 0; i < choices; i++)
		page_printf(page, PAGE_DIM, "line %zu", i);
	for (size_t i = 0; i < choices; i++)
		page_choice(page, (int)i, "choice");
}

/* The selected choice is on the screen, wherever it stands in a long page. */
static void test_scroll_follows(void **state)
{
	struct page page;

	(void)state;
	fill(&page, 30);
	for (unsigned selected = 1; selected <= 30; selected++) {
		struct view view = { .selected = selected, .follow = true };
		struct canvas canvas;
		char *text;

		canvas_init(&canvas, 8, 40, CHARSET_UTF8);
		page_draw(&canvas, &page, &view, 0, 8);
		text = canvas_text(&canvas);
		assert_non_null(strstr(text, "▸"));
		assert_non_null(strstr(text, "more"));
		free(text);
		canvas_clear(&canvas);
	}
	page_clear(&page);
}

/* Wherever one scrolls to, drawing comes back to what there is. */
static void test_scroll_is_bounded(void **state)
{
	struct view view = { .selected = 99, .scroll = SIZE_MAX / 2 };
	struct canvas canvas;
	struct page page;
	char *text;

	(void)state;
	fill(&page, 3);
	canvas_init(&canvas, 5, 20, CHARSET_UTF8);
	page_draw(&canvas, &page, &view, 0, 5);
	assert_int_equal(view.selected, 3);
	assert_int_equal(view.scroll, 3);
	text = canvas_text(&canvas);
	assert_string_equal(
		text,
		" line 2\n     1  choice\n     2  choice\n   ▸ 3  choice\n ↑ more above: PgUp\n");
	free(text);
	canvas_clear(&canvas);
	page_clear(&page);
}

/* A long word, an empty page, and texts that are all hostile do no harm at any size. */
static void test_odd_pages(void **state)
{
	struct page page;

	(void)state;
	page_init(&page, CHARSET_UTF8);
	page_add(
		&page, PAGE_TEXT,
		"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww");
	page_row(&page, "\033[1m", "中中中中中中中中中中中中中中中中中中中", "\377");
	page_field(&page, 0, "label", "value that is much longer than its field can ever be", 52);
	page_check(&page, "check", "state", 0.5, LOOK_NORMAL);
	page_add(&page, PAGE_TEXT, NULL);
	for (size_t columns = 2; columns < 90; columns++)
		for (size_t rows = 1; rows < 12; rows++) {
			struct view view = { .selected = 1, .follow = true };
			struct canvas canvas;

			canvas_init(&canvas, rows, columns, CHARSET_UTF8);
			page_draw(&canvas, &page, &view, 0, rows);
			canvas_clear(&canvas);
		}
	page_clear(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put_clips),
		cmocka_unit_test(test_wide_characters),
		cmocka_unit_test(test_marks_join),
		cmocka_unit_test(test_no_controls),
		cmocka_unit_test(test_within),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_bar),
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_scroll_follows),
		cmocka_unit_test(test_scroll_is_bounded),
		cmocka_unit_test(test_odd_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
