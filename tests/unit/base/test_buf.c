/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void grows_and_ends_in_zero(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 100000);
	assert_string_equal(buf_text(&buf), "");
	for (int i = 0; i < 1000; i++)
		assert_int_equal(buf_add_text(&buf, "0123456789"), ERR_NONE);
	assert_int_equal(buf.length, 10000);
	assert_int_equal(strlen(buf_text(&buf)), 10000);
	buf_reset(&buf);
	assert_string_equal(buf_text(&buf), "");
	assert_int_equal(buf.length, 0);
	buf_clear(&buf);
	assert_string_equal(buf_text(&buf), "");
	assert_int_equal(buf_add_text(&buf, "again"), ERR_NONE);
	buf_clear(&buf);
	buf_clear(&buf);
}

static void ceiling_holds(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 5);
	assert_int_equal(buf_add(&buf, "abc", 3), ERR_NONE);
	assert_int_equal(buf_add(&buf, "def", 3), ERR_FULL);
	assert_int_equal(buf_printf(&buf, "%d", 123), ERR_FULL);
	assert_int_equal(buf_add_be32(&buf, 1), ERR_FULL);
	assert_string_equal(buf_text(&buf), "abc");
	assert_int_equal(buf_add(&buf, "de", 2), ERR_NONE);
	assert_string_equal(buf_text(&buf), "abcde");
	assert_int_equal(buf_add(&buf, "", 0), ERR_NONE);
	assert_int_equal(buf_add(&buf, "f", SIZE_MAX), ERR_FULL);
	buf_clear(&buf);
	buf_init(&buf, 0);
	assert_int_equal(buf_add(&buf, "", 0), ERR_NONE);
	assert_int_equal(buf_add_be8(&buf, 0), ERR_FULL);
	buf_clear(&buf);
}

static void numbers_are_big_endian(void **state)
{
	static const uint8_t expected[] = { 0xfe, 0x01, 0x02, 0xa1, 0xb2, 0xc3, 0xd4 };
	struct buf buf;

	(void)state;
	buf_init(&buf, 64);
	assert_int_equal(buf_add_be8(&buf, 0xfe), ERR_NONE);
	assert_int_equal(buf_add_be16(&buf, 0x0102), ERR_NONE);
	assert_int_equal(buf_add_be32(&buf, 0xa1b2c3d4), ERR_NONE);
	assert_int_equal(buf.length, sizeof expected);
	assert_memory_equal(buf.data, expected, sizeof expected);
	buf_clear(&buf);
}

static void prints_appended(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 1000);
	assert_int_equal(buf_printf(&buf, "%s", ""), ERR_NONE);
	assert_int_equal(buf_printf(&buf, "%d-%s", 7, "x"), ERR_NONE);
	assert_int_equal(buf_printf(&buf, "%100d", 1), ERR_NONE);
	assert_int_equal(buf.length, 103);
	assert_int_equal(strncmp(buf_text(&buf), "7-x   ", 6), 0);
	buf_clear(&buf);
}

static void drops_from_the_front(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 100);
	buf_drop(&buf, 3);
	assert_int_equal(buf_add_text(&buf, "abcdef"), ERR_NONE);
	buf_drop(&buf, 0);
	assert_string_equal(buf_text(&buf), "abcdef");
	buf_drop(&buf, 4);
	assert_string_equal(buf_text(&buf), "ef");
	buf_drop(&buf, 99);
	assert_string_equal(buf_text(&buf), "");
	assert_int_equal(buf_add_text(&buf, "g"), ERR_NONE);
	assert_string_equal(buf_text(&buf), "g");
	buf_clear(&buf);
}

static void text_is_handed_over(void **state)
{
	struct buf buf;
	char *text;

	(void)state;
	buf_init(&buf, 10);
	text = buf_take(&buf);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(buf_add_text(&buf, "mine"), ERR_NONE);
	text = buf_take(&buf);
	assert_string_equal(text, "mine");
	free(text);
	assert_int_equal(buf.length, 0);
	assert_int_equal(buf_add_text(&buf, "0123456789"), ERR_NONE); /* the ceiling stayed */
	assert_int_equal(buf_add_text(&buf, "x"), ERR_FULL);
	buf_clear(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_ends_in_zero), cmocka_unit_test(ceiling_holds),
		cmocka_unit_test(numbers_are_big_endian), cmocka_unit_test(prints_appended),
		cmocka_unit_test(drops_from_the_front),   cmocka_unit_test(text_is_handed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
