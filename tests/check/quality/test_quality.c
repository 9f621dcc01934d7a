/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the figures of a stream of packets are, and what a router's TOS byte says. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "check/quality_mark.h"
#include "check/quality_stream.h"

static void near(double is, double should_be, double within)
{
	if (fabs(is - should_be) > within)
		fail_msg("%g is not %g within %g", is, should_be, within);
}

/* `count` packets, each back after `rtt_us`. */
static struct quality_stream *stream_of(size_t count, int64_t rtt_us)
{
	struct quality_stream *stream = calloc(1, sizeof *stream);

	assert_non_null(stream);
	stream->sent = count;
	for (size_t i = 0; i < count; i++) {
		stream->packet[i].sent_us = 1000000 + (int64_t)i * 20000;
		stream->packet[i].came_us = stream->packet[i].sent_us + rtt_us;
	}
	return stream;
}

static void an_even_stream_has_no_jitter(void **state)
{
	struct quality_stream *stream = stream_of(QUALITY_PACKETS, 40000);
	struct quality_figures figures;

	(void)state;
	quality_figures(&figures, stream);
	assert_int_equal(figures.sent, QUALITY_PACKETS);
	assert_int_equal(figures.came, QUALITY_PACKETS);
	near(figures.loss_pct, 0, 0);
	near(figures.rtt_ms, 40, 1e-9);
	near(figures.jitter_ms, 0, 1e-9);
	assert_false(figures.cut_off);
	near(quality_delay_ms(&figures), 40, 1e-9);
	free(stream);
}

/* RFC 3550, 6.4.1: J += (|D| - J) / 16, by hand for three packets. */
static void jitter_is_rfc_3550s(void **state)
{
	struct quality_stream *stream = stream_of(3, 40000);
	struct quality_figures figures;

	(void)state;
	stream->packet[1].came_us += 16000;
	quality_figures(&figures, stream);
	near(figures.jitter_ms, 1 + (16 - 1) / 16.0, 1e-9);
	near(figures.rtt_ms, 40, 1e-9); /* the median does not mind one late packet */
	free(stream);
}

static void what_is_lost_is_counted_and_left_out(void **state)
{
	struct quality_stream *stream = stream_of(200, 30000);
	struct quality_figures figures;

	(void)state;
	for (size_t i = 3; i < 200; i += 20)
		stream->packet[i].came_us = 0;
	quality_figures(&figures, stream);
	assert_int_equal(figures.came, 190);
	near(figures.loss_pct, 5, 1e-9);
	near(figures.jitter_ms, 0, 1e-9);
	assert_false(figures.cut_off);
	free(stream);
}

static void a_server_that_has_had_enough_is_no_loss(void **state)
{
	struct quality_stream *stream = stream_of(300, 30000);
	struct quality_figures figures;

	(void)state;
	for (size_t i = 200; i < 300; i++)
		stream->packet[i].came_us = 0;
	quality_figures(&figures, stream);
	assert_true(figures.cut_off);
	for (size_t i = 0; i < 300; i++)
		stream->packet[i].came_us = 0;
	quality_figures(&figures, stream);
	assert_false(figures.cut_off);
	assert_int_equal(figures.came, 0);
	near(figures.loss_pct, 100, 0);
	free(stream);
}

/* RFC 7982: of `asked` sendings `heard` came there, and the answers to `came` of them came back. */
static void the_responders_count_parts_the_ways(void **state)
{
	static const struct {
		size_t asked, heard, came, counted, out, in;
	} cases[] = {
		{ 100, 100, 100, 100, 0, 0 }, { 100, 90, 90, 100, 10, 0 },
		{ 100, 100, 80, 100, 0, 20 }, { 100, 90, 80, 100, 10, 10 },
		{ 0, 0, 0, 0, 0, 0 },      /* it does not count */
		{ 100, 70, 80, 0, 0, 0 },  /* it cannot have answered what it has not heard */
		{ 100, 101, 80, 0, 0, 0 }, /* nor heard what nobody asked */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct quality_stream *stream = stream_of(200, 30000);
		struct quality_figures figures;

		stream->asked = cases[i].asked;
		stream->heard = cases[i].heard;
		for (size_t p = cases[i].came; p < 100; p++)
			stream->packet[2 * p + 1].came_us = 0;
		quality_figures(&figures, stream);
		assert_int_equal(figures.counted, cases[i].counted);
		assert_int_equal(figures.lost_out, cases[i].out);
		assert_int_equal(figures.lost_in, cases[i].in);
		free(stream);
	}
}

static void a_tos_byte_proves_only_what_it_can(void **state)
{
	(void)state;
	assert_int_equal(quality_mark_of(0xda), MARK_THERE); /* EF and ECT(0), precedence 6 */
	assert_int_equal(quality_mark_of(0xd8), MARK_THERE);
	assert_int_equal(quality_mark_of(0xba), MARK_THERE); /* the byte as it was */
	assert_int_equal(quality_mark_of(0xc2), MARK_CLEARED);
	assert_int_equal(quality_mark_of(0x02), MARK_CLEARED);
	/* A router that copies nothing looks like this too. */
	assert_int_equal(quality_mark_of(0xc0), MARK_UNKNOWN);
	assert_int_equal(quality_mark_of(0), MARK_UNKNOWN);
	assert_int_equal(quality_mark_of(-1), MARK_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_even_stream_has_no_jitter),
		cmocka_unit_test(jitter_is_rfc_3550s),
		cmocka_unit_test(what_is_lost_is_counted_and_left_out),
		cmocka_unit_test(a_server_that_has_had_enough_is_no_loss),
		cmocka_unit_test(the_responders_count_parts_the_ways),
		cmocka_unit_test(a_tos_byte_proves_only_what_it_can),
	};

	return cmocka_run_group_tests_name("quality", tests, NULL, NULL);
}
