/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"
#include "check/ports_media.h"

static const char *const flows[] = {
	[MEDIA_FLOW_UNKNOWN] = "unknown",
	[MEDIA_OPEN] = "open",
	[MEDIA_PARTIAL] = "partial",
	[MEDIA_BLOCKED] = "blocked",
};

static const char *range_text(char text[static MEDIA_WORDS], const struct media_range *range)
{
	if (range->first == range->last)
		snprintf(text, MEDIA_WORDS, "%u", range->first);
	else
		snprintf(text, MEDIA_WORDS, "%u-%u", range->first, range->last);
	return text;
}

/* "15000-16999, 18000-20000" */
const char *media_range_words(char words[static MEDIA_WORDS], const struct media_verdict *verdict)
{
	char text[MEDIA_WORDS];

	words[0] = 0;
	for (size_t i = 0; i < verdict->ranges; i++) {
		const size_t length = strlen(words);

		snprintf(words + length, MEDIA_WORDS - length, "%s%s", length ? ", " : "",
			 range_text(text, &verdict->range[i]));
	}
	return words;
}

/* "hop 2 (203.0.113.1)", or the address alone */
static const char *place_words(char words[static MEDIA_WORDS], const struct media_verdict *verdict)
{
	char text[ADDR_TEXT];

	if (verdict->hop && addr_is_set(&verdict->place))
		snprintf(words, MEDIA_WORDS, _("hop %u (%s)"), verdict->hop,
			 addr_host_text(text, &verdict->place));
	else if (addr_is_set(&verdict->place))
		snprintf(words, MEDIA_WORDS, "%s", addr_host_text(text, &verdict->place));
	else
		snprintf(words, MEDIA_WORDS, _("this computer or the first router"));
	return words;
}

const char *media_flow_text(enum media_flow flow)
{
	return flows[flow];
}

void media_range_list(json_t *list, const struct media_verdict *verdict)
{
	char text[MEDIA_WORDS];

	for (size_t i = 0; i < verdict->ranges; i++)
		json_array_append_new(list, json_string(range_text(text, &verdict->range[i])));
}

static const char *reject_words(enum trace_answer how)
{
	return how == TRACE_FILTERED  ? _("administratively prohibited")
	       : how == TRACE_REFUSED ? _("port unreachable")
				      : _("no way there");
}

static void tell_way(struct finding *finding, const struct media_verdict *verdict,
		     const struct media_seen *seen)
{
	char place[MEDIA_WORDS], text[ADDR_TEXT];

	place_words(place, verdict);
	if (verdict->how != TRACE_SILENT)
		finding_evidence(finding, _("They are rejected by %s, with ICMP \"%s\"."), place,
				 reject_words(verdict->how));
	else if (verdict->hop)
		finding_evidence(
			finding,
			_("They are dropped: %s is the last that answered for them, hop %u (%s) "
			  "did not, though it answered for other packets right after; asked %u "
			  "times at least."),
			place, verdict->next, addr_host_text(text, &seen->router[verdict->next]),
			MEDIA_ROUNDS);
	else
		finding_evidence(
			finding,
			_("They are dropped: no router answered for them, though hop %u (%s) "
			  "answered for other packets right after; asked %u times at least."),
			verdict->next, addr_host_text(text, &seen->router[verdict->next]),
			MEDIA_ROUNDS);
}

static void tell_control(struct finding *finding, const struct media_verdict *verdict,
			 const struct media_seen *seen)
{
	char text[ADDR_TEXT];

	if (seen->reference)
		finding_evidence(
			finding,
			seen->responder
				? _("For comparison: packets on the same way to other ports "
				    "(%u is the responder's own) came as far as hop %u (%s).")
				: _("For comparison: packets on the same way to other ports "
				    "(%u is SIP's) came as far as hop %u (%s)."),
			addr_port(&seen->target), seen->reference,
			addr_host_text(text, &seen->router[seen->reference]));
	if (verdict->count[MEDIA_REACHED])
		finding_evidence(finding,
				 ngettext("%u other port of the range was answered by %s itself.",
					  "%u other ports of the range were answered by %s itself.",
					  verdict->count[MEDIA_REACHED]),
				 verdict->count[MEDIA_REACHED],
				 addr_host_text(text, &seen->target));
	else if (verdict->count[MEDIA_PASSES])
		finding_evidence(
			finding,
			ngettext(
				"%u other port of the range came as far as can be seen, to hop %u.",
				"%u other ports of the range came as far as can be seen, to hop "
				"%u.",
				verdict->count[MEDIA_PASSES]),
			verdict->count[MEDIA_PASSES], seen->reference);
}

static bool is_exact(const struct media_verdict *verdict)
{
	for (size_t i = 0; i < verdict->ranges; i++)
		if (!verdict->range[i].exact)
			return false;
	return true;
}

static void tell_blocked(struct sink *sink, const struct ports_media *media)
{
	const struct media_verdict *verdict = &media->verdict;
	struct finding *finding = finding_new("rtp-ports-blocked");
	char words[MEDIA_WORDS], text[ADDR_TEXT];

	finding->side = verdict->side;
	finding->direction = DIRECTION_OUT;
	if (verdict->hop || addr_is_set(&verdict->place))
		finding_place(finding, verdict->hop,
			      addr_is_set(&verdict->place) ? addr_host_text(text, &verdict->place)
							   : NULL);
	finding_evidence(
		finding,
		_("Test packets (RTP and STUN) to UDP ports %s of %s do not get through; the "
		  "profile's range is %u-%u."),
		media_range_words(words, verdict), addr_host_text(text, &media->seen.target),
		media->seen.first, media->seen.last);
	if (media->stuck)
		finding_evidence(finding,
				 _("This computer itself did not let all of them out: its own "
				   "firewall or its routes forbid it."));
	tell_way(finding, verdict, &media->seen);
	tell_control(finding, verdict, &media->seen);
	if (!is_exact(verdict))
		finding_evidence(
			finding,
			_("Some ends of these ranges could not be narrowed down to the port: "
			  "at least these ports are blocked."));
	sink_finding_take(sink, finding);
}

static void tell_hidden(struct sink *sink, const struct ports_media *media)
{
	const struct media_seen *seen = &media->seen;
	struct finding *finding = finding_new("path-hidden");
	char text[ADDR_TEXT];

	if (seen->reference)
		finding_evidence(
			finding,
			_("Only the first router (%s) answered packets that end on the way to "
			  "%u."),
			addr_host_text(text, &seen->router[1]), addr_port(&seen->target));
	else
		finding_evidence(finding,
				 _("No router answered packets that end on the way to port %u."),
				 addr_port(&seen->target));
	finding_evidence(finding, _("%s answered for %u of %zu ports of the range."),
			 addr_host_text(text, &seen->target), media->verdict.count[MEDIA_REACHED],
			 seen->count);
	sink_finding_take(sink, finding);
}

void ports_media_report(const struct ports_media *media, struct sink *sink)
{
	const struct media_verdict *verdict = &media->verdict;

	if (verdict->out == MEDIA_BLOCKED || verdict->out == MEDIA_PARTIAL)
		tell_blocked(sink, media);
	else if (verdict->hidden)
		tell_hidden(sink, media);
}

char *ports_media_words(const struct ports_media *media)
{
	const struct media_verdict *verdict = &media->verdict;
	const struct media_seen *seen = &media->seen;
	char words[MEDIA_WORDS], place[MEDIA_WORDS];

	if (media->err == ERR_NOT_FOUND)
		return mem_text(_("the profile names no RTP ports, so none were tried"));
	if (media->err)
		return mem_printf(_("the RTP ports could not be tried: %s"), err_text(media->err));
	if (verdict->ranges)
		return mem_printf(verdict->how != TRACE_SILENT
					  ? _("RTP ports %s are rejected by %s")
				  : verdict->hop ? _("RTP ports %s are blocked behind %s")
						 : _("RTP ports %s are blocked at %s"),
				  media_range_words(words, verdict), place_words(place, verdict));
	if (verdict->out == MEDIA_FLOW_UNKNOWN)
		return mem_printf(_("whether RTP ports %u-%u are open could not be told"),
				  seen->first, seen->last);
	if (verdict->count[MEDIA_REACHED])
		return mem_printf(_("RTP ports %u-%u are open as far as the provider"), seen->first,
				  seen->last);
	return mem_printf(_("RTP ports %u-%u are open as far as can be seen (hop %u)"), seen->first,
			  seen->last, seen->reference);
}
