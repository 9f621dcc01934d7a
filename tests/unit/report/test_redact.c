/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "report/redact.h"

struct pair {
	const char *in, *out;
};

static void check_pairs(const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *out = redact_text(pairs[i].in);

		assert_string_equal(out, pairs[i].out);
		free(out);
	}
}

#define CHECK(pairs) check_pairs(pairs, sizeof pairs / sizeof *pairs)

static void test_headers(void **state)
{
	static const struct pair pairs[] = {
		{ "Authorization: Digest username=\"a\", response=\"x\"\r\nTo: b",
		  "Authorization: [removed]\r\nTo: b" },
		{ "proxy-authorization :Basic eA==\nTo: b",
		  "proxy-authorization :[removed]\nTo: b" },
		{ "Authorization: Digest a=\"b\",\r\n response=\"x\"\r\nTo: b",
		  "Authorization: [removed]\r\nTo: b" },
		{ "Authorization: Digest a=\"b\",\n\tresponse=\"x\"", "Authorization: [removed]" },
		/* Line breaks already made visible. */
		{ "INVITE\\r\\nAuthorization: Digest x\\r\\nTo: b",
		  "INVITE\\r\\nAuthorization: [removed]\\r\\nTo: b" },
		{ "Authorization: Digest x,\\r\\n response=\"y\"\\r\\nTo: b",
		  "Authorization: [removed]\\r\\nTo: b" },
		{ "Authorization:", "Authorization:" },
		{ "401 Unauthorized", "401 Unauthorized" },
		{ "Authorization by the owner", "Authorization by the owner" },
	};

	(void)state;
	CHECK(pairs);
}

static void test_parameters(void **state)
{
	static const struct pair pairs[] = {
		{ "response=\"0123abc\", nonce=\"n\"", "response=[removed], nonce=\"n\"" },
		{ "Response = 0123abc", "Response = [removed]" },
		{ "rspauth=\"x\";", "rspauth=[removed];" },
		{ "response: 200 OK", "response: 200 OK" },
		{ "no response", "no response" },
		{ "password=x y", "password=[removed] y" },
		{ "password: correct horse\nnext", "password: [removed]\nnext" },
		{ "TURN-Password='a b' c", "TURN-Password=[removed] c" },
		{ "{\"password\": \"a\\\"b\", \"c\": 1}", "{\"password\": [removed], \"c\": 1}" },
		{ "?user=a&token=b&c=d", "?user=a&token=[removed]&c=d" },
		{ "\\npwd=x", "\\npwd=[removed]" },
		{ "ice-pwd:asd88fgpdd777uzjYhagZg", "ice-pwd:[removed]" },
		{ "password-file = ~/.config/earshot/turn.secret",
		  "password-file = ~/.config/earshot/turn.secret" },
		{ "bypass: yes", "bypass: yes" },
		{ "the password is wrong", "the password is wrong" },
		{ "password=", "password=" },
		{ "password=\"", "password=[removed]" },
	};

	(void)state;
	CHECK(pairs);
}

static void test_keys(void **state)
{
	static const struct pair pairs[] = {
		{ "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0Rm|2^20|1:4\r\na=x",
		  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[removed]\r\na=x" },
		{ "inline:a;inline:b UNENCRYPTED_SRTP",
		  "inline:[removed];inline:[removed] UNENCRYPTED_SRTP" },
		{ "a=key-mgmt:mikey AQAFgM0X\r\nm=audio", "a=key-mgmt:[removed]\r\nm=audio" },
		{ "v=0\nk=clear:a b\nm=audio", "v=0\nk=clear:[removed]\nm=audio" },
		{ "v=0\\nk=base64:ab", "v=0\\nk=base64:[removed]" },
		{ "task=clear:table", "task=clear:table" },
	};

	(void)state;
	CHECK(pairs);
}

static void test_uris(void **state)
{
	static const struct pair pairs[] = {
		{ "turn:alice:x@turn.example.com:3478",
		  "turn:alice:[removed]@turn.example.com:3478" },
		{ "turns:alice:a@b@turn.example.com", "turns:alice:[removed]@turn.example.com" },
		{ "<sip:a:b@192.0.2.1>;tag=1", "<sip:a:[removed]@192.0.2.1>;tag=1" },
		{ "https://a:b@example.com/", "https://a:[removed]@example.com/" },
		{ "sip:alice@example.com:5060", "sip:alice@example.com:5060" },
		{ "turn:turn.example.com:3478?transport=udp",
		  "turn:turn.example.com:3478?transport=udp" },
		{ "Call-ID: 1:2@192.0.2.1", "Call-ID: 1:2@192.0.2.1" },
		{ "gossip:a:b@c", "gossip:a:b@c" },
	};

	(void)state;
	CHECK(pairs);
}

static void test_plain_text_stays(void **state)
{
	static const struct pair pairs[] = {
		{ "", "" },
		{ "Grüße, 日本 -> \\ \" ' = :", "Grüße, 日本 -> \\ \" ' = :" },
		{ "Via: SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bK1",
		  "Via: SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bK1" },
	};

	(void)state;
	CHECK(pairs);
}

/* What was redacted once is found as it is. */
static void test_twice_is_once(void **state)
{
	static const char text[] =
		"Authorization: Digest x\r\npassword=a; turn:a:b@c inline:k\npassword: a b";
	char *once = redact_text(text), *twice = redact_text(once);

	(void)state;
	assert_string_equal(once, twice);
	free(once);
	free(twice);
}

static void test_json(void **state)
{
	json_t *value =
		json_pack("{s:s, s:[s, {s:s}], s:i, s:s}", "Password", "x", "list", "pwd=y\x1b",
			  "secret", "z", "number", 3, "k\xe2\x80\xaey", "line\nnext\r");
	json_t *clean = redact_json(value, NULL);
	char *text = json_dumps(clean, JSON_COMPACT);

	(void)state;
	assert_string_equal(
		text,
		"{\"Password\":\"[removed]\",\"list\":[\"pwd=[removed]\","
		"{\"secret\":\"[removed]\"}],\"number\":3,\"k\\\\u{202e}y\":\"line\\nnext\\\\r\"}");
	free(text);
	json_decref(clean);
	json_decref(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_uris),
		cmocka_unit_test(test_plain_text_stays),
		cmocka_unit_test(test_twice_is_once),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
