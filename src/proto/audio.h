/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How loud the voice in a payload is: G.711 (both laws) and G.722, which need no state to be told
 * from silence. */
#ifndef EARSHOT_PROTO_AUDIO_H
#define EARSHOT_PROTO_AUDIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum audio_codec { AUDIO_OTHER, AUDIO_PCMU, AUDIO_PCMA, AUDIO_G722 };

/* By the name in SDP, whatever its case. */
enum audio_codec audio_codec_find(const char *name);

/* ITU-T G.711: 16-bit linear samples, full scale +-32124 (mu-law), +-32256 (A-law). */
int16_t audio_ulaw_decode(uint8_t code);
int16_t audio_alaw_decode(uint8_t code);

struct audio_level {
	bool known;   /* false for AUDIO_OTHER and an empty payload */
	bool silence; /* so quiet that nobody hears anything: digital silence, or comfort noise
			 below a level that audio.c states */
	float dbov;   /* RFC 6464: 0 is full scale, -127 digital silence; by a sample of the payload
		       */
};

/* G.711 alone: no sample is louder than silence may be. Looks at every byte, some nanoseconds. */
bool audio_is_silent(enum audio_codec codec, struct slice payload);

/* Some tens of nanoseconds for G.711, some hundred for G.722: not for every packet. */
struct audio_level audio_level(enum audio_codec codec, struct slice payload);

#endif
