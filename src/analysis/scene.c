/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/scene.h"

#include <stdlib.h>

#include "analysis/named.h"
#include "base/mem.h"

/* Media may come before the message that announces it, or go on a little behind the end. */
static const int64_t early_ns = 5 * (int64_t)PACKET_SECOND, late_ns = PACKET_SECOND;
/* How near the end of a call without description its streams must end to be taken for its own. */
static const int64_t near_ns = 2 * (int64_t)PACKET_SECOND;

/* --- what was said -----------------------------------------------------------------------------*/

static bool is_caller(const struct scene *scene, enum party party)
{
	return (party == PARTY_PHONE) == scene->phone_calls;
}

/* Something of the call was seen last: RTP or SIP. */
static int64_t last_sign(const struct scene *scene)
{
	const struct sip_call *call = scene->call;
	int64_t last = call && call->message_count ? call->message[call->message_count - 1].ns : 0;

	for (size_t i = 0; i < scene->stream_count; i++)
		if (scene->stream[i].stream->last_ns > last)
			last = scene->stream[i].stream->last_ns;
	return last;
}

/* Where no end was seen, and nothing else for long, it ended unseen. */
int64_t scene_end(const struct scene *scene)
{
	const int64_t last = scene->stream_count ? last_sign(scene) : 0;

	if (scene->call && scene->call->ended_ns)
		return scene->call->ended_ns;
	return last ? last : scene->capture_ns;
}

int64_t scene_begin(const struct scene *scene)
{
	const int64_t heard =
		scene->stream_count ? scene->stream[0].stream->first_ns : scene->capture_ns;

	if (!scene->call)
		return heard;
	if (scene->call->answered_ns)
		return scene->call->answered_ns;
	/* Its voice may be all that was seen of its beginning. */
	return scene->call->begun_before && heard < scene->call->started_ns
		       ? heard
		       : scene->call->started_ns;
}

bool scene_answered(const struct scene *scene)
{
	const struct sip_call *call = scene->call;

	return call && (call->answered_ns || call->end == CALL_ANSWERED ||
			(call->begun_before && call->end == CALL_UNFINISHED));
}

const struct description *scene_said(const struct scene *scene, enum party party, int64_t ns)
{
	return scene->call ? sip_call_description(scene->call, is_caller(scene, party), ns) : NULL;
}

const struct description *scene_last(const struct scene *scene, enum party party)
{
	return scene_said(scene, party, scene_end(scene));
}

static bool matches(const struct endpoint *named, const struct endpoint *at)
{
	return at->port ? endpoint_equal(named, at) : endpoint_same_host(named, at);
}

static bool media_names(const struct sdp_media *media, const struct endpoint *at)
{
	if (!media)
		return false;
	if (media->at.port && matches(&media->at, at))
		return true;
	for (size_t i = 0; i < media->candidate_count; i++)
		if (matches(&media->candidate[i].at, at))
			return true;
	return false;
}

bool scene_names(const struct scene *scene, enum party party, const struct endpoint *at)
{
	for (size_t i = 0; scene->call && i < scene->call->description_count; i++) {
		const struct description *description = &scene->call->description[i];

		if (description->from_caller == is_caller(scene, party) &&
		    media_names(description->audio, at))
			return true;
	}
	return false;
}

/* --- whose side is the phone's -----------------------------------------------------------------*/

/* 1: the caller's side has it, -1: the callee's, 0: both or neither. */
static int which(bool caller, bool callee)
{
	return (int)caller - (int)callee;
}

static int side_with_host(const struct sip_call *call, const struct endpoint *phone)
{
	struct scene as_caller = { .call = call, .phone_calls = true };
	struct endpoint host = *phone;
	bool caller = false, callee = false;

	host.port = 0;
	for (size_t i = 0; i < call->leg_count; i++) {
		caller |= endpoint_same_host(&call->leg[i].caller, phone);
		callee |= endpoint_same_host(&call->leg[i].callee, phone);
	}
	if (which(caller, callee))
		return which(caller, callee);
	return which(scene_names(&as_caller, PARTY_PHONE, &host),
		     scene_names(&as_caller, PARTY_FAR, &host));
}

static bool says_anything(const struct sip_call *call, bool from_caller)
{
	for (size_t i = 0; i < call->description_count; i++)
		if (call->description[i].from_caller == from_caller && call->description[i].audio)
			return true;
	return false;
}

static bool says_private(const struct sip_call *call, bool from_caller)
{
	for (size_t i = 0; i < call->description_count; i++)
		if (call->description[i].from_caller == from_caller && call->description[i].audio &&
		    endpoint_is_private(&call->description[i].audio->at))
			return true;
	return false;
}

/* The private side: by where SIP comes from, else (outside of a NAT) by what both of them say. In
 * one private network a description with another address (by STUN, of a VPN) tells nothing. */
static int private_side(const struct sip_call *call)
{
	bool caller = false, callee = false;

	if (call->leg_count) {
		caller = endpoint_is_private(&call->leg[0].caller);
		callee = endpoint_is_private(&call->leg[call->leg_count - 1].callee);
	}
	if (caller || callee || !says_anything(call, true) || !says_anything(call, false))
		return which(caller, callee);
	return which(says_private(call, true), says_private(call, false));
}

static bool phone_is_caller(const struct sip_call *call, const struct analysis_options *options)
{
	const struct analysis_elsewhere *elsewhere = options->elsewhere;
	int side = endpoint_is_set(&options->phone) ? side_with_host(call, &options->phone) : 0;

	if (!side)
		side = private_side(call);
	if (!side && elsewhere)
		side = elsewhere->phone_calls(call->call_id, elsewhere->context);
	return side >= 0;
}

/* --- which streams -----------------------------------------------------------------------------*/

struct gathering {
	struct scene *scene;
	size_t room;
	struct streams *streams;
	int64_t from_ns, to_ns;
	const struct endpoint *src, *dst; /* only between these; NULL: any */
};

static bool has(const struct scene *scene, const struct stream *stream)
{
	for (size_t i = 0; i < scene->stream_count; i++)
		if (scene->stream[i].stream == stream)
			return true;
	return false;
}

/* What another call has claimed must have begun within this one. */
static bool in_time(const struct gathering *gathering, const struct stream *stream)
{
	const int64_t early = stream->notes.claimed ? 0 : early_ns;
	const bool began_before = gathering->scene->call && gathering->scene->call->begun_before;

	return stream->first_ns <= gathering->to_ns &&
	       stream->last_ns >= gathering->from_ns - early &&
	       (began_before || stream->first_ns >= gathering->from_ns - early);
}

static bool is_beside_type(const struct description *said, unsigned type)
{
	return said->beside_types[type / 64 & 1] >> type % 64 & 1;
}

/* All of its types are what the receiver named for other media. Audio and video may share a port
 * (BUNDLE, RFC 9143). */
static bool is_other_media(const struct scene *scene, const struct stream *stream, enum way way)
{
	const struct sip_call *call = scene->call;
	const bool from_caller = is_caller(scene, way_receiver(way));
	size_t beside = 0;

	for (size_t i = 0; call && i < stream->type_count; i++) {
		bool named = false;

		for (size_t k = 0; k < call->description_count; k++) {
			const struct description *said = &call->description[k];

			if (said->from_caller != from_caller)
				continue;
			if (said->audio &&
			    sdp_codec_find(said->audio, stream->type[i].payload_type))
				return false;
			named |= is_beside_type(said, stream->type[i].payload_type);
		}
		beside += named;
	}
	return beside && beside == stream->type_count;
}

/* Of too many, those with the most packets stay. */
static void put_instead(struct scene *scene, struct stream *stream, enum way way)
{
	struct scene_stream *least = scene->stream;

	for (size_t i = 1; i < scene->stream_count; i++)
		if (scene->stream[i].stream->packets < least->stream->packets)
			least = &scene->stream[i];
	if (least->stream->packets < stream->packets)
		*least = (struct scene_stream){ stream, way };
}

static void put(struct gathering *gathering, struct stream *stream, enum way way)
{
	struct scene *scene = gathering->scene;

	if (is_other_media(scene, stream, way)) {
		stream->notes.claimed = true;
		return;
	}
	if (scene->stream_count == SCENE_STREAMS_MAX) {
		put_instead(scene, stream, way);
		return;
	}
	if (scene->stream_count == gathering->room) {
		gathering->room = gathering->room ? gathering->room * 2 : 4;
		scene->stream = mem_resize(scene->stream, gathering->room, sizeof *scene->stream);
	}
	scene->stream[scene->stream_count++] = (struct scene_stream){ stream, way };
}

/* By what the sides named; a relay's or NAT's endpoint that nobody named tells nothing. */
static bool way_by_names(enum way *way, const struct scene *scene, const struct stream *stream)
{
	const struct {
		enum party party;
		const struct endpoint *at;
		enum way way;
	} tests[] = {
		{ PARTY_PHONE, &stream->dst, WAY_IN },
		{ PARTY_FAR, &stream->dst, WAY_OUT },
		{ PARTY_PHONE, &stream->src, WAY_OUT },
		{ PARTY_FAR, &stream->src, WAY_IN },
	};

	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		if (scene_names(scene, tests[i].party, tests[i].at)) {
			*way = tests[i].way;
			return true;
		}
	return false;
}

static bool is_beside(const struct sip_call *call, const struct endpoint *at)
{
	for (size_t i = 0; i < call->description_count; i++)
		for (size_t k = 0; k < DESCRIPTION_BESIDE_MAX; k++)
			if (at->port && endpoint_equal(&call->description[i].beside[k], at))
				return true;
	return false;
}

/* The call's video is no voice, and no call of its own either. */
static void claim_beside(const struct gathering *gathering, struct stream *stream)
{
	const struct sip_call *call = gathering->scene->call;

	if (is_beside(call, &stream->src) || is_beside(call, &stream->dst))
		stream->notes.claimed = true;
}

static bool any_names(const struct scene *scene, const struct endpoint *at)
{
	return scene_names(scene, PARTY_PHONE, at) || scene_names(scene, PARTY_FAR, at);
}

static bool said_since(const struct sip_call *call, int64_t ns)
{
	return call->description_count && call->description[call->description_count - 1].ns >= ns;
}

/* A later call named both its ends, with the same port of the phone's (a transfer). Where this one
 * named both too, and has said so since the other began (the legs of an agent that voice goes
 * past), it has what began until its end; else it had ended unseen. */
static bool is_anothers(const struct gathering *gathering, const struct stream *stream)
{
	const struct scene *scene = gathering->scene;
	const struct sip_call *call = scene->call;
	int64_t began_ns;
	const void *owner = streams_owner(&began_ns, gathering->streams, stream);

	if (!call || !owner || owner == call)
		return false;
	if (call->ended_ns && stream->first_ns > call->ended_ns)
		return true;
	return stream->first_ns >= began_ns && says_anything(call, true) &&
	       says_anything(call, false) &&
	       !(said_since(call, began_ns) && any_names(scene, &stream->src) &&
		 any_names(scene, &stream->dst));
}

static void take_named(struct stream *stream, void *context)
{
	struct gathering *gathering = context;
	enum way way;

	if (!in_time(gathering, stream) || has(gathering->scene, stream) ||
	    is_anothers(gathering, stream))
		return;
	if (way_by_names(&way, gathering->scene, stream))
		put(gathering, stream, way);
	else
		claim_beside(gathering, stream);
}

/* Each endpoint is asked for once, however often it was named. */
static void gather_named(struct gathering *gathering, struct streams *streams)
{
	struct named named = { 0 };

	named_add_call(&named, gathering->scene->call);
	named_sort(&named);
	for (size_t i = 0; i < named.count; i++)
		streams_with(streams, &named.at[i], take_named, gathering);
	named_clear(&named);
}

struct reversing {
	struct gathering *gathering;
	struct scene_stream of;
};

static void take_reverse(struct stream *stream, void *context)
{
	const struct reversing *reversing = context;
	const struct stream *of = reversing->of.stream;

	if (endpoint_equal(&stream->src, &of->dst) && endpoint_equal(&stream->dst, &of->src) &&
	    in_time(reversing->gathering, stream) && !has(reversing->gathering->scene, stream) &&
	    !is_anothers(reversing->gathering, stream) &&
	    (reversing->gathering->scene->call || !stream->notes.claimed))
		put(reversing->gathering, stream, way_other(reversing->of.way));
}

static void gather_reverse(struct gathering *gathering, struct streams *streams)
{
	for (size_t i = 0; i < gathering->scene->stream_count; i++) {
		struct reversing reversing = { gathering, gathering->scene->stream[i] };

		streams_with(streams, &reversing.of.stream->dst, take_reverse, &reversing);
	}
}

/* --- a call without description ----------------------------------------------------------------*/

static bool ends_with(const struct scene *scene, const struct stream *stream)
{
	const int64_t apart = scene_end(scene) - stream->last_ns;

	return apart < near_ns && apart > -near_ns;
}

static void take_between_hosts(struct stream *stream, void *context)
{
	struct gathering *gathering = context;
	const bool forth = endpoint_same_host(&stream->src, gathering->src) &&
			   endpoint_same_host(&stream->dst, gathering->dst);
	const bool back = endpoint_same_host(&stream->src, gathering->dst) &&
			  endpoint_same_host(&stream->dst, gathering->src);

	if ((forth || back) && !stream->notes.claimed && in_time(gathering, stream) &&
	    ends_with(gathering->scene, stream))
		put(gathering, stream, forth == gathering->scene->phone_calls ? WAY_OUT : WAY_IN);
}

/* Two calls between the same hosts that end together cannot be told apart: neither gets any. */
static void gather_between_hosts(struct gathering *gathering, struct streams *streams)
{
	struct scene *scene = gathering->scene;
	const struct sip_call *call = scene->call;
	struct endpoint host;
	size_t out = 0;

	if (!call->leg_count)
		return;
	gathering->src = &call->leg[0].caller;
	gathering->dst = &call->leg[call->leg_count - 1].callee;
	host = *gathering->src;
	host.port = 0;
	streams_with(streams, &host, take_between_hosts, gathering);
	for (size_t i = 0; i < scene->stream_count; i++)
		out += scene->stream[i].way == WAY_OUT;
	if (out > 1 || scene->stream_count - out > 1)
		scene->stream_count = 0;
}

static bool has_endpoint(const struct sip_call *call)
{
	for (size_t i = 0; i < call->description_count; i++)
		if (call->description[i].audio && call->description[i].audio->at.port)
			return true;
	return false;
}

/* --- all of it --------------------------------------------------------------------------------*/

static int by_time(const void *a, const void *b)
{
	const struct scene_stream *one = a, *other = b;

	if (one->stream->first_ns != other->stream->first_ns)
		return one->stream->first_ns < other->stream->first_ns ? -1 : 1;
	return one->stream->number < other->stream->number ? -1 : 1;
}

static void sort_streams(struct scene *scene)
{
	if (scene->stream_count)
		qsort(scene->stream, scene->stream_count, sizeof *scene->stream, by_time);
}

/* Where SIP or media of a private and a public host meet, the capture is inside of the NAT; where a
 * public host speaks of a private address, outside. Whether at the phone or at the edge, nothing
 * tells. */
static enum vantage work_out(const struct sip_call *call)
{
	for (size_t i = 0; i < call->leg_count; i++)
		if (endpoint_is_private(&call->leg[i].caller) !=
		    endpoint_is_private(&call->leg[i].callee))
			return VANTAGE_INSIDE;
	for (size_t i = 0; i < call->leg_count; i++)
		if (endpoint_is_private(&call->leg[i].caller))
			return VANTAGE_UNKNOWN;
	return says_private(call, true) != says_private(call, false) ? VANTAGE_OUTSIDE
								     : VANTAGE_UNKNOWN;
}

/* The phone is a program on the computer that captures. */
static bool is_here(const struct scene *scene, const struct endpoint *here)
{
	const struct sip_call *call = scene->call;

	return endpoint_is_set(here) && call && call->leg_count &&
	       endpoint_same_host(here, scene->phone_calls
						? &call->leg[0].caller
						: &call->leg[call->leg_count - 1].callee);
}

static void set_vantage(struct scene *scene, const struct analysis_options *options)
{
	scene->at_told = options->at != VANTAGE_UNKNOWN;
	scene->at = scene->at_told ? options->at : scene->call ? work_out(scene->call) : scene->at;
	if (!scene->at_told && is_here(scene, &options->here)) {
		scene->at = VANTAGE_PHONE;
		scene->at_told = true;
	}
}

void scene_of_call(struct scene *scene, const struct sip_call *call, struct streams *streams,
		   const struct analysis_options *options)
{
	struct gathering gathering = { .scene = scene, .streams = streams };

	scene->call = call;
	scene->phone_calls = phone_is_caller(call, options);
	gathering.from_ns = call->started_ns;
	gathering.to_ns = call->ended_ns ? call->ended_ns + late_ns : INT64_MAX;
	if (has_endpoint(call)) {
		gather_named(&gathering, streams);
		gather_reverse(&gathering, streams);
	} else if (scene_answered(scene))
		gather_between_hosts(&gathering, streams);
	sort_streams(scene);
	set_vantage(scene, options);
}

/* The phone's side of a lone stream is its sender where nothing tells otherwise. */
static enum way lone_way(const struct stream *stream, const struct analysis_options *options)
{
	const struct analysis_elsewhere *elsewhere = options->elsewhere;
	const struct endpoint *phone = &options->phone;
	int side = 0;

	if (endpoint_is_set(phone))
		side = which(endpoint_same_host(&stream->src, phone),
			     endpoint_same_host(&stream->dst, phone));
	if (!side)
		side = which(endpoint_is_private(&stream->src), endpoint_is_private(&stream->dst));
	if (!side && elsewhere)
		side = elsewhere->comes_from_phone(stream->ssrc, elsewhere->context);
	return side >= 0 ? WAY_OUT : WAY_IN;
}

void scene_of_stream(struct scene *scene, struct stream *stream, struct streams *streams,
		     const struct analysis_options *options)
{
	struct gathering gathering = {
		.scene = scene, .streams = streams, .from_ns = INT64_MIN / 2, .to_ns = INT64_MAX
	};

	put(&gathering, stream, lone_way(stream, options));
	gather_reverse(&gathering, streams);
	sort_streams(scene);
	set_vantage(scene, options);
}

void scene_clear(struct scene *scene)
{
	free(scene->stream);
	scene->stream = NULL;
	scene->stream_count = 0;
}
