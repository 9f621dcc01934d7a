/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/analysis_parts.h"
#include "analysis/call_json.h"
#include "analysis/compare.h"
#include "analysis/named.h"
#include "analysis/verdict.h"
#include "analysis/wire_log.h"
#include "base/mem.h"

/* Streams that nobody has claimed are told after that long a silence. */
static const int64_t idle_ns = 60 * (int64_t)PACKET_SECOND;
/* Streams of calls that were told are kept for so long, as another leg may have them too. */
static const int64_t told_ns = 5 * (int64_t)PACKET_SECOND;
static const int64_t tick_ns = PACKET_SECOND, sweep_ns = 10 * (int64_t)PACKET_SECOND;
/* A capture whose clock leaps from packet to packet does not make us sweep with each of them. */
enum { PACKETS_PER_TICK = 64 };
/* Without SIP, fewer are no call. */
enum { LONE_PACKETS_MIN = 20 };

static const char *const vantages[] = { "unknown", "phone", "inside", "outside", "server" };
enum { VANTAGES = sizeof vantages / sizeof *vantages };

const char *vantage_text(enum vantage vantage)
{
	return vantages[vantage];
}

enum err vantage_parse(enum vantage *out, const char *text)
{
	for (size_t i = 0; i < VANTAGES; i++)
		if (!strcmp(vantages[i], text)) {
			*out = (enum vantage)i;
			return ERR_NONE;
		}
	return ERR_SYNTAX;
}

const struct finding *const *analysis_findings(size_t *count, const struct analysis *analysis)
{
	*count = analysis->tally.count;
	return (const struct finding *const *)analysis->tally.finding;
}

/* --- calls ------------------------------------------------------------------------------------*/

static void tell(struct analysis *analysis, struct scene *scene)
{
	struct call_told told = { &analysis->json, call_started_ns(scene) };
	struct verdict verdict;

	scene->refusals = &analysis->refusals;
	scene->capture_ns = analysis->now_ns;
	scene->traces = analysis->options.traces;
	if (scene->call)
		scene->ice = ice_of_call(analysis->ice, scene->call);
	verdict_reach(&verdict, scene);
	for (size_t i = 0; i < verdict.finding_count; i++)
		tally_add(&analysis->tally, verdict.finding[i],
			  scene->call ? scene->call->call_id : "");
	for (size_t i = 0; i < scene->stream_count; i++)
		scene->stream[i].stream->notes.claimed = true;
	json_text_reset(&analysis->json);
	call_json(&analysis->json, scene, &verdict);
	if (analysis->to.point)
		point_call(analysis->to.point, scene->call, &analysis->json);
	analysis->to.call(&told, analysis->to.context);
	verdict_clear(&verdict);
}

bool analysis_skips(const struct analysis *analysis, const struct sip_call *call)
{
	const char *skip = analysis->options.skip;

	return skip && !call->answered_ns && call->from && !strncmp(call->from, skip, strlen(skip));
}

static void call_done(struct sip_call *call, void *context)
{
	struct analysis *analysis = context;
	struct scene scene = { .capture_ns = analysis->now_ns };

	if (analysis_skips(analysis, call))
		return;
	scene_of_call(&scene, call, analysis->streams, &analysis->options);
	tell(analysis, &scene);
	scene_clear(&scene);
}

static void expect(const struct analysis *analysis, const struct endpoint *at,
		   const struct sip_call *call, const struct description *description)
{
	streams_expect(analysis->streams, at, description->audio, description->ns);
	streams_of_call(analysis->streams, at, call, call->started_ns);
}

static void call_described(struct sip_call *call, const struct description *description,
			   void *context)
{
	struct analysis *analysis = context;
	const struct sdp_media *audio = description->audio;

	if (!audio)
		return;
	if (audio->at.port && endpoint_is_set(&audio->at))
		expect(analysis, &audio->at, call, description);
	for (size_t i = 0; i < audio->candidate_count; i++)
		if (audio->candidate[i].component == 1 && audio->candidate[i].at.port)
			expect(analysis, &audio->candidate[i].at, call, description);
}

/* --- streams that no call claims ---------------------------------------------------------------*/

static void add_call(struct sip_call *call, void *context)
{
	named_add_call(context, call);
}

struct sweeping {
	struct analysis *analysis;
	struct named named;
	bool all; /* the capture is over */
	struct stream **lone;
	size_t lone_count, lone_room;
};

static bool is_idle(const struct sweeping *sweeping, const struct stream *stream, int64_t ns)
{
	return sweeping->all || sweeping->analysis->now_ns - stream->last_ns > ns;
}

static bool is_lone(const struct sweeping *sweeping, const struct stream *stream)
{
	return !stream->notes.claimed && is_idle(sweeping, stream, idle_ns) &&
	       stream->packets >= LONE_PACKETS_MIN && stream->regular &&
	       !named_has(&sweeping->named, &stream->src) &&
	       !named_has(&sweeping->named, &stream->dst);
}

static bool collect_lone(struct stream *stream, void *context)
{
	struct sweeping *sweeping = context;

	if (!is_lone(sweeping, stream))
		return true;
	if (sweeping->lone_count == sweeping->lone_room) {
		sweeping->lone_room = sweeping->lone_room ? sweeping->lone_room * 2 : 16;
		sweeping->lone =
			mem_resize(sweeping->lone, sweeping->lone_room, sizeof(struct stream *));
	}
	sweeping->lone[sweeping->lone_count++] = stream;
	return true;
}

static bool keep_stream(struct stream *stream, void *context)
{
	const struct sweeping *sweeping = context;

	return !(is_idle(sweeping, stream, stream->notes.claimed ? told_ns : idle_ns) &&
		 !named_has(&sweeping->named, &stream->src) &&
		 !named_has(&sweeping->named, &stream->dst));
}

/* Both ways at once, so when both are idle. */
static void tell_lone(struct sweeping *sweeping, struct stream *stream)
{
	struct analysis *analysis = sweeping->analysis;
	struct scene scene = { .capture_ns = analysis->now_ns };
	bool idle = true;

	if (stream->notes.claimed)
		return;
	scene_of_stream(&scene, stream, analysis->streams, &analysis->options);
	for (size_t i = 0; i < scene.stream_count; i++)
		idle = idle && is_idle(sweeping, scene.stream[i].stream, idle_ns);
	if (idle)
		tell(analysis, &scene);
	scene_clear(&scene);
}

static int by_first(const void *a, const void *b)
{
	const struct stream *const *one = a, *const *other = b;

	if ((*one)->first_ns != (*other)->first_ns)
		return (*one)->first_ns < (*other)->first_ns ? -1 : 1;
	return (*one)->number < (*other)->number ? -1 : 1;
}

static void sweep(struct analysis *analysis, bool all)
{
	struct sweeping sweeping = { .analysis = analysis, .all = all };

	dialogs_each(analysis->dialogs, add_call, &sweeping.named);
	named_sort(&sweeping.named);
	streams_each(analysis->streams, collect_lone, &sweeping);
	if (sweeping.lone_count)
		qsort(sweeping.lone, sweeping.lone_count, sizeof(struct stream *), by_first);
	for (size_t i = 0; i < sweeping.lone_count; i++)
		tell_lone(&sweeping, sweeping.lone[i]);
	streams_each(analysis->streams, keep_stream, &sweeping);
	free(sweeping.lone);
	named_clear(&sweeping.named);
}

/* --- packets ----------------------------------------------------------------------------------*/

/* RTP and RTCP begin with version 2 (RFC 3550, 5.1; RFC 7983, 7): by far most packets, so first. */
static void take_datagram(const struct datagram *datagram, void *context)
{
	struct analysis *analysis = context;
	const struct slice bytes = datagram->payload;

	if (analysis->to.point)
		wire_log_datagram(&analysis->to.point->log, datagram);
	if (bytes.left && bytes.at[0] >> 6 == 2 && !datagram->tcp) {
		streams_datagram(analysis->streams, datagram);
		return;
	}
	if (ice_datagram(analysis->ice, datagram))
		return;
	dialogs_datagram(analysis->dialogs, datagram);
}

static void take_refusal(const struct refusal *refusal, void *context)
{
	struct analysis *analysis = context;

	refusals_add(&analysis->refusals, refusal);
}

static void tick(struct analysis *analysis)
{
	analysis->ticked_ns = analysis->now_ns;
	analysis->packets_since = 0;
	dialogs_tick(analysis->dialogs, analysis->now_ns);
	if (analysis->now_ns - analysis->swept_ns < sweep_ns)
		return;
	analysis->swept_ns = analysis->now_ns;
	sweep(analysis, false);
}

void analysis_packet(struct analysis *analysis, const struct packet *packet)
{
	if (packet->ns > analysis->now_ns)
		analysis->now_ns = packet->ns;
	if (!analysis->ticked_ns)
		analysis->ticked_ns = analysis->swept_ns = analysis->now_ns;
	feed_packet(analysis->feed, packet);
	if (++analysis->packets_since >= PACKETS_PER_TICK &&
	    analysis->now_ns - analysis->ticked_ns >= tick_ns)
		tick(analysis);
}

void analysis_end(struct analysis *analysis)
{
	feed_end(analysis->feed);
	dialogs_tick(analysis->dialogs, analysis->now_ns);
	dialogs_end(analysis->dialogs);
	sweep(analysis, true);
	/* That it recorded, any packet shows. */
	if (analysis->to.point) {
		analysis->to.point->log.first_ns = feed_counts(analysis->feed)->first_ns;
		analysis->to.point->log.last_ns = feed_counts(analysis->feed)->last_ns;
	}
}

/* --- all of it --------------------------------------------------------------------------------*/

struct analysis *analysis_new(const struct analysis_options *options, const struct analysis_to *to)
{
	struct analysis *analysis = mem_new(1, sizeof *analysis);

	analysis->options = *options;
	analysis->to = *to;
	analysis->feed = feed_new(&(struct feed_to){
		.datagram = take_datagram, .refusal = take_refusal, .context = analysis });
	analysis->dialogs = dialogs_new(&(struct dialogs_to){
		.described = call_described, .done = call_done, .context = analysis });
	analysis->streams = streams_new();
	analysis->ice = ice_new();
	return analysis;
}

void analysis_free(struct analysis *analysis)
{
	if (!analysis)
		return;
	tally_clear(&analysis->tally);
	feed_free(analysis->feed);
	dialogs_free(analysis->dialogs);
	streams_free(analysis->streams);
	ice_free(analysis->ice);
	refusals_clear(&analysis->refusals);
	json_text_free(&analysis->json);
	free(analysis);
}

json_t *analysis_input(const struct analysis *analysis)
{
	const struct feed_counts *counts = feed_counts(analysis->feed);
	const uint64_t unread = dialogs_unread(analysis->dialogs);
	const uint64_t passed = counts->damaged + counts->unsupported + counts->dropped + unread;
	const struct {
		const char *name;
		uint64_t count;
	} rows[] = {
		{ "packets", counts->packets },
		{ "passed_over", passed },
		{ "snapped", counts->snapped },
		{ "damaged_packets", counts->damaged },
		{ "unsupported_packets", counts->unsupported },
		{ "incomplete_packets", counts->dropped },
		{ "unread_sip", unread },
		{ "calls_overflowed", dialogs_overflow(analysis->dialogs) },
		{ "streams_overflowed", streams_overflow(analysis->streams) },
	};
	json_t *json = json_object();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		json_object_set_new(json, rows[i].name, json_integer((json_int_t)rows[i].count));
	return json;
}
