/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"

#include <stdlib.h>

#include "analysis/analysis_parts.h"
#include "analysis/judge.h"
#include "analysis/relay.h"
#include "analysis/scene.h"
#include "base/mem.h"

/* A way that was silent for less is only pausing. */
static const double gone_seconds = 3, due_seconds = 2;
static const double loss_bad_pct = 1, silence_dbov = -126;

struct collecting {
	struct live_call *out;
	size_t max, count;
	const struct analysis *analysis;
	const struct stream **shown; /* those of the calls so far */
	size_t shown_count;
};

/* Over a second at least; nothing of it is counted where nobody looks. */
static void count_rate(struct stream *stream, int64_t now_ns)
{
	struct stream_notes *notes = &stream->notes;
	const int64_t from_ns = notes->counted_ns ? notes->counted_ns : stream->first_ns;

	if (now_ns - from_ns < PACKET_SECOND)
		return;
	notes->packets_per_second = (double)(stream->packets - notes->counted) * PACKET_SECOND /
				    (double)(now_ns - from_ns);
	notes->counted = stream->packets;
	notes->counted_ns = now_ns;
}

/* Of a stream that is younger than a second: by its packets so far. */
static double rate_of(const struct stream *stream)
{
	const int64_t length_ns = stream->last_ns - stream->first_ns;

	if (stream->notes.counted_ns)
		return stream->notes.packets_per_second;
	return length_ns > 0 ? (double)(stream->packets - 1) * PACKET_SECOND / (double)length_ns
			     : 1;
}

static void add_stream(struct live_direction *direction, struct stream *stream,
		       const struct analysis *analysis)
{
	const double quiet = judge_seconds(analysis->now_ns - stream->last_ns);

	count_rate(stream, analysis->now_ns);
	direction->seen = true;
	direction->packets += stream->packets;
	direction->lost += stream_lost(stream);
	direction->loss_pct = direction->lost || direction->packets
				      ? 100 * (double)direction->lost /
						(double)(direction->lost + direction->packets)
				      : 0;
	if (quiet > gone_seconds)
		return;
	direction->packets_per_second += rate_of(stream);
	direction->jitter_ms = stream->jitter_ms;
	direction->level_known = stream->heard > 0 && !stream->scrambled;
	direction->dbov = direction->level_known ? (double)stream->recent_dbov : 0;
}

/* What reaches a relay or a NAT, and is not sent on where the capture would show that. */
static const char *kept_by(const struct relay *relay)
{
	if (relay->named)
		return relay->way == WAY_OUT ? N_("your voice gets no further than a relay")
					     : N_("their voice gets no further than a relay");
	return relay->way == WAY_OUT ? N_("your voice gets no further than the router")
				     : N_("their voice gets no further than the router");
}

/* Why a call ended, where that is not by somebody's hand. */
static const char *meaning_of_end(const struct scene *scene, enum way way)
{
	const bool failed = scene->call && scene->call->end == CALL_FAILED;

	return failed && way == WAY_OUT ? N_("the call was refused") : "";
}

static const char *meaning_of(const struct live_direction *direction, enum way way,
			      const struct scene *scene, const struct live_call *call)
{
	if (call->ended)
		return meaning_of_end(scene, way);
	if (!direction->seen && (!call->answered || call->seconds < due_seconds))
		return N_("nothing yet");
	if (!direction->seen)
		return way == WAY_OUT ? N_("nothing of your voice is seen here")
				      : N_("nothing of their voice is seen here");
	if (direction->packets_per_second <= 0 && judge_held(scene))
		return N_("on hold");
	if (direction->packets_per_second <= 0)
		return way == WAY_OUT ? N_("your voice has stopped")
				      : N_("their voice has stopped");
	if (direction->level_known && direction->dbov < silence_dbov)
		return way == WAY_OUT ? N_("packets with silence: microphone or mute?")
				      : N_("packets with silence from the far side");
	if (direction->loss_pct >= loss_bad_pct)
		return N_("packets get lost");
	return way == WAY_OUT ? N_("your voice is on its way") : N_("their voice arrives");
}

/* True: something of that way is kept on the way. */
static bool add_way(struct live_direction *direction, const struct scene *scene,
		    const struct relay *relay, const struct analysis *analysis)
{
	const bool shows = relay_shows(relay, scene);
	bool kept = false;

	for (size_t i = 0; i < scene->stream_count; i++) {
		struct stream *stream = scene->stream[i].stream;

		if (scene->stream[i].way != relay->way)
			continue;
		if (shows && relay_has_before(relay, stream))
			kept |= judge_seconds(analysis->now_ns - stream->last_ns) <= gone_seconds;
		else
			add_stream(direction, stream, analysis);
	}
	return kept && direction->packets_per_second <= 0;
}

static void fill_way(struct live_direction *direction, const struct scene *scene, enum way way,
		     const struct live_call *call, const struct analysis *analysis)
{
	struct relay relay;

	relay_of_way(&relay, scene, way);
	direction->meaning = add_way(direction, scene, &relay, analysis) && !call->ended
				     ? kept_by(&relay)
				     : meaning_of(direction, way, scene, call);
}

static void fill(struct live_call *out, const struct scene *scene, const struct analysis *analysis)
{
	const struct sip_call *call = scene->call;

	*out = (struct live_call){ .from = call ? call->from : "",
				   .to = call ? call->to : "",
				   .answered = call && scene_answered(scene),
				   .ended = call && call->ended_ns };
	out->seconds = judge_seconds((out->ended ? call->ended_ns : analysis->now_ns) -
				     scene_begin(scene));
	fill_way(&out->out, scene, WAY_OUT, out, analysis);
	fill_way(&out->in, scene, WAY_IN, out, analysis);
}

static void show(struct collecting *collecting, const struct scene *scene)
{
	const size_t count = collecting->shown_count + scene->stream_count;

	fill(&collecting->out[collecting->count++], scene, collecting->analysis);
	if (!scene->stream_count)
		return;
	collecting->shown = mem_resize((void *)collecting->shown, count, sizeof *collecting->shown);
	for (size_t i = 0; i < scene->stream_count; i++)
		collecting->shown[collecting->shown_count++] = scene->stream[i].stream;
}

static bool is_shown(const struct collecting *collecting, const struct stream *stream)
{
	for (size_t i = 0; i < collecting->shown_count; i++)
		if (collecting->shown[i] == stream)
			return true;
	return false;
}

static void collect(struct sip_call *call, void *context)
{
	struct collecting *collecting = context;
	const struct analysis *analysis = collecting->analysis;
	struct scene scene = { .capture_ns = analysis->now_ns };

	if (collecting->count == collecting->max || analysis_skips(analysis, call))
		return;
	scene_of_call(&scene, call, analysis->streams, &analysis->options);
	show(collecting, &scene);
	scene_clear(&scene);
}

/* RTP whose SIP goes another way, or was over before the capture began. */
static bool collect_lone(struct stream *stream, void *context)
{
	struct collecting *collecting = context;
	const struct analysis *analysis = collecting->analysis;
	struct scene scene = { .capture_ns = analysis->now_ns };

	if (collecting->count == collecting->max || stream->notes.claimed || !stream->regular ||
	    judge_seconds(analysis->now_ns - stream->last_ns) > gone_seconds ||
	    is_shown(collecting, stream))
		return true;
	scene_of_stream(&scene, stream, analysis->streams, &analysis->options);
	show(collecting, &scene);
	scene_clear(&scene);
	return true;
}

size_t analysis_live(struct live_call *out, size_t max, const struct analysis *analysis)
{
	struct collecting collecting = { .out = out, .max = max, .analysis = analysis };

	dialogs_each(analysis->dialogs, collect, &collecting);
	streams_each(analysis->streams, collect_lone, &collecting);
	free((void *)collecting.shown);
	return collecting.count;
}
