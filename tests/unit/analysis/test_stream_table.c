/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which streams there are: what is RTP, what is not, who is found, who goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sender.h"

static int set_up(void **state)
{
	struct sender *sender = mem_new(1, sizeof *sender);

	*sender = sender_new(streams_new());
	*state = sender;
	return 0;
}

static int tear_down(void **state)
{
	struct sender *sender = *state;

	streams_free(sender->streams);
	free(sender);
	return 0;
}

static void put(struct sender *sender, const uint8_t *bytes, size_t length)
{
	const struct datagram datagram = { .ns = sender->ns,
					   .src = sender->src,
					   .dst = sender->dst,
					   .payload = slice_of(bytes, length),
					   .wire = length };

	streams_datagram(sender->streams, &datagram);
	sender->ns += 1000000;
}

static void count_one(struct stream *stream, void *context)
{
	(void)stream;
	++*(size_t *)context;
}

static size_t count_with(const struct sender *sender, const struct endpoint *at)
{
	size_t count = 0;

	streams_with(sender->streams, at, count_one, &count);
	return count;
}

/* --- what is RTP --- */

static void takes_no_noise(void **state)
{
	struct sender *sender = *state;
	uint32_t seed = 99;

	for (int i = 0; i < 50000; i++) {
		uint8_t bytes[64];

		for (size_t j = 0; j < sizeof bytes; j++) {
			seed = seed * 1664525 + 1013904223;
			bytes[j] = (uint8_t)(seed >> 24);
		}
		put(sender, bytes, sizeof bytes);
	}
	assert_int_equal(streams_count(sender->streams), 0);
}

/* The first bytes of what else goes over UDP, with what counts up or is random in it. */
static void takes_no_other_protocol(void **state)
{
	static const uint8_t heads[][12] = {
		{ 0x81, 0x80, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0 },       /* DNS, its ID */
		{ 0x00, 0x01, 0x00, 0x08, 0x21, 0x12, 0xa4, 0x42, 1, 2 }, /* STUN */
		{ 0x10, 0x00, 0x00, 0x01, 0x5a, 0x52, 0x54, 0x50, 0, 0 }, /* ZRTP */
		{ 0x16, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0 },          /* DTLS */
		{ 0x40, 0x00, 0x00, 0x10, 0x80, 0, 0, 1 },                /* TURN's channels */
		{ 0x45, 0x11, 0x22, 0x33, 0x44 },                         /* QUIC, short */
		{ 0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6 },                /* QUIC, long */
		{ 0x80, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },             /* nothing moves */
	};

	struct sender *sender = *state;

	for (size_t head = 0; head < sizeof heads / sizeof *heads; head++) {
		for (unsigned i = 0; i < 1000; i++) {
			uint8_t bytes[100] = { 0 };

			memcpy(bytes, heads[head], sizeof heads[head]);
			if (head == 0) { /* an ID that looks like version 2 */
				bytes[0] = (uint8_t)(0x80 | (i * 37 & 0x3f));
				bytes[1] = (uint8_t)(i * 91);
			} else if (head < 7) {
				bytes[11] = (uint8_t)i;
			}
			put(sender, bytes, sizeof bytes);
		}
	}
	assert_int_equal(streams_count(sender->streams), 0);
}

static void takes_no_unassigned_type_unasked(void **state)
{
	struct sender *sender = *state;

	sender->type = 60;
	sender_send_many(sender, 100);
	assert_int_equal(streams_count(sender->streams), 0);
	sender_describe(sender, &sender->dst, SDP_SRTP_NONE);
	assert_false(sender_send(sender));
	assert_true(sender_send(sender));
	assert_int_equal(sender_stream(sender)->packets, 2);
}

/* Numbers that leap begin anew: nothing before counts. */
static void needs_numbers_that_go_on(void **state)
{
	struct sender *sender = *state;

	for (int i = 0; i < 100; i++) {
		sender->seq = (uint16_t)(sender->seq + 1000);
		sender_send(sender);
	}
	assert_int_equal(streams_count(sender->streams), 0);
	sender_send_many(sender, 3);
	assert_int_equal(sender_stream(sender)->packets, 4);
}

static void becomes_sure_over_loss_and_copies(void **state)
{
	struct sender *sender = *state;

	sender_put(sender);
	sender_send(sender);
	sender_lose(sender, 3);
	sender_send(sender);
	sender_lose(sender, 1);
	sender_send_many(sender, 2);
	assert_int_equal(sender_stream(sender)->packets, 5);
	assert_int_equal(sender_stream(sender)->duplicates, 1);
	assert_int_equal(stream_lost(sender_stream(sender)), 4);
}

static void believes_a_description_at_once(void **state)
{
	struct sender *sender = *state;

	sender_describe(sender, &sender->src, SDP_SRTP_NONE); /* what comes from there, too */
	assert_true(sender_send(sender));
	assert_int_equal(sender_stream(sender)->packets, 1);
	assert_false(sender_stream(sender)->regular);
}

static void a_description_makes_candidates_sure(void **state)
{
	struct sender *sender = *state;

	sender_send_many(sender, 2);
	assert_int_equal(streams_count(sender->streams), 0);
	sender_describe(sender, &sender->dst, SDP_SRTP_NONE);
	assert_int_equal(sender_stream(sender)->packets, 2);
}

/* On a described port, with the right type, but nothing goes on as RTP does. */
static void noise_on_a_described_port_is_not_regular(void **state)
{
	struct sender *sender = *state;
	uint32_t seed = 3;

	sender_describe(sender, &sender->dst, SDP_SRTP_NONE);
	for (int i = 0; i < 200; i++) {
		seed = seed * 1664525 + 1013904223;
		sender->seq = (uint16_t)(seed >> 8);
		sender->timestamp = seed * 2654435761U;
		sender_send(sender);
	}
	assert_non_null(sender_stream(sender));
	assert_false(sender_stream(sender)->regular);
}

static void is_regular_whatever_the_clock(void **state)
{
	struct sender *sender = *state;

	sender->type = 120; /* nobody said what it is */
	sender->ticks = 960;
	sender_send_many(sender, 100);
	assert_true(sender_stream(sender)->regular);
}

/* --- who is found --- */

static void tells_streams_apart(void **state)
{
	struct sender *sender = *state;
	struct sender other[5];

	for (int i = 0; i < 5; i++)
		other[i] = *sender;
	other[0].ssrc++;
	other[1].src.port++;
	other[2].dst.port++;
	other[3].via = endpoint_v4(0xc6336401, 3478);
	other[4].src = (struct endpoint){ UINT64_C(0x20010db800000000), 1, 4000 };
	sender_send_many(sender, 10);
	for (int i = 0; i < 5; i++)
		sender_send_many(&other[i], 10);
	assert_int_equal(streams_count(sender->streams), 6);
	assert_int_equal(count_with(sender, &sender->src), 4);
	assert_int_equal(count_with(sender, &other[2].dst), 1);
	assert_int_equal(count_with(sender, &other[4].src), 1);
	assert_int_equal(
		count_with(sender, &(struct endpoint){ sender->dst.high, sender->dst.low, 0 }), 6);
	assert_int_equal(
		count_with(sender, &(struct endpoint){ sender->src.high, sender->src.low, 0 }), 5);
}

static void finds_one_that_goes_to_itself_once(void **state)
{
	struct sender *sender = *state;

	sender->dst = sender->src;
	sender_send_many(sender, 10);
	assert_int_equal(count_with(sender, &sender->src), 1);
	assert_int_equal(
		count_with(sender, &(struct endpoint){ sender->src.high, sender->src.low, 0 }), 1);
}

static bool keep_even(struct stream *stream, void *context)
{
	++*(size_t *)context;
	return stream->ssrc % 2 == 0;
}

/* Who asks for an endpoint where too many meet gets the newest; elsewhere all are still found. */
static void hands_out_so_many_of_an_endpoint(void **state)
{
	enum { MANY = 5000, AT_ENDPOINT = 256, AT_HOST = 2048 };
	struct sender *sender = *state;
	const struct endpoint crowded = sender->dst, host = { crowded.high, crowded.low, 0 };
	size_t found = 0;

	sender_describe(sender, &crowded, SDP_SRTP_NONE);
	for (uint32_t i = 0; i < MANY; i++) {
		sender->ssrc = i;
		sender->src = endpoint_v4(0x0a000000 + i, 4000);
		sender_put(sender);
	}
	assert_int_equal(streams_count(sender->streams), MANY);
	assert_in_range(count_with(sender, &crowded), AT_ENDPOINT - 16, AT_ENDPOINT);
	assert_in_range(count_with(sender, &host), AT_HOST - 64, AT_HOST);
	for (uint32_t i = 0; i < MANY; i++) {
		const struct endpoint src = endpoint_v4(0x0a000000 + i, 4000);

		found += count_with(sender, &src);
	}
	/* But those that stand in one place with the crowd: 2 of 16384. */
	assert_in_range(found, MANY - 20, MANY);
}

/* Half of many are forgotten; the others are found, and go on being counted. */
static void forgets_those_it_is_told_to(void **state)
{
	enum { MANY = 1000 };
	struct sender *sender = *state;
	size_t asked = 0;

	for (uint32_t i = 0; i < MANY; i++) {
		sender->ssrc = i;
		sender->src.port = (uint16_t)(4000 + i % 20);
		sender->dst.port = (uint16_t)(5000 + i % 20);
		sender_describe(sender, &sender->dst, SDP_SRTP_NONE);
		sender_put(sender);
	}
	assert_int_equal(streams_count(sender->streams), MANY);
	streams_each(sender->streams, keep_even, &asked);
	assert_int_equal(asked, MANY);
	assert_int_equal(streams_count(sender->streams), MANY / 2);
	sender->dst.port = 5000;
	assert_int_equal(count_with(sender, &sender->dst), MANY / 20);
	for (uint32_t i = 0; i < MANY; i += 2) {
		sender->ssrc = i;
		sender->src.port = (uint16_t)(4000 + i % 20);
		sender->dst.port = (uint16_t)(5000 + i % 20);
		sender_put(sender);
	}
	assert_int_equal(streams_count(sender->streams), MANY / 2);
	asked = 0;
	streams_each(sender->streams, keep_even, &asked);
	assert_int_equal(asked, MANY / 2);
	assert_int_equal(streams_overflow(sender->streams), 0);
}

static bool note_packets(struct stream *stream, void *context)
{
	*(uint64_t *)context += stream->packets;
	return true;
}

static void keeps_to_its_ceiling(void **state)
{
	struct sender *sender = *state;
	uint64_t packets = 0;

	sender_describe(sender, &sender->dst, SDP_SRTP_NONE);
	for (uint32_t i = 0; i < STREAMS_MAX + 500; i++) {
		sender->ssrc = 100 + i;
		sender_put(sender);
		sender->ns += 1000;
		if (i % 100 == 0) { /* one that goes on */
			sender->ssrc = 1;
			sender_send(sender);
		}
	}
	assert_int_equal(streams_count(sender->streams), STREAMS_MAX);
	assert_int_equal(streams_overflow(sender->streams), 501);
	streams_each(sender->streams, note_packets, &packets);
	/* The one is among them, whole: it was never the one that is silent for longest. */
	assert_int_equal(packets, STREAMS_MAX - 1 + (STREAMS_MAX + 500 + 99) / 100);
}

/* Many that never become sure: they take one another's place, and nobody else's. */
static void keeps_candidates_to_theirs(void **state)
{
	struct sender *sender = *state;
	struct sender voice = *sender;

	sender_send_many(&voice, 10);
	for (uint32_t i = 0; i < 20000; i++) {
		sender->ssrc = i;
		sender_put(sender);
	}
	assert_int_equal(streams_count(sender->streams), 1);
	assert_int_equal(streams_overflow(sender->streams), 0);
	sender_send_many(&voice, 10);
	assert_int_equal(sender_stream(&voice)->packets, 20);
}

static void keeps_descriptions_to_theirs(void **state)
{
	struct sender *sender = *state;
	struct endpoint at = sender->dst;

	for (uint32_t i = 0; i < 40000; i++) {
		at.low = sender->dst.low + i;
		sender_describe(sender, &at, SDP_SRTP_NONE);
	}
	assert_false(sender_send(sender)); /* the first is long forgotten */
	sender->dst = at;
	assert_true(sender_send(sender));
}

/* --- RTCP --- */

static void report(const struct sender *sender, uint16_t up, uint32_t about, uint8_t lost)
{
	uint8_t bytes[32] = { 0x81, 201, 0, 7, 9, 9, 9, 9 };
	struct datagram datagram = { .ns = sender->ns,
				     .src = sender->dst,
				     .dst = sender->src,
				     .payload = slice_of(bytes, sizeof bytes),
				     .wire = sizeof bytes };

	datagram.src.port = (uint16_t)(datagram.src.port + up);
	datagram.dst.port = (uint16_t)(datagram.dst.port + up);
	for (int i = 0; i < 4; i++)
		bytes[8 + i] = (uint8_t)(about >> (24 - 8 * i));
	bytes[15] = lost;
	assert_true(streams_datagram(sender->streams, &datagram));
}

static void notes_what_the_receiver_reports(void **state)
{
	struct sender *sender = *state;

	sender_send_many(sender, 10);
	report(sender, 1, sender->ssrc + 1, 3);
	assert_false(sender_stream(sender)->reported);
	report(sender, 1, sender->ssrc, 5);
	assert_true(sender_stream(sender)->reported);
	assert_int_equal(sender_stream(sender)->last_report.lost, 5);
	report(sender, 0, sender->ssrc, 7); /* on RTP's own port */
	assert_int_equal(sender_stream(sender)->last_report.lost, 7);
	assert_int_equal(sender_stream(sender)->packets, 10);
	assert_int_equal(streams_count(sender->streams), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(takes_no_noise, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hands_out_so_many_of_an_endpoint, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(takes_no_other_protocol, set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_no_unassigned_type_unasked, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(needs_numbers_that_go_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(becomes_sure_over_loss_and_copies, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(believes_a_description_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_description_makes_candidates_sure, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(noise_on_a_described_port_is_not_regular, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(is_regular_whatever_the_clock, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tells_streams_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(finds_one_that_goes_to_itself_once, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(forgets_those_it_is_told_to, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keeps_to_its_ceiling, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keeps_candidates_to_theirs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keeps_descriptions_to_theirs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(notes_what_the_receiver_reports, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
