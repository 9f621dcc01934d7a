/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/tcp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* A socket bound to a free port; it listens with `backlog` above 0. */
static int open_at(struct addr *addr, int backlog)
{
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t length = sizeof addr->sa;

	assert_int_equal(addr_parse(addr, "127.0.0.1", 0), ERR_NONE);
	assert_int_equal(bind(fd, &addr->sa.any, addr_length(addr)), 0);
	assert_int_equal(getsockname(fd, &addr->sa.any, &length), 0);
	if (backlog)
		assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

static void test_tries(void **state)
{
	const struct deadline until = deadline_in(10000), passed = deadline_in(0);
	struct tcp_try tries[2] = { 0 };
	int listening = open_at(&tries[0].to, 8), deaf = open_at(&tries[1].to, 0);

	(void)state;
	tcp_tries_start(tries, 2, NULL);
	tcp_tries_finish(tries, 2, &until);
	assert_int_equal(tries[0].err, ERR_NONE);
	assert_int_equal(tries[1].err, ERR_REFUSED);
	assert_int_equal(tries[0].fd, -1);

	/* What is there counts even when the moment has passed. */
	tcp_tries_start(tries, 1, NULL);
	tcp_tries_finish(tries, 1, &passed);
	assert_int_equal(tries[0].err, ERR_NONE);

	/* Kept, it is the caller's. */
	tries[0].keep = true;
	tcp_tries_start(tries, 1, NULL);
	tcp_tries_finish(tries, 1, &until);
	assert_int_equal(tries[0].err, ERR_NONE);
	assert_true(tries[0].fd >= 0 && tries[0].ended && !tries[0].filtered);
	assert_int_equal(close(tries[0].fd), 0);
	tries[0].keep = false;

	tcp_tries_start(tries, 1, "no-such-card");
	tcp_tries_finish(tries, 1, &until);
	assert_int_not_equal(tries[0].err, ERR_NONE);
	tcp_tries_finish(tries, 0, &until);
	close(listening);
	close(deaf);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_tries) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
