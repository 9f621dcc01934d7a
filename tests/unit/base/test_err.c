/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

#include "base/err.h"

static void each_error_has_its_own_words(void **state)
{
	(void)state;
	for (int i = ERR_NONE; i <= ERR_IO; i++) {
		assert_true(*err_text((enum err)i));
		assert_string_not_equal(err_text((enum err)i), "unknown error");
		for (int j = ERR_NONE; j < i; j++)
			assert_string_not_equal(err_text((enum err)i), err_text((enum err)j));
	}
	assert_string_equal(err_text((enum err)999), "unknown error");
}

static void errno_is_translated(void **state)
{
	static const struct {
		int number;
		enum err err;
	} table[] = {
		{ 0, ERR_NONE },
		{ ENOMEM, ERR_MEMORY },
		{ ENOENT, ERR_NOT_FOUND },
		{ EAGAIN, ERR_TIMEOUT },
		{ ETIMEDOUT, ERR_TIMEOUT },
		{ ECONNREFUSED, ERR_REFUSED },
		{ ENETUNREACH, ERR_UNREACHABLE },
		{ EHOSTUNREACH, ERR_UNREACHABLE },
		{ EACCES, ERR_PERMISSION },
		{ EPERM, ERR_PERMISSION },
		{ EAFNOSUPPORT, ERR_UNSUPPORTED },
		{ ENOSPC, ERR_IO },
		{ 99999, ERR_IO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		assert_int_equal(err_from_errno(table[i].number), table[i].err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_error_has_its_own_words),
		cmocka_unit_test(errno_is_translated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
