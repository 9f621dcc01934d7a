/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read of a router's descriptions, its card's address, and whom it may send us to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "check/router_judge.h"
#include "check/router_oui.h"
#include "net/igd.h"

static void elements_are_read_and_made_safe(void **state)
{
	static const char xml[] = "<device><manufacturer> NETGEAR, Inc.\n</manufacturer>"
				  "<modelName>R\x1b[31m7000</modelName><empty></empty><cut>abc";
	const struct slice all = slice_of(xml, strlen(xml));
	char text[IGD_TEXT], big[4 * IGD_TEXT + 8] = "<x>";

	(void)state;
	igd_element(text, all, "manufacturer");
	assert_string_equal(text, "NETGEAR, Inc.");
	igd_element(text, all, "modelName");
	assert_string_equal(text, "R\\x1b[31m7000");
	igd_element(text, all, "empty");
	assert_string_equal(text, "");
	igd_element(text, all, "cut");
	assert_string_equal(text, "");
	igd_element(text, all, "nosuch");
	assert_string_equal(text, "");
	igd_element(text, slice_of("", 0), "x");
	assert_string_equal(text, "");
	memset(big + 3, 'a', sizeof big - 8);
	memcpy(big + sizeof big - 5, "</x>", 5);
	igd_element(text, slice_of(big, sizeof big - 1), "x");
	assert_true(strlen(text) < IGD_TEXT);
	assert_true(strlen(text) > 100);
}

static void only_the_gateway_is_asked(void **state)
{
	static const struct {
		const char *url;
		bool good;
		uint16_t port;
		const char *path;
	} cases[] = {
		{ "http://192.168.1.1:5000/rootDesc.xml", true, 5000, "rootDesc.xml" },
		{ "HTTP://192.168.1.1/a/b", true, 80, "a/b" },
		{ "http://192.168.1.1", true, 80, "" },
		{ "http://192.168.1.2:5000/rootDesc.xml", false, 0, "" },
		{ "http://198.51.100.7/x", false, 0, "" },
		{ "http://router.example/x", false, 0, "" },
		{ "https://192.168.1.1/x", false, 0, "" },
		{ "http://192.168.1.1:99999/x", false, 0, "" },
		{ "file:///etc/passwd", false, 0, "" },
		{ "", false, 0, "" },
	};
	struct addr gateway, host;
	struct slice path;

	(void)state;
	assert_int_equal(addr_parse(&gateway, "192.168.1.1", 0), ERR_NONE);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (igd_url(&host, &path, slice_of_text(cases[i].url), &gateway) != cases[i].good)
			fail_msg("%s", cases[i].url);
		if (!cases[i].good)
			continue;
		assert_int_equal(addr_port(&host), cases[i].port);
		assert_true(slice_is(path, cases[i].path));
	}
}

static void makers_are_known_by_their_cards(void **state)
{
	(void)state;
	assert_string_equal(router_oui_vendor("50:c7:bf:00:11:22"), "TP-Link");
	assert_string_equal(router_oui_vendor("4C:5E:0C:01:02:03"), "MikroTik");
	assert_null(router_oui_vendor("02:00:00:00:00:01"));
	assert_null(router_oui_vendor("00:00:00:00:00:00"));
	assert_null(router_oui_vendor(""));
}

static void the_neighbour_is_found(void **state)
{
	static const char table[] =
		"IP address       HW type     Flags       HW address            Mask     Device\n"
		"192.168.1.20     0x1         0x2         aa:bb:cc:dd:ee:ff     *        eth0\n"
		"192.168.1.1      0x1         0x2         50:c7:bf:00:11:22     *        eth0\n"
		"192.168.1.30     0x1         0x0         00:00:00:00:00:00     *        eth0\n"
		"nonsense\n";
	const struct slice all = slice_of(table, strlen(table));
	char mac[OUI_MAC_TEXT];
	struct addr addr;

	(void)state;
	assert_int_equal(addr_parse(&addr, "192.168.1.1", 0), ERR_NONE);
	assert_true(router_oui_neighbour(mac, all, &addr));
	assert_string_equal(mac, "50:c7:bf:00:11:22");
	assert_int_equal(addr_parse(&addr, "192.168.1.30", 0), ERR_NONE);
	assert_false(router_oui_neighbour(mac, all, &addr));
	assert_int_equal(addr_parse(&addr, "192.168.1.40", 0), ERR_NONE);
	assert_false(router_oui_neighbour(mac, all, &addr));
}

/* A word that cannot be true is no word; a private address is a second NAT. */
static void outside_addresses_are_judged(void **state)
{
	static const struct {
		const char *outside;
		bool usable, behind_nat;
	} cases[] = {
		{ "203.0.113.2", true, false },  { "10.0.0.2", true, true },
		{ "172.31.255.1", true, true },  { "172.32.0.1", true, false },
		{ "192.168.2.1", true, true },   { "100.64.0.2", true, true },
		{ "100.128.0.1", true, false },  { "192.168.1.1", false, false },
		{ "169.254.1.1", false, false }, { "127.0.0.1", false, false },
		{ "0.0.0.0", false, false },     { "0.1.2.3", false, false },
		{ "224.0.0.1", false, false },   { "255.255.255.255", false, false },
		{ "2001:db8::1", false, false },
	};
	struct addr gateway, outside, none = { 0 };

	(void)state;
	assert_int_equal(addr_parse(&gateway, "192.168.1.1", 0), ERR_NONE);
	assert_false(router_outside_is_usable(&none, &gateway));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(addr_parse(&outside, cases[i].outside, 0), ERR_NONE);
		if (router_outside_is_usable(&outside, &gateway) != cases[i].usable ||
		    (cases[i].usable && router_is_behind_nat(&outside) != cases[i].behind_nat))
			fail_msg("%s", cases[i].outside);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_read_and_made_safe),
		cmocka_unit_test(only_the_gateway_is_asked),
		cmocka_unit_test(makers_are_known_by_their_cards),
		cmocka_unit_test(the_neighbour_is_found),
		cmocka_unit_test(outside_addresses_are_judged),
	};

	return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
