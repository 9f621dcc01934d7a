/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be heard in a stream: silence in every packet of G.711, all else now and then. */
#include <math.h>

#include "analysis/stream_parts.h"

enum {
	LISTEN_FIRST = 16, /* packets whose level is taken; later one in LISTEN_EVERY */
	LISTEN_EVERY = 32,
	G722_EVERY = 32,
	FADE_DB = 10,
	SCRAMBLED_MIN = 160, /* samples by which ciphertext may be told */
};

static void note_sound(struct stream_entry *entry, int64_t ns)
{
	if (!entry->track.sounding++)
		entry->first_sound_ns = ns;
	entry->track.last_sound_ns = ns;
}

/* How G.711's samples are spread over its segments: what is encrypted fills them alike, voice
 * never does. */
SELDOM static void note_segments(struct stream_entry *entry, struct slice payload)
{
	const uint8_t flip = entry->track.codec == AUDIO_PCMA ? 0x55 : 0xff;
	uint64_t counts = 0; /* a byte for each segment: neighbours do not wait for each other */

	for (size_t i = 0, n = 0; i < payload.left && n < UINT8_MAX; i += 8, n++)
		counts += (uint64_t)1 << (((payload.at[i] ^ flip) & 0x70) >> 1);
	for (size_t i = 0; i < SEGMENTS; i++)
		entry->segment[i] += (uint8_t)(counts >> 8 * i);
}

SELDOM static void note_level(struct stream_entry *entry, float dbov)
{
	if (dbov > entry->peak_dbov)
		entry->peak_dbov = dbov;
	entry->recent_dbov = fmaxf(dbov, fmaxf(entry->recent_dbov - FADE_DB, AUDIO_SILENT_DBOV));
}

static void listen_g711(struct stream_entry *entry, struct slice payload, int64_t ns)
{
	const enum audio_codec codec = (enum audio_codec)entry->track.codec;

	entry->track.heard++;
	if (!audio_is_silent(codec, payload))
		note_sound(entry, ns);
	if (entry->track.packets < entry->track.listen_at)
		return;
	if (entry->track.packets >= LISTEN_FIRST)
		entry->track.listen_at = entry->track.packets + LISTEN_EVERY;
	note_level(entry, audio_level(codec, payload).dbov);
	note_segments(entry, payload);
}

/* Now and then as many packets as its decoder needs until it knows. */
APART static void listen_g722(struct stream_entry *entry, struct slice payload, int64_t ns)
{
	struct audio_level level;

	if (entry->track.packets % G722_EVERY == 1) {
		entry->g722 = (struct audio_g722){ 0 };
		entry->g722_runs = true;
	}
	if (!entry->g722_runs)
		return;
	entry->g722_runs = entry->g722.bytes < AUDIO_G722_LEAD_IN;
	level = audio_g722_level(&entry->g722, payload);
	if (!level.known)
		return;
	entry->track.heard++;
	if (!level.silence)
		note_sound(entry, ns);
	note_level(entry, level.dbov);
}

void stream_listen(struct stream_entry *entry, struct slice payload, int64_t ns)
{
	if (payload.left < LISTEN_BYTES)
		return;
	if (entry->track.codec == AUDIO_G722)
		listen_g722(entry, payload, ns);
	else
		listen_g711(entry, payload, ns);
}

/* Each of eight segments would have an eighth of the samples; four standard deviations from it
 * are room enough. */
static bool looks_scrambled(const struct stream_entry *entry)
{
	double total = 0, room;

	for (size_t i = 0; i < SEGMENTS; i++)
		total += entry->segment[i];
	if (total < SCRAMBLED_MIN)
		return false;
	room = 4 * sqrt(total * 7 / 64) + total / 100;
	for (size_t i = 0; i < SEGMENTS; i++)
		if (fabs(entry->segment[i] - total / SEGMENTS) > room)
			return false;
	return true;
}

void stream_settle_sound(struct stream_entry *entry)
{
	const struct track *track = &entry->track;
	struct stream *seen = &entry->seen;

	seen->scrambled = track->hushed || looks_scrambled(entry);
	seen->heard = seen->scrambled ? 0 : track->heard;
	seen->sounding = seen->scrambled ? 0 : track->sounding;
	seen->first_sound_ns = seen->scrambled ? 0 : entry->first_sound_ns;
	seen->last_sound_ns = seen->scrambled ? 0 : track->last_sound_ns;
	seen->peak_dbov = seen->scrambled ? AUDIO_SILENT_DBOV : entry->peak_dbov;
	seen->recent_dbov = seen->scrambled ? AUDIO_SILENT_DBOV : entry->recent_dbov;
}
