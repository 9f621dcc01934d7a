/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check "dns" in a network of its own: the site's resolvers at 192.168.1.1 to .3, a public one
 * at 198.51.100.53, the provider's SIP server at 198.51.100.10, and 10.20.0.5 as a place inside. */
#include "check/dns.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "mock/dns_server.h"
#include "mock/own_net.h"

enum { INSIDE_MAX = 3 };

/* ---- what a test has ---- */

/* Something that answers SIP over UDP, and accepts connections over TCP. */
enum sip_manner { SIP_ANSWERS, SIP_UDP_ALONE, SIP_NOT_OURS };
struct sip {
	enum sip_manner manner;
	int udp, tcp; /* tcp: -1 unless it SIP_ANSWERS */
	pthread_t thread;
};

struct world {
	struct dns_server *inside[INSIDE_MAX], *public;
	struct sip *server[2];
	struct site site;
	json_t *events;
	enum check_state state;
	int64_t ms;
};

static void *answer_sip(void *context)
{
	const struct sip *sip = context;
	char in[2048], out[4096];
	struct addr from = { 0 };
	socklen_t length = sizeof from.sa;
	ssize_t got;

	while ((got = recvfrom(sip->udp, in, sizeof in - 1, 0, &from.sa.any, &length)) > 0) {
		const char *headers;
		int count;

		in[got] = 0;
		headers = strchr(in, '\n');
		if (!headers)
			break;
		count = snprintf(out, sizeof out, "SIP/2.0 200 OK\r\n%s",
				 sip->manner == SIP_NOT_OURS ? "Call-ID: x\r\n\r\n" : headers + 1);
		if (sendto(sip->udp, out, (size_t)count, 0, &from.sa.any, length) < 0)
			break;
	}
	return NULL;
}

static int listening(const struct addr *addr)
{
	const int fd = socket(addr_family(addr), SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	assert_int_equal(bind(fd, &addr->sa.any, addr_length(addr)), 0);
	assert_int_equal(listen(fd, 5), 0);
	return fd;
}

static struct sip *sip_new(const char *address, enum sip_manner manner)
{
	struct sip *sip = mem_new(1, sizeof *sip);
	struct addr addr;

	assert_int_equal(addr_parse(&addr, address, 5060), ERR_NONE);
	sip->manner = manner;
	sip->udp = socket(addr_family(&addr), SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(sip->udp, &addr.sa.any, addr_length(&addr)), 0);
	sip->tcp = manner == SIP_ANSWERS ? listening(&addr) : -1;
	assert_int_equal(pthread_create(&sip->thread, NULL, answer_sip, sip), 0);
	return sip;
}

static void sip_free(struct sip *sip)
{
	struct addr addr = { 0 };
	socklen_t length = sizeof addr.sa;

	if (!sip)
		return;
	/* An empty datagram ends the thread. */
	assert_int_equal(getsockname(sip->udp, &addr.sa.any, &length), 0);
	assert_int_equal(sendto(sip->udp, "", 0, 0, &addr.sa.any, length), 0);
	pthread_join(sip->thread, NULL);
	close(sip->udp);
	if (sip->tcp >= 0)
		close(sip->tcp);
	free(sip);
}

static void set(struct world *world, const char *section, const char *key, const char *value)
{
	const char *expected;

	assert_int_equal(site_set(&world->site, section, key, value, &expected), ERR_NONE);
}

/* The provider's records, as its own servers and honest resolvers give them. */
static void add_zone(struct dns_server *server, const char *address)
{
	dns_server_naptr(server, "example.com", 10, 1, "S", "SIP+D2U", "", "_sip._udp.example.com");
	dns_server_srv(server, "_sip._udp.example.com", 10, 1, 5060, "sip.example.com");
	dns_server_address(server, "sip.example.com", address);
}

/* A site with `inside` resolvers, and a public one unless told otherwise. */
static struct world *world_new(size_t inside, bool public)
{
	struct world *world = mem_new(1, sizeof *world);

	for (size_t i = 0; i < inside; i++) {
		char address[32];

		snprintf(address, sizeof address, "192.168.1.%zu", i + 1);
		world->inside[i] = dns_server_new(address, DNS_PORT);
	}
	site_init(&world->site);
	set(world, "provider", "domain", "example.com");
	if (public) {
		world->public = dns_server_new("198.51.100.53", 5353);
		set(world, "dns", "public-dns", "198.51.100.53:5353");
	}
	world->events = json_array();
	return world;
}

static void world_free(struct world *world)
{
	for (size_t i = 0; i < INSIDE_MAX; i++)
		dns_server_free(world->inside[i]);
	dns_server_free(world->public);
	for (size_t i = 0; i < 2; i++)
		sip_free(world->server[i]);
	site_clear(&world->site);
	json_decref(world->events);
	free(world);
}

static void keep(json_t *event_take, void *context)
{
	struct world *world = context;
	char *text = json_dumps(event_take, 0);

	assert_true(text_is_safe(text));
	free(text);
	json_array_append_new(world->events, event_take);
}

static void run(struct world *world)
{
	struct sink sink = { keep, world };
	struct dns_servers servers = { .count = 0 };
	const int64_t begin = clock_ms();

	for (size_t i = 0; i < INSIDE_MAX && world->inside[i]; i++) {
		servers.addr[servers.count++] = dns_server_addr(world->inside[i]);
		dns_server_start(world->inside[i]);
	}
	if (world->public)
		dns_server_start(world->public);
	assert_null(check_dns.why_not(&world->site));
	world->state = dns_check(&world->site, &sink, &servers);
	world->ms = clock_ms() - begin;
	assert_int_equal(world->state, CHECK_DONE);
}

/* ---- what it looks at afterwards ---- */

static const json_t *finding(const struct world *world, const char *id)
{
	const json_t *event;
	size_t i;

	json_array_foreach(world->events, i, event) {
		const json_t *found = json_object_get(event, "finding");

		if (found && !strcmp(json_string_value(json_object_get(found, "id")), id))
			return found;
	}
	return NULL;
}

static size_t findings(const struct world *world)
{
	const json_t *event;
	size_t i, count = 0;

	json_array_foreach(world->events, i, event)
		count += json_object_get(event, "finding") != NULL;
	return count;
}

static void assert_none(const struct world *world)
{
	const json_t *event;
	size_t i;

	json_array_foreach(world->events, i, event)
		if (json_object_get(event, "finding"))
			fail_msg("false finding: %s", json_dumps(event, 0));
}

/* It is the only finding. */
static void assert_only(const struct world *world, const char *id, const char *severity)
{
	const json_t *found = finding(world, id);

	if (!found)
		fail_msg("there is no %s in %s", id, json_dumps(world->events, 0));
	assert_string_equal(json_string_value(json_object_get(found, "severity")), severity);
	assert_int_equal(findings(world), 1);
}

static void assert_evidence(const struct world *world, const char *id, const char *part)
{
	const json_t *evidence = json_object_get(finding(world, id), "evidence"), *line;
	size_t i;

	json_array_foreach(evidence, i, line)
		if (strstr(json_string_value(line), part))
			return;
	fail_msg("no evidence of %s says \"%s\": %s", id, part,
		 json_dumps(evidence, JSON_ENCODE_ANY));
}

static void assert_fact(const struct world *world, const char *name, const char *wanted)
{
	char *text = NULL;
	const json_t *event;
	size_t i;

	json_array_foreach(world->events, i, event) {
		const char *its = json_string_value(json_object_get(event, "name"));

		if (its && !strcmp(its, name)) {
			free(text);
			text = json_dumps(json_object_get(event, "value"),
					  JSON_ENCODE_ANY | JSON_COMPACT);
		}
	}
	assert_string_equal(text ? text : "none", wanted);
	free(text);
}

/* The state of each resolver, in order: "ok silent". */
static void assert_states(const struct world *world, const char *wanted)
{
	char text[128] = "";
	const json_t *event, *resolver;
	size_t i, j;

	json_array_foreach(world->events, i, event) {
		const char *name = json_string_value(json_object_get(event, "name"));

		if (!name || strcmp(name, "dns.resolvers"))
			continue;
		json_array_foreach(json_object_get(event, "value"), j, resolver) {
			if (j)
				strcat(text, " ");
			strcat(text, json_string_value(json_object_get(resolver, "state")));
		}
	}
	assert_string_equal(text, wanted);
}

/* ---- the tests ---- */

static void test_healthy(void **state)
{
	struct world *world = world_new(2, true);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	add_zone(world->inside[1], "198.51.100.10");
	add_zone(world->public, "198.51.100.10");
	dns_server_address(world->inside[0], "sip.example.com", "2001:db8:100::10");
	run(world);
	assert_none(world);
	assert_fact(world, "dns.naptr",
		    "[{\"order\":10,\"preference\":1,\"flags\":\"S\",\"service\":\"SIP+D2U\","
		    "\"replacement\":\"_sip._udp.example.com\"}]");
	assert_fact(world, "dns.srv",
		    "[{\"service\":\"_sip._udp.example.com\",\"priority\":10,\"weight\":1,\"port\":"
		    "5060,"
		    "\"target\":\"sip.example.com\"}]");
	assert_fact(world, "dns.addresses", "[\"2001:db8:100::10\",\"198.51.100.10\"]");
	assert_states(world, "ok ok");
	world_free(world);
}

static void test_cut_short(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_behave(world->inside[0], NULL, 0, DNS_CUT);
	run(world);
	assert_none(world);
	assert_fact(world, "dns.addresses", "[\"198.51.100.10\"]");
	assert_true(dns_server_asked(world->inside[0], "sip.example.com", DNS_A, 1));
	world_free(world);
}

static void test_name_not_found(void **state)
{
	struct world *world = world_new(2, true);

	(void)state;
	run(world);
	assert_only(world, "dns-name-not-found", "fault");
	assert_fact(world, "dns.addresses", "[]");
	assert_states(world, "ok ok");
	world_free(world);
}

static void test_declined(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	dns_server_srv(world->inside[0], "_sip._udp.example.com", 0, 0, 0, "");
	dns_server_address(world->inside[0], "example.com", "198.51.100.10");
	run(world);
	assert_only(world, "dns-name-not-found", "fault");
	assert_evidence(world, "dns-name-not-found", "offers no SIP");
	world_free(world);
}

static void test_broken_zone(void **state)
{
	struct world *world = world_new(1, true);

	(void)state;
	dns_server_behave(world->inside[0], NULL, 0, DNS_FAILS);
	dns_server_behave(world->public, NULL, 0, DNS_FAILS);
	run(world);
	assert_only(world, "dns-name-not-found", "fault");
	assert_evidence(world, "dns-name-not-found", "server failure");
	world_free(world);
}

static void test_no_srv(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	dns_server_address(world->inside[0], "example.com", "198.51.100.10");
	run(world);
	assert_only(world, "dns-no-srv", "note");
	assert_fact(world, "dns.addresses", "[\"198.51.100.10\"]");
	assert_fact(world, "dns.srv", "[]");
	world_free(world);
}

/* There are records for something, only none that say it all: that is not the same as none. */
static void test_naptr_for_others(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	dns_server_address(world->inside[0], "example.com", "198.51.100.10");
	dns_server_naptr(world->inside[0], "example.com", 1, 1, "u", "E2U+sip",
			 "!^.*$!sip:a@example.com!", "");
	run(world);
	assert_none(world);
	world_free(world);
}

static void test_no_srv_wanted(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	set(world, "provider", "domain", "example.com:5060");
	dns_server_address(world->inside[0], "example.com", "198.51.100.10");
	run(world);
	assert_none(world);
	world_free(world);
}

static void test_srv_targets(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_srv(world->inside[0], "_sip._udp.example.com", 20, 1, 5060, "gone.example.com");
	run(world);
	assert_only(world, "dns-srv-target-unresolvable", "risk");
	assert_evidence(world, "dns-srv-target-unresolvable", "gone.example.com");
	world_free(world);

	world = world_new(1, true);
	dns_server_srv(world->inside[0], "_sip._udp.example.com", 20, 1, 5060, "gone.example.com");
	dns_server_srv(world->public, "_sip._udp.example.com", 20, 1, 5060, "gone.example.com");
	run(world);
	assert_only(world, "dns-srv-target-unresolvable", "fault");
	world_free(world);

	/* A resolver that could not find out does not say that there is no address. */
	world = world_new(1, true);
	add_zone(world->inside[0], "198.51.100.10");
	add_zone(world->public, "198.51.100.10");
	dns_server_behave(world->inside[0], "sip.example.com", 0, DNS_FAILS);
	run(world);
	assert_only(world, "dns-split-horizon", "risk");
	assert_evidence(world, "dns-split-horizon", "could not find out");
	world_free(world);
}

/* As the DNS of some routers, which knows addresses only. */
static void test_no_srv_known(void **state)
{
	struct world *world = world_new(1, true);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	add_zone(world->public, "198.51.100.10");
	dns_server_behave(world->inside[0], NULL, DNS_NAPTR, DNS_FAILS);
	dns_server_behave(world->inside[0], NULL, DNS_SRV, DNS_FAILS);
	run(world);
	assert_only(world, "dns-split-horizon", "risk");
	world_free(world);

	world = world_new(1, true);
	add_zone(world->inside[0], "198.51.100.10");
	add_zone(world->public, "198.51.100.10");
	dns_server_behave(world->inside[0], NULL, DNS_NAPTR, DNS_IS_SILENT);
	dns_server_behave(world->inside[0], NULL, DNS_SRV, DNS_IS_SILENT);
	run(world);
	assert_only(world, "dns-resolver-unreachable", "fault");
	assert_evidence(world, "dns-resolver-unreachable", "though it answers other questions");
	world_free(world);
}

static void test_dead_resolvers(void **state)
{
	struct world *world = world_new(3, true);

	(void)state;
	add_zone(world->public, "198.51.100.10");
	for (int i = 0; i < 3; i++)
		dns_server_behave(world->inside[i], NULL, 0, DNS_IS_SILENT);
	run(world);
	assert_only(world, "dns-resolver-unreachable", "fault");
	assert_evidence(world, "dns-resolver-unreachable", "198.51.100.53:5353 answers");
	assert_states(world, "silent silent silent");
	assert_fact(world, "dns.addresses", "none");
	/* All of them cost the patience for one; one after the other they would cost three. */
	assert_true(world->ms < 2 * DNS_PATIENCE_MS);
	world_free(world);
}

static void test_one_dead(enum dns_manner manner, const char *states)
{
	struct world *world = world_new(2, false);

	add_zone(world->inside[0], "198.51.100.10");
	add_zone(world->inside[1], "198.51.100.10");
	dns_server_behave(world->inside[0], NULL, 0, manner);
	run(world);
	assert_only(world, "dns-resolver-unreachable", "risk");
	assert_evidence(world, "dns-resolver-unreachable", "192.168.1.1 ");
	assert_states(world, states);
	assert_fact(world, "dns.addresses", "[\"198.51.100.10\"]");
	world_free(world);
}

static void test_ways_to_be_dead(void **state)
{
	(void)state;
	test_one_dead(DNS_IS_SILENT, "silent ok");
	test_one_dead(DNS_WRONG_ID, "silent ok");
	test_one_dead(DNS_WRONG_SOURCE, "silent ok");
	test_one_dead(DNS_REFUSES, "refused ok");
	test_one_dead(DNS_FAILS, "failed ok");
	test_one_dead(DNS_RUBBISH, "nonsense ok");
}

/* It answers, only never with an address. */
static void test_mute_on_addresses(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_behave(world->inside[0], NULL, DNS_A, DNS_IS_SILENT);
	dns_server_behave(world->inside[0], NULL, DNS_AAAA, DNS_IS_SILENT);
	run(world);
	assert_only(world, "dns-resolver-unreachable", "fault");
	assert_states(world, "silent");
	world_free(world);
}

/* Many resolvers know by themselves that "invalid" has no names, even while they know nothing else.
 */
static void test_cut_off(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	dns_server_behave(world->inside[0], NULL, 0, DNS_FAILS);
	dns_server_behave(world->inside[0], "*.invalid", 0, DNS_SERVES);
	run(world);
	assert_only(world, "dns-resolver-unreachable", "fault");
	assert_states(world, "failed");
	world_free(world);
}

static void test_nobody_there(void **state)
{
	struct world *world = world_new(0, false);
	struct sink sink = { keep, world };
	struct dns_servers servers = { .count = 2 };

	(void)state;
	assert_int_equal(addr_parse(&servers.addr[0], "192.168.1.1", DNS_PORT), ERR_NONE);
	assert_int_equal(addr_parse(&servers.addr[1], "2001:db8:ffff::1", DNS_PORT),
			 ERR_NONE); /* no route */
	assert_int_equal(dns_check(&world->site, &sink, &servers), CHECK_DONE);
	assert_only(world, "dns-resolver-unreachable", "fault");
	assert_states(world, "unreachable unreachable");
	world_free(world);
}

static void test_slow(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_behave(world->inside[0], NULL, 0, DNS_SLOW);
	run(world);
	assert_only(world, "dns-slow", "risk");
	assert_evidence(world, "dns-slow", "when asked again");
	world_free(world);
}

static void test_slow_once(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_behave(world->inside[0], NULL, 0, DNS_SLOW_ONCE);
	run(world);
	assert_none(world);
	world_free(world);
}

/* Seen in home routers: what they do not know they drop. */
static void test_drops_naptr(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_behave(world->inside[0], NULL, DNS_NAPTR, DNS_IS_SILENT);
	run(world);
	assert_only(world, "dns-slow", "risk");
	assert_evidence(world, "dns-slow", "NAPTR records of example.com");
	assert_fact(world, "dns.naptr", "none");
	assert_fact(world, "dns.addresses", "[\"198.51.100.10\"]");
	world_free(world);
}

/* A firewall that lets DNS through over UDP alone. */
static void test_no_tcp(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_behave(world->inside[0], NULL, DNS_NAPTR, DNS_CUT_FOR_GOOD);
	run(world);
	assert_only(world, "dns-slow", "risk");
	assert_fact(world, "dns.addresses", "[\"198.51.100.10\"]");
	world_free(world);
}

/* What a site and the public say, who of them answers SIP, and what that means. */
static void expect_views(const char *inside, const char *public, const char *sip1, const char *sip2,
			 const char *id, const char *severity)
{
	struct world *world = world_new(1, public != NULL);

	if (inside)
		add_zone(world->inside[0], inside);
	if (public && *public)
		add_zone(world->public, public);
	world->server[0] = sip1 ? sip_new(sip1, SIP_ANSWERS) : NULL;
	world->server[1] = sip2 ? sip_new(sip2, SIP_ANSWERS) : NULL;
	run(world);
	if (id)
		assert_only(world, id, severity);
	else
		assert_none(world);
	/* They are tried at once. */
	assert_true(world->ms < 2 * DNS_PROBE_MS);
	world_free(world);
}

static void test_split_horizon(void **state)
{
	(void)state;
	/* Inside leads nowhere, outside it would work. */
	expect_views("10.20.0.5", "198.51.100.10", "198.51.100.10", NULL, "dns-split-horizon",
		     "fault");
	expect_views("10.99.0.5", "198.51.100.10", "198.51.100.10", NULL, "dns-split-horizon",
		     "fault");
	expect_views("0.0.0.0", "198.51.100.10", "198.51.100.10", NULL, "dns-split-horizon",
		     "fault");
	expect_views(NULL, "198.51.100.10", NULL, NULL, "dns-split-horizon", "fault");
	/* A server of the site's own. */
	expect_views("10.20.0.5", "198.51.100.10", "198.51.100.10", "10.20.0.5",
		     "dns-split-horizon", "note");
	/* Nobody answers: it may be, it need not. */
	expect_views("10.20.0.5", "198.51.100.10", NULL, NULL, "dns-split-horizon", "risk");
	/* One of many public places. */
	expect_views("198.51.100.11", "198.51.100.10", "198.51.100.10", "198.51.100.11", NULL,
		     NULL);
	expect_views("198.51.100.11", "198.51.100.10", "198.51.100.10", NULL, "dns-split-horizon",
		     "risk");
	expect_views("198.51.100.11", "198.51.100.10", NULL, NULL, "dns-split-horizon", "note");
}

/* A server without TCP answers all the same; what answers something else does not. */
static void expect_inside(enum sip_manner manner, const char *severity)
{
	struct world *world = world_new(1, true);

	add_zone(world->inside[0], "10.20.0.5");
	add_zone(world->public, "198.51.100.10");
	world->server[0] = sip_new("10.20.0.5", manner);
	world->server[1] = sip_new("198.51.100.10", SIP_UDP_ALONE);
	run(world);
	assert_only(world, "dns-split-horizon", severity);
	world_free(world);
}

static void test_probe(void **state)
{
	(void)state;
	expect_inside(SIP_UDP_ALONE, "note");
	expect_inside(SIP_NOT_OURS, "fault");
}

static void test_round_robin(void **state)
{
	struct world *world = world_new(1, true);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_address(world->inside[0], "sip.example.com", "198.51.100.11");
	add_zone(world->public, "198.51.100.11");
	dns_server_address(world->public, "sip.example.com", "198.51.100.12");
	run(world);
	assert_none(world);
	world_free(world);
}

static void test_resolvers_disagree(void **state)
{
	struct world *world = world_new(2, false);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	run(world);
	assert_only(world, "dns-split-horizon", "risk");
	assert_evidence(world, "dns-split-horizon", "192.168.1.2: there is no address");
	assert_fact(world, "dns.addresses", "[\"198.51.100.10\"]");
	world_free(world);
}

static void test_private_address(void **state)
{
	(void)state;
	/* The provider publishes it. */
	expect_views("10.20.0.5", "10.20.0.5", NULL, NULL, "dns-private-address", "fault");
	expect_views("10.20.0.5", "10.20.0.5", "10.20.0.5", NULL, "dns-private-address", "note");
	/* Nobody else knows the name: an exchange of the site's own, if it answers. */
	expect_views("10.20.0.5", "", "10.20.0.5", NULL, NULL, NULL);
	expect_views("10.20.0.5", "", NULL, NULL, "dns-private-address", "risk");
	expect_views("10.20.0.5", NULL, "10.20.0.5", NULL, NULL, NULL);
	expect_views("10.20.0.5", NULL, NULL, NULL, "dns-private-address", "risk");
}

static void test_ipv6(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_address(world->inside[0], "sip.example.com", "2001:db8:ffff::10");
	run(world);
	assert_only(world, "dns-ipv6-unroutable", "note");
	assert_fact(world, "dns.addresses", "[\"198.51.100.10\",\"2001:db8:ffff::10\"]");
	world_free(world);

	world = world_new(1, false);
	add_zone(world->inside[0], "2001:db8:ffff::10");
	run(world);
	assert_only(world, "dns-ipv6-unroutable", "fault");
	world_free(world);

	world = world_new(1, false);
	world->site.family = AF_INET;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_address(world->inside[0], "sip.example.com", "2001:db8:ffff::10");
	run(world);
	assert_none(world);
	assert_int_equal(dns_server_asked(world->inside[0], NULL, DNS_AAAA, 0), 0);
	world_free(world);
}

static void test_rewritten(void **state)
{
	struct world *world = world_new(2, true);

	(void)state;
	for (int i = 0; i < 2; i++)
		add_zone(world->inside[i], "198.51.100.10");
	add_zone(world->public, "198.51.100.10");
	dns_server_address(world->inside[1], "*", "203.0.113.80");
	run(world);
	assert_only(world, "dns-answers-rewritten", "risk");
	assert_evidence(world, "dns-answers-rewritten",
			"192.168.1.2 gives the address 203.0.113.80");
	world_free(world);
}

/* The provider's own wildcards are no inventions; names that only the site's resolver has are. */
static void test_wildcards(void **state)
{
	struct world *world = world_new(1, true);

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	add_zone(world->public, "198.51.100.10");
	dns_server_address(world->inside[0], "*.example.com", "203.0.113.80");
	dns_server_address(world->public, "*.example.com", "203.0.113.80");
	run(world);
	assert_none(world);
	world_free(world);

	world = world_new(1, true);
	add_zone(world->inside[0], "198.51.100.10");
	add_zone(world->public, "198.51.100.10");
	dns_server_address(world->inside[0], "*.example.com", "203.0.113.80");
	run(world);
	assert_only(world, "dns-answers-rewritten", "risk");
	world_free(world);
}

/* What a router's "this whole domain is there" does: one finding, not two. */
static void test_inside_wildcard(void **state)
{
	struct world *world = world_new(1, true);

	(void)state;
	dns_server_address(world->inside[0], "*example.com", "10.20.0.5");
	add_zone(world->public, "198.51.100.10");
	world->server[0] = sip_new("198.51.100.10", SIP_ANSWERS);
	run(world);
	assert_non_null(finding(world, "dns-no-srv"));
	assert_non_null(finding(world, "dns-split-horizon"));
	assert_int_equal(findings(world), 2);
	world_free(world);
}

static void test_hostile(void **state)
{
	struct world *world = world_new(1, false);
	char label[64], name[256];

	(void)state;
	add_zone(world->inside[0], "198.51.100.10");
	dns_server_naptr(world->inside[0], "example.com", 1, 1, "\x1b[2J", "\xff\xfe\n", "!\x9b!",
			 "\x1b]0;x\a");
	memset(label, 'x', 63);
	label[63] = 0;
	for (unsigned i = 0; i < 300; i++) {
		snprintf(name, sizeof name, "%s.%s.h%u.example", label, label, i);
		dns_server_srv(world->inside[0], "_sip._udp.example.com", 20 + i, 1, 5060, name);
	}
	run(world); /* keep() looks at every text */
	assert_non_null(finding(world, "dns-srv-target-unresolvable"));
	assert_int_equal(findings(world), 1);
	assert_true(dns_server_asked(world->inside[0], NULL, 0, 0) +
			    dns_server_asked(world->inside[0], NULL, 0, 1) <
		    60);
	world_free(world);
}

static void test_names(void **state)
{
	struct world *world = world_new(1, false);

	(void)state;
	set(world, "provider", "proxy", "sbc.example.com:5070");
	dns_server_address(world->inside[0], "sbc.example.com", "198.51.100.10");
	run(world);
	assert_none(world);
	assert_fact(world, "dns.addresses", "[\"198.51.100.10\"]");
	assert_int_equal(dns_server_asked(world->inside[0], "example.com", 0, 0), 0);
	world_free(world);
}

static void test_stun_names(void **state)
{
	struct world *world = world_new(1, true);

	(void)state;
	set(world, "provider", "domain", "192.0.2.1");
	set(world, "nat", "stun", "stun.example.com, stun2.example.com");
	for (int i = 0; i < 2; i++) {
		struct dns_server *server = i ? world->public : world->inside[0];

		dns_server_address(server, "stun.example.com",
				   i ? "198.51.100.20" : "198.51.100.21");
		dns_server_address(server, "stun2.example.com", "198.51.100.22");
	}
	run(world);
	assert_none(world);
	assert_fact(world, "dns.addresses", "[\"198.51.100.21\",\"198.51.100.22\"]");
	assert_int_equal(dns_server_asked(world->inside[0], NULL, DNS_SRV, 0), 0);
	world_free(world);
}

static void test_why_not(void **state)
{
	struct site site;
	const char *expected;

	(void)state;
	site_init(&site);
	assert_non_null(check_dns.why_not(&site));
	assert_int_equal(site_set(&site, "nat", "stun", "192.0.2.1", &expected), ERR_NONE);
	assert_non_null(check_dns.why_not(&site));
	assert_int_equal(site_set(&site, "provider", "domain", "192.0.2.1", &expected), ERR_NONE);
	assert_non_null(check_dns.why_not(&site));
	assert_int_equal(site_set(&site, "nat", "stun", "stun.example.com", &expected), ERR_NONE);
	assert_null(check_dns.why_not(&site));
	assert_int_equal(site_set(&site, "provider", "domain", "example.com", &expected), ERR_NONE);
	assert_null(check_dns.why_not(&site));
	site_clear(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_name_not_found),
		cmocka_unit_test(test_declined),
		cmocka_unit_test(test_broken_zone),
		cmocka_unit_test(test_no_srv),
		cmocka_unit_test(test_naptr_for_others),
		cmocka_unit_test(test_no_srv_wanted),
		cmocka_unit_test(test_srv_targets),
		cmocka_unit_test(test_no_srv_known),
		cmocka_unit_test(test_dead_resolvers),
		cmocka_unit_test(test_ways_to_be_dead),
		cmocka_unit_test(test_mute_on_addresses),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_slow_once),
		cmocka_unit_test(test_drops_naptr),
		cmocka_unit_test(test_no_tcp),
		cmocka_unit_test(test_split_horizon),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_round_robin),
		cmocka_unit_test(test_resolvers_disagree),
		cmocka_unit_test(test_private_address),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_rewritten),
		cmocka_unit_test(test_wildcards),
		cmocka_unit_test(test_inside_wildcard),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_stun_names),
		cmocka_unit_test(test_why_not),
	};
	static const char *const places[] = {
		"192.168.1.1",   "192.168.1.2",   "192.168.1.3", "198.51.100.53",
		"198.51.100.10", "198.51.100.11", "10.20.0.5",   "2001:db8:100::10",
	};

	if (!own_net_enter()) {
		printf("skipped: no network namespace of its own is allowed here (%s)\n",
		       strerror(errno));
		return 77;
	}
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		own_net_add(places[i]);
	own_net_swallow();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
