/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long-term credentials with the RFC's own example, the choice of algorithms, and TURN's frames. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "proto/stun_login.h"
#include "proto/turn.h"

#define USER     "\u30de\u30c8\u30ea\u30c3\u30af\u30b9"
#define PASSWORD "TheMatrIX"
#define NONCE    "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"

static const struct stun_id id = { { 0x78, 0xad, 0x34, 0x33, 0xc6, 0xad, 0x72, 0xc0, 0x29, 0xda,
				     0x41, 0x2e } };

/* RFC 8489, B.1. The length 0x9c in its header is not that of its 136 bytes of attributes, but its
 * integrity covers the header so. */
enum { B1_LENGTH = 0x9c };
static const uint8_t b1_userhash[] = { 0x4a, 0x3c, 0xf3, 0x8f, 0xef, 0x69, 0x92, 0xbd,
				       0xa9, 0x52, 0xc6, 0x78, 0x04, 0x17, 0xda, 0x0f,
				       0x24, 0x81, 0x94, 0x15, 0x56, 0x9e, 0x60, 0xb2,
				       0x05, 0xc4, 0x6e, 0x41, 0x40, 0x7f, 0x17, 0x04 };
static const uint8_t b1_integrity[] = { 0xe4, 0x68, 0x6c, 0x8f, 0x0e, 0xde, 0xb5, 0x90,
					0x13, 0xe0, 0x70, 0x90, 0x01, 0x0a, 0x93, 0xef,
					0xcc, 0xbc, 0xcc, 0x54, 0x4c, 0x0a, 0x45, 0xd9,
					0xf8, 0x30, 0xaa, 0x6d, 0x6f, 0x73, 0x5a, 0x01 };

static void test_rfc8489_b1(void **state)
{
	uint8_t hash[STUN_KEY_SHA256], key[STUN_KEY_SHA256], mac[EVP_MAX_MD_SIZE];
	struct buf out;
	unsigned length;

	(void)state;
	assert_int_equal(stun_user_hash(hash, USER, slice_of_text("example.org")), ERR_NONE);
	assert_memory_equal(hash, b1_userhash, sizeof hash);
	assert_int_equal(
		stun_long_term_key_sha256(key, USER, slice_of_text("example.org"), PASSWORD),
		ERR_NONE);
	buf_init(&out, STUN_MAX);
	assert_int_equal(stun_begin(&out, STUN_REQUEST, STUN_BINDING, &id), ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_USERHASH, slice_of(hash, sizeof hash)), ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_NONCE, slice_of_text(NONCE)), ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_REALM, slice_of_text("example.org")), ERR_NONE);
	out.data[3] = B1_LENGTH;
	assert_non_null(HMAC(EVP_sha256(), key, sizeof key, out.data, out.length, mac, &length));
	assert_memory_equal(mac, b1_integrity, sizeof b1_integrity);
	buf_clear(&out);
}

/* A challenge as servers send it; `offer` NULL: without PASSWORD-ALGORITHMS. */
static enum err challenge(struct stun_login *login, unsigned code, const char *realm,
			  const char *nonce, struct slice offer)
{
	struct stun_message message;
	struct buf out;
	enum err err;

	buf_init(&out, STUN_MAX);
	assert_int_equal(stun_begin(&out, STUN_ERROR, STUN_ALLOCATE, &id), ERR_NONE);
	assert_int_equal(stun_add_error(&out, code, "Unauthorized"), ERR_NONE);
	if (realm)
		assert_int_equal(stun_add(&out, STUN_REALM, slice_of_text(realm)), ERR_NONE);
	if (nonce)
		assert_int_equal(stun_add(&out, STUN_NONCE, slice_of_text(nonce)), ERR_NONE);
	if (offer.at)
		assert_int_equal(stun_add(&out, STUN_PASSWORD_ALGORITHMS, offer), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	err = stun_login_challenge(login, &message);
	buf_clear(&out);
	return err;
}

#define NO_OFFER     ((struct slice){ 0 })
#define OFFER(bytes) slice_of((bytes), sizeof(bytes))

/* Decodes a request that the login signed; the caller clears `out`. */
static void sign(struct stun_message *message, struct buf *out, const struct stun_login *login)
{
	buf_init(out, STUN_MAX);
	assert_int_equal(stun_begin(out, STUN_REQUEST, STUN_ALLOCATE, &id), ERR_NONE);
	assert_int_equal(stun_login_sign(out, login), ERR_NONE);
	assert_int_equal(stun_decode(message, out->data, out->length), ERR_NONE);
	assert_int_equal(message->unknown.count, 0);
}

static void test_plain_login(void **state)
{
	struct stun_login login;
	struct stun_message message;
	struct buf out;
	uint8_t key[STUN_KEY];

	(void)state;
	stun_login_init(&login, "user", "secret");
	sign(&message, &out, &login);
	assert_null(message.username.at);
	assert_null(message.integrity.at);
	buf_clear(&out);
	assert_int_equal(challenge(&login, 401, "example.com", "n1", NO_OFFER), ERR_NONE);
	sign(&message, &out, &login);
	assert_true(slice_is(message.username, "user"));
	assert_true(slice_is(message.realm, "example.com"));
	assert_true(slice_is(message.nonce, "n1"));
	assert_null(message.algorithm.at);
	assert_null(message.integrity_sha256.at);
	assert_int_equal(stun_long_term_key(key, "user", slice_of_text("example.com"), "secret"),
			 ERR_NONE);
	assert_int_equal(stun_check_integrity(&message, slice_of(key, sizeof key)), ERR_NONE);
	assert_int_equal(stun_login_check(&login, &message), ERR_NONE);
	buf_clear(&out);
	/* A stale nonce need not name the realm again. */
	assert_int_equal(challenge(&login, 438, NULL, "n2", NO_OFFER), ERR_NONE);
	sign(&message, &out, &login);
	assert_true(slice_is(message.nonce, "n2"));
	assert_true(slice_is(message.realm, "example.com"));
	buf_clear(&out);
}

static void test_chosen_algorithm(void **state)
{
	static const uint8_t both[] = { 0, 9, 0, 1, 0xff, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0 };
	static const uint8_t md5_first[] = { 0, 1, 0, 0, 0, 2, 0, 0 };
	struct stun_login login;
	struct stun_message message;
	struct buf out;
	uint8_t key[STUN_KEY_SHA256];

	(void)state;
	stun_login_init(&login, "user", "secret");
	assert_int_equal(challenge(&login, 401, "r", "obMatJos2AAAByz", OFFER(both)), ERR_NONE);
	sign(&message, &out, &login);
	assert_true(slice_is(message.username, "user"));
	assert_true(slice_equal(message.algorithms, OFFER(both)));
	assert_int_equal(message.algorithm.left, 4);
	assert_memory_equal(message.algorithm.at, "\0\2\0\0", 4);
	assert_null(message.integrity.at);
	assert_int_equal(message.integrity_sha256.left, 32);
	assert_int_equal(stun_long_term_key_sha256(key, "user", slice_of_text("r"), "secret"),
			 ERR_NONE);
	assert_int_equal(stun_check_integrity(&message, slice_of(key, sizeof key)), ERR_NONE);
	buf_clear(&out);

	assert_int_equal(challenge(&login, 401, "r", "obMatJos2AAABx", OFFER(md5_first)), ERR_NONE);
	assert_int_equal(login.key_length, STUN_KEY);
	sign(&message, &out, &login);
	assert_memory_equal(message.algorithm.at, "\0\1\0\0", 4);
	assert_int_equal(message.integrity_sha256.left, 32);
	buf_clear(&out);
}

static void test_anonymous(void **state)
{
	static const uint8_t offer[] = { 0, 2, 0, 0 };
	static const char *const nonces[] = { "obMatJos2AAADx", "obMatJos2wAAAx" };
	struct stun_login login;
	struct stun_message message;
	struct buf out;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		stun_login_init(&login, USER, PASSWORD);
		assert_int_equal(challenge(&login, 401, "example.org", nonces[i], OFFER(offer)),
				 ERR_NONE);
		sign(&message, &out, &login);
		assert_null(message.username.at);
		assert_true(slice_equal(message.user_hash, OFFER(b1_userhash)));
		buf_clear(&out);
	}
}

static void test_bad_challenges(void **state)
{
	static const uint8_t foreign[] = { 0, 7, 0, 0, 0, 8, 0, 0 };
	static const uint8_t cut[] = { 0, 7, 0, 9, 1 };
	static const uint8_t many[300] = { 0 };
	struct stun_login login, before;

	(void)state;
	stun_login_init(&login, "user", "secret");
	before = login;
	assert_int_equal(challenge(&login, 401, NULL, "n", NO_OFFER), ERR_SYNTAX);
	assert_int_equal(challenge(&login, 401, "r", NULL, NO_OFFER), ERR_SYNTAX);
	assert_int_equal(challenge(&login, 401, "r", "obMatJos2AAABx", NO_OFFER), ERR_MISMATCH);
	assert_int_equal(challenge(&login, 401, "r", "obMatJos2gAAAx", NO_OFFER), ERR_MISMATCH);
	assert_int_equal(challenge(&login, 401, "r", "n", OFFER(foreign)), ERR_UNSUPPORTED);
	assert_int_equal(challenge(&login, 401, "r", "n", OFFER(cut)), ERR_SYNTAX);
	assert_int_equal(challenge(&login, 401, "r", "n", OFFER(many)), ERR_FULL);
	assert_memory_equal(&login, &before, sizeof login);
	/* No base64 behind the cookie, or too little: no cookie. */
	assert_int_equal(challenge(&login, 401, "r", "obMatJos2A=", NO_OFFER), ERR_NONE);
	assert_int_equal(challenge(&login, 401, "r", "obMatJos2\x01\x02\x03\x04", NO_OFFER),
			 ERR_NONE);
}

/* Whoever takes out the stronger integrity of an answer is not believed. */
static void test_weaker_answer(void **state)
{
	static const uint8_t offer[] = { 0, 2, 0, 0 };
	struct stun_login login;
	struct stun_message message;
	struct slice key;
	struct buf out;

	(void)state;
	stun_login_init(&login, "user", "secret");
	assert_int_equal(challenge(&login, 401, "r", "n", OFFER(offer)), ERR_NONE);
	key = slice_of(login.key, login.key_length);
	buf_init(&out, STUN_MAX);
	assert_int_equal(stun_begin(&out, STUN_SUCCESS, STUN_ALLOCATE, &id), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_int_equal(stun_login_check(&login, &message), ERR_NOT_FOUND);
	assert_int_equal(stun_add_integrity(&out, STUN_MESSAGE_INTEGRITY, key), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_int_equal(stun_login_check(&login, &message), ERR_AUTH);
	assert_int_equal(stun_add_integrity(&out, STUN_MESSAGE_INTEGRITY_SHA256, key), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_int_equal(stun_login_check(&login, &message), ERR_NONE);
	out.data[out.length - 1] ^= 1;
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_int_equal(stun_login_check(&login, &message), ERR_AUTH);
	buf_clear(&out);
}

static void test_turn_attributes(void **state)
{
	struct stun_message message;
	struct addr v4, v6;
	struct buf out;

	(void)state;
	assert_int_equal(addr_parse(&v4, "192.0.2.1", 50000), ERR_NONE);
	assert_int_equal(addr_parse(&v6, "2001:db8::1", 50001), ERR_NONE);
	buf_init(&out, STUN_MAX);
	assert_int_equal(stun_begin(&out, STUN_SUCCESS, STUN_ALLOCATE, &id), ERR_NONE);
	assert_int_equal(stun_add_addr(&out, STUN_XOR_RELAYED_ADDRESS, &v4), ERR_NONE);
	assert_int_equal(stun_add_addr(&out, STUN_XOR_PEER_ADDRESS, &v6), ERR_NONE);
	assert_int_equal(stun_add_addr(&out, STUN_ALTERNATE_SERVER, &v4), ERR_NONE);
	assert_int_equal(stun_add_be32(&out, STUN_LIFETIME, 0), ERR_NONE);
	assert_int_equal(stun_add_be32(&out, STUN_REQUESTED_TRANSPORT, 17U << 24), ERR_NONE);
	assert_int_equal(stun_add(&out, STUN_DATA_BYTES, slice_of_text("hello")), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_NONE);
	assert_true(addr_equal(&message.relayed, &v4));
	assert_true(addr_equal(&message.peer, &v6));
	assert_true(addr_equal(&message.alternate, &v4));
	assert_true(message.has_lifetime);
	assert_int_equal(message.lifetime, 0);
	assert_int_equal(message.requested_transport, 17U << 24);
	assert_true(slice_is(message.data, "hello"));
	assert_int_equal(message.unknown.count, 0);
	/* Masked (RFC 8489, 14.2): the port of the first attribute, 50000 xor 0x2112. */
	assert_memory_equal(out.data + STUN_HEADER + 6, "\xe2\x42", 2);
	assert_int_equal(stun_add(&out, STUN_LIFETIME, slice_of_text("xx")), ERR_NONE);
	assert_int_equal(stun_decode(&message, out.data, out.length), ERR_SYNTAX);
	buf_clear(&out);
}

static void frame_is(const char *bytes, size_t length, enum err expected, size_t whole)
{
	size_t found = 0;

	assert_int_equal(turn_frame(&found, slice_of(bytes, length)), expected);
	assert_int_equal(found, whole);
}

static void test_frames(void **state)
{
	(void)state;
	frame_is("\x01\x03\x00", 3, ERR_TRUNCATED, 0);
	frame_is("\x01\x03\x00\x08", 4, ERR_NONE, 28);
	frame_is("\x01\x03\x00\x09", 4, ERR_SYNTAX, 0);
	frame_is("\x01\x03\xff\xfc", 4, ERR_NONE, TURN_FRAME_MAX);
	frame_is("\x40\x00\x00\x05", 4, ERR_NONE, 12);
	frame_is("\x4f\xff\xff\xff", 4, ERR_NONE, 65540);
	frame_is("\x50\x00\x00\x05", 4, ERR_SYNTAX, 0);
	frame_is("SSH-", 4, ERR_SYNTAX, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc8489_b1),       cmocka_unit_test(test_plain_login),
		cmocka_unit_test(test_chosen_algorithm), cmocka_unit_test(test_anonymous),
		cmocka_unit_test(test_bad_challenges),   cmocka_unit_test(test_weaker_answer),
		cmocka_unit_test(test_turn_attributes),  cmocka_unit_test(test_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
