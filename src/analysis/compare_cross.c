/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare_cross.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/packet.h"

/* Fewer packets of like payload may be chance. */
enum { LIKE_MIN = 5 };

/* Quartzes differ by some 100 ppm at worst; more than that is a queue which grows. In less time
 * even that is nothing beside what a packet waits. */
static const double drift_most = 500e-6;
enum { DRIFT_SECONDS_MIN = 5 };
/* What a queue adds to one direction it does not take from the other. */
static const double drift_uneven = 0.25;

static const struct wire_stream *logged_stream(const struct view *view, const json_t *stream)
{
	const char *ssrc = json_text_at(stream, "ssrc");
	struct endpoint src, dst;
	struct addr addr;

	if (addr_parse_port(&addr, json_text_at(stream, "src"), 0))
		return NULL;
	src = endpoint_from_addr(&addr);
	if (addr_parse_port(&addr, json_text_at(stream, "dst"), 0))
		return NULL;
	dst = endpoint_from_addr(&addr);
	return wire_log_find(&view->point->log, &src, &dst, (uint32_t)strtoul(ssrc, NULL, 16));
}

/* Streams of one direction at one point. */
struct flows {
	const struct wire_stream **stream;
	bool *followed; /* it is the continuation of one of the other point */
	size_t count;
};

static void flows_init(struct flows *flows, const struct view *view, const char *direction)
{
	const json_t *streams = json_object_get(view->call->json, "streams"), *stream;
	const size_t room = json_array_size(streams) + 1;
	size_t i;

	*flows = (struct flows){ .stream = mem_new(room, sizeof *flows->stream),
				 .followed = mem_new(room, sizeof *flows->followed) };
	json_array_foreach(streams, i, stream) {
		const struct wire_stream *logged =
			!strcmp(json_text_at(stream, "direction"), direction)
				? logged_stream(view, stream)
				: NULL;

		if (logged)
			flows->stream[flows->count++] = logged;
	}
}

static void flows_clear(struct flows *flows)
{
	free(flows->stream);
	free(flows->followed);
}

static void take_like(struct passage_to *to, struct flows *flows, size_t i)
{
	to->stream[to->count++] = flows->stream[i];
	flows->followed[i] = true;
}

/* The one whose payload is most like it, for a relay that numbers anew. */
static void find_by_payload(struct passage_to *to, const struct wire_stream *stream,
			    struct flows *flows)
{
	size_t most = LIKE_MIN - 1, best = flows->count;

	for (size_t i = 0; i < flows->count; i++) {
		const size_t like = passage_likeness(stream, flows->stream[i], true);

		if (like <= most)
			continue;
		most = like;
		best = i;
	}
	if (best == flows->count)
		return;
	to->by_payload = true;
	take_like(to, flows, best);
}

/* The streams of the other point that carried the same packets: several, where a mapping changed
 * during the call. `to` has room for all. */
static void find_like(struct passage_to *to, const struct wire_stream *stream, struct flows *flows)
{
	to->count = 0;
	to->by_payload = false;
	for (size_t i = 0; i < flows->count; i++)
		if (passage_likeness(stream, flows->stream[i], false))
			take_like(to, flows, i);
	if (!to->count)
		find_by_payload(to, stream, flows);
}

/* From the first packet of all to the last. */
static void flows_time(struct drift *drift, const struct flows *flows)
{
	for (size_t i = 0; i < flows->count; i++) {
		const struct wire_stream *stream = flows->stream[i];
		const int64_t begin_ns = stream->packet[0].ns;
		const int64_t end_ns = stream->packet[stream->packet_count - 1].ns;

		if (!i || begin_ns < drift->begin_ns)
			drift->begin_ns = begin_ns;
		if (!i || end_ns > drift->end_ns)
			drift->end_ns = end_ns;
	}
}

static void add_least(bool *has, int64_t *least_ns, bool more_has, int64_t more_ns)
{
	if (more_has && (!*has || more_ns < *least_ns))
		*least_ns = more_ns;
	*has |= more_has;
}

static void add_times(struct passage *all, const struct passage *more)
{
	if (!more->matched)
		return;
	if (!all->matched || more->least_ns < all->least_ns)
		all->least_ns = more->least_ns;
	if (!all->matched || more->most_ns > all->most_ns)
		all->most_ns = more->most_ns;
	add_least(&all->has_early, &all->early_ns, more->has_early, more->early_ns);
	add_least(&all->has_late, &all->late_ns, more->has_late, more->late_ns);
	all->mean_ns = (int64_t)(((double)all->mean_ns * (double)all->matched +
				  (double)more->mean_ns * (double)more->matched) /
				 (double)(all->matched + more->matched));
}

/* What was cut off at the end of one stream was not, where another went through later. */
static void add_cut(struct passage *all, const struct passage *more)
{
	if (more->matched && (!all->matched || more->through_ns > all->through_ns)) {
		all->through_ns = more->through_ns;
		if (all->cut_ns < all->through_ns)
			all->cut = 0;
	}
	if (!more->cut || ((all->matched || more->matched) && more->cut_ns < all->through_ns))
		return;
	all->cut += more->cut;
	if (more->cut_ns > all->cut_ns)
		all->cut_ns = more->cut_ns;
}

static void add_passage(struct crossing *crossing, struct passage more)
{
	struct passage *all = &crossing->passage;

	add_times(all, &more);
	add_cut(all, &more);
	all->matched += more.matched;
	all->sent += more.sent;
	all->lost += more.lost;
	crossing->streams++;
	crossing->lost_pct = all->sent ? 100 * (double)all->lost / (double)all->sent : 0;
}

/* Where streams of neither point are left that are not known from the other, the device makes them
 * anew: what is left here has become what is left there. */
static bool has_stranger(const struct flows *flows)
{
	for (size_t i = 0; i < flows->count; i++)
		if (!flows->followed[i] && flows->stream[i]->packet_count >= LIKE_MIN)
			return true;
	return false;
}

/* It goes to a relay before the second point, which sends it on under another number. */
static bool is_relayed(const struct flows *flows, size_t which)
{
	for (size_t i = 0; i < flows->count; i++)
		if (flows->followed[i] &&
		    endpoint_same_host(&flows->stream[i]->src, &flows->stream[which]->dst))
			return true;
	return false;
}

/* By the last BYE; without one the call has not ended. */
static int64_t end_of(const struct point_call *call)
{
	int64_t end_ns = INT64_MAX;

	for (size_t i = 0; i < call->message_count; i++)
		if (slice_starts_nocase(call->message[i].bytes, "BYE "))
			end_ns = call->message[i].ns;
	return end_ns;
}

struct crossing cross(const struct view *first, const struct view *second, const char *direction,
		      const struct skew *skew)
{
	struct crossing crossing = { 0 };
	struct flows from, there;
	struct passage_to to = { .skew_ns = skew->ns,
				 .drift = skew->drift,
				 .until_ns = end_of(first->call),
				 .first_ns = second->point->log.first_ns,
				 .last_ns = second->point->log.last_ns };

	flows_init(&from, first, direction);
	flows_init(&there, second, direction);
	to.stream = mem_new(there.count + 1, sizeof *to.stream);
	flows_time(&to.drift, &from);
	crossing.drift = to.drift;
	for (size_t i = 0; i < from.count; i++) {
		find_like(&to, from.stream[i], &there);
		from.followed[i] = to.count > 0;
		if (to.count)
			add_passage(&crossing, passage_read(from.stream[i], &to));
	}
	to.count = 0;
	for (size_t i = 0; i < from.count && !has_stranger(&there); i++)
		if (!from.followed[i] && !is_relayed(&from, i))
			add_passage(&crossing, passage_read(from.stream[i], &to));
	free(to.stream);
	flows_clear(&from);
	flows_clear(&there);
	return crossing;
}

bool cross_drift(double *rate, const struct crossing *out, const struct crossing *in)
{
	const struct passage *a = &out->passage, *b = &in->passage;
	const double out_grows = (double)(a->late_ns - a->early_ns);
	const double in_grows = (double)(b->late_ns - b->early_ns);
	const double apart_ns = (double)(out->drift.end_ns - out->drift.begin_ns) * 2 / 3;

	if (!a->has_early || !a->has_late || !b->has_early || !b->has_late ||
	    apart_ns < DRIFT_SECONDS_MIN * (double)PACKET_SECOND)
		return false;
	*rate = (out_grows - in_grows) / 2 / apart_ns;
	return *rate != 0 && fabs(*rate) < drift_most &&
	       fabs(out_grows + in_grows) < drift_uneven * fabs(out_grows);
}

static size_t shared_in(const struct view *a, const struct view *b, const char *direction)
{
	struct flows from, there;
	size_t shared = 0;
	struct passage_to to = { 0 };

	flows_init(&from, a, direction);
	flows_init(&there, b, direction);
	to.stream = mem_new(there.count + 1, sizeof *to.stream);
	for (size_t i = 0; i < from.count; i++) {
		find_like(&to, from.stream[i], &there);
		for (size_t k = 0; k < to.count; k++)
			shared += passage_likeness(from.stream[i], to.stream[k], to.by_payload);
	}
	free(to.stream);
	flows_clear(&from);
	flows_clear(&there);
	return shared;
}

size_t cross_shared(const struct view *a, const struct view *b)
{
	const size_t shared = shared_in(a, b, "out") + shared_in(a, b, "in");

	return shared >= LIKE_MIN ? shared : 0;
}
