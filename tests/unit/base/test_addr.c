/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "base/addr.h"
#include "base/endpoint.h"

/* Parsed with port 7 where none is given; NULL: refused. */
static const struct {
	const char *text, *alone, *with_port;
} texts[] = {
	{ "192.0.2.1", "192.0.2.1:7", "192.0.2.1:7" },
	{ "192.0.2.1:5060", NULL, "192.0.2.1:5060" },
	{ "2001:db8::1", "[2001:db8::1]:7", "[2001:db8::1]:7" },
	{ "[2001:DB8:0::1]", "[2001:db8::1]:7", "[2001:db8::1]:7" },
	{ "[2001:db8::1]:5060", NULL, "[2001:db8::1]:5060" },
	{ "::ffff:192.0.2.1", "192.0.2.1:7", "192.0.2.1:7" },
	{ "fe80::1%77", "[fe80::1%77]:7", "[fe80::1%77]:7" },
	{ "192.0.2.1:65535", NULL, "192.0.2.1:65535" },
	{ "192.0.2.1:65536", NULL, NULL },
	{ "192.0.2.1:0", NULL, NULL },
	{ "192.0.2.1:", NULL, NULL },
	{ "192.0.2.1:sip", NULL, NULL },
	{ "[::1", NULL, NULL },
	{ "::1]", NULL, NULL },
	{ "[192.0.2.1]", NULL, NULL },
	{ "[]", NULL, NULL },
	{ "", NULL, NULL },
	{ ":", NULL, NULL },
	{ ":5060", NULL, NULL },
	{ "[]:5060", NULL, NULL },
	{ "[::1]x:5060", NULL, NULL },
	{ "192.0.2", NULL, NULL },
	{ "192.0.2.256", NULL, NULL },
	{ "01.2.3.4", NULL, NULL },
	{ "192.0.2.1%lo", NULL, NULL },
	{ "::1%", NULL, NULL },
	{ "fe80::1%nosuchname", NULL, NULL },
	{ "example.com", NULL, NULL },
	{ " ::1", NULL, NULL },
	{ "1111111111111111111111111111111111111111111111111111111111111111111111111111111111:1",
	  NULL, NULL },
};

static void expect(enum err err, const struct addr *addr, const char *expected, const char *text)
{
	char shown[ADDR_TEXT];

	if (!expected && !err)
		fail_msg("%s is taken for %s", text, addr_text(shown, addr));
	if (expected && (err || strcmp(addr_text(shown, addr), expected)))
		fail_msg("%s is %s, expected %s", text, err ? err_text(err) : shown, expected);
}

static void texts_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct addr addr = { 0 };
		enum err err = addr_parse(&addr, texts[i].text, 7);

		expect(err, &addr, texts[i].alone, texts[i].text);
		err = addr_parse_port(&addr, texts[i].text, 7);
		expect(err, &addr, texts[i].with_port, texts[i].text);
	}
	assert_int_equal(addr_parse_port(&(struct addr){ 0 }, "192.0.2.1:70000", 7), ERR_RANGE);
	assert_int_equal(addr_parse_port(&(struct addr){ 0 }, "192.0.2.1:x", 7), ERR_SYNTAX);
}

static struct addr parsed(const char *text)
{
	struct addr addr;

	assert_int_equal(addr_parse_port(&addr, text, 0), ERR_NONE);
	return addr;
}

static void scope_is_a_name_or_a_number(void **state)
{
	struct addr addr = parsed("fe80::1%lo");

	(void)state;
	assert_true(addr.sa.v6.sin6_scope_id != 0);
}

static void private_addresses_are_known(void **state)
{
	static const struct {
		const char *text;
		bool is_private, is_shared, is_loopback;
	} table[] = {
		{ "9.255.255.255", false, false, false },
		{ "10.0.0.0", true, false, false },
		{ "10.255.255.255", true, false, false },
		{ "11.0.0.0", false, false, false },
		{ "172.15.255.255", false, false, false },
		{ "172.16.0.0", true, false, false },
		{ "172.31.255.255", true, false, false },
		{ "172.32.0.0", false, false, false },
		{ "192.168.0.0", true, false, false },
		{ "192.167.255.255", false, false, false },
		{ "192.169.0.0", false, false, false },
		{ "169.254.1.1", true, false, false },
		{ "100.63.255.255", false, false, false },
		{ "100.64.0.0", true, true, false },
		{ "100.127.255.255", true, true, false },
		{ "100.128.0.0", false, false, false },
		{ "127.0.0.1", false, false, true },
		{ "127.255.0.1", false, false, true },
		{ "::1", false, false, true },
		{ "fc00::1", true, false, false },
		{ "fdff::1", true, false, false },
		{ "fe00::1", false, false, false },
		{ "fe80::1", true, false, false },
		{ "febf::1", true, false, false },
		{ "fec0::1", false, false, false },
		{ "2001:db8::1", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct addr addr = parsed(table[i].text);

		if (addr_is_private(&addr) != table[i].is_private ||
		    addr_is_shared(&addr) != table[i].is_shared ||
		    addr_is_loopback(&addr) != table[i].is_loopback)
			fail_msg("%s", table[i].text);
	}
}

static void unset_is_nothing(void **state)
{
	const struct addr unset = { 0 };
	char text[ADDR_TEXT];
	size_t length;

	(void)state;
	assert_false(addr_is_set(&unset));
	assert_false(addr_is_private(&unset) || addr_is_loopback(&unset) || addr_is_any(&unset));
	assert_string_equal(addr_text(text, &unset), "unknown");
	assert_string_equal(addr_host_text(text, &unset), "unknown");
	addr_bytes(&unset, &length);
	assert_int_equal(length, 0);
}

static void hosts_and_ports_are_compared(void **state)
{
	const struct addr a = parsed("192.0.2.1:5060"), b = parsed("192.0.2.1:5061");
	const struct addr c = parsed("[2001:db8::1]:5060"), any = addr_any(AF_INET6, 9);

	(void)state;
	assert_true(addr_same_host(&a, &b));
	assert_false(addr_equal(&a, &b));
	assert_true(addr_equal(&c, &c));
	assert_false(addr_same_host(&a, &c));
	assert_true(addr_is_any(&any));
	assert_int_equal(addr_port(&any), 9);
	assert_int_equal(addr_length(&any), sizeof(struct sockaddr_in6));
}

static void a_source_must_be_reached_again(void **state)
{
	static const struct {
		const char *source, *to;
		bool can;
	} pairs[] = {
		{ "192.168.1.10", "198.51.100.10", true }, { "127.0.0.1", "127.0.0.53", true },
		{ "127.0.0.1", "198.51.100.10", false },   { "2001:db8::1", "2001:db8:1::1", true },
		{ "::1", "2001:db8:1::1", false },         { "::1", "::1", true },
		{ "fe80::1", "2001:db8:1::1", false },     { "fe80::1", "fe80::2", true },
		{ "fd00::1", "2001:db8:1::1", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct addr source, to;

		assert_int_equal(addr_parse(&source, pairs[i].source, 0), ERR_NONE);
		assert_int_equal(addr_parse(&to, pairs[i].to, 0), ERR_NONE);
		assert_int_equal(addr_can_reach(&source, &to), pairs[i].can);
	}
}

static void bytes_and_socket_addresses(void **state)
{
	static const uint8_t bytes[16] = { [10] = 0xff, [11] = 0xff, 192, 0, 2, 1 };
	struct sockaddr_in6 mapped = { .sin6_family = AF_INET6, .sin6_port = htons(7) };
	struct addr addr;
	char text[ADDR_TEXT];

	(void)state;
	memcpy(&mapped.sin6_addr, bytes, sizeof bytes);
	assert_int_equal(addr_from_bytes(&addr, bytes, 16, 7), ERR_NONE);
	assert_string_equal(addr_text(text, &addr), "192.0.2.1:7");
	assert_int_equal(addr_from_bytes(&addr, bytes, 5, 7), ERR_SYNTAX);
	assert_int_equal(addr_from_bytes(&addr, bytes, 0, 7), ERR_SYNTAX);
	assert_int_equal(addr_from_sockaddr(&addr, (struct sockaddr *)&mapped, sizeof mapped),
			 ERR_NONE);
	assert_string_equal(addr_text(text, &addr), "192.0.2.1:7");
	assert_int_equal(addr_from_sockaddr(&addr, (struct sockaddr *)&mapped, sizeof mapped - 1),
			 ERR_UNSUPPORTED);
	assert_int_equal(addr_from_sockaddr(&addr, NULL, 0), ERR_UNSUPPORTED);
	mapped.sin6_family = AF_UNIX;
	assert_int_equal(addr_from_sockaddr(&addr, (struct sockaddr *)&mapped, sizeof mapped),
			 ERR_UNSUPPORTED);
}

/* An endpoint has a way of its own to the same text. */
static void endpoints_read_alike(void **state)
{
	static const char *const alike[] = { "192.0.2.1:5060",        "0.0.0.1:1",
					     "255.255.255.255:65535", "10.200.30.4:9",
					     "[2001:db8::1]:99",      "[::1]:1",
					     "100.64.0.10:100",       "[2001:db8::2]:65535" };

	(void)state;
	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
		char text[ADDR_TEXT];
		struct endpoint endpoint;
		struct addr addr;

		assert_int_equal(addr_parse_port(&addr, alike[i], 0), ERR_NONE);
		endpoint = endpoint_from_addr(&addr);
		assert_string_equal(endpoint_text(text, &endpoint), alike[i]);
	}
	assert_string_equal(endpoint_text((char[ADDR_TEXT]){ 0 }, &(struct endpoint){ 0 }),
			    "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints_read_alike),
		cmocka_unit_test(texts_are_read),
		cmocka_unit_test(scope_is_a_name_or_a_number),
		cmocka_unit_test(private_addresses_are_known),
		cmocka_unit_test(unset_is_nothing),
		cmocka_unit_test(hosts_and_ports_are_compared),
		cmocka_unit_test(a_source_must_be_reached_again),
		cmocka_unit_test(bytes_and_socket_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
