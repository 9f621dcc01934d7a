/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the picture says about a name. A fault needs a proof: that a name leads elsewhere is one
 * only where the place it leads to is seen not to answer; a site with its own SIP server inside, or
 * a provider with many, has names that differ rightly. */
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"
#include "check/dns.h"

enum { NAME_SHOWN_MAX = 120 };

/* One name in one run of the judgement. */
struct name {
	const struct dns_picture *picture;
	size_t index;
	const char *host;
	bool sip;
	struct sink *sink;
};

static const struct located *of(const struct name *name, const struct dns_source *source)
{
	return &source->located[name->index];
}

/* "198.51.100.10, 2001:db8:100::10", each once; the caller frees. */
static char *addresses_text(const struct located *located)
{
	char *text = mem_text("");
	char one[ADDR_TEXT];

	for (size_t i = 0; i < located->targets.count; i++) {
		const struct addr *addr = &located->targets.target[i].addr;
		char *old = text;
		size_t j = 0;

		while (!addr_same_host(&located->targets.target[j].addr, addr))
			j++;
		if (j < i)
			continue;
		text = mem_printf("%s%s%s", old, *old ? ", " : "", addr_host_text(one, addr));
		free(old);
	}
	return text;
}

static void say_addresses(struct finding *finding, const struct name *name,
			  const struct dns_source *source)
{
	char *addresses = addresses_text(of(name, source));

	finding_evidence(finding,
			 source->outside ? _("The public DNS server %s gives %s the address %s.")
					 : _("DNS server %s gives %s the address %s."),
			 source->name, name->host, addresses);
	free(addresses);
}

static void add_reach(struct finding *finding, enum dns_reach reach, const char *at)
{
	switch (reach) {
	case REACH_ANSWERS: finding_evidence(finding, _("A SIP server answers at %s."), at); return;
	case REACH_REFUSED:
		finding_evidence(finding, _("No SIP server listens at %s."), at);
		return;
	case REACH_SILENT: finding_evidence(finding, _("Nothing answers at %s."), at); return;
	case REACH_NO_WAY:
		finding_evidence(finding, _("There is no way to get to %s."), at);
		return;
	case REACH_NOT_TRIED: break;
	}
	finding_evidence(finding, _("It was not tried whether a SIP server answers at %s."), at);
}

static void say_reach(struct finding *finding, const struct name *name,
		      const struct dns_source *source)
{
	char *addresses = addresses_text(of(name, source));

	add_reach(finding, dns_reach_of(name->picture, of(name, source)), addresses);
	free(addresses);
}

/* ---- names without an address ---- */

static bool says_not_found(const struct name *name, const struct dns_source *source)
{
	return source->state == DNS_OK && !of(name, source)->targets.count &&
	       of(name, source)->err == ERR_NOT_FOUND;
}

/* It answers, but fails at the questions that lead to the provider: some routers' DNS knows no SRV
 * records. */
static bool fails_at(const struct name *name, const struct dns_source *source)
{
	return source->state == DNS_OK && !of(name, source)->targets.count &&
	       of(name, source)->err == ERR_REFUSED;
}

static bool anyone_has_addresses(const struct name *name)
{
	for (size_t i = 0; i < name->picture->sources; i++)
		if (of(name, &name->picture->source[i])->targets.count)
			return true;
	return false;
}

/* RFC 2782: a lone target "." says that the service is decidedly not there. */
static bool is_declined(const struct located *located)
{
	for (size_t i = 0; i < located->services; i++)
		for (size_t j = 0; j < located->srv[i]->count; j++)
			if (located->srv[i]->record[j].name[0])
				return false;
	return located->by_srv;
}

static void say_why_none(struct finding *finding, const struct name *name,
			 const struct dns_source *source)
{
	const struct located *located = of(name, source);

	if (is_declined(located))
		finding_evidence(
			finding,
			_("DNS server %s: %s says that it offers no SIP (SRV target \".\")."),
			source->name, name->host);
	else if (says_not_found(name, source))
		finding_evidence(finding, _("DNS server %s: there is no address for %s."),
				 source->name, name->host);
	else
		finding_evidence(finding, _("DNS server %s, asked for %s, %s."), source->name,
				 name->host,
				 dns_trouble(source->state == DNS_OK ? DNS_FAILED : source->state));
}

/* Dead resolvers are a finding of their own: here somebody must have answered that there is
 * nothing, or everybody, public-dns too, that it could not find out. */
static bool is_nowhere(const struct name *name)
{
	const struct dns_picture *picture = name->picture;
	bool failed = picture->sources != 0;

	if (anyone_has_addresses(name))
		return false;
	for (size_t i = 0; i < picture->sources; i++) {
		const struct dns_source *source = &picture->source[i];

		if (source->state == DNS_OK &&
		    (!of(name, source)->by_srv || is_declined(of(name, source))))
			return true;
		failed = failed && source->state == DNS_FAILED;
	}
	return failed && dns_outside(picture);
}

static void judge_nowhere(const struct name *name)
{
	struct finding *finding;

	if (!is_nowhere(name))
		return;
	finding = finding_new("dns-name-not-found");
	for (size_t i = 0; i < name->picture->sources; i++)
		say_why_none(finding, name, &name->picture->source[i]);
	sink_finding_take(name->sink, finding);
}

/* ---- SRV ---- */

static bool is_absent(const struct dns_answer *answer)
{
	return !answer || answer->state == DNS_NO_DATA || answer->state == DNS_NO_NAME;
}

static void judge_no_srv(const struct name *name, const struct dns_source *source)
{
	const struct located *located = of(name, source);
	struct finding *finding;

	if (!name->sip || !located->services || !located->targets.count ||
	    !is_absent(located->naptr))
		return;
	for (size_t i = 0; i < located->services; i++)
		if (!is_absent(located->srv[i]))
			return;
	finding = finding_new("dns-no-srv");
	finding_evidence(finding, _("%s has no NAPTR and no SRV records for SIP, but an address."),
			 name->host);
	sink_finding_take(name->sink, finding);
}

enum outcome { GOOD, BAD, OPEN };

/* Whether an SRV target has an address; open where a resolver did not say that it has none. */
static enum outcome target_outcome(const struct name *name, const struct dns_source *source,
				   const char *target)
{
	const int family = name->picture->subject[name->index].query.family;
	struct dns *dns = name->picture->dns;
	bool open = false;

	for (int i = 0; i < 2; i++) {
		const struct dns_answer *answer;

		if (family == (i ? AF_INET6 : AF_INET))
			continue;
		answer = dns_ask(dns, source->view, target,
				 i ? DNS_A : DNS_AAAA); /* known: locate() asked */
		if (answer->count)
			return GOOD;
		open = open || !is_absent(answer);
	}
	return open ? OPEN : BAD;
}

static void judge_srv_targets(const struct name *name, const struct dns_source *source)
{
	const struct located *located = of(name, source);
	struct finding *finding = NULL;
	size_t good = 0;

	for (size_t i = 0; i < located->services; i++)
		for (size_t j = 0; j < located->srv[i]->count && j < LOCATE_HOSTS_MAX; j++) {
			const char *target = located->srv[i]->record[j].name;
			const enum outcome outcome =
				*target ? target_outcome(name, source, target) : OPEN;
			char *shown;

			good += outcome == GOOD;
			if (outcome != BAD)
				continue;
			if (!finding)
				finding = finding_new("dns-srv-target-unresolvable");
			shown = text_safe(target, strlen(target), NAME_SHOWN_MAX);
			finding_evidence(finding,
					 _("%s names the server %s, which has no address."),
					 located->srv[i]->name, shown);
			free(shown);
		}
	if (!finding)
		return;
	finding->severity = good ? SEVERITY_RISK : SEVERITY_FAULT;
	sink_finding_take(name->sink, finding);
}

/* ---- other places inside than outside ---- */

/* What it means that `a`, a resolver of the site, and `b` lead to places of which none is the same.
 * -1: nothing. */
static int severity_of_difference(const struct name *name, const struct dns_source *a,
				  const struct dns_source *b)
{
	const enum dns_reach here = dns_reach_of(name->picture, of(name, a));
	const enum dns_reach there = dns_reach_of(name->picture, of(name, b));
	const bool inward = dns_all_inward(of(name, a)) && !dns_all_inward(of(name, b));

	if (!name->sip)
		return inward ? SEVERITY_RISK : -1;
	if (here == REACH_ANSWERS)
		return inward ? SEVERITY_NOTE : -1; /* its own server inside; one of many outside */
	if (there == REACH_ANSWERS)
		return inward ? SEVERITY_FAULT : SEVERITY_RISK;
	return inward ? SEVERITY_RISK : SEVERITY_NOTE;
}

/* The same where `a` gives nothing. A failure may be gone in a minute. Beside a resolver that knows
 * the name it is a risk: phones ask either. */
static int severity_of_absence(const struct name *name, const struct dns_source *a,
			       const struct dns_source *b)
{
	if (!b->outside || fails_at(name, a))
		return SEVERITY_RISK;
	for (size_t i = 0; i < name->picture->sources; i++)
		if (!name->picture->source[i].outside &&
		    of(name, &name->picture->source[i])->targets.count)
			return SEVERITY_RISK;
	return SEVERITY_FAULT;
}

static int severity_of_pair(const struct name *name, const struct dns_source *a,
			    const struct dns_source *b)
{
	if (a == b || a->outside || !of(name, b)->targets.count)
		return -1;
	if (says_not_found(name, a) || fails_at(name, a))
		return severity_of_absence(name, a, b);
	return dns_disjoint(of(name, a), of(name, b)) ? severity_of_difference(name, a, b) : -1;
}

static void say_pair(struct finding *finding, const struct name *name, const struct dns_source *a,
		     const struct dns_source *b)
{
	if (says_not_found(name, a) || fails_at(name, a))
		say_why_none(finding, name, a);
	else
		say_addresses(finding, name, a);
	say_addresses(finding, name, b);
	if (!name->sip)
		return;
	if (of(name, a)->targets.count) {
		say_reach(finding, name, a);
		say_reach(finding, name, b);
	}
}

/* True if it found something. Only the worst pair is told: the others say the same. */
static bool judge_difference(const struct name *name)
{
	const struct dns_picture *picture = name->picture;
	const struct dns_source *worst_a = NULL, *worst_b = NULL;
	struct finding *finding;
	int worst = -1;

	for (size_t i = 0; i < picture->sources; i++)
		for (size_t j = picture->sources; j-- > 0;) {
			const int severity =
				severity_of_pair(name, &picture->source[i], &picture->source[j]);

			if (severity <= worst)
				continue;
			worst = severity;
			worst_a = &picture->source[i];
			worst_b = &picture->source[j];
		}
	if (worst < 0)
		return false;
	finding = finding_new("dns-split-horizon");
	finding->severity = (enum severity)worst;
	finding_place(finding, 0, worst_a->name);
	say_pair(finding, name, worst_a, worst_b);
	sink_finding_take(name->sink, finding);
	return true;
}

/* ---- addresses that a phone here cannot use ---- */

static void judge_private(const struct name *name, const struct dns_source *source)
{
	const struct located *located = of(name, source);
	const struct dns_source *public = dns_outside(name->picture);
	const bool published = public && dns_any_inward(of(name, public));
	const bool answers = dns_reach_of(name->picture, located) == REACH_ANSWERS;
	struct finding *finding;

	/* A server of the site's own, or one whose name nobody outside knows: as it should be. */
	if (!dns_any_inward(located) || (answers && !published))
		return;
	finding = finding_new("dns-private-address");
	finding->severity = answers                                ? SEVERITY_NOTE
			    : published && dns_all_inward(located) ? SEVERITY_FAULT
								   : SEVERITY_RISK;
	if (published)
		finding->side = SIDE_PROVIDER;
	say_addresses(finding, name, source);
	if (published)
		say_addresses(finding, name, public);
	if (name->sip)
		say_reach(finding, name, source);
	sink_finding_take(name->sink, finding);
}

/* Harmless where phones fall back to IPv4; without any IPv4 address there is nothing to fall back
 * to. */
static void judge_ipv6(const struct name *name, const struct dns_source *source)
{
	const struct sip_targets *targets = &of(name, source)->targets;
	const struct addr *v6 = NULL;
	bool v4 = false;
	char text[ADDR_TEXT];
	struct finding *finding;

	for (size_t i = 0; i < targets->count; i++) {
		const struct addr *addr = &targets->target[i].addr;

		if (addr_family(addr) == AF_INET)
			v4 = true;
		else if (locate_routable(addr))
			return;
		else
			v6 = addr;
	}
	if (!v6)
		return;
	finding = finding_new("dns-ipv6-unroutable");
	if (!v4)
		finding->severity = SEVERITY_FAULT;
	finding_evidence(finding, _("%s has the address %s, and this computer has no route to it."),
			 name->host, addr_host_text(text, v6));
	if (!v4)
		finding_evidence(finding, _("It has no IPv4 address to fall back to."));
	sink_finding_take(name->sink, finding);
}

void dns_judge_name(const struct dns_picture *picture, size_t subject, struct sink *sink)
{
	const struct name name = {
		.picture = picture,
		.index = subject,
		.host = picture->subject[subject].query.host,
		.sip = picture->subject[subject].sip,
		.sink = sink,
	};
	const struct dns_source *best = dns_best(picture, subject);
	const bool differs = judge_difference(&name);

	judge_nowhere(&name);
	if (!best)
		return;
	judge_no_srv(&name, best);
	judge_srv_targets(&name, best);
	if (!differs)
		judge_private(&name, best);
	judge_ipv6(&name, best);
}
