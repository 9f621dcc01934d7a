/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The E-model against the figures of its own Recommendations. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/emodel.h"

static void near(double is, double should_be, double within)
{
	if (fabs(is - should_be) > within)
		fail_msg("%g is not %g within %g", is, should_be, within);
}

/* G.107, annex B, table B.1: user satisfaction by R and MOS. */
static void scores_are_those_of_table_b_1(void **state)
{
	static const double pairs[][2] = { { 90, 4.34 }, { 80, 4.03 }, { 70, 3.60 },
					   { 60, 3.10 }, { 50, 2.58 }, { 93.2, 4.41 } };

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		near(emodel_mos(pairs[i][0]), pairs[i][1], 0.01);
	near(emodel_mos(0), 1, 0);
	near(emodel_mos(-5), 1, 0);
	near(emodel_mos(100), 4.5, 0);
	near(emodel_mos(120), 4.5, 0);
	for (double rating = 0; rating < 10; rating += 0.1)
		assert_true(emodel_mos(rating) >= 1);
}

/* G.107, 7.4: worked out by hand from its formula; at 100 ms nobody minds. */
static void delay_costs_what_the_formula_says(void **state)
{
	const struct emodel_codec *codec = emodel_codec_find("PCMU");

	(void)state;
	near(emodel_rating(0, 0, codec), 93.2, 1e-9);
	near(emodel_rating(100, 0, codec), 93.2, 1e-9);
	/* X = 1: 25 * (2^(1/6) - 3 * (1 + 3^-6)^(1/6) + 2) = 3.04 */
	near(emodel_rating(200, 0, codec), 93.2 - 3.04, 0.02);
	/* X = 2: 25 * (65^(1/6) - 3 * (1 + (2/3)^6)^(1/6) + 2) = 24.1 */
	near(emodel_rating(400, 0, codec), 93.2 - 24.1, 0.1);
}

/* G.113, appendix I. */
static void loss_costs_by_codec(void **state)
{
	const struct emodel_codec *g711 = emodel_codec_find("pcma"),
				  *g729 = emodel_codec_find("G729");

	(void)state;
	near(emodel_rating(0, 5, g711), 93.2 - 95 * 5 / 30.1, 1e-9);
	near(emodel_rating(0, 0, g729), 93.2 - 11, 1e-9);
	near(emodel_rating(0, 2, g729), 93.2 - (11 + 84.0 * 2 / 21), 1e-9);
	assert_true(emodel_rating(0, 100, g711) > 0);
	near(emodel_rating(2000, 100, g729), 0, 0);
	assert_null(emodel_codec_find("opus"));
	assert_null(emodel_codec_find(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores_are_those_of_table_b_1),
		cmocka_unit_test(delay_costs_what_the_formula_says),
		cmocka_unit_test(loss_costs_by_codec),
	};

	return cmocka_run_group_tests_name("emodel", tests, NULL, NULL);
}
