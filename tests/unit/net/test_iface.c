/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Netlink messages as bytes, kinds of links as data, and the loopback of this machine. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "net/iface.h"
#include "net/link.h"
#include "net/netlink.h"
#include "net/wireless.h"

/* These want <net/if.h> to have come first. */
#include <linux/if_arp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#ifdef HAVE_LINUX_NL80211_H
#include <linux/nl80211.h>
#endif

static void add(struct buf *buf, uint16_t type, const void *data, size_t length)
{
	const struct nlattr header = { .nla_len = (uint16_t)(sizeof header + length),
				       .nla_type = type };

	assert_int_equal(buf_add(buf, &header, sizeof header), ERR_NONE);
	assert_int_equal(buf_add(buf, data, length), ERR_NONE);
	assert_int_equal(buf_add(buf, "\0\0\0", (4 - length % 4) % 4), ERR_NONE);
}

static void attributes_are_found(void **state)
{
	const uint32_t number = 70000;
	struct slice value;
	struct buf buf;

	(void)state;
	buf_init(&buf, 1024);
	add(&buf, 3, "abcde", 5);
	add(&buf, 7 | NLA_F_NESTED, &number, sizeof number);
	add(&buf, 9, "xy", 2);
	assert_int_equal(netlink_find(&value, slice_of(buf.data, buf.length), 3), ERR_NONE);
	assert_true(slice_is(value, "abcde"));
	assert_true(netlink_u32(slice_of(buf.data, buf.length), 7, 1) == number);
	assert_true(netlink_u32(slice_of(buf.data, buf.length), 8, 1) == 1);
	assert_true(netlink_u32(slice_of(buf.data, buf.length), 9, 1) ==
		    1); /* too short for a number */
	assert_int_equal(netlink_find(&value, slice_of(buf.data, buf.length), 4), ERR_NOT_FOUND);
	/* Cut anywhere, it is never read past the cut. The last one's padding may be missing. */
	for (size_t cut = 1; cut < 12; cut++)
		assert_int_equal(netlink_find(&value, slice_of(buf.data, buf.length - cut), 9),
				 cut <= 2   ? ERR_NONE
				 : cut == 8 ? ERR_NOT_FOUND
					    : ERR_TRUNCATED);
	buf_clear(&buf);
}

static void attribute_that_lies_about_its_length(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 3, 9, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		const struct nlattr header = { .nla_len = lengths[i], .nla_type = 5 };
		uint8_t bytes[8] = { 0 };
		struct slice value;

		memcpy(bytes, &header, sizeof header);
		assert_int_equal(netlink_find(&value, slice_of(bytes, sizeof bytes), 5),
				 ERR_TRUNCATED);
	}
}

static void link_is_read(void **state)
{
	const struct ifinfomsg header = { .ifi_type = ARPHRD_ETHER,
					  .ifi_index = 1234567,
					  .ifi_flags = IFF_UP };
	const uint32_t mtu = 1420, lower = 7;
	struct buf info, buf;
	struct link link;

	(void)state;
	buf_init(&info, 1024);
	buf_init(&buf, 1024);
	add(&info, IFLA_INFO_KIND, "vlan", 5);
	assert_int_equal(buf_add(&buf, &header, sizeof header), ERR_NONE);
	add(&buf, IFLA_IFNAME, "a-name-far-too-long-for-a-link", 31);
	add(&buf, IFLA_MTU, &mtu, sizeof mtu);
	add(&buf, IFLA_LINK, &lower, sizeof lower);
	add(&buf, IFLA_LINKINFO, info.data, info.length);
	assert_int_equal(link_read(&link, slice_of(buf.data, buf.length)), ERR_NONE);
	assert_string_equal(link.name, "a-name-far-too-");
	assert_string_equal(link.driver, "vlan");
	assert_int_equal(link.mtu, 1420);
	assert_int_equal(link.lower, 7);
	assert_false(link.device || link.wifi || link.cellular);
	/* What it lies on is in another network namespace: the number is not one of ours. */
	add(&buf, IFLA_LINK_NETNSID, &lower, sizeof lower);
	assert_int_equal(link_read(&link, slice_of(buf.data, buf.length)), ERR_NONE);
	assert_int_equal(link.lower, 0);
	assert_int_equal(link_read(&link, slice_of(buf.data, sizeof header - 1)), ERR_TRUNCATED);
	buf_clear(&info);
	buf_clear(&buf);
}

static void kinds_are_never_guessed(void **state)
{
	enum { ETHER = ARPHRD_ETHER };
	static const struct {
		struct link link;
		enum iface_kind kind;
	} table[] = {
		{ { .index = 1, .type = ARPHRD_LOOPBACK }, IFACE_UNKNOWN },
		{ { .index = 2, .type = ETHER, .device = true }, IFACE_WIRED },
		{ { .index = 3, .type = ETHER, .device = true, .wifi = true }, IFACE_WIFI },
		{ { .index = 4, .type = ETHER, .device = true, .cellular = true }, IFACE_CELLULAR },
		{ { .index = 5, .type = ARPHRD_NONE, .device = true, .cellular = true },
		  IFACE_CELLULAR },
		{ { .index = 6, .type = ARPHRD_NONE, .driver = "wireguard" }, IFACE_VPN },
		{ { .index = 7, .type = ARPHRD_NONE, .driver = "tun" }, IFACE_VPN },
		{ { .index = 8, .type = ETHER, .driver = "tun" }, IFACE_VPN },
		{ { .index = 9, .type = ARPHRD_SIT, .driver = "sit" }, IFACE_VPN },
		{ { .index = 10, .type = ARPHRD_PPP, .driver = "ppp" },
		  IFACE_UNKNOWN }, /* DSL, modem or VPN */
		{ { .index = 11, .type = ETHER, .driver = "veth" }, IFACE_UNKNOWN },
		{ { .index = 12, .type = ETHER }, IFACE_UNKNOWN },
		{ { .index = 13, .type = ETHER, .driver = "vlan", .lower = 2 }, IFACE_WIRED },
		{ { .index = 14, .type = ETHER, .driver = "macvlan", .lower = 3 }, IFACE_WIFI },
		{ { .index = 15, .type = ETHER, .driver = "vlan", .lower = 13 }, IFACE_WIRED },
		{ { .index = 16, .type = ETHER, .driver = "vlan", .lower = 0 }, IFACE_UNKNOWN },
		{ { .index = 17, .type = ETHER, .driver = "vlan", .lower = 17 },
		  IFACE_UNKNOWN }, /* round in a circle */
		{ { .index = 20, .type = ETHER, .driver = "bridge" }, IFACE_WIRED },
		{ { .index = 21, .type = ETHER, .device = true, .master = 20 }, IFACE_WIRED },
		{ { .index = 22, .type = ETHER, .driver = "tun", .master = 20 }, IFACE_VPN },
		{ { .index = 23, .type = ETHER, .driver = "veth", .master = 20 }, IFACE_UNKNOWN },
		{ { .index = 30, .type = ETHER, .driver = "bond" },
		  IFACE_UNKNOWN }, /* a cable and Wi-Fi */
		{ { .index = 31, .type = ETHER, .device = true, .master = 30 }, IFACE_WIRED },
		{ { .index = 32, .type = ETHER, .device = true, .wifi = true, .master = 30 },
		  IFACE_WIFI },
		{ { .index = 40, .type = ETHER, .driver = "bridge" },
		  IFACE_UNKNOWN }, /* containers alone */
		{ { .index = 41, .type = ETHER, .driver = "veth", .master = 40 }, IFACE_UNKNOWN },
	};
	enum { COUNT = sizeof table / sizeof *table };
	struct link links[COUNT];

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		links[i] = table[i].link;
	for (size_t i = 0; i < COUNT; i++)
		if (link_kind(links, COUNT, &links[i]) != table[i].kind)
			fail_msg("link %u is %s", links[i].index,
				 iface_kind_text(link_kind(links, COUNT, &links[i])));
}

static void signal_is_read(void **state)
{
#ifdef HAVE_LINUX_NL80211_H
	const int8_t last = -71, mean = -68;
	struct buf station, buf;
	int dbm = 0;

	(void)state;
	buf_init(&station, 256);
	buf_init(&buf, 256);
	assert_int_equal(wireless_station_signal(&dbm, slice_of(NULL, 0)), ERR_NOT_FOUND);
	add(&station, NL80211_STA_INFO_SIGNAL, &last, 1);
	add(&buf, NL80211_ATTR_STA_INFO, station.data, station.length);
	assert_int_equal(wireless_station_signal(&dbm, slice_of(buf.data, buf.length)), ERR_NONE);
	assert_int_equal(dbm, -71);
	add(&station, NL80211_STA_INFO_SIGNAL_AVG, &mean, 1);
	buf_reset(&buf);
	add(&buf, NL80211_ATTR_STA_INFO, station.data, station.length);
	assert_int_equal(wireless_station_signal(&dbm, slice_of(buf.data, buf.length)), ERR_NONE);
	assert_int_equal(dbm, -68);
	assert_int_equal(wireless_station_signal(&dbm, slice_of(buf.data, buf.length - 5)),
			 ERR_TRUNCATED);
	buf_clear(&station);
	buf_clear(&buf);
#else
	(void)state;
	skip(); /* built without nl80211 */
#endif
}

static void loopback_is_there(void **state)
{
	struct iface_list list;
	struct iface_route route;
	const struct iface *lo;
	struct addr to;
	int dbm;

	(void)state;
	assert_int_equal(iface_list_load(&list), ERR_NONE);
	lo = iface_find_name(&list, "lo");
	assert_non_null(lo);
	assert_true(lo->loopback);
	assert_int_equal(lo->kind, IFACE_UNKNOWN);
	assert_ptr_equal(iface_find(&list, lo->index), lo);
	assert_false(wireless_is(lo->index));
	assert_int_equal(wireless_signal(&dbm, lo->index), ERR_NOT_FOUND);
	assert_int_equal(addr_parse(&to, "127.0.0.1", 0), ERR_NONE);
	if (lo->up) {
		assert_int_equal(iface_route(&route, &to, 0), ERR_NONE);
		assert_int_equal(route.index, lo->index);
		assert_true(addr_same_host(&route.source, &to));
		assert_false(addr_is_set(&route.gateway));
	}
	assert_null(iface_find(&list, 0));
	assert_null(iface_find_name(&list, ""));
	iface_list_clear(&list);
	iface_list_clear(&list);
}

static void nonsense_has_no_route(void **state)
{
	struct iface_route route = { .index = 77 };
	const struct addr unset = { 0 };
	struct addr to;

	(void)state;
	assert_int_equal(iface_route(&route, &unset, 0), ERR_UNSUPPORTED);
	assert_int_equal(addr_parse(&to, "192.0.2.1", 0), ERR_NONE);
	assert_int_not_equal(iface_route(&route, &to, 0x7ffffff0),
			     ERR_NONE); /* no such interface */
	assert_int_equal(route.index, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes_are_found),
		cmocka_unit_test(attribute_that_lies_about_its_length),
		cmocka_unit_test(link_is_read),
		cmocka_unit_test(kinds_are_never_guessed),
		cmocka_unit_test(signal_is_read),
		cmocka_unit_test(loopback_is_there),
		cmocka_unit_test(nonsense_has_no_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
