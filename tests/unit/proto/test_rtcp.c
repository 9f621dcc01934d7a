/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compound packets, laid out by hand as RFC 3550, 6.4 to 6.6 draw them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/rtcp.h"

enum { REPORT_LENGTH = 52, COMPOUND_LENGTH = REPORT_LENGTH + 8 + 8 };

/* A sender report with one block, an SDES with nothing in it, a BYE. */
static const uint8_t compound[COMPOUND_LENGTH] = {
	0x81, 200,  0,    12,   0x11, 0x22, 0x33, 0x44, /* SR, its SSRC */
	1,    2,    3,    4,    5,    6,    7,    8,    /* NTP */
	0,    0,    0,    9,    0,    0,    0x01, 0x02, /* RTP timestamp, 258 packets */
	0,    0,    0x10, 0,                            /* octets */
	0xaa, 0xbb, 0xcc, 0xdd, 64,   0xff, 0xff, 0xfe, /* about; a quarter, -2 in all */
	0,    1,    0x86, 0xa0, 0,    0,    0,    33,   /* highest 100000, jitter 33 */
	0,    0,    0,    0,    0,    0,    0,    0,    /* LSR, DLSR */
	0x81, 202,  0,    1,    0x11, 0x22, 0x33, 0x44, /* SDES */
	0x81, 203,  0,    1,    0x11, 0x22, 0x33, 0x44, /* BYE */
};

static void reads_a_compound(void **state)
{
	struct rtcp rtcp;

	(void)state;
	assert_true(rtcp_looks_so(slice_of(compound, sizeof compound)));
	assert_int_equal(rtcp_read(&rtcp, slice_of(compound, sizeof compound)), ERR_NONE);
	assert_int_equal(rtcp.sender, 0x11223344);
	assert_true(rtcp.sender_report);
	assert_true(rtcp.bye);
	assert_int_equal(rtcp.sent_packets, 258);
	assert_int_equal(rtcp.report_count, 1);
	assert_int_equal(rtcp.report[0].about, 0xaabbccdd);
	assert_int_equal(rtcp.report[0].fraction, 64);
	assert_int_equal(rtcp.report[0].lost, -2);
	assert_int_equal(rtcp.report[0].highest_seq, 100000);
	assert_int_equal(rtcp.report[0].jitter, 33);
}

static void passes_over_what_was_snapped(void **state)
{
	struct rtcp rtcp;

	(void)state;
	for (size_t left = 0; left < sizeof compound; left++) {
		const enum err err = rtcp_read(&rtcp, slice_of(compound, left));

		assert_int_equal(err, left < REPORT_LENGTH ? ERR_TRUNCATED : ERR_NONE);
		if (!err) {
			assert_int_equal(rtcp.report_count, 1);
			assert_false(rtcp.bye);
		}
	}
}

static void refuses_what_is_none(void **state)
{
	uint8_t bytes[sizeof compound];
	struct rtcp rtcp;

	(void)state;
	memcpy(bytes, compound, sizeof bytes);
	bytes[0] = 0x41; /* another version */
	assert_false(rtcp_looks_so(slice_of(bytes, sizeof bytes)));
	assert_int_equal(rtcp_read(&rtcp, slice_of(bytes, sizeof bytes)), ERR_SYNTAX);
	memcpy(bytes, compound, sizeof bytes);
	bytes[0] = 0x82; /* more reports than its length has room for */
	assert_int_equal(rtcp_read(&rtcp, slice_of(bytes, sizeof bytes)), ERR_SYNTAX);
	bytes[0] = 0x9f;
	assert_int_equal(rtcp_read(&rtcp, slice_of(bytes, sizeof bytes)), ERR_SYNTAX);
	memcpy(bytes, compound, sizeof bytes);
	bytes[REPORT_LENGTH] = 0x01; /* the second: what encryption makes of it */
	assert_int_equal(rtcp_read(&rtcp, slice_of(bytes, sizeof bytes)), ERR_SYNTAX);
	memcpy(bytes, compound, sizeof bytes);
	bytes[1] = 0x80; /* RTP */
	assert_false(rtcp_looks_so(slice_of(bytes, sizeof bytes)));
	assert_int_equal(rtcp_read(&rtcp, slice_of(bytes, sizeof bytes)), ERR_SYNTAX);
}

/* Four reports of 31 blocks: as many are kept as there is room for. */
static void keeps_no_more_than_fit(void **state)
{
	static uint8_t bytes[4 * (8 + 31 * 24)];
	struct rtcp rtcp;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		uint8_t *at = bytes + i * (8 + 31 * 24);

		at[0] = 0x9f;
		at[1] = 201;
		at[3] = 1 + 31 * 6;
	}
	assert_int_equal(rtcp_read(&rtcp, slice_of(bytes, sizeof bytes)), ERR_NONE);
	assert_int_equal(rtcp.report_count, RTCP_REPORTS_MAX);
	assert_false(rtcp.sender_report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_compound),
		cmocka_unit_test(passes_over_what_was_snapped),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(keeps_no_more_than_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
