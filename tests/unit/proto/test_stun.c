/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/stun.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct stun_id rfc_id = { { 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87,
					 0xdf, 0xae } };
static const char short_term_password[] = "VOkJxbRl1RmTxUk/WvJxBt";

/* RFC 5769, 2.1: a request with a short-term credential. */
static const uint8_t request[] = {
	0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
	0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e,
	0x20, 0x74, 0x65, 0x73, 0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24,
	0x00, 0x04, 0x6e, 0x00, 0x01, 0xff, 0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1,
	0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09, 0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68,
	0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14, 0x9a, 0xea, 0xa7, 0x0c,
	0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49, 0xc1, 0xb5,
	0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
};
enum { REQUEST_FINGERPRINT = sizeof request - 8 };

/* RFC 5769, 2.2: its IPv4 response. */
static const uint8_t response_v4[] = {
	0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
	0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74,
	0x20, 0x76, 0x65, 0x63, 0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01,
	0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43, 0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99,
	0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9, 0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b,
	0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96,
};

/* RFC 5769, 2.3: its IPv6 response. */
static const uint8_t response_v6[] = {
	0x01, 0x01, 0x00, 0x48, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
	0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74,
	0x20, 0x76, 0x65, 0x63, 0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x14, 0x00, 0x02,
	0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5,
	0xbe, 0xd2, 0xb9, 0xd9, 0x00, 0x08, 0x00, 0x14, 0xa3, 0x82, 0x95, 0x4e, 0x4b, 0xe6,
	0x7b, 0xf1, 0x17, 0x84, 0xc9, 0x7c, 0x82, 0x92, 0xc2, 0x75, 0xbf, 0xe3, 0xed, 0x41,
	0x80, 0x28, 0x00, 0x04, 0xc8, 0xfb, 0x0b, 0x4c,
};

/* RFC 5769, 2.4: a request with a long-term credential. */
static const uint8_t long_term[] = {
	0x00, 0x01, 0x00, 0x60, 0x21, 0x12, 0xa4, 0x42, 0x78, 0xad, 0x34, 0x33, 0xc6, 0xad, 0x72,
	0xc0, 0x29, 0xda, 0x41, 0x2e, 0x00, 0x06, 0x00, 0x12, 0xe3, 0x83, 0x9e, 0xe3, 0x83, 0x88,
	0xe3, 0x83, 0xaa, 0xe3, 0x83, 0x83, 0xe3, 0x82, 0xaf, 0xe3, 0x82, 0xb9, 0x00, 0x00, 0x00,
	0x15, 0x00, 0x1c, 0x66, 0x2f, 0x2f, 0x34, 0x39, 0x39, 0x6b, 0x39, 0x35, 0x34, 0x64, 0x36,
	0x4f, 0x4c, 0x33, 0x34, 0x6f, 0x4c, 0x39, 0x46, 0x53, 0x54, 0x76, 0x79, 0x36, 0x34, 0x73,
	0x41, 0x00, 0x14, 0x00, 0x0b, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x6f, 0x72,
	0x67, 0x00, 0x00, 0x08, 0x00, 0x14, 0xf6, 0x70, 0x24, 0x65, 0x6d, 0xd6, 0x4a, 0x3e, 0x02,
	0xb8, 0xe0, 0x71, 0x2e, 0x85, 0xc9, 0xa2, 0x8c, 0xa8, 0x96, 0x66,
};

static void assert_addr(const struct addr *addr, const char *expected)
{
	char text[ADDR_TEXT];

	assert_string_equal(addr_text(text, addr), expected);
}

static void test_rfc5769_request(void **state)
{
	struct stun_message message;

	(void)state;
	assert_int_equal(stun_decode(&message, request, sizeof request), ERR_NONE);
	assert_int_equal(message.method, STUN_BINDING);
	assert_int_equal(message.class, STUN_REQUEST);
	assert_memory_equal(message.id.bytes, rfc_id.bytes, STUN_ID);
	assert_true(slice_is(message.software, "STUN test client"));
	assert_true(slice_is(message.username, "evtj:h6vY"));
	assert_true(message.has_fingerprint);
	/* PRIORITY must be understood, ICE-CONTROLLED need not. */
	assert_int_equal(message.unknown.count, 1);
	assert_int_equal(message.unknown.type[0], 0x0024);
	assert_int_equal(stun_check_integrity(&message, slice_of_text(short_term_password)),
			 ERR_NONE);
	assert_int_equal(stun_check_integrity(&message, slice_of_text("wrong")), ERR_AUTH);
}

static void response_is(const uint8_t *bytes, size_t length, const char *mapped)
{
	struct stun_message message;

	assert_int_equal(stun_decode(&message, bytes, length), ERR_NONE);
	assert_int_equal(message.class, STUN_SUCCESS);
	assert_addr(&message.xor_mapped, mapped);
	assert_false(addr_is_set(&message.mapped));
	assert_true(slice_is(message.software, "test vector"));
	assert_true(message.has_fingerprint);
	assert_int_equal(message.unknown.count, 0);
	assert_int_equal(stun_check_integrity(&message, slice_of_text(short_term_password)),
			 ERR_NONE);
	assert_int_equal(stun_check_integrity(&message, slice_of_text("")), ERR_AUTH);
}

static void test_rfc5769_responses(void **state)
{
	(void)state;
	response_is(response_v4, sizeof response_v4, "192.0.2.1:32853");
	response_is(response_v6, sizeof response_v6,
		    "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
}

static void long_term_key(uint8_t key[static STUN_KEY])
{
	/* What SASLprep leaves of the password in the RFC. */
	assert_int_equal(stun_long_term_key(key, "\u30de\u30c8\u30ea\u30c3\u30af\u30b9",
					    slice_of_text("example.org"), "TheMatrIX"),
			 ERR_NONE);
}

static void test_rfc5769_long_term(void **state)
{
	struct stun_message message;
	uint8_t key[STUN_KEY];

	(void)state;
	assert_int_equal(stun_decode(&message, long_term, sizeof long_term), ERR_NONE);
	assert_true(slice_is(message.username, "\u30de\u30c8\u30ea\u30c3\u30af\u30b9"));
	assert_true(slice_is(message.nonce, "f//499k954d6OL34oL9FSTvy64sA"));
	assert_true(slice_is(message.realm, "example.org"));
	assert_false(message.has_fingerprint);
	long_term_key(key);
	assert_int_equal(stun_check_integrity(&message, slice_of(key, sizeof key)), ERR_NONE);
}

/* The same message built anew is the same byte by byte: the RFC pads this one with zeros. */
static void test_build_long_term(void **state)
{
	const struct stun_id id = { { 0x78, 0xad, 0x34, 0x33, 0xc6, 0xad, 0x72, 0xc0, 0x29, 0xda,
				      0x41, 0x2e } };
	uint8_t key[STUN_KEY];
	struct buf out;

	(void)state;
	long_term_key(key);
	buf_init(&out, STUN_MAX);
	assert_int_equal(stun_begin(&out, STUN_REQUEST, STUN_BINDING, &id), ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_USERNAME,
				  slice_of_text("\u30de\u30c8\u30ea\u30c3\u30af\u30b9")),
			 ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_NONCE, slice_of_text("f//499k954d6OL34oL9FSTvy64sA")),
			 ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_REALM, slice_of_text("example.org")), ERR_NONE);
	assert_int_equal(
		stun_add_integrity(&out, STUN_MESSAGE_INTEGRITY, slice_of(key, sizeof key)),
		ERR_NONE);
	assert_int_equal(out.length, sizeof long_term);
	assert_memory_equal(out.data, long_term, sizeof long_term);
	buf_clear(&out);
}

static void masked_bytes_are(const char *text, const uint8_t *expected, size_t length)
{
	struct addr addr;
	struct buf out;

	assert_int_equal(addr_parse(&addr, text, 32853), ERR_NONE);
	buf_init(&out, STUN_MAX);
	assert_int_equal(stun_begin(&out, STUN_SUCCESS, STUN_BINDING, &rfc_id), ERR_NONE);
	assert_int_equal(stun_add_addr(&out, STUN_XOR_MAPPED_ADDRESS, &addr), ERR_NONE);
	assert_int_equal(out.length, STUN_HEADER + length);
	assert_memory_equal(out.data + STUN_HEADER, expected, length);
	buf_clear(&out);
}

static void test_mask(void **state)
{
	(void)state;
	masked_bytes_are("192.0.2.1", response_v4 + 36, 12);
	masked_bytes_are("2001:db8:1234:5678:11:2233:4455:6677", response_v6 + 36, 24);
}

static void build_answer(struct buf *out)
{
	struct addr a, b, c;

	assert_int_equal(addr_parse(&a, "203.0.113.2", 40000), ERR_NONE);
	assert_int_equal(addr_parse(&b, "198.51.100.21", 3479), ERR_NONE);
	assert_int_equal(addr_parse(&c, "2001:db8::1", 3478), ERR_NONE);
	buf_init(out, STUN_MAX);
	assert_int_equal(stun_begin(out, STUN_ERROR, 0xabc, &rfc_id), ERR_NONE);
	assert_int_equal(stun_add_addr(out, STUN_MAPPED_ADDRESS, &a), ERR_NONE);
	assert_int_equal(stun_add_addr(out, STUN_OTHER_ADDRESS, &b), ERR_NONE);
	assert_int_equal(stun_add_addr(out, STUN_CHANGED_ADDRESS, &b), ERR_NONE);
	assert_int_equal(stun_add_addr(out, STUN_RESPONSE_ORIGIN, &c), ERR_NONE);
	assert_int_equal(stun_add_addr(out, STUN_SOURCE_ADDRESS, &a), ERR_NONE);
	assert_int_equal(stun_add_error(out, 438, "Stale"), ERR_NONE);
	assert_int_equal(stun_add_be32(out, STUN_CHANGE_REQUEST, STUN_CHANGE_IP | STUN_CHANGE_PORT),
			 ERR_NONE);
	assert_int_equal(stun_add_be32(out, STUN_RESPONSE_PORT, 5060u << 16), ERR_NONE);
	assert_int_equal(stun_add(out, STUN_PADDING, slice_of_text("pppp")), ERR_NONE);
	assert_int_equal(stun_add(out, STUN_UNKNOWN_ATTRIBUTES, slice_of("\0\3\0\x27", 4)),
			 ERR_NONE);
	assert_int_equal(stun_add_integrity(out, STUN_MESSAGE_INTEGRITY, slice_of_text("k")),
			 ERR_NONE);
	assert_int_equal(stun_add_integrity(out, STUN_MESSAGE_INTEGRITY_SHA256, slice_of_text("k")),
			 ERR_NONE);
	assert_int_equal(stun_add_fingerprint(out), ERR_NONE);
}

static void test_round_trip(void **state)
{
	struct stun_message message;
	struct buf out;

	(void)state;
	build_answer(&out);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_int_equal(message.class, STUN_ERROR);
	assert_int_equal(message.method, 0xabc);
	assert_addr(&message.mapped, "203.0.113.2:40000");
	assert_addr(&message.other, "198.51.100.21:3479");
	assert_addr(&message.old_changed, "198.51.100.21:3479");
	assert_addr(&message.origin, "[2001:db8::1]:3478");
	assert_addr(&message.old_source, "203.0.113.2:40000");
	assert_int_equal(message.error_code, 438);
	assert_true(slice_is(message.reason, "Stale"));
	assert_int_equal(message.change, STUN_CHANGE_IP | STUN_CHANGE_PORT);
	assert_int_equal(message.response_port, 5060);
	assert_true(slice_is(message.padding, "pppp"));
	assert_int_equal(message.rejected.count, 2);
	assert_int_equal(message.rejected.type[1], STUN_RESPONSE_PORT);
	assert_true(message.has_fingerprint);
	assert_int_equal(stun_check_integrity(&message, slice_of_text("k")), ERR_NONE);
	assert_int_equal(stun_check_integrity(&message, slice_of_text("K")), ERR_AUTH);
	/* The SHA-1 code alone is right too. */
	message.integrity_sha256 = (struct slice){ 0 };
	assert_int_equal(stun_check_integrity(&message, slice_of_text("k")), ERR_NONE);
	buf_clear(&out);
}

/* A message with any bit flipped never passes as one with a right fingerprint; a length may swallow
 * it. */
static void test_fingerprint_sees_every_bit(void **state)
{
	struct stun_message message;

	(void)state;
	for (size_t bit = 0; bit < REQUEST_FINGERPRINT * 8u; bit++) {
		uint8_t copy[sizeof request];

		memcpy(copy, request, sizeof copy);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_true(stun_decode(&message, copy, sizeof copy) || !message.has_fingerprint);
	}
}

static void test_cut_short_and_too_long(void **state)
{
	struct stun_message message;

	(void)state;
	for (size_t length = 0; length < sizeof request; length++) {
		uint8_t *copy = malloc(length ? length : 1);

		assert_non_null(copy);
		memcpy(copy, request, length);
		assert_int_equal(stun_decode(&message, copy, length), ERR_TRUNCATED);
		free(copy);
	}
	{
		uint8_t longer[sizeof request + 4] = { 0 };

		memcpy(longer, request, sizeof request);
		assert_int_equal(stun_decode(&message, longer, sizeof longer), ERR_SYNTAX);
	}
}

/* One attribute of any kind in a response, as raw bytes: type, length, value. */
static enum err decode_with(struct stun_message *message, const void *attribute, size_t length)
{
	static uint8_t bytes[256];

	memcpy(bytes, response_v4, STUN_HEADER);
	memcpy(bytes + STUN_HEADER, attribute, length);
	bytes[2] = 0;
	bytes[3] = (uint8_t)length;
	return stun_decode(message, bytes, STUN_HEADER + length);
}

static void test_forbidden(void **state)
{
	static const struct {
		const char *what;
		const char *bytes;
		size_t length;
	} cases[] = {
		{ "length past the end", "\x80\x22\xff\xff", 4 },
		{ "half an attribute header", "\x80\x22", 2 },
		{ "padding missing",
		  "\x80\x22\x00\x01"
		  "a",
		  5 },
		{ "address family 3", "\x00\x20\x00\x08\x00\x03\x00\x01\x01\x02\x03\x04", 12 },
		{ "IPv4 of 3 bytes", "\x00\x01\x00\x07\x00\x01\x00\x01\x01\x02\x03\x00", 12 },
		{ "IPv6 of 4 bytes", "\x80\x2c\x00\x08\x00\x02\x00\x01\x01\x02\x03\x04", 12 },
		{ "an address of nothing", "\x00\x01\x00\x00", 4 },
		{ "error 200", "\x00\x09\x00\x04\x00\x00\x02\x00", 8 },
		{ "error 4 100", "\x00\x09\x00\x04\x00\x00\x04\x64", 8 },
		{ "error of 3 bytes", "\x00\x09\x00\x03\x00\x00\x04\x00", 8 },
		{ "odd list", "\x00\x0a\x00\x03\x00\x01\x02\x00", 8 },
		{ "short MAC", "\x00\x08\x00\x04mmmm", 8 },
		{ "SHA-256 of 12 bytes", "\x00\x1c\x00\x0cmmmmmmmmmmmm", 16 },
		{ "CHANGE-REQUEST of 8", "\x00\x03\x00\x08\0\0\0\0\0\0\0\0", 12 },
		{ "RESPONSE-PORT of 2", "\x00\x27\x00\x02\x12\x34\0\0", 8 },
		{ "short fingerprint", "\x80\x28\x00\x00", 4 },
		{ "fingerprint not last",
		  "\x80\x28\x00\x04"
		  "abcd"
		  "\x80\x22\x00\x00",
		  12 },
	};
	struct stun_message message;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (decode_with(&message, cases[i].bytes, cases[i].length) != ERR_SYNTAX)
			fail_msg("%s was let through", cases[i].what);
}

static void test_not_stun(void **state)
{
	uint8_t bytes[sizeof response_v4];
	struct stun_message message;

	(void)state;
	memcpy(bytes, response_v4, sizeof bytes);
	bytes[0] |= 0x80;
	assert_int_equal(stun_decode(&message, bytes, sizeof bytes), ERR_SYNTAX);
	memcpy(bytes, response_v4, sizeof bytes);
	bytes[4] ^= 1;
	assert_int_equal(stun_decode(&message, bytes, sizeof bytes), ERR_SYNTAX);
	memcpy(bytes, response_v4, sizeof bytes);
	bytes[3] = 0x3b;
	assert_int_equal(stun_decode(&message, bytes, sizeof bytes - 1), ERR_SYNTAX);
	bytes[sizeof bytes - 1] ^= 1;
	bytes[3] = 0x3c;
	assert_int_equal(stun_decode(&message, bytes, sizeof bytes), ERR_MISMATCH);
}

static void test_first_counts_and_behind_integrity_nothing(void **state)
{
	static const char twice[] = "\x80\x22\x00\x01"
				    "a\0\0\0"
				    "\x80\x22\x00\x01"
				    "b\0\0";
	static const char behind[] = "\x00\x08\x00\x14"
				     "mmmmmmmmmmmmmmmmmmmm"
				     "\x80\x22\x00\x01"
				     "b\0\0";
	struct stun_message message;

	(void)state;
	assert_int_equal(decode_with(&message, twice, sizeof twice), ERR_NONE);
	assert_true(slice_is(message.software, "a"));
	assert_int_equal(decode_with(&message, behind, sizeof behind), ERR_NONE);
	assert_null(message.software.at);
	assert_int_equal(stun_check_integrity(&message, slice_of_text("k")), ERR_AUTH);
	assert_int_equal(decode_with(&message, "", 0), ERR_NONE);
	assert_int_equal(stun_check_integrity(&message, slice_of_text("k")), ERR_NOT_FOUND);
}

static void test_ceilings(void **state)
{
	static uint8_t long_value[70000];
	struct stun_message message;
	struct buf out;

	(void)state;
	buf_init(&out, STUN_MAX);
	assert_int_equal(stun_begin(&out, STUN_REQUEST, STUN_BINDING, &rfc_id), ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_PADDING, slice_of(long_value, sizeof long_value)),
			 ERR_FULL);
	assert_int_equal(stun_add_error(&out, 299, ""), ERR_RANGE);
	assert_int_equal(stun_add_error(&out, 700, ""), ERR_RANGE);
	for (int i = 0; i < STUN_LIST_MAX + 3; i++)
		assert_int_equal(stun_add_be32(&out, 0x0050, 0), ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_USERNAME, slice_of(long_value, 508)), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_int_equal(message.unknown.count, STUN_LIST_MAX);
	assert_int_equal(stun_add(&out, STUN_USERNAME, slice_of(long_value, 509)), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_SYNTAX);
	buf_clear(&out);

	/* A buffer too small says so instead of cutting. */
	buf_init(&out, 30);
	assert_int_equal(stun_begin(&out, STUN_REQUEST, STUN_BINDING, &rfc_id), ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_SOFTWARE, slice_of_text("earshot")), ERR_FULL);
	buf_clear(&out);
}

/* The linker puts this in the place of realloc(): from then on the calls succeed `calls_left`
 * times, then never. */
static long calls_left = -1;

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_realloc(void *old, size_t size)
{
	if (!calls_left)
		return NULL;
	if (calls_left > 0)
		calls_left--;
	return __real_realloc(old, size);
}

static enum err build_and_check(struct buf *out)
{
	struct stun_message message;
	enum err err = stun_begin(out, STUN_REQUEST, STUN_BINDING, &rfc_id);

	if (!err)
		err = stun_add(out, STUN_PADDING, slice_of(long_term, sizeof long_term));
	if (!err)
		err = stun_add_integrity(out, STUN_MESSAGE_INTEGRITY, slice_of_text("k"));
	if (!err)
		err = stun_add_fingerprint(out);
	if (!err)
		err = stun_decode(&message, out->data, out->length);
	return err ? err : stun_check_integrity(&message, slice_of_text("k"));
}

/* Whichever allocation fails, the caller is told. */
static void test_no_memory(void **state)
{
	enum err err = ERR_MEMORY;

	(void)state;
	for (long allowed = 0; err; allowed++) {
		struct buf out;

		buf_init(&out, STUN_MAX);
		calls_left = allowed;
		err = build_and_check(&out);
		calls_left = -1;
		buf_clear(&out);
		if (err)
			assert_int_equal(err, ERR_MEMORY);
		else
			assert_true(allowed >= 4);
	}
}

/* RFC 7982, 3.2: TRANSACTION_TRANSMIT_COUNTER. */
static void test_counter(void **state)
{
	const struct stun_id id = { { 1 } };
	struct stun_message message;
	struct buf out;

	(void)state;
	buf_init(&out, STUN_MAX);
	assert_int_equal(stun_begin(&out, STUN_SUCCESS, STUN_BINDING, &id), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_false(message.has_counter);
	assert_int_equal(stun_add(&out, STUN_TRANSMIT_COUNTER, slice_of("\0\7", 2)), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_false(message.has_counter);
	assert_int_equal(stun_add_be32(&out, STUN_TRANSMIT_COUNTER, 0xffff0703), ERR_NONE);
	assert_int_equal(stun_add_be32(&out, STUN_TRANSMIT_COUNTER, 0x0909), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_true(message.has_counter);
	assert_int_equal(message.requests, 7);
	assert_int_equal(message.responses, 3);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc5769_request),
		cmocka_unit_test(test_rfc5769_responses),
		cmocka_unit_test(test_rfc5769_long_term),
		cmocka_unit_test(test_build_long_term),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_fingerprint_sees_every_bit),
		cmocka_unit_test(test_cut_short_and_too_long),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_not_stun),
		cmocka_unit_test(test_first_counts_and_behind_integrity_nothing),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_counter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
