/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Idle mappings behind a made-up router that forgets, and gives the same port again. */
#include "check/stun_idle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "mock/stun_server.h"

static struct stun_idle_plan plan_for(const struct mock_stun *mock, int64_t most_ms)
{
	return (struct stun_idle_plan){ .server = mock_stun_addr(mock, 0),
					.until = deadline_in(most_ms) };
}

static struct mock_nat router(int64_t forget_ms)
{
	struct mock_nat nat = { .translate = true,
				.filtering = MOCK_BY_ADDRESS_PORT,
				.forget_ms = forget_ms };

	assert_int_equal(addr_parse(&nat.outside, "203.0.113.2", 1024), ERR_NONE);
	return nat;
}

static void test_forgets(void **state)
{
	const struct mock_stun_plan server = { .host = { "127.0.0.2", "127.0.0.3" } };
	struct mock_nat nat = router(3000);
	struct mock_stun *mock = mock_stun_start(&server, 1, &nat);
	const struct stun_idle_plan plan = plan_for(mock, 9000);
	struct stun_life life = { 0 };

	(void)state;
	assert_true(stun_idle_works(&plan));
	stun_idle_run(&life, &plan);
	mock_stun_stop(mock);
	assert_int_equal(life.alive, 2);
	assert_int_equal(stun_life_dead(&life), 4);
}

static void expect_useless(unsigned habits, const char *other)
{
	const struct mock_stun_plan server = { .host = { "127.0.0.4", other }, .habits = habits };
	struct mock_nat nat = router(0);
	struct mock_stun *mock = mock_stun_start(&server, 1, &nat);
	const struct stun_idle_plan plan = plan_for(mock, 5000);

	assert_false(stun_idle_works(&plan));
	mock_stun_stop(mock);
}

static void test_useless_servers(void **state)
{
	(void)state;
	expect_useless(0, NULL);
	expect_useless(MOCK_SILENT, "127.0.0.5");
	expect_useless(MOCK_WRONG_ID, "127.0.0.5");
	expect_useless(MOCK_WRONG_SOURCE, "127.0.0.5");
	expect_useless(MOCK_ERROR, "127.0.0.5");
	expect_useless(MOCK_ECHO, "127.0.0.5");
}

static void test_hurry(void **state)
{
	const struct mock_stun_plan server = { .host = { "127.0.0.2", "127.0.0.3" } };
	struct mock_nat nat = router(0);
	struct mock_stun *mock = mock_stun_start(&server, 1, &nat);
	struct stun_idle_plan plan = plan_for(mock, 60000);
	const volatile int hurry = 1;
	const int64_t start_ms = clock_ms();
	struct stun_life life = { 0 };

	(void)state;
	plan.hurry = &hurry;
	stun_idle_run(&life, &plan);
	assert_true(clock_ms() - start_ms < 1000);
	mock_stun_stop(mock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forgets),
		cmocka_unit_test(test_useless_servers),
		cmocka_unit_test(test_hurry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
