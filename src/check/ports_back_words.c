/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/intl.h"
#include "base/mem.h"
#include "check/ports_back.h"

static bool is_shut(enum media_flow flow)
{
	return flow == MEDIA_BLOCKED || flow == MEDIA_PARTIAL;
}

/* Lost on the way back, as far as is known: out, all get past every router. */
static bool is_lost_back(const struct ports_back *back)
{
	return is_shut(back->in) && back->out == MEDIA_OPEN;
}

/* Lost one way or the other, on ports beside others that work. */
static bool is_lost_somewhere(const struct ports_back *back)
{
	return back->silent.out == MEDIA_PARTIAL && back->out == MEDIA_FLOW_UNKNOWN;
}

static json_t *blocked_ports(const struct ports_back *back, const struct ports_media *media,
			     enum media_flow out, enum media_flow in)
{
	json_t *list;

	if (out == MEDIA_FLOW_UNKNOWN && !is_shut(in))
		return NULL;
	list = json_array();
	media_range_list(list, &media->verdict);
	if (!media->verdict.ranges && is_shut(back->out))
		media_range_list(list, &back->there.verdict);
	if (is_lost_back(back))
		media_range_list(list, &back->silent);
	return list;
}

/* What was seen towards the provider's own servers goes before. */
static void tell_facts(const struct ports_back *back, const struct ports_media *media,
		       struct sink *sink)
{
	const struct media_verdict *verdict = &media->verdict;
	const bool known = verdict->out != MEDIA_FLOW_UNKNOWN;
	const enum media_flow out = known ? verdict->out : back->out;
	const enum media_flow in = back->in != MEDIA_FLOW_UNKNOWN ? back->in : verdict->in;
	const unsigned hop = known || !back->traced ? verdict->hop : back->there.verdict.hop;

	sink_fact_text(sink, "rtp.out", media_flow_text(out));
	sink_fact_text(sink, "rtp.in", media_flow_text(in));
	sink_fact_take(sink, "rtp.blocked-ports", blocked_ports(back, media, out, in));
	sink_fact_take(sink, "rtp.blocked-hop", hop ? json_integer(hop) : NULL);
}

static void tell_lost(const struct ports_back *back, struct sink *sink)
{
	struct finding *finding = finding_new("rtp-ports-blocked");
	const struct media_seen *there = &back->there.seen;
	const bool known = is_lost_back(back);
	char words[MEDIA_WORDS], text[ADDR_TEXT];

	finding->side = SIDE_UNKNOWN;
	finding->direction = known ? DIRECTION_IN : DIRECTION_BOTH;
	finding_evidence(
		finding,
		_("The responder %s answers, but nothing comes back from its UDP ports %s; "
		  "the profile's range is %u-%u."),
		addr_text(text, &back->server), media_range_words(words, &back->silent),
		back->seen.first, back->seen.last);
	if (known && there->reference)
		finding_evidence(
			finding,
			_("The way out is open as far as can be seen: packets to these ports come "
			  "past every router up to hop %u (%s). So the answers are lost on the way "
			  "back, or the responder's own firewall keeps these ports shut."),
			there->reference, addr_host_text(text, &there->router[there->reference]));
	else
		finding_evidence(finding,
				 _("Whether they are lost on the way out or on the way back could "
				   "not be told: the routers do not show it."));
	if (back->silent.out == MEDIA_PARTIAL)
		finding_evidence(finding,
				 ngettext("%u other port of the range was answered.",
					  "%u other ports of the range were answered.",
					  back->silent.count[MEDIA_REACHED]),
				 back->silent.count[MEDIA_REACHED]);
	sink_finding_take(sink, finding);
}

void ports_back_report(const struct ports_back *back, const struct ports_media *media,
		       struct sink *sink)
{
	tell_facts(back, media, sink);
	ports_media_report(media, sink);
	if (is_lost_back(back) || is_lost_somewhere(back))
		tell_lost(back, sink);
	else if (is_shut(back->out) && !is_shut(media->verdict.out))
		ports_media_report(&back->there, sink);
}

char *ports_back_words(const struct ports_back *back)
{
	char words[MEDIA_WORDS];

	if (back->err == ERR_NOT_FOUND)
		return NULL;
	if (back->err == ERR_TIMEOUT)
		return mem_text(_("the responder does not answer"));
	if (back->err)
		return mem_printf(_("the responder could not be asked: %s"), err_text(back->err));
	if (back->in == MEDIA_OPEN)
		return mem_text(back->echoes ? _("voice comes back from the responder")
					     : _("the responder's answers come back"));
	if (is_lost_back(back))
		return mem_printf(_("nothing comes back from ports %s of the responder"),
				  media_range_words(words, &back->silent));
	return mem_text(_("not all ports of the responder answer"));
}
