/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How packets of one stream are counted. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "proto/audio.h"
#include "sender.h"

static const int64_t ms = 1000000;

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

static void must_count(const struct sender *sender, uint64_t packets, uint64_t lost,
		       uint64_t duplicates, uint64_t reordered)
{
	const struct stream *stream = sender_stream(sender);

	assert_non_null(stream);
	assert_int_equal(stream->packets, packets);
	assert_int_equal(stream_lost(stream), lost);
	assert_int_equal(stream->duplicates, duplicates);
	assert_int_equal(stream->reordered, reordered);
	assert_int_equal(stream->expected, packets - duplicates + lost);
}

/* --- sequence --- */

static void counts_from_the_first_packet(void **state)
{
	struct sender *sender = *state;

	for (int i = 0; i < 3; i++)
		assert_false(sender_send(sender));
	assert_int_equal(streams_count(sender->streams), 0);
	assert_true(sender_send(sender));
	must_count(sender, 4, 0, 0, 0);
	assert_int_equal(sender_stream(sender)->first_ns, 1700000000000000000);
	assert_int_equal(sender_stream(sender)->last_ns, 1700000000000000000 + 60 * ms);
}

static void counts_loss(void **state)
{
	struct sender *sender = *state;

	sender_send_many(sender, 50);
	sender_lose(sender, 1);
	sender_send_many(sender, 20);
	sender_lose(sender, 200);
	sender_send_many(sender, 30);
	must_count(sender, 100, 201, 0, 0);
	assert_true(fabs(stream_loss_pct(sender_stream(sender)) - 100.0 * 201 / 301) < 1e-9);
}

static void loses_nothing_by_wrapping(void **state)
{
	struct sender *sender = *state;

	sender->seq = 65530;
	sender->timestamp = (uint32_t)-300;
	sender_send_many(sender, 5);
	sender_lose(sender, 2);
	sender_send_many(sender, 70000);
	must_count(sender, 70005, 2, 0, 0);
	assert_true(sender_stream(sender)->jitter_max_ms < 1e-6);
}

static void tells_doubled_from_late(void **state)
{
	struct sender *sender = *state;
	struct sender late;

	sender_send_many(sender, 10);
	late = *sender;
	sender_lose(sender, 1);
	sender_send_many(sender, 3);
	late.ns = sender->ns - 5 * ms;
	sender_put(&late); /* three behind */
	must_count(sender, 14, 0, 0, 1);
	sender_put(&late);
	must_count(sender, 15, 0, 1, 1);
	late.seq = (uint16_t)(sender->seq - 1); /* the last once more */
	sender_put(&late);
	late.seq = (uint16_t)(sender->seq - 14); /* the first */
	sender_put(&late);
	must_count(sender, 17, 0, 3, 1);
}

/* Each packet twice, as a mirror port gives them. */
static void counts_a_mirror(void **state)
{
	struct sender *sender = *state;

	for (int i = 0; i < 500; i++) {
		if (i % 10 != 9 && i > 10)
			sender_put(sender);
		if (i % 10 != 9)
			sender_send(sender);
		else
			sender_lose(sender, 1);
	}
	must_count(sender, 450 + 440, 49, 440, 0);
}

/* Late by as much as the window holds, over its two words. */
static void remembers_128_numbers(void **state)
{
	struct sender *sender = *state;

	for (unsigned behind = 1; behind < 127; behind++) {
		struct sender late;

		sender_send_many(sender, 130);
		late = *sender;
		sender_lose(sender, 1);
		sender_send_many(sender, behind);
		late.ns = sender->ns;
		sender_put(&late);
		assert_int_equal(sender_stream(sender)->reordered, behind);
		sender_put(&late);
		assert_int_equal(sender_stream(sender)->duplicates, behind);
	}
	assert_int_equal(stream_lost(sender_stream(sender)), 0);
}

static void is_not_misled_by_a_first_packet_overtaken(void **state)
{
	struct sender *sender = *state;
	struct sender first = *sender;

	sender_lose(sender, 1);
	sender_send(sender);
	first.ns = sender->ns - 10 * ms;
	sender_put(&first);
	sender_send_many(sender, 20);
	must_count(sender, 22, 0, 0, 1);
}

static void leaves_a_restart_out(void **state)
{
	struct sender *sender = *state;

	sender_send_many(sender, 100);
	sender->seq = (uint16_t)(sender->seq + 20000);
	sender_send_many(sender, 100);
	must_count(sender, 200, 0, 0, 0);
	assert_int_equal(sender_stream(sender)->restarts, 1);
	sender->seq = 5;
	sender_send_many(sender, 10);
	sender_lose(sender, 3);
	sender_send_many(sender, 10);
	must_count(sender, 220, 3, 0, 0);
	assert_int_equal(sender_stream(sender)->restarts, 2);
}

static void a_stray_packet_is_no_restart(void **state)
{
	struct sender *sender = *state;
	struct sender stray;

	sender_send_many(sender, 100);
	stray = *sender;
	stray.seq = 40000;
	sender_put(&stray);
	sender_send_many(sender, 100);
	must_count(sender, 201, 0, 0, 0);
	assert_int_equal(sender_stream(sender)->restarts, 0);
}

/* More numbers missing than a restart is told by, but their time has passed. */
static void a_long_outage_is_loss(void **state)
{
	struct sender *sender = *state;

	sender_send_many(sender, 100);
	sender_lose(sender, 6000);
	sender_send_many(sender, 100);
	must_count(sender, 200, 6000, 0, 0);
	assert_int_equal(sender_stream(sender)->longest_gap_ns, 6001 * 20 * ms);
	assert_int_equal(sender_stream(sender)->gap_at_ns, 1700000000000000000 + 99 * 20 * ms);
}

/* --- jitter --- */

static void jitters_by_the_formula(void **state)
{
	struct sender *sender = *state;
	const int64_t start = sender->ns;
	double jitter = 0, sum = 0, worst = 0, last = 0;

	for (int i = 0; i < 200; i++) {
		const double late = i * 7 % 13;

		sender->ns = start + i * 20 * ms + (int64_t)late * ms;
		sender_put(sender);
		sender_lose(sender, 1);
		if (i) {
			jitter += (fabs(late - last) - jitter) / 16;
			sum += jitter;
			worst = fmax(worst, jitter);
		}
		last = late;
	}
	assert_true(sender_stream(sender)->jitter_known);
	assert_true(fabs(sender_stream(sender)->jitter_ms - jitter) < 1e-6);
	assert_true(fabs(sender_stream(sender)->jitter_mean_ms - sum / 199) < 1e-6);
	assert_true(fabs(sender_stream(sender)->jitter_max_ms - worst) < 1e-6);
	assert_true(fabs(sender_stream(sender)->steady_jitter_mean_ms - sum / 199) < 1e-6);
}

/* The packet after a marked one shows what the marked one left. */
static void the_marker_leaves_a_packet_out(void **state)
{
	struct sender *sender = *state;

	sender_send_many(sender, 101);
	sender->ns += 3 * ms;
	sender->marker = true;
	sender_send(sender);
	assert_true(sender_stream(sender)->jitter_mean_ms < 1e-9);
	assert_true(sender_stream(sender)->jitter_max_ms < 1e-9);
	assert_true(fabs(sender_stream(sender)->jitter_ms - 3.0 / 16) < 1e-9);
	sender->marker = false;
	sender_send(sender);
	assert_true(fabs(sender_stream(sender)->jitter_max_ms - 3.0 / 16 * 15 / 16) < 1e-9);
}

static void a_leap_of_the_clock_is_no_jitter(void **state)
{
	struct sender *sender = *state;
	const struct stream *stream;

	sender_send_many(sender, 200);
	sender->timestamp += 1000000;
	sender_send_many(sender, 200);
	stream = sender_stream(sender);
	assert_int_equal(stream->clock_jumps, 1);
	assert_true(fabs(stream->jitter_max_ms - 125000.0 / 16) < 1e-3); /* as Wireshark has it */
	assert_true(stream->jitter_mean_ms > 100);
	assert_true(stream->steady_jitter_mean_ms < 1e-3);
	assert_true(stream->regular);
}

/* The line stood still for half a second, then all came at once: that is jitter. */
static void a_line_that_stood_still_is_jitter(void **state)
{
	struct sender *sender = *state;
	int64_t until;
	const struct stream *stream;

	sender_send_many(sender, 100);
	until = sender->ns + 500 * ms;
	for (int i = 0; i < 25; i++) {
		struct sender held = *sender;

		held.ns = until;
		sender_put(&held);
		sender_lose(sender, 1);
	}
	sender_send_many(sender, 100);
	stream = sender_stream(sender);
	assert_int_equal(stream->clock_jumps, 0);
	assert_true(fabs(stream->jitter_mean_ms - stream->steady_jitter_mean_ms) < 1e-9);
	assert_true(stream->jitter_max_ms > 30);
}

static void silence_that_is_not_sent_is_no_jitter(void **state)
{
	struct sender *sender = *state;
	const struct stream *stream;

	sender_send_many(sender, 100);
	sender->type = 13;
	sender->bytes = 1;
	sender_send(sender);
	sender->type = 0;
	sender->bytes = SENDER_BYTES;
	sender->timestamp += 100 * 160;
	sender->ns += 100 * 20 * ms;
	sender->marker = true;
	sender_send(sender);
	sender->marker = false;
	sender_send_many(sender, 100);
	stream = sender_stream(sender);
	assert_int_equal(stream->comfort_noise, 1);
	assert_int_equal(stream->voice_changes, 0);
	assert_int_equal(stream_lost(stream), 0);
	assert_true(stream->jitter_max_ms < 1e-6);
	assert_int_equal(stream->clock_jumps, 0);
	assert_int_equal(stream_voice(stream)->payload_type, 0);
}

/* RFC 4733: all packets of one event carry its beginning's timestamp. */
static void send_event(struct sender *sender)
{
	const uint32_t begun = sender->timestamp;

	sender->type = 101;
	sender->bytes = 4;
	sender->marker = true;
	for (int i = 0; i < 10; i++) {
		sender->timestamp = begun;
		sender_put(sender);
		sender_lose(sender, 1);
		sender->marker = false;
	}
	sender->timestamp = begun + 1600;
	sender->type = 0;
	sender->bytes = SENDER_BYTES;
}

/* Wireshark takes the time since the last digit's packet, but the timestamp since the last voice:
 * 20 ms against 220. */
static void digits_are_no_jitter(void **state)
{
	struct sender *sender = *state;
	const struct stream *stream;

	sender_describe(sender, &sender->dst, SDP_SRTP_NONE);
	sender_send_many(sender, 100);
	send_event(sender);
	sender_send_many(sender, 100);
	stream = sender_stream(sender);
	assert_int_equal(stream->events, 10);
	assert_int_equal(stream->voice_changes, 0);
	assert_true(fabs(stream->jitter_max_ms - 200.0 / 16) < 1e-6);
	assert_true(stream->steady_jitter_mean_ms < 1e-3);
	assert_int_equal(stream->clock_jumps, 0);
	assert_int_equal(stream_lost(stream), 0);
}

/* --- types --- */

static void digits_are_told_without_a_description(void **state)
{
	struct sender *sender = *state;

	sender_send_many(sender, 100);
	send_event(sender);
	sender_send_many(sender, 10);
	assert_int_equal(sender_stream(sender)->events, 10);
	assert_int_equal(sender_stream(sender)->voice_changes, 0);
	assert_int_equal(stream_voice(sender_stream(sender))->packets, 110);
}

static void learns_a_codec_from_a_late_description(void **state)
{
	struct sender *sender = *state;
	const struct stream *stream;

	sender->type = 111;
	sender->ticks = 960;
	sender_send_many(sender, 100);
	stream = sender_stream(sender);
	assert_string_equal(stream_voice(stream)->codec.name, "");
	assert_false(stream->jitter_known);
	assert_true(stream->regular);
	sender_describe(sender, &sender->dst, SDP_SRTP_NONE);
	sender_send_many(sender, 100);
	stream = sender_stream(sender);
	assert_string_equal(stream_voice(stream)->codec.name, "opus");
	assert_int_equal(stream_voice(stream)->codec.clock, 48000);
	assert_true(stream->jitter_known);
	assert_true(stream->jitter_max_ms < 1e-6);
	assert_int_equal(stream->packets, 200);
}

static void follows_a_change_of_codec(void **state)
{
	struct sender *sender = *state;
	const struct stream *stream;

	sender_send_many(sender, 30);
	sender->type = 8;
	sender->fill = 0xd5;
	sender_send_many(sender, 20);
	stream = sender_stream(sender);
	assert_int_equal(stream->voice_changes, 1);
	assert_int_equal(stream->type_count, 2);
	assert_int_equal(stream->type[0].packets, 30);
	assert_int_equal(stream->type[0].last_ns, 1700000000000000000 + 29 * 20 * ms);
	assert_int_equal(stream->type[1].packets, 20);
	assert_int_equal(stream->type[1].first_ns, 1700000000000000000 + 30 * 20 * ms);
	assert_string_equal(stream_voice(stream)->codec.name, "PCMA");
}

static void counts_more_types_than_it_tells_apart(void **state)
{
	struct sender *sender = *state;

	sender_describe(sender, &sender->dst, SDP_SRTP_NONE);
	for (int i = 0; i < 3 * STREAM_TYPES_MAX; i++) {
		sender->type = (uint8_t)(i % 30);
		sender_send(sender);
	}
	assert_int_equal(sender_stream(sender)->type_count, STREAM_TYPES_MAX);
	must_count(sender, 3 * STREAM_TYPES_MAX, 0, 0, 0);
}

static void counts_dscp(void **state)
{
	struct sender *sender = *state;
	const struct stream *stream;

	sender->dscp = 46;
	sender_send_many(sender, 30);
	sender->dscp = 0;
	sender_send_many(sender, 20);
	stream = sender_stream(sender);
	assert_int_equal(stream->dscp_first, 46);
	assert_int_equal(stream->dscp_last, 0);
	assert_int_equal(stream->dscp_packets[46], 30);
	assert_int_equal(stream->dscp_packets[0], 20);
}

/* --- sound --- */

static void hears_silence_and_sound(void **state)
{
	struct sender *sender = *state;
	const struct stream *stream;
	bool known;

	sender_send_many(sender, 50);
	stream = sender_stream(sender);
	assert_true(stream_is_silent(&known, stream));
	assert_true(known);
	assert_int_equal(stream->heard, 50);
	assert_int_equal(stream->first_sound_ns, 0);
	sender->fill = 0x90;
	sender_send_many(sender, 40);
	sender->fill = 0x7e;
	sender_send_many(sender, 10);
	stream = sender_stream(sender);
	assert_false(stream_is_silent(&known, stream));
	assert_int_equal(stream->heard, 100);
	assert_int_equal(stream->sounding, 40);
	assert_int_equal(stream->first_sound_ns, 1700000000000000000 + 50 * 20 * ms);
	assert_int_equal(stream->last_sound_ns, 1700000000000000000 + 89 * 20 * ms);
	assert_true(stream->peak_dbov > -7);
}

static void hears_nothing_of_srtp(void **state)
{
	struct sender *sender = *state;
	bool known;

	sender->fill = 0x90;
	sender_describe(sender, &sender->dst, SDP_SRTP_SDES);
	sender_send_many(sender, 50);
	assert_false(stream_is_silent(&known, sender_stream(sender)));
	assert_false(known);
	assert_true(sender_stream(sender)->scrambled);
	assert_int_equal(sender_stream(sender)->sounding, 0);
	/* The other side agreed to none. */
	sender_describe(sender, &sender->src, SDP_SRTP_NONE);
	sender_send_many(sender, 50);
	assert_false(sender_stream(sender)->scrambled);
	assert_int_equal(sender_stream(sender)->heard, 50);
}

static void knows_ciphertext(void **state)
{
	struct sender *sender = *state;
	uint8_t bytes[SENDER_BYTES];
	uint32_t seed = 7;

	sender->say = bytes;
	for (int i = 0; i < 300; i++) {
		for (size_t j = 0; j < sizeof bytes; j++) {
			seed = seed * 1664525 + 1013904223;
			bytes[j] = (uint8_t)(seed >> 24);
		}
		sender_send(sender);
	}
	assert_true(sender_stream(sender)->scrambled);
	assert_int_equal(sender_stream(sender)->heard, 0);
	assert_int_equal(sender_stream(sender)->first_sound_ns, 0);
}

/* mu-law of noise and of a loud tone: all segments are there, but not alike. */
static void takes_loud_voice_for_no_ciphertext(void **state)
{
	struct sender *sender = *state;
	uint8_t bytes[SENDER_BYTES];
	uint32_t seed = 7;

	sender->say = bytes;
	for (int i = 0; i < 300; i++) {
		for (size_t j = 0; j < sizeof bytes; j++) {
			double sum = 0;
			int best = 0;

			for (int k = 0; k < 6; k++) {
				seed = seed * 1664525 + 1013904223;
				sum += (double)(seed >> 8) / (1 << 24) - 0.5;
			}
			sum *= 6000 * (2 + sin(i * 0.3));
			for (int code = 0; code < 256; code++)
				if (abs(audio_ulaw_decode((uint8_t)code) - (int)sum) <
				    abs(audio_ulaw_decode((uint8_t)best) - (int)sum))
					best = code;
			bytes[j] = (uint8_t)best;
		}
		sender_send(sender);
	}
	assert_false(sender_stream(sender)->scrambled);
	assert_int_equal(sender_stream(sender)->sounding, 300);
}

static void hears_nothing_of_what_was_snapped(void **state)
{
	struct sender *sender = *state;
	bool known;

	sender->bytes = 0;
	sender_send_many(sender, 50);
	stream_is_silent(&known, sender_stream(sender));
	assert_false(known);
}

static bool keep_ends(struct stream *stream, void *context)
{
	const struct stream **ends = context;

	ends[stream->number - 1] = stream;
	return true;
}

/* A phone with the same port and SSRC in each of its calls. */
static void a_later_call_has_a_stream_of_its_own(void **state)
{
	struct sender *sender = *state;
	const struct stream *stream[2] = { NULL, NULL };
	const int first = 1, second = 2;
	int64_t began_ns;

	sender_describe(sender, &sender->src, SDP_SRTP_NONE);
	sender_describe(sender, &sender->dst, SDP_SRTP_NONE);
	streams_of_call(sender->streams, &sender->src, &first, sender->ns);
	streams_of_call(sender->streams, &sender->dst, &first, sender->ns);
	sender_send_many(sender, 50);
	/* Not by another description of a call that was there before. */
	streams_of_call(sender->streams, &sender->dst, &first, sender->ns - 900000000);
	sender_send_many(sender, 50);
	assert_int_equal(sender_stream(sender)->packets, 100);

	sender->ns += 500000000;
	streams_of_call(sender->streams, &sender->dst, &second, sender->ns);
	assert_null(streams_owner(&began_ns, sender->streams, sender_stream(sender)));
	streams_of_call(sender->streams, &sender->src, &second, sender->ns);
	sender->seq = 7;
	sender_send_many(sender, 30);

	assert_int_equal(streams_count(sender->streams), 2);
	streams_each(sender->streams, keep_ends, stream);
	assert_int_equal(stream[0]->packets, 100);
	assert_int_equal(stream[1]->packets, 30);
	assert_int_equal(stream[1]->restarts, 0);
	assert_ptr_equal(streams_owner(&began_ns, sender->streams, stream[1]), &second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts_from_the_first_packet, set_up, tear_down),
		cmocka_unit_test_setup_teardown(counts_loss, set_up, tear_down),
		cmocka_unit_test_setup_teardown(loses_nothing_by_wrapping, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tells_doubled_from_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(counts_a_mirror, set_up, tear_down),
		cmocka_unit_test_setup_teardown(remembers_128_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(is_not_misled_by_a_first_packet_overtaken, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(leaves_a_restart_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_later_call_has_a_stream_of_its_own, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_stray_packet_is_no_restart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_long_outage_is_loss, set_up, tear_down),
		cmocka_unit_test_setup_teardown(jitters_by_the_formula, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_marker_leaves_a_packet_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_leap_of_the_clock_is_no_jitter, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_line_that_stood_still_is_jitter, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(silence_that_is_not_sent_is_no_jitter, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(digits_are_no_jitter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(digits_are_told_without_a_description, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(learns_a_codec_from_a_late_description, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(follows_a_change_of_codec, set_up, tear_down),
		cmocka_unit_test_setup_teardown(counts_more_types_than_it_tells_apart, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(counts_dscp, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hears_silence_and_sound, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hears_nothing_of_srtp, set_up, tear_down),
		cmocka_unit_test_setup_teardown(knows_ciphertext, set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_loud_voice_for_no_ciphertext, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(hears_nothing_of_what_was_snapped, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
