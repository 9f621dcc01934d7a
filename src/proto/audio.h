/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How loud the voice in a payload is: G.711 (both laws), where each packet tells it by itself, and
 * G.722, where it takes some packets in a row. */
#ifndef EARSHOT_PROTO_AUDIO_H
#define EARSHOT_PROTO_AUDIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum {
	AUDIO_SILENT_DBOV = -127, /* RFC 6464 */
	/* Silence is what stays within this of 32768: -55 dBov. Whoever speaks is around -26 dBov,
	 * a quiet room around -50. */
	AUDIO_QUIET = 56,
	AUDIO_G722_LEAD_IN = 512, /* bytes */
};

enum audio_codec { AUDIO_OTHER, AUDIO_PCMU, AUDIO_PCMA, AUDIO_G722 };

/* By the name in SDP, whatever its case. */
enum audio_codec audio_codec_find(const char *name);

/* ITU-T G.711: 16-bit linear samples, full scale +-32124 (mu-law), +-32256 (A-law). */
int16_t audio_ulaw_decode(uint8_t code);
int16_t audio_alaw_decode(uint8_t code);

/* Is that sample of G.711 louder than silence may be? */
static inline bool audio_is_loud(enum audio_codec codec, uint8_t code)
{
	return codec == AUDIO_PCMU ? ~code & 0x78 : codec == AUDIO_PCMA && ((code ^ 0x55) & 0x7c);
}

struct audio_level {
	bool known; /* false for other codecs, an empty payload, and where it cannot be voice */
	bool silence;
	float dbov; /* 0 is full scale (RFC 6464) */
};

/* No sample is louder than silence may be. False for what is not G.711. Looks at every byte of
 * silence, some nanoseconds; what is loud mostly shows it with the first. */
bool audio_is_silent(enum audio_codec codec, struct slice payload);

/* G.711 alone; dbov by every eighth sample. Some tens of nanoseconds. */
struct audio_level audio_level(enum audio_codec codec, struct slice payload);

/* The lower band of ITU-T G.722 at 64 kbit/s, as clause 6.2 decodes it. A decoder that begins in
 * the middle comes to the encoder's state by itself; until AUDIO_G722_LEAD_IN bytes have passed
 * nothing is known. All zero is the beginning. Some nanoseconds a byte. */
struct audio_g722 {
	int log_scale;
	int pole[2], zero[6];       /* the predictor's coefficients */
	int past[2], difference[6]; /* what it goes by: signal, differences */
	int partial[2];
	unsigned bytes;
};
struct audio_level audio_g722_level(struct audio_g722 *decoder, struct slice payload);

/* The level of `count` 16-bit samples by the sum of their squares. */
float audio_dbov(double square_sum, size_t count);

#endif
