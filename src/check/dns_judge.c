/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the picture says about the resolvers themselves. */
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/text.h"
#include "check/dns.h"

enum { NAME_SHOWN_MAX = 120 };

const char *dns_trouble(enum dns_state state)
{
	switch (state) {
	case DNS_UNREACHABLE:
		return _("cannot be reached: nobody listens there, or there is no way to it");
	case DNS_REFUSED: return _("refuses to answer this computer");
	case DNS_FAILED: return _("answers that it could not find out (server failure)");
	case DNS_NONSENSE: return _("sends something that is no DNS answer");
	default: return _("gave no answer within 3 seconds, asked three times");
	}
}

static size_t count_site(const struct dns_picture *picture)
{
	size_t count = 0;

	for (size_t i = 0; i < picture->sources; i++)
		count += !picture->source[i].outside;
	return count;
}

const struct dns_source *dns_outside(const struct dns_picture *picture)
{
	const struct dns_source *last =
		&picture->source[picture->sources ? picture->sources - 1 : 0];

	return picture->sources && last->outside ? last : NULL;
}

/* The name itself is broken where nobody at all could find it out; then the resolvers are not to
 * blame. */
static bool all_failed(const struct dns_picture *picture)
{
	for (size_t i = 0; i < picture->sources; i++)
		if (picture->source[i].state != DNS_FAILED)
			return false;
	return dns_outside(picture) != NULL;
}

/* A question that a resolver, which answers others, leaves unanswered; NULL: none. Unreachable is
 * one whose answer was cut short and that it does not take over TCP. */
static const struct dns_answer *left_unanswered(const struct dns_picture *picture,
						const struct dns_source *source)
{
	const struct dns_answer *answer;

	for (size_t i = 0; (answer = dns_answer_at(picture->dns, source->view, i)); i++)
		if (answer->state == DNS_SILENT || answer->state == DNS_UNREACHABLE)
			return answer;
	return NULL;
}

static const char *type_text(enum dns_type type)
{
	switch (type) {
	case DNS_A: return _("IPv4 address");
	case DNS_AAAA: return _("IPv6 address");
	case DNS_SRV: return _("SRV records");
	case DNS_NAPTR: return _("NAPTR records");
	}
	return "records";
}

static void say_lost(struct finding *finding, const struct dns_source *source,
		     const struct dns_answer *lost)
{
	char *name = text_safe(lost->name, strlen(lost->name), NAME_SHOWN_MAX);

	finding_evidence(finding,
			 _("DNS server %s, asked for the %s of %s, %s, though it answers other "
			   "questions: phones wait for it."),
			 source->name, type_text(lost->type), name,
			 lost->state == DNS_SILENT
				 ? _("gave no answer within 3 seconds")
				 : _("cut its answer short and did not give it over TCP"));
	free(name);
}

static void judge_unreachable(const struct dns_picture *picture, struct sink *sink)
{
	struct finding *finding = NULL;
	const struct dns_source *other = dns_outside(picture);
	size_t dead = 0;

	if (all_failed(picture))
		return;
	for (size_t i = 0; i < picture->sources; i++) {
		const struct dns_source *source = &picture->source[i];
		const struct dns_answer *lost =
			source->partly ? left_unanswered(picture, source) : NULL;

		if (source->outside || source->state == DNS_OK)
			continue;
		if (!finding) {
			finding = finding_new("dns-resolver-unreachable");
			finding_place(finding, 0, source->name);
		}
		if (lost)
			say_lost(finding, source, lost);
		else
			finding_evidence(finding, _("DNS server %s %s."), source->name,
					 dns_trouble(source->state));
		dead++;
	}
	if (!finding)
		return;
	finding->severity = dead == count_site(picture) ? SEVERITY_FAULT : SEVERITY_RISK;
	if (dead < count_site(picture))
		finding_evidence(finding, _("The other DNS servers of this site answer."));
	else if (other && other->state == DNS_OK)
		finding_evidence(
			finding,
			_("The public DNS server %s answers, but phones here do not ask it."),
			other->name);
	sink_finding_take(sink, finding);
}

static void judge_slow(const struct dns_picture *picture, struct sink *sink)
{
	struct finding *finding = NULL;

	for (size_t i = 0; i < picture->sources; i++) {
		const struct dns_source *source = &picture->source[i];
		const struct dns_answer *lost = left_unanswered(picture, source);
		const bool slow =
			source->ms > DNS_SLOW_LIMIT_MS && source->again_ms > DNS_SLOW_LIMIT_MS;

		if (source->outside || source->state != DNS_OK || (!slow && !lost))
			continue;
		if (!finding) {
			finding = finding_new("dns-slow");
			finding_place(finding, 0, source->name);
		}
		if (slow)
			finding_evidence(finding,
					 _("DNS server %s took %u ms, and %u ms when asked again."),
					 source->name, source->ms, source->again_ms);
		if (lost)
			say_lost(finding, source, lost);
	}
	if (finding)
		sink_finding_take(sink, finding);
}

/* In a zone where every name has an address, the made-up one has one of the real ones. */
static bool is_wildcard(const struct dns_answer *made_up, const struct located *located)
{
	for (size_t i = 0; i < made_up->count; i++)
		for (size_t j = 0; j < located->targets.count; j++)
			if (addr_same_host(&made_up->record[i].addr,
					   &located->targets.target[j].addr))
				return true;
	return false;
}

/* The answer that proves an invention; NULL: none. RFC 6761, 6.4: names under "invalid" never
 * exist. */
static const struct dns_answer *invention(const struct dns_picture *picture,
					  const struct dns_source *source)
{
	const struct dns_source *other = dns_outside(picture);

	if (source->invalid->state == DNS_OK)
		return source->invalid;
	for (size_t i = 0; i < picture->subjects && other; i++) {
		const struct dns_answer *mine = source->made_up[i], *theirs = other->made_up[i];

		if (mine && theirs && mine->state == DNS_OK && theirs->state == DNS_NO_NAME &&
		    !is_wildcard(mine, &source->located[i]))
			return mine;
	}
	return NULL;
}

static void judge_rewritten(const struct dns_picture *picture, struct sink *sink)
{
	struct finding *finding = NULL;

	for (size_t i = 0; i < picture->sources; i++) {
		const struct dns_source *source = &picture->source[i];
		const struct dns_answer *answer =
			source->outside ? NULL : invention(picture, source);
		char address[ADDR_TEXT];

		if (!answer)
			continue;
		if (!finding) {
			finding = finding_new("dns-answers-rewritten");
			finding_place(finding, 0, source->name);
		}
		finding_evidence(finding,
				 _("DNS server %s gives the address %s for %s, a made-up name."),
				 source->name, addr_host_text(address, &answer->record[0].addr),
				 answer->name);
	}
	if (finding)
		sink_finding_take(sink, finding);
}

void dns_judge(const struct dns_picture *picture, struct sink *sink)
{
	judge_unreachable(picture, sink);
	judge_slow(picture, sink);
	judge_rewritten(picture, sink);
	for (size_t i = 0; i < picture->subjects; i++)
		dns_judge_name(picture, i, sink);
}
