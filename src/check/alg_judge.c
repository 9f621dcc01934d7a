/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/alg_judge.h"

#include <string.h>

/* One strange quote may be the quoting router's own doing. */
enum { PROOF_QUOTES = 2, PROXY_ANSWERS = 2, EATEN_TRIES = 3 };

static const unsigned invite_fields = 1U << SIP_FIELD_VIA | 1U << SIP_FIELD_CONTACT |
				      1U << SIP_FIELD_FROM | 1U << SIP_FIELD_SDP_CONNECTION |
				      1U << SIP_FIELD_SDP_ORIGIN | 1U << SIP_FIELD_SDP_PORT;
static const unsigned register_fields =
	1U << SIP_FIELD_VIA | 1U << SIP_FIELD_CONTACT | 1U << SIP_FIELD_FROM;

const struct addr *alg_router(const struct alg_seen *seen, unsigned hop)
{
	for (enum alg_lane lane = ALG_SOURCE; lane < ALG_LANES; lane++)
		if (!addr_is_set(&seen->lane[ALG_MAIN].router[hop]) &&
		    addr_is_set(&seen->lane[lane].router[hop]))
			return &seen->lane[lane].router[hop];
	return &seen->lane[ALG_MAIN].router[hop];
}

static bool is_sip(enum alg_kind kind)
{
	return kind != ALG_DECOY;
}

/* Fields changed at a hop that no hop behind it got as they were sent: a real rewriter's work
 * stays. */
static unsigned lasting(const struct alg_lane_seen *lane, unsigned hop, enum alg_kind kind)
{
	unsigned changed = lane->cell[hop][kind].changed;

	for (unsigned behind = hop + 1; behind <= ALG_HOPS; behind++)
		changed &= ~lane->cell[behind][kind].kept;
	return changed;
}

/* The two lanes that lead to where the provider listens: only these say what happens to a call. */
static const enum alg_lane real_lanes[] = { ALG_MAIN, ALG_SOURCE };

static void add_changes(struct alg_verdict *out, const struct alg_lane_seen *lane, unsigned hop)
{
	for (enum alg_kind kind = 0; is_sip(kind); kind++) {
		const unsigned changed = lasting(lane, hop, kind);

		if (!changed)
			continue;
		if (!out->by)
			out->by = hop;
		out->changed |= changed;
		out->methods |= 1U << kind;
	}
}

static void count_quotes(struct alg_verdict *out, const struct alg_lane_seen *lane)
{
	for (unsigned hop = out->by; hop <= ALG_HOPS; hop++) {
		for (enum alg_kind kind = 0; is_sip(kind); kind++) {
			out->touched += lane->cell[hop][kind].touched;
			out->passed += lane->cell[hop][kind].quoted;
		}
	}
}

/* True if the hop got one of the fields as sent that hop `by` got changed. */
static bool got_as_sent(const struct alg_lane_seen *lane, unsigned hop, unsigned by)
{
	for (enum alg_kind kind = 0; is_sip(kind); kind++)
		if (lane->cell[hop][kind].kept & lasting(lane, by, kind))
			return true;
	return false;
}

/* A router looks at the hop limit before it rewrites, so its own quote is still as sent and the
 * next one's is not. */
static void place(struct alg_verdict *out, const struct alg_seen *seen)
{
	for (unsigned hop = out->by - 1; hop && !out->after; hop--)
		for (size_t i = 0; i < sizeof real_lanes / sizeof *real_lanes; i++)
			if (got_as_sent(&seen->lane[real_lanes[i]], hop, out->by))
				out->after = hop;
	if (out->by == 1 || out->by - out->after == 1)
		out->hop = out->by > 1 ? out->by - 1 : 1;
	else if (out->by == 2)
		out->hop = 1; /* it hides, but there is no other */
}

static void judge_quotes(struct alg_verdict *out, const struct alg_seen *seen)
{
	for (unsigned hop = 1; hop <= ALG_HOPS; hop++)
		for (size_t i = 0; i < sizeof real_lanes / sizeof *real_lanes; i++)
			add_changes(out, &seen->lane[real_lanes[i]], hop);
	if (!out->by)
		return;
	for (size_t i = 0; i < sizeof real_lanes / sizeof *real_lanes; i++)
		count_quotes(out, &seen->lane[real_lanes[i]]);
	if (out->touched < PROOF_QUOTES)
		return;
	out->answer = ALG_YES;
	out->proof = ALG_PROOF_QUOTE;
	place(out, seen);
}

/* OPTIONS that should have ended at a router were answered: somebody took them and sent them anew.
 */
static void judge_proxy(struct alg_verdict *out, const struct alg_seen *seen)
{
	const struct alg_lane_seen *lane = &seen->lane[ALG_MAIN];

	for (unsigned hop = 1; hop <= ALG_HOPS; hop++) {
		if (lane->cell[hop][ALG_OPTIONS].answered < PROXY_ANSWERS)
			continue;
		out->answer = ALG_YES;
		out->proof = ALG_PROOF_PROXY;
		out->by = hop;
		for (unsigned before = 1; before < hop; before++)
			if (lane->cell[before][ALG_OPTIONS].quoted)
				out->after = before;
		/* The router before it may have taken them as well, after looking at the hop limit.
		 */
		out->hop = hop == 1 ? hop : 0;
		return;
	}
}

/* True if the answer calls us by our own private address though we come from behind NAT: on its way
 * back something put it there. The same question with a name in Via, which nobody takes for our
 * address, or STUN tells of the NAT. */
static bool received_is_rewritten(const struct alg_seen *seen)
{
	const struct addr *local = &seen->lane[ALG_MAIN].local;

	if (!seen->own.answered || !addr_is_private(local) ||
	    !addr_same_host(&seen->own.received, local))
		return false;
	if (seen->name.answered && addr_is_set(&seen->name.received))
		return !addr_same_host(&seen->name.received, local);
	return addr_is_set(&seen->mapped) && !addr_same_host(&seen->mapped, local) &&
	       !addr_is_private(&seen->lane[ALG_MAIN].target);
}

static bool via_is_rewritten(const struct alg_witness *witness)
{
	return witness->answered && !witness->via_kept;
}

static void judge_witness(struct alg_verdict *out)
{
	if (!out->via_back && !out->received_back)
		return;
	out->answer = ALG_YES;
	out->proof = ALG_PROOF_WITNESS;
	out->changed = 1U << SIP_FIELD_VIA;
	out->methods = 1U << ALG_OPTIONS;
}

static bool never_came(const struct alg_cell *cell)
{
	return cell->sent >= EATEN_TRIES && !cell->quoted && !cell->answered;
}

static unsigned find_eaten(const struct alg_seen *seen)
{
	const struct alg_lane_seen *lane = &seen->lane[ALG_MAIN];

	for (unsigned hop = 1; hop <= ALG_HOPS; hop++) {
		const struct alg_cell *cell = lane->cell[hop];

		if (!cell[ALG_DECOY].quoted)
			continue;
		if (never_came(&cell[ALG_INVITE]) || never_came(&cell[ALG_REGISTER]) ||
		    (never_came(&cell[ALG_OPTIONS]) && !seen->own.answered))
			return hop;
	}
	return 0;
}

/* Whoever rewrites for the site's NAT stands before this hop: it is on public ground, or there is
 * no NAT. */
static bool is_beyond(const struct alg_seen *seen, unsigned hop)
{
	const struct alg_lane_seen *lane = &seen->lane[ALG_MAIN];

	if (hop < 2 || !addr_is_set(&lane->router[hop]))
		return false;
	return !addr_is_private(&lane->router[hop]) || addr_is_private(&lane->target) ||
	       (addr_is_set(&seen->mapped) && addr_same_host(&seen->mapped, &lane->local));
}

static bool came_as_sent(const struct alg_cell *cell, unsigned fields)
{
	return (cell->kept & fields) == fields && !cell->changed;
}

/* Some rewrite, or swallow, only the one or the other: both must have been shown. */
static bool is_clean(const struct alg_cell cell[ALG_KINDS])
{
	return came_as_sent(&cell[ALG_INVITE], invite_fields) &&
	       came_as_sent(&cell[ALG_REGISTER], register_fields);
}

static void judge_absence(struct alg_verdict *out, const struct alg_seen *seen)
{
	if (out->by || out->eaten || seen->v4_unknown)
		return;
	for (unsigned hop = 1; hop <= ALG_HOPS; hop++)
		if (is_beyond(seen, hop) && is_clean(seen->lane[ALG_MAIN].cell[hop]))
			out->clean = hop;
	if (out->clean)
		out->answer = ALG_NO;
}

/* Addresses that a site gives itself; 100.64.0.0/10 is the carrier's. */
static bool is_site_address(const struct addr *addr)
{
	return addr_is_private(addr) && !addr_is_shared(addr);
}

static enum side side_of(const struct alg_verdict *verdict, const struct alg_seen *seen)
{
	const struct alg_lane_seen *lane = &seen->lane[ALG_MAIN];
	const unsigned hop = verdict->hop ? verdict->hop : verdict->by;

	if (!verdict->hop && verdict->received_back) /* only who translates it knows our address */
		return is_site_address(&lane->local) ? SIDE_SITE : SIDE_UNKNOWN;
	if (!hop)
		return SIDE_UNKNOWN;
	if (hop == 1)
		return addr_is_shared(alg_router(seen, 1)) ? SIDE_UNKNOWN : SIDE_SITE;
	return is_site_address(alg_router(seen, hop)) ? SIDE_SITE : SIDE_UNKNOWN;
}

void alg_judge(struct alg_verdict *out, const struct alg_seen *seen)
{
	*out = (struct alg_verdict){
		.eaten = find_eaten(seen),
		.via_back = via_is_rewritten(&seen->own) || via_is_rewritten(&seen->name),
		.received_back = received_is_rewritten(seen),
	};
	judge_quotes(out, seen);
	if (out->answer != ALG_YES)
		judge_proxy(out, seen);
	if (out->answer != ALG_YES)
		judge_witness(out);
	if (out->answer != ALG_YES)
		judge_absence(out, seen);
	if (out->answer == ALG_YES)
		out->side = side_of(out, seen);
}
