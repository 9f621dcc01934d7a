/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/findings.h"

#include <stdlib.h>

#include "analysis/judge.h"
#include "base/intl.h"
#include "base/packet.h"

/* Where ICE asks in vain for less, it is still at work. */
static const int64_t ice_patience_ns = 4 * (int64_t)PACKET_SECOND;
enum { ICE_ASKED_MIN = 5 };
/* A description that held for less may just have been about to change. */
static const int64_t left_ns = 4 * (int64_t)PACKET_SECOND;
/* An announcement may go on for so long behind the refusal that it explains. */
static const int64_t early_tail_ns = 2 * (int64_t)PACKET_SECOND;

/* Every finding comes once or twice (a way each), so that there is always room. */
void findings_take(struct verdict *verdict, struct finding *finding_take)
{
	if (verdict->finding_count == VERDICT_FINDINGS_MAX)
		abort();
	verdict->finding[verdict->finding_count++] = finding_take;
}

struct finding *findings_add(struct verdict *verdict, const char *id, enum severity severity,
			     enum direction direction)
{
	struct finding *finding = finding_new(id);

	finding->severity = severity;
	finding->direction = direction;
	findings_take(verdict, finding);
	return finding;
}

bool findings_works(const struct verdict *verdict, enum way way)
{
	return verdict->way[way].state == STATE_OK;
}

bool findings_dead(const struct verdict *verdict, enum way way)
{
	const enum way_state state = verdict->way[way].state;

	return !verdict->held && state != STATE_OK && state != STATE_UNKNOWN &&
	       state != STATE_SILENT;
}

enum severity findings_severity(const struct verdict *verdict, enum way way, enum severity other)
{
	return findings_dead(verdict, way) ? SEVERITY_FAULT : other;
}

/* --- symptoms ---------------------------------------------------------------------------------*/

/* "out: The phone sent no RTP …", and what there is. */
static void add_whys(struct finding *finding, const struct verdict *verdict)
{
	finding_evidence(finding, _("From the phone: %s"), verdict->way[WAY_OUT].why);
	finding_evidence(finding, _("To the phone: %s"), verdict->way[WAY_IN].why);
}

static void add_counts(struct finding *finding, const struct scene *scene)
{
	uint64_t packets[WAYS] = { 0 };

	for (size_t i = 0; i < scene->stream_count; i++)
		packets[scene->stream[i].way] += scene->stream[i].stream->packets;
	finding_evidence(
		finding,
		_("RTP packets seen in the call's %.0f s: %llu from the phone, %llu to it."),
		judge_seconds(scene_end(scene) - scene_begin(scene)),
		(unsigned long long)packets[WAY_OUT], (unsigned long long)packets[WAY_IN]);
}

static void find_symptom(struct verdict *verdict, const struct scene *scene)
{
	static const struct {
		enum audio_verdict audio;
		const char *id;
		enum direction direction;
		enum way dead;
	} rows[] = {
		{ VERDICT_ONE_WAY_OUT, "rtp-one-way", DIRECTION_IN, WAY_IN },
		{ VERDICT_ONE_WAY_IN, "rtp-one-way", DIRECTION_OUT, WAY_OUT },
		{ VERDICT_NO_AUDIO, "rtp-none", DIRECTION_BOTH, WAYS },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct finding *finding;

		if (rows[i].audio != verdict->audio)
			continue;
		/* Neither where it was never due, nor where it flowed and stopped or is silence:
		 * that has findings of its own. */
		if (rows[i].dead != WAYS
			    ? !findings_dead(verdict, rows[i].dead) ||
				      verdict->way[rows[i].dead].stopped
			    : !findings_dead(verdict, WAY_OUT) || !findings_dead(verdict, WAY_IN) ||
				      verdict->way[WAY_OUT].stopped || verdict->way[WAY_IN].stopped)
			continue;
		finding = findings_add(verdict, rows[i].id, SEVERITY_FAULT, rows[i].direction);
		/* Where it would have been seen: it is the phone that is silent. */
		if (rows[i].dead == WAY_OUT && verdict->way[WAY_OUT].state == STATE_NEVER_SENT)
			finding->side = SIDE_PHONE;
		add_whys(finding, verdict);
		add_counts(finding, scene);
	}
}

/* One of the two stopped, the other never was: the symptom is told for that one too. Where the
 * other was not asked for, nobody hears anything. */
static void find_missing_beside(struct verdict *verdict, const struct scene *scene)
{
	if (verdict->audio != VERDICT_NO_AUDIO)
		return;
	for (enum way way = 0; way < WAYS; way++) {
		const struct way_verdict *other = &verdict->way[way_other(way)];
		struct finding *finding;

		if (!findings_dead(verdict, way) || verdict->way[way].stopped ||
		    (findings_dead(verdict, way_other(way)) && !other->stopped))
			continue;
		finding = findings_add(verdict,
				       other->state == STATE_UNKNOWN ? "rtp-none" : "rtp-one-way",
				       SEVERITY_FAULT, findings_direction(way));
		add_whys(finding, verdict);
		add_counts(finding, scene);
	}
}

/* One side asks for voice both ways and the other answers that it will not send any, though it did
 * before: a hold that was taken back by one side alone, say. */
static bool is_left_at_hold(const struct verdict *verdict, const struct scene *scene, enum way way)
{
	const struct way_verdict *judged = &verdict->way[way];
	const struct description *said = scene_last(scene, way_sender(way));
	enum sdp_direction wanted, given;

	return !verdict->held && judged->state == STATE_UNKNOWN && !judged->due &&
	       findings_works(verdict, way_other(way)) && judged->stream &&
	       judged->stream->last_ns > scene_begin(scene) && said && said->answer &&
	       scene_end(scene) - said->ns > left_ns &&
	       judge_direction(&wanted, scene, way_receiver(way)) && wanted == SDP_SENDRECV &&
	       judge_direction(&given, scene, way_sender(way)) && given == SDP_RECVONLY;
}

static void find_left_at_hold(struct verdict *verdict, const struct scene *scene)
{
	for (enum way way = 0; way < WAYS; way++) {
		struct finding *finding;

		if (!is_left_at_hold(verdict, scene, way))
			continue;
		finding = findings_add(verdict, "rtp-one-way", SEVERITY_FAULT,
				       findings_direction(way));
		finding_evidence(
			finding,
			way == WAY_IN
				? _("The last offer of the phone is sendrecv, the answer to it "
				    "recvonly: "
				    "voice came before, and is not sent any more.")
				: _("The last offer of the far side is sendrecv, the answer to it "
				    "recvonly: voice came before, and is not sent any more."));
		add_whys(finding, verdict);
	}
}

static void find_stops(struct verdict *verdict, const struct scene *scene)
{
	const bool both = verdict->way[WAY_OUT].stopped && verdict->way[WAY_IN].stopped;

	(void)scene;
	for (enum way way = 0; way < WAYS; way++)
		if (verdict->way[way].stopped && (!both || way == WAY_OUT))
			add_whys(findings_add(verdict, "rtp-stops", SEVERITY_FAULT,
					      both ? DIRECTION_BOTH : findings_direction(way)),
				 verdict);
}

static void find_silent(struct verdict *verdict, const struct scene *scene)
{
	(void)scene;
	for (enum way way = 0; way < WAYS; way++) {
		struct finding *finding;

		if (verdict->way[way].state != STATE_SILENT || verdict->held)
			continue;
		finding = findings_add(verdict, "rtp-silent", SEVERITY_FAULT,
				       findings_direction(way));
		finding->side = way == WAY_OUT ? SIDE_PHONE : SIDE_UNKNOWN;
		finding_evidence(finding, "%s", verdict->way[way].why);
	}
}

/* --- signalling -------------------------------------------------------------------------------*/

/* Busy, declined, cancelled, asked for a password: none is a fault (contract). A redirection is
 * none either. */
static bool is_ordinary_end(int status)
{
	static const int ordinary[] = { 401, 407, 486, 487, 488, 600, 603 };

	for (size_t i = 0; i < sizeof ordinary / sizeof *ordinary; i++)
		if (status == ordinary[i])
			return true;
	return status < 400;
}

/* Then there was an answer that went past this point. What is heard before a refusal (early media)
 * says no such thing. */
static bool voice_goes_on(const struct scene *scene)
{
	for (size_t i = 0; i < scene->stream_count; i++)
		if (scene->stream[i].stream->last_ns > scene->call->ended_ns + early_tail_ns)
			return true;
	return false;
}

static void find_failed_setup(struct verdict *verdict, const struct scene *scene)
{
	const struct sip_call *call = scene->call;
	struct finding *finding;

	if (!call || scene_answered(scene) || voice_goes_on(scene) || call->end == CALL_CANCELLED)
		return;
	if (call->no_answer) {
		finding =
			findings_add(verdict, "call-setup-failed", SEVERITY_FAULT, DIRECTION_BOTH);
		finding_evidence(
			finding,
			_("The INVITE of %s to %s got no answer at all, not even a first one, "
			  "in 32 s."),
			call->from, call->to);
	} else if (call->end == CALL_FAILED && !is_ordinary_end(call->status)) {
		finding =
			findings_add(verdict, "call-setup-failed", SEVERITY_FAULT, DIRECTION_BOTH);
		finding_evidence(finding, _("The call of %s to %s ended with the answer %d."),
				 call->from, call->to, call->status);
	}
}

/* --- ICE --------------------------------------------------------------------------------------*/

static void find_failed_ice(struct verdict *verdict, const struct scene *scene)
{
	const struct ice_seen *ice = &scene->ice;
	struct finding *finding;

	if (!scene_answered(scene) || scene->stream_count || !judge_ice(scene) ||
	    ice->asked < ICE_ASKED_MIN || ice->answered ||
	    ice->last_ns - ice->first_ns < ice_patience_ns || verdict->held)
		return;
	finding = findings_add(verdict, "ice-failed", SEVERITY_FAULT, DIRECTION_BOTH);
	finding_evidence(
		finding,
		_("Both sides named candidates; %u checks between %u pairs of them in %.0f s "
		  "got no answer, and no RTP followed."),
		ice->asked, ice->pairs, judge_seconds(ice->last_ns - ice->first_ns));
}

void findings_of_call(struct verdict *verdict, const struct scene *scene)
{
	find_failed_setup(verdict, scene);
	find_symptom(verdict, scene);
	find_missing_beside(verdict, scene);
	find_left_at_hold(verdict, scene);
	find_stops(verdict, scene);
	find_silent(verdict, scene);
	find_failed_ice(verdict, scene);
	findings_of_sdp(verdict, scene);
	findings_of_streams(verdict, scene);
	findings_of_sip(verdict, scene);
}
