/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a responder's answers say of the way back. Loopback has no routers: on which way packets are
 * lost is judged from what traces would have told. */
#include "check/ports_back.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mock/responder.h"

enum { LONG_MS = 60000 };

static void ignore(json_t *event, void *context)
{
	(void)context;
	json_decref(event);
}

static void run_against(struct ports_back *out, unsigned habits)
{
	const struct ports_media none = { .err = ERR_UNREACHABLE };
	const struct deadline until = deadline_in(LONG_MS);
	struct mock_responder *mock = mock_responder_start(habits);
	const struct addr addr = mock_responder_addr(mock);
	const unsigned first = mock_responder_first(mock);
	struct sink sink = { .event = ignore };
	const char *expected;
	char text[ADDR_TEXT];
	struct site site;

	site_init(&site);
	assert_int_equal(site_set(&site, "responder", "host", addr_text(text, &addr), &expected),
			 ERR_NONE);
	snprintf(text, sizeof text, "%u-%u", first, first + MOCK_RTP_PORTS - 1);
	assert_int_equal(site_set(&site, "media", "rtp-ports", text, &expected), ERR_NONE);
	ports_back_run(out, &site, &none, &sink, &until);
	site_clear(&site);
	mock_responder_stop(mock);
}

static void answers_prove_both_ways(void **state)
{
	struct ports_back back;

	(void)state;
	run_against(&back, 0);
	assert_int_equal(back.err, ERR_NONE);
	assert_int_equal(back.in, MEDIA_OPEN);
	assert_int_equal(back.out, MEDIA_OPEN);
	assert_true(back.echoes);
	run_against(&back, RESPONDER_NO_ECHO);
	assert_int_equal(back.in, MEDIA_OPEN);
	assert_false(back.echoes);
	run_against(&back, RESPONDER_NO_STUN);
	assert_int_equal(back.in, MEDIA_OPEN);
	assert_true(back.echoes);
}

static void silent_ports_are_narrowed_down(void **state)
{
	struct ports_back back;
	uint16_t first;

	(void)state;
	run_against(&back, RESPONDER_UPPER_SILENT);
	first = back.seen.first;
	assert_int_equal(back.err, ERR_NONE);
	assert_int_equal(back.silent.ranges, 1);
	assert_int_equal(back.silent.range[0].first, first + MOCK_RTP_PORTS / 2);
	assert_int_equal(back.silent.range[0].last, first + MOCK_RTP_PORTS - 1);
	assert_true(back.silent.range[0].exact);
	/* No router told on which way. */
	assert_int_equal(back.in, MEDIA_FLOW_UNKNOWN);
	assert_int_equal(back.out, MEDIA_FLOW_UNKNOWN);
}

static void who_is_not_there_says_nothing(void **state)
{
	struct ports_back back;

	(void)state;
	run_against(&back, RESPONDER_NO_STUN | RESPONDER_RTP_SILENT);
	assert_int_equal(back.err, ERR_TIMEOUT);
	assert_int_equal(back.in, MEDIA_FLOW_UNKNOWN);
}

/* --- judging --- */

/* Two ports of a responder, what traces towards them saw, and what it means. */
static const struct {
	const char *name;
	bool open[2];
	unsigned far[2]; /* of three hops */
	bool refused;    /* the silent ones, by the responder itself */
	enum media_flow out, in;
} cases[] = {
	{ "both answer", { true, true }, { 0, 0 }, false, MEDIA_OPEN, MEDIA_OPEN },
	{ "all come past every router",
	  { false, false },
	  { 3, 3 },
	  false,
	  MEDIA_OPEN,
	  MEDIA_BLOCKED },
	{ "one of them", { true, false }, { 3, 3 }, false, MEDIA_OPEN, MEDIA_PARTIAL },
	{ "none comes past hop 1",
	  { false, false },
	  { 1, 1 },
	  false,
	  MEDIA_BLOCKED,
	  MEDIA_FLOW_UNKNOWN },
	{ "one stops at hop 1", { true, false }, { 3, 1 }, false, MEDIA_PARTIAL, MEDIA_PARTIAL },
	{ "nobody listens there",
	  { false, false },
	  { 3, 3 },
	  true,
	  MEDIA_OPEN,
	  MEDIA_FLOW_UNKNOWN },
};

static void set_up(struct ports_back *back, size_t i)
{
	struct media_seen *there = &back->there.seen;

	*back = (struct ports_back){ .traced = true, .seen = { .first = 100, .last = 103 } };
	*there = (struct media_seen){ .first = 100, .last = 103, .reference = 3 };
	for (unsigned hop = 1; hop <= 3; hop++)
		there->router[hop] = addr_any(AF_INET, 0);
	for (unsigned p = 0; p < 2; p++) {
		struct media_port *port = media_port_add(&back->seen, 100 + 2 * p);
		struct media_port *traced = media_port_add(there, 100 + 2 * p);

		port->reached = port->answered = cases[i].open[p];
		port->rejected = !port->reached;
		traced->far = cases[i].far[p];
		traced->reached = cases[i].open[p] || cases[i].refused;
		traced->answered = cases[i].open[p];
		for (unsigned hop = traced->far + 1; hop <= 3; hop++)
			traced->vain[hop] = MEDIA_ROUNDS;
	}
	ports_media_judge(&back->there.verdict, there);
}

static void the_way_is_told_by_the_routers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ports_back back;

		set_up(&back, i);
		ports_back_judge(&back);
		if (back.out != cases[i].out || back.in != cases[i].in)
			fail_msg("%s: out %s, in %s", cases[i].name, media_flow_text(back.out),
				 media_flow_text(back.in));
	}
}

static void without_a_trace_silence_is_silence(void **state)
{
	struct ports_back back;

	(void)state;
	set_up(&back, 1);
	back.there.err = ERR_TIMEOUT;
	ports_back_judge(&back);
	assert_int_equal(back.in, MEDIA_FLOW_UNKNOWN);
	assert_int_equal(back.out, MEDIA_FLOW_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_prove_both_ways),
		cmocka_unit_test(silent_ports_are_narrowed_down),
		cmocka_unit_test(who_is_not_there_says_nothing),
		cmocka_unit_test(the_way_is_told_by_the_routers),
		cmocka_unit_test(without_a_trace_silence_is_silence),
	};

	return cmocka_run_group_tests_name("ports_back", tests, NULL, NULL);
}
