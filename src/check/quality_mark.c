/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/quality_mark.h"

#include "net/icmp.h"
#include "net/trace.h"

enum {
	HOPS = 8,
	TRIES = 2,
	EF_AND_ECT = 0xba,
	COPIED = 0x1e, /* what Linux copies (IPTOS_TOS_MASK) */
	ECT = 0x02,
	EF_PART = 0xb8 & COPIED,
};

enum quality_mark quality_mark_of(int tos)
{
	if (tos < 0)
		return MARK_UNKNOWN;
	if ((tos & EF_PART) == EF_PART)
		return MARK_THERE;
	return (tos & COPIED) == ECT ? MARK_CLEARED : MARK_UNKNOWN;
}

static void read_path(struct quality_path *out, const struct trace_path *path)
{
	for (unsigned number = 1; number <= HOPS; number++) {
		const struct trace_hop *hop = &path->hop[number];
		const enum quality_mark mark =
			hop->answer == TRACE_EXPIRED ? quality_mark_of(hop->tos) : MARK_UNKNOWN;

		if (mark == MARK_THERE && !out->cleared) {
			out->there = number;
			out->there_by = hop->by;
		} else if (mark == MARK_CLEARED && !out->cleared) {
			out->cleared = number;
			out->cleared_by = hop->by;
		}
	}
	out->mark = out->cleared ? MARK_CLEARED : out->there ? MARK_THERE : MARK_UNKNOWN;
}

static bool has_arrived(void *context)
{
	const struct trace_path *path = context;

	for (unsigned hop = 1; hop <= HOPS; hop++)
		if (path->hop[hop].answered && addr_same_host(&path->hop[hop].by, &path->target))
			return true;
	return false;
}

static void work(struct quality_path *out, struct trace *trace, const struct addr *server,
		 const struct deadline *until)
{
	struct trace_path *path = trace_path(trace, server);

	for (unsigned hop = 1; hop <= HOPS; hop++)
		trace_want(trace, &(struct trace_want){ .path = path,
							.hop = hop,
							.payload = TRACE_STUN,
							.tries = TRIES });
	trace_work(trace, until, has_arrived, path);
	read_path(out, path);
}

void quality_mark_trace(struct quality_path *out, const struct site *site,
			const struct addr *server, const struct deadline *until)
{
	struct icmp_purse *own = site->icmp ? NULL : icmp_purse_new();
	const struct trace_plan plan = { .to = server,
					 .device = site->interface,
					 .tos = EF_AND_ECT,
					 .purse = own ? own : site->icmp };
	struct trace *trace;

	*out = (struct quality_path){ 0 };
	if (!icmp_turn_take(site->icmp, until)) {
		if (!trace_new(&trace, &plan)) {
			work(out, trace, server, until);
			trace_free(trace);
		}
		icmp_turn_leave(site->icmp);
	}
	icmp_purse_free(own);
}
