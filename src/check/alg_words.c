/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/alg_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/intl.h"
#include "base/mem.h"

enum { WORDS_MAX = 400 };

const char *const alg_facts[] = {
	"sip-alg", "sip-alg.hop", "sip-alg.changed", "sip-alg.methods", "sip-alg.eaten-before-hop",
	NULL
};

static const char *const kinds[] = {
	[ALG_OPTIONS] = "OPTIONS",
	[ALG_REGISTER] = "REGISTER",
	[ALG_INVITE] = "INVITE",
	[ALG_DECOY] = "datagram that is not SIP",
};

static json_t *field_list(unsigned fields)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < SIP_FIELD_COUNT; i++)
		if (fields & 1U << i)
			json_array_append_new(list, json_string(sip_field_text(i)));
	return list;
}

static json_t *method_list(unsigned methods)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < ALG_DECOY; i++)
		if (methods & 1U << i)
			json_array_append_new(list, json_string(kinds[i]));
	return list;
}

static void tell_facts(struct sink *sink, const struct alg_verdict *verdict)
{
	static const char *const answers[] = { "unknown", "no", "yes" };
	const bool known = verdict->answer == ALG_NO || verdict->changed;

	sink_fact_text(sink, "sip-alg", answers[verdict->answer]);
	sink_fact_take(sink, "sip-alg.hop", verdict->hop ? json_integer(verdict->hop) : NULL);
	sink_fact_take(sink, "sip-alg.changed", known ? field_list(verdict->changed) : NULL);
	sink_fact_take(sink, "sip-alg.methods", known ? method_list(verdict->methods) : NULL);
	sink_fact_take(sink, "sip-alg.eaten-before-hop",
		       verdict->eaten ? json_integer(verdict->eaten) : NULL);
}

/* What a field is, for a person. */
static const char *field_words(enum sip_field field)
{
	static const char *const words[SIP_FIELD_COUNT] = {
		[SIP_FIELD_VIA] = N_("where the answer is to go (Via)"),
		[SIP_FIELD_CONTACT] = N_("where the phone is called (Contact)"),
		[SIP_FIELD_FROM] = N_("who calls (From)"),
		[SIP_FIELD_TO] = N_("who is called (To)"),
		[SIP_FIELD_CALL_ID] = N_("the call's identifier (Call-ID)"),
		[SIP_FIELD_REQUEST_URI] = N_("the address asked for (request URI)"),
		[SIP_FIELD_SDP_CONNECTION] = N_("the address for the voice (SDP c=)"),
		[SIP_FIELD_SDP_ORIGIN] = N_("the origin of the session (SDP o=)"),
		[SIP_FIELD_SDP_PORT] = N_("the port for the voice (SDP m=)"),
		[SIP_FIELD_CONTENT_LENGTH] = N_("the length of the body (Content-Length)"),
		[SIP_FIELD_OTHER] = N_("another part of the message"),
	};

	return _(words[field]);
}

static void tell_fields(struct finding *finding, const struct alg_verdict *verdict,
			const struct alg_seen *seen)
{
	for (unsigned i = 0; i < SIP_FIELD_COUNT; i++) {
		const struct alg_example *example = &seen->example[i];

		if (!(verdict->changed & 1U << i))
			continue;
		if (example->sent[0] && example->got[0])
			finding_evidence(finding, _("Changed: %s, from \"%s\" to \"%s\"."),
					 field_words(i), example->sent, example->got);
		else if (example->sent[0])
			finding_evidence(finding, _("Taken out: %s, which was \"%s\"."),
					 field_words(i), example->sent);
		else
			finding_evidence(finding, _("Put in: %s, \"%s\"."), field_words(i),
					 example->got);
	}
}

/* "INVITE and REGISTER" */
static const char *method_words(char words[static WORDS_MAX], unsigned methods)
{
	words[0] = 0;
	for (unsigned i = 0; i < ALG_DECOY; i++) {
		const size_t length = strlen(words);

		if (!(methods & 1U << i))
			continue;
		methods &= ~(1U << i);
		snprintf(words + length, WORDS_MAX - length, "%s%s",
			 !length   ? ""
			 : methods ? ", "
				   : " and ",
			 kinds[i]);
	}
	return words;
}

/* "hop 2 (203.0.113.1)" */
static const char *hop_words(char words[static WORDS_MAX], const struct alg_seen *seen,
			     unsigned hop)
{
	const struct addr *router = alg_router(seen, hop);
	char text[ADDR_TEXT];

	if (addr_is_set(router))
		snprintf(words, WORDS_MAX, _("hop %u (%s)"), hop, addr_host_text(text, router));
	else
		snprintf(words, WORDS_MAX, _("hop %u (which does not say its address)"), hop);
	return words;
}

static void tell_place(struct finding *finding, const struct alg_verdict *verdict,
		       const struct alg_seen *seen)
{
	char before[WORDS_MAX], behind[WORDS_MAX];

	hop_words(behind, seen, verdict->by);
	if (verdict->by == 1)
		finding_evidence(
			finding,
			_("They were changed already at %s: that router does it on arrival, or "
			  "this computer itself does."),
			behind);
	else if (verdict->after && verdict->hop)
		finding_evidence(finding,
				 _("As far as %s they came as sent, at %s they were changed: "
				   "the router at hop %u rewrites them."),
				 hop_words(before, seen, verdict->after), behind, verdict->hop);
	else if (verdict->after)
		finding_evidence(finding,
				 _("As far as %s they came as sent, at %s they were changed; the "
				   "routers between "
				   "do not say: it is at the former or just behind it."),
				 hop_words(before, seen, verdict->after), behind);
	else
		finding_evidence(finding,
				 _("At %s they were changed; the routers before it do not say what "
				   "they got."),
				 behind);
}

/* What became of the same INVITE on another pair of ports, behind the rewriter. */
static void tell_lane(struct finding *finding, const struct alg_verdict *verdict,
		      const struct alg_seen *seen, enum alg_lane which)
{
	const struct alg_lane_seen *lane = &seen->lane[which];
	unsigned quoted = 0, touched = 0;

	for (unsigned hop = verdict->by; hop <= ALG_HOPS; hop++) {
		quoted += lane->cell[hop][ALG_INVITE].quoted;
		touched += lane->cell[hop][ALG_INVITE].touched;
	}
	if (!quoted)
		finding_evidence(finding,
				 _("The same INVITE from port %u to port %u could not be compared: "
				   "no router showed it."),
				 addr_port(&lane->local), addr_port(&lane->target));
	else
		finding_evidence(finding,
				 _("The same INVITE from port %u to port %u came through %s."),
				 addr_port(&lane->local), addr_port(&lane->target),
				 touched ? _("changed as well") : _("as it was sent"));
}

static void tell_decoy(struct finding *finding, const struct alg_verdict *verdict,
		       const struct alg_seen *seen)
{
	unsigned quoted = 0, touched = 0;

	for (unsigned hop = verdict->by; hop <= ALG_HOPS; hop++) {
		quoted += seen->lane[ALG_MAIN].cell[hop][ALG_DECOY].quoted;
		touched += seen->lane[ALG_MAIN].cell[hop][ALG_DECOY].touched;
	}
	if (quoted)
		finding_evidence(finding, _("A datagram as long that is not SIP came through %s."),
				 touched ? _("changed as well: not only SIP is rewritten")
					 : _("as it was sent"));
}

/* Methods that came through behind the rewriter as they were sent. */
static void tell_spared(struct finding *finding, const struct alg_verdict *verdict,
			const struct alg_seen *seen)
{
	unsigned spared = 0;
	char methods[WORDS_MAX];

	for (unsigned hop = verdict->by; hop <= ALG_HOPS; hop++)
		for (unsigned kind = 0; kind < ALG_DECOY; kind++)
			if (seen->lane[ALG_MAIN].cell[hop][kind].quoted)
				spared |= 1U << kind;
	spared &= ~verdict->methods;
	if (spared)
		finding_evidence(finding, _("%s came through as sent."),
				 method_words(methods, spared));
}

static void tell_quotes(struct finding *finding, const struct alg_verdict *verdict,
			const struct alg_seen *seen)
{
	const struct alg_lane_seen *lane = &seen->lane[ALG_MAIN];
	char methods[WORDS_MAX], target[ADDR_TEXT];

	finding_evidence(
		finding,
		_("Test messages (%s) from port %u to %s, sent so that they end on the way, were "
		  "changed in %u of %u quotes that routers sent back."),
		method_words(methods, verdict->methods), addr_port(&lane->local),
		addr_text(target, &lane->target), verdict->touched, verdict->passed);
	tell_fields(finding, verdict, seen);
	tell_place(finding, verdict, seen);
	tell_spared(finding, verdict, seen);
	for (enum alg_lane which = ALG_SOURCE; which < ALG_LANES; which++)
		if (addr_is_set(&seen->lane[which].local))
			tell_lane(finding, verdict, seen, which);
	tell_decoy(finding, verdict, seen);
}

static void tell_proxy(struct finding *finding, const struct alg_verdict *verdict,
		       const struct alg_seen *seen)
{
	char words[WORDS_MAX];

	finding_evidence(finding,
			 _("An OPTIONS with too low a hop limit to get past %s was answered in the "
			   "provider's name, more than once."),
			 hop_words(words, seen, verdict->by));
	finding_evidence(
		finding,
		_("So a device %s takes SIP messages for itself; what it sends on is its own "
		  "message."),
		verdict->hop ? _("there") : _("there or just before"));
}

static void tell_via(struct finding *finding, const struct alg_seen *seen)
{
	char local[ADDR_TEXT];

	if (seen->own.answered && !seen->own.via_kept)
		finding_evidence(
			finding,
			_("An OPTIONS to the provider said that the answer is to go to %s; in the "
			  "answer that had become \"%s\"."),
			addr_host_text(local, &seen->lane[ALG_MAIN].local), seen->own.via);
	else
		finding_evidence(
			finding,
			_("An OPTIONS to the provider had a made-up name in Via; in the answer "
			  "that had become \"%s\"."),
			seen->name.via);
}

static void tell_received(struct finding *finding, const struct alg_seen *seen)
{
	const bool named = seen->name.answered && addr_is_set(&seen->name.received);
	char text[ADDR_TEXT];

	finding_evidence(
		finding,
		_("The provider's answer says that our OPTIONS came from %s (received=), an "
		  "address that the provider cannot see: something on the way wrote it."),
		addr_host_text(text, &seen->own.received));
	if (named)
		finding_evidence(
			finding,
			_("To the same OPTIONS with a name in place of our address the answer "
			  "says %s."),
			addr_host_text(text, &seen->name.received));
	else
		finding_evidence(finding, _("STUN sees us as %s."),
				 addr_host_text(text, &seen->mapped));
}

static void tell_finding(struct sink *sink, const struct alg_verdict *verdict,
			 const struct alg_seen *seen)
{
	struct finding *finding = finding_new("sip-alg");
	const unsigned at = verdict->hop ? verdict->hop : verdict->after;
	const struct addr *router = alg_router(seen, at);
	char text[ADDR_TEXT];

	finding->side = verdict->side;
	if (at)
		finding_place(finding, at,
			      addr_is_set(router) ? addr_host_text(text, router) : NULL);
	if (verdict->proof == ALG_PROOF_QUOTE)
		tell_quotes(finding, verdict, seen);
	else if (verdict->proof == ALG_PROOF_PROXY)
		tell_proxy(finding, verdict, seen);
	if (verdict->via_back)
		tell_via(finding, seen);
	if (verdict->received_back)
		tell_received(finding, seen);
	sink_finding_take(sink, finding);
}

static unsigned count_routers(const struct alg_seen *seen)
{
	unsigned count = 0;

	for (unsigned hop = 1; hop <= ALG_HOPS; hop++)
		count += addr_is_set(&seen->lane[ALG_MAIN].router[hop]);
	return count;
}

/* Why it is not known. */
static const char *reason(const struct alg_verdict *verdict, const struct alg_seen *seen)
{
	if (verdict->touched)
		return _("one router showed a changed SIP message, too little to be sure");
	if (seen->v4_unknown)
		return _("the DNS did not say whether the SIP server has an IPv4 address");
	if (!count_routers(seen))
		return seen->own.answered
			       ? _("the SIP server answers, but no router on the way says what it "
				   "got")
			       : _("neither the routers on the way nor the SIP server answer");
	return _("no router behind the NAT shows enough of what it got");
}

/* SIP over TLS cannot be read on the way, so a "yes" means less there. */
static const char *transport_words(const struct site *site)
{
	if (site->transport == TRANSPORT_TLS)
		return _("; tested over UDP, while the profile says TLS, which an ALG cannot read");
	if (site->transport == TRANSPORT_TCP)
		return _("; tested over UDP, while the profile says TCP");
	return "";
}

static bool is_touched_harmlessly(const struct alg_seen *seen)
{
	for (unsigned hop = 1; hop <= ALG_HOPS; hop++)
		for (unsigned kind = 0; kind < ALG_DECOY; kind++)
			if (seen->lane[ALG_MAIN].cell[hop][kind].harmless)
				return true;
	return false;
}

static void tell_summary(struct sink *sink, const struct alg_verdict *verdict,
			 const struct alg_seen *seen, const struct site *site)
{
	const char *transport = transport_words(site);
	char words[WORDS_MAX];

	if (verdict->answer == ALG_YES && verdict->hop)
		sink_summary(sink, _("SIP is rewritten at %s%s"),
			     hop_words(words, seen, verdict->hop), transport);
	else if (verdict->answer == ALG_YES)
		sink_summary(sink, _("SIP is rewritten on the way%s"), transport);
	else if (verdict->answer == ALG_NO)
		sink_summary(sink, _("SIP reaches %s as it was sent%s%s"),
			     hop_words(words, seen, verdict->clean),
			     is_touched_harmlessly(seen)
				     ? _(", but for differences that harm nobody")
				     : "",
			     transport);
	else if (verdict->eaten)
		sink_summary(sink,
			     _("could not tell: SIP does not come as far as %s, where as long a "
			       "datagram that is "
			       "not SIP does; a SIP ALG may swallow it%s"),
			     hop_words(words, seen, verdict->eaten), transport);
	else
		sink_summary(sink, _("could not tell: %s%s"), reason(verdict, seen), transport);
}

void alg_report(struct sink *sink, const struct alg_verdict *verdict, const struct alg_seen *seen,
		const struct site *site)
{
	tell_facts(sink, verdict);
	if (verdict->answer == ALG_YES)
		tell_finding(sink, verdict, seen);
	tell_summary(sink, verdict, seen, site);
}
