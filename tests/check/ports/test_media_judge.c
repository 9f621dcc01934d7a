/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From how far each port came to what is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check/ports_media.h"

static struct addr at(const char *text)
{
	struct addr addr;

	assert_int_equal(addr_parse(&addr, text, 0), ERR_NONE);
	return addr;
}

/* Three routers that all show themselves; ports 10000-20000. */
static void set_up(struct media_seen *seen)
{
	*seen = (struct media_seen){
		.target = at("198.51.100.10"), .first = 10000, .last = 20000, .reference = 3
	};
	seen->router[1] = at("192.168.1.1");
	seen->router[2] = at("203.0.113.1");
	seen->router[3] = at("192.0.2.2");
}

static struct media_port *add(struct media_seen *seen, uint16_t number)
{
	struct media_port *port = &seen->port[seen->count++];

	*port = (struct media_port){ .port = number };
	return port;
}

static void reach(struct media_seen *seen, uint16_t number)
{
	add(seen, number)->reached = true;
}

static void pass(struct media_seen *seen, uint16_t number)
{
	add(seen, number)->far = seen->reference;
}

static void stop(struct media_seen *seen, uint16_t number, unsigned far)
{
	struct media_port *port = add(seen, number);

	port->far = far;
	port->vain[seen->reference] = MEDIA_ROUNDS;
}

static void reject(struct media_seen *seen, uint16_t number, const char *by)
{
	struct media_port *port = add(seen, number);

	port->rejected = true;
	port->how = TRACE_FILTERED;
	port->by = at(by);
}

static struct media_verdict judge(const struct media_seen *seen)
{
	struct media_verdict verdict;

	ports_media_judge(&verdict, seen);
	return verdict;
}

static void assert_range(const struct media_verdict *verdict, size_t index, unsigned first,
			 unsigned last, bool exact)
{
	assert_true(index < verdict->ranges);
	assert_int_equal(verdict->range[index].first, first);
	assert_int_equal(verdict->range[index].last, last);
	assert_int_equal(verdict->range[index].exact, exact);
}

static void test_all_reached(void **state)
{
	struct media_seen seen;
	struct media_verdict verdict;

	(void)state;
	set_up(&seen);
	reach(&seen, 10000);
	reach(&seen, 20000);
	verdict = judge(&seen);
	assert_int_equal(verdict.out, MEDIA_OPEN);
	assert_int_equal(verdict.in, MEDIA_FLOW_UNKNOWN);
	seen.port[0].answered = true;
	assert_int_equal(judge(&seen).in, MEDIA_FLOW_UNKNOWN);
	seen.port[1].answered = true;
	assert_int_equal(judge(&seen).in, MEDIA_OPEN);
}

static void test_silent_target(void **state)
{
	struct media_seen seen;

	(void)state;
	set_up(&seen);
	pass(&seen, 10000);
	pass(&seen, 20000);
	assert_int_equal(judge(&seen).out, MEDIA_OPEN);
	seen.control_lost = true;
	assert_int_equal(judge(&seen).out, MEDIA_FLOW_UNKNOWN);
	seen.control_lost = false;
	/* One router alone says nothing: it looks at the TTL before its filter. */
	seen.reference = seen.port[0].far = seen.port[1].far = 1;
	assert_int_equal(judge(&seen).out, MEDIA_FLOW_UNKNOWN);
	assert_true(judge(&seen).hidden);
}

/* The router before a dead host uses its answers up on saying that it is dead. */
static void test_dead_target(void **state)
{
	struct media_seen seen;

	(void)state;
	set_up(&seen);
	pass(&seen, 10000);
	stop(&seen, 14000, 2);
	pass(&seen, 20000);
	assert_int_equal(judge(&seen).out, MEDIA_PARTIAL);
	seen.control_lost = true;
	assert_int_equal(judge(&seen).out, MEDIA_FLOW_UNKNOWN);
	assert_int_equal(judge(&seen).ranges, 0);
	/* Whoever rejects says so himself. */
	reject(&seen, 20002, "192.168.1.1");
	assert_int_equal(judge(&seen).out, MEDIA_PARTIAL);
}

/* The target answers for one; the other is in use if those beside it are answered too. */
static void test_silent_among_reached(void **state)
{
	struct media_seen seen;

	(void)state;
	set_up(&seen);
	reach(&seen, 10000);
	pass(&seen, 20000);
	assert_int_equal(judge(&seen).out, MEDIA_FLOW_UNKNOWN);
	assert_false(judge(&seen).hidden);
	seen.count--;
	reach(&seen, 19998);
	pass(&seen, 20000);
	assert_int_equal(judge(&seen).out, MEDIA_OPEN);
}

static void test_dropped_part(void **state)
{
	struct media_seen seen;
	struct media_verdict verdict;

	(void)state;
	set_up(&seen);
	reach(&seen, 10000);
	reach(&seen, 14998);
	stop(&seen, 15000, 0);
	stop(&seen, 17000, 1);
	stop(&seen, 20000, 0);
	verdict = judge(&seen);
	assert_int_equal(verdict.out, MEDIA_PARTIAL);
	assert_int_equal(verdict.ranges, 1);
	assert_range(&verdict, 0, 15000, 20000, true);
	assert_int_equal(verdict.hop, 1);
	assert_int_equal(verdict.next, 3);
	assert_int_equal(verdict.side, SIDE_SITE);
	assert_int_equal(verdict.how, TRACE_SILENT);
}

/* What was asked too seldom is neither open nor blocked, and no end of a range. */
static void test_seldom_asked(void **state)
{
	struct media_seen seen;
	struct media_verdict verdict;

	(void)state;
	set_up(&seen);
	reach(&seen, 10000);
	stop(&seen, 12000, 2);
	seen.port[1].vain[3] = MEDIA_ROUNDS - 1;
	stop(&seen, 14000, 2);
	reach(&seen, 15000);
	reach(&seen, 20000);
	verdict = judge(&seen);
	assert_int_equal(verdict.count[MEDIA_UNKNOWN], 1);
	assert_int_equal(verdict.ranges, 1);
	assert_range(&verdict, 0, 14000, 14001, false);
	assert_int_equal(verdict.hop, 2);
	assert_int_equal(verdict.side, SIDE_UNKNOWN);
}

static void test_two_parts(void **state)
{
	struct media_seen seen;
	struct media_verdict verdict;

	(void)state;
	set_up(&seen);
	stop(&seen, 10000, 1);
	stop(&seen, 11998, 1);
	pass(&seen, 12000);
	pass(&seen, 17998);
	stop(&seen, 18000, 1);
	stop(&seen, 18998, 1);
	pass(&seen, 19000);
	pass(&seen, 20000);
	verdict = judge(&seen);
	assert_int_equal(verdict.ranges, 2);
	assert_range(&verdict, 0, 10000, 11999, true);
	assert_range(&verdict, 1, 18000, 18999, true);
}

static void test_rejected(void **state)
{
	struct media_seen seen;
	struct media_verdict verdict;

	(void)state;
	set_up(&seen);
	reject(&seen, 10000, "203.0.113.1");
	reject(&seen, 20000, "203.0.113.1");
	verdict = judge(&seen);
	assert_int_equal(verdict.out, MEDIA_BLOCKED);
	assert_range(&verdict, 0, 10000, 20000, true);
	assert_int_equal(verdict.hop, 2);
	assert_int_equal(verdict.how, TRACE_FILTERED);
	seen.port[0].by = at("198.51.100.10");
	verdict = judge(&seen);
	assert_int_equal(verdict.hop, 0);
	assert_int_equal(verdict.side, SIDE_PROVIDER);
}

static void test_hidden(void **state)
{
	struct media_seen seen;
	struct media_verdict verdict;

	(void)state;
	set_up(&seen);
	seen.reference = 0;
	reach(&seen, 10000);
	add(&seen, 20000)->vain[0] = MEDIA_ROUNDS;
	verdict = judge(&seen);
	assert_int_equal(verdict.out, MEDIA_FLOW_UNKNOWN);
	assert_int_equal(verdict.ranges, 0);
	assert_true(verdict.hidden);
}

static void test_nothing(void **state)
{
	struct media_seen seen = { 0 };

	(void)state;
	assert_int_equal(judge(&seen).out, MEDIA_FLOW_UNKNOWN);
	assert_false(judge(&seen).hidden);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_reached),  cmocka_unit_test(test_silent_target),
		cmocka_unit_test(test_dead_target),  cmocka_unit_test(test_silent_among_reached),
		cmocka_unit_test(test_dropped_part), cmocka_unit_test(test_seldom_asked),
		cmocka_unit_test(test_two_parts),    cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_hidden),       cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
