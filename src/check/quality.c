/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How good a call over this line would sound: ten seconds of packets like those of speech, there
 * and back, and how far their mark for urgency comes. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "check/check.h"
#include "check/quality_mark.h"
#include "check/quality_stream.h"
#include "model/emodel.h"
#include "net/resolver.h"
#include "proto/stun.h"

enum {
	NAMES_MS = 3500,
	LAST_MS = 500, /* for the answer to the last packet: a line slower than that is no line */
	MARK_MS = 4000,
	/* Contract: loss in per cent, jitter and one-way delay (G.114) in milliseconds. */
	LOSS_RISK = 1,
	LOSS_FAULT = 5,
	JITTER_RISK = 30,
	JITTER_FAULT = 50,
	LATE_MS = 150,
};

/* Who answers a STUN request: the responder, else the first STUN server. */
static const struct host_port *far_end(const struct site *site)
{
	if (site->responder.host)
		return &site->responder;
	return site->stun_count ? &site->stun[0] : NULL;
}

static const char *why_not(const struct site *site)
{
	return far_end(site) ? NULL : N_("no responder and no STUN server is named in the profile");
}

/* By IPv4, as most phones go; by IPv6 where that is all there is. */
static enum err find_server(struct addr *out, const struct site *site)
{
	const struct deadline until = deadline_in(NAMES_MS);
	const struct host_port *host = far_end(site);
	const uint16_t port = host->port ? host->port : STUN_PORT;
	struct addr_list list = { 0 };
	enum err err = ERR_NOT_FOUND;

	if (site->family != AF_INET6)
		err = resolver_host(&list, host->host, port, AF_INET, &until);
	if (err == ERR_NOT_FOUND && site->family != AF_INET)
		err = resolver_host(&list, host->host, port, AF_INET6, &until);
	if (!err)
		*out = list.addr[0];
	addr_list_clear(&list);
	return err;
}

static double rounded(double value)
{
	return (double)(long)(value * 10 + 0.5) / 10;
}

static double rating_mos(const struct quality_figures *figures)
{
	return emodel_mos(emodel_rating(quality_delay_ms(figures), figures->loss_pct,
					emodel_codec_find("PCMU")));
}

static void tell_facts(struct sink *sink, const struct quality_figures *figures)
{
	sink_fact_number(sink, "quality.rtt-ms", rounded(figures->rtt_ms));
	sink_fact_number(sink, "quality.jitter-ms", rounded(figures->jitter_ms));
	if (figures->cut_off)
		return; /* a server that has had enough loses nothing on the line */
	sink_fact_number(sink, "quality.loss-pct", rounded(figures->loss_pct));
	sink_fact_number(sink, "quality.mos", rounded(rating_mos(figures)));
}

static void add_method(struct finding *finding, const struct quality_stream *stream)
{
	char server[ADDR_TEXT];

	finding_evidence(
		finding,
		"Measured there and back: %d bytes every %d ms to %s, each answered by it; "
		"which of the two ways it was does not show.",
		QUALITY_BYTES, QUALITY_INTERVAL_MS, addr_text(server, &stream->server));
}

static void find_loss(struct sink *sink, const struct quality_stream *stream,
		      const struct quality_figures *figures)
{
	struct finding *finding;

	if (figures->loss_pct < LOSS_RISK)
		return;
	finding = finding_new("loss-high");
	if (figures->loss_pct >= LOSS_FAULT)
		finding->severity = SEVERITY_FAULT;
	finding_evidence(finding, "%zu of %zu packets did not come back (%.1f %%).",
			 figures->sent - figures->came, figures->sent, figures->loss_pct);
	add_method(finding, stream);
	sink_finding_take(sink, finding);
}

static void find_jitter(struct sink *sink, const struct quality_stream *stream,
			const struct quality_figures *figures)
{
	struct finding *finding;

	if (figures->jitter_ms < JITTER_RISK)
		return;
	finding = finding_new("jitter-high");
	if (figures->jitter_ms >= JITTER_FAULT)
		finding->severity = SEVERITY_FAULT;
	finding_evidence(finding, "The jitter is %.0f ms (RFC 3550); under %d is well.",
			 figures->jitter_ms, JITTER_RISK);
	add_method(finding, stream);
	sink_finding_take(sink, finding);
}

static void find_delay(struct sink *sink, const struct quality_stream *stream,
		       const struct quality_figures *figures)
{
	struct finding *finding;

	if (figures->rtt_ms / 2 < LATE_MS)
		return;
	finding = finding_new("latency-high");
	finding_evidence(finding,
			 "The round trip takes %.0f ms, so one way about %.0f; under %d is well "
			 "(G.114).",
			 figures->rtt_ms, figures->rtt_ms / 2, LATE_MS);
	add_method(finding, stream);
	sink_finding_take(sink, finding);
}

static void find_mark(struct sink *sink, const struct quality_path *path)
{
	char there[ADDR_TEXT], cleared[ADDR_TEXT];
	struct finding *finding;

	if (path->mark != MARK_CLEARED)
		return;
	finding = finding_new("dscp-cleared");
	addr_host_text(cleared, &path->cleared_by);
	if (path->there) {
		addr_host_text(there, &path->there_by);
		finding_place(finding, path->there, there);
		finding_evidence(
			finding,
			"Packets marked EF still had their mark at hop %u (%s), and at hop "
			"%u (%s) no longer.",
			path->there, there, path->cleared, cleared);
	} else {
		finding_place(finding, path->cleared, cleared);
		finding_evidence(finding, "Packets marked EF came to hop %u (%s) without the mark.",
				 path->cleared, cleared);
	}
	sink_finding_take(sink, finding);
}

static void find_all(struct sink *sink, const struct quality_stream *stream,
		     const struct quality_figures *figures)
{
	if (!figures->cut_off)
		find_loss(sink, stream, figures);
	find_jitter(sink, stream, figures);
	find_delay(sink, stream, figures);
}

static void sum_up(struct sink *sink, const struct quality_stream *stream,
		   const struct quality_figures *figures)
{
	char server[ADDR_TEXT];

	addr_text(server, &stream->server);
	if (figures->cut_off)
		sink_summary(
			sink,
			"After a while %s answered no more: loss could not be told. Round trip "
			"%.0f ms, jitter %.1f ms.",
			server, figures->rtt_ms, figures->jitter_ms);
	else
		sink_summary(sink,
			     "%.1f %% lost, jitter %.1f ms, round trip %.0f ms: good for a MOS of "
			     "%.1f (to %s and back)",
			     figures->loss_pct, figures->jitter_ms, figures->rtt_ms,
			     rating_mos(figures), server);
}

static enum check_state fail(struct sink *sink, const struct site *site, enum err err)
{
	if (err == ERR_TIMEOUT)
		sink_why(sink, "%s answered nothing", far_end(site)->host);
	else
		sink_why(sink, "%s could not be asked: %s", far_end(site)->host, err_text(err));
	return CHECK_FAILED;
}

/* A server that answers none of the first is not asked for ten seconds. */
static enum err try_server(const struct quality_plan *plan, struct quality_stream *stream,
			   struct sink *sink)
{
	const struct quality_plan first = {
		.server = plan->server, .device = plan->device, .packets = 5, .last_ms = 1500
	};
	struct quality_figures figures;

	quality_stream_run(stream, &first, sink);
	quality_figures(&figures, stream);
	return stream->err ? stream->err : figures.came ? ERR_NONE : ERR_TIMEOUT;
}

static void tell(const struct site *site, struct sink *sink, const struct quality_stream *stream)
{
	const struct deadline until = deadline_in(MARK_MS);
	struct quality_figures figures;
	struct quality_path path;

	quality_figures(&figures, stream);
	tell_facts(sink, &figures);
	find_all(sink, stream, &figures);
	sum_up(sink, stream, &figures);
	sink_progress(sink, 0.95, N_("looking how far the mark for urgent packets comes"));
	quality_mark_trace(&path, site, &stream->server, &until);
	find_mark(sink, &path);
}

static enum check_state run(const struct site *site, struct sink *sink)
{
	struct quality_stream *stream = mem_new(1, sizeof *stream);
	struct quality_plan plan = { .device = site->interface,
				     .packets = QUALITY_PACKETS,
				     .last_ms = LAST_MS };
	enum err err;

	sink_progress(sink, 0, N_("looking up who answers"));
	err = find_server(&plan.server, site);
	if (!err) {
		sink_progress(sink, 0.1, N_("sending packets like those of speech"));
		err = try_server(&plan, stream, sink);
	}
	if (!err) {
		quality_stream_run(stream, &plan, sink);
		err = stream->err;
	}
	if (!err)
		tell(site, sink, stream);
	free(stream);
	sink_progress(sink, 1, NULL);
	return err ? fail(sink, site, err) : CHECK_DONE;
}

static const char *const facts[] = {
	"quality.rtt-ms", "quality.jitter-ms",     "quality.loss-pct",
	"quality.mos",    "quality.loaded-rtt-ms", NULL,
};

const struct check check_quality = {
	.name = "quality",
	.title = N_("Line"),
	.about = N_("Sends ten seconds of packets like those of speech, and sees what comes back."),
	.seconds = 30,
	.facts = facts,
	.why_not = why_not,
	.run = run,
};
