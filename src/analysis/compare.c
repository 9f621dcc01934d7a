/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/compare_cross.h"
#include "analysis/compare_sip.h"
#include "analysis/compare_tell.h"
#include "base/mem.h"
#include "base/packet.h"

/* So many calls are asked which point is inside: they all go through the same device. */
enum { TURNED_CALLS_MAX = 64 };
/* Files that keep whole microseconds are off by as much. */
static const int64_t slack_ns = 10 * 1000;

void point_init(struct point *point)
{
	*point = (struct point){ 0 };
	wire_log_init(&point->log);
}

void point_clear(struct point *point)
{
	for (size_t i = 0; i < point->call_count; i++) {
		struct point_call *call = &point->call[i];

		for (size_t k = 0; k < call->message_count; k++)
			free((void *)(uintptr_t)call->message[k].bytes.at);
		free(call->message);
		json_decref(call->json);
	}
	free(point->call);
	wire_log_clear(&point->log);
	*point = (struct point){ 0 };
}

static void copy_messages(struct point_call *out, const struct sip_call *call)
{
	out->message = mem_new(call->message_count + 1, sizeof *out->message);
	out->message_count = call->message_count;
	for (size_t i = 0; i < call->message_count; i++) {
		const struct slice bytes = call->message[i].bytes;
		uint8_t *copy = mem_new(bytes.left + 1, 1);

		memcpy(copy, bytes.at, bytes.left);
		out->message[i] = call->message[i];
		out->message[i].bytes = slice_of(copy, bytes.left);
	}
}

void point_call(struct point *point, const struct sip_call *call, const struct json_text *json)
{
	struct point_call *out;

	if (point->call_count == POINT_CALLS_MAX) {
		point->calls_dropped++;
		return;
	}
	if (point->call_count == point->call_room) {
		point->call_room = point->call_room ? point->call_room * 2 : 16;
		point->call = mem_resize(point->call, point->call_room, sizeof *point->call);
	}
	out = &point->call[point->call_count++];
	*out = (struct point_call){ .json = json_text_parse(json) };
	if (call)
		copy_messages(out, call);
}

/* How far the clock outside is ahead of the one inside: the middle of what is possible. */
static bool skew_of(int64_t *skew_ns, const struct clock_bounds *bounds)
{
	if (bounds->has_upper && bounds->has_lower)
		*skew_ns = bounds->lower_ns + (bounds->upper_ns - bounds->lower_ns) / 2;
	else if (bounds->has_upper || bounds->has_lower)
		*skew_ns = bounds->has_upper ? bounds->upper_ns : bounds->lower_ns;
	return bounds->has_upper && bounds->has_lower;
}

static double in_ms(int64_t ns)
{
	return (double)(ns / 1000) / 1000;
}

static json_t *crossing_json(const struct crossing *crossing, bool clocks_known, int64_t skew_ns)
{
	const struct passage *all = &crossing->passage;
	const bool timed = clocks_known && all->matched;

	if (!crossing->streams)
		return json_null();
	return json_pack("{s:I, s:I, s:f, s:o, s:o}", "packets", (json_int_t)all->sent, "lost",
			 (json_int_t)all->lost, "loss_pct", crossing->lost_pct, "delay_ms",
			 timed ? json_real(in_ms(all->mean_ns - skew_ns)) : json_null(),
			 "delay_max_ms",
			 timed ? json_real(in_ms(all->most_ns - skew_ns)) : json_null());
}

static json_t *point_json(const struct point_call *call)
{
	static const char *const keys[] = { "call_id", "verdict", "streams", "media",
					    "directions" };
	json_t *json;

	if (!call)
		return json_null();
	json = json_object();
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		json_object_set_new(json, keys[i],
				    json_deep_copy(json_object_get(call->json, keys[i])));
	return json;
}

/* Both directions, and what they tell of the clocks. */
struct both_ways {
	struct crossing out, in;
	struct skew skew; /* of the clock outside against the one inside */
	struct clock_bounds bounds;
	bool known; /* the skew is between bounds on both sides */
};

static void cross_both(struct both_ways *ways, const struct view *inside,
		       const struct view *outside)
{
	const struct drift *drift = &ways->skew.drift;
	const struct skew back = {
		-ways->skew.ns, { .rate = -drift->rate, .from_ns = drift->from_ns + ways->skew.ns }
	};

	ways->out = cross(inside, outside, "out", &ways->skew);
	ways->in = cross(outside, inside, "in", &back);
}

static void bound_by_packets(struct both_ways *ways)
{
	if (ways->out.passage.matched)
		clock_bounds_out(&ways->bounds, ways->out.passage.least_ns);
	if (ways->in.passage.matched)
		clock_bounds_in(&ways->bounds, -ways->in.passage.least_ns);
	ways->known = skew_of(&ways->skew.ns, &ways->bounds);
}

/* First to align the clocks, then once more, now that it is known when the other point was
 * recording. */
static void cross_aligned(struct both_ways *ways, const struct view *inside,
			  const struct view *outside)
{
	double rate;

	(void)skew_of(&ways->skew.ns, &ways->bounds);
	cross_both(ways, inside, outside);
	bound_by_packets(ways);
	if (cross_drift(&rate, &ways->out, &ways->in)) {
		const struct drift *voice = &ways->out.drift;

		ways->skew.drift.rate = rate;
		ways->skew.drift.from_ns = voice->begin_ns + (voice->end_ns - voice->begin_ns) / 2;
		/* The messages, before and behind it, show other differences. */
		ways->bounds = (struct clock_bounds){ 0 };
		cross_both(ways, inside, outside);
		bound_by_packets(ways);
	}
	cross_both(ways, inside, outside);
}

static json_t *between_json(const struct both_ways *ways)
{
	/* A packet cannot come before it left: then the clocks did not run alike. */
	const bool known = ways->known && ways->bounds.upper_ns >= ways->bounds.lower_ns - slack_ns;
	const int64_t round_ns = ways->bounds.upper_ns - ways->bounds.lower_ns;

	return json_pack("{s:o, s:o, s:o, s:o}", "out",
			 crossing_json(&ways->out, known, ways->skew.ns), "in",
			 crossing_json(&ways->in, known, -ways->skew.ns), "clock_ms",
			 known ? json_real(in_ms(ways->skew.ns)) : json_null(), "both_ways_ms",
			 known ? json_real(in_ms(round_ns > 0 ? round_ns : 0)) : json_null());
}

static void compare_pair(struct comparison *all, json_t *json, const struct view *inside,
			 const struct view *outside)
{
	struct both_ways ways = { 0 };
	struct sip_changes changes;

	compare_messages(&changes, &ways.bounds, inside->call, outside->call);
	cross_aligned(&ways, inside, outside);
	json_object_set_new(json, "between", between_json(&ways));
	json_object_set_new(json, "changes", changes.list);
	compare_tell(all, json,
		     &(struct compared){ .inside = inside,
					 .outside = outside,
					 .changes = &changes,
					 .out = &ways.out,
					 .in = &ways.in,
					 .clocks_known = ways.known,
					 .skew_ns = ways.skew.ns });
}

static void add_pair(struct comparison *all, const struct view *inside, const struct view *outside)
{
	const struct point_call *shown = inside->call ? inside->call : outside->call;
	json_t *json = json_deep_copy(shown->json);

	json_object_set_new(json, "points",
			    json_pack("{s:o, s:o}", "inside", point_json(inside->call), "outside",
				      point_json(outside->call)));
	if (inside->call && outside->call) {
		compare_pair(all, json, inside, outside);
	} else {
		json_object_set_new(json, "changes", json_array());
		json_object_set_new(json, "between", json_null());
	}
	json_array_append_new(all->calls, json);
}

static bool same_call_id(const struct point_call *a, const struct point_call *b)
{
	const char *id = json_text_at(a->json, "call_id");

	return *id && !strcmp(id, json_text_at(b->json, "call_id"));
}

/* The same call at the other point, that no other call has taken; its index, or the count. */
static size_t find_call(const struct view *wanted, const struct point *other, const bool *taken)
{
	size_t best = other->call_count, most = 0;

	for (size_t i = 0; i < other->call_count; i++)
		if (!taken[i] && same_call_id(wanted->call, &other->call[i]))
			return i;
	for (size_t i = 0; i < other->call_count; i++) {
		const struct view candidate = { .point = other, .call = &other->call[i] };
		const size_t shared = taken[i] ? 0 : cross_shared(wanted, &candidate);

		if (shared <= most)
			continue;
		most = shared;
		best = i;
	}
	return best;
}

static int by_start(const void *a, const void *b)
{
	return strcmp(json_text_at(*(json_t *const *)a, "started"),
		      json_text_at(*(json_t *const *)b, "started"));
}

static void sort_calls(json_t *calls)
{
	const size_t count = json_array_size(calls);
	json_t **list = mem_new(count + 1, sizeof *list);

	for (size_t i = 0; i < count; i++)
		list[i] = json_incref(json_array_get(calls, i));
	qsort(list, count, sizeof *list, by_start);
	for (size_t i = 0; i < count; i++)
		json_array_set_new(calls, i, list[i]);
	free(list);
}

void compare(struct comparison *out, const struct point *inside, const struct point *outside)
{
	bool *taken = mem_new(outside->call_count + 1, sizeof *taken);

	*out = (struct comparison){ .calls = json_array() };
	for (size_t i = 0; i < inside->call_count; i++) {
		const struct view here = { .point = inside, .call = &inside->call[i] };
		const size_t at = find_call(&here, outside, taken);
		struct view there = { .point = outside };

		if (at < outside->call_count) {
			there.call = &outside->call[at];
			taken[at] = true;
		}
		add_pair(out, &here, &there);
	}
	for (size_t i = 0; i < outside->call_count; i++) {
		const struct view none = { .point = inside };
		const struct view there = { .point = outside, .call = &outside->call[i] };

		if (!taken[i])
			add_pair(out, &none, &there);
	}
	free(taken);
	sort_calls(out->calls);
}

void comparison_clear(struct comparison *comparison)
{
	json_decref(comparison->calls);
	for (size_t i = 0; i < comparison->finding_count; i++)
		finding_free(comparison->finding[i]);
	free(comparison->finding);
	*comparison = (struct comparison){ 0 };
}

/* --- whose side is the phone's -----------------------------------------------------------------*/

int point_phone_calls(const char *call_id, const void *point)
{
	const struct point *inside = point;

	for (size_t i = 0; i < inside->call_count; i++) {
		const json_t *call = inside->call[i].json;
		const char *phone = json_text_at(call, "phone");

		if (!strcmp(json_text_at(call, "call_id"), call_id))
			return !strcmp(phone, "caller") ? 1 : !strcmp(phone, "callee") ? -1 : 0;
	}
	return 0;
}

/* 1 out, -1 in, 0 neither or both of them. */
static int way_of(const json_t *call, uint32_t ssrc)
{
	const json_t *stream;
	int way = 0;
	size_t i;

	json_array_foreach(json_object_get(call, "streams"), i, stream)
		if (strtoul(json_text_at(stream, "ssrc"), NULL, 16) == ssrc)
			way += !strcmp(json_text_at(stream, "direction"), "out") ? 1 : -1;
	return (way > 0) - (way < 0);
}

int point_comes_from_phone(uint32_t ssrc, const void *point)
{
	const struct point *inside = point;
	int way = 0;

	for (size_t i = 0; i < inside->call_count && !way; i++)
		way = way_of(inside->call[i].json, ssrc);
	return way;
}

/* --- which point is inside ---------------------------------------------------------------------*/

static int is_private(const char *text)
{
	struct addr addr;

	return !addr_parse_port(&addr, text, 0) && addr_is_private(&addr);
}

/* Of the two ends of the call's first stream and first leg. */
static int private_ends(const struct point_call *call)
{
	const json_t *stream = json_array_get(json_object_get(call->json, "streams"), 0);
	const json_t *leg = json_array_get(json_object_get(call->json, "legs"), 0);

	if (leg)
		return is_private(json_text_at(leg, "caller")) +
		       is_private(json_text_at(leg, "callee"));
	return is_private(json_text_at(stream, "src")) + is_private(json_text_at(stream, "dst"));
}

static bool shares_ssrc(const struct point_call *a, const struct point_call *b)
{
	const json_t *stream;
	size_t i;

	json_array_foreach(json_object_get(a->json, "streams"), i, stream)
		if (way_of(b->json, (uint32_t)strtoul(json_text_at(stream, "ssrc"), NULL, 16)))
			return true;
	return false;
}

static bool has_sip(const struct point_call *call)
{
	return *json_text_at(call->json, "call_id");
}

/* How many more private addresses the first point shows of a call than the second. */
static int more_private(const struct point_call *call, const struct point *second)
{
	for (size_t i = 0; i < second->call_count; i++) {
		const struct point_call *other = &second->call[i];

		if (has_sip(call) || has_sip(other) ? same_call_id(call, other)
						    : shares_ssrc(call, other))
			return private_ends(call) - private_ends(other);
	}
	return 0;
}

bool compare_is_turned(const struct point *first, const struct point *second)
{
	bool turned = false;

	for (size_t i = 0; i < first->call_count && i < TURNED_CALLS_MAX; i++) {
		const int more = more_private(&first->call[i], second);

		if (more > 0)
			return false;
		turned |= more < 0;
	}
	return turned;
}
