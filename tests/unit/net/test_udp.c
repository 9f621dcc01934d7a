/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/udp.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct addr at(const char *text, uint16_t port)
{
	struct addr addr;

	assert_int_equal(addr_parse(&addr, text, port), ERR_NONE);
	return addr;
}

static int open_at(const char *text, struct addr *bound)
{
	const struct udp_plan plan = { .local = at(text, 0) };
	int fd = -1;

	assert_int_equal(udp_open(&fd, &plan), ERR_NONE);
	assert_int_equal(udp_local(bound, fd), ERR_NONE);
	assert_int_not_equal(addr_port(bound), 0);
	return fd;
}

static void wait_for(int fd, short what)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	assert_int_equal(poll(&poll_fd, 1, 5000), 1);
	assert_true(poll_fd.revents & what);
}

static void datagram_arrives(const char *host)
{
	struct addr a, b, from;
	int fa = open_at(host, &a), fb = open_at(host, &b);
	char room[16];
	size_t length;

	assert_int_equal(udp_receive(room, sizeof room, &length, &from, fb), ERR_TIMEOUT);
	assert_int_equal(udp_send(fa, &b, "hello", 5), ERR_NONE);
	wait_for(fb, POLLIN);
	assert_int_equal(udp_receive(room, sizeof room, &length, &from, fb), ERR_NONE);
	assert_int_equal(length, 5);
	assert_memory_equal(room, "hello", 5);
	assert_true(addr_equal(&from, &a));
	close(fa);
	close(fb);
}

static void test_datagram(void **state)
{
	(void)state;
	datagram_arrives("127.0.0.1");
	datagram_arrives("::1");
}

static void test_empty_and_too_long(void **state)
{
	struct addr a, from;
	int fd = open_at("127.0.0.1", &a);
	char room[8];
	size_t length = 99;

	(void)state;
	assert_int_equal(udp_send(fd, &a, "123456789", 9), ERR_NONE);
	assert_int_equal(udp_send(fd, &a, "", 0), ERR_NONE);
	wait_for(fd, POLLIN);
	assert_int_equal(udp_receive(room, sizeof room, &length, &from, fd), ERR_FULL);
	assert_int_equal(udp_receive(room, sizeof room, &length, &from, fd), ERR_NONE);
	assert_int_equal(length, 0);
	assert_int_equal(udp_receive(room, sizeof room, &length, &from, fd), ERR_TIMEOUT);
	close(fd);
}

/* A closed port's ICMP comes back with the payload, and does not spoil the next send. */
static void refusal_is_quoted(const char *host)
{
	static struct udp_error error;
	struct addr a, b, gone, from;
	int fa = open_at(host, &a), fb = open_at(host, &b), closed = open_at(host, &gone);
	char room[16];
	size_t length;

	close(closed);
	assert_int_equal(udp_receive_error(&error, fa), ERR_TIMEOUT);
	assert_int_equal(udp_send(fa, &gone, "knock", 5), ERR_NONE);
	wait_for(fa, POLLERR);
	assert_int_equal(udp_send(fa, &b, "hello", 5), ERR_NONE);
	wait_for(fb, POLLIN);
	assert_int_equal(udp_receive(room, sizeof room, &length, &from, fb), ERR_NONE);
	assert_int_equal(udp_receive(room, sizeof room, &length, &from, fa), ERR_TIMEOUT);

	assert_int_equal(udp_receive_error(&error, fa), ERR_NONE);
	assert_int_equal(udp_error_verdict(&error), UDP_REFUSED);
	assert_int_equal(error.family, addr_family(&a));
	assert_int_equal(error.local, 0);
	assert_true(addr_equal(&error.target, &gone));
	assert_true(addr_same_host(&error.offender, &gone));
	assert_int_equal(error.quote_length, 5);
	assert_memory_equal(error.quote, "knock", 5);
	assert_true(error.tos >= 0);
	assert_int_equal(udp_receive_error(&error, fa), ERR_TIMEOUT);
	close(fa);
	close(fb);
}

static void test_refused(void **state)
{
	(void)state;
	refusal_is_quoted("127.0.0.1");
	refusal_is_quoted("::1");
}

static void test_source_and_options(void **state)
{
	struct addr to = at("127.0.0.1", 9), source, local;
	int fd = open_at("127.0.0.1", &local);

	(void)state;
	assert_int_equal(udp_source_for(&source, &to, NULL), ERR_NONE);
	assert_true(addr_is_loopback(&source));
	assert_int_equal(udp_source_for(&source, &to, "lo"), ERR_NONE);
	assert_int_equal(udp_source_for(&source, &to, "no-such-card"), ERR_NOT_FOUND);
	assert_int_equal(udp_set_ttl(fd, AF_INET, 3), ERR_NONE);
	assert_int_equal(udp_set_ttl(fd, AF_INET, 0), ERR_NONE);
	assert_int_not_equal(udp_set_ttl(fd, AF_INET, 256), ERR_NONE);
	assert_int_equal(udp_set_tos(fd, AF_INET, 0xb8), ERR_NONE);
	close(fd);
}

static void test_port_in_use(void **state)
{
	struct udp_plan plan = { 0 };
	int fd = open_at("127.0.0.1", &plan.local), second = -7;

	(void)state;
	assert_int_not_equal(udp_open(&second, &plan), ERR_NONE);
	assert_int_equal(second, -7);
	close(fd);
}

static void test_verdicts(void **state)
{
	static const struct {
		int family;
		uint8_t type, code;
		int local;
		enum udp_verdict verdict;
	} cases[] = {
		{ AF_INET, 11, 0, 0, UDP_TTL_EXPIRED }, { AF_INET, 11, 1, 0, UDP_OTHER },
		{ AF_INET, 3, 3, 0, UDP_REFUSED },      { AF_INET, 3, 0, 0, UDP_NO_WAY },
		{ AF_INET, 3, 1, 0, UDP_NO_WAY },       { AF_INET, 3, 2, 0, UDP_OTHER },
		{ AF_INET, 3, 4, 0, UDP_OTHER },        { AF_INET, 3, 9, 0, UDP_FILTERED },
		{ AF_INET, 3, 10, 0, UDP_FILTERED },    { AF_INET, 3, 13, 0, UDP_FILTERED },
		{ AF_INET, 3, 12, 0, UDP_NO_WAY },      { AF_INET, 5, 0, 0, UDP_OTHER },
		{ AF_INET6, 3, 0, 0, UDP_TTL_EXPIRED }, { AF_INET6, 1, 4, 0, UDP_REFUSED },
		{ AF_INET6, 1, 1, 0, UDP_FILTERED },    { AF_INET6, 1, 5, 0, UDP_FILTERED },
		{ AF_INET6, 1, 0, 0, UDP_NO_WAY },      { AF_INET6, 1, 6, 0, UDP_NO_WAY },
		{ AF_INET6, 2, 0, 0, UDP_OTHER },       { AF_INET, 0, 0, EHOSTUNREACH, UDP_NO_WAY },
		{ AF_INET, 0, 0, EMSGSIZE, UDP_OTHER }, { AF_INET, 0, 0, EACCES, UDP_FILTERED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct udp_error error = { .family = cases[i].family,
					   .type = cases[i].type,
					   .code = cases[i].code,
					   .local = cases[i].local };

		assert_int_equal(udp_error_verdict(&error), cases[i].verdict);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_datagram),    cmocka_unit_test(test_empty_and_too_long),
		cmocka_unit_test(test_refused),     cmocka_unit_test(test_source_and_options),
		cmocka_unit_test(test_port_in_use), cmocka_unit_test(test_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
