/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stream that a responder sends back, and the busy line: how much is sent, and what is said. */
#include "check/quality_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mock/responder.h"

static struct addr rtp_of(const struct mock_responder *mock)
{
	struct addr addr = mock_responder_addr(mock);

	addr_set_port(&addr, mock_responder_first(mock));
	return addr;
}

static void rtp_comes_back_as_a_stream(void **state)
{
	static const unsigned habits[] = { 0, RESPONDER_BARE };

	(void)state;
	for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
		struct mock_responder *mock = mock_responder_start(habits[i]);
		const struct quality_plan plan = {
			.server = rtp_of(mock), .packets = 10, .last_ms = 500, .echo = true
		};
		struct quality_stream *stream = calloc(1, sizeof *stream);
		struct quality_figures figures;

		assert_non_null(stream);
		quality_stream_run(stream, &plan, NULL);
		quality_figures(&figures, stream);
		assert_int_equal(stream->err, ERR_NONE);
		assert_true(stream->echoed);
		assert_int_equal(figures.came, 10);
		free(stream);
		mock_responder_stop(mock);
	}
}

static void what_was_changed_on_the_way_is_no_echo(void **state)
{
	struct mock_responder *mock = mock_responder_start(RESPONDER_SPOILS);
	const struct quality_plan plan = { .server = rtp_of(mock), .packets = 2, .echo = true };
	struct quality_stream *stream = calloc(1, sizeof *stream);

	(void)state;
	assert_non_null(stream);
	quality_stream_run(stream, &plan, NULL);
	assert_int_equal(stream->err, ERR_REFUSED);
	assert_int_equal(stream->sent, 0);
	free(stream);
	mock_responder_stop(mock);
}

/* Contract: two million bytes, there and back. */
static void the_load_keeps_to_its_bound(void **state)
{
	struct mock_responder *mock = mock_responder_start(0);
	const struct addr server = rtp_of(mock);
	struct quality_load load;

	(void)state;
	quality_load_run(&load, &server, NULL, 0.1);
	assert_int_equal(load.err, ERR_NONE);
	assert_in_range(load.asked, 1, LOAD_PACKETS);
	assert_in_range(load.sent_bytes, 1, LOAD_MOST_BYTES / 2);
	assert_in_range(load.bytes, load.sent_bytes, LOAD_MOST_BYTES);
	assert_in_range(mock_responder_heard(mock), 1, LOAD_MOST_BYTES / 2);
	mock_responder_stop(mock);
}

static void who_does_not_agree_is_left_alone(void **state)
{
	static const unsigned habits[] = { RESPONDER_NO_ECHO, RESPONDER_ALWAYS_STALE,
					   RESPONDER_RTP_SILENT };

	(void)state;
	for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
		struct mock_responder *mock = mock_responder_start(habits[i]);
		const struct addr server = rtp_of(mock);
		struct quality_load load;

		quality_load_run(&load, &server, NULL, 0.1);
		assert_int_equal(load.err, ERR_REFUSED);
		assert_int_equal(load.sent_bytes, 0);
		assert_in_range(mock_responder_heard(mock), 1, 10000);
		mock_responder_stop(mock);
	}
}

static void the_load_grows_step_by_step(void **state)
{
	size_t before = 0;

	(void)state;
	assert_int_equal(quality_load_due(0), 0);
	assert_int_equal(quality_load_due(200000), 50000);  /* 2 Mbit/s */
	assert_int_equal(quality_load_due(400000), 150000); /* then 4 */
	assert_int_equal(quality_load_due(600000), 350000); /* then 8 */
	for (int64_t at = 0; at < 3000000; at += 1000) {
		const size_t due = quality_load_due(at);

		assert_true(due >= before && due <= LOAD_MOST_BYTES / 2);
		before = due;
	}
	assert_true(before > LOAD_MOST_BYTES / 3);
}

/* Twenty packets, a tenth of a second apart, each back after `rtt_ms`; 0: not. */
static struct quality_stream stream_of(const int rtt_ms[static 20])
{
	struct quality_stream stream = { .sent = 20 };

	for (size_t i = 0; i < 20; i++) {
		stream.packet[i].sent_us = 1000000 + (int64_t)i * 100000;
		if (rtt_ms[i])
			stream.packet[i].came_us = stream.packet[i].sent_us + rtt_ms[i] * 1000;
	}
	return stream;
}

static void only_the_busy_time_counts(void **state)
{
	static const int rtt[20] = { 900, 900, 10, 20, 30, 40, 50, 60, 70, 80, 90, 500, 0, 0, 900 };
	const struct quality_stream stream = stream_of(rtt);
	struct quality_load load = { 0 };

	(void)state;
	quality_load_figures(&load, &stream, 1200000, 2300000);
	assert_int_equal(load.asked, 12);
	assert_int_equal(load.came, 10);
	assert_int_equal((int)load.rtt_ms, 90); /* nine in ten were as fast */
	load = (struct quality_load){ 0 };
	quality_load_figures(&load, &stream, 2200000, 2300000);
	assert_int_equal(load.asked, 2);
	assert_int_equal(load.came, 0);
}

/* --- what is said --- */

struct told {
	int facts, findings;
};

static void hear(json_t *event, void *context)
{
	struct told *told = context;
	const char *kind = json_string_value(json_object_get(event, "event"));

	told->facts += !strcmp(kind, "fact");
	told->findings += !strcmp(kind, "finding");
	json_decref(event);
}

static struct told report(const struct quality_load *load, double idle_ms)
{
	struct told told = { 0 };
	struct sink sink = { .event = hear, .context = &told };
	struct addr server;

	assert_int_equal(addr_parse(&server, "192.0.2.1", 10000), ERR_NONE);
	quality_load_report(load, &server, idle_ms, &sink);
	return told;
}

static void a_round_trip_that_grows_is_bufferbloat(void **state)
{
	struct quality_load load = { .asked = 20, .came = 20, .rtt_ms = 130 };

	(void)state;
	assert_int_equal(report(&load, 20).findings, 1);
	assert_int_equal(report(&load, 20).facts, 1);
	assert_int_equal(report(&load, 100).findings,
			 0); /* a long way, but no longer than before */
	assert_int_equal(report(&load, 100).facts, 1);
	load.came = 0;
	assert_int_equal(report(&load, 20).findings + report(&load, 20).facts, 0);
	load = (struct quality_load){ .err = ERR_REFUSED, .came = 1, .rtt_ms = 900 };
	assert_int_equal(report(&load, 20).findings + report(&load, 20).facts, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rtp_comes_back_as_a_stream),
		cmocka_unit_test(what_was_changed_on_the_way_is_no_echo),
		cmocka_unit_test(the_load_keeps_to_its_bound),
		cmocka_unit_test(who_does_not_agree_is_left_alone),
		cmocka_unit_test(the_load_grows_step_by_step),
		cmocka_unit_test(only_the_busy_time_counts),
		cmocka_unit_test(a_round_trip_that_grows_is_bufferbloat),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
