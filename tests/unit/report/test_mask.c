/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "report/mask.h"
#include "report/redact.h"

struct pair {
	const char *in, *out;
};

static void check(unsigned what, const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct mask mask;
		char *out;

		mask_init(&mask, what);
		out = mask_text(&mask, pairs[i].in);
		if (strcmp(out, pairs[i].out))
			print_error("of \"%s\"\n", pairs[i].in);
		assert_string_equal(out, pairs[i].out);
		free(out);
		mask_clear(&mask);
	}
}

#define CHECK(what, pairs) check(what, pairs, sizeof(pairs) / sizeof *(pairs))

static void test_numbers(void **state)
{
	static const struct pair pairs[] = {
		{ "sip:+49305550123@sip.example.com", "sip:+xxxxxxxxx23@sip.example.com" },
		{ "<sips:2001@example.com;transport=tls>",
		  "<sips:xx01@example.com;transport=tls>" },
		{ "SIP:0305550123;phone-context=+49@h", "SIP:xxxxxxxx23;phone-context=+49@h" },
		{ "sip:2001:[removed]@h", "sip:xx01:[removed]@h" },
		{ "sip:phone2001a@h", "sip:phonexx01a@h" },
		{ "sip:alice@h", "sip:alice@h" },
		{ "tel:911", "tel:x11" },
		{ "tel:+1-201-555-0123;x", "tel:+x-xxx-xxx-xx23;x" },
		{ "sip:49305550123", "sip:xxxxxxxxx23" },
		{ "030 5550123", "xxx xxxxx23" },
		{ "+49 30 5550123,", "+xx xx xxxxx23," },
		{ "+49 (30) 555-0123", "+xx (xx) xxx-xx23" },
		{ "(030)5550123", "(xxx)xxxxx23" },
		{ "030/5550123", "xxx/xxxxx23" },
		{ "030.555.0123", "xxx.xxx.xx23" },
		{ "0171 555 01 00", "xxxx xxx xx 00" },
		{ "201-555-0123", "xxx-xxx-xx23" },
		{ "1 201 555 0123", "x xxx xxx xx23" },
		{ "12345", "xxx45" },
		{ "from 5550123 to 5550100.", "from xxxxx23 to xxxxx00." },
		/* inside identifiers */
		{ "Call-ID: 49305550123-17@192.168.1.20", "Call-ID: xxxxxxxxx23-17@192.168.1.20" },
		{ "Call-ID 8f1c49305550123ab@h", "Call-ID 8f1cxxxxxxxxx23ab@h" },
		{ "tag=49305550123", "tag=xxxxxxxxx23" },
		{ "call_5550123.pcap", "call_xxxxx23.pcap" },
		{ "\u96fb\u8a715550123\u3002", "\u96fb\u8a71xxxxx23\u3002" },
		{ "2026-11-20 13:41 +01:00, from 030 5550123",
		  "2026-11-20 13:41 +01:00, from xxx xxxxx23" },
		{ "0171 5550100 2026-11-20", "xxxx xxxxx00 2026-11-20" },
		{ "030 5550123 13:41", "xxx xxxxx23 13:41" },
	};

	(void)state;
	CHECK(MASK_NUMBERS, pairs);
}

static void test_what_is_no_number(void **state)
{
	static const char *const kept[] = {
		"2001",
		"486",
		"192.168.1.10:40000",
		"203.0.113.2:12345 [2001:db8::1]:50600",
		"sip.example.com:15060",
		"localhost:15060",
		"10000-20000",
		"RTP ports: 16384-32767",
		"ports 16384, 16386 and 16388",
		"port 40000",
		"Port: 40000",
		"m=audio 40000 RTP/AVP 0 8 101",
		"a=rtpmap:111 opus/48000/2",
		"a=candidate:1 1 UDP 1 192.168.1.10 40000 typ host",
		"203.0.113.2.50600",
		"30000 packets",
		"12345 ms",
		"65000 bytes",
		"100000 %",
		"0x12345678",
		"0xdeadbeef12345678",
		"SSRC 0x1234abcd",
		"2026-11-20 13:55:03 +01:00",
		"2026-11-20T125503Z-1a2b",
		"20.11.2026",
		"14:01:15",
		"10.0.19041.1288",
		"0.12345",
		"a84b4c76e66710@pc33",
		"z9hG4bK776asdhds",
		"CSeq: 31415 INVITE",
		"RFC 4787",
		"1.2.3",
		"00:11:22:33:44:55",
		"",
		"+",
		"(",
		"+a",
		"sip:",
		"sip:@",
		"tel:",
		"sip:sip.example.com:15060",
		"5\u00b05'",
		"+01:00",
		"-5",
		"PCMU/8000",
	};

	(void)state;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		const struct pair pair = { kept[i], kept[i] };

		check(MASK_NUMBERS, &pair, 1);
	}
}

static void test_addresses(void **state)
{
	static const struct pair pairs[] = {
		{ "203.0.113.2", "public-A" },
		{ "203.0.113.2:5060", "public-A:5060" },
		{ "203.0.113.2 198.51.100.9 203.0.113.2", "public-A public-B public-A" },
		{ "[203.0.113.2]", "[public-A]" },
		{ "sip:2001@203.0.113.2;rport=5060", "sip:2001@public-A;rport=5060" },
		{ "http://203.0.113.2/x", "http://public-A/x" },
		{ "203.0.113.2.5060 > 198.51.100.9.5061:", "public-A.5060 > public-B.5061:" },
		{ "ip-203-0-113-2.isp.example, 203.0.113.2", "ip-public-A.isp.example, public-A" },
		{ "203.0.113.0/24", "public-A/24" },
		{ "203.000.113.002", "public-A" },
		{ "received=203.0.113.2;", "received=public-A;" },
		{ "It is 203.0.113.2.", "It is public-A." },
		/* IPv6, in all its shapes */
		{ "2001:db8::1", "public-A" },
		{ "[2001:db8::1]:5060", "[public-A]:5060" },
		{ "2001:db8::1 2001:0DB8:0:0::0001", "public-A public-A" },
		{ "IN IP6 2001:db8::1\\r\\n", "IN IP6 public-A\\r\\n" },
		{ "at 2001:db8::1: no answer", "at public-A: no answer" },
		{ "It is 2001:db8::1.", "It is public-A." },
		{ "2001:db8:1:2::/64", "public-A/64" },
		{ "host:2001:db8::1", "host:public-A" },
		{ "2001:db8::1.5060", "public-A.5060" },
		{ "2001:db8::1%eth0", "public-A%eth0" },
		{ "2001:db8:1:2:3:4:5:6:5060", "public-A:5060" },
		/* IPv4 in IPv6 is the IPv4 address */
		{ "::ffff:203.0.113.2 203.0.113.2", "public-A public-A" },
		{ "::ffff:cb00:7102 203.0.113.2", "public-A public-A" },
		{ "[::ffff:203.0.113.2]:5060", "[public-A]:5060" },
		{ "::ffff:192.168.1.1", "::ffff:192.168.1.1" },
		{ "64:ff9b::203.0.113.2", "public-A" },
	};

	(void)state;
	CHECK(MASK_ADDRESSES, pairs);
}

static void test_what_is_no_public_address(void **state)
{
	static const char *const kept[] = {
		"192.168.1.10",
		"10.0.0.1:5060",
		"172.16.0.1",
		"100.64.0.1",
		"169.254.1.1",
		"127.0.0.1",
		"0.0.0.0",
		"224.0.0.1",
		"239.255.255.250",
		"255.255.255.255",
		"::1",
		"::",
		"fe80::1%eth0",
		"[fd00::1]:5060",
		"ff02::1",
		"203.0.113",
		"203.0.113.",
		"203.0.113.256",
		"1.3.6.1.4.1.311",
		"firmware 66.86.0.15",
		"Version: 1.0.11.148",
		"14:05:09",
		"00:11:22:33:44:55",
		"std::string",
		"a::",
		"49305550123",
		"sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB",
		"2026-11-20",
		"1-800-555-0123",
		"1:2",
		":",
		"...",
		"1.2.3",
	};

	(void)state;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		/* "a::" reads as an address, and nobody would miss it. */
		const struct pair pair = { kept[i], strcmp(kept[i], "a::") ? kept[i] : "public-A" };

		check(MASK_ADDRESSES, &pair, 1);
	}
}

static void test_both(void **state)
{
	static const struct pair pairs[] = {
		{ "sip:+49305550123@203.0.113.2:15060", "sip:+xxxxxxxxx23@public-A:15060" },
		{ "Call-ID: 49305550123@203.0.113.2", "Call-ID: xxxxxxxxx23@public-A" },
		{ "203.0.113.2 40000", "public-A 40000" },
	};

	(void)state;
	CHECK(MASK_NUMBERS | MASK_ADDRESSES, pairs);
}

/* Past "public-Z" it goes on with two letters. */
static void test_many_addresses(void **state)
{
	char *text = mem_text(""), *out;
	struct mask mask;

	(void)state;
	for (unsigned i = 1; i <= 30; i++) {
		char *longer = mem_printf("%s203.0.113.%u ", text, i);

		free(text);
		text = longer;
	}
	mask_init(&mask, MASK_ADDRESSES);
	out = mask_text(&mask, text);
	assert_non_null(strstr(out, "public-Y public-Z public-AA public-AB public-AC public-AD "));
	assert_null(strstr(out, "203"));
	free(out);
	/* The same mask knows them still. */
	out = mask_text(&mask, "203.0.113.28");
	assert_string_equal(out, "public-AB");
	free(out);
	free(text);
	mask_clear(&mask);
}

static void test_nothing_asked(void **state)
{
	static const struct pair pairs[] = { { "sip:+49305550123@203.0.113.2",
					       "sip:+49305550123@203.0.113.2" } };

	(void)state;
	CHECK(0, pairs);
}

/* What stays is what was there, and what is masked twice does not change again. */
static void test_any_bytes(void **state)
{
	static const char letters[] = "0123456789+-.:/()[]@ abcfxsiptel%\n\xc3\xa9";
	unsigned seed = 1;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		char text[64], *out, *again;
		size_t length;
		struct mask mask;

		for (length = 0; length < round % 63; length++) {
			seed = seed * 1103515245U + 12345U;
			text[length] = letters[(seed >> 16) % (sizeof letters - 1)];
		}
		text[length] = 0;
		mask_init(&mask, MASK_NUMBERS);
		out = mask_text(&mask, text);
		assert_int_equal(strlen(out), length);
		for (size_t i = 0; i < length; i++)
			assert_true(out[i] == text[i] ||
				    (out[i] == 'x' && text[i] >= '0' && text[i] <= '9'));
		mask.what |= MASK_ADDRESSES;
		again = mask_text(&mask, text);
		assert_non_null(again);
		free(again);
		free(out);
		mask_clear(&mask);
	}
}

static void test_parse(void **state)
{
	unsigned what = 99;

	(void)state;
	assert_int_equal(mask_parse(&what, "numbers"), ERR_NONE);
	assert_int_equal(what, MASK_NUMBERS);
	assert_int_equal(mask_parse(&what, "addresses,numbers"), ERR_NONE);
	assert_int_equal(what, MASK_NUMBERS | MASK_ADDRESSES);
	what = 99;
	assert_int_equal(mask_parse(&what, ""), ERR_SYNTAX);
	assert_int_equal(mask_parse(&what, "numbers,"), ERR_SYNTAX);
	assert_int_equal(mask_parse(&what, "number"), ERR_SYNTAX);
	assert_int_equal(mask_parse(&what, "numbers addresses"), ERR_SYNTAX);
	assert_int_equal(what, 99);
}

/* Secrets go first, so that a mask hides none of their marks; keys are masked too. */
static void test_through_the_gate(void **state)
{
	json_t *value = json_pack("{s:s, s:[s, i]}", "203.0.113.2", "password: 12345678", "list",
				  "sip:+49305550123@203.0.113.2", 1234567);
	json_t *wanted = json_pack("{s:s, s:[s, i]}", "public-A", "password: [removed]", "list",
				   "sip:+xxxxxxxxx23@public-A", 1234567);
	struct mask mask;
	json_t *masked;

	(void)state;
	mask_init(&mask, MASK_NUMBERS | MASK_ADDRESSES);
	masked = redact_json(value, &mask);
	assert_true(json_equal(masked, wanted));
	json_decref(masked);
	json_decref(wanted);
	json_decref(value);
	mask_clear(&mask);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_what_is_no_number),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_what_is_no_public_address),
		cmocka_unit_test(test_both),
		cmocka_unit_test(test_many_addresses),
		cmocka_unit_test(test_nothing_asked),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_through_the_gate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
