/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/dns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "mock/dns_server.h"

/* A server that answers everything for "example.com" rightly, unless it is told not to. */
static struct dns_server *server_new(void)
{
	struct dns_server *server = dns_server_new("127.0.0.1", 0);

	dns_server_address(server, "example.com", "192.0.2.1");
	dns_server_address(server, "example.com", "2001:db8::1");
	return server;
}

static unsigned view_of(struct dns *dns, const struct dns_server *server)
{
	const struct addr addr = dns_server_addr(server);
	const struct dns_view_plan plan = { .server = &addr, .count = 1 };
	unsigned view;

	assert_int_equal(dns_view_add(&view, dns, &plan), ERR_NONE);
	return view;
}

static void await(struct dns *dns, const struct dns_answer *answer, int64_t ms)
{
	const struct deadline until = deadline_in(ms);

	while (answer->state == DNS_PENDING)
		dns_wait(dns, &until);
}

/* Starts the server, asks it one thing. */
static struct dns *ask(const struct dns_answer **answer, struct dns_server *server,
		       const char *name, enum dns_type type, int64_t ms)
{
	struct dns *dns = dns_new();

	dns_server_start(server);
	*answer = dns_ask(dns, view_of(dns, server), name, type);
	await(dns, *answer, ms);
	return dns;
}

static void test_addresses(void **state)
{
	struct dns_server *server = server_new();
	const struct dns_answer *a, *aaaa, *none, *nobody;
	struct dns *dns = dns_new();
	char text[ADDR_TEXT];
	unsigned view;

	(void)state;
	dns_server_start(server);
	view = view_of(dns, server);
	a = dns_ask(dns, view, "example.com", DNS_A);
	aaaa = dns_ask(dns, view, "example.com", DNS_AAAA);
	none = dns_ask(dns, view, "example.com", DNS_SRV);
	nobody = dns_ask(dns, view, "nobody.example.com", DNS_A);
	assert_ptr_equal(dns_ask(dns, view, "EXAMPLE.com", DNS_A), a);
	await(dns, a, 5000);
	await(dns, aaaa, 5000);
	await(dns, none, 5000);
	await(dns, nobody, 5000);
	assert_int_equal(a->state, DNS_OK);
	assert_int_equal(a->count, 1);
	assert_string_equal(addr_host_text(text, &a->record[0].addr), "192.0.2.1");
	assert_int_equal(aaaa->count, 1);
	assert_string_equal(addr_host_text(text, &aaaa->record[0].addr), "2001:db8::1");
	assert_int_equal(none->state, DNS_NO_DATA);
	assert_int_equal(nobody->state, DNS_NO_NAME);
	assert_int_equal(dns_server_asked(server, "example.com", DNS_A, 0), 1);
	assert_ptr_equal(dns_answer_at(dns, view, 3), nobody);
	assert_null(dns_answer_at(dns, view, 4));
	dns_free(dns);
	dns_server_free(server);
}

static void test_order(void **state)
{
	struct dns_server *server = server_new();
	const struct dns_answer *srv, *naptr;
	struct dns *dns;

	(void)state;
	dns_server_srv(server, "_sip._udp.example.com", 20, 1, 5060, "last.example.com");
	dns_server_srv(server, "_sip._udp.example.com", 10, 1, 5062, "light.example.com");
	dns_server_srv(server, "_sip._udp.example.com", 10, 9, 5064, "heavy.example.com");
	dns_server_srv(server, "_sip._udp.example.com", 30, 0, 0, "");
	dns_server_naptr(server, "example.com", 20, 1, "s", "SIP+D2T", "", "_sip._tcp.example.com");
	dns_server_naptr(server, "example.com", 10, 2, "u", "E2U+sip", "!^.*$!sip:a@b!", "");
	dns_server_naptr(server, "example.com", 10, 1, "s", "SIP+D2U", "", "_sip._udp.example.com");
	dns = ask(&srv, server, "_sip._udp.example.com", DNS_SRV, 5000);
	naptr = dns_ask(dns, 0, "example.com", DNS_NAPTR);
	await(dns, naptr, 5000);
	assert_int_equal(srv->count, 4);
	assert_string_equal(srv->record[0].name, "heavy.example.com");
	assert_int_equal(srv->record[0].port, 5064);
	assert_string_equal(srv->record[1].name, "light.example.com");
	assert_string_equal(srv->record[2].name, "last.example.com");
	assert_string_equal(srv->record[3].name, "");
	assert_int_equal(naptr->count, 3);
	assert_string_equal(naptr->record[0].service, "SIP+D2U");
	assert_string_equal(naptr->record[0].name, "_sip._udp.example.com");
	assert_string_equal(naptr->record[1].flags, "u");
	assert_string_equal(naptr->record[1].name, "");
	assert_int_equal(naptr->record[2].order, 20);
	dns_free(dns);
	dns_server_free(server);
}

/* What the manner makes of a question that would be answered otherwise. */
static void expect(enum dns_manner manner, enum dns_state wanted, int64_t ms)
{
	struct dns_server *server = server_new();
	const struct dns_answer *answer;
	struct dns *dns;

	dns_server_behave(server, NULL, 0, manner);
	dns = ask(&answer, server, "example.com", DNS_A, ms);
	if (answer->state != wanted)
		fail_msg("manner %d gave state %d, not %d", (int)manner, (int)answer->state,
			 (int)wanted);
	assert_int_equal(answer->count, wanted == DNS_OK);
	dns_free(dns);
	dns_server_free(server);
}

static void test_errors(void **state)
{
	(void)state;
	expect(DNS_SERVES, DNS_OK, 5000);
	expect(DNS_REFUSES, DNS_REFUSED, 5000);
	expect(DNS_FAILS, DNS_FAILED, 5000);
	expect(DNS_UNKNOWN_CODE, DNS_FAILED, 5000);
	expect(DNS_RUBBISH, DNS_NONSENSE, 5000);
	expect(DNS_HALF, DNS_NONSENSE, 5000);
	expect(DNS_LOOP, DNS_NONSENSE, 5000);
	expect(DNS_SLOW, DNS_OK, 5000);
}

/* Nothing of this is an answer: the deadline ends it. */
static void test_forged(void **state)
{
	(void)state;
	expect(DNS_IS_SILENT, DNS_SILENT, 100);
	expect(DNS_WRONG_ID, DNS_SILENT, 100);
	expect(DNS_WRONG_SOURCE, DNS_SILENT, 100);
	expect(DNS_WRONG_QUESTION, DNS_SILENT, 100);
}

static void test_patience(void **state)
{
	struct dns_server *server = server_new();
	const struct dns_answer *answer;
	struct dns *dns;

	(void)state;
	dns_server_behave(server, NULL, 0, DNS_IS_SILENT);
	dns = ask(&answer, server, "example.com", DNS_A, 60000);
	assert_int_equal(answer->state, DNS_SILENT);
	assert_in_range(answer->ms, DNS_PATIENCE_MS - 200, DNS_PATIENCE_MS + 1000);
	assert_int_equal(dns_server_asked(server, NULL, 0, 0), 3);
	dns_free(dns);
	dns_server_free(server);
}

static void test_nobody_listens(void **state)
{
	struct dns_server *server = server_new();
	struct dns *dns = dns_new();
	const unsigned view = view_of(dns, server);
	const struct dns_answer *answer;

	(void)state;
	dns_server_free(server);
	answer = dns_ask(dns, view, "example.com", DNS_A);
	await(dns, answer, 5000);
	assert_int_equal(answer->state, DNS_UNREACHABLE);
	dns_free(dns);
}

static void test_cut_short(void **state)
{
	struct dns_server *server = server_new();
	const struct dns_answer *answer;
	struct dns *dns;

	(void)state;
	dns_server_behave(server, NULL, 0, DNS_CUT);
	dns = ask(&answer, server, "example.com", DNS_A, 5000);
	assert_int_equal(answer->state, DNS_OK);
	assert_int_equal(dns_server_asked(server, "example.com", DNS_A, 0), 1);
	assert_int_equal(dns_server_asked(server, "example.com", DNS_A, 1), 1);
	dns_free(dns);
	dns_server_free(server);
}

static void test_thousands(void **state)
{
	struct dns_server *server = server_new();
	const struct dns_answer *a, *srv;
	struct dns *dns;

	(void)state;
	for (unsigned i = 0; i < 1500; i++) {
		char name[64];

		snprintf(name, sizeof name, "192.0.%u.%u", i / 250, i % 250);
		dns_server_address(server, "many.example.com", name);
		snprintf(name, sizeof name, "host%u.example.com", i);
		if (i < 600)
			dns_server_srv(server, "_sip._udp.example.com", i, 0, 5060, name);
	}
	dns = ask(&a, server, "many.example.com", DNS_A, 5000);
	srv = dns_ask(dns, 0, "_sip._udp.example.com", DNS_SRV);
	await(dns, srv, 5000);
	assert_int_equal(a->state, DNS_OK);
	assert_int_equal(a->count, DNS_RECORDS_MAX);
	assert_true(a->cut);
	assert_int_equal(srv->count, DNS_RECORDS_MAX);
	assert_true(srv->cut);
	dns_free(dns);
	dns_server_free(server);
}

static void test_aliases(void **state)
{
	struct dns_server *server = server_new();
	const struct dns_answer *good, *round, *dangling;
	struct dns *dns;

	(void)state;
	dns_server_cname(server, "a.example.com", "b.example.com");
	dns_server_cname(server, "b.example.com", "example.com");
	dns_server_cname(server, "x.example.com", "y.example.com");
	dns_server_cname(server, "y.example.com", "x.example.com");
	dns_server_cname(server, "d.example.com", "gone.example.org");
	dns = ask(&good, server, "a.example.com", DNS_A, 5000);
	round = dns_ask(dns, 0, "x.example.com", DNS_A);
	dangling = dns_ask(dns, 0, "d.example.com", DNS_A);
	await(dns, round, 5000);
	await(dns, dangling, 5000);
	assert_int_equal(good->state, DNS_OK);
	assert_int_equal(good->count, 1);
	assert_int_equal(round->count, 0);
	assert_int_equal(round->state, DNS_NO_DATA);
	assert_int_equal(dangling->count, 0);
	dns_free(dns);
	dns_server_free(server);
}

static void test_hostile_names(void **state)
{
	struct dns_server *server = server_new();
	const struct dns_answer *srv, *naptr, *raw;
	char label[64], longest[256];
	struct dns *dns;

	(void)state;
	memset(label, 'x', 63);
	label[63] = 0;
	snprintf(longest, sizeof longest, "%s.%s.%s.%.61s", label, label, label, label);
	dns_server_srv(server, "long.example.com", 1, 1, 5060, longest);
	dns_server_naptr(server, "evil.example.com", 1, 1, "s\x1b[2J", "\xff\xfe", "!\x01!",
			 "\x1b]0;x\a.example");
	dns_server_raw(server, "raw.example.com", DNS_A, "\1\2\3", 3);
	dns = ask(&srv, server, "long.example.com", DNS_SRV, 5000);
	naptr = dns_ask(dns, 0, "evil.example.com", DNS_NAPTR);
	raw = dns_ask(dns, 0, "raw.example.com", DNS_A);
	await(dns, naptr, 5000);
	await(dns, raw, 5000);
	assert_int_equal(srv->count, 1);
	assert_string_equal(srv->record[0].name, longest);
	/* Asking for what came must do no harm either. */
	await(dns, dns_ask(dns, 0, srv->record[0].name, DNS_A), 5000);
	assert_true(naptr->state == DNS_OK || naptr->state == DNS_NONSENSE);
	if (naptr->count)
		await(dns, dns_ask(dns, 0, naptr->record[0].name, DNS_SRV), 5000);
	assert_int_not_equal(raw->state, DNS_OK);
	assert_int_equal(raw->count, 0);
	dns_free(dns);
	dns_server_free(server);
}

static void test_names_that_cannot_be(void **state)
{
	struct dns_server *server = server_new();
	char label[80];
	const struct dns_answer *answer, *empty;
	struct dns *dns;

	(void)state;
	memset(label, 'x', sizeof label - 1);
	label[sizeof label - 1] = 0;
	dns = ask(&answer, server, label, DNS_A, 5000);
	empty = dns_ask(dns, 0, "a..example.com", DNS_A);
	await(dns, empty, 5000);
	assert_int_equal(answer->state, DNS_NO_NAME);
	assert_int_equal(empty->state, DNS_NO_NAME);
	assert_int_equal(dns_server_asked(server, NULL, 0, 0), 0);
	dns_free(dns);
	dns_server_free(server);
}

static void test_one_of_two(void **state)
{
	struct dns_server *failing = server_new(), *good = server_new();
	const struct addr both[] = { dns_server_addr(failing), dns_server_addr(good) };
	const struct dns_view_plan plan = { .server = both, .count = 2 };
	struct dns *dns = dns_new();
	const struct dns_answer *answer;
	unsigned view;

	(void)state;
	dns_server_behave(failing, NULL, 0, DNS_FAILS);
	dns_server_start(failing);
	dns_server_start(good);
	assert_int_equal(dns_view_add(&view, dns, &plan), ERR_NONE);
	answer = dns_ask(dns, view, "example.com", DNS_A);
	await(dns, answer, 10000);
	assert_int_equal(answer->state, DNS_OK);
	dns_free(dns);
	dns_server_free(failing);
	dns_server_free(good);
}

static void test_limits(void **state)
{
	struct dns_server *server = server_new();
	struct dns *dns = dns_new();
	struct addr addr = dns_server_addr(server);
	struct dns_view_plan plan = { .server = &addr, .count = 0 };
	const struct deadline now = deadline_in(0);
	const unsigned view = view_of(dns, server);
	unsigned other;
	char name[32];

	(void)state;
	assert_int_equal(dns_view_add(&other, dns, &plan), ERR_RANGE);
	plan.count = DNS_SERVERS_MAX + 1;
	assert_int_equal(dns_view_add(&other, dns, &plan), ERR_RANGE);
	for (int i = 0; i < DNS_QUESTIONS_MAX; i++) {
		snprintf(name, sizeof name, "n%d.example.com", i);
		assert_int_equal(dns_ask(dns, view, name, DNS_A)->state, DNS_PENDING);
	}
	assert_int_equal(dns_ask(dns, view, "more.example.com", DNS_A)->state, DNS_NOT_ASKED);
	dns_wait(dns, &now);
	assert_int_equal(dns_ask(dns, view, "n0.example.com", DNS_A)->state, DNS_SILENT);
	dns_free(dns);
	dns_server_free(server);
}

static size_t servers_of(struct addr out[static DNS_SERVERS_MAX], const char *text)
{
	char path[] = "/tmp/earshot-test-XXXXXX";
	const int fd = mkstemp(path);
	size_t count;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	count = dns_system_servers(out, path);
	unlink(path);
	return count;
}

static void test_resolv_conf(void **state)
{
	struct addr server[DNS_SERVERS_MAX];
	char text[ADDR_TEXT];

	(void)state;
	assert_int_equal(servers_of(server, "# nameserver 192.0.2.9\n"
					    "search example.com\n"
					    "nameserver 192.0.2.1\n"
					    "nameserver\t2001:db8::53  # comment\n"
					    "nameserver fe80::1%lo\n"
					    "nameserver 192.0.2.1\n"
					    "nameservers 192.0.2.7\n"
					    "nameserver not-an-address\n"
					    "nameserver"),
			 3);
	assert_string_equal(addr_text(text, &server[0]), "192.0.2.1:53");
	assert_string_equal(addr_text(text, &server[1]), "[2001:db8::53]:53");
	assert_int_equal(server[2].sa.v6.sin6_scope_id, 1);
	assert_int_equal(servers_of(server, ""), 1);
	assert_string_equal(addr_text(text, &server[0]), "127.0.0.1:53");
	assert_int_equal(dns_system_servers(server, "/nonexistent/resolv.conf"), 1);
	assert_int_equal(
		servers_of(server,
			   "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n"
			   "nameserver 192.0.2.4\nnameserver 192.0.2.5\nnameserver 192.0.2.6\n"
			   "nameserver 192.0.2.7\nnameserver 192.0.2.8\nnameserver 192.0.2.9\n"),
		DNS_SERVERS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_thousands),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_names_that_cannot_be),
		cmocka_unit_test(test_one_of_two),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_resolv_conf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
