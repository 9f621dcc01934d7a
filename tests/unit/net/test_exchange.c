/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The far end is a socket of the test itself: exchange_next() with a moment that has come sends and
 * returns. */
#include "net/exchange.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { LONG_MS = 10000 };

static int open_socket(struct addr *bound)
{
	struct udp_plan plan = { 0 };
	int fd = -1;

	assert_int_equal(addr_parse(&plan.local, "127.0.0.1", 0), ERR_NONE);
	assert_int_equal(udp_open(&fd, &plan), ERR_NONE);
	assert_int_equal(udp_local(bound, fd), ERR_NONE);
	return fd;
}

static bool starts_as(struct slice datagram, const void *context)
{
	return slice_starts(datagram, context);
}

static struct exchange *add(struct exchange_set *set, const struct addr *to, int fd,
			    const char *asks, const char *wants)
{
	struct exchange_plan plan = { .fd = fd,
				      .to = *to,
				      .payload = slice_of_text(asks),
				      .match = starts_as,
				      .context = wants };
	struct exchange *exchange = NULL;

	plan.socket.local = addr_any(AF_INET, 0);
	assert_int_equal(exchange_add(&exchange, set, &plan), ERR_NONE);
	return exchange;
}

/* Sends what is due and returns. */
static void step(struct exchange_set *set)
{
	const struct deadline soon = deadline_in(1);
	struct exchange *done;

	assert_int_equal(exchange_next(&done, set, &soon), ERR_TIMEOUT);
}

static struct addr take_request(int fd, const char *expected)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	struct addr from = { 0 };
	char text[64];
	size_t length = 0;

	assert_int_equal(poll(&poll_fd, 1, LONG_MS), 1);
	assert_int_equal(udp_receive(text, sizeof text, &length, &from, fd), ERR_NONE);
	assert_int_equal(length, strlen(expected));
	assert_memory_equal(text, expected, length);
	/* Sent from the wildcard, it came from loopback. */
	return from;
}

static void reply(int fd, const struct addr *to, const char *text)
{
	assert_int_equal(udp_send(fd, to, text, strlen(text)), ERR_NONE);
}

static struct exchange *next(struct exchange_set *set)
{
	const struct deadline until = deadline_in(LONG_MS);
	struct exchange *done = NULL;

	assert_int_equal(exchange_next(&done, set, &until), ERR_NONE);
	return done;
}

static void assert_none_left(struct exchange_set *set)
{
	const struct deadline until = deadline_in(LONG_MS);
	struct exchange *done;

	assert_int_equal(exchange_next(&done, set, &until), ERR_NOT_FOUND);
}

static void test_answered_once(void **state)
{
	struct exchange_set *set = exchange_set_new();
	struct addr server, client;
	int fd = open_socket(&server);
	struct exchange *exchange = add(set, &server, -1, "ask", "yes");
	const struct exchange_result *result = exchange_result(exchange);

	(void)state;
	assert_int_equal(result->end, EXCHANGE_RUNNING);
	step(set);
	client = take_request(fd, "ask");
	reply(fd, &client, "no, not this");
	reply(fd, &client, "yes, first");
	reply(fd, &client, "yes, second");
	assert_ptr_equal(next(set), exchange);
	assert_int_equal(result->end, EXCHANGE_ANSWERED);
	assert_true(slice_is(result->answer, "yes, first"));
	assert_true(addr_equal(&result->from, &server));
	assert_int_equal(result->sent, 1);
	assert_none_left(set);
	exchange_set_free(set);
	close(fd);
}

static void test_source_counts(void **state)
{
	struct exchange_set *set = exchange_set_new();
	struct addr server, other, client;
	int fd = open_socket(&server), stranger = open_socket(&other);
	struct exchange *exchange = add(set, &server, -1, "ask", "yes");

	(void)state;
	step(set);
	client = take_request(fd, "ask");
	reply(stranger, &client, "yes, trust me");
	step(set);
	assert_int_equal(exchange_result(exchange)->end, EXCHANGE_RUNNING);
	reply(fd, &client, "yes");
	assert_ptr_equal(next(set), exchange);
	assert_true(slice_is(exchange_result(exchange)->answer, "yes"));
	exchange_set_free(set);
	close(fd);
	close(stranger);
}

static void test_second_source_by_choice(void **state)
{
	struct exchange_set *set = exchange_set_new();
	struct addr server, other, client;
	int fd = open_socket(&server), second = open_socket(&other);
	struct exchange_plan plan = { .fd = -1,
				      .to = server,
				      .also_from = other,
				      .match = starts_as,
				      .payload = slice_of_text("ask"),
				      .context = "yes" };
	struct exchange *exchange;

	(void)state;
	plan.socket.local = addr_any(AF_INET, 0);
	assert_int_equal(exchange_add(&exchange, set, &plan), ERR_NONE);
	step(set);
	client = take_request(fd, "ask");
	reply(second, &client, "yes");
	assert_ptr_equal(next(set), exchange);
	assert_true(addr_equal(&exchange_result(exchange)->from, &other));
	exchange_set_free(set);
	close(fd);
	close(second);
}

/* 20, 40 and at last 30 ms: three sends, then the end, on time. */
static void test_resends_then_gives_up(void **state)
{
	struct exchange_set *set = exchange_set_new();
	struct addr server;
	int fd = open_socket(&server);
	struct exchange_plan plan = { .fd = -1,
				      .to = server,
				      .match = starts_as,
				      .payload = slice_of_text("ask"),
				      .context = "yes",
				      .first_ms = 20,
				      .sends = 3,
				      .last_ms = 30 };
	struct exchange *exchange;

	(void)state;
	plan.socket.local = addr_any(AF_INET, 0);
	assert_int_equal(exchange_add(&exchange, set, &plan), ERR_NONE);
	assert_ptr_equal(next(set), exchange);
	assert_int_equal(exchange_result(exchange)->end, EXCHANGE_TIMEOUT);
	assert_int_equal(exchange_result(exchange)->sent, 3);
	assert_true(exchange_result(exchange)->took_ms >= 90);
	for (int i = 0; i < 3; i++)
		(void)take_request(fd, "ask");
	assert_none_left(set);
	exchange_set_free(set);
	close(fd);
}

static void test_refused(void **state)
{
	struct exchange_set *set = exchange_set_new();
	struct addr gone;
	struct exchange *exchange;

	(void)state;
	close(open_socket(&gone));
	exchange = add(set, &gone, -1, "ask", "yes");
	assert_ptr_equal(next(set), exchange);
	assert_int_equal(exchange_result(exchange)->end, EXCHANGE_REFUSED);
	assert_true(addr_same_host(&exchange_result(exchange)->offender, &gone));
	exchange_set_free(set);
}

/* A socket may not broadcast unless it said so: our own host refuses. */
static void test_own_host_refuses(void **state)
{
	struct exchange_set *set = exchange_set_new();
	struct addr all;
	struct exchange *exchange;

	(void)state;
	assert_int_equal(addr_parse(&all, "127.255.255.255", 9), ERR_NONE);
	exchange = add(set, &all, -1, "ask", "yes");
	assert_ptr_equal(next(set), exchange);
	assert_int_equal(exchange_result(exchange)->end, EXCHANGE_FILTERED);
	assert_false(addr_is_set(&exchange_result(exchange)->offender));
	exchange_set_free(set);
}

/* Two to a dead port and one to a live one, all from one socket: each gets its own end. */
static void test_shared_socket(void **state)
{
	struct exchange_set *set = exchange_set_new();
	struct addr server, gone, mine, client;
	int fd = open_socket(&server), shared = open_socket(&mine);
	struct exchange *first, *second, *live, *done;

	(void)state;
	close(open_socket(&gone));
	first = add(set, &gone, shared, "one", "yes");
	second = add(set, &gone, shared, "two", "yes");
	live = add(set, &server, shared, "three", "yes");
	assert_int_equal(exchange_fd(live), shared);
	done = next(set);
	assert_true(done == first || done == second);
	done = next(set);
	assert_true(done == first || done == second);
	assert_int_equal(exchange_result(first)->end, EXCHANGE_REFUSED);
	assert_int_equal(exchange_result(second)->end, EXCHANGE_REFUSED);
	client = take_request(fd, "three");
	assert_true(addr_equal(&client, &mine));
	reply(fd, &client, "yes");
	assert_ptr_equal(next(set), live);
	assert_none_left(set);
	exchange_set_free(set);
	close(fd);
	close(shared);
}

/* A flood of rubbish neither counts nor keeps the timers from running. */
static void test_flood(void **state)
{
	struct exchange_set *set = exchange_set_new();
	struct addr server, client;
	int fd = open_socket(&server);
	struct exchange *exchange = add(set, &server, -1, "ask", "yes");

	(void)state;
	step(set);
	client = take_request(fd, "ask");
	for (int i = 0; i < 1000; i++)
		reply(fd, &client, "rubbish");
	while (exchange_result(exchange)->sent < 2)
		step(set);
	(void)take_request(fd, "ask");
	reply(fd, &client, "yes");
	assert_ptr_equal(next(set), exchange);
	assert_int_equal(exchange_result(exchange)->end, EXCHANGE_ANSWERED);
	exchange_set_free(set);
	close(fd);
}

static void test_cancel_and_deadline(void **state)
{
	struct exchange_set *set = exchange_set_new();
	const struct deadline soon = deadline_in(5);
	struct addr server;
	int fd = open_socket(&server);
	struct exchange *left = add(set, &server, -1, "a", "yes"),
			*gone = add(set, &server, -1, "b", "yes");

	(void)state;
	exchange_cancel(gone);
	exchange_run(set, &soon);
	assert_int_equal(exchange_result(left)->end, EXCHANGE_TIMEOUT);
	assert_int_equal(exchange_result(gone)->end, EXCHANGE_CANCELLED);
	assert_int_equal(exchange_result(gone)->sent, 0);
	assert_ptr_equal(next(set), left);
	assert_none_left(set);
	exchange_set_free(set);
	close(fd);
}

static void test_no_socket(void **state)
{
	struct exchange_set *set = exchange_set_new();
	struct exchange_plan plan = { .fd = -1, .socket = { .device = "no-such-card" } };
	struct exchange *exchange = NULL;

	(void)state;
	plan.socket.local = addr_any(AF_INET, 0);
	assert_int_equal(exchange_add(&exchange, set, &plan), ERR_NOT_FOUND);
	assert_null(exchange);
	assert_none_left(set);
	exchange_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answered_once),
		cmocka_unit_test(test_source_counts),
		cmocka_unit_test(test_second_source_by_choice),
		cmocka_unit_test(test_resends_then_gives_up),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_own_host_refuses),
		cmocka_unit_test(test_shared_socket),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_cancel_and_deadline),
		cmocka_unit_test(test_no_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
