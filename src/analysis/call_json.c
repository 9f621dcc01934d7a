/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/call_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/judge.h"
#include "base/clock.h"
#include "base/packet.h"
#include "base/slice.h"
#include "base/text.h"
#include "model/emodel.h"

static void tell_moment(struct json_text *out, const char *key, int64_t ns)
{
	char text[CLOCK_TEXT];

	json_text_string(out, key, ns ? clock_utc_text(text, (time_t)(ns / PACKET_SECOND)) : NULL);
}

static void tell_place(struct json_text *out, const char *key, const struct endpoint *at)
{
	char text[ADDR_TEXT];

	json_text_string(out, key, endpoint_is_set(at) ? endpoint_text(text, at) : NULL);
}

/* What a message did not have is "", and null here. */
static void tell_word(struct json_text *out, const char *key, const char *text)
{
	json_text_string(out, key, text && *text ? text : NULL);
}

/* --- what was offered and answered -------------------------------------------------------------*/

static void tell_codecs(struct json_text *out, const struct sdp_media *media)
{
	json_text_open(out, "codecs", '[');
	for (size_t i = 0; i < media->codec_count; i++) {
		const struct sdp_codec *codec = &media->codec[i];
		char number[16] = "";

		if (!*codec->name)
			snprintf(number, sizeof number, "%u", codec->payload_type);
		json_text_string(out, NULL, *codec->name ? codec->name : number);
	}
	json_text_close(out, ']');
}

static void tell_description(struct json_text *out, const struct scene *scene,
			     const struct description *said)
{
	const struct sdp_media *audio = said->audio;

	json_text_open(out, NULL, '{');
	json_text_string(out, "by", said->answer ? "answer" : "offer");
	json_text_string(out, "side", said->from_caller == scene->phone_calls ? "phone" : "far");
	tell_moment(out, "at", said->ns);
	tell_word(out, "address", audio->host);
	json_text_integer(out, "port", audio->at.port);
	tell_codecs(out, audio);
	json_text_string(out, "direction", sdp_direction_text(audio->direction));
	json_text_string(out, "srtp", sdp_srtp_text(audio->srtp));
	json_text_integer(out, "leg", said->leg);
	json_text_boolean(out, "refused", said->failed);
	json_text_close(out, '}');
}

static void tell_media(struct json_text *out, const struct scene *scene)
{
	json_text_open(out, "media", '[');
	for (size_t i = 0; scene->call && i < scene->call->description_count; i++)
		if (scene->call->description[i].audio)
			tell_description(out, scene, &scene->call->description[i]);
	json_text_close(out, ']');
}

static void tell_legs(struct json_text *out, const struct sip_call *call)
{
	json_text_open(out, "legs", '[');
	for (size_t i = 0; call && i < call->leg_count; i++) {
		const struct leg *leg = &call->leg[i];

		json_text_open(out, NULL, '{');
		tell_place(out, "caller", &leg->caller);
		tell_place(out, "callee", &leg->callee);
		tell_word(out, "call_id", leg->call_id);
		json_text_string(out, "transport", leg->tcp ? "tcp" : "udp");
		json_text_close(out, '}');
	}
	json_text_close(out, ']');
}

/* --- streams ----------------------------------------------------------------------------------*/

/* By codec and loss alone: the delay is not seen, so that it can only be worse. */
static void tell_mos(struct json_text *out, const struct stream *stream)
{
	const struct stream_type *voice = stream_voice(stream);
	const struct emodel_codec *codec = voice ? emodel_codec_find(voice->codec.name) : NULL;

	if (codec)
		json_text_number(out, "mos",
				 emodel_mos(emodel_rating(0, stream_loss_pct(stream), codec)));
	else
		json_text_null(out, "mos");
}

static unsigned most_dscp(const struct stream *stream)
{
	unsigned most = 0;

	for (unsigned i = 1; i < 64; i++)
		if (stream->dscp_packets[i] > stream->dscp_packets[most])
			most = i;
	return most;
}

static void tell_silence(struct json_text *out, const struct stream *stream)
{
	bool known;
	const bool silent = stream_is_silent(&known, stream);

	if (known)
		json_text_boolean(out, "silent", silent);
	else
		json_text_null(out, "silent");
}

static void tell_jitter(struct json_text *out, const struct stream *stream)
{
	if (!stream->jitter_known) {
		json_text_null(out, "jitter_ms");
		return;
	}
	json_text_open(out, "jitter_ms", '{');
	json_text_number(out, "mean", stream->jitter_mean_ms);
	json_text_number(out, "max", stream->jitter_max_ms);
	json_text_close(out, '}');
}

static void tell_first(struct json_text *out, const struct scene *scene,
		       const struct stream *stream)
{
	if (scene->call && scene->call->answered_ns)
		json_text_number(out, "first_s",
				 judge_seconds(stream->first_ns - scene->call->answered_ns));
	else
		json_text_null(out, "first_s");
}

static void tell_ends(struct json_text *out, const struct scene_stream *of)
{
	const struct stream *stream = of->stream;
	char ssrc[16];

	snprintf(ssrc, sizeof ssrc, "0x%08x", stream->ssrc);
	json_text_string(out, "direction", of->way == WAY_OUT ? "out" : "in");
	tell_place(out, "src", &stream->src);
	tell_place(out, "dst", &stream->dst);
	tell_place(out, "via", &stream->via);
	json_text_string(out, "ssrc", ssrc);
}

static void tell_payload(struct json_text *out, const struct stream *stream)
{
	const struct stream_type *voice = stream_voice(stream);

	if (!voice && stream->type_count)
		voice = &stream->type[0];
	tell_word(out, "codec", voice ? voice->codec.name : NULL);
	if (voice)
		json_text_integer(out, "payload_type", voice->payload_type);
	else
		json_text_null(out, "payload_type");
}

static void tell_stream(struct json_text *out, const struct scene *scene,
			const struct scene_stream *of)
{
	const struct stream *stream = of->stream;

	json_text_open(out, NULL, '{');
	tell_ends(out, of);
	tell_payload(out, stream);
	json_text_integer(out, "packets", (int64_t)stream->packets);
	json_text_integer(out, "lost", (int64_t)stream_lost(stream));
	json_text_number(out, "loss_pct", stream_loss_pct(stream));
	json_text_integer(out, "duplicates", (int64_t)stream->duplicates);
	json_text_integer(out, "reordered", (int64_t)stream->reordered);
	tell_jitter(out, stream);
	json_text_number(out, "seconds", judge_seconds(stream->last_ns - stream->first_ns));
	tell_first(out, scene, stream);
	tell_silence(out, stream);
	json_text_integer(out, "dscp", most_dscp(stream));
	tell_mos(out, stream);
	json_text_close(out, '}');
}

static void tell_streams(struct json_text *out, const struct scene *scene)
{
	json_text_open(out, "streams", '[');
	for (size_t i = 0; i < scene->stream_count; i++)
		tell_stream(out, scene, &scene->stream[i]);
	json_text_close(out, ']');
}

/* --- the verdict -------------------------------------------------------------------------------*/

static void tell_way(struct json_text *out, const char *key, const struct way_verdict *way)
{
	json_text_open(out, key, '{');
	json_text_string(out, "state", way_state_text(way->state));
	json_text_string(out, "why", way->why);
	json_text_close(out, '}');
}

static void tell_directions(struct json_text *out, const struct verdict *verdict)
{
	json_text_open(out, "directions", '{');
	tell_way(out, "out", &verdict->way[WAY_OUT]);
	tell_way(out, "in", &verdict->way[WAY_IN]);
	json_text_close(out, '}');
}

static void tell_findings(struct json_text *out, const struct verdict *verdict)
{
	json_text_open(out, "findings", '[');
	for (size_t i = 0; i < verdict->finding_count; i++) {
		json_t *finding = finding_to_json(verdict->finding[i]);

		json_text_tree(out, NULL, finding);
		json_decref(finding);
	}
	json_text_close(out, ']');
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

/* --- who and when ------------------------------------------------------------------------------*/

static void tell_agents(struct json_text *out, const struct sip_call *call)
{
	json_text_open(out, "agents", '{');
	tell_word(out, "caller", call ? call->caller_agent : NULL);
	tell_word(out, "callee", call ? call->callee_agent : NULL);
	json_text_close(out, '}');
}

static void tell_sip(struct json_text *out, const struct scene *scene)
{
	const struct sip_call *call = scene->call;

	json_text_string(out, "call_id", call ? call->call_id : "");
	tell_word(out, "from", call ? call->from : NULL);
	tell_word(out, "to", call ? call->to : NULL);
	tell_moment(out, "started", call_started_ns(scene));
	tell_moment(out, "answered", call ? call->answered_ns : 0);
	tell_moment(out, "ended", call ? call->ended_ns : 0);
	json_text_string(out, "result", result_text(scene));
	if (call && call->status)
		json_text_integer(out, "status", call->status);
	else
		json_text_null(out, "status");
	tell_word(out, "reason", call ? call->reason : NULL);
	tell_legs(out, call);
	tell_agents(out, call);
}

/* --- the messages themselves -------------------------------------------------------------------*/

enum { TRACE_BYTES_MAX = 32 * 1024, TRACE_LINE_MAX = 500 };

/* Line by line, each safe to print: a message from the network never brings a line break of its own
 * into a report. */
static void tell_lines(struct json_text *out, struct slice bytes)
{
	struct slice line;

	json_text_open(out, "lines", '[');
	while (!slice_line(&line, &bytes)) {
		char *safe = text_safe(line.at, line.left, TRACE_LINE_MAX);

		json_text_string(out, NULL, safe);
		free(safe);
	}
	json_text_close(out, ']');
}

/* To the millisecond: who traces a call elsewhere looks for it by that. */
static void tell_exactly(struct json_text *out, const char *key, int64_t ns)
{
	char seconds[CLOCK_TEXT], text[CLOCK_TEXT + 8];

	clock_utc_text(seconds, (time_t)(ns / PACKET_SECOND));
	seconds[strlen(seconds) - 1] = 0; /* its Z */
	snprintf(text, sizeof text, "%s.%03dZ", seconds, (int)(ns % PACKET_SECOND / 1000000));
	json_text_string(out, key, text);
}

static void tell_message(struct json_text *out, const struct kept_message *message)
{
	json_text_open(out, NULL, '{');
	tell_exactly(out, "at", message->ns);
	tell_place(out, "src", &message->src);
	tell_place(out, "dst", &message->dst);
	tell_lines(out, message->bytes);
	json_text_close(out, '}');
}

/* The first ones, as many as a report wants to carry. */
static void tell_trace(struct json_text *out, const struct sip_call *call)
{
	size_t bytes = 0;

	json_text_open(out, "trace", '[');
	for (size_t i = 0; i < call->message_count; i++) {
		bytes += call->message[i].bytes.left;
		if (bytes > TRACE_BYTES_MAX)
			break;
		tell_message(out, &call->message[i]);
	}
	json_text_close(out, ']');
}

/* --- all of it --------------------------------------------------------------------------------*/

int64_t call_started_ns(const struct scene *scene)
{
	if (scene->call)
		return scene->call->started_ns;
	return scene->stream_count ? scene->stream[0].stream->first_ns : 0;
}

void call_json(struct json_text *out, const struct scene *scene, const struct verdict *verdict)
{
	const bool callee = scene->call && !scene->phone_calls;

	json_text_open(out, NULL, '{');
	tell_sip(out, scene);
	json_text_string(out, "at", vantage_text(scene->at));
	json_text_string(out, "phone", callee ? "callee" : "caller");
	json_text_string(out, "verdict", audio_verdict_text(verdict->audio));
	tell_media(out, scene);
	tell_streams(out, scene);
	tell_directions(out, verdict);
	tell_findings(out, verdict);
	if (scene->traces && scene->call)
		tell_trace(out, scene->call);
	json_text_close(out, '}');
}
