/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/compare_packets.h"
#include "analysis/compare_sip.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/packet.h"

/* Fewer packets in common may be chance. */
enum { LIKE_MIN = 5 };

/* Contract: 5 % is a fault; below 1 % one would not hear it. */
static const double lost_fault_pct = 5, lost_risk_pct = 1;
/* So much lost is a direction that does not work. */
static const double lost_dead_pct = 95;

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

/* One call at both points; either may be NULL. */
struct pair {
	const struct point_call *inside, *outside;
};

/* What happened between the points in one direction. */
struct crossing {
	struct passage passage; /* of all its streams together */
	size_t streams;
	double lost_pct;
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static const struct wire_stream *logged_stream(const struct point *point, const json_t *stream)
{
	const char *ssrc = text_of(stream, "ssrc");
	struct endpoint src, dst;
	struct addr addr;

	if (addr_parse_port(&addr, text_of(stream, "src"), 0))
		return NULL;
	src = endpoint_from_addr(&addr);
	if (addr_parse_port(&addr, text_of(stream, "dst"), 0))
		return NULL;
	dst = endpoint_from_addr(&addr);
	return wire_log_find(&point->log, &src, &dst, (uint32_t)strtoul(ssrc, NULL, 16));
}

static bool goes(const json_t *stream, const char *direction)
{
	return !strcmp(text_of(stream, "direction"), direction);
}

/* The stream of the other point that carried the same packets; NULL: none did. */
static const struct wire_stream *counterpart(const struct wire_stream *stream,
					     const struct point *point,
					     const struct point_call *call, const char *direction)
{
	const struct wire_stream *best = NULL;
	size_t most = LIKE_MIN - 1, i;
	const json_t *other;

	json_array_foreach(json_object_get(call->json, "streams"), i, other) {
		const struct wire_stream *logged =
			goes(other, direction) ? logged_stream(point, other) : NULL;
		const size_t like = logged ? passage_likeness(stream, logged) : 0;

		if (like <= most)
			continue;
		most = like;
		best = logged;
	}
	return best;
}

static void add_passage(struct crossing *crossing, const struct passage *passage)
{
	struct passage *all = &crossing->passage;

	if (passage->matched) {
		if (!all->matched || passage->least_ns < all->least_ns)
			all->least_ns = passage->least_ns;
		if (!all->matched || passage->most_ns > all->most_ns)
			all->most_ns = passage->most_ns;
		all->mean_ns = (int64_t)(((double)all->mean_ns * (double)all->matched +
					  (double)passage->mean_ns * (double)passage->matched) /
					 (double)(all->matched + passage->matched));
	}
	all->matched += passage->matched;
	all->sent += passage->sent;
	all->lost += passage->lost;
	crossing->streams++;
	crossing->lost_pct = all->sent ? 100 * (double)all->lost / (double)all->sent : 0;
}

/* One call as one point saw it, with all that the point saw. */
struct view {
	const struct point *point;
	const struct point_call *call;
};

static struct crossing cross(const struct view *first, const struct view *second,
			     const char *direction, int64_t skew_ns)
{
	struct crossing crossing = { 0 };
	const json_t *stream;
	size_t i;

	json_array_foreach(json_object_get(first->call->json, "streams"), i, stream) {
		const struct wire_stream *from =
			goes(stream, direction) ? logged_stream(first->point, stream) : NULL;
		struct passage passage;

		if (!from)
			continue;
		passage = passage_read(
			from, counterpart(from, second->point, second->call, direction), skew_ns,
			second->point->log.first_ns, second->point->log.last_ns);
		add_passage(&crossing, &passage);
	}
	return crossing;
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

/* What the comparison of one call came to, on its way into the contract's words. */
struct result {
	json_t *json;
	struct comparison *all;
};

static void tell(struct result *result, struct finding *finding_take)
{
	struct comparison *all = result->all;

	json_array_append_new(json_object_get(result->json, "findings"),
			      finding_to_json(finding_take));
	all->finding = mem_resize(all->finding, all->finding_count + 1, sizeof(*all->finding));
	all->finding[all->finding_count++] = finding_take;
}

static void tell_rewritten(struct result *result, const struct sip_changes *changes)
{
	struct finding *finding = compare_rewritten(changes);

	if (finding)
		tell(result, finding);
}

static void tell_lost(struct result *result, const struct crossing *crossing,
		      enum direction direction)
{
	const struct passage *all = &crossing->passage;
	struct finding *finding;

	if (!all->sent || crossing->lost_pct < lost_risk_pct)
		return;
	finding = finding_new("rtp-lost-between-captures");
	finding->direction = direction;
	finding->severity = crossing->lost_pct >= lost_fault_pct ? SEVERITY_FAULT : SEVERITY_RISK;
	finding_evidence(
		finding,
		direction == DIRECTION_OUT
			? _("Of %zu voice packets that went in on the inside, %zu did not "
			    "come out on the outside (%.1f %%).")
			: _("Of %zu voice packets that came in from the outside, %zu did not "
			    "come out on the inside (%.1f %%)."),
		all->sent, all->lost, crossing->lost_pct);
	tell(result, finding);
}

/* A direction whose packets die between the points does not work, whatever the inside alone
 * shows. */
static void tell_dead(struct result *result, const struct crossing *crossing, const char *name)
{
	json_t *direction = json_object_get(json_object_get(result->json, "directions"), name);
	char *why;

	if (!crossing->passage.sent || crossing->lost_pct < lost_dead_pct || !direction)
		return;
	why = mem_printf(_("seen on its way at one point, but of %zu packets %zu did not reach the "
			   "other: the device between the points stops it"),
			 crossing->passage.sent, crossing->passage.lost);
	json_object_set_new(direction, "state", json_string("missing"));
	json_object_set_new(direction, "why", json_string(why));
	free(why);
}

static bool works(const json_t *call, const char *direction)
{
	const json_t *of = json_object_get(json_object_get(call, "directions"), direction);

	return !strcmp(text_of(of, "state"), "ok");
}

/* What was on its way to the right place and died between the points was not kept away by the
 * address that the phone announced. */
static void clear_private(const struct result *result, const struct view *outside)
{
	json_t *finding;
	size_t i;

	if (!works(outside->call->json, "in"))
		return;
	json_array_foreach(json_object_get(result->json, "findings"), i, finding)
		if (!strcmp(text_of(finding, "id"), "sdp-private-address") &&
		    !strcmp(text_of(finding, "direction"), "in"))
			json_object_set_new(finding, "severity", json_string("note"));
}

/* The mark that most packets of that direction carried; -1: no stream of it. */
static int mark_of(const struct view *view, const char *direction)
{
	const json_t *stream;
	json_int_t most = 0;
	int mark = -1;
	size_t i;

	json_array_foreach(json_object_get(view->call->json, "streams"), i, stream) {
		const json_int_t packets = json_integer_value(json_object_get(stream, "packets"));

		if (!goes(stream, direction) || packets <= most)
			continue;
		most = packets;
		mark = (int)json_integer_value(json_object_get(stream, "dscp"));
	}
	return mark;
}

/* `first` is where the packets come from. */
static void tell_cleared(struct result *result, const struct view *first, const struct view *second,
			 enum direction direction)
{
	const char *name = direction_text(direction);
	const int before = mark_of(first, name), after = mark_of(second, name);
	struct finding *finding;

	if (before <= 0 || after)
		return;
	finding = finding_new("dscp-cleared");
	finding->direction = direction;
	finding->severity = works(result->json, name) ? SEVERITY_NOTE : SEVERITY_RISK;
	finding_evidence(finding,
			 _("Voice is marked with DSCP %d before the device and with 0 behind it."),
			 before);
	tell(result, finding);
}

/* The verdict names what works; what is dead between the points takes that away. */
static void settle_verdict(struct result *result, bool out_dead, bool in_dead)
{
	const char *verdict = text_of(result->json, "verdict");
	const bool was_two_way = !strcmp(verdict, "two-way");
	struct finding *finding;

	if ((!out_dead && !in_dead) || !strcmp(verdict, "held") || !strcmp(verdict, "unknown"))
		return;
	if (works(result->json, "out"))
		verdict = "one-way-out";
	else if (works(result->json, "in"))
		verdict = "one-way-in";
	else
		verdict = "no-audio";
	json_object_set_new(result->json, "verdict", json_string(verdict));
	if (!was_two_way)
		return;
	finding = finding_new(strcmp(verdict, "no-audio") ? "rtp-one-way" : "rtp-none");
	if (strcmp(verdict, "no-audio"))
		finding->direction = out_dead ? DIRECTION_OUT : DIRECTION_IN;
	finding_evidence(finding, _("Seen at both points: %s."),
			 out_dead && in_dead ? _("neither direction gets through")
			 : out_dead          ? _("what the site sends does not get through")
					     : _("what the provider sends does not get through"));
	tell(result, finding);
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

static bool is_dead(const struct crossing *crossing)
{
	return crossing->passage.sent && crossing->lost_pct >= lost_dead_pct;
}

static void compare_pair(struct result *result, const struct view *inside,
			 const struct view *outside)
{
	struct clock_bounds bounds = { 0 };
	struct sip_changes changes;
	struct crossing out, in;
	int64_t skew_ns = 0;
	bool known;

	compare_messages(&changes, &bounds, inside->call, outside->call);
	(void)skew_of(&skew_ns, &bounds);
	out = cross(inside, outside, "out", skew_ns);
	in = cross(outside, inside, "in", -skew_ns);
	if (out.passage.matched)
		clock_bounds_out(&bounds, out.passage.least_ns);
	if (in.passage.matched)
		clock_bounds_in(&bounds, -in.passage.least_ns);
	known = skew_of(&skew_ns, &bounds);
	/* Once more, now that it is known when the other point was recording. */
	out = cross(inside, outside, "out", skew_ns);
	in = cross(outside, inside, "in", -skew_ns);
	json_object_set_new(
		result->json, "between",
		json_pack("{s:o, s:o, s:o, s:o}", "out", crossing_json(&out, known, skew_ns), "in",
			  crossing_json(&in, known, -skew_ns), "clock_ms",
			  known ? json_real(in_ms(skew_ns)) : json_null(), "both_ways_ms",
			  known ? json_real(in_ms(bounds.upper_ns - bounds.lower_ns))
				: json_null()));
	json_object_set_new(result->json, "changes", changes.list);
	tell_rewritten(result, &changes);
	tell_lost(result, &out, DIRECTION_OUT);
	tell_lost(result, &in, DIRECTION_IN);
	tell_dead(result, &out, "out");
	tell_dead(result, &in, "in");
	tell_cleared(result, inside, outside, DIRECTION_OUT);
	tell_cleared(result, outside, inside, DIRECTION_IN);
	if (is_dead(&in))
		clear_private(result, outside);
	settle_verdict(result, is_dead(&out), is_dead(&in));
}

static void add_pair(struct comparison *all, const struct view *inside, const struct view *outside)
{
	const struct point_call *shown = inside->call ? inside->call : outside->call;
	struct result result = { json_deep_copy(shown->json), all };

	json_object_set_new(result.json, "points",
			    json_pack("{s:o, s:o}", "inside", point_json(inside->call), "outside",
				      point_json(outside->call)));
	if (inside->call && outside->call) {
		compare_pair(&result, inside, outside);
	} else {
		json_object_set_new(result.json, "changes", json_array());
		json_object_set_new(result.json, "between", json_null());
	}
	json_array_append_new(all->calls, result.json);
}

static bool same_call_id(const struct point_call *a, const struct point_call *b)
{
	const char *id = text_of(a->json, "call_id");

	return *id && !strcmp(id, text_of(b->json, "call_id"));
}

static size_t shared_packets(const struct view *a, const struct view *b)
{
	const json_t *stream;
	size_t shared = 0, i;

	json_array_foreach(json_object_get(a->call->json, "streams"), i, stream) {
		const struct wire_stream *from = logged_stream(a->point, stream);
		const struct wire_stream *to =
			from ? counterpart(from, b->point, b->call, text_of(stream, "direction"))
			     : NULL;

		if (to)
			shared += passage_likeness(from, to);
	}
	return shared;
}

/* The same call at the other point, that no other call has taken; its index, or the count. */
static size_t find_call(const struct view *wanted, const struct point *other, const bool *taken)
{
	size_t best = other->call_count, most = 0;

	for (size_t i = 0; i < other->call_count; i++)
		if (!taken[i] && same_call_id(wanted->call, &other->call[i]))
			return i;
	for (size_t i = 0; i < other->call_count; i++) {
		const struct view candidate = { other, &other->call[i] };
		const size_t shared = taken[i] ? 0 : shared_packets(wanted, &candidate);

		if (shared <= most)
			continue;
		most = shared;
		best = i;
	}
	return best;
}

static int by_start(const void *a, const void *b)
{
	return strcmp(text_of(*(json_t *const *)a, "started"),
		      text_of(*(json_t *const *)b, "started"));
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
		const struct view here = { inside, &inside->call[i] };
		const size_t at = find_call(&here, outside, taken);
		const struct view there = { outside,
					    at < outside->call_count ? &outside->call[at] : NULL };

		if (there.call)
			taken[at] = true;
		add_pair(out, &here, &there);
	}
	for (size_t i = 0; i < outside->call_count; i++) {
		const struct view none = { inside, NULL }, there = { outside, &outside->call[i] };

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
