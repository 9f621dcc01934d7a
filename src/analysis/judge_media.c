/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call's media carry, and whether both sides agree on it. */
#include <string.h>
#include <strings.h>

#include "analysis/judge.h"

/* "RTP/SAVP", "UDP/TLS/RTP/SAVPF": not offered as a choice, but demanded. */
static bool demands_srtp(const struct sdp_media *audio)
{
	return strstr(audio->proto, "SAVP") != NULL;
}

static bool any_scrambled(const struct scene *scene)
{
	for (size_t i = 0; i < scene->stream_count; i++)
		if (scene->stream[i].stream->scrambled &&
		    scene->stream[i].stream->packets >= JUDGE_PACKETS_MIN)
			return true;
	return false;
}

static bool srtp_differs(const struct scene *scene, const struct media_pair *pair)
{
	const struct sdp_media *one = pair->of[PARTY_PHONE], *other = pair->of[PARTY_FAR];

	if (!one->at.port || !other->at.port ||
	    (one->srtp == SDP_SRTP_NONE) == (other->srtp == SDP_SRTP_NONE))
		return false;
	if (one->srtp == SDP_SRTP_NONE) {
		const struct sdp_media *swap = one;

		one = other;
		other = swap;
	}
	return (demands_srtp(one) && !demands_srtp(other)) || any_scrambled(scene);
}

/* What both said over one leg at last; a relay may agree on something else with each of them. */
static bool pair_on(struct media_pair *pair, const struct scene *scene, unsigned leg)
{
	for (enum party party = PARTY_PHONE; party <= PARTY_FAR; party++) {
		const struct description *said = sip_call_description_on(
			scene->call, leg, (party == PARTY_PHONE) == scene->phone_calls,
			scene_end(scene));

		if (!said || !said->audio)
			return false;
		pair->of[party] = said->audio;
	}
	return true;
}

/* The first leg on which they differ. Where none shows both sides, their last ones of all. */
static bool any_pair(struct media_pair *pair, const struct scene *scene,
		     bool (*differs)(const struct scene *scene, const struct media_pair *pair))
{
	bool any = false;

	if (!scene_answered(scene))
		return false;
	for (unsigned leg = 0; leg < scene->call->leg_count; leg++) {
		if (!pair_on(pair, scene, leg))
			continue;
		if (differs(scene, pair))
			return true;
		any = true;
	}
	pair->of[PARTY_PHONE] = judge_last_audio(scene, PARTY_PHONE);
	pair->of[PARTY_FAR] = judge_last_audio(scene, PARTY_FAR);
	return !any && pair->of[PARTY_PHONE] && pair->of[PARTY_FAR] && differs(scene, pair);
}

bool judge_srtp_differs(struct media_pair *pair, const struct scene *scene)
{
	return any_pair(pair, scene, srtp_differs);
}

static bool is_voice(const struct sdp_codec *codec)
{
	return strcasecmp(codec->name, "telephone-event") != 0 &&
	       strcasecmp(codec->name, "CN") != 0;
}

/* RFC 3551, 6: below it a number has one meaning, whatever name is written beside it ("G729A"). */
enum { FIRST_DYNAMIC = 96 };

static bool is_same_codec(const struct sdp_codec *one, const struct sdp_codec *other)
{
	if (one->payload_type == other->payload_type &&
	    (one->payload_type < FIRST_DYNAMIC || !*one->name || !*other->name))
		return true;
	return *one->name && !strcasecmp(one->name, other->name) && one->clock == other->clock;
}

static bool names_codec(const struct sdp_media *media, const struct sdp_codec *codec)
{
	for (size_t i = 0; i < media->codec_count; i++)
		if (is_same_codec(&media->codec[i], codec))
			return true;
	return false;
}

static const struct description *newest(const struct sip_call *call)
{
	return call->description_count ? &call->description[call->description_count - 1] : NULL;
}

static bool no_common_codec(const struct scene *scene, const struct media_pair *pair)
{
	const struct sdp_media *one = pair->of[PARTY_PHONE], *other = pair->of[PARTY_FAR];

	(void)scene;
	if (!one->codec_count || !other->codec_count || !one->at.port || !other->at.port)
		return false;
	for (size_t i = 0; i < one->codec_count; i++)
		if (is_voice(&one->codec[i]) && names_codec(other, &one->codec[i]))
			return false;
	return true;
}

/* An offer that nobody has answered yet says nothing of what is common. */
bool judge_no_common_codec(struct media_pair *pair, const struct scene *scene)
{
	const struct description *last = scene->call ? newest(scene->call) : NULL;

	return last && last->answer && any_pair(pair, scene, no_common_codec);
}

/* Any description of the receiver's will do: which one held for which packet is not sure. */
bool judge_not_negotiated(const struct scene *scene, const struct scene_stream *of)
{
	const struct stream_type *voice = stream_voice(of->stream);
	const bool from_caller = (way_receiver(of->way) == PARTY_PHONE) == scene->phone_calls;
	bool said = false;

	if (!scene->call || !voice || voice->packets < JUDGE_PACKETS_MIN)
		return false;
	for (size_t i = 0; i < scene->call->description_count; i++) {
		const struct description *at = &scene->call->description[i];

		if (at->from_caller != from_caller || !at->audio || !at->audio->codec_count)
			continue;
		said = true;
		if (sdp_codec_find(at->audio, voice->payload_type) ||
		    names_codec(at->audio, &voice->codec))
			return false;
	}
	return said;
}
