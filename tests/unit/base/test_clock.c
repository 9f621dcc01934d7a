/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <limits.h>

#include "base/clock.h"

static void moments_become_text_and_back(void **state)
{
	static const struct {
		time_t when;
		const char *text;
	} table[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 1795165200, "2026-11-20T09:00:00Z" },
		{ 4102444799, "2099-12-31T23:59:59Z" },
	};
	char text[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_string_equal(clock_utc_text(text, table[i].when), table[i].text);
		assert_true(clock_from_utc_text(table[i].text) == table[i].when);
	}
}

static void other_texts_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"2026-11-20",
		"2026-11-20T09:00:00",
		"2026-11-20T09:00:00ZZ",
		"2026-11-20 09:00:00Z",
		"2026-11-20T9:00:00Z",
		" 2026-11-20T09:00:00Z",
		"2026-02-31T09:00:00Z",
		"2026-13-01T09:00:00Z",
		"2026-11-20T24:00:00Z",
		"2026-11-20T09:60:00Z",
		"2026-11-20T09:00:61Z",
		"yesterday",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (clock_from_utc_text(bad[i]) != (time_t)-1)
			fail_msg("taken: \"%s\"", bad[i]);
}

static void local_text_names_its_zone(void **state)
{
	static const struct {
		const char *zone, *text;
	} table[] = {
		{ "UTC", "2026-11-20 09:00:00 +00:00" },
		{ "XYZ-5:45", "2026-11-20 14:45:00 +05:45" },
		{ "XYZ3:30", "2026-11-20 05:30:00 -03:30" },
	};
	char text[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		setenv("TZ", table[i].zone, 1);
		tzset();
		assert_string_equal(clock_local_text(text, 1795165200), table[i].text);
	}
}

static void deadlines_pass(void **state)
{
	const struct deadline past = deadline_in(-1), now = deadline_in(0),
			      later = deadline_in(60000);
	const struct deadline never = { .at_ms = INT64_MAX };

	(void)state;
	assert_true(deadline_passed(&past));
	assert_true(deadline_passed(&now));
	assert_false(deadline_passed(&later));
	assert_int_equal(deadline_left_ms(&past), 0);
	assert_in_range(deadline_left_ms(&later), 1, 60000);
	assert_int_equal(deadline_left_ms(&never), INT_MAX);
	assert_true(deadline_first(past, later).at_ms == past.at_ms);
	assert_true(deadline_first(later, past).at_ms == past.at_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_become_text_and_back),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(local_text_names_its_zone),
		cmocka_unit_test(deadlines_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
