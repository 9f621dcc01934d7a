/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Whatever calls may have: none is left out, and the worst stand first. */
static void there_is_room_for_every_finding(void **state)
{
	const struct finding_kind *kind;
	struct tally tally = { 0 };
	size_t added = 0;

	(void)state;
	for (size_t i = 0; (kind = finding_kind_at(i)); i++)
		for (int direction = DIRECTION_NONE; direction <= DIRECTION_BOTH; direction++) {
			struct finding *finding = finding_new(kind->id);

			finding->direction = (enum direction)direction;
			tally_add(&tally, finding, "call");
			tally_add(&tally, finding, "other");
			finding_free(finding);
			added++;
		}
	assert_int_equal(tally.count, added);
	for (size_t i = 1; i < tally.count; i++)
		assert_true(tally.finding[i - 1]->severity >= tally.finding[i]->severity);
	tally_clear(&tally);
	assert_int_equal(tally.count, 0);
}

static void evidence_joins_and_the_worse_counts(void **state)
{
	struct finding *finding = finding_new(finding_kind_at(0)->id);
	struct tally tally = { 0 };

	(void)state;
	finding->severity = SEVERITY_NOTE;
	finding_evidence(finding, "%s", "one");
	tally_add(&tally, finding, "a@example.com");
	finding->severity = SEVERITY_FAULT;
	tally_add(&tally, finding, "");
	assert_int_equal(tally.count, 1);
	assert_int_equal(tally.finding[0]->severity, SEVERITY_FAULT);
	assert_int_equal(tally.finding[0]->evidence_count, 2);
	assert_string_equal(tally.finding[0]->evidence[0], "a@example.com: one");
	assert_string_equal(tally.finding[0]->evidence[1], "one");
	tally_clear(&tally);
	finding_free(finding);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_is_room_for_every_finding),
		cmocka_unit_test(evidence_joins_and_the_worse_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
