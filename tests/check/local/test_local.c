/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check "local" in network namespaces made for it: each test begins in an empty one. */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "check/check.h"
#include "check/runner.h"

#define PROVIDER  "198.51.100.10"
#define PROVIDER6 "2001:db8:100::10"

struct result {
	struct site site;
	struct facts facts;
	json_t *findings; /* id -> the finding */
	char *summary, *why;
	enum check_state state;
};

static void keep(json_t *event_take, void *context)
{
	struct result *result = context;
	const char *kind = json_string_value(json_object_get(event_take, "event"));
	json_t *finding = json_object_get(event_take, "finding");

	if (!strcmp(kind, "fact"))
		facts_set_take(&result->facts,
			       json_string_value(json_object_get(event_take, "name")),
			       json_incref(json_object_get(event_take, "value")));
	if (!strcmp(kind, "finding")) {
		const char *id = json_string_value(json_object_get(finding, "id"));

		assert_null(json_object_get(result->findings, id)); /* never twice */
		json_object_set(result->findings, id, finding);
	}
	if (!strcmp(kind, "summary"))
		mem_replace(&result->summary,
			    json_string_value(json_object_get(event_take, "text")));
	if (!strcmp(kind, "why"))
		mem_replace(&result->why, json_string_value(json_object_get(event_take, "text")));
	json_decref(event_take);
}

/* A command that must work; they are all ip(8). */
static void ip(const char *arguments)
{
	char *command = mem_printf("ip %s", arguments);

	if (system(command))
		fail_msg("failed: %s", command);
	free(command);
}

/* One that this kernel may not have. */
static bool can_ip(const char *arguments)
{
	char *command = mem_printf("ip %s 2>/dev/null", arguments);
	const bool worked = !system(command);

	free(command);
	return worked;
}

static int enter_empty_net(void **state)
{
	(void)state;
	return unshare(CLONE_NEWNET);
}

static void set(struct result *result, const char *section, const char *key, const char *value)
{
	const char *expected;

	assert_int_equal(site_set(&result->site, section, key, value, &expected), ERR_NONE);
}

/* `provider` may be NULL. */
static struct result *new_result(const char *provider)
{
	struct result *result = mem_new(1, sizeof *result);

	site_init(&result->site);
	facts_init(&result->facts);
	result->findings = json_object();
	if (provider)
		set(result, "provider", "domain", provider);
	return result;
}

static void measure(struct result *result)
{
	struct sink sink = { .event = keep, .context = result };

	result->state = check_local.run(&result->site, &sink);
}

static struct result *look(const char *provider)
{
	struct result *result = new_result(provider);

	measure(result);
	assert_int_equal(result->state, CHECK_DONE);
	assert_non_null(result->summary);
	return result;
}

static void free_result(struct result *result)
{
	site_clear(&result->site);
	facts_clear(&result->facts);
	json_decref(result->findings);
	free(result->summary);
	free(result->why);
	free(result);
}

static void expect(const struct result *result, const char *name, const char *value)
{
	if (strcmp(facts_text(&result->facts, name), value))
		fail_msg("%s is %s, expected %s (%s)", name, facts_text(&result->facts, name),
			 value, result->summary);
}

static void expect_findings(const struct result *result, const char *only)
{
	const char *id;
	json_t *finding;

	json_object_foreach(result->findings, id, finding)
		if (!only || strcmp(id, only))
			fail_msg("found %s: %s", id, result->summary);
	if (only && !json_object_get(result->findings, only))
		fail_msg("did not find %s: %s", only, result->summary);
}

static bool says(const json_t *finding, const char *part)
{
	json_t *sentence;
	size_t i;

	json_array_foreach(json_object_get(finding, "evidence"), i, sentence)
		if (strstr(json_string_value(sentence), part))
			return true;
	return false;
}

/* A card whose far end is plugged in. */
static void add_card(const char *name)
{
	char *add = mem_printf("link add %s type veth peer name far-%s", name, name);
	char *far = mem_printf("link set far-%s up", name);
	char *near = mem_printf("link set %s up", name);

	ip(add);
	ip(far);
	ip(near);
	free(add);
	free(far);
	free(near);
}

static void one_card(void)
{
	add_card("lan0");
	ip("link set lan0 mtu 1400");
	ip("addr add 192.168.7.2/24 dev lan0");
	ip("route add default via 192.168.7.1");
}

static void nothing_at_all(void **state)
{
	struct result *result = look(NULL);

	(void)state;
	expect_findings(result, "no-default-route");
	assert_true(says(json_object_get(result->findings, "no-default-route"),
			 "No network interface is in use"));
	assert_true(facts_known(&result->facts, "host.os"));
	assert_true(facts_known(&result->facts, "host.name"));
	expect(result, "net.interface", "unknown");
	expect(result, "net.kind", "unknown");
	assert_int_equal(json_array_size(facts_get(&result->facts, "net.interfaces")), 0);
	assert_non_null(strstr(result->summary, "no route"));
	free_result(result);
	result = look(PROVIDER);
	expect_findings(result, "no-default-route");
	assert_true(says(json_object_get(result->findings, "no-default-route"), PROVIDER));
	free_result(result);
}

static void name_without_a_network(void **state)
{
	struct result *result = look("sip.example.invalid");

	(void)state;
	expect_findings(result, "no-default-route");
	assert_non_null(strstr(result->summary, "sip.example.invalid"));
	free_result(result);
}

static void card_without_a_route(void **state)
{
	struct result *result;

	(void)state;
	add_card("lan0");
	ip("addr add 192.168.7.2/24 dev lan0");
	result = look(PROVIDER);
	expect_findings(result, "no-default-route");
	assert_true(says(json_object_get(result->findings, "no-default-route"),
			 "none has a default route"));
	assert_int_equal(json_array_size(facts_get(&result->facts, "net.interfaces")), 1);
	free_result(result);
	/* A provider on the link itself needs none. */
	result = look("192.168.7.9");
	expect_findings(result, NULL);
	expect(result, "net.interface", "lan0");
	expect(result, "net.gateway", "none");
	free_result(result);
}

static void one_route(void **state)
{
	struct result *result;
	json_t *expected = json_pack("[{s:s, s:s, s:s}]", "interface", "lan0", "address",
				     "192.168.7.2", "default-route", "yes");

	(void)state;
	one_card();
	result = look(PROVIDER);
	expect_findings(result, NULL);
	expect(result, "net.interface", "lan0");
	expect(result, "net.address", "192.168.7.2");
	expect(result, "net.gateway", "192.168.7.1");
	expect(result, "net.kind", "unknown"); /* a virtual card leads who knows where */
	assert_true(facts_number(&result->facts, "net.mtu", 0) == 1400);
	assert_true(json_equal(facts_get(&result->facts, "net.interfaces"), expected));
	assert_non_null(strstr(result->summary, PROVIDER));
	free_result(result);
	result = look(NULL);
	expect_findings(result, NULL);
	expect(result, "net.interface", "lan0");
	assert_non_null(strstr(result->summary, "no provider is named"));
	free_result(result);
	json_decref(expected);
}

static void route_has_its_own_mtu(void **state)
{
	struct result *result;

	(void)state;
	one_card();
	ip("route add 198.51.100.0/24 via 192.168.7.3 mtu 1300");
	result = look(PROVIDER);
	assert_true(facts_number(&result->facts, "net.mtu", 0) == 1300);
	expect(result, "net.gateway", "192.168.7.3");
	free_result(result);
}

static void two_default_routes(void **state)
{
	struct result *result;
	const json_t *finding;

	(void)state;
	one_card();
	add_card("air0");
	ip("addr add 10.9.0.2/24 dev air0");
	result = look(PROVIDER);
	expect_findings(result, NULL);
	free_result(result);
	ip("route add default via 10.9.0.1 metric 600");
	result = look(PROVIDER);
	expect_findings(result, "multiple-interfaces");
	finding = json_object_get(result->findings, "multiple-interfaces");
	assert_true(says(finding, "lan0") && says(finding, "air0") && says(finding, "10.9.0.2"));
	assert_string_equal(json_string_value(json_object_get(finding, "severity")), "risk");
	expect(result, "net.interface", "lan0");
	free_result(result);
	/* Its link is gone: the route does not count. */
	ip("link set air0 down");
	result = look(PROVIDER);
	expect_findings(result, NULL);
	free_result(result);
}

static void two_ways_in_one_route(void **state)
{
	struct result *result;

	(void)state;
	one_card();
	add_card("air0");
	ip("addr add 10.9.0.2/24 dev air0");
	ip("route replace default nexthop via 192.168.7.1 nexthop via 10.9.0.1");
	result = look(PROVIDER);
	expect_findings(result, "multiple-interfaces");
	free_result(result);
}

/* The kernel tells the other end by and by. */
static void wait_until_dead(const char *card)
{
	char *shows = mem_printf("-o link show dev %s | grep -q LOWERLAYERDOWN", card);

	for (int tries = 0; tries < 500; tries++) {
		if (can_ip(shows)) {
			free(shows);
			return;
		}
		poll(NULL, 0, 10);
	}
	fail_msg("%s does not notice that its other end is down", card);
}

static void cable_is_pulled_out(void **state)
{
	struct result *result;

	(void)state;
	one_card();
	ip("link set far-lan0 down"); /* the routes stay */
	wait_until_dead("lan0");
	result = look(PROVIDER);
	expect_findings(result, "no-default-route");
	assert_true(says(json_object_get(result->findings, "no-default-route"),
			 "lan0, whose link is down"));
	assert_int_equal(json_array_size(facts_get(&result->facts, "net.interfaces")), 0);
	free_result(result);
}

static void one_family_each(void **state)
{
	struct result *result;

	(void)state;
	one_card();
	add_card("air0");
	ip("addr add 2001:db8:9::2/64 dev air0 nodad");
	ip("route add default via 2001:db8:9::1");
	result = look(PROVIDER);
	expect_findings(result, NULL);
	expect(result, "net.interface", "lan0");
	free_result(result);
	result = look(PROVIDER6);
	expect(result, "net.interface", "air0");
	free_result(result);
}

static void bridge_for_guests(void **state)
{
	struct result *result;

	(void)state;
	one_card();
	if (!can_ip("link add virbr0 type bridge"))
		skip(); /* this kernel has no bridges */
	add_card("port0");
	ip("link set port0 master virbr0");
	ip("link set virbr0 up");
	ip("addr add 192.168.122.1/24 dev virbr0");
	result = look(PROVIDER);
	expect_findings(result, NULL);
	free_result(result);
}

/* A tunnel that a program keeps up, as OpenVPN does; it ends when *fd is closed. */
static bool add_tun(int *fd)
{
	struct ifreq request = { .ifr_name = "vpn0", .ifr_flags = IFF_TUN | IFF_NO_PI };

	*fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	return *fd >= 0 && !ioctl(*fd, TUNSETIFF, &request);
}

/* The first kind of tunnel that the kernel has, as vpn0. */
static bool add_tunnel(int *fd)
{
	return add_tun(fd) || can_ip("link add vpn0 type wireguard") ||
	       can_ip("link add vpn0 type ipip remote 192.168.7.1") ||
	       can_ip("link add vpn0 type gre remote 192.168.7.1");
}

static void tunnel_to_the_provider(void **state)
{
	struct result *result;
	int fd;

	(void)state;
	one_card();
	if (!add_tunnel(&fd))
		skip(); /* this kernel has no tunnels */
	ip("addr add 10.8.0.2/24 dev vpn0");
	ip("link set vpn0 up");
	result = look(PROVIDER);
	expect_findings(result, NULL);
	expect(result, "net.interface", "lan0");
	free_result(result);
	ip("route add 198.51.100.0/24 dev vpn0");
	result = look(PROVIDER);
	expect_findings(result, "vpn-carries-voice");
	assert_true(says(json_object_get(result->findings, "vpn-carries-voice"), PROVIDER));
	expect(result, "net.kind", "vpn");
	expect(result, "net.interface", "vpn0");
	expect(result, "net.address", "10.8.0.2");
	free_result(result);
	/* Two halves of the Internet, more exact than the default route that stays where it was. */
	ip("route del 198.51.100.0/24 dev vpn0");
	ip("route add 128.0.0.0/1 dev vpn0");
	result = look(NULL);
	expect_findings(result, "vpn-carries-voice");
	free_result(result);
	close(fd);
}

static void tunnel_by_rule(void **state)
{
	struct result *result;
	int fd;

	(void)state;
	one_card();
	if (!add_tunnel(&fd))
		skip(); /* this kernel has no tunnels */
	ip("link set vpn0 up");
	ip("route add default dev vpn0 table 51820");
	if (!can_ip("rule add to 198.51.100.0/24 lookup 51820"))
		skip(); /* this kernel has no policy routing */
	result = look(PROVIDER);
	expect_findings(result, "vpn-carries-voice");
	expect(result, "net.interface", "vpn0");
	free_result(result);
	result = look(NULL);
	expect_findings(result, NULL);
	free_result(result);
	close(fd);
}

static void refused_by_a_route(void **state)
{
	static const char *const kinds[] = { "blackhole", "unreachable", "prohibit" };

	(void)state;
	one_card();
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char *route = mem_printf("route replace %s 198.51.100.0/24", kinds[i]);
		struct result *result;

		ip(route);
		result = look(PROVIDER);
		expect(result, "net.interface", "unknown");
		expect_findings(result, NULL); /* there is a default route */
		assert_non_null(strstr(result->summary, "no route to"));
		free_result(result);
		free(route);
	}
}

static void ipv6_alone(void **state)
{
	struct result *result;
	json_t *expected = json_pack("[{s:s, s:s, s:s}]", "interface", "lan0", "address",
				     "2001:db8:7::2", "default-route", "yes");

	(void)state;
	add_card("lan0");
	ip("addr add 2001:db8:7::2/64 dev lan0 nodad");
	ip("route add default via fe80::1 dev lan0");
	result = look(PROVIDER6);
	expect_findings(result, NULL);
	expect(result, "net.interface", "lan0");
	expect(result, "net.address", "2001:db8:7::2");
	assert_int_equal(strncmp(facts_text(&result->facts, "net.gateway"), "fe80::1", 7), 0);
	assert_true(json_equal(facts_get(&result->facts, "net.interfaces"), expected));
	free_result(result);
	result = look(NULL);
	expect_findings(result, NULL);
	expect(result, "net.interface", "lan0");
	free_result(result);
	/* Not reachable from here, but that is not for want of a default route. */
	result = look(PROVIDER);
	expect_findings(result, NULL);
	expect(result, "net.interface", "unknown");
	free_result(result);
	json_decref(expected);
}

static void many_addresses(void **state)
{
	struct result *result;

	(void)state;
	one_card();
	for (unsigned i = 0; i < 300; i++) {
		char *address = mem_printf("addr add 10.%u.%u.1/32 dev lan0", 1 + i / 200, i % 200);

		ip(address);
		free(address);
	}
	result = look(PROVIDER);
	expect_findings(result, NULL);
	expect(result, "net.address", "192.168.7.2");
	assert_int_equal(json_array_size(facts_get(&result->facts, "net.interfaces")), 64);
	free_result(result);
}

static void odd_names(void **state)
{
	struct result *result;

	(void)state;
	ip("link add name \"$(printf 'a\\033[31m\\377')\" type veth peer name far0");
	ip("link set far0 up");
	ip("link set \"$(printf 'a\\033[31m\\377')\" up");
	ip("addr add 192.168.7.2/24 dev \"$(printf 'a\\033[31m\\377')\"");
	ip("route add default via 192.168.7.1");
	result = look(PROVIDER);
	expect_findings(result, NULL);
	expect(result, "net.interface", "a\\x1b[31m\\xff");
	assert_non_null(strstr(result->summary, "a\\x1b[31m\\xff"));
	free_result(result);
}

static void interface_that_was_asked_for(void **state)
{
	struct result *result = new_result(PROVIDER);

	(void)state;
	one_card();
	add_card("air0");
	ip("addr add 10.9.0.2/24 dev air0");
	ip("route add default via 10.9.0.1 metric 600");
	result->site.interface = mem_text("air0");
	measure(result);
	assert_int_equal(result->state, CHECK_DONE);
	expect(result, "net.interface", "air0");
	expect(result, "net.address", "10.9.0.2");
	mem_replace(&result->site.interface, "eth7");
	measure(result);
	assert_int_equal(result->state, CHECK_FAILED);
	assert_non_null(strstr(result->why, "eth7"));
	free_result(result);
}

static bool can_nft(const char *rules)
{
	char *command = mem_printf("nft '%s' 2>/dev/null", rules);
	const bool worked = !system(command);

	free(command);
	return worked;
}

static struct result *look_with_voice(void)
{
	struct result *result = new_result(PROVIDER);

	set(result, "media", "rtp-ports", "10000-10100");
	measure(result);
	assert_int_equal(result->state, CHECK_DONE);
	return result;
}

static const json_t *blocks(const struct result *result)
{
	expect_findings(result, "host-firewall-blocks");
	return json_object_get(result->findings, "host-firewall-blocks");
}

/* Only what Linux itself refuses to send counts. */
static void own_firewall(void **state)
{
	struct result *result;

	(void)state;
	one_card();
	if (!can_nft(
		    "add table inet t; add chain inet t o { type filter hook output priority 0; }"))
		skip(); /* no nft here */
	result = look_with_voice();
	expect_findings(result, NULL);
	free_result(result);
	assert_true(can_nft("add rule inet t o udp dport 5060 drop"));
	result = look_with_voice();
	assert_true(says(blocks(result), "for SIP to " PROVIDER ":5060 (EPERM)"));
	assert_true(says(blocks(result), "voice (RTP) to " PROVIDER ":10050 is let out"));
	assert_false(says(blocks(result), "Nor may UDP"));
	assert_string_equal(json_string_value(json_object_get(blocks(result), "direction")), "out");
	free_result(result);
	assert_true(
		can_nft("flush chain inet t o; add rule inet t o udp dport 10000-20000 reject"));
	result = look_with_voice();
	assert_true(says(blocks(result), "for voice (RTP) to " PROVIDER ":10050 (EPERM)"));
	assert_true(says(blocks(result), "SIP to " PROVIDER ":5060 is let out"));
	free_result(result);
	assert_true(can_nft("flush chain inet t o; add rule inet t o meta l4proto udp drop"));
	result = look_with_voice();
	assert_true(says(blocks(result), "Nor may UDP"));
	free_result(result);
	/* What is dropped coming in does not show, nor what is lost farther on. */
	assert_true(can_nft(
		"flush chain inet t o; add chain inet t i { type filter hook input priority "
		"0; policy drop; }"));
	result = look_with_voice();
	expect_findings(result, NULL);
	free_result(result);
}

/* What a route forbids is no firewall. */
static void forbidden_by_a_route(void **state)
{
	struct result *result;

	(void)state;
	one_card();
	ip("route add prohibit 198.51.100.0/24");
	result = look_with_voice();
	expect_findings(result, NULL);
	free_result(result);
}

static void keep_told(const struct check *check, const json_t *event, void *context)
{
	struct result *result = context;
	const char *state = json_string_value(json_object_get(event, "state"));

	(void)check;
	keep(json_deep_copy(event), context);
	if (state)
		assert_int_equal(check_state_parse(&result->state, state), ERR_NONE);
}

static void in_its_own_process(void **state)
{
	struct result *result = new_result(PROVIDER);
	struct runner *runner = runner_new(&result->site, keep_told, result);

	(void)state;
	one_card();
	result->state = CHECK_FAILED;
	assert_int_equal(runner_start(runner, &check_local), ERR_NONE);
	runner_finish(runner, NULL);
	runner_free(runner);
	assert_int_equal(result->state, CHECK_DONE);
	expect_findings(result, NULL);
	expect(result, "net.interface", "lan0");
	expect(result, "net.address", "192.168.7.2");
	assert_true(facts_known(&result->facts, "host.os"));
	free_result(result);
}

/* A user namespace of our own gives an ordinary user the right to make network namespaces. */
static bool may_make_nets(void)
{
	char map[32];
	FILE *file;
	const unsigned user = getuid();

	if (!unshare(CLONE_NEWNET))
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	snprintf(map, sizeof map, "0 %u 1", user);
	file = fopen("/proc/self/uid_map", "we");
	return file && fputs(map, file) >= 0 && !fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_at_all, enter_empty_net),
		cmocka_unit_test_setup(name_without_a_network, enter_empty_net),
		cmocka_unit_test_setup(card_without_a_route, enter_empty_net),
		cmocka_unit_test_setup(one_route, enter_empty_net),
		cmocka_unit_test_setup(route_has_its_own_mtu, enter_empty_net),
		cmocka_unit_test_setup(two_default_routes, enter_empty_net),
		cmocka_unit_test_setup(two_ways_in_one_route, enter_empty_net),
		cmocka_unit_test_setup(cable_is_pulled_out, enter_empty_net),
		cmocka_unit_test_setup(one_family_each, enter_empty_net),
		cmocka_unit_test_setup(bridge_for_guests, enter_empty_net),
		cmocka_unit_test_setup(tunnel_to_the_provider, enter_empty_net),
		cmocka_unit_test_setup(tunnel_by_rule, enter_empty_net),
		cmocka_unit_test_setup(refused_by_a_route, enter_empty_net),
		cmocka_unit_test_setup(ipv6_alone, enter_empty_net),
		cmocka_unit_test_setup(many_addresses, enter_empty_net),
		cmocka_unit_test_setup(odd_names, enter_empty_net),
		cmocka_unit_test_setup(interface_that_was_asked_for, enter_empty_net),
		cmocka_unit_test_setup(own_firewall, enter_empty_net),
		cmocka_unit_test_setup(forbidden_by_a_route, enter_empty_net),
		cmocka_unit_test_setup(in_its_own_process, enter_empty_net),
	};

	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	if (!may_make_nets()) {
		puts("skipped: making network namespaces is not permitted here");
		return 77;
	}
	if (!can_ip("link add try0 type veth peer name try1")) {
		puts("skipped: ip(8) is missing, or the kernel has no veth interfaces");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
