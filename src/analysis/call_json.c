/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/call_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/judge.h"
#include "base/clock.h"
#include "base/packet.h"
#include "base/slice.h"
#include "base/text.h"
#include "model/emodel.h"

/* Three digits behind the point are more than anybody measures. */
static json_t *number(double value)
{
	return json_real(round(value * 1000) / 1000);
}

static json_t *moment(int64_t ns)
{
	char text[CLOCK_TEXT];

	return ns ? json_string(clock_utc_text(text, (time_t)(ns / PACKET_SECOND))) : json_null();
}

static json_t *place(const struct endpoint *at)
{
	char text[ADDR_TEXT];

	return endpoint_is_set(at) ? json_string(endpoint_text(text, at)) : json_null();
}

static json_t *word(const char *text)
{
	return text && *text ? json_string(text) : json_null();
}

/* --- what was offered and answered
 * --------------------------------------------------------------*/

static json_t *codecs_json(const struct sdp_media *media)
{
	json_t *list = json_array();

	for (size_t i = 0; i < media->codec_count; i++) {
		const struct sdp_codec *codec = &media->codec[i];
		char text[16];

		snprintf(text, sizeof text, "%u", codec->payload_type);
		json_array_append_new(list, json_string(*codec->name ? codec->name : text));
	}
	return list;
}

static json_t *description_json(const struct scene *scene, const struct description *said)
{
	const struct sdp_media *audio = said->audio;
	json_t *json = json_object();

	json_object_set_new(json, "by", json_string(said->answer ? "answer" : "offer"));
	json_object_set_new(json, "side",
			    json_string(said->from_caller == scene->phone_calls ? "phone" : "far"));
	json_object_set_new(json, "at", moment(said->ns));
	json_object_set_new(json, "address", word(audio->host));
	json_object_set_new(json, "port", json_integer(audio->at.port));
	json_object_set_new(json, "codecs", codecs_json(audio));
	json_object_set_new(json, "direction", json_string(sdp_direction_text(audio->direction)));
	json_object_set_new(json, "srtp", json_string(sdp_srtp_text(audio->srtp)));
	json_object_set_new(json, "leg", json_integer(said->leg));
	json_object_set_new(json, "refused", json_boolean(said->failed));
	return json;
}

static json_t *media_json(const struct scene *scene)
{
	json_t *list = json_array();

	for (size_t i = 0; scene->call && i < scene->call->description_count; i++)
		if (scene->call->description[i].audio)
			json_array_append_new(
				list, description_json(scene, &scene->call->description[i]));
	return list;
}

static json_t *legs_json(const struct sip_call *call)
{
	json_t *list = json_array();

	for (size_t i = 0; call && i < call->leg_count; i++) {
		const struct leg *leg = &call->leg[i];
		json_t *json = json_object();

		json_object_set_new(json, "caller", place(&leg->caller));
		json_object_set_new(json, "callee", place(&leg->callee));
		json_object_set_new(json, "call_id", word(leg->call_id));
		json_object_set_new(json, "transport", json_string(leg->tcp ? "tcp" : "udp"));
		json_array_append_new(list, json);
	}
	return list;
}

/* --- streams ----------------------------------------------------------------------------------*/

/* By codec and loss alone: the delay is not seen, so that it can only be worse. */
static json_t *mos_json(const struct stream *stream)
{
	const struct stream_type *voice = stream_voice(stream);
	const struct emodel_codec *codec = voice ? emodel_codec_find(voice->codec.name) : NULL;

	if (!codec)
		return json_null();
	return number(emodel_mos(emodel_rating(0, stream_loss_pct(stream), codec)));
}

static unsigned most_dscp(const struct stream *stream)
{
	unsigned most = 0;

	for (unsigned i = 1; i < 64; i++)
		if (stream->dscp_packets[i] > stream->dscp_packets[most])
			most = i;
	return most;
}

static json_t *silent_json(const struct stream *stream)
{
	bool known;
	const bool silent = stream_is_silent(&known, stream);

	return known ? json_boolean(silent) : json_null();
}

static json_t *jitter_json(const struct stream *stream)
{
	json_t *json = json_object();

	json_object_set_new(json, "mean", number(stream->jitter_mean_ms));
	json_object_set_new(json, "max", number(stream->jitter_max_ms));
	return json;
}

static json_t *first_json(const struct scene *scene, const struct stream *stream)
{
	if (!scene->call || !scene->call->answered_ns)
		return json_null();
	return number(judge_seconds(stream->first_ns - scene->call->answered_ns));
}

static void set_ends(json_t *json, const struct scene_stream *of)
{
	const struct stream *stream = of->stream;
	char ssrc[16];

	snprintf(ssrc, sizeof ssrc, "0x%08x", stream->ssrc);
	json_object_set_new(json, "direction", json_string(of->way == WAY_OUT ? "out" : "in"));
	json_object_set_new(json, "src", place(&stream->src));
	json_object_set_new(json, "dst", place(&stream->dst));
	json_object_set_new(json, "via", place(&stream->via));
	json_object_set_new(json, "ssrc", json_string(ssrc));
}

static void set_payload(json_t *json, const struct stream *stream)
{
	const struct stream_type *voice = stream_voice(stream);

	if (!voice && stream->type_count)
		voice = &stream->type[0];
	json_object_set_new(json, "codec", voice ? word(voice->codec.name) : json_null());
	json_object_set_new(json, "payload_type",
			    voice ? json_integer(voice->payload_type) : json_null());
}

static json_t *stream_json(const struct scene *scene, const struct scene_stream *of)
{
	const struct stream *stream = of->stream;
	json_t *json = json_object();

	set_ends(json, of);
	set_payload(json, stream);
	json_object_set_new(json, "packets", json_integer((json_int_t)stream->packets));
	json_object_set_new(json, "lost", json_integer((json_int_t)stream_lost(stream)));
	json_object_set_new(json, "loss_pct", number(stream_loss_pct(stream)));
	json_object_set_new(json, "duplicates", json_integer((json_int_t)stream->duplicates));
	json_object_set_new(json, "reordered", json_integer((json_int_t)stream->reordered));
	json_object_set_new(json, "jitter_ms",
			    stream->jitter_known ? jitter_json(stream) : json_null());
	json_object_set_new(json, "seconds",
			    number(judge_seconds(stream->last_ns - stream->first_ns)));
	json_object_set_new(json, "first_s", first_json(scene, stream));
	json_object_set_new(json, "silent", silent_json(stream));
	json_object_set_new(json, "dscp", json_integer(most_dscp(stream)));
	json_object_set_new(json, "mos", mos_json(stream));
	return json;
}

static json_t *streams_json(const struct scene *scene)
{
	json_t *list = json_array();

	for (size_t i = 0; i < scene->stream_count; i++)
		json_array_append_new(list, stream_json(scene, &scene->stream[i]));
	return list;
}

/* --- the verdict -------------------------------------------------------------------------------*/

static json_t *way_json(const struct way_verdict *way)
{
	json_t *json = json_object();

	json_object_set_new(json, "state", json_string(way_state_text(way->state)));
	json_object_set_new(json, "why", json_string(way->why));
	return json;
}

static json_t *directions_json(const struct verdict *verdict)
{
	json_t *json = json_object();

	json_object_set_new(json, "out", way_json(&verdict->way[WAY_OUT]));
	json_object_set_new(json, "in", way_json(&verdict->way[WAY_IN]));
	return json;
}

static json_t *findings_json(const struct verdict *verdict)
{
	json_t *list = json_array();

	for (size_t i = 0; i < verdict->finding_count; i++)
		json_array_append_new(list, finding_to_json(verdict->finding[i]));
	return list;
}

/* A call that was answered is so whether or not its end was seen. */
static const char *result_text(const struct scene *scene)
{
	const struct sip_call *call = scene->call;

	if (!call)
		return "unfinished";
	if (call->answered_ns || call->end == CALL_ANSWERED)
		return "answered";
	if (call->end == CALL_FAILED || call->no_answer)
		return "failed";
	return call->end == CALL_CANCELLED ? "cancelled" : "unfinished";
}

/* --- all of it --------------------------------------------------------------------------------*/

static void set_sip(json_t *json, const struct scene *scene)
{
	const struct sip_call *call = scene->call;

	json_object_set_new(json, "call_id", json_string(call ? call->call_id : ""));
	json_object_set_new(json, "from", call ? word(call->from) : json_null());
	json_object_set_new(json, "to", call ? word(call->to) : json_null());
	json_object_set_new(json, "started",
			    moment(call                  ? call->started_ns
				   : scene->stream_count ? scene->stream[0].stream->first_ns
							 : 0));
	json_object_set_new(json, "answered", moment(call ? call->answered_ns : 0));
	json_object_set_new(json, "ended", moment(call ? call->ended_ns : 0));
	json_object_set_new(json, "result", json_string(result_text(scene)));
	json_object_set_new(json, "status",
			    call && call->status ? json_integer(call->status) : json_null());
	json_object_set_new(json, "reason", call ? word(call->reason) : json_null());
	json_object_set_new(json, "legs", legs_json(call));
	json_object_set_new(json, "agents",
			    json_pack("{s:o, s:o}", "caller",
				      call ? word(call->caller_agent) : json_null(), "callee",
				      call ? word(call->callee_agent) : json_null()));
}

/* --- the messages themselves -------------------------------------------------------------------*/

enum { TRACE_BYTES_MAX = 32 * 1024, TRACE_LINE_MAX = 500 };

/* Line by line, each safe to print: a message from the network never brings a line break of its own
 * into a report. */
static json_t *lines_json(struct slice bytes)
{
	json_t *lines = json_array();
	struct slice line;

	while (!slice_line(&line, &bytes)) {
		char *safe = text_safe(line.at, line.left, TRACE_LINE_MAX);

		json_array_append_new(lines, json_string(safe));
		free(safe);
	}
	return lines;
}

/* To the millisecond: who traces a call elsewhere looks for it by that. */
static json_t *exact_moment(int64_t ns)
{
	char seconds[CLOCK_TEXT];

	clock_utc_text(seconds, (time_t)(ns / PACKET_SECOND));
	seconds[strlen(seconds) - 1] = 0; /* its Z */
	return json_sprintf("%s.%03dZ", seconds, (int)(ns % PACKET_SECOND / 1000000));
}

static json_t *message_json(const struct kept_message *message)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "at", exact_moment(message->ns), "src",
			 place(&message->src), "dst", place(&message->dst), "lines",
			 lines_json(message->bytes));
}

/* The first ones, as many as a report wants to carry. */
static json_t *trace_json(const struct sip_call *call)
{
	json_t *trace = json_array();
	size_t bytes = 0;

	for (size_t i = 0; i < call->message_count; i++) {
		bytes += call->message[i].bytes.left;
		if (bytes > TRACE_BYTES_MAX)
			break;
		json_array_append_new(trace, message_json(&call->message[i]));
	}
	return trace;
}

json_t *call_json(const struct scene *scene, const struct verdict *verdict)
{
	json_t *json = json_object();

	set_sip(json, scene);
	json_object_set_new(json, "at", json_string(vantage_text(scene->at)));
	json_object_set_new(json, "phone",
			    json_string(scene->call && !scene->phone_calls ? "callee" : "caller"));
	json_object_set_new(json, "verdict", json_string(audio_verdict_text(verdict->audio)));
	json_object_set_new(json, "media", media_json(scene));
	json_object_set_new(json, "streams", streams_json(scene));
	json_object_set_new(json, "directions", directions_json(verdict));
	json_object_set_new(json, "findings", findings_json(verdict));
	if (scene->traces && scene->call)
		json_object_set_new(json, "trace", trace_json(scene->call));
	return json;
}
