/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/binding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "mock/stun_server.h"
#include "net/udp.h"

enum { LONG_MS = 10000, SHORT_MS = 50 };

static struct addr at(const char *text, uint16_t port)
{
	struct addr addr;

	assert_int_equal(addr_parse(&addr, text, port), ERR_NONE);
	return addr;
}

/* Asks a server of those habits once from a new socket. */
static enum err ask(struct addr *mapped, unsigned habits, int64_t ms)
{
	const struct mock_stun_plan server = { .host = { "127.0.0.2" }, .habits = habits };
	const struct udp_plan plan = { .local = at("127.0.0.1", 0) };
	struct mock_nat nat = { .translate = true, .outside = at("203.0.113.2", 4000) };
	struct mock_stun *mock = mock_stun_start(&server, 1, &nat);
	const struct addr to = mock_stun_addr(mock, 0);
	const struct deadline until = deadline_in(ms);
	int fd = -1;
	enum err err;

	assert_int_equal(udp_open(&fd, &plan), ERR_NONE);
	err = binding_mapped(mapped, fd, &to, &until);
	close(fd);
	mock_stun_stop(mock);
	return err;
}

static void test_mapped(void **state)
{
	const struct addr outside = at("203.0.113.2", 4000);
	struct addr mapped = { 0 };

	(void)state;
	assert_int_equal(ask(&mapped, 0, LONG_MS), ERR_NONE);
	assert_true(addr_equal(&mapped, &outside));
	mapped = (struct addr){ 0 };
	assert_int_equal(ask(&mapped, MOCK_OLD, LONG_MS), ERR_NONE);
	assert_true(addr_equal(&mapped, &outside));
	mapped = (struct addr){ 0 };
	assert_int_equal(ask(&mapped, MOCK_PLAIN_LIES, LONG_MS), ERR_NONE);
	assert_true(addr_equal(&mapped, &outside));
	mapped = (struct addr){ 0 };
	assert_int_equal(ask(&mapped, MOCK_LOSES_FIRST, LONG_MS), ERR_NONE);
	assert_true(addr_equal(&mapped, &outside));
}

static void test_no_answer(void **state)
{
	static const unsigned habits[] = { MOCK_SILENT,   MOCK_TRUNCATED,    MOCK_OVERSIZED,
					   MOCK_WRONG_ID, MOCK_WRONG_SOURCE, MOCK_ECHO };
	struct addr mapped = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof habits / sizeof *habits; i++)
		assert_int_equal(ask(&mapped, habits[i], SHORT_MS), ERR_TIMEOUT);
	assert_false(addr_is_set(&mapped));
}

static void test_useless_answer(void **state)
{
	struct addr mapped = { 0 };

	(void)state;
	assert_int_equal(ask(&mapped, MOCK_ERROR, LONG_MS), ERR_REFUSED);
	assert_int_equal(ask(&mapped, MOCK_NO_ADDRESS, LONG_MS), ERR_SYNTAX);
	assert_false(addr_is_set(&mapped));
}

static void test_refused_port(void **state)
{
	const struct udp_plan plan = { .local = at("127.0.0.1", 0) };
	const struct deadline until = deadline_in(LONG_MS);
	struct addr mapped = { 0 }, gone;
	int fd = -1, closed = -1;

	(void)state;
	assert_int_equal(udp_open(&fd, &plan), ERR_NONE);
	assert_int_equal(udp_open(&closed, &plan), ERR_NONE);
	assert_int_equal(udp_local(&gone, closed), ERR_NONE);
	close(closed);
	assert_int_equal(binding_mapped(&mapped, fd, &gone, &until), ERR_REFUSED);
	close(fd);
}

static void test_ids_differ(void **state)
{
	const struct stun_id a = binding_id(), b = binding_id();

	(void)state;
	assert_memory_not_equal(&a, &b, sizeof a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mapped),         cmocka_unit_test(test_no_answer),
		cmocka_unit_test(test_useless_answer), cmocka_unit_test(test_refused_port),
		cmocka_unit_test(test_ids_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
