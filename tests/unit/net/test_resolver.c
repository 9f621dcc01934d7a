/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resolver_host() and resolver_sip() as they ship, with a resolv.conf and resolvers of the test's
 * own. */
#include "net/resolver.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mock/dns_server.h"
#include "mock/own_net.h"
#include "net/locate.h"

enum { EVERY = 1 << SIP_UDP | 1 << SIP_TCP | 1 << SIP_TLS, WAIT_MS = 8000 };

static struct dns_server *server;

static int set_up(void **state)
{
	(void)state;
	server = dns_server_new("127.0.0.53", DNS_PORT);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	dns_server_free(server);
	return 0;
}

/* "udp sip.example.com 192.0.2.1:5060|tcp …", or the error's words. */
static void expect(const struct sip_query *query, int64_t ms, const char *wanted)
{
	static const char *const words[] = { "udp", "tcp", "tls" };
	const struct deadline until = deadline_in(ms);
	struct sip_targets targets;
	const enum err err = resolver_sip(&targets, query, &until);
	char text[2048] = "", addr[ADDR_TEXT];
	size_t used = 0;

	if (err)
		snprintf(text, sizeof text, "%s", err_text(err));
	for (size_t i = 0; i < targets.count; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %s %s",
					 i ? "|" : "", words[targets.target[i].transport],
					 targets.target[i].host,
					 addr_text(addr, &targets.target[i].addr));
	assert_string_equal(text, wanted);
	sip_targets_clear(&targets);
}

static void leads_to(const char *host, const char *wanted)
{
	const struct sip_query query = { .host = host, .family = AF_INET, .transports = EVERY };

	expect(&query, WAIT_MS, wanted);
}

static void add_srv(const char *service, unsigned port, const char *host, const char *address)
{
	dns_server_srv(server, service, 10, 1, port, host);
	dns_server_address(server, host, address);
}

static void test_literal(void **state)
{
	(void)state;
	leads_to("127.0.0.1", "udp 127.0.0.1 127.0.0.1:5060");
	expect(&(struct sip_query){ .host = "::1", .transports = 1 << SIP_TLS }, WAIT_MS,
	       "tls ::1 [::1]:5061");
	expect(&(struct sip_query){ .host = "::1", .port = 5080 }, WAIT_MS, "udp ::1 [::1]:5080");
	leads_to("::1", "not found");
	dns_server_start(server);
	assert_int_equal(dns_server_asked(server, NULL, 0, 0), 0);
}

static void test_naptr(void **state)
{
	(void)state;
	dns_server_naptr(server, "example.com", 20, 1, "s", "SIP+D2U", "", "udp.example.com");
	dns_server_naptr(server, "example.com", 10, 2, "S", "sips+d2t", "", "tls.example.com");
	dns_server_naptr(server, "example.com", 10, 1, "s", "SIP+D2S", "", "sctp.example.com");
	dns_server_naptr(server, "example.com", 5, 1, "u", "SIP+D2U", "!x!y!", "no.example.com");
	add_srv("udp.example.com", 5070, "a.example.com", "127.0.0.1");
	add_srv("tls.example.com", 5071, "b.example.com", "127.0.0.2");
	add_srv("_sip._tcp.example.com", 5072, "c.example.com", "127.0.0.3");
	dns_server_start(server);
	leads_to("example.com",
		 "tls b.example.com 127.0.0.2:5071|udp a.example.com 127.0.0.1:5070");
	expect(&(struct sip_query){ .host = "example.com",
				    .family = AF_INET,
				    .transports = 1 << SIP_TCP },
	       WAIT_MS, "tcp c.example.com 127.0.0.3:5072");
}

static void test_srv(void **state)
{
	(void)state;
	dns_server_srv(server, "_sip._udp.example.com", 20, 1, 5062, "second.example.com");
	dns_server_address(server, "second.example.com", "127.0.0.2");
	add_srv("_sip._udp.example.com", 5061, "first.example.com", "127.0.0.1");
	add_srv("_sips._tcp.example.com", 5063, "first.example.com", "127.0.0.1");
	dns_server_address(server, "example.com", "127.0.0.9");
	dns_server_start(server);
	leads_to("example.com", "udp first.example.com 127.0.0.1:5061|"
				"udp second.example.com 127.0.0.2:5062|"
				"tls first.example.com 127.0.0.1:5063");
}

static void test_address_alone(void **state)
{
	(void)state;
	dns_server_address(server, "example.com", "127.0.0.9");
	dns_server_start(server);
	leads_to("example.com", "udp example.com 127.0.0.9:5060");
	expect(&(struct sip_query){ .host = "example.com", .transports = 1 << SIP_TLS }, WAIT_MS,
	       "tls example.com 127.0.0.9:5061");
}

static void test_explicit_port(void **state)
{
	(void)state;
	add_srv("_sip._udp.example.com", 5061, "first.example.com", "127.0.0.1");
	dns_server_address(server, "example.com", "127.0.0.9");
	dns_server_start(server);
	expect(&(struct sip_query){ .host = "example.com", .port = 5080, .transports = EVERY },
	       WAIT_MS, "udp example.com 127.0.0.9:5080");
	assert_int_equal(dns_server_asked(server, NULL, DNS_SRV, 0), 0);
	assert_int_equal(dns_server_asked(server, NULL, DNS_NAPTR, 0), 0);
}

static void test_declined(void **state)
{
	(void)state;
	dns_server_srv(server, "_sip._udp.example.com", 0, 0, 0, "");
	dns_server_address(server, "example.com", "127.0.0.9");
	dns_server_start(server);
	leads_to("example.com", "not found");
}

static void test_families(void **state)
{
	(void)state;
	dns_server_address(server, "example.com", "127.0.0.9");
	dns_server_address(server, "example.com", "::1");
	dns_server_address(server, "example.com", "2001:db8::1"); /* there is no route */
	dns_server_start(server);
	expect(&(struct sip_query){ .host = "example.com" }, WAIT_MS,
	       "udp example.com [::1]:5060|udp example.com 127.0.0.9:5060|udp example.com "
	       "[2001:db8::1]:5060");
	expect(&(struct sip_query){ .host = "example.com", .family = AF_INET6 }, WAIT_MS,
	       "udp example.com [::1]:5060|udp example.com [2001:db8::1]:5060");
	assert_int_equal(dns_server_asked(server, NULL, DNS_A, 0), 1);
}

/* A lost answer is no "there is none". */
static void test_half_lost(void **state)
{
	static const struct sip_query query = { .host = "example.com", .family = AF_UNSPEC };
	const struct deadline until = deadline_in(WAIT_MS);
	struct sip_targets targets;

	(void)state;
	dns_server_address(server, "example.com", "::1");
	dns_server_start(server);
	assert_int_equal(resolver_sip(&targets, &query, &until), ERR_NONE);
	assert_false(targets.cut);
	sip_targets_clear(&targets);
	dns_server_behave(server, NULL, DNS_A, DNS_FAILS);
	assert_int_equal(resolver_sip(&targets, &query, &until), ERR_NONE);
	assert_int_equal(targets.count, 1);
	assert_true(targets.cut);
	sip_targets_clear(&targets);
}

/* All at once: the slowest answer is waited for once, though each target's name is slow too. */
static void test_side_by_side(void **state)
{
	const int64_t begin = clock_ms();

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		char host[64];

		snprintf(host, sizeof host, "host%u.example.com", i);
		dns_server_srv(server, "_sip._udp.example.com", i, 1, 5060, host);
		dns_server_address(server, host, "127.0.0.1");
	}
	dns_server_behave(server, NULL, 0, DNS_SLOW);
	dns_server_start(server);
	expect(&(struct sip_query){ .host = "example.com",
				    .family = AF_INET,
				    .transports = 1 << SIP_UDP },
	       WAIT_MS, "udp host0.example.com 127.0.0.1:5060");
	assert_true(clock_ms() - begin < 2 * DNS_SLOW_MS + 500);
}

static void test_deadline(void **state)
{
	const int64_t begin = clock_ms();

	(void)state;
	dns_server_address(server, "example.com", "127.0.0.9");
	dns_server_behave(server, NULL, DNS_AAAA, DNS_IS_SILENT);
	dns_server_start(server);
	/* The half that came in time counts. */
	expect(&(struct sip_query){ .host = "example.com" }, 300, "udp example.com 127.0.0.9:5060");
	expect(&(struct sip_query){ .host = "other.example.com", .port = 1 }, 300,
	       "no answer in time");
	assert_true(clock_ms() - begin < 2000);
}

static void test_many_targets(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		char host[64];

		snprintf(host, sizeof host, "host%u.example.com", i);
		dns_server_srv(server, "_sip._udp.example.com", i, 1, 5060, host);
	}
	dns_server_start(server);
	expect(&(struct sip_query){ .host = "example.com",
				    .family = AF_INET,
				    .transports = 1 << SIP_UDP },
	       WAIT_MS, "not found");
	/* The name's own address and the best of the targets, no more. */
	assert_int_equal(dns_server_asked(server, NULL, DNS_A, 0), 1 + LOCATE_HOSTS_MAX);
}

static void test_host(void **state)
{
	const struct deadline until = deadline_in(WAIT_MS);
	struct addr_list list;
	char text[ADDR_TEXT];

	(void)state;
	dns_server_address(server, "stun.example.com", "127.0.0.9");
	dns_server_start(server);
	assert_int_equal(resolver_host(&list, "stun.example.com", 3478, AF_UNSPEC, &until),
			 ERR_NONE);
	assert_int_equal(list.count, 1);
	assert_string_equal(addr_text(text, &list.addr[0]), "127.0.0.9:3478");
	addr_list_clear(&list);
	assert_int_equal(resolver_host(&list, "none.example.com", 3478, AF_UNSPEC, &until),
			 ERR_NOT_FOUND);
	assert_null(list.addr);
	assert_int_equal(resolver_host(&list, "[::1]", 9, AF_INET6, &until), ERR_NONE);
	assert_string_equal(addr_text(text, &list.addr[0]), "[::1]:9");
	addr_list_clear(&list);
	assert_int_equal(resolver_host(&list, "127.0.0.1", 9, AF_INET6, &until), ERR_NOT_FOUND);
	assert_int_equal(resolver_host(&list, "stun.example.com", 9, AF_INET6, &until),
			 ERR_NOT_FOUND);
}

static void test_hosts_side_by_side(void **state)
{
	const struct deadline until = deadline_in(WAIT_MS);
	const int64_t begin = clock_ms();
	struct host_lookup lookup[] = {
		{ .host = "one.example.com", .port = 1 },
		{ .host = "127.0.0.7", .port = 2 },
		{ .host = "none.example.com", .port = 3 },
		{ .host = "two.example.com", .port = 4 },
		{ .host = "::1", .port = 5 },
	};
	static const char *const expected[] = { "127.0.0.1:1", "127.0.0.7:2", NULL, "127.0.0.2:4",
						NULL };
	char text[ADDR_TEXT];

	(void)state;
	dns_server_address(server, "one.example.com", "127.0.0.1");
	dns_server_address(server, "two.example.com", "127.0.0.2");
	dns_server_behave(server, NULL, 0, DNS_SLOW);
	dns_server_start(server);
	resolver_hosts(lookup, sizeof lookup / sizeof *lookup, AF_INET, &until);
	assert_true(clock_ms() - begin < 2 * DNS_SLOW_MS);
	for (size_t i = 0; i < sizeof lookup / sizeof *lookup; i++) {
		assert_int_equal(lookup[i].err, expected[i] ? ERR_NONE : ERR_NOT_FOUND);
		assert_int_equal(lookup[i].list.count, expected[i] ? 1 : 0);
		if (expected[i])
			assert_string_equal(addr_text(text, &lookup[i].list.addr[0]), expected[i]);
		addr_list_clear(&lookup[i].list);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_literal),       TEST(test_naptr),         TEST(test_srv),
		TEST(test_address_alone), TEST(test_explicit_port), TEST(test_declined),
		TEST(test_families),      TEST(test_side_by_side),  TEST(test_deadline),
		TEST(test_many_targets),  TEST(test_host),          TEST(test_hosts_side_by_side),
		TEST(test_half_lost),
	};

	if (!own_net_enter()) {
		printf("skipped: no network namespace of its own is allowed here (%s)\n",
		       strerror(errno));
		return 77;
	}
	own_net_resolv_conf("nameserver 127.0.0.53\n");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
