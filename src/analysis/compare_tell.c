/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare_tell.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"
#include "base/packet.h"
#include "proto/sip_diff.h"

/* Contract: 5 % is a fault; below 1 % one would not hear it. */
static const double lost_fault_pct = 5, lost_risk_pct = 1;
/* So much lost is a direction that does not work. */
static const double lost_dead_pct = 95;
/* A direction that worked has stopped; as for one capture (judge_stopped()), where few packets in
 * so long a time are those of one who is silent. */
static const int64_t stop_ns = 8 * (int64_t)PACKET_SECOND;
enum { CUT_MIN = 10 };
/* What comes so soon before a recording ends may come through after it. */
static const int64_t settle_ns = 2 * (int64_t)PACKET_SECOND;

/* What the comparison of one call came to, on its way into the contract's words. */
struct result {
	json_t *json;
	struct comparison *all;
};

static void tell(struct result *result, struct finding *finding_take)
{
	struct comparison *all = result->all;

	json_array_append_new(json_object_get(result->json, "findings"),
			      finding_to_json(finding_take));
	all->finding = mem_resize(all->finding, all->finding_count + 1, sizeof(*all->finding));
	all->finding[all->finding_count++] = finding_take;
}

static void tell_rewritten(struct result *result, const struct sip_changes *changes)
{
	struct finding *finding = compare_rewritten(changes);

	if (finding)
		tell(result, finding);
}

static void tell_lost(struct result *result, const struct crossing *crossing,
		      enum direction direction)
{
	const struct passage *all = &crossing->passage;
	struct finding *finding;

	if (!all->sent || crossing->lost_pct < lost_risk_pct)
		return;
	finding = finding_new("rtp-lost-between-captures");
	finding->direction = direction;
	finding->severity = crossing->lost_pct >= lost_fault_pct ? SEVERITY_FAULT : SEVERITY_RISK;
	finding_evidence(
		finding,
		direction == DIRECTION_OUT
			? _("Of %zu voice packets that went in on the inside while the outside was "
			    "recorded too, %zu did not come out there (%.1f %%).")
			: _("Of %zu voice packets that came to the outside while the inside was "
			    "recorded too, %zu did not come out there (%.1f %%)."),
		all->sent, all->lost, crossing->lost_pct);
	tell(result, finding);
}

/* What became of one direction between the points. */
enum fate { FATE_THROUGH, FATE_STOPPED, FATE_DEAD };

static enum fate fate_of(const struct crossing *crossing)
{
	const struct passage *all = &crossing->passage;

	if (all->sent && crossing->lost_pct >= lost_dead_pct)
		return FATE_DEAD;
	return all->matched && all->cut >= CUT_MIN && all->cut_ns - all->through_ns > stop_ns
		       ? FATE_STOPPED
		       : FATE_THROUGH;
}

/* A direction whose packets die between the points does not work, whatever the inside alone
 * shows. */
static void tell_dead(struct result *result, const struct crossing *crossing, const char *name)
{
	json_t *direction = json_object_get(json_object_get(result->json, "directions"), name);
	const struct passage *all = &crossing->passage;
	const enum fate fate = fate_of(crossing);
	char *why;

	if (fate == FATE_THROUGH || !direction)
		return;
	why = fate == FATE_DEAD
		      ? mem_printf(_("seen on its way at one point, but of %zu packets %zu did not "
				     "reach the other: the device between the points stops it"),
				   all->sent, all->lost)
		      : mem_printf(
				_("seen on its way at one point, but for the last %.0f s nothing "
				  "of it reached the other: the device between the points stops "
				  "it"),
				(double)(all->cut_ns - all->through_ns) / PACKET_SECOND);
	json_object_set_new(direction, "state", json_string("missing"));
	json_object_set_new(direction, "why", json_string(why));
	free(why);
}

static bool works(const json_t *call, const char *direction)
{
	const json_t *of = json_object_get(json_object_get(call, "directions"), direction);

	return !strcmp(json_text_at(of, "state"), "ok");
}

static json_t *find_private(const json_t *call)
{
	json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(call, "findings"), i, finding)
		if (!strcmp(json_text_at(finding, "id"), "sdp-private-address") &&
		    !strcmp(json_text_at(finding, "direction"), "in"))
			return finding;
	return NULL;
}

/* The address that the phone announced did not keep away what was on its way to the right place and
 * died between the points, nor what was sent to another that the device put in its place. */
static void clear_private(const struct result *result, const struct compared *compared)
{
	const json_t *outside = compared->outside->call->json;
	const bool dies = fate_of(compared->in) != FATE_THROUGH;
	const bool replaced = compared->changes->fields & 1U << SIP_FIELD_SDP_CONNECTION &&
			      !find_private(outside);
	json_t *finding = find_private(result->json);

	if (!finding || works(result->json, "in") || !(replaced || (dies && works(outside, "in"))))
		return;
	json_object_set_new(finding, "severity", json_string("note"));
	if (replaced)
		json_array_append_new(json_object_get(finding, "evidence"),
				      json_string(_("On the way, another address took its place: "
						    "this is not what keeps voice away.")));
}

static bool has_finding(const json_t *call, const json_t *wanted)
{
	const json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(call, "findings"), i, finding)
		if (!strcmp(json_text_at(finding, "id"), json_text_at(wanted, "id")) &&
		    !strcmp(json_text_at(finding, "direction"), json_text_at(wanted, "direction")))
			return true;
	return false;
}

/* The private address that the phone is told to send to is nothing that the far side has said. */
static void clear_provider(const struct result *result, const struct compared *compared)
{
	const json_t *outside = compared->outside->call->json;
	json_t *finding;
	size_t i;

	if (!(compared->changes->fields & 1U << SIP_FIELD_SDP_CONNECTION))
		return;
	json_array_foreach(json_object_get(result->json, "findings"), i, finding) {
		const char *id = json_text_at(finding, "id");

		if ((strcmp(id, "sdp-private-address") && strcmp(id, "rtp-to-private-address")) ||
		    strcmp(json_text_at(finding, "direction"), "out") ||
		    has_finding(outside, finding))
			continue;
		json_object_set_new(finding, "side", json_string("site"));
		json_array_append_new(
			json_object_get(finding, "evidence"),
			json_string(_("Outside, the far side announces another address: the "
				      "device between the points has put this one in its place.")));
	}
}

/* The mark that most packets of that direction carried; -1: no stream of it. */
static int mark_of(const struct view *view, const char *direction)
{
	const json_t *stream;
	json_int_t most = 0;
	int mark = -1;
	size_t i;

	json_array_foreach(json_object_get(view->call->json, "streams"), i, stream) {
		const json_int_t packets = json_integer_value(json_object_get(stream, "packets"));

		if (strcmp(json_text_at(stream, "direction"), direction) || packets <= most)
			continue;
		most = packets;
		mark = (int)json_integer_value(json_object_get(stream, "dscp"));
	}
	return mark;
}

/* `first` is where the packets come from. */
static void tell_cleared(struct result *result, const struct view *first, const struct view *second,
			 enum direction direction)
{
	const char *name = direction_text(direction);
	const int before = mark_of(first, name), after = mark_of(second, name);
	struct finding *finding;

	if (before <= 0 || after)
		return;
	finding = finding_new("dscp-cleared");
	finding->direction = direction;
	finding->severity = works(result->json, name) ? SEVERITY_NOTE : SEVERITY_RISK;
	finding_evidence(finding,
			 _("Voice is marked with DSCP %d before the device and with 0 behind it."),
			 before);
	tell(result, finding);
}

/* One point saw one direction fail and the comparison the other: that is told as one. */
static bool drop_symptom(struct result *result, const char *name)
{
	json_t *findings = json_object_get(result->json, "findings"), *finding;
	size_t i;

	json_array_foreach(findings, i, finding)
		if (!strcmp(json_text_at(finding, "id"), name))
			return !json_array_remove(findings, i);
	return false;
}

/* By agreement no voice goes that way. */
static bool is_unknown(const struct result *result, const char *direction)
{
	const json_t *directions = json_object_get(result->json, "directions");

	return !strcmp(json_text_at(json_object_get(directions, direction), "state"), "unknown");
}

/* Beside the cause, the symptom that no single point has shown. */
static void tell_symptom(struct result *result, bool both, enum fate out, enum fate in)
{
	const bool dead = out == FATE_DEAD || in == FATE_DEAD;
	const char *name = dead ? "rtp-one-way" : "rtp-stops";
	/* The other way was not asked for: then nobody hears anything. */
	const bool none = both && is_unknown(result, out ? "in" : "out");
	struct finding *finding;

	/* The half of it that one point had told. */
	if (both && !(out && in))
		both = drop_symptom(result, name);
	finding = finding_new((both || none) && dead ? "rtp-none" : name);
	finding->direction = both ? DIRECTION_BOTH : out ? DIRECTION_OUT : DIRECTION_IN;
	finding_evidence(finding, _("Seen at both points: %s."),
			 both  ? _("neither direction gets through")
			 : out ? _("what the site sends does not get through")
			       : _("what the provider sends does not get through"));
	tell(result, finding);
}

/* The verdict names what works; what is dead between the points takes that away. */
static void settle_verdict(struct result *result, enum fate out, enum fate in)
{
	const bool goes_out = works(result->json, "out"), comes_in = works(result->json, "in");
	const char *before = json_text_at(result->json, "verdict");
	const char *verdict = goes_out ? "one-way-out" : comes_in ? "one-way-in" : "no-audio";

	if ((!out && !in) || !strcmp(before, "held") || !strcmp(before, "unknown") ||
	    !strcmp(before, verdict))
		return;
	/* What the inside alone has told is not told again. */
	if (!strcmp(before, "one-way-out"))
		in = FATE_THROUGH;
	if (!strcmp(before, "one-way-in"))
		out = FATE_THROUGH;
	json_object_set_new(result->json, "verdict", json_string(verdict));
	tell_symptom(result, !goes_out && !comes_in, out, in);
}

/* Had it come through, that point would have recorded it. */
static bool was_awaited(int64_t ns, const struct wire_log *log)
{
	return ns > log->first_ns && ns < log->last_ns - settle_ns;
}

/* The call was answered at one point, and the other, which was recording, has nothing of that. */
static void tell_answer_lost(struct result *result, const struct compared *compared)
{
	const int64_t inside_ns = compared->changes->answered_inside_ns,
		      outside_ns = compared->changes->answered_outside_ns;
	const bool comes_in = outside_ns != 0;
	struct finding *finding;

	if (!compared->clocks_known || (!inside_ns && !outside_ns) ||
	    !(comes_in
		      ? was_awaited(outside_ns - compared->skew_ns, &compared->inside->point->log)
		      : was_awaited(inside_ns + compared->skew_ns, &compared->outside->point->log)))
		return;
	(void)drop_symptom(result, "call-setup-failed");
	finding = finding_new("call-setup-failed");
	finding->side = SIDE_SITE;
	finding_evidence(finding, "%s",
			 comes_in ? _("Outside, the call was answered (200). The answer did not "
				      "come through to the inside: the device between the points "
				      "stops it.")
				  : _("Inside, the call was answered (200). The answer did not "
				      "come through to the outside: the device between the "
				      "points stops it."));
	tell(result, finding);
}

/* The point that is further on knows more of what gets through, the one where it should come from
 * of what does not: for the inside that is the outside. */
static void take_why(struct result *result, const struct view *outside, const char *name,
		     const char *state)
{
	json_t *here = json_object_get(json_object_get(result->json, "directions"), name);
	const json_t *there =
		json_object_get(json_object_get(outside->call->json, "directions"), name);

	if (!strcmp(json_text_at(here, "state"), state) &&
	    !strcmp(json_text_at(there, "state"), state))
		json_object_set(here, "why", json_object_get(there, "why"));
}

void compare_tell(struct comparison *all, json_t *call, const struct compared *compared)
{
	const struct view *inside = compared->inside, *outside = compared->outside;
	const enum fate out = fate_of(compared->out), in = fate_of(compared->in);
	struct result result = { call, all };

	tell_rewritten(&result, compared->changes);
	tell_answer_lost(&result, compared);
	tell_lost(&result, compared->out, DIRECTION_OUT);
	tell_lost(&result, compared->in, DIRECTION_IN);
	take_why(&result, outside, "out", "ok");
	take_why(&result, outside, "in", "missing");
	tell_dead(&result, compared->out, "out");
	tell_dead(&result, compared->in, "in");
	tell_cleared(&result, inside, outside, DIRECTION_OUT);
	tell_cleared(&result, outside, inside, DIRECTION_IN);
	clear_provider(&result, compared);
	clear_private(&result, compared);
	settle_verdict(&result, out, in);
}
