/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/ports_media_run.h"

enum { PAIRS_MAX = 6 };

struct pair {
	unsigned open, shut; /* ports; which is the lower does not matter */
};

static size_t find_pairs(const struct media_run *run, struct pair pairs[static PAIRS_MAX])
{
	const struct media_port *before = NULL;
	size_t count = 0;

	for (size_t i = 0; i < run->seen->count && count < PAIRS_MAX; i++) {
		const struct media_port *port = &run->seen->port[i];
		const enum media_state state = media_state_of(run->seen, port);
		const bool shut = state == MEDIA_STOPPED || state == MEDIA_REJECTED;
		bool was_shut;

		if (state == MEDIA_UNKNOWN)
			continue;
		if (before) {
			const enum media_state other = media_state_of(run->seen, before);

			was_shut = other == MEDIA_STOPPED || other == MEDIA_REJECTED;
			if (shut != was_shut && port->port - before->port > 2)
				pairs[count++] = shut ? (struct pair){ before->port, port->port }
						      : (struct pair){ port->port, before->port };
		}
		before = port;
	}
	return count;
}

static unsigned gap(const struct pair *pair)
{
	return pair->open > pair->shut ? pair->open - pair->shut : pair->shut - pair->open;
}

/* How far blocked ports come: there and before, routers answer for them too. */
static unsigned farthest_blocked(const struct media_seen *seen)
{
	unsigned far = 0;

	for (size_t i = 0; i < seen->count; i++) {
		const struct media_port *port = &seen->port[i];
		const enum media_state state = media_state_of(seen, port);

		if (state == MEDIA_STOPPED && port->far > far)
			far = port->far;
		for (unsigned hop = far + 1; state == MEDIA_REJECTED && hop <= seen->reference;
		     hop++)
			if (addr_is_set(&seen->router[hop]) &&
			    addr_same_host(&seen->router[hop], &port->by))
				far = hop;
	}
	return far;
}

/* Hops behind the place where it stops, and the target where it answers, by turns: each has answers
 * of its own to give. */
static unsigned next_hop(struct media_run *run, bool target_too)
{
	unsigned hops[TRACE_HOPS + 1], count = 0;

	if (target_too && media_count_state(run, MEDIA_REACHED))
		hops[count++] = 0;
	for (unsigned hop = farthest_blocked(run->seen) + 1; hop <= run->seen->reference; hop++)
		if (addr_is_set(&run->seen->router[hop]) && hop > 1)
			hops[count++] = hop;
	return count ? hops[run->turn++ % count] : 0;
}

static bool has_answered(const struct media_run *run, unsigned number, unsigned hop)
{
	const struct trace_path *path = media_path_of(run, number);

	return path && path->hop[hop].answered &&
	       (path->hop[hop].answer == TRACE_EXPIRED || path->hop[hop].answer == TRACE_ECHO ||
		path->hop[hop].answer == TRACE_BOUND ||
		(path->hop[hop].answer == TRACE_REFUSED &&
		 addr_same_host(&path->hop[hop].by, &run->seen->target)));
}

/* Nearer to the shut end: what is shut costs no router an answer. */
static unsigned between(const struct pair *pair)
{
	unsigned offset = gap(pair) * 5 / 8 / 2 * 2;

	if (offset < 2)
		offset = 2;
	return pair->open < pair->shut ? pair->open + offset : pair->open - offset;
}

static void halve(struct media_run *run, struct pair *pairs, size_t count)
{
	unsigned middle[PAIRS_MAX], hop[PAIRS_MAX];

	for (size_t i = 0; i < count; i++) {
		middle[i] = between(&pairs[i]);
		if (gap(&pairs[i]) <= 2 || !media_port_add(run->seen, middle[i]))
			middle[i] = 0;
		if (!middle[i])
			continue;
		hop[i] = next_hop(run, true);
		media_want(run, media_path_of(run, middle[i]), hop[i], TRACE_STUN, 1);
	}
	media_work(run, &run->narrow_until);
	for (size_t i = 0; i < count; i++)
		if (middle[i] && has_answered(run, middle[i], hop[i]))
			pairs[i].open = middle[i];
		else if (middle[i])
			pairs[i].shut = middle[i];
}

/* What only looked shut is asked as carefully as the samples were. */
static void confirm(struct media_run *run, const struct pair *pairs, size_t count)
{
	for (int round = 0; round < MEDIA_ROUNDS_MOST && !deadline_passed(&run->narrow_until);
	     round++) {
		uint16_t asked[PAIRS_MAX];
		size_t left = 0;
		const unsigned hop = next_hop(run, false);

		for (size_t i = 0; i < count; i++) {
			struct media_port *port = media_port_add(run->seen, pairs[i].shut);

			if (port && media_state_of(run->seen, port) == MEDIA_UNKNOWN)
				asked[left++] = port->port;
		}
		if (!left || !hop)
			return;
		media_ask_round(run, hop, asked, left, round + 2, &run->narrow_until);
	}
}

/* `far` of an open end may be less than the reference where only the target or a nearer hop was
 * asked; one more question settles it. */
static void settle(struct media_run *run, const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct media_port *port = media_port_add(run->seen, pairs[i].open);

		if (port && media_state_of(run->seen, port) == MEDIA_UNKNOWN)
			media_want(run, media_path_of(run, pairs[i].open), run->seen->reference,
				   TRACE_RTP, 3);
	}
	media_work(run, &run->narrow_until);
}

void media_narrow(struct media_run *run)
{
	struct pair pairs[PAIRS_MAX];

	for (int attempt = 0; attempt < 4; attempt++) {
		const size_t count = find_pairs(run, pairs);
		unsigned widest = 3;

		if (!count)
			return;
		while (widest > 2 && !deadline_passed(&run->narrow_until) &&
		       run->seen->count + count <= MEDIA_PORTS_MAX) {
			halve(run, pairs, count);
			widest = 0;
			for (size_t i = 0; i < count; i++)
				widest = gap(&pairs[i]) > widest ? gap(&pairs[i]) : widest;
		}
		settle(run, pairs, count);
		confirm(run, pairs, count);
	}
}
