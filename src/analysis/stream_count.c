/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a stream's packets came: sequence, jitter, types. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "analysis/stream_parts.h"

enum {
	LEAP_MS = 200,       /* further from the clock than this is looked at */
	LEAP_SURE_MS = 2000, /* no line holds a packet back for so long, and no other */
	PT_NOISE = 13,       /* RFC 3551; 19 before that */
	PT_NOISE_OLD = 19,
	PT_DYNAMIC = 96,
	EVENT_BYTES = 4, /* RFC 4733, 2.3 */
};

/* --- payload types --- */

static bool is_noise_type(unsigned payload_type)
{
	return payload_type == PT_NOISE || payload_type == PT_NOISE_OLD;
}

/* What a receiver takes goes by its own description (RFC 3264, 5.1). */
static void name_codec(struct sdp_codec *out, const struct stream_entry *entry,
		       const struct hints *hints, unsigned payload_type)
{
	const struct sdp_codec *codec =
		hint_codec(hints_find(hints, &entry->seen.dst), payload_type);

	if (!codec || !codec->name[0])
		codec = hint_codec(hints_find(hints, &entry->seen.src), payload_type);
	if (codec && codec->name[0])
		*out = *codec;
	else if (sdp_static_codec(out, payload_type))
		*out = (struct sdp_codec){ .payload_type = (uint8_t)payload_type };
}

static enum type_kind kind_of(const struct sdp_codec *codec, size_t payload_bytes)
{
	if (is_noise_type(codec->payload_type) || !strcasecmp(codec->name, "CN"))
		return TYPE_NOISE;
	if (!strcasecmp(codec->name, "telephone-event"))
		return TYPE_EVENT;
	/* Nobody said what it is, but voice is not so short, nor nothing at all (RFC 6263, 4.6: to
	 * keep a NAT's mapping alive). */
	if (!codec->name[0] && codec->payload_type >= PT_DYNAMIC &&
	    (payload_bytes == EVENT_BYTES || !payload_bytes))
		return TYPE_EVENT;
	return TYPE_VOICE;
}

/* As Wireshark has it: events stand still and count no time, 44100 Hz are 44 a millisecond. */
static double tick_of(const struct sdp_codec *codec, enum type_kind kind)
{
	const uint32_t clock = codec->payload_type == PT_NOISE_OLD ? 8000 : codec->clock;

	return kind == TYPE_EVENT || clock < 1000 ? 0 : 1.0 / (clock / 1000);
}

static void leave_type(struct stream_entry *entry)
{
	struct track *track = &entry->track;

	if (track->type < STREAM_TYPES_MAX) {
		struct stream_type *type = &entry->seen.type[track->type];

		type->packets += track->packets - entry->type_from;
		type->last_ns = track->last_ns;
	}
	entry->type_from = track->packets;
}

/* STREAM_TYPES_MAX: no room for another. */
static size_t find_type(struct stream_entry *entry, const struct hints *hints,
			const struct rtp *rtp, const struct datagram *datagram)
{
	const size_t cut = datagram->wire - datagram->payload.left;
	struct stream *seen = &entry->seen;
	struct stream_type *type = seen->type;

	for (size_t i = 0; i < seen->type_count; i++)
		if (type[i].payload_type == rtp->payload_type)
			return i;
	if (seen->type_count == STREAM_TYPES_MAX)
		return STREAM_TYPES_MAX;
	type += seen->type_count;
	*type = (struct stream_type){ .payload_type = rtp->payload_type, .first_ns = datagram->ns };
	name_codec(&type->codec, entry, hints, rtp->payload_type);
	entry->kind[seen->type_count] = kind_of(&type->codec, rtp->payload.left + cut);
	return seen->type_count++;
}

/* Takes over what the present type says. */
static void use_type(struct stream_entry *entry)
{
	struct track *track = &entry->track;
	const struct sdp_codec none = { .payload_type = track->payload_type };
	const struct sdp_codec *codec =
		track->type < STREAM_TYPES_MAX ? &entry->seen.type[track->type].codec : &none;
	const double tick = tick_of(codec, entry->kind[track->type]);

	if (tick != track->tick_ms)
		track->afresh = true;
	track->tick_ms = tick;
	entry->clocked |= tick > 0;
	track->codec = entry->kind[track->type] == TYPE_VOICE
			       ? (uint8_t)audio_codec_find(codec->name)
			       : AUDIO_OTHER;
	track->noise = is_noise_type(track->payload_type);
}

SELDOM static void switch_type(struct stream_entry *entry, const struct hints *hints,
			       const struct rtp *rtp, const struct datagram *datagram)
{
	struct track *track = &entry->track;
	struct stream *seen = &entry->seen;

	leave_type(entry);
	track->type = (uint8_t)find_type(entry, hints, rtp, datagram);
	track->payload_type = rtp->payload_type;
	use_type(entry);
	if (track->type == STREAM_TYPES_MAX || entry->kind[track->type] != TYPE_VOICE)
		return;
	if (seen->voice != STREAM_TYPES_MAX && seen->voice != track->type)
		seen->voice_changes++;
	seen->voice = track->type;
}

void stream_learn(struct stream_entry *entry, const struct hints *hints)
{
	struct stream *seen = &entry->seen;
	const struct hint *to = hints_find(hints, &seen->dst),
			  *from = hints_find(hints, &seen->src);

	for (size_t i = 0; i < seen->type_count; i++) {
		struct stream_type *type = &seen->type[i];

		if (type->codec.name[0])
			continue;
		name_codec(&type->codec, entry, hints, type->payload_type);
		if (type->codec.name[0])
			entry->kind[i] = kind_of(&type->codec, 0);
	}
	/* An offer of SRTP whose answer has none is none. */
	entry->track.hushed = (to || from) && (!to || to->srtp) && (!from || from->srtp);
	if (!seen->type_count)
		return;
	use_type(entry);
	/* Its jitter begins here. */
	if (entry->track.afresh)
		entry->track.clock_timestamp = entry->track.last_timestamp;
}

/* --- sequence (RFC 3550, A.1) --- */

SELDOM static void push_window(struct track *track, unsigned by)
{
	if (by >= WINDOW) {
		track->window[1] = track->window[0] = 0;
	} else if (by >= 64) {
		track->window[1] = track->window[0] << (by - 64);
		track->window[0] = 0;
	} else {
		track->window[1] = track->window[1] << by | track->window[0] >> (64 - by);
		track->window[0] <<= by;
	}
	track->window[0] |= 1;
	track->top += by;
}

SELDOM static void count_late(struct stream_entry *entry, unsigned by)
{
	uint64_t *word = &entry->track.window[by / 64];
	const uint64_t bit = (uint64_t)1 << by % 64;

	if (*word & bit) {
		entry->seen.duplicates++;
		return;
	}
	*word |= bit;
	entry->seen.reordered++;
	if (entry->track.top - by < entry->base)
		entry->base = entry->track.top - by;
}

/* Did as many packets' time pass as numbers are missing? Then they are lost, however many. */
SELDOM static bool is_outage(const struct track *track, unsigned ahead, const struct rtp *rtp,
			     int64_t ns)
{
	const double passed = (double)(ns - track->last_ns) * 1e-6;
	const double stamped = (int32_t)(rtp->timestamp - track->last_timestamp) * track->tick_ms;
	const double due = (double)ahead * track->step * track->tick_ms;

	return ahead < 0x8000 && due > 0 && fabs(passed - stamped) < 1000 + passed / 10 &&
	       passed > due / 2 && passed < due * 2;
}

/* The first packet of a leap stands for itself; the next in order shows a new beginning. */
SELDOM static void count_stray(struct stream_entry *entry, const struct rtp *rtp)
{
	struct track *track = &entry->track;

	if (!entry->astray || rtp->seq != (uint16_t)(entry->stray + 1)) {
		entry->astray = true;
		entry->stray = rtp->seq;
		entry->closed++;
		return;
	}
	entry->closed += track->top - entry->base + 1;
	entry->base = track->top = (uint64_t)0x10000 + rtp->seq;
	track->window[0] = 1;
	track->window[1] = 0;
	entry->astray = false;
	entry->seen.restarts++;
}

static inline void count_sequence(struct stream_entry *entry, const struct rtp *rtp, int64_t ns)
{
	struct track *track = &entry->track;
	const uint16_t ahead = (uint16_t)(rtp->seq - (uint16_t)track->top);

	if (ahead == 1) {
		track->top++;
		track->window[1] = track->window[1] << 1 | track->window[0] >> 63;
		track->window[0] = track->window[0] << 1 | 1;
	} else if (ahead == 0) {
		entry->seen.duplicates++;
	} else if (ahead < MAX_DROPOUT) {
		push_window(track, ahead);
	} else if (ahead > 0x10000 - WINDOW) {
		count_late(entry, 0x10000U - ahead);
	} else if (is_outage(track, ahead, rtp, ns)) {
		push_window(track, ahead);
	} else {
		count_stray(entry, rtp);
	}
}

/* --- jitter (RFC 3550, A.8) --- */

/* Is that far from the clock because the sender's own clock leapt, rather than by the line? A line
 * that stood still lets time pass, not timestamps. */
static bool is_leap(double off, double passed, double stamped, bool marker)
{
	return fabs(off) > LEAP_SURE_MS || marker || stamped < 0 || stamped > 2 * passed + LEAP_MS;
}

/* What a leap adds to the jitter is kept apart: both decay alike, so the difference is the jitter
 * without it. */
static void keep_echo(struct stream_entry *entry, double before, bool leap)
{
	struct track *track = &entry->track;

	if (leap)
		entry->echo += track->jitter - before;
	else
		entry->echo *= 15.0 / 16;
	track->leapt = fabs(entry->echo) > 1e-6;
}

/* `jitter_sum` is the mean times the packets before this one but one. A packet that is left out
 * weighs as much as the mean itself (so Wireshark): the sum grows by the mean. */
APART static void leave_out(struct stream_entry *entry)
{
	struct track *track = &entry->track;
	const double packets = (double)track->packets;

	if (track->packets > 1) {
		track->jitter_sum *= packets / (packets - 1);
		entry->echo_sum *= packets / (packets - 1);
	}
}

SELDOM static void note_leap(struct stream_entry *entry, const struct rtp *rtp, double off,
			     double passed)
{
	struct track *track = &entry->track;
	const double before = (16 * track->jitter - fabs(off)) / 15;
	bool leap = track->afresh;

	if (!leap && fabs(off) > LEAP_MS && is_leap(off, passed, passed - off, rtp->marker)) {
		entry->seen.clock_jumps++;
		leap = true;
	}
	track->afresh = false;
	if (leap || track->leapt)
		keep_echo(entry, before, leap);
}

/* Wireshark's ways: nothing counts whose timestamp is before the first; time goes on with every
 * packet, timestamps with those that have a clock. */
static inline void count_jitter(struct stream_entry *entry, const struct rtp *rtp, int64_t ns)
{
	struct track *track = &entry->track;
	const int32_t step = (int32_t)(rtp->timestamp - track->last_timestamp);
	bool regular = false;

	if ((int32_t)(rtp->timestamp - track->first_timestamp) < 0) {
		/* A packet that is a little late, or a clock that was set back. */
		if (fabs(step * track->tick_ms) > LEAP_MS)
			entry->seen.clock_jumps++;
		track->even += step == track->step;
	} else {
		if (track->tick_ms > 0) {
			const double passed = (double)(ns - track->clock_ns) * 1e-6;
			const double off =
				passed -
				(int32_t)(rtp->timestamp - track->clock_timestamp) * track->tick_ms;

			track->jitter += (fabs(off) - track->jitter) / 16;
			if (track->leapt || track->afresh || fabs(off) > LEAP_MS)
				note_leap(entry, rtp, off, passed);
			track->even += fabs(off) <= LEAP_MS;
			track->clock_timestamp = rtp->timestamp;
			regular = !rtp->marker && !track->noise && !track->noise_before;
		}
		track->clock_ns = ns;
	}
	if (regular) {
		track->jitter_sum += track->jitter;
		if (track->leapt)
			entry->echo_sum += entry->echo;
		if (track->jitter > track->jitter_max)
			track->jitter_max = track->jitter;
	} else {
		leave_out(entry);
	}
	if (track->tick_ms <= 0)
		track->even += step == track->step || !step;
	track->step = step;
	track->last_timestamp = rtp->timestamp;
	track->noise_before = track->noise;
}

/* --- all together --- */

SELDOM static void leave_dscp(struct stream_entry *entry)
{
	entry->seen.dscp_packets[entry->track.dscp & 63] += entry->track.packets - entry->dscp_from;
	entry->dscp_from = entry->track.packets;
}

SELDOM static void begin(struct stream_entry *entry, const struct hints *hints,
			 const struct rtp *rtp, const struct datagram *datagram)
{
	struct track *track = &entry->track;
	struct stream *seen = &entry->seen;

	seen->voice = STREAM_TYPES_MAX;
	entry->peak_dbov = entry->recent_dbov = AUDIO_SILENT_DBOV;
	seen->first_ns = track->last_ns = track->clock_ns = datagram->ns;
	seen->dscp_first = track->dscp = datagram->dscp & 63;
	track->first_timestamp = track->last_timestamp = track->clock_timestamp = rtp->timestamp;
	/* Room below for numbers that come late. */
	entry->base = track->top = (uint64_t)0x10000 + rtp->seq;
	track->window[0] = 1;
	switch_type(entry, hints, rtp, datagram);
	stream_learn(entry, hints);
	track->afresh = false;
	track->noise_before = track->noise;
}

void stream_restart(struct stream_entry *entry)
{
	const struct stream seen = { .src = entry->seen.src,
				     .dst = entry->seen.dst,
				     .via = entry->seen.via,
				     .ssrc = entry->seen.ssrc,
				     .number = entry->seen.number };

	entry->track = (struct track){ .whole = entry->track.whole };
	entry->seen = seen;
	entry->base = entry->closed = 0;
	entry->astray = false;
	entry->type_from = entry->dscp_from = 0;
	entry->echo = entry->echo_sum = 0;
	entry->clocked = false;
	entry->first_sound_ns = 0;
	entry->g722_runs = false;
	memset(entry->segment, 0, sizeof entry->segment);
	entry->good = 0;
	entry->moved = false;
}

/* Most packets of voice show with their first sample that they sound. */
static inline bool sounds_plainly(const struct track *track, struct slice payload)
{
	return track->packets < track->listen_at && track->sounding &&
	       payload.left >= LISTEN_BYTES &&
	       audio_is_loud((enum audio_codec)track->codec, payload.at[0]);
}

void stream_count(struct stream_entry *entry, const struct hints *hints, const struct rtp *rtp,
		  const struct datagram *datagram)
{
	struct track *track = &entry->track;

	if (!track->packets) {
		begin(entry, hints, rtp, datagram);
	} else {
		if (datagram->ns - track->last_ns > track->longest_gap_ns) {
			track->longest_gap_ns = datagram->ns - track->last_ns;
			entry->seen.gap_at_ns = track->last_ns;
		}
		if (rtp->payload_type != track->payload_type)
			switch_type(entry, hints, rtp, datagram);
		if (datagram->dscp != track->dscp) {
			leave_dscp(entry);
			track->dscp = datagram->dscp & 63;
		}
		count_sequence(entry, rtp, datagram->ns);
		count_jitter(entry, rtp, datagram->ns);
		track->last_ns = datagram->ns;
	}
	track->packets++;
	if (track->codec == AUDIO_OTHER || track->hushed)
		return;
	if (sounds_plainly(track, rtp->payload)) {
		track->heard++;
		track->sounding++;
		track->last_sound_ns = datagram->ns;
	} else {
		stream_listen(entry, rtp->payload, datagram->ns);
	}
}

static void settle_types(struct stream_entry *entry)
{
	struct stream *seen = &entry->seen;

	leave_type(entry);
	leave_dscp(entry);
	seen->dscp_last = entry->track.dscp;
	seen->events = seen->comfort_noise = 0;
	for (size_t i = 0; i < seen->type_count; i++) {
		if (entry->kind[i] == TYPE_EVENT)
			seen->events += seen->type[i].packets;
		else if (entry->kind[i] == TYPE_NOISE)
			seen->comfort_noise += seen->type[i].packets;
	}
	/* It was taken for voice until a description said what it is. */
	if (seen->voice == STREAM_TYPES_MAX || entry->kind[seen->voice] == TYPE_VOICE)
		return;
	seen->voice = STREAM_TYPES_MAX;
	for (size_t i = 0; i < seen->type_count; i++)
		if (entry->kind[i] == TYPE_VOICE &&
		    (seen->voice == STREAM_TYPES_MAX ||
		     seen->type[i].last_ns > seen->type[seen->voice].last_ns))
			seen->voice = i;
}

static void settle_jitter(struct stream_entry *entry)
{
	const struct track *track = &entry->track;
	struct stream *seen = &entry->seen;
	const double steps = track->packets > 1 ? (double)(track->packets - 1) : 1;

	seen->jitter_ms = track->jitter;
	seen->jitter_mean_ms = track->jitter_sum / steps;
	seen->jitter_max_ms = track->jitter_max;
	seen->steady_jitter_mean_ms = fmax(0, (track->jitter_sum - entry->echo_sum) / steps);
	seen->jitter_known = track->packets > 1 && entry->clocked;
}

void stream_settle(struct stream_entry *entry)
{
	const struct track *track = &entry->track;
	struct stream *seen = &entry->seen;

	seen->packets = track->packets;
	seen->last_ns = track->last_ns;
	seen->expected = entry->closed + track->top - entry->base + 1;
	seen->longest_gap_ns = track->longest_gap_ns;
	seen->regular = track->packets > 2 && track->even * 2 >= track->packets - 1;
	settle_types(entry);
	settle_jitter(entry);
	stream_settle_sound(entry);
}
