/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "check/ports_media.h"

static bool is_open(enum media_state state)
{
	return state == MEDIA_REACHED || state == MEDIA_PASSES;
}

static bool is_blocked(enum media_state state)
{
	return state == MEDIA_STOPPED || state == MEDIA_REJECTED;
}

/* A router looks at the TTL before its filter: that one answers says that those before it let the
 * packet through, so one router alone says nothing. */
enum media_state media_state_of(const struct media_seen *seen, const struct media_port *port)
{
	unsigned vain = 0;

	if (port->reached)
		return MEDIA_REACHED;
	if (port->rejected)
		return MEDIA_REJECTED;
	if (seen->reference < 2)
		return MEDIA_UNKNOWN;
	if (port->far >= seen->reference)
		return MEDIA_PASSES;
	for (unsigned hop = port->far + 1; hop <= seen->reference; hop++)
		if (addr_is_set(&seen->router[hop]))
			vain += port->vain[hop];
	return vain >= MEDIA_ROUNDS ? MEDIA_STOPPED : MEDIA_UNKNOWN;
}

/* The next port in that direction whose state is known; NULL: none. */
static const struct media_port *known_beside(const struct media_seen *seen, size_t from, int step)
{
	for (size_t i = from + (size_t)step; i < seen->count; i += (size_t)step)
		if (media_state_of(seen, &seen->port[i]) != MEDIA_UNKNOWN)
			return &seen->port[i];
	return NULL;
}

static void begin_range(struct media_verdict *out, const struct media_seen *seen, size_t index)
{
	struct media_range *range = &out->range[out->ranges];
	const struct media_port *before = known_beside(seen, index, -1);

	range->first = before || index ? seen->port[index].port : seen->first;
	range->exact = before ? range->first - before->port <= 2 : !index;
}

static void end_range(struct media_verdict *out, const struct media_seen *seen, size_t index)
{
	struct media_range *range = &out->range[out->ranges++];
	const struct media_port *after = known_beside(seen, index, 1);
	const bool last = index + 1 == seen->count;
	const unsigned end = seen->port[index].port;

	range->last = (uint16_t)(last ? seen->last : end < seen->last ? end + 1 : end);
	range->exact &= after ? after->port - end <= 2 : last;
}

/* Runs of blocked ports, as far as nothing known to be open lies between them. RTP takes the even
 * port, RTCP the odd one behind it. */
static void find_ranges(struct media_verdict *out, const struct media_seen *seen)
{
	size_t last = 0;
	bool within = false;

	for (size_t i = 0; i < seen->count && out->ranges < MEDIA_RANGES_MAX; i++) {
		const enum media_state state = media_state_of(seen, &seen->port[i]);

		if (is_blocked(state)) {
			if (!within)
				begin_range(out, seen, i);
			within = true;
			last = i;
		} else if (is_open(state) && within) {
			end_range(out, seen, last);
			within = false;
		}
	}
	if (within)
		end_range(out, seen, last);
}

static unsigned hop_of(const struct media_seen *seen, const struct addr *router)
{
	for (unsigned hop = 1; hop <= TRACE_HOPS; hop++)
		if (addr_is_set(&seen->router[hop]) && addr_same_host(&seen->router[hop], router))
			return hop;
	return 0;
}

/* Ports were asked at that hop in vain while others were answered. */
static bool was_vain(const struct media_seen *seen, unsigned hop)
{
	for (size_t i = 0; i < seen->count; i++)
		if (addr_is_set(&seen->router[hop]) && seen->port[i].vain[hop])
			return true;
	return false;
}

/* A rejection names the place; else it is the farthest that a stopped port has come. */
static void find_place(struct media_verdict *out, const struct media_seen *seen)
{
	for (size_t i = 0; i < seen->count; i++) {
		const struct media_port *port = &seen->port[i];
		const enum media_state state = media_state_of(seen, port);

		if (state == MEDIA_REJECTED) {
			out->how = port->how;
			out->place = port->by;
			out->hop = hop_of(seen, &port->by);
			return;
		}
		if (state == MEDIA_STOPPED && port->far > out->hop)
			out->hop = port->far;
	}
	if (out->hop)
		out->place = seen->router[out->hop];
	for (unsigned hop = seen->reference; hop > out->hop; hop--)
		if (was_vain(seen, hop))
			out->next = hop;
}

static enum side side_of(const struct media_verdict *verdict, const struct media_seen *seen)
{
	if (addr_is_set(&verdict->place) && addr_same_host(&verdict->place, &seen->target))
		return SIDE_PROVIDER;
	return verdict->hop <= 1 ? SIDE_SITE : SIDE_UNKNOWN;
}

/* Where the target answers for some ports, one it says nothing for is in use, or something behind
 * the last visible router takes it: its neighbours tell. */
static bool is_doubtful(const struct media_seen *seen, const struct media_port *port)
{
	if (media_state_of(seen, port) == MEDIA_REACHED)
		return false;
	for (size_t i = 0; i < seen->count; i++)
		if (seen->port[i].reached && abs(seen->port[i].port - port->port) <= MEDIA_NEAR)
			return false;
	return true;
}

/* Nothing at all comes from there. The last router then answers "no way" for whatever it could not
 * deliver, and has none left for others now and then: that some ports are silent proves nothing. */
static bool is_dead(const struct media_verdict *verdict, const struct media_seen *seen)
{
	const unsigned *count = verdict->count;

	return seen->control_lost && count[MEDIA_PASSES] && !count[MEDIA_REACHED] &&
	       !count[MEDIA_REJECTED];
}

static enum media_flow flow_out(const struct media_verdict *verdict, const struct media_seen *seen)
{
	const unsigned *count = verdict->count;

	if (is_dead(verdict, seen))
		return MEDIA_FLOW_UNKNOWN;
	if (count[MEDIA_STOPPED] || count[MEDIA_REJECTED])
		return count[MEDIA_REACHED] || count[MEDIA_PASSES] ? MEDIA_PARTIAL : MEDIA_BLOCKED;
	if (!count[MEDIA_REACHED])
		return count[MEDIA_PASSES] && !count[MEDIA_UNKNOWN] && !seen->control_lost
			       ? MEDIA_OPEN
			       : MEDIA_FLOW_UNKNOWN;
	for (size_t i = 0; i < seen->count; i++)
		if (is_doubtful(seen, &seen->port[i]))
			return MEDIA_FLOW_UNKNOWN;
	return MEDIA_OPEN;
}

/* Only an answer proves the way in. */
static enum media_flow flow_in(const struct media_verdict *verdict, const struct media_seen *seen)
{
	size_t answered = 0;

	for (size_t i = 0; i < seen->count; i++)
		answered += seen->port[i].answered;
	if (answered && answered == seen->count)
		return MEDIA_OPEN;
	return answered &&
			       answered == verdict->count[MEDIA_REACHED] +
						   verdict->count[MEDIA_PASSES] &&
			       verdict->out == MEDIA_PARTIAL
		       ? MEDIA_PARTIAL
		       : MEDIA_FLOW_UNKNOWN;
}

void ports_media_judge(struct media_verdict *out, const struct media_seen *seen)
{
	*out = (struct media_verdict){ 0 };
	for (size_t i = 0; i < seen->count; i++)
		out->count[media_state_of(seen, &seen->port[i])]++;
	out->out = flow_out(out, seen);
	out->in = flow_in(out, seen);
	out->hidden = out->out == MEDIA_FLOW_UNKNOWN && seen->count && seen->reference < 2;
	if (out->out != MEDIA_BLOCKED && out->out != MEDIA_PARTIAL)
		return;
	find_ranges(out, seen);
	find_place(out, seen);
	out->side = side_of(out, seen);
}
