/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "same.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void assert_same_session(const struct session *a, const struct session *b)
{
	assert_string_equal(a->id, b->id);
	assert_int_equal(a->started, b->started);
	assert_int_equal(a->answer_count, b->answer_count);
	for (size_t i = 0; i < a->answer_count; i++) {
		assert_string_equal(a->answers[i].question, b->answers[i].question);
		assert_string_equal(a->answers[i].value, b->answers[i].value);
		assert_int_equal(!a->answers[i].measured, !b->answers[i].measured);
		if (a->answers[i].measured)
			assert_string_equal(a->answers[i].measured, b->answers[i].measured);
	}
	assert_int_equal(a->turn_count, b->turn_count);
	assert_int_equal(a->check_count, b->check_count);
	assert_int_equal(a->finding_count, b->finding_count);
	assert_int_equal(a->outcome_count, b->outcome_count);
	assert_int_equal(a->step_count, b->step_count);
	assert_true(json_equal(a->facts.values, b->facts.values));
	assert_true(json_equal(a->before.values, b->before.values));
	assert_true(json_equal(a->site, b->site));
	assert_true(json_equal(a->details, b->details));
	assert_true(a->verdict == b->verdict || json_equal(a->verdict, b->verdict));
	assert_true(json_equal(a->calls, b->calls));
	assert_true(a->call_before == b->call_before || json_equal(a->call_before, b->call_before));
	for (size_t i = 0; i < a->check_count; i++)
		assert_int_equal(a->checks[i].is_stale, b->checks[i].is_stale);
	for (size_t i = 0; i < json_array_size(a->calls); i++)
		assert_string_equal(a->call_checks[i], b->call_checks[i]);
}
