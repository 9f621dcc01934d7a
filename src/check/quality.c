/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How good a call over this line would sound: ten seconds of packets like those of speech, there
 * and back, how far their mark for urgency comes, and what becomes of them while the line is busy.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/mem.h"
#include "check/check.h"
#include "check/quality_load.h"
#include "check/quality_mark.h"
#include "check/quality_stream.h"
#include "check/target.h"
#include "model/emodel.h"
#include "net/icmp.h"
#include "proto/stun.h"

enum {
	NAMES_MS = 3500,
	LAST_MS = 500, /* for the answer to the last packet: a line slower than that is no line */
	MARK_MS = 4000,
	TURN_MS = 8000, /* until nobody else has the turn */
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

static double rating_mos(const struct quality_figures *figures)
{
	return emodel_mos(emodel_rating(quality_delay_ms(figures), figures->loss_pct,
					emodel_codec_find("PCMU")));
}

static double share(size_t part, size_t whole)
{
	return whole ? quality_rounded(100.0 * (double)part / (double)whole) : 0;
}

static void tell_facts(struct sink *sink, const struct quality_figures *figures)
{
	sink_fact_number(sink, "quality.rtt-ms", quality_rounded(figures->rtt_ms));
	sink_fact_number(sink, "quality.jitter-ms", quality_rounded(figures->jitter_ms));
	if (figures->cut_off)
		return; /* a server that has had enough loses nothing on the line */
	sink_fact_number(sink, "quality.loss-pct", quality_rounded(figures->loss_pct));
	if (figures->counted) {
		sink_fact_number(sink, "quality.loss-out-pct",
				 share(figures->lost_out, figures->counted));
		sink_fact_number(sink, "quality.loss-in-pct",
				 share(figures->lost_in, figures->counted - figures->lost_out));
	}
	sink_fact_number(sink, "quality.mos", quality_rounded(rating_mos(figures)));
}

/* On which way, where one has at least four in five of the losses. */
enum { MOST = 4 };

static enum direction lossy_way(const struct quality_figures *figures)
{
	if (figures->lost_out && figures->lost_out >= MOST * figures->lost_in)
		return DIRECTION_OUT;
	return figures->lost_in && figures->lost_in >= MOST * figures->lost_out ? DIRECTION_IN
										: DIRECTION_BOTH;
}

static void add_method(struct finding *finding, const struct quality_stream *stream)
{
	char server[ADDR_TEXT];

	if (stream->asked) {
		finding_evidence(
			finding,
			_("Measured there and back: %d bytes every %d ms to %s, RTP that it "
			  "sends back and STUN that it answers and counts."),
			QUALITY_BYTES, QUALITY_INTERVAL_MS, addr_text(server, &stream->server));
		return;
	}

	finding_evidence(
		finding,
		stream->echoed
			? _("Measured there and back: %d bytes of RTP every %d ms to %s, each "
			    "sent back by it; which of the two ways it was does not show.")
			: _("Measured there and back: %d bytes every %d ms to %s, each "
			    "answered by it; which of the two ways it was does not show."),
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
	finding_evidence(finding, _("%zu of %zu packets did not come back (%.1f %%)."),
			 figures->sent - figures->came, figures->sent, figures->loss_pct);
	if (figures->counted) {
		finding->direction = lossy_way(figures);
		finding_evidence(finding,
				 _("Of %zu that the responder counted, %zu got lost on the way out "
				   "and %zu on the way back."),
				 figures->counted, figures->lost_out, figures->lost_in);
	}
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
	finding_evidence(finding, _("The jitter is %.0f ms (RFC 3550); under %d is well."),
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
			 _("The round trip takes %.0f ms, so one way about %.0f; under %d is well "
			   "(G.114)."),
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
			_("Packets marked EF still had their mark at hop %u (%s), and at hop "
			  "%u (%s) no longer."),
			path->there, there, path->cleared, cleared);
	} else {
		finding_place(finding, path->cleared, cleared);
		finding_evidence(finding,
				 _("Packets marked EF came to hop %u (%s) without the mark."),
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

/* `busy_ms`: the round trip on the busy line; 0: not measured. */
static void sum_up(struct sink *sink, const struct quality_stream *stream,
		   const struct quality_figures *figures, double busy_ms)
{
	char server[ADDR_TEXT];

	addr_text(server, &stream->server);
	if (figures->cut_off)
		sink_summary(
			sink,
			_("After a while %s answered no more: loss could not be told. Round trip "
			  "%.0f ms, jitter %.1f ms."),
			server, figures->rtt_ms, figures->jitter_ms);
	else if (busy_ms > 0)
		sink_summary(
			sink,
			_("%.1f %% lost, jitter %.1f ms, round trip %.0f ms, %.0f ms while the "
			  "line is busy: good for a MOS of %.1f (to %s and back)"),
			figures->loss_pct, figures->jitter_ms, figures->rtt_ms, busy_ms,
			rating_mos(figures), server);
	else
		sink_summary(
			sink,
			_("%.1f %% lost, jitter %.1f ms, round trip %.0f ms: good for a MOS of "
			  "%.1f (to %s and back)"),
			figures->loss_pct, figures->jitter_ms, figures->rtt_ms, rating_mos(figures),
			server);
}

static enum check_state fail(struct sink *sink, const struct site *site, enum err err)
{
	if (err == ERR_TIMEOUT)
		sink_why(sink, _("%s answered nothing"), far_end(site)->host);
	else
		sink_why(sink, _("%s could not be asked: %s"), far_end(site)->host, err_text(err));
	return CHECK_FAILED;
}

/* A server that answers none of the first is not asked for ten seconds. */
static enum err try_server(const struct quality_plan *plan, struct quality_stream *stream,
			   struct sink *sink)
{
	const struct quality_plan first = { .server = plan->server,
					    .device = plan->device,
					    .packets = 5,
					    .last_ms = 1500,
					    .echo = plan->echo };
	struct quality_figures figures;

	quality_stream_run(stream, &first, sink);
	quality_figures(&figures, stream);
	return stream->err ? stream->err : figures.came ? ERR_NONE : ERR_TIMEOUT;
}

/* A responder sends RTP back from its RTP ports; with others, and where it does not, the answers to
 * STUN have to do. */
static enum err choose_server(struct quality_plan *plan, const struct site *site,
			      struct quality_stream *stream, struct sink *sink)
{
	const uint16_t main_port = addr_port(&plan->server);

	if (site->responder.host) {
		if (site->rtp_first)
			addr_set_port(&plan->server,
				      (uint16_t)(site->rtp_first + site->rtp_first % 2));
		plan->echo = true;
		if (!try_server(plan, stream, sink))
			return ERR_NONE;
		plan->echo = false;
		addr_set_port(&plan->server, main_port);
	}
	return try_server(plan, stream, sink);
}

/* Not while others look for answers that the load could drown. The round trip then; 0: not known.
 */
static double load_line(const struct site *site, struct sink *sink,
			const struct quality_stream *stream, double idle_ms)
{
	const struct deadline until = deadline_in(TURN_MS);
	struct quality_load load;

	sink_progress(sink, 0.97, N_("making the line busy for a moment"));
	if (icmp_turn_take(site->icmp, &until))
		return 0;
	quality_load_run(&load, &stream->server, site->interface, idle_ms);
	icmp_turn_leave(site->icmp);
	quality_load_report(&load, &stream->server, idle_ms, sink);
	return load.rtt_ms;
}

static void tell(const struct site *site, struct sink *sink, const struct quality_stream *stream)
{
	const struct deadline until = deadline_in(MARK_MS);
	struct quality_figures figures;
	struct quality_path path;
	double busy_ms = 0;

	quality_figures(&figures, stream);
	tell_facts(sink, &figures);
	find_all(sink, stream, &figures);
	sink_progress(sink, 0.95, N_("looking how far the mark for urgent packets comes"));
	quality_mark_trace(&path, site, &stream->server, &until);
	find_mark(sink, &path);
	if (stream->echoed && figures.came && !figures.cut_off)
		busy_ms = load_line(site, sink, stream, figures.rtt_ms);
	sum_up(sink, stream, &figures, busy_ms);
}

static enum check_state run(const struct site *site, struct sink *sink)
{
	const struct deadline names = deadline_in(NAMES_MS);
	struct quality_stream *stream = mem_new(1, sizeof *stream);
	struct quality_plan plan = { .device = site->interface,
				     .packets = QUALITY_PACKETS,
				     .last_ms = LAST_MS };
	enum err err;

	sink_progress(sink, 0, N_("looking up who answers"));
	err = target_host(&plan.server, site, far_end(site), STUN_PORT, &names);
	if (!err) {
		sink_progress(sink, 0.1, N_("sending packets like those of speech"));
		err = choose_server(&plan, site, stream, sink);
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
	"quality.rtt-ms",        "quality.jitter-ms",    "quality.loss-pct",    "quality.mos",
	"quality.loaded-rtt-ms", "quality.loss-out-pct", "quality.loss-in-pct", NULL,
};

const struct check check_quality = {
	.name = "quality",
	.title = N_("Line"),
	.about = N_("Sends ten seconds of packets like those of speech, and sees what comes back."),
	.seconds = 45,
	.facts = facts,
	.why_not = why_not,
	.run = run,
};
