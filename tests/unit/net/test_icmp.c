/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/icmp.h"

enum { LONG_MS = 5000, SHORT_MS = 50 };

/* Six at once, then one in ICMP_MS: what Linux routers give to one host. */
static void a_hop_has_a_burst_and_then_a_pace(void **state)
{
	struct icmp_purse *purse = icmp_purse_new();
	const int64_t now = 1000;

	(void)state;
	assert_non_null(purse);
	for (int i = 0; i < ICMP_BURST; i++)
		assert_int_equal(icmp_spend(purse, 1, now), 0);
	assert_int_equal(icmp_spend(purse, 1, now), ICMP_MS);
	assert_int_equal(icmp_spend(purse, 1, now + 50), ICMP_MS - 50);
	assert_int_equal(icmp_spend(purse, 1, now + ICMP_MS), 0);
	assert_int_equal(icmp_spend(purse, 1, now + ICMP_MS), ICMP_MS);
	icmp_purse_free(purse);
}

static void hops_have_purses_of_their_own(void **state)
{
	struct icmp_purse *purse = icmp_purse_new();

	(void)state;
	for (int i = 0; i < ICMP_BURST; i++)
		assert_int_equal(icmp_spend(purse, 1, 1), 0);
	assert_int_equal(icmp_spend(purse, 2, 1), 0);
	assert_int_equal(icmp_spend(purse, 0, 1), 0);
	/* The farthest share one. */
	for (unsigned i = 0; i < ICMP_BURST; i++)
		assert_int_equal(icmp_spend(purse, ICMP_HOPS_MAX + i, 1), 0);
	assert_true(icmp_spend(purse, ICMP_HOPS_MAX + 200, 1) > 0);
	icmp_purse_free(purse);
}

static void a_long_rest_fills_the_purse_and_no_more(void **state)
{
	struct icmp_purse *purse = icmp_purse_new();
	int64_t now = 1;

	(void)state;
	for (int i = 0; i < ICMP_BURST; i++)
		assert_int_equal(icmp_spend(purse, 3, now), 0);
	now += 3600 * 1000;
	for (int i = 0; i < ICMP_BURST; i++)
		assert_int_equal(icmp_spend(purse, 3, now), 0);
	assert_true(icmp_spend(purse, 3, now) > 0);
	icmp_purse_free(purse);
}

static void without_a_purse_nobody_waits(void **state)
{
	const struct deadline until = deadline_in(0);

	(void)state;
	assert_int_equal(icmp_turn_take(NULL, &until), ERR_NONE);
	assert_int_equal(icmp_spend(NULL, 1, 1), 0);
	icmp_turn_leave(NULL);
	icmp_purse_free(NULL);
}

/* A child that takes the turn, says so, and waits until it is told to end; it leaves the turn where
 * `leave`. */
struct other {
	pid_t pid;
	int told, end;
};

static struct other start_other(struct icmp_purse *purse, bool leave)
{
	int told[2], end[2];
	struct other other;

	assert_int_equal(pipe(told), 0);
	assert_int_equal(pipe(end), 0);
	other.pid = fork();
	assert_true(other.pid >= 0);
	if (!other.pid) {
		const struct deadline until = deadline_in(LONG_MS);
		const enum err err = icmp_turn_take(purse, &until);
		char byte = (char)err;

		close(end[1]);
		if (!err && icmp_spend(purse, 1, 7))
			byte = 1;
		if (write(told[1], &byte, 1) != 1 || read(end[0], &byte, 1) < 0)
			_exit(1);
		if (leave)
			icmp_turn_leave(purse);
		_exit(0);
	}
	close(told[1]);
	close(end[0]);
	other.told = told[0];
	other.end = end[1];
	return other;
}

static void await_turn(const struct other *other)
{
	char byte = 1;

	assert_int_equal(read(other->told, &byte, 1), 1);
	assert_int_equal(byte, 0);
}

static void end_other(const struct other *other)
{
	int status;

	close(other->end);
	assert_int_equal(waitpid(other->pid, &status, 0), other->pid);
	assert_int_equal(status, 0);
	close(other->told);
}

static void processes_take_turns_and_share_the_purse(void **state)
{
	struct icmp_purse *purse = icmp_purse_new();
	const struct deadline soon = deadline_in(SHORT_MS), later = deadline_in(LONG_MS);
	struct other other = start_other(purse, true);

	(void)state;
	await_turn(&other);
	assert_int_equal(icmp_turn_take(purse, &soon), ERR_TIMEOUT);
	end_other(&other);
	assert_int_equal(icmp_turn_take(purse, &later), ERR_NONE);
	/* It has spent one. */
	for (int i = 0; i < ICMP_BURST - 1; i++)
		assert_int_equal(icmp_spend(purse, 1, 7), 0);
	assert_true(icmp_spend(purse, 1, 7) > 0);
	icmp_turn_leave(purse);
	icmp_purse_free(purse);
}

static void who_dies_with_the_turn_loses_it(void **state)
{
	struct icmp_purse *purse = icmp_purse_new();
	const struct deadline later = deadline_in(LONG_MS);
	struct other other = start_other(purse, false);

	(void)state;
	await_turn(&other);
	end_other(&other);
	assert_int_equal(icmp_turn_take(purse, &later), ERR_NONE);
	icmp_turn_leave(purse);
	assert_int_equal(icmp_turn_take(purse, &later), ERR_NONE);
	icmp_turn_leave(purse);
	icmp_purse_free(purse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hop_has_a_burst_and_then_a_pace),
		cmocka_unit_test(hops_have_purses_of_their_own),
		cmocka_unit_test(a_long_rest_fills_the_purse_and_no_more),
		cmocka_unit_test(without_a_purse_nobody_waits),
		cmocka_unit_test(processes_take_turns_and_share_the_purse),
		cmocka_unit_test(who_dies_with_the_turn_loses_it),
	};

	return cmocka_run_group_tests_name("icmp", tests, NULL, NULL);
}
