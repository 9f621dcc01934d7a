/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/slice.h"

static void reads_do_not_pass_the_end(void **state)
{
	static const uint8_t bytes[] = { 0xfe, 0x01, 0x02, 0xa1, 0xb2, 0xc3, 0xd4 };
	struct slice slice = slice_of(bytes, sizeof bytes);
	uint8_t eight = 0;
	uint16_t sixteen = 0;
	uint32_t thirty_two = 0;

	(void)state;
	assert_int_equal(slice_be8(&eight, &slice), ERR_NONE);
	assert_int_equal(eight, 0xfe);
	assert_int_equal(slice_be16(&sixteen, &slice), ERR_NONE);
	assert_int_equal(sixteen, 0x0102);
	assert_int_equal(slice_be32(&thirty_two, &slice), ERR_NONE);
	assert_true(thirty_two == 0xa1b2c3d4);
	assert_int_equal(slice.left, 0);
	assert_int_equal(slice_be8(&eight, &slice), ERR_TRUNCATED);
	assert_int_equal(eight, 0xfe);
	slice = slice_of(bytes, 3);
	assert_int_equal(slice_be32(&thirty_two, &slice), ERR_TRUNCATED);
	assert_true(thirty_two == 0xa1b2c3d4);
	assert_int_equal(slice.left, 3);
	assert_ptr_equal(slice.at, bytes);
}

static void takes_and_skips(void **state)
{
	struct slice slice = slice_of_text("abcdef"), part;
	char copy[4] = { 0 };

	(void)state;
	assert_int_equal(slice_take(&part, &slice, 2), ERR_NONE);
	assert_true(slice_is(part, "ab"));
	assert_int_equal(slice_skip(&slice, 1), ERR_NONE);
	assert_int_equal(slice_copy(copy, 3, &slice), ERR_NONE);
	assert_string_equal(copy, "def");
	assert_int_equal(slice_take(&part, &slice, 0), ERR_NONE);
	assert_int_equal(part.left, 0);
	assert_int_equal(slice_take(&part, &slice, 1), ERR_TRUNCATED);
	assert_int_equal(slice_skip(&slice, SIZE_MAX), ERR_TRUNCATED);
	slice = slice_of(NULL, 0);
	assert_int_equal(slice_take(&part, &slice, 0), ERR_NONE);
	assert_int_equal(slice_copy(copy, 0, &slice), ERR_NONE);
}

static void lines_end_in_crlf_or_lf(void **state)
{
	struct slice slice = slice_of_text("one\r\ntwo\n\r\n\nlast\r"), line;
	static const char *const expected[] = { "one", "two", "", "", "last" };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(slice_line(&line, &slice), ERR_NONE);
		assert_true(slice_is(line, expected[i]));
	}
	assert_int_equal(slice_line(&line, &slice), ERR_NOT_FOUND);
}

static void cuts_at_a_byte(void **state)
{
	struct slice slice = slice_of_text("key: value"), part;

	(void)state;
	assert_int_equal(slice_until(&part, &slice, ';'), ERR_NOT_FOUND);
	assert_int_equal(slice.left, 10);
	assert_int_equal(slice_until(&part, &slice, ':'), ERR_NONE);
	assert_true(slice_is(part, "key"));
	assert_true(slice_is(slice_trim(slice), "value"));
	slice = slice_of(NULL, 0);
	assert_int_equal(slice_until(&part, &slice, 0), ERR_NOT_FOUND);
}

static void trims_both_ends(void **state)
{
	(void)state;
	assert_true(slice_is(slice_trim(slice_of_text(" \t\r\n a b \r\n")), "a b"));
	assert_true(slice_is(slice_trim(slice_of_text(" \t ")), ""));
	assert_true(slice_is(slice_trim(slice_of(NULL, 0)), ""));
}

static void compares(void **state)
{
	(void)state;
	assert_true(slice_equal(slice_of(NULL, 0), slice_of_text("")));
	assert_false(slice_equal(slice_of_text("a"), slice_of_text("ab")));
	assert_false(slice_is(slice_of("a\0b", 3), "a"));
	assert_true(slice_starts(slice_of_text("INVITE sip:"), "INVITE "));
	assert_false(slice_starts(slice_of_text("INV"), "INVITE"));
	assert_false(slice_starts(slice_of_text("invite"), "INV"));
	assert_true(slice_starts_nocase(slice_of_text("content-LENGTH: 0"), "Content-Length:"));
	assert_true(slice_is_nocase(slice_of_text("Via"), "vIA"));
	assert_false(slice_is_nocase(slice_of_text("Via"), "Vi"));
	assert_false(slice_is_nocase(slice_of_text("["), "{")); /* 0x20 apart, but no letters */
	assert_false(slice_is_nocase(slice_of("a\0", 2), "ab"));
}

static void finds_a_text(void **state)
{
	size_t at = 99;

	(void)state;
	assert_int_equal(slice_find(&at, slice_of_text("branch=z9hG4bK"), "z9"), ERR_NONE);
	assert_int_equal(at, 7);
	assert_int_equal(slice_find(&at, slice_of_text("branch"), "branches"), ERR_NOT_FOUND);
	assert_int_equal(slice_find(&at, slice_of(NULL, 0), "x"), ERR_NOT_FOUND);
	assert_int_equal(at, 7);
}

static void numbers_have_bounds(void **state)
{
	static const struct {
		const char *text;
		unsigned long max;
		enum err err;
		unsigned long value;
	} table[] = {
		{ "0", 0, ERR_NONE, 0 },
		{ "65535", 65535, ERR_NONE, 65535 },
		{ "65536", 65535, ERR_RANGE, 0 },
		{ "0007", 7, ERR_NONE, 7 },
		{ "8", 7, ERR_RANGE, 0 },
		{ "", 7, ERR_SYNTAX, 0 },
		{ "-1", 7, ERR_SYNTAX, 0 },
		{ "+1", 7, ERR_SYNTAX, 0 },
		{ "1 ", 7, ERR_SYNTAX, 0 },
		{ "0x1", 7, ERR_SYNTAX, 0 },
		{ "4294967295", 4294967295, ERR_NONE, 4294967295 },
		{ "99999999999999999999999", (unsigned long)-1, ERR_RANGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		unsigned long value = 0;

		assert_int_equal(slice_number(&value, slice_of_text(table[i].text), table[i].max),
				 table[i].err);
		assert_true(value == table[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_do_not_pass_the_end),
		cmocka_unit_test(takes_and_skips),
		cmocka_unit_test(lines_end_in_crlf_or_lf),
		cmocka_unit_test(cuts_at_a_byte),
		cmocka_unit_test(trims_both_ends),
		cmocka_unit_test(compares),
		cmocka_unit_test(finds_a_text),
		cmocka_unit_test(numbers_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
