/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time client, by hand-made answers (RFC 5905, 7.3), and the Date header. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/date.h"
#include "proto/sntp.h"

static const uint64_t nonce = 0x0123456789abcdef;

/* 2026-11-25T21:00:00Z is 1795640400, in seconds since 1900 0xeeb1cad0. */
static const double now = 1795640400;

static const uint8_t good[SNTP_LENGTH] = {
	0x24, 2,    6,    0xec,                      /* no warning, version 4, server; stratum 2 */
	0,    0,    0x80, 0,                         /* root delay 0.5 s */
	0,    0,    0x40, 0,                         /* root dispersion 0.25 s */
	192,  0,    2,    1,                         /* reference */
	0xee, 0xb1, 0xc8, 0xc0, 0,    0,    0,    0, /* set last */
	0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, /* originate */
	0xee, 0xb1, 0xca, 0xd0, 0x80, 0,    0,    0,    /* received: .5 */
	0xee, 0xb1, 0xca, 0xd0, 0xc0, 0,    0,    0,    /* sent: .75 */
};

static void reads_an_answer(void **state)
{
	struct sntp_answer answer;

	(void)state;
	assert_int_equal(sntp_read(&answer, slice_of(good, sizeof good), nonce), ERR_NONE);
	assert_int_equal(answer.stratum, 2);
	assert_true(fabs(answer.received - (now + 0.5)) < 1e-6);
	assert_true(fabs(answer.sent - (now + 0.75)) < 1e-6);
	assert_true(fabs(answer.root_distance - 0.5) < 1e-9);
	assert_string_equal(answer.kiss, "");
	/* 1 s on the way in all, our clock 100 s ahead: asked at .0, heard at 1.25 of theirs. */
	assert_true(fabs(sntp_ahead(&answer, now + 100, now + 101.25) - 100) < 1e-6);
	assert_true(fabs(sntp_ahead(&answer, now - 100, now - 98.75) + 100) < 1e-6);
}

static void after_2036(void **state)
{
	struct sntp_answer answer;
	uint8_t bytes[SNTP_LENGTH];

	(void)state;
	memcpy(bytes, good, sizeof bytes);
	memset(bytes + 32, 0, 16);
	bytes[39] = bytes[47] = 1; /* a moment behind the turn */
	assert_int_equal(sntp_read(&answer, slice_of(bytes, sizeof bytes), nonce), ERR_NONE);
	assert_true(fabs(answer.sent - 2085978496.0) < 1e-3);
}

static void refuses_what_is_no_answer(void **state)
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
		enum err err;
	} cases[] = {
		{ "version 3", 0, 0x1c, ERR_NONE },
		{ "version 1", 0, 0x0c, ERR_NONE },
		{ "version 0", 0, 0x04, ERR_MISMATCH },
		{ "version 5", 0, 0x2c, ERR_MISMATCH },
		{ "a leap second is due", 0, 0x64, ERR_NONE },
		{ "a request (an echo)", 0, 0x23, ERR_MISMATCH },
		{ "a broadcast", 0, 0x25, ERR_MISMATCH },
		{ "a control message", 0, 0x26, ERR_MISMATCH },
		{ "clock not set", 0, 0xe4, ERR_UNSUPPORTED },
		{ "stratum 15", 1, 15, ERR_NONE },
		{ "stratum 16", 1, 16, ERR_UNSUPPORTED },
		{ "stratum 255", 1, 255, ERR_UNSUPPORTED },
		{ "a kiss", 1, 0, ERR_REFUSED },
		{ "another's nonce", 31, 0xee, ERR_MISMATCH },
		{ "far from its source", 9, 16, ERR_UNSUPPORTED },
		{ "a delay of hours", 4, 0x7f, ERR_UNSUPPORTED },
	};
	struct sntp_answer answer;
	uint8_t bytes[SNTP_LENGTH];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		memcpy(bytes, good, sizeof bytes);
		bytes[cases[i].at] = cases[i].value;
		if (sntp_read(&answer, slice_of(bytes, sizeof bytes), nonce) != cases[i].err)
			fail_msg("%s", cases[i].what);
	}
	for (size_t length = 0; length < sizeof good; length++)
		assert_int_equal(sntp_read(&answer, slice_of(good, length), nonce), ERR_TRUNCATED);
	memcpy(bytes, good, sizeof bytes);
	memset(bytes + 40, 0, 8);
	assert_int_equal(sntp_read(&answer, slice_of(bytes, sizeof bytes), nonce), ERR_UNSUPPORTED);
	memset(bytes + 32, 0, 8);
	assert_int_equal(sntp_read(&answer, slice_of(bytes, sizeof bytes), nonce), ERR_UNSUPPORTED);
}

/* RFC 5905, 7.4. */
static void kisses(void **state)
{
	struct sntp_answer answer;
	uint8_t bytes[SNTP_LENGTH];

	(void)state;
	memcpy(bytes, good, sizeof bytes);
	bytes[1] = 0;
	memcpy(bytes + 12, "RATE", 4);
	assert_int_equal(sntp_read(&answer, slice_of(bytes, sizeof bytes), nonce), ERR_REFUSED);
	assert_string_equal(answer.kiss, "RATE");
	memcpy(bytes + 12, "R\033[2", 4);
	assert_int_equal(sntp_read(&answer, slice_of(bytes, sizeof bytes), nonce), ERR_REFUSED);
	assert_string_equal(answer.kiss, "");
	/* A stranger cannot make us stop. */
	assert_int_equal(sntp_read(&answer, slice_of(bytes, sizeof bytes), nonce + 1),
			 ERR_MISMATCH);
}

static void request_tells_nothing_but_the_nonce(void **state)
{
	uint8_t request[SNTP_LENGTH], expected[SNTP_LENGTH] = { 0x23 };

	(void)state;
	memcpy(expected + 40, good + 24, 8);
	sntp_build(request, nonce);
	assert_memory_equal(request, expected, sizeof request);
}

static void dates(void **state)
{
	static const struct {
		const char *text;
		enum err err;
		int64_t when;
	} cases[] = {
		{ "Sat, 13 Nov 2010 23:29:00 GMT", ERR_NONE, 1289690940 },
		{ "  Wed, 25 Nov 2026 21:00:00 GMT\r\n", ERR_NONE, 1795640400 },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", ERR_NONE, 0 },
		{ "Thu, 1 Jan 1970 00:00:01 GMT", ERR_NONE, 1 },
		{ "Thu, 29 Feb 2024 00:00:00 GMT", ERR_NONE, 1709164800 },
		{ "Fri, 31 Dec 9999 23:59:59 GMT", ERR_NONE, 253402300799 },
		{ "Wed, 29 Feb 2023 00:00:00 GMT", ERR_RANGE, 0 },
		{ "Wed, 31 Apr 2023 00:00:00 GMT", ERR_RANGE, 0 },
		{ "Wed, 00 Apr 2023 00:00:00 GMT", ERR_RANGE, 0 },
		{ "Wed, 32 Jan 2023 00:00:00 GMT", ERR_RANGE, 0 },
		{ "Wed, 31 Dec 1969 23:59:59 GMT", ERR_RANGE, 0 },
		{ "Wed, 01 Jan 2023 24:00:00 GMT", ERR_RANGE, 0 },
		{ "Wed, 01 Jan 12345 00:00:00 GMT", ERR_RANGE, 0 },
		{ "Wed, 01 jan 2023 00:00:00 GMT", ERR_SYNTAX, 0 },
		{ "Wed, 01 anF 2023 00:00:00 GMT", ERR_SYNTAX, 0 },
		{ "Wed, 01 Jan 2023 00:00:00 UTC", ERR_SYNTAX, 0 },
		{ "Wed, 01 Jan 2023 00:00:00 GMTx", ERR_SYNTAX, 0 },
		{ "Wed, 01 Jan 2023 00:00:00", ERR_SYNTAX, 0 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", ERR_SYNTAX, 0 },
		{ "Sun Nov  6 08:49:37 1994", ERR_SYNTAX, 0 },
		{ "Wed, -1 Jan 2023 00:00:00 GMT", ERR_SYNTAX, 0 },
		{ "", ERR_SYNTAX, 0 },
		{ "GMT", ERR_SYNTAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t when = 0;

		if (date_parse(&when, slice_of_text(cases[i].text)) != cases[i].err ||
		    when != cases[i].when)
			fail_msg("'%s' gave %lld", cases[i].text, (long long)when);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_answer),
		cmocka_unit_test(after_2036),
		cmocka_unit_test(refuses_what_is_no_answer),
		cmocka_unit_test(kisses),
		cmocka_unit_test(request_tells_nothing_but_the_nonce),
		cmocka_unit_test(dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
