/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/audio.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum {
	SAMPLE = 8, /* one byte in so many tells the level */
};

static const uint64_t each_byte = 0x0101010101010101;
static const float silent_dbov = AUDIO_SILENT_DBOV;

enum audio_codec audio_codec_find(const char *name)
{
	if (!strcasecmp(name, "PCMU"))
		return AUDIO_PCMU;
	if (!strcasecmp(name, "PCMA"))
		return AUDIO_PCMA;
	return strcasecmp(name, "G722") ? AUDIO_OTHER : AUDIO_G722;
}

/* G.711, table 2: inverted; sign, segment, step. Segments begin 33 below twice the one before. */
int16_t audio_ulaw_decode(uint8_t code)
{
	const int bits = ~code & 0xff;
	const int size = ((((bits & 15) << 1) + 33) << (bits >> 4 & 7)) - 33;

	return (int16_t)(bits & 0x80 ? -4 * size : 4 * size);
}

/* G.711, table 1: every other bit inverted; the first two segments are of one size of step. */
int16_t audio_alaw_decode(uint8_t code)
{
	const int bits = code ^ 0x55, segment = bits >> 4 & 7;
	int size = ((bits & 15) << 1) + 1;

	if (segment)
		size = (size + 32) << (segment - 1);
	return (int16_t)(bits & 0x80 ? 8 * size : -8 * size);
}

/* `loud`: the bits that a magnitude above AUDIO_QUIET has, once the code was turned by `flip`. It
 * allows the eight smallest values of mu-law, the four smallest of A-law. Blocks of 32 go fast. */
__attribute__((noinline)) static bool is_silent(struct slice payload, uint64_t flip, uint64_t loud)
{
	const uint64_t flips = flip * each_byte, louds = loud * each_byte;
	size_t i = 0;

	for (; i + 32 <= payload.left; i += 32) {
		uint64_t part[4];

		memcpy(part, payload.at + i, sizeof part);
		if (((part[0] ^ flips) | (part[1] ^ flips) | (part[2] ^ flips) |
		     (part[3] ^ flips)) &
		    louds)
			return false;
	}
	for (; i < payload.left; i++)
		if ((payload.at[i] ^ flip) & loud)
			return false;
	return true;
}

bool audio_is_silent(enum audio_codec codec, struct slice payload)
{
	if ((codec != AUDIO_PCMU && codec != AUDIO_PCMA) || !payload.left ||
	    audio_is_loud(codec, payload.at[0]))
		return false;
	return codec == AUDIO_PCMU ? is_silent(payload, 0xff, 0x78)
				   : is_silent(payload, 0x55, 0x7c);
}

float audio_dbov(double square_sum, size_t count)
{
	const double mean = square_sum / (double)count / (32768.0 * 32768.0);
	const float dbov = mean > 0 ? (float)(10 * log10(mean)) : silent_dbov;

	return dbov > silent_dbov ? dbov : silent_dbov;
}

/* Whole numbers do not wait for each other as a sum of doubles does. No square is above 2^30. */
static uint64_t ulaw_squares(struct slice payload)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < payload.left; i += SAMPLE) {
		const int sample = audio_ulaw_decode(payload.at[i]);

		sum += (uint64_t)(sample * sample);
	}
	return sum;
}

static uint64_t alaw_squares(struct slice payload)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < payload.left; i += SAMPLE) {
		const int sample = audio_alaw_decode(payload.at[i]);

		sum += (uint64_t)(sample * sample);
	}
	return sum;
}

struct audio_level audio_level(enum audio_codec codec, struct slice payload)
{
	const size_t count = (payload.left + SAMPLE - 1) / SAMPLE;
	uint64_t sum;

	if (!payload.left || (codec != AUDIO_PCMU && codec != AUDIO_PCMA))
		return (struct audio_level){ .dbov = silent_dbov };
	sum = codec == AUDIO_PCMU ? ulaw_squares(payload) : alaw_squares(payload);
	return (struct audio_level){ .known = true,
				     .silence = audio_is_silent(codec, payload),
				     .dbov = audio_dbov((double)sum, count) };
}
