/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"
#include "check/ports_sip.h"
#include "check/target.h"
#include "proto/date.h"

static const char *const transport_names[] = { "UDP", "TCP", "TLS" };
static const char *const state_words[] = { N_("unknown"), N_("silent"), N_("filtered"),
					   N_("refused"), N_("open") };

static bool any_open(const struct ports_sip *sip)
{
	for (int i = 0; i < PORTS_SIP_TRANSPORTS; i++)
		if (sip->way[i].state == PORTS_OPEN)
			return true;
	return false;
}

static void add_ways(struct finding *finding, const struct ports_sip *sip)
{
	char text[ADDR_TEXT];

	for (int i = 0; i < PORTS_SIP_TRANSPORTS; i++)
		if (addr_is_set(&sip->way[i].to))
			finding_evidence(finding, _("SIP OPTIONS over %s to %s: %s%s."),
					 transport_names[i], addr_text(text, &sip->way[i].to),
					 _(state_words[sip->way[i].state]),
					 sip->way[i].connected && sip->way[i].state == PORTS_SILENT
						 ? _(" (connected, but no SIP answer)")
						 : "");
}

/* Blocked: ICMP proves it, or the server answers another way while this one is offered too: one
 * that was only tried the server may simply not have. */
static void judge_way(const struct ports_sip *sip, enum sip_transport transport, struct sink *sink)
{
	static const char *const ids[] = { "sip-udp-blocked", "sip-tcp-blocked",
					   "sip-tls-blocked" };
	const struct ports_way *way = &sip->way[transport];
	const bool silent =
		way->state == PORTS_SILENT && !way->connected && any_open(sip) && way->offered;
	struct finding *finding;
	char text[ADDR_TEXT];

	if (way->state != PORTS_FILTERED && !silent)
		return;
	finding = finding_new(ids[transport]);
	if (transport != sip->used)
		finding->severity = SEVERITY_NOTE;
	add_ways(finding, sip);
	if (addr_is_set(&way->offender)) {
		finding_evidence(finding, _("%s says so by ICMP."),
				 addr_host_text(text, &way->offender));
		finding_place(finding, 0, text);
	}
	sink_finding_take(sink, finding);
}

static void judge_silence(const struct ports_sip *sip, struct sink *sink)
{
	bool silent = false, alive = false;
	struct finding *finding;

	for (int i = 0; i < PORTS_SIP_TRANSPORTS; i++) {
		const enum ports_state state = sip->way[i].state;

		if (state == PORTS_OPEN || state == PORTS_FILTERED)
			return;
		silent |= state == PORTS_SILENT || state == PORTS_REFUSED;
		alive |= state == PORTS_REFUSED || sip->way[i].connected;
	}
	if (!silent)
		return;
	finding = finding_new("sip-server-silent");
	/* With no sign of life at all it may be the line as well. */
	if (!alive)
		finding->side = SIDE_UNKNOWN;
	add_ways(finding, sip);
	sink_finding_take(sink, finding);
}

static void tell(struct sink *sink, const char *id, const char *sentence, const char *detail)
{
	struct finding *finding = finding_new(id);

	finding_evidence(finding, "%s: %s.", sentence, detail);
	sink_finding_take(sink, finding);
}

/* This computer's clock is off, and by the server's the certificate holds: nobody may blame the
 * provider. */
static bool clock_is_to_blame(const struct ports_sip *sip)
{
	enum { OFF_SECONDS = 300 };
	int64_t theirs;

	return !date_parse(&theirs, slice_of_text(sip->answer.date)) &&
	       llabs((long long)theirs - (long long)time(NULL)) > OFF_SECONDS &&
	       theirs >= sip->certificate.not_before && theirs <= sip->certificate.not_after;
}

static void judge_certificate(const struct ports_sip *sip, const struct site *site,
			      struct sink *sink)
{
	const struct stream_certificate *shown = &sip->certificate;
	const bool expired = shown->expired && !clock_is_to_blame(sip);
	char when[CLOCK_TEXT];

	if (!shown->shown)
		return;
	sink_fact_text(sink, "tls.version", shown->version);
	sink_fact_text(sink, "tls.subject", shown->subject);
	sink_fact_text(sink, "tls.expires", clock_utc_text(when, shown->not_after));
	sink_fact_text(sink, "tls.verify",
		       sip->intercepted                   ? "replaced by a device on the way"
		       : expired                          ? "expired"
		       : shown->expired || shown->not_yet ? "not valid by this computer's clock"
		       : !shown->name_fits                ? "for another name"
		       : !shown->trusted                  ? shown->why_not
							  : "ok");
	if (sip->intercepted) {
		tell(sink, "tls-intercepted",
		     _("A certificate came for a made-up name that no server can have, from the "
		       "same "
		       "issuer"),
		     shown->issuer);
		return; /* what it says is not the provider's */
	}
	if (expired)
		tell(sink, "tls-certificate-expired",
		     _("By this computer's clock it, or one it rests on, has expired; its own last "
		       "moment is"),
		     when);
	if (!shown->name_fits)
		tell(sink, "tls-certificate-name", _("It is not for the name that phones use"),
		     target_server(site)->host);
	if (!shown->trusted)
		tell(sink, "tls-certificate-untrusted", _("This computer does not trust it"),
		     shown->why_not);
}

void ports_sip_report(const struct ports_sip *sip, const struct site *site, struct sink *sink)
{
	static const char *const names[] = { "sip.udp", "sip.tcp", "sip.tls" };

	for (int i = 0; i < PORTS_SIP_TRANSPORTS; i++) {
		sink_fact_text(sink, names[i], state_words[sip->way[i].state]);
		judge_way(sip, (enum sip_transport)i, sink);
	}
	if (sip->answer.server[0])
		sink_fact_text(sink, "sip.server", sip->answer.server);
	judge_silence(sip, sink);
	judge_certificate(sip, site, sink);
	if (sip->large_lost)
		tell(sink, "sip-large-udp-lost",
		     _("A SIP message of 1600 bytes over UDP got no answer three times, a short "
		       "one "
		       "did "
		       "before and after"),
		     _("it does not pass"));
}

char *ports_sip_words(const struct ports_sip *sip)
{
	return mem_printf(_("SIP: UDP %s, TCP %s, TLS %s"), _(state_words[sip->way[SIP_UDP].state]),
			  _(state_words[sip->way[SIP_TCP].state]),
			  _(state_words[sip->way[SIP_TLS].state]));
}
