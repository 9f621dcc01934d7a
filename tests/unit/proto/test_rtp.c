/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RTP headers, laid out by hand as RFC 3550, 5.1 draws them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/rtp.h"

static const uint8_t plain[] = {
	0x80, 0x88, 0x12, 0x34, 0xde, 0xad, 0xbe, 0xef, 0x01, 0x02, 0x03, 0x04, 0xd5, 0xd5, 0xd5,
};

/* Two contributing sources, an extension of one word, four bytes, of which three are padding. */
static const uint8_t full[] = {
	0xb2, 0x00, 0, 1, 0,    0,    0, 2, 0, 0, 0, 3, 0, 0, 0, 4,
	0,    0,    0, 5, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 7, 0, 0, 3,
};

static enum err read(struct rtp *out, const uint8_t *bytes, size_t length)
{
	return rtp_read(out, slice_of(bytes, length), length);
}

static void reads_a_packet(void **state)
{
	struct rtp rtp;

	(void)state;
	assert_int_equal(read(&rtp, plain, sizeof plain), ERR_NONE);
	assert_int_equal(rtp.payload_type, 8);
	assert_true(rtp.marker);
	assert_int_equal(rtp.seq, 0x1234);
	assert_int_equal(rtp.timestamp, 0xdeadbeef);
	assert_int_equal(rtp.ssrc, 0x01020304);
	assert_ptr_equal(rtp.payload.at, plain + 12);
	assert_int_equal(rtp.payload.left, 3);
}

static void finds_the_payload(void **state)
{
	struct rtp rtp;

	(void)state;
	assert_int_equal(read(&rtp, full, sizeof full), ERR_NONE);
	assert_false(rtp.marker);
	assert_int_equal(rtp.ssrc, 3);
	assert_ptr_equal(rtp.payload.at, full + 28);
	assert_int_equal(rtp.payload.left, 1);
	assert_int_equal(*rtp.payload.at, 7);
}

/* What is behind the cut may be anything: only the header must be there. */
static void reads_what_was_snapped(void **state)
{
	struct rtp rtp;

	(void)state;
	for (size_t left = 0; left < sizeof full; left++) {
		const enum err err = rtp_read(&rtp, slice_of(full, left), sizeof full);

		assert_int_equal(err, left < 28 ? ERR_TRUNCATED : ERR_NONE);
		if (!err) /* the padding was cut off with the rest */
			assert_int_equal(rtp.payload.left, left - 28);
	}
}

static void refuses_what_is_none(void **state)
{
	uint8_t bytes[sizeof full];
	struct rtp rtp;

	(void)state;
	for (unsigned version = 0; version < 4; version++) {
		memcpy(bytes, plain, sizeof plain);
		bytes[0] = (uint8_t)(version << 6);
		assert_int_equal(read(&rtp, bytes, sizeof plain),
				 version == 2 ? ERR_NONE : ERR_SYNTAX);
	}
	memcpy(bytes, plain, sizeof plain);
	for (unsigned type = 0; type < 256; type++) {
		bytes[1] = (uint8_t)type;
		assert_int_equal(read(&rtp, bytes, sizeof plain),
				 (type & 127) >= 72 && (type & 127) <= 76 ? ERR_SYNTAX : ERR_NONE);
	}
}

static void refuses_lengths_past_the_end(void **state)
{
	uint8_t bytes[sizeof full];
	struct rtp rtp;

	(void)state;
	memcpy(bytes, full, sizeof full);
	bytes[0] |= 15; /* contributing sources */
	assert_int_equal(read(&rtp, bytes, sizeof full), ERR_SYNTAX);
	memcpy(bytes, full, sizeof full);
	bytes[22] = 1; /* words of the extension: 257 */
	assert_int_equal(read(&rtp, bytes, sizeof full), ERR_SYNTAX);
	assert_int_equal(rtp_read(&rtp, slice_of(bytes, sizeof full), 2000), ERR_TRUNCATED);
	bytes[0] = 0x90; /* no room for the extension's length */
	assert_int_equal(read(&rtp, bytes, 14), ERR_SYNTAX);
}

/* SRTP encrypts the count: the packet is one all the same. */
static void leaves_padding_that_cannot_be(void **state)
{
	uint8_t bytes[sizeof full];
	struct rtp rtp;

	(void)state;
	memcpy(bytes, full, sizeof full);
	bytes[sizeof full - 1] = 200;
	assert_int_equal(read(&rtp, bytes, sizeof full), ERR_NONE);
	assert_int_equal(rtp.payload.left, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_packet),
		cmocka_unit_test(finds_the_payload),
		cmocka_unit_test(reads_what_was_snapped),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(refuses_lengths_past_the_end),
		cmocka_unit_test(leaves_padding_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
