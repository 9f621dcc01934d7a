/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of checks, and that each promises what the contract has for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check/check.h"
#include "model/fact.h"

static void checks_stand_in_the_boards_order(void **state)
{
	static const char *const names[] = { "local", "router", "dns", "stun",
					     "turn",  "ports",  "alg", "quality", "capture" };
	const size_t count = sizeof names / sizeof *names;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_non_null(check_at(i));
		assert_string_equal(check_at(i)->name, names[i]);
		assert_ptr_equal(check_find(names[i]), check_at(i));
	}
	assert_null(check_at(count));
	assert_null(check_at(count + 1));
	assert_null(check_find("nosuch"));
	assert_null(check_find(""));
}

static void checks_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; check_at(i); i++) {
		assert_true(*check_at(i)->title);
		assert_true(*check_at(i)->about);
		assert_true(check_at(i)->seconds > 0);
		assert_non_null(check_at(i)->run);
		assert_non_null(check_at(i)->facts);
	}
}

static bool owes(const struct check *check, const char *name)
{
	for (const char *const *fact = check->facts; *fact; fact++)
		if (!strcmp(*fact, name))
			return true;
	return false;
}

static void facts_are_the_contracts(void **state)
{
	const struct fact_kind *kind;

	(void)state;
	for (size_t i = 0; check_at(i); i++) {
		for (const char *const *fact = check_at(i)->facts; *fact; fact++) {
			kind = fact_kind_find(*fact);
			if (!kind || strcmp(kind->check, check_at(i)->name))
				fail_msg("%s is no fact of %s", *fact, check_at(i)->name);
		}
	}
	for (size_t i = 0; (kind = fact_kind_at(i)); i++)
		if (check_find(kind->check) && !owes(check_find(kind->check), kind->name))
			fail_msg("%s does not promise %s", kind->check, kind->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_stand_in_the_boards_order),
		cmocka_unit_test(checks_are_whole),
		cmocka_unit_test(facts_are_the_contracts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
