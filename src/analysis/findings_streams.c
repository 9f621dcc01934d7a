/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/intl.h"
#include "analysis/findings.h"

#include "analysis/judge.h"

/* Contract, "Captures, settled". */
static const double loss_risk_pct = 1, loss_fault_pct = 5;
static const double jitter_risk_ms = 30, jitter_fault_ms = 50;
/* In fewer packets a percentage says nothing. */
enum {
	LOST_MIN = 4,
	LOSS_PACKETS_MIN = 50, /* a second's */
	JITTER_PACKETS_MIN = 100,
};

static const char *whose(enum way way)
{
	return way == WAY_OUT ? _("The phone") : _("The far side");
}

static void find_wrong_destination(struct verdict *verdict, const struct scene *scene)
{
	for (enum way way = 0; way < WAYS; way++) {
		const struct way_verdict *judged = &verdict->way[way];
		const struct description *said = scene_last(scene, way_receiver(way));
		char dst[ADDR_TEXT], named[ADDR_TEXT];
		struct finding *finding;

		if (judged->state != STATE_WRONG_ADDRESS)
			continue;
		endpoint_text(dst, &judged->stream->dst);
		finding = findings_add(verdict,
				       judged->to_private ? "rtp-to-private-address"
							  : "rtp-wrong-destination",
				       SEVERITY_FAULT, findings_direction(way));
		/* Who goes wrong here is who named it, else who sends. */
		if (judged->to_private)
			finding->side = way == WAY_IN ? SIDE_PHONE : SIDE_PROVIDER;
		else
			finding->side = way == WAY_OUT ? SIDE_PHONE : SIDE_PROVIDER;
		finding_evidence(finding, _("%s sends %llu RTP packets to %s."), whose(way),
				 (unsigned long long)judged->stream->packets, dst);
		if (said && said->audio && endpoint_is_set(&said->audio->at))
			finding_evidence(finding, _("The other side's last description names %s."),
					 endpoint_text(named, &said->audio->at));
	}
}

static void find_unexpected_source(struct verdict *verdict, const struct scene *scene)
{
	for (size_t i = 0; scene->call && i < scene->stream_count; i++) {
		const struct stream *stream = scene->stream[i].stream;
		const struct description *said = scene_last(scene, PARTY_FAR);
		char src[ADDR_TEXT], named[ADDR_TEXT];
		struct finding *finding;

		if (scene->stream[i].way != WAY_IN || !judge_unexpected(scene, stream, PARTY_FAR))
			continue;
		finding = findings_add(verdict, "rtp-unexpected-source",
				       findings_works(verdict, WAY_IN) ? SEVERITY_NOTE
								       : SEVERITY_RISK,
				       DIRECTION_IN);
		finding_evidence(finding,
				 _("RTP for the phone comes from %s, the far side named %s."),
				 endpoint_text(src, &stream->src),
				 said && said->audio ? endpoint_text(named, &said->audio->at)
						     : _("another"));
		return;
	}
}

/* As the server sees it, and the edge. */
static void find_unexpected_phone(struct verdict *verdict, const struct scene *scene)
{
	const struct description *said = scene_last(scene, PARTY_PHONE);
	const struct stream *stream = verdict->way[WAY_OUT].stream;
	char src[ADDR_TEXT], named[ADDR_TEXT];
	struct finding *finding;

	if (!verdict->way[WAY_IN].unsure || !stream || !said || !said->audio)
		return;
	finding = findings_add(verdict, "rtp-unexpected-source", SEVERITY_RISK, DIRECTION_OUT);
	finding->side = SIDE_PHONE;
	finding_evidence(finding, _("RTP of the phone's comes from %s, the phone named %s."),
			 endpoint_text(src, &stream->src), endpoint_text(named, &said->audio->at));
}

static void find_not_negotiated(struct verdict *verdict, const struct scene *scene)
{
	bool told[WAYS] = { false, false };

	for (size_t i = scene->stream_count; i-- > 0;) {
		const struct scene_stream *stream = &scene->stream[i];
		const struct stream_type *voice = stream_voice(stream->stream);
		struct finding *finding;

		if (told[stream->way] || !judge_not_negotiated(scene, stream))
			continue;
		told[stream->way] = true;
		finding = findings_add(verdict, "codec-not-negotiated",
				       stream->way == WAY_IN ? SEVERITY_FAULT : SEVERITY_RISK,
				       findings_direction(stream->way));
		finding_evidence(
			finding,
			_("%s sends payload type %u (%s), which the other side did not name."),
			whose(stream->way), voice->payload_type,
			*voice->codec.name ? voice->codec.name : _("a codec not known here"));
	}
}

/* Not where a new description came about then: that agreed on it. */
static bool was_renegotiated(const struct scene *scene, const struct stream *stream)
{
	const struct sip_call *call = scene->call;

	for (size_t i = 0; call && i < call->description_count; i++)
		if (call->description[i].changed && call->description[i].ns > scene_begin(scene) &&
		    call->description[i].ns > stream->first_ns &&
		    call->description[i].ns < stream->last_ns)
			return true;
	return false;
}

static void find_codec_change(struct verdict *verdict, const struct scene *scene)
{
	bool told[WAYS] = { false, false };

	for (size_t i = 0; i < scene->stream_count; i++) {
		const struct scene_stream *stream = &scene->stream[i];
		struct finding *finding;

		if (told[stream->way] || !stream->stream->voice_changes ||
		    was_renegotiated(scene, stream->stream))
			continue;
		told[stream->way] = true;
		finding = findings_add(verdict, "codec-changed",
				       findings_works(verdict, stream->way) ? SEVERITY_NOTE
									    : SEVERITY_RISK,
				       findings_direction(stream->way));
		for (size_t k = 0; k < stream->stream->type_count; k++) {
			const struct stream_type *type = &stream->stream->type[k];

			finding_evidence(finding,
					 _("%s sent %llu packets of payload type %u (%s)."),
					 whose(stream->way), (unsigned long long)type->packets,
					 type->payload_type,
					 *type->codec.name ? type->codec.name : _("not known"));
		}
	}
}

/* The phone's packets leave from another address of its own than it announced, so that the answer
 * goes astray. Only at the phone itself no NAT stands between the two. */
static void find_wrong_interface(struct verdict *verdict, const struct scene *scene)
{
	const struct description *said = scene_last(scene, PARTY_PHONE);
	const struct stream *stream = verdict->way[WAY_OUT].stream;
	char named[ADDR_TEXT], used[ADDR_TEXT];
	struct finding *finding;

	if (scene->at != VANTAGE_PHONE || !findings_dead(verdict, WAY_IN) || !stream || !said ||
	    !said->audio || !endpoint_is_set(&said->audio->at) || judge_ice(scene) ||
	    endpoint_is_set(&stream->via))
		return;
	if (endpoint_same_host(&said->audio->at, &stream->src) ||
	    endpoint_is_private(&said->audio->at) != endpoint_is_private(&stream->src))
		return;
	finding = findings_add(verdict, "wrong-interface", SEVERITY_FAULT, DIRECTION_IN);
	finding_evidence(finding, _("The phone announces %s for its voice, but sends from %s."),
			 judge_host_text(named, &said->audio->at),
			 judge_host_text(used, &stream->src));
}

struct way_loss {
	uint64_t expected, lost;
};

static struct way_loss loss_of(const struct scene *scene, enum way way)
{
	struct way_loss loss = { 0, 0 };

	for (size_t i = 0; i < scene->stream_count; i++) {
		if (scene->stream[i].way != way)
			continue;
		loss.expected += scene->stream[i].stream->expected;
		loss.lost += stream_lost(scene->stream[i].stream);
	}
	return loss;
}

static void find_loss(struct verdict *verdict, const struct scene *scene)
{
	for (enum way way = 0; way < WAYS; way++) {
		const struct way_loss loss = loss_of(scene, way);
		const double pct =
			loss.expected ? 100 * (double)loss.lost / (double)loss.expected : 0;
		struct finding *finding;

		if (loss.lost < LOST_MIN || loss.expected < LOSS_PACKETS_MIN ||
		    pct < loss_risk_pct)
			continue;
		finding = findings_add(verdict, "loss-high",
				       pct < loss_fault_pct ? SEVERITY_RISK : SEVERITY_FAULT,
				       findings_direction(way));
		finding->side = SIDE_UNKNOWN;
		finding_evidence(
			finding,
			way == WAY_OUT ? _("%llu of %llu packets from the phone are missing "
					   "here, %.1f %%.")
				       : _("%llu of %llu packets to the phone are missing "
					   "here, %.1f %%."),
			(unsigned long long)loss.lost, (unsigned long long)loss.expected, pct);
	}
}

static void find_jitter(struct verdict *verdict, const struct scene *scene)
{
	for (enum way way = 0; way < WAYS; way++) {
		const struct stream *worst = NULL;
		struct finding *finding;
		double mean;

		for (size_t i = 0; i < scene->stream_count; i++) {
			const struct stream *stream = scene->stream[i].stream;

			if (scene->stream[i].way == way && stream->jitter_known &&
			    stream->packets >= JITTER_PACKETS_MIN &&
			    (!worst ||
			     stream->steady_jitter_mean_ms > worst->steady_jitter_mean_ms))
				worst = stream;
		}
		mean = worst ? worst->steady_jitter_mean_ms : 0;
		if (mean < jitter_risk_ms)
			continue;
		finding = findings_add(verdict, "jitter-high",
				       mean < jitter_fault_ms ? SEVERITY_RISK : SEVERITY_FAULT,
				       findings_direction(way));
		finding->side = SIDE_UNKNOWN;
		finding_evidence(finding,
				 way == WAY_OUT ? _("Packets from the phone have a mean jitter of "
						    "%.1f ms (RFC 3550).")
						: _("Packets to the phone have a mean jitter of "
						    "%.1f ms (RFC 3550)."),
				 mean);
	}
}

void findings_of_streams(struct verdict *verdict, const struct scene *scene)
{
	find_wrong_destination(verdict, scene);
	find_unexpected_source(verdict, scene);
	find_unexpected_phone(verdict, scene);
	find_not_negotiated(verdict, scene);
	find_codec_change(verdict, scene);
	find_wrong_interface(verdict, scene);
	find_loss(verdict, scene);
	find_jitter(verdict, scene);
}
