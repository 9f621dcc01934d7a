/* SPDX-License-Identifier: GPL-3.0-or-later */
/* G.711 against the values of ITU-T G.711, tables 1 and 2; G.722 against an encoder's output. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "g722.h"
#include "proto/audio.h"

/* Table 2 of G.711: the output values y of decision values 0, 16, 32 … 112, 127, four times for 16
 * bits; codes count down. */
static void decodes_ulaw(void **state)
{
	static const int16_t first_of_segment[8] = { 0, 132, 396, 924, 1980, 4092, 8316, 16764 };

	(void)state;
	for (unsigned segment = 0; segment < 8; segment++) {
		for (unsigned step = 0; step < 16; step++) {
			const uint8_t code = (uint8_t) ~(segment << 4 | step);
			const int value = first_of_segment[segment] + (int)(step * 8U << segment);

			assert_int_equal(audio_ulaw_decode(code), value);
			assert_int_equal(audio_ulaw_decode(code & 0x7f), -value);
		}
	}
	assert_int_equal(audio_ulaw_decode(0x80), 32124);
	assert_int_equal(audio_ulaw_decode(0x00), -32124);
	assert_int_equal(audio_ulaw_decode(0xff), 0);
	assert_int_equal(audio_ulaw_decode(0x7f), 0);
}

/* Table 1: 1, 3, 5 … of 4096, eight times for 16 bits; the even bits are inverted. */
static void decodes_alaw(void **state)
{
	static const int16_t first_of_segment[8] = { 8, 264, 528, 1056, 2112, 4224, 8448, 16896 };

	(void)state;
	for (unsigned segment = 0; segment < 8; segment++) {
		for (unsigned step = 0; step < 16; step++) {
			const uint8_t code = (uint8_t)((0x80 | segment << 4 | step) ^ 0x55);
			const int value = first_of_segment[segment] +
					  (int)(step * 16U << (segment ? segment - 1 : 0));

			assert_int_equal(audio_alaw_decode(code), value);
			assert_int_equal(audio_alaw_decode(code ^ 0x80), -value);
		}
	}
	assert_int_equal(audio_alaw_decode(0xaa), 32256);
	assert_int_equal(audio_alaw_decode(0x2a), -32256);
	assert_int_equal(audio_alaw_decode(0xd5), 8);
}

static void finds_codecs(void **state)
{
	(void)state;
	assert_int_equal(audio_codec_find("pcmu"), AUDIO_PCMU);
	assert_int_equal(audio_codec_find("PCMA"), AUDIO_PCMA);
	assert_int_equal(audio_codec_find("G722"), AUDIO_G722);
	assert_int_equal(audio_codec_find("G7221"), AUDIO_OTHER);
	assert_int_equal(audio_codec_find(""), AUDIO_OTHER);
}

/* Each code at each place among the quietest: silence is what AUDIO_QUIET says, wherever it is. */
static void tells_silence_by_every_byte(void **state)
{
	static const size_t lengths[] = { 1, 20, 32, 33, 80, 160, 163 };
	uint8_t bytes[163];

	(void)state;
	for (unsigned codec = AUDIO_PCMU; codec <= AUDIO_PCMA; codec++) {
		memset(bytes, codec == AUDIO_PCMU ? 0xff : 0xd5, sizeof bytes);
		for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
			const struct slice payload = slice_of(bytes, lengths[l]);

			for (size_t at = 0; at < lengths[l]; at++) {
				const uint8_t kept = bytes[at];

				for (unsigned code = 0; code < 256; code++) {
					const int value =
						codec == AUDIO_PCMU
							? audio_ulaw_decode((uint8_t)code)
							: audio_alaw_decode((uint8_t)code);

					bytes[at] = (uint8_t)code;
					assert_int_equal(audio_is_silent(codec, payload),
							 abs(value) <= AUDIO_QUIET);
				}
				bytes[at] = kept;
			}
		}
	}
	assert_false(audio_is_silent(AUDIO_PCMU, slice_of(bytes, 0)));
	assert_false(audio_is_silent(AUDIO_OTHER, slice_of(bytes, 160)));
}

static void measures_g711(void **state)
{
	uint8_t bytes[160];
	struct audio_level level;

	(void)state;
	memset(bytes, 0x00, sizeof bytes); /* full scale, a square wave */
	level = audio_level(AUDIO_PCMU, slice_of(bytes, sizeof bytes));
	assert_true(level.known);
	assert_false(level.silence);
	assert_true(fabsf(level.dbov + 0.17F) < 0.01F); /* 20 log 32124/32768 */
	memset(bytes, 0xff, sizeof bytes);
	level = audio_level(AUDIO_PCMU, slice_of(bytes, sizeof bytes));
	assert_true(level.known);
	assert_true(level.silence);
	assert_true(level.dbov <= AUDIO_SILENT_DBOV);
	memset(bytes, 0x8f ^ 0x55, sizeof bytes); /* 248 */
	level = audio_level(AUDIO_PCMA, slice_of(bytes, sizeof bytes));
	assert_false(level.silence);
	assert_true(fabsf(level.dbov + 42.42F) < 0.01F);
	assert_false(audio_level(AUDIO_PCMU, slice_of(bytes, 0)).known);
	assert_false(audio_level(AUDIO_G722, slice_of(bytes, 160)).known);
}

/* The level of the last packet of 20 ms, begun `from` bytes inside. */
static struct audio_level g722(const uint8_t *bytes, size_t from)
{
	struct audio_g722 decoder = { 0 };
	struct audio_level level = { .known = true };

	for (size_t at = from; at + 160 <= G722_BYTES; at += 160) {
		level = audio_g722_level(&decoder, slice_of(bytes + at, 160));
		assert_int_equal(level.known, at - from >= AUDIO_G722_LEAD_IN);
	}
	return level;
}

static void measures_g722(void **state)
{
	struct audio_level level = g722(g722_tone, 0);

	(void)state;
	assert_false(level.silence);
	assert_true(fabsf(level.dbov + 20) < 1);
	level = g722(g722_noise, 0);
	assert_false(level.silence);
	assert_true(fabsf(level.dbov + 30) < 4);
	level = g722(g722_hiss, 0);
	assert_true(level.silence);
	assert_true(level.dbov < -60);
	level = g722(g722_nothing, 0);
	assert_true(level.silence);
	assert_true(level.dbov < -60);
}

/* In the middle of sound whose scale has long been found, as a capture begins. */
static void measures_g722_from_the_middle(void **state)
{
	struct audio_g722 decoder = { 0 };
	struct audio_level level = { 0 };

	(void)state;
	for (size_t at = 155; at + 129 <= G722_BYTES; at += 129)
		level = audio_g722_level(&decoder, slice_of(g722_tone + at, 129));
	assert_true(level.known);
	assert_false(level.silence);
	assert_true(fabsf(level.dbov + 20) < 2);
}

static void knows_nothing_of_random_bytes(void **state)
{
	struct audio_g722 decoder = { 0 };
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 50; i++) {
		uint8_t bytes[160];

		for (size_t j = 0; j < sizeof bytes; j++) {
			seed = seed * 1664525 + 1013904223;
			bytes[j] = (uint8_t)(seed >> 24);
		}
		assert_false(audio_g722_level(&decoder, slice_of(bytes, sizeof bytes)).known);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_ulaw),
		cmocka_unit_test(decodes_alaw),
		cmocka_unit_test(finds_codecs),
		cmocka_unit_test(tells_silence_by_every_byte),
		cmocka_unit_test(measures_g711),
		cmocka_unit_test(measures_g722),
		cmocka_unit_test(measures_g722_from_the_middle),
		cmocka_unit_test(knows_nothing_of_random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
