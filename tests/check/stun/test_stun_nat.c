/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the answers prove, without a socket. */
#include "check/stun_nat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct addr at(const char *text)
{
	struct addr addr;

	assert_int_equal(addr_parse_port(&addr, text, 3478), ERR_NONE);
	return addr;
}

static struct nat_view view(const char *to, const char *seen, unsigned group)
{
	return (struct nat_view){
		.local = at("192.168.1.10:5000"), .to = at(to), .seen = at(seen), .group = group
	};
}

static const char a1[] = "198.51.100.20:3478", a2[] = "198.51.100.20:3479";
static const char b1[] = "198.51.100.21:3478", b2[] = "198.51.100.21:3479";
static const char x[] = "203.0.113.2:1001", y[] = "203.0.113.2:1002", z[] = "203.0.113.2:1003";
static const char w[] = "203.0.113.2:1004";

/* What the four corners of one server saw; NULL: no answer. */
static enum nat_rule corners(const char *at_a1, const char *at_b1, const char *at_b2,
			     const char *at_a2)
{
	const char *const to[] = { a1, b1, b2, a2 }, *const seen[] = { at_a1, at_b1, at_b2, at_a2 };
	struct nat_view views[4];
	size_t count = 0;

	for (size_t i = 0; i < 4; i++)
		if (seen[i])
			views[count++] = view(to[i], seen[i], 0);
	return nat_mapping(views, count);
}

static void test_mapping(void **state)
{
	(void)state;
	assert_int_equal(corners(x, x, x, x), NAT_INDEPENDENT);
	assert_int_equal(corners(x, NULL, x, NULL), NAT_INDEPENDENT);
	assert_int_equal(corners(x, y, y, x), NAT_BY_ADDRESS);
	assert_int_equal(corners(x, y, y, NULL), NAT_BY_ADDRESS);
	assert_int_equal(corners(x, y, z, NULL), NAT_BY_ADDRESS_PORT);
	assert_int_equal(corners(x, y, z, w), NAT_BY_ADDRESS_PORT);
	assert_int_equal(corners(x, NULL, NULL, y), NAT_BY_ADDRESS_PORT);
	assert_int_equal(corners(x, y, NULL, NULL), NAT_DEPENDENT);
	assert_int_equal(corners(x, NULL, NULL, x), NAT_UNKNOWN);
	assert_int_equal(corners(x, NULL, NULL, NULL), NAT_UNKNOWN);
	assert_int_equal(corners(NULL, NULL, NULL, NULL), NAT_UNKNOWN);
	assert_int_equal(corners(x, x, y, x), NAT_CONTRADICTORY);
	assert_int_equal(corners(x, y, z, x), NAT_CONTRADICTORY);
}

/* A server with two addresses outweighs one that says otherwise; two such that disagree decide
 * nothing. */
static void test_groups(void **state)
{
	struct nat_view views[] = { view(a1, x, 0), view(b1, x, 0), view("192.0.2.9", y, 1) };
	struct nat_view split[] = { view(a1, x, 0), view(b1, x, 0), view("192.0.2.8", y, 1),
				    view("192.0.2.9", z, 1) };

	(void)state;
	assert_int_equal(nat_mapping(views, 3), NAT_INDEPENDENT);
	assert_int_equal(nat_mapping(split, 4), NAT_CONTRADICTORY);
	views[1].group = 2;
	assert_int_equal(nat_mapping(views, 3), NAT_CONTRADICTORY);
}

static void test_rounds(void **state)
{
	static const struct {
		enum nat_rule round[3];
		size_t count;
		bool enough;
		enum nat_rule rule;
	} cases[] = {
		{ { NAT_INDEPENDENT }, 1, true, NAT_INDEPENDENT },
		{ { NAT_UNKNOWN }, 1, true, NAT_UNKNOWN },
		{ { NAT_BY_ADDRESS }, 1, false, NAT_UNKNOWN },
		{ { NAT_CONTRADICTORY }, 1, false, NAT_UNKNOWN },
		{ { NAT_BY_ADDRESS, NAT_BY_ADDRESS }, 2, true, NAT_BY_ADDRESS },
		{ { NAT_BY_ADDRESS, NAT_BY_ADDRESS_PORT }, 2, true, NAT_DEPENDENT },
		{ { NAT_DEPENDENT, NAT_DEPENDENT }, 2, true, NAT_DEPENDENT },
		{ { NAT_BY_ADDRESS, NAT_INDEPENDENT }, 2, false, NAT_UNKNOWN },
		{ { NAT_BY_ADDRESS, NAT_INDEPENDENT, NAT_INDEPENDENT }, 3, true, NAT_INDEPENDENT },
		{ { NAT_BY_ADDRESS, NAT_UNKNOWN, NAT_BY_ADDRESS }, 3, true, NAT_BY_ADDRESS },
		{ { NAT_BY_ADDRESS, NAT_UNKNOWN, NAT_INDEPENDENT }, 3, false, NAT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool enough;

		assert_int_equal(nat_mapping_of_rounds(&enough, cases[i].round, cases[i].count),
				 cases[i].rule);
		assert_int_equal(enough, cases[i].enough);
	}
}

static bool is_sane(const char *seen)
{
	const struct nat_view one = view(a1, seen, 0);

	return nat_view_is_sane(&one);
}

static void test_sane(void **state)
{
	struct nat_view no_port = view(a1, x, 0);

	(void)state;
	addr_set_port(&no_port.seen, 0);
	assert_false(nat_view_is_sane(&no_port));
	assert_true(is_sane(x));
	assert_true(is_sane("10.0.0.1:5"));
	assert_false(is_sane("0.0.0.0:5"));
	assert_false(is_sane("0.1.2.3:5"));
	assert_false(is_sane("127.0.0.1:5"));
	assert_false(is_sane("224.0.0.1:5"));
	assert_false(is_sane("255.255.255.255:5"));
	assert_false(is_sane("[2001:db8::1]:5"));
}

static void test_keep(void **state)
{
	struct nat_view mixed[] = { view("192.168.1.5", "192.168.1.10:5000", 0), view(a1, x, 1),
				    view(b1, "0.0.0.0:9", 1), view(b2, "172.17.0.1:40", 2),
				    view(a2, x, 1) };
	struct nat_view only_private[] = { view(a1, "10.0.0.5:77", 0), view(b1, "10.0.0.5:77", 0) };
	struct nat_view two_ways[] = { view(a1, x, 0), view(b1, y, 0) };

	(void)state;
	assert_int_equal(nat_views_keep(mixed, 5), 2);
	assert_int_equal(mixed[0].group, 1);
	assert_int_equal(mixed[1].group, 1);
	assert_int_equal(nat_views_keep(only_private, 2), 2);
	/* Routed through another card, so from another address: not comparable. */
	two_ways[1].local = at("10.8.0.2:5000");
	assert_int_equal(nat_views_keep(two_ways, 2), 1);
	assert_int_equal(nat_views_keep(two_ways, 0), 0);
}

static void test_doubtful(void **state)
{
	const struct nat_view lone[] = { view(a1, "10.0.0.5:77", 0), view(b1, "10.0.0.5:77", 0) };
	const struct nat_view two[] = { view(a1, "10.0.0.5:77", 0), view(b1, "10.0.0.5:77", 1) };
	const struct nat_view public = view(a1, x, 0), own = view(a1, "192.168.1.10:7", 0);
	const struct nat_view inside = view("10.0.0.1:3478", "10.0.0.5:77", 0);
	const struct nat_view carrier = view(a1, "100.64.0.5:77", 0);

	(void)state;
	assert_true(nat_view_is_doubtful(lone, 2));
	assert_false(nat_view_is_doubtful(two, 2));
	assert_false(nat_view_is_doubtful(&public, 1));
	assert_false(nat_view_is_doubtful(&own, 1));
	assert_false(nat_view_is_doubtful(&inside, 1));
	assert_false(nat_view_is_doubtful(&carrier, 1));
	assert_false(nat_view_is_doubtful(lone, 0));
}

static void test_present(void **state)
{
	const struct nat_view through = view(a1, x, 0), direct = view(a1, "192.168.1.10:5000", 0);
	const struct nat_view other_port = view(a1, "192.168.1.10:5001", 0);

	(void)state;
	assert_int_equal(nat_present(&through, 1), KNOWN_YES);
	assert_int_equal(nat_present(&direct, 1), KNOWN_NO);
	assert_int_equal(nat_present(&other_port, 1), KNOWN_YES);
	assert_int_equal(nat_present(&direct, 0), KNOWN_NOT);
	assert_int_equal(nat_port_preserved(&direct, 1), KNOWN_YES);
	assert_int_equal(nat_port_preserved(&other_port, 1), KNOWN_NO);
	assert_int_equal(nat_port_preserved(&direct, 0), KNOWN_NOT);
}

static bool is_usable(const char *server, const char *other)
{
	const struct addr a = at(server), b = at(other);

	return nat_other_is_usable(&a, &b);
}

static void test_other(void **state)
{
	const struct addr none = { 0 }, server = at(a1);

	(void)state;
	assert_true(is_usable(a1, b2));
	assert_true(is_usable(a1, b1)); /* the mapping can be told all the same */
	assert_true(is_usable("192.168.1.5", "192.168.1.6:3479"));
	assert_true(is_usable("127.0.0.2", "127.0.0.3:3479"));
	assert_true(is_usable("2001:db8::20", "[2001:db8::21]:3479"));
	assert_false(is_usable(a1, a1));
	assert_false(is_usable(a1, a2));
	assert_false(is_usable(a1, "192.168.1.6:3479"));
	assert_false(is_usable(a1, "100.64.0.9:3479"));
	assert_false(is_usable(a1, "169.254.1.1:3479"));
	assert_false(is_usable(a1, "127.0.0.1:3479"));
	assert_false(is_usable(a1, "0.0.0.0:3479"));
	assert_false(is_usable(a1, "239.1.1.1:3479"));
	assert_false(is_usable(a1, "[2001:db8::21]:3479"));
	assert_false(is_usable("192.168.1.5", b2));
	assert_false(is_usable("127.0.0.2", b2));
	assert_false(is_usable("2001:db8::20", "[fe80::1]:3479"));
	assert_false(is_usable("2001:db8::20", "[ff02::1]:3479"));
	assert_false(nat_other_is_usable(&server, &none));
}

static void test_type(void **state)
{
	(void)state;
	assert_string_equal(nat_type(KNOWN_NO, NAT_INDEPENDENT, NAT_INDEPENDENT), "open");
	assert_string_equal(nat_type(KNOWN_NO, NAT_UNKNOWN, NAT_INDEPENDENT), "open");
	assert_string_equal(nat_type(KNOWN_NO, NAT_INDEPENDENT, NAT_BY_ADDRESS),
			    "symmetric-firewall");
	assert_string_equal(nat_type(KNOWN_NO, NAT_INDEPENDENT, NAT_UNKNOWN), "unknown");
	assert_string_equal(nat_type(KNOWN_YES, NAT_INDEPENDENT, NAT_INDEPENDENT), "full-cone");
	assert_string_equal(nat_type(KNOWN_YES, NAT_INDEPENDENT, NAT_BY_ADDRESS),
			    "restricted-cone");
	assert_string_equal(nat_type(KNOWN_YES, NAT_INDEPENDENT, NAT_BY_ADDRESS_PORT),
			    "port-restricted-cone");
	assert_string_equal(nat_type(KNOWN_YES, NAT_INDEPENDENT, NAT_UNKNOWN), "unknown");
	assert_string_equal(nat_type(KNOWN_YES, NAT_UNKNOWN, NAT_INDEPENDENT), "unknown");
	assert_string_equal(nat_type(KNOWN_YES, NAT_CONTRADICTORY, NAT_INDEPENDENT), "unknown");
	assert_string_equal(nat_type(KNOWN_YES, NAT_DEPENDENT, NAT_UNKNOWN), "symmetric");
	assert_string_equal(nat_type(KNOWN_YES, NAT_BY_ADDRESS, NAT_INDEPENDENT), "symmetric");
	assert_string_equal(nat_type(KNOWN_NOT, NAT_UNKNOWN, NAT_UNKNOWN), "unknown");
	assert_string_equal(nat_rule_text(NAT_DEPENDENT), "unknown");
	assert_string_equal(nat_rule_text(NAT_CONTRADICTORY), "unknown");
}

static enum known is_carrier(const char *local, const char *seen, const char *hop2,
			     const char *hop3)
{
	struct nat_carrier carrier = { .local = at(local), .seen = at(seen), .present = KNOWN_YES };
	const char *why;
	enum known known;

	if (hop2)
		carrier.hop[0] = at(hop2);
	if (hop3)
		carrier.hop[1] = at(hop3);
	if (addr_equal(&carrier.local, &carrier.seen))
		carrier.present = KNOWN_NO;
	known = nat_is_carrier(&why, &carrier);
	assert_int_equal(known == KNOWN_YES, why != NULL);
	return known;
}

static void test_carrier(void **state)
{
	static const char home[] = "192.168.1.10:5000";

	(void)state;
	assert_int_equal(is_carrier("100.64.3.4", x, NULL, NULL), KNOWN_YES);
	assert_int_equal(is_carrier(home, "100.64.3.4", NULL, NULL), KNOWN_YES);
	assert_int_equal(is_carrier(home, x, "100.64.0.1", NULL), KNOWN_YES);
	assert_int_equal(is_carrier(home, x, "192.168.178.1", "100.64.0.1"), KNOWN_YES);
	assert_int_equal(is_carrier(home, x, "203.0.113.1", "192.0.2.2"), KNOWN_NOT);
	/* RFC 6598 addresses deeper in the carrier's own network are no NAT. */
	assert_int_equal(is_carrier(home, x, "203.0.113.1", "100.64.0.1"), KNOWN_NOT);
	assert_int_equal(is_carrier(home, x, NULL, "100.64.0.1"), KNOWN_NOT);
	/* RFC 1918 in the carrier's core is none either. */
	assert_int_equal(is_carrier(home, x, "10.1.1.1", "10.1.1.2"), KNOWN_NOT);
	assert_int_equal(is_carrier(x, x, NULL, NULL), KNOWN_NO);
	assert_int_equal(is_carrier("100.64.3.4", "100.64.3.4", NULL, NULL), KNOWN_YES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mapping), cmocka_unit_test(test_groups),
		cmocka_unit_test(test_rounds),  cmocka_unit_test(test_sane),
		cmocka_unit_test(test_keep),    cmocka_unit_test(test_present),
		cmocka_unit_test(test_other),   cmocka_unit_test(test_type),
		cmocka_unit_test(test_carrier), cmocka_unit_test(test_doubtful),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
