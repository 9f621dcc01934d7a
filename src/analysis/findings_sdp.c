/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/intl.h"
#include "analysis/findings.h"

#include <stdio.h>
#include <strings.h>

#include "analysis/judge.h"

static enum way way_to(enum party party)
{
	return party == PARTY_PHONE ? WAY_IN : WAY_OUT;
}

static enum side side_of(enum party party)
{
	return party == PARTY_PHONE ? SIDE_PHONE : SIDE_PROVIDER;
}

static const char *name_of(enum party party)
{
	return party == PARTY_PHONE ? _("The phone") : _("The far side");
}

/* Inside of one network a private address is right: one of the two SIP addresses must be outside of
 * it. With ICE another candidate may be the one that counts. */
static bool tells_private(const struct description *said)
{
	const struct sdp_media *audio = said->audio;

	if (!audio || !audio->at.port || !endpoint_is_private(&audio->at))
		return false;
	if (endpoint_is_private(&said->sender) && endpoint_is_private(&said->receiver))
		return false;
	for (size_t i = 0; audio->ice && i < audio->candidate_count; i++)
		if (!endpoint_is_private(&audio->candidate[i].at))
			return false;
	return true;
}

/* Who sends was told another address, and nothing goes to the private one. */
static bool is_relayed_past(const struct verdict *verdict, enum way way)
{
	const struct way_verdict *judged = &verdict->way[way];

	return judged->relayed &&
	       (judged->state == STATE_MISSING || judged->state == STATE_NEVER_SENT);
}

/* Where media of that way was sent to an address that may be right, and then ended or was refused,
 * a private address in the description did not keep it away. */
static enum severity severity_of_private(const struct verdict *verdict, enum way way)
{
	const struct way_verdict *judged = &verdict->way[way];

	if (judged->stopped || judged->state == STATE_REJECTED || is_relayed_past(verdict, way) ||
	    (judged->state == STATE_MISSING && judged->stream))
		return SEVERITY_NOTE;
	return findings_severity(verdict, way, SEVERITY_NOTE);
}

static void find_private_address(struct verdict *verdict, const struct scene *scene)
{
	for (enum party party = PARTY_PHONE; party <= PARTY_FAR; party++) {
		const struct description *said = scene_last(scene, party);
		const enum way way = way_to(party);
		char address[ADDR_TEXT], sender[ADDR_TEXT], receiver[ADDR_TEXT];
		struct finding *finding;

		if (!said || !tells_private(said))
			continue;
		finding = findings_add(verdict, "sdp-private-address",
				       severity_of_private(verdict, way), findings_direction(way));
		finding->side = side_of(party);
		finding_evidence(finding,
				 _("%s announces %s for its voice; its SIP went from %s to %s."),
				 name_of(party), endpoint_text(address, &said->audio->at),
				 endpoint_text(sender, &said->sender),
				 endpoint_text(receiver, &said->receiver));
		if (findings_works(verdict, way))
			finding_evidence(finding, _("Voice finds its way all the same."));
		else if (findings_dead(verdict, way) && finding->severity == SEVERITY_NOTE)
			finding_evidence(
				finding,
				is_relayed_past(verdict, way)
					? _("On the way, another address took its place: this is "
					    "not what keeps voice away.")
					: _("Voice was sent past it all the same: this is not "
					    "what keeps it away."));
	}
}

static void find_hold(struct verdict *verdict, const struct scene *scene)
{
	struct finding *finding;
	enum party holder;

	if (!verdict->held)
		return;
	finding = findings_add(verdict, "sdp-hold", SEVERITY_NOTE, DIRECTION_BOTH);
	finding->side = SIDE_UNKNOWN;
	if (judge_holder(&holder, scene)) {
		finding->side = side_of(holder);
		finding_evidence(finding, _("%s put the call on hold."), name_of(holder));
	}
	for (enum party party = PARTY_PHONE; party <= PARTY_FAR; party++) {
		const struct description *said = scene_last(scene, party);

		if (said && said->audio)
			finding_evidence(finding, _("%s's last description: %s, address %s."),
					 name_of(party), sdp_direction_text(said->audio->direction),
					 said->audio->host);
	}
}

/* What it names, "PCMU, PCMA". */
static const char *list_codecs(char *text, size_t size, const struct sdp_media *audio)
{
	size_t used = 0;

	*text = 0;
	for (size_t i = 0; i < audio->codec_count && used + SDP_NAME_MAX + 3 < size; i++) {
		const struct sdp_codec *codec = &audio->codec[i];

		used += (size_t)(*codec->name ? snprintf(text + used, size - used, "%s%s",
							 i ? ", " : "", codec->name)
					      : snprintf(text + used, size - used, "%s%u",
							 i ? ", " : "", codec->payload_type));
	}
	return text;
}

enum { LIST_MAX = 160 };

static void find_no_common_codec(struct verdict *verdict, const struct scene *scene)
{
	const struct sip_call *call = scene->call;
	struct finding *finding = NULL;
	struct media_pair pair;

	if (!call)
		return;
	if (!scene_answered(scene) && call->end == CALL_FAILED && call->status == 488) {
		finding =
			findings_add(verdict, "codec-none-common", SEVERITY_FAULT, DIRECTION_BOTH);
		finding_evidence(finding,
				 _("The offer was refused with 488: nothing in it is accepted."));
		for (enum party party = PARTY_PHONE; party <= PARTY_FAR; party++) {
			const struct description *said = scene_last(scene, party);

			pair.of[party] = said ? said->audio : NULL;
		}
	} else if (judge_no_common_codec(&pair, scene))
		finding =
			findings_add(verdict, "codec-none-common", SEVERITY_FAULT, DIRECTION_BOTH);
	for (enum party party = PARTY_PHONE; finding && party <= PARTY_FAR; party++) {
		char list[LIST_MAX];

		if (pair.of[party])
			finding_evidence(finding, _("%s names %s."), name_of(party),
					 list_codecs(list, sizeof list, pair.of[party]));
	}
}

static void find_srtp_mismatch(struct verdict *verdict, const struct scene *scene)
{
	struct media_pair pair;
	struct finding *finding;

	if (!judge_srtp_differs(&pair, scene))
		return;
	finding = findings_add(verdict, "srtp-mismatch", SEVERITY_FAULT, DIRECTION_BOTH);
	for (enum party party = PARTY_PHONE; party <= PARTY_FAR; party++) {
		const struct sdp_media *audio = pair.of[party];

		finding_evidence(finding, _("%s's description: %s, encryption %s."), name_of(party),
				 audio->proto, sdp_srtp_text(audio->srtp));
	}
}

static bool has_events(const struct sdp_media *audio)
{
	for (size_t i = 0; i < audio->codec_count; i++)
		if (!strcasecmp(audio->codec[i].name, "telephone-event"))
			return true;
	return false;
}

static void find_dtmf_mismatch(struct verdict *verdict, const struct scene *scene)
{
	const struct description *one = scene_last(scene, PARTY_PHONE);
	const struct description *other = scene_last(scene, PARTY_FAR);
	const bool flows = findings_works(verdict, WAY_OUT) || findings_works(verdict, WAY_IN);
	struct finding *finding;

	if (!scene_answered(scene) || !one || !other || !one->audio || !other->audio ||
	    !one->audio->codec_count || !other->audio->codec_count || !one->audio->at.port ||
	    !other->audio->at.port)
		return;
	if (has_events(one->audio) == has_events(other->audio) &&
	    !(scene->call->dtmf_info && has_events(one->audio)))
		return;
	finding = findings_add(verdict, "dtmf-mismatch", flows ? SEVERITY_NOTE : SEVERITY_RISK,
			       DIRECTION_NONE);
	if (has_events(one->audio) != has_events(other->audio))
		finding_evidence(finding,
				 has_events(one->audio)
					 ? _("The phone names telephone-event (RFC 4733), the "
					     "far side does not.")
					 : _("The far side names telephone-event (RFC 4733), the "
					     "phone does not."));
	else
		finding_evidence(finding,
				 _("Both sides name telephone-event (RFC 4733), but keys went "
				   "as SIP INFO."));
}

void findings_of_sdp(struct verdict *verdict, const struct scene *scene)
{
	if (scene_answered(scene)) {
		find_private_address(verdict, scene);
		find_hold(verdict, scene);
		find_srtp_mismatch(verdict, scene);
		find_dtmf_mismatch(verdict, scene);
	}
	find_no_common_codec(verdict, scene);
}
