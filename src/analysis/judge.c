/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/judge.h"

#include <string.h>
#include <strings.h>

#include "base/packet.h"

/* Both ways leave the capture point within so long of the description that sends them elsewhere. */
static const int64_t moving_ns = 3 * (int64_t)PACKET_SECOND;
/* After a new description, media may go the old way for so long. */
static const int64_t settle_ns = 2 * (int64_t)PACKET_SECOND;
/* Who goes on as before for longer has not heard of what changed: a hold, another port of a NAT. */
static const int64_t ignored_ns = 4 * (int64_t)PACKET_SECOND;
/* Media that ends so long before the call is missed by people; a shorter pause may be the end of
 * the call itself, or nobody speaking (DTX). */
static const int64_t stop_ns = 8 * (int64_t)PACKET_SECOND;
/* A longer gap without loss is a pause that was not sent, and then others may be long. */
static const int64_t pause_ns = PACKET_SECOND / 2, long_pause_ns = 30 * (int64_t)PACKET_SECOND;
/* A machine that refuses packets of a call for less may just have hung up. */
static const int64_t refusing_ns = 2 * (int64_t)PACKET_SECOND;
enum { REFUSALS_MIN = 3, STOP_GAPS = 3 };
/* With fewer messages of one side the other's may have been cut off with the capture. */
enum { SIP_MIN = 2 };

double judge_seconds(int64_t ns)
{
	return (double)ns / PACKET_SECOND;
}

const char *judge_host_text(char text[static ADDR_TEXT], const struct endpoint *at)
{
	const struct addr addr = endpoint_to_addr(at);

	return addr_host_text(text, &addr);
}

/* --- what was agreed ---------------------------------------------------------------------------*/

const struct sdp_media *judge_last_audio(const struct scene *scene, enum party party)
{
	const struct description *last = scene_last(scene, party);

	return last ? last->audio : NULL;
}

bool judge_direction(enum sdp_direction *out, const struct scene *scene, enum party party)
{
	const struct sdp_media *audio = judge_last_audio(scene, party);

	if (!audio)
		return false;
	*out = audio->direction;
	return true;
}

/* RFC 3264, 8.4: how hold was said before there were directions. With ICE it says that the address
 * is still to be found (RFC 8840). */
static bool is_nowhere(const struct sdp_media *audio)
{
	if (audio->ice)
		return false;
	return !strcmp(audio->host, "0.0.0.0") || !strcmp(audio->host, "::");
}

static bool wants(const struct sdp_media *audio, bool to_send)
{
	if (!audio)
		return true;
	if (!audio->at.port || audio->direction == SDP_INACTIVE)
		return false;
	if (to_send)
		return audio->direction != SDP_RECVONLY;
	return audio->direction != SDP_SENDONLY && !is_nowhere(audio);
}

/* Said, and without audio: a fax (T.38) or video alone. */
static bool has_no_audio(const struct scene *scene, enum party party)
{
	const struct description *last = scene_last(scene, party);

	return last && !last->audio;
}

bool judge_due(const struct scene *scene, enum way way)
{
	return !has_no_audio(scene, PARTY_PHONE) && !has_no_audio(scene, PARTY_FAR) &&
	       wants(judge_last_audio(scene, way_sender(way)), true) &&
	       wants(judge_last_audio(scene, way_receiver(way)), false);
}

/* A side that was only to send from the beginning (an announcement) does not hold. */
static bool wanted_before(const struct sip_call *call, const struct description *until)
{
	for (size_t i = 0; i < call->description_count; i++) {
		const struct description *said = &call->description[i];

		if (said != until && said->from_caller == until->from_caller && said->audio &&
		    said->ns <= until->ns && wants(said->audio, false))
			return true;
	}
	return false;
}

static bool tells_hold(const struct sip_call *call, const struct description *said)
{
	if (!said || !said->audio || !said->audio->at.port)
		return false;
	if (said->audio->direction == SDP_INACTIVE || is_nowhere(said->audio))
		return true;
	return said->audio->direction == SDP_SENDONLY && wanted_before(call, said);
}

/* Nobody agreed to that hold, and voice still goes both ways long after it. */
static bool is_passed_over(const struct scene *scene, const struct description *said)
{
	bool goes_on[WAYS] = { false, false };

	for (size_t i = 0; i < scene->stream_count; i++)
		if (scene->stream[i].stream->last_ns - said->ns > ignored_ns)
			goes_on[scene->stream[i].way] = true;
	return said->pending && goes_on[WAY_OUT] && goes_on[WAY_IN];
}

static bool holds(const struct scene *scene, enum party party)
{
	const struct description *last = scene_last(scene, party);

	return tells_hold(scene->call, last) && !is_passed_over(scene, last);
}

bool judge_held(const struct scene *scene)
{
	return scene_answered(scene) && (holds(scene, PARTY_PHONE) || holds(scene, PARTY_FAR));
}

/* Who is held may answer alike (inactive), so it takes an offer since that side last wanted voice.
 */
static bool holds_by_itself(const struct scene *scene, enum party party)
{
	const struct description *last = scene_last(scene, party);
	bool itself = false;

	for (size_t i = 0; holds(scene, party) && i < scene->call->description_count; i++) {
		const struct description *said = &scene->call->description[i];

		if (said->from_caller == last->from_caller && said->audio && !said->failed)
			itself = tells_hold(scene->call, said) && (itself || !said->answer);
	}
	return itself;
}

bool judge_holder(enum party *out, const struct scene *scene)
{
	const bool phone = holds_by_itself(scene, PARTY_PHONE);

	*out = phone ? PARTY_PHONE : PARTY_FAR;
	return judge_held(scene) && phone != holds_by_itself(scene, PARTY_FAR);
}

static bool has_candidates(const struct sdp_media *audio)
{
	return audio && audio->ice && audio->candidate_count;
}

bool judge_ice(const struct scene *scene)
{
	return has_candidates(judge_last_audio(scene, PARTY_PHONE)) &&
	       has_candidates(judge_last_audio(scene, PARTY_FAR));
}

/* --- what the capture point shows --------------------------------------------------------------*/

static bool is_private_media(const struct sdp_media *audio)
{
	return audio && endpoint_is_private(&audio->at);
}

/* The server's media is where its SIP is; else media may go past it. */
static bool is_with_sip(const struct description *said)
{
	return said && said->audio && endpoint_same_host(&said->audio->at, &said->sender);
}

/* ICE that nobody sees: through a relay by TLS, say. */
static bool may_be_tunnelled(const struct scene *scene)
{
	const struct sdp_media *audio = judge_last_audio(scene, PARTY_PHONE);

	for (size_t i = 0; judge_ice(scene) && i < audio->candidate_count; i++)
		if (!strcmp(audio->candidate[i].type, "relay"))
			return true;
	return false;
}

bool judge_point_shows(const struct scene *scene)
{
	if (scene->stream_count || scene->ice.asked)
		return true;
	if (!scene->at_told)
		return false;
	switch (scene->at) {
	case VANTAGE_PHONE: return !may_be_tunnelled(scene);
	case VANTAGE_INSIDE:
	case VANTAGE_OUTSIDE:
		/* Two phones of one site speak past its edge. */
		return judge_last_audio(scene, PARTY_FAR) &&
		       !is_private_media(judge_last_audio(scene, PARTY_FAR));
	case VANTAGE_SERVER: return is_with_sip(scene_last(scene, PARTY_FAR));
	default: return false;
	}
}

bool judge_blind(const struct scene *scene, enum way way)
{
	const struct sip_call *call = scene->call;
	unsigned of_sender, of_other;

	if (!call || !scene_answered(scene))
		return false;
	of_sender = call->sip_of_callee;
	of_other = call->sip_of_caller;
	if ((way == WAY_OUT) == scene->phone_calls) {
		of_sender = call->sip_of_caller;
		of_other = call->sip_of_callee;
	}
	return !of_sender && of_other >= SIP_MIN;
}

/* --- where a stream goes -----------------------------------------------------------------------*/

/* Something came from there, to anybody of the sender's side, at or after that time. */
static bool is_source(const struct scene *scene, enum way way, const struct endpoint *at,
		      bool host_alone, int64_t since_ns)
{
	for (size_t i = 0; i < scene->stream_count; i++) {
		const struct scene_stream *other = &scene->stream[i];

		if (other->way == way_other(way) && other->stream->last_ns >= since_ns &&
		    (host_alone ? endpoint_same_host(&other->stream->src, at)
				: endpoint_equal(&other->stream->src, at)))
			return true;
	}
	return false;
}

/* Named by its receiver in a description that held while the stream's end had time to follow it. */
static bool is_named(const struct scene *scene, enum party party, const struct endpoint *at,
		     int64_t since_ns)
{
	const struct sip_call *call = scene->call;

	for (size_t i = 0; i < call->description_count; i++) {
		const struct description *said = &call->description[i];

		if (said->audio && said->ns >= since_ns &&
		    said->from_caller == ((party == PARTY_PHONE) == scene->phone_calls) &&
		    endpoint_equal(&said->audio->at, at))
			return true;
	}
	return false;
}

/* A private address can be reached inside of its own network alone: where its owner speaks SIP from
 * a public one, nothing gets there, unless something comes from there too. */
static bool is_lost_in_private(const struct scene *scene, enum way way, const struct endpoint *dst,
			       const struct description *said)
{
	return endpoint_is_private(dst) && !endpoint_is_private(&said->sender) &&
	       !is_source(scene, way, dst, true, INT64_MIN);
}

/* The host is right as far as can be seen here: a NAT in between hides what was named. */
static bool is_translated(const struct scene *scene, enum way way, const struct endpoint *dst,
			  const struct description *said, int64_t since_ns)
{
	return !endpoint_same_host(&said->audio->at, dst) &&
	       (endpoint_same_host(&said->sender, dst) ||
		is_source(scene, way, dst, true, since_ns));
}

bool judge_goes_wrong(bool *to_private, const struct scene *scene, const struct scene_stream *of)
{
	const struct stream *stream = of->stream;
	const enum party receiver = way_receiver(of->way);
	const struct description *said;
	int64_t since_ns;

	*to_private = false;
	if (!scene->call || stream->packets < JUDGE_PACKETS_MIN || endpoint_is_set(&stream->via) ||
	    judge_ice(scene))
		return false;
	said = scene_said(scene, receiver, stream->last_ns - settle_ns);
	since_ns = said ? said->ns : INT64_MIN;
	if (!said)
		said = scene_said(scene, receiver, stream->last_ns);
	if (!said || !said->audio || !endpoint_is_set(&said->audio->at))
		return false;
	*to_private = is_lost_in_private(scene, of->way, &stream->dst, said);
	if (*to_private)
		return true;
	return !is_named(scene, receiver, &stream->dst, since_ns) &&
	       !is_source(scene, of->way, &stream->dst, false, since_ns) &&
	       !is_translated(scene, of->way, &stream->dst, said, since_ns);
}

/* Another host than its sender named; which port is left to NATs. Where a private address meets a
 * public one, a NAT stands between, and with ICE and relays other addresses are as it should be. */
bool judge_unexpected(const struct scene *scene, const struct stream *stream, enum party sender)
{
	const struct sip_call *call = scene->call;
	struct endpoint host = stream->src;
	bool said = false;

	host.port = 0;
	if (stream->packets < JUDGE_PACKETS_MIN || endpoint_is_set(&stream->via) ||
	    judge_ice(scene) || scene_names(scene, sender, &host))
		return false;
	for (size_t i = 0; i < call->description_count; i++) {
		const struct description *at = &call->description[i];

		if (at->from_caller != ((sender == PARTY_PHONE) == scene->phone_calls) ||
		    !at->audio || !endpoint_is_set(&at->audio->at))
			continue;
		said = true;
		if (endpoint_is_private(&at->audio->at) != endpoint_is_private(&host) ||
		    (endpoint_is_private(&at->audio->at) && !endpoint_is_private(&at->sender)))
			return false;
	}
	return said;
}

/* Where the server or the site's edge sees the phone's SIP and voice come from one public host, and
 * the phone named another, nothing tells that what is sent there arrives. */
bool judge_unsure_address(const struct scene *scene, const struct stream *to)
{
	const struct description *said = scene_last(scene, PARTY_PHONE);
	bool any = false;

	if (!scene->at_told || (scene->at != VANTAGE_OUTSIDE && scene->at != VANTAGE_SERVER) ||
	    !said || !said->audio || !endpoint_same_host(&said->audio->at, &to->dst) ||
	    endpoint_same_host(&said->sender, &to->dst))
		return false;
	for (size_t i = 0; i < scene->stream_count; i++) {
		if (scene->stream[i].way != WAY_OUT)
			continue;
		if (!judge_unexpected(scene, scene->stream[i].stream, PARTY_PHONE))
			return false;
		any = true;
	}
	return any;
}

bool judge_unsure_port(const struct scene *scene, const struct stream *to)
{
	const int64_t since_ns = to->last_ns - ignored_ns;

	return scene->call && scene_last(scene, PARTY_PHONE) && !endpoint_is_set(&to->via) &&
	       !judge_ice(scene) && !scene_names(scene, PARTY_PHONE, &to->dst) &&
	       is_source(scene, WAY_IN, &to->dst, true, since_ns) &&
	       !is_source(scene, WAY_IN, &to->dst, false, since_ns);
}

/* --- how it ends ------------------------------------------------------------------------------*/

const struct refused *judge_refused(const struct scene *scene, const struct stream *stream)
{
	const struct refused *refused =
		scene->refusals ? refusals_find(scene->refusals, &stream->src, &stream->dst) : NULL;

	if (!refused || refused->count < REFUSALS_MIN || !scene->call)
		return NULL;
	if (refused->last_ns < stream->first_ns ||
	    refused->last_ns + 2 * refusing_ns < stream->last_ns ||
	    scene_end(scene) - refused->first_ns < refusing_ns)
		return NULL;
	return refused;
}

static bool ends_in_comfort_noise(const struct stream *stream)
{
	for (size_t i = 0; i < stream->type_count; i++)
		if (!strcasecmp(stream->type[i].codec.name, "CN") &&
		    stream->type[i].last_ns == stream->last_ns)
			return true;
	return false;
}

/* Media was due since then at the earliest: a call that was just taken back from hold is silent for
 * a moment. */
static int64_t due_since(const struct scene *scene)
{
	const struct description *one = scene_last(scene, PARTY_PHONE);
	const struct description *other = scene_last(scene, PARTY_FAR);
	int64_t since = one ? one->ns : INT64_MIN;

	return other && other->ns > since ? other->ns : since;
}

/* The longest gap is as long as the packets that are missing take. */
static bool is_gap_of_loss(const struct stream *stream)
{
	const double packet_ns = stream->expected ? (double)(stream->last_ns - stream->first_ns) /
							    (double)stream->expected
						  : 0;

	return (double)stream_lost(stream) * packet_ns >= (double)stream->longest_gap_ns / 2;
}

/* So long may a pause be where silence is not sent: as the stream's own show, or as codecs do that
 * send nothing at all meanwhile. */
static int64_t patience_of(const struct stream *stream)
{
	static const char *const pausing[] = { "G729", "G723" };
	const struct stream_type *voice = stream_voice(stream);

	for (size_t i = 0; voice && i < sizeof pausing / sizeof *pausing; i++)
		if (!strcasecmp(voice->codec.name, pausing[i]))
			return long_pause_ns;
	if (stream->longest_gap_ns > pause_ns && !is_gap_of_loss(stream))
		return long_pause_ns > STOP_GAPS * stream->longest_gap_ns
			       ? long_pause_ns
			       : STOP_GAPS * stream->longest_gap_ns;
	return stop_ns;
}

bool judge_stopped(const struct scene *scene, const struct stream *stream)
{
	const int64_t since = due_since(scene);
	const int64_t tail_ns =
		scene_end(scene) - (since > stream->last_ns ? since : stream->last_ns);

	return scene->call && tail_ns > patience_of(stream) && !ends_in_comfort_noise(stream);
}

/* A new address, about when the stream ended. */
static bool moved_then(const struct scene *scene, const struct stream *stream)
{
	const struct sip_call *call = scene->call;

	for (size_t i = 0; i < call->description_count; i++) {
		const struct description *said = &call->description[i];
		const int64_t apart_ns = said->ns - stream->last_ns;

		if (said->changed && said->audio && !said->failed && apart_ns > -moving_ns &&
		    apart_ns < moving_ns && said->ns > scene_begin(scene) &&
		    !endpoint_same_host(&said->audio->at, &stream->src) &&
		    !endpoint_same_host(&said->audio->at, &stream->dst))
			return true;
	}
	return false;
}

/* At the phone itself it would still be seen. */
bool judge_moved_away(const struct scene *scene, const struct stream *stream)
{
	if (scene->at_told && scene->at == VANTAGE_PHONE)
		return false;
	for (size_t i = 0; i < scene->stream_count; i++)
		if (scene->stream[i].stream->last_ns - stream->last_ns > moving_ns)
			return false;
	return moved_then(scene, stream);
}
