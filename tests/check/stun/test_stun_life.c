/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for an idle mapping's life, without a socket. */
#include "check/stun_life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Searches with a router that forgets after `real` seconds. */
static struct stun_life search(unsigned real)
{
	struct stun_life life = { 0 };
	unsigned seconds[STUN_LIFE_ROUND];
	size_t count;

	for (int rounds = 0; (count = stun_life_next(seconds, &life)); rounds++) {
		assert_true(rounds < 10);
		for (size_t i = 0; i < count; i++)
			stun_life_note(&life, seconds[i], seconds[i] < real);
	}
	return life;
}

static void test_search(void **state)
{
	(void)state;
	for (unsigned real = 3; real <= 128; real++) {
		const struct stun_life life = search(real);

		assert_true(life.alive < real);
		assert_true(stun_life_dead(&life) >= real);
		assert_true(stun_life_dead(&life) - life.alive <= 1 + life.alive / 4);
	}
	assert_int_equal(search(1000).alive, 128);
	assert_int_equal(stun_life_dead(&(struct stun_life){ .alive = 4 }), 0);
}

static void test_bounds(void **state)
{
	struct stun_life life = { 0 };

	(void)state;
	assert_false(stun_life_is_short(&life, 30));
	stun_life_note(&life, 8, false);
	assert_true(stun_life_is_short(&life, 30));
	assert_false(stun_life_is_short(&life, 8));
	/* What lived longer proves that the death was chance. */
	stun_life_note(&life, 16, true);
	assert_int_equal(stun_life_dead(&life), 0);
	assert_false(stun_life_is_short(&life, 30));
	stun_life_note(&life, 64, false);
	stun_life_note(&life, 32, false);
	assert_int_equal(stun_life_dead(&life), 32);
	assert_int_equal(life.alive, 16);
	assert_false(stun_life_is_short(&life, 30));
}

/* Nothing proven in the first round: no second is worth the time. */
static void test_nothing(void **state)
{
	struct stun_life life = { 0 };
	unsigned seconds[STUN_LIFE_ROUND];

	(void)state;
	assert_int_equal(stun_life_next(seconds, &life), STUN_LIFE_ROUND);
	assert_int_equal(seconds[0], 2);
	assert_int_equal(seconds[6], 128);
	assert_int_equal(stun_life_next(seconds, &life), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
