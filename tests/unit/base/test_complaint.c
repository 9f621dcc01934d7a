/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/complaint.h"
#include "base/mem.h"
#include "base/text.h"

static void names_file_line_and_fault(void **state)
{
	struct complaint complaint = { 0 };

	(void)state;
	assert_int_equal(complain(&complaint, "my.conf", 12, "unknown key '%s'", "stunn"),
			 ERR_SYNTAX);
	assert_string_equal(complaint.text, "my.conf:12: unknown key 'stunn'");
	/* The first one is what the person is told. */
	assert_int_equal(complain(&complaint, "other", 1, "later"), ERR_SYNTAX);
	assert_string_equal(complaint.text, "my.conf:12: unknown key 'stunn'");
}

static void whole_file_has_no_line(void **state)
{
	struct complaint complaint = { 0 };

	(void)state;
	assert_int_equal(complain(&complaint, "my.conf", 0, "no such file"), ERR_SYNTAX);
	assert_string_equal(complaint.text, "my.conf: no such file");
}

static void hostile_text_is_made_safe(void **state)
{
	struct complaint complaint = { 0 };

	(void)state;
	assert_int_equal(complain(&complaint, "a\nb", 1, "value '%s'", "\x1b[2J\xff"), ERR_SYNTAX);
	assert_string_equal(complaint.text, "a\\nb:1: value '\\x1b[2J\\xff'");
}

static void long_text_is_cut(void **state)
{
	struct complaint complaint = { 0 };
	char *value = mem_new(5001, 1);

	(void)state;
	memset(value, '\xc3', 5000); /* never a whole character */
	assert_int_equal(complain(&complaint, "f", 1, "%s", value), ERR_SYNTAX);
	assert_in_range(strlen(complaint.text), 400, sizeof complaint.text - 1);
	assert_true(text_is_safe(complaint.text));
	free(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_file_line_and_fault),
		cmocka_unit_test(whole_file_has_no_line),
		cmocka_unit_test(hostile_text_is_made_safe),
		cmocka_unit_test(long_text_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
