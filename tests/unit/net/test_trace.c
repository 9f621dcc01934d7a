/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What targets on the loopback answer; routers stand in tests/check/ports/media-lab.py. */
#include "net/trace.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/udp.h"

struct world {
	int far; /* the target's socket */
	struct addr target;
	struct trace *trace;
	struct trace_path *path;
};

static void open_world(struct world *world)
{
	struct udp_plan plan = { 0 };
	struct trace_plan trace = { .to = &world->target };

	assert_int_equal(addr_parse(&plan.local, "127.0.0.1", 0), ERR_NONE);
	assert_int_equal(udp_open(&world->far, &plan), ERR_NONE);
	assert_int_equal(udp_local(&world->target, world->far), ERR_NONE);
	assert_int_equal(trace_new(&world->trace, &trace), ERR_NONE);
	world->path = trace_path(world->trace, &world->target);
	assert_ptr_equal(world->path, trace_path(world->trace, &world->target));
}

static void close_world(struct world *world)
{
	trace_free(world->trace);
	if (world->far >= 0)
		close(world->far);
}

static void ask(struct world *world, unsigned hop, enum trace_payload payload, unsigned tries)
{
	const struct deadline until = deadline_in(3000);

	trace_want(world->trace,
		   &(struct trace_want){
			   .path = world->path, .hop = hop, .payload = payload, .tries = tries });
	trace_work(world->trace, &until, NULL, NULL);
}

/* As `enough`: the target sends back what came, or something else instead. */
static bool send_back(void *context)
{
	struct world *world = context;
	uint8_t data[2048];
	struct addr from;
	size_t length;

	if (!udp_receive(data, sizeof data, &length, &from, world->far))
		assert_int_equal(udp_send(world->far, &from, data, length), ERR_NONE);
	return false;
}

static void test_refused(void **state)
{
	struct world world;

	(void)state;
	open_world(&world);
	close(world.far);
	world.far = -1;
	ask(&world, 0, TRACE_STUN, 3);
	ask(&world, 5, TRACE_RTP, 3);
	assert_int_equal(world.path->hop[0].answer, TRACE_REFUSED);
	assert_int_equal(world.path->hop[0].sent, 1);
	assert_int_equal(world.path->hop[5].answer, TRACE_REFUSED);
	assert_true(addr_same_host(&world.path->hop[5].by, &world.target));
	assert_int_equal(trace_packets(world.trace), 2);
	close_world(&world);
}

static void test_silent(void **state)
{
	struct world world;

	(void)state;
	open_world(&world);
	ask(&world, 0, TRACE_RTP, 3);
	assert_int_equal(world.path->hop[0].answer, TRACE_SILENT);
	assert_int_equal(world.path->hop[0].sent, 3);
	close_world(&world);
}

static void ask_echo(struct world *world, enum trace_payload payload)
{
	const struct deadline until = deadline_in(3000);

	trace_want(world->trace,
		   &(struct trace_want){ .path = world->path, .payload = payload, .tries = 3 });
	/* What comes between two of them wakes nobody: the next try answers the one before. */
	trace_work(world->trace, &until, send_back, world);
	send_back(world);
	trace_work(world->trace, &until, NULL, NULL);
}

static void test_echo(void **state)
{
	struct world world;

	(void)state;
	open_world(&world);
	ask_echo(&world, TRACE_RTP);
	assert_int_equal(world.path->hop[0].answer, TRACE_ECHO);
	close_world(&world);
}

/* RFC 8489: a request is no answer to a request. */
static void test_own_request_back(void **state)
{
	struct world world;

	(void)state;
	open_world(&world);
	ask_echo(&world, TRACE_STUN);
	assert_int_equal(world.path->hop[0].answer, TRACE_SILENT);
	assert_true(world.path->strange > 0);
	close_world(&world);
}

static void test_ceilings(void **state)
{
	struct world world;
	struct addr other;
	size_t paths = 1;

	(void)state;
	open_world(&world);
	other = world.target;
	for (unsigned port = 1; port <= TRACE_PATHS_MAX + 1; port++) {
		addr_set_port(&other, (uint16_t)port);
		paths += trace_path(world.trace, &other) != NULL;
	}
	assert_int_equal(paths, TRACE_PATHS_MAX);
	ask(&world, TRACE_HOPS + 1, TRACE_RTP, 1);
	assert_int_equal(trace_packets(world.trace), 0);
	close_world(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),  cmocka_unit_test(test_silent),
		cmocka_unit_test(test_echo),     cmocka_unit_test(test_own_request_back),
		cmocka_unit_test(test_ceilings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
