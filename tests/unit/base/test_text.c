/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"

static void hostile_bytes_are_shown(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *shown;
	} table[] = {
		{ "", 0, "" },
		{ "plain \xc3\xa4 \xe4\xb8\xad \xf0\x9f\x98\x80", 17,
		  "plain \xc3\xa4 \xe4\xb8\xad \xf0\x9f\x98\x80" },
		{ "a\0b", 3, "a\\x00b" },
		{ "\x1b[31m", 5, "\\x1b[31m" },
		{ "\x7f\x80\x9b", 3, "\\x7f\\x80\\x9b" },
		{ "\xc2\x9b", 2, "\\x9b" }, /* C1 as UTF-8 */
		{ "a\r\n\tb", 5, "a\\r\\n\\tb" },
		{ "\\n", 2, "\\n" },                /* a backslash stays */
		{ "\xe2\x80\xae", 3, "\\u{202e}" }, /* right-to-left override */
		{ "\xe2\x80\x8b\xef\xbb\xbf", 6, "\\u{200b}\\u{feff}" },
		{ "\xe2\x80\xa8", 3, "\\u{2028}" },       /* line separator */
		{ "\xc0\xaf", 2, "\\xc0\\xaf" },          /* overlong */
		{ "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" }, /* a surrogate */
		{ "\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80" },
		{ "\xe4\xb8", 2, "\\xe4\\xb8" }, /* cut short */
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char *shown = text_safe(table[i].bytes, table[i].length, 1000);

		assert_string_equal(shown, table[i].shown);
		assert_true(text_is_safe(shown));
		free(shown);
	}
}

static void line_breaks_may_stay(void **state)
{
	char *shown = text_safe_lines("a\r\nb\nc\rd\t\x1b", 10, 100);

	(void)state;
	assert_string_equal(shown, "a\nb\nc\\rd\\t\\x1b");
	assert_true(text_is_safe(shown));
	free(shown);
	assert_false(text_is_safe("a\r\nb"));
	assert_false(text_is_safe("a\tb"));
	assert_false(text_is_safe("\xff"));
	assert_true(text_is_safe("a\nb"));
}

static void length_has_a_ceiling(void **state)
{
	static const char *const expected[] = { "",
						"",
						"",
						"...",
						"...",
						"\xc3\xa4...",
						"\xc3\xa4"
						"b...",
						"\xc3\xa4"
						"bc...",
						"\xc3\xa4"
						"bcdefg" };

	(void)state;
	for (size_t max = 0; max <= 8; max++) {
		char *shown = text_safe("\xc3\xa4"
					"bcdefg",
					8, max);

		assert_true(strlen(shown) <= max);
		assert_string_equal(shown, expected[max]);
		free(shown);
	}
}

/* Whatever the bytes, what comes out is printable and within its ceiling. The sequence is the same
 * each time. */
static void any_bytes_become_safe(void **state)
{
	uint32_t next = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		unsigned char bytes[40];
		char *shown;

		for (size_t i = 0; i < sizeof bytes; i++) {
			next = next * 1664525 + 1013904223;
			bytes[i] = (unsigned char)(next >> 24);
		}
		shown = text_safe(bytes, sizeof bytes, (size_t)round % 100);
		assert_true(strlen(shown) <= (size_t)round % 100);
		assert_true(text_is_safe(shown));
		assert_null(strchr(shown, '\n'));
		free(shown);
	}
}

static void widths_are_cells(void **state)
{
	size_t cells;

	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("\xe4\xb8\xad\xe6\x96\x87"), 4);
	assert_int_equal(text_width("e\xcc\x81"), 1); /* a letter and its accent */
	assert_int_equal(text_width("a\xff"
				    "b"),
			 3); /* invalid, but not the end */
	assert_int_equal(text_next(&cells, ""), 0);
	assert_int_equal(text_next(&cells, "\xe4\xb8\xad"), 3);
	assert_int_equal(cells, 2);
	assert_int_equal(text_next(&cells, "\xff"
					   "a"),
			 1);
	assert_int_equal(cells, 1);
}

static void fits_whole_characters(void **state)
{
	(void)state;
	assert_int_equal(text_fit("abc", 2), 2);
	assert_int_equal(text_fit("abc", 9), 3);
	assert_int_equal(text_fit("\xe4\xb8\xad\xe6\x96\x87", 3), 3);
	assert_int_equal(text_fit("\xe4\xb8\xad", 1), 0);
	assert_int_equal(text_fit("e\xcc\x81x", 1), 3); /* the accent goes with its letter */
	assert_int_equal(text_fit("abc", 0), 0);
}

static void expect_lines(const char *text, size_t cells, const char *expected)
{
	struct text_lines lines = text_wrap(text, cells);
	char joined[500] = "";

	for (size_t i = 0; i < lines.count; i++) {
		assert_true(text_width(lines.line[i]) <= (cells ? cells : 1));
		snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s",
			 i ? "|" : "", lines.line[i]);
	}
	assert_string_equal(joined, expected);
	text_free_lines(&lines);
	assert_int_equal(lines.count, 0);
}

static void lines_are_wrapped(void **state)
{
	(void)state;
	expect_lines("", 10, "");
	expect_lines("one", 10, "one");
	expect_lines("one two three", 7, "one two|three");
	expect_lines("one two three", 8, "one two|three");
	expect_lines("one   two", 4, "one|two");
	expect_lines("a\nb", 10, "a|b");
	expect_lines("a\n\nb", 10, "a||b");
	expect_lines("sip.example.com:5060 is open", 20, "sip.example.com:5060|is open");
	expect_lines("turn-unreachable", 20, "turn-unreachable");
	expect_lines("abcdefghij kl", 4, "abcd|efgh|ij|kl");
	expect_lines("\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97", 4,
		     "\xe4\xb8\xad\xe6\x96\x87|\xe5\xad\x97");
	expect_lines("abc", 0, "a|b|c");
	expect_lines("bad \xff bytes \xfe here", 5, "bad \xff|bytes|\xfe|here");
}

/* For every width: nothing is lost, and no line is too long. */
static void wrapping_loses_nothing(void **state)
{
	static const char text[] =
		"Turn the router's \xe2\x80\x9cSIP ALG\xe2\x80\x9d off, then restart it; "
		"\xe8\xb7\xaf\xe7\x94\xb1\xe5\x99\xa8 192.168.1.1:8080/admin \xe2\x80\x93 ok.";

	(void)state;
	for (size_t cells = 2; cells < 100; cells++) {
		struct text_lines lines = text_wrap(text, cells);
		const char *at = text;

		for (size_t i = 0; i < lines.count; i++) {
			assert_true(text_width(lines.line[i]) <= cells);
			at += strspn(at, " ");
			assert_int_equal(strncmp(at, lines.line[i], strlen(lines.line[i])), 0);
			at += strlen(lines.line[i]);
		}
		assert_int_equal(at[strspn(at, " ")], 0);
		text_free_lines(&lines);
	}
}

static void ascii_is_the_nearest(void **state)
{
	static const struct {
		const char *utf8, *ascii;
	} table[] = {
		{ "", "" },
		{ "plain\ntext", "plain\ntext" },
		{ "M\xc3\xbcller, Stra\xc3\x9f"
		  "e",
		  "Muller, Strasse" },
		{ "e\xcc\x81", "e" },
		{ "\xe2\x80\x9cyes\xe2\x80\x9d \xe2\x80\x94 no\xe2\x80\xa6", "\"yes\" - no..." },
		{ "a \xe2\x86\x92 b", "a -> b" },
		{ "\xe2\x94\x80\xe2\x94\x82\xe2\x94\x8c\xe2\x94\xbc", "-|++" },
		{ "\xe4\xb8\xad", "?" },
		{ "a\xff"
		  "b",
		  "a?b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char *ascii = text_ascii(table[i].utf8);

		assert_string_equal(ascii, table[i].ascii);
		free(ascii);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_bytes_are_shown), cmocka_unit_test(line_breaks_may_stay),
		cmocka_unit_test(length_has_a_ceiling),    cmocka_unit_test(any_bytes_become_safe),
		cmocka_unit_test(widths_are_cells),        cmocka_unit_test(fits_whole_characters),
		cmocka_unit_test(lines_are_wrapped),       cmocka_unit_test(wrapping_loses_nothing),
		cmocka_unit_test(ascii_is_the_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
