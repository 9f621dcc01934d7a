/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/trace.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/quote.h"
#include "net/udp.h"
#include "proto/stun.h"

enum {
	WANTS_MAX = 512,
	PATIENCE_MS = 200, /* for the first answers; later by what the slowest took */
	PATIENCE_MOST_MS = 1000,
	RTP_HEADER = 12,
	RTP_LENGTH = RTP_HEADER + 160, /* 20 ms of G.711 */
	DATAGRAM_MAX = 1500,
	DRAIN_MAX = 256, /* datagrams read in one go */
};

struct want {
	struct trace_want plan;
	unsigned shots; /* sent */
	int64_t next_ms;
	bool pending; /* sent, patience not over */
	bool answered, finished;
};

struct shot {
	struct trace_path *path;
	unsigned hop;
	size_t want; /* WANTS_MAX: forgotten */
	enum trace_payload payload;
	int64_t sent_ms;
	bool answered, given_back;
};

struct trace {
	int fd;
	struct addr local;
	struct icmp_purse *purse;
	struct stun_id id; /* random; the shot's number goes into it */
	bool serial;       /* somebody quotes too little to tell several probes apart */
	struct trace_path path[TRACE_PATHS_MAX];
	size_t path_count;
	struct want want[WANTS_MAX];
	size_t want_count;
	struct shot shot[TRACE_PACKETS_MAX];
	unsigned shot_count;
	int64_t free_ms; /* when the next packet may go */
	int64_t slowest_ms;
	enum err send_error;
};

static enum err open_socket(struct trace *trace, const struct trace_plan *plan)
{
	struct udp_plan socket_plan = { .device = plan->device };
	enum err err = udp_source_for(&socket_plan.local, plan->to, plan->device);

	if (!err)
		err = udp_open(&trace->fd, &socket_plan);
	if (!err)
		err = udp_local(&trace->local, trace->fd);
	if (!err && plan->tos)
		err = udp_set_tos(trace->fd, addr_family(plan->to), plan->tos);
	return err;
}

enum err trace_new(struct trace **out, const struct trace_plan *plan)
{
	struct trace *trace = mem_new(1, sizeof *trace);
	enum err err;

	trace->fd = -1;
	trace->purse = plan->purse;
	/* So few bytes always come whole, once the system has started. */
	if (getrandom(trace->id.bytes, sizeof trace->id.bytes, 0) != sizeof trace->id.bytes)
		abort();
	err = open_socket(trace, plan);
	if (err)
		trace_free(trace);
	else
		*out = trace;
	return err;
}

void trace_free(struct trace *trace)
{
	if (trace && trace->fd >= 0)
		close(trace->fd);
	free(trace);
}

unsigned trace_packets(const struct trace *trace)
{
	return trace->shot_count;
}

enum err trace_send_error(const struct trace *trace)
{
	return trace->send_error;
}

struct trace_path *trace_path(struct trace *trace, const struct addr *target)
{
	struct trace_path *path;

	for (size_t i = 0; i < trace->path_count; i++)
		if (addr_equal(&trace->path[i].target, target))
			return &trace->path[i];
	if (trace->path_count == TRACE_PATHS_MAX)
		return NULL;
	path = &trace->path[trace->path_count++];
	path->target = *target;
	for (unsigned hop = 0; hop <= TRACE_HOPS; hop++)
		path->hop[hop].tos = -1;
	return path;
}

void trace_want(struct trace *trace, const struct trace_want *want)
{
	if (trace->want_count < WANTS_MAX && want->path && want->hop <= TRACE_HOPS)
		trace->want[trace->want_count++] = (struct want){ .plan = *want };
}

void trace_forget(struct trace *trace)
{
	for (unsigned i = 0; i < trace->shot_count; i++)
		trace->shot[i].want = WANTS_MAX;
	trace->want_count = 0;
}

/* --- sending --- */

static void put_be32(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* RFC 3550, 5.1: version 2, PCMU, the shot as sequence number, the SSRC ours. */
static size_t make_rtp(uint8_t data[static RTP_LENGTH], const struct trace *trace, unsigned shot)
{
	memset(data, 0xff, RTP_LENGTH);
	data[0] = 0x80;
	data[1] = 0;
	data[2] = (uint8_t)(shot >> 8);
	data[3] = (uint8_t)shot;
	put_be32(data + 4, shot * 160);
	memcpy(data + 8, trace->id.bytes, 4);
	return RTP_LENGTH;
}

static struct stun_id shot_id(const struct trace *trace, unsigned shot)
{
	struct stun_id id = trace->id;

	id.bytes[4] = (uint8_t)(shot >> 8);
	id.bytes[5] = (uint8_t)shot;
	return id;
}

static enum err transmit(struct trace *trace, const struct trace_want *want, unsigned shot)
{
	const int family = addr_family(&want->path->target);
	const struct stun_id id = shot_id(trace, shot);
	uint8_t rtp[RTP_LENGTH];
	struct buf stun;
	enum err err = udp_set_ttl(trace->fd, family, (int)want->hop);

	if (err)
		return err;
	if (want->payload == TRACE_RTP)
		return udp_send(trace->fd, &want->path->target, rtp, make_rtp(rtp, trace, shot));
	buf_init(&stun, STUN_MAX);
	err = stun_begin(&stun, STUN_REQUEST, STUN_BINDING, &id);
	if (!err)
		err = udp_send(trace->fd, &want->path->target, stun.data, stun.length);
	buf_clear(&stun);
	return err;
}

/* As long as an answer may take; longer with every try. */
static int64_t patience_of(const struct trace *trace, unsigned shots)
{
	int64_t patience = trace->slowest_ms * 2 + 50;

	if (!trace->slowest_ms)
		patience = PATIENCE_MS;
	else if (patience < PATIENCE_MS / 2)
		patience = PATIENCE_MS / 2;
	for (; shots > 1; shots--)
		patience *= 2;
	return patience < PATIENCE_MOST_MS ? patience : PATIENCE_MOST_MS;
}

static void send_one(struct trace *trace, size_t index, int64_t now)
{
	struct want *want = &trace->want[index];
	const enum err err = transmit(trace, &want->plan, trace->shot_count);

	if (err) {
		trace->send_error = err;
		want->finished = true;
		icmp_give_back(trace->purse, want->plan.hop);
		return;
	}
	trace->shot[trace->shot_count++] = (struct shot){ .path = want->plan.path,
							  .hop = want->plan.hop,
							  .want = index,
							  .payload = want->plan.payload,
							  .sent_ms = now };
	want->plan.path->hop[want->plan.hop].sent++;
	want->shots++;
	want->plan.tries--;
	want->pending = true;
	want->next_ms = now + patience_of(trace, want->shots);
	trace->free_ms = now + TRACE_PACE_MS;
}

/* The purse gets back what brought no answer. */
static void end_patience(struct trace *trace, size_t index)
{
	struct want *want = &trace->want[index];

	want->pending = false;
	for (unsigned i = 0; i < trace->shot_count; i++) {
		struct shot *shot = &trace->shot[i];

		if (shot->want == index && !shot->answered && !shot->given_back) {
			shot->given_back = true;
			icmp_give_back(trace->purse, shot->hop);
		}
	}
	if (!want->plan.tries)
		want->finished = true;
}

static bool is_busy(const struct trace *trace, const struct trace_path *path)
{
	for (size_t i = 0; i < trace->want_count; i++)
		if (trace->want[i].pending && trace->want[i].plan.path == path)
			return true;
	return false;
}

/* Sends the want, or puts it off. Returns when it is to be looked at again. */
static int64_t serve(struct trace *trace, size_t index, int64_t now)
{
	struct want *want = &trace->want[index];
	int64_t wait;

	if (want->pending && now >= want->next_ms)
		end_patience(trace, index);
	if (!want->plan.tries && !want->pending)
		want->finished = true;
	if (want->finished)
		return INT64_MAX;
	if (want->pending || now < want->next_ms)
		return want->next_ms;
	if (trace->serial && is_busy(trace, want->plan.path))
		return INT64_MAX; /* what it waits for has a time of its own */
	if (now < trace->free_ms)
		return trace->free_ms;
	wait = icmp_spend(trace->purse, want->plan.hop, now);
	if (wait)
		want->next_ms = now + wait;
	else
		send_one(trace, index, now);
	return want->finished ? INT64_MAX : want->next_ms;
}

/* Returns when something is next, INT64_MAX if nothing is wanted any more. */
static int64_t send_due(struct trace *trace, int64_t now)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < trace->want_count; i++) {
		int64_t at;

		if (trace->shot_count == TRACE_PACKETS_MAX && !trace->want[i].pending)
			trace->want[i].finished = true;
		at = serve(trace, i, now);
		if (at < next)
			next = at;
	}
	return next;
}

/* --- gathering --- */

static enum trace_answer answer_of(const struct udp_error *error)
{
	switch (udp_error_verdict(error)) {
	case UDP_TTL_EXPIRED: return TRACE_EXPIRED;
	case UDP_REFUSED: return TRACE_REFUSED;
	case UDP_FILTERED: return TRACE_FILTERED;
	case UDP_NO_WAY: return TRACE_NO_WAY;
	default: return TRACE_SILENT;
	}
}

/* A router that refuses has paid from its own purse, not from that of the hop that was meant. */
static void charge(struct trace *trace, const struct shot *shot, const struct addr *by)
{
	if (addr_same_host(by, &shot->path->target))
		return;
	for (size_t p = 0; p < trace->path_count; p++)
		for (unsigned hop = 1; hop <= TRACE_HOPS; hop++)
			if (trace->path[p].hop[hop].answer == TRACE_EXPIRED &&
			    addr_same_host(&trace->path[p].hop[hop].by, by)) {
				if (hop == shot->hop)
					return;
				icmp_give_back(trace->purse, shot->hop);
				(void)icmp_spend(trace->purse, hop, clock_ms());
				return;
			}
}

static void take(struct trace *trace, struct shot *shot, enum trace_answer answer,
		 const struct addr *by, int tos)
{
	struct trace_hop *hop = &shot->path->hop[shot->hop];
	const int64_t took = clock_ms() - shot->sent_ms;

	if (shot->answered)
		return;
	shot->answered = true;
	if (took > trace->slowest_ms)
		trace->slowest_ms = took;
	if (answer != TRACE_ECHO && answer != TRACE_BOUND)
		charge(trace, shot, by);
	if (hop->answered && !addr_same_host(&hop->by, by))
		hop->unsteady = true;
	hop->answered++;
	hop->answer = answer;
	hop->by = *by;
	hop->tos = tos;
	if (shot->want < trace->want_count) {
		trace->want[shot->want].pending = false;
		trace->want[shot->want].finished = true;
	}
}

/* The shot that a datagram (ours, quoted, echoed, or the answer to it) belongs to; NULL: none. */
static struct shot *find_shot(struct trace *trace, const uint8_t *data, size_t length,
			      const struct addr *target)
{
	const struct quote quote = quote_read(slice_of(data, length), trace->id.bytes);
	struct shot *shot;

	if ((quote.kind != QUOTE_RTP && quote.kind != QUOTE_STUN) ||
	    quote.number >= trace->shot_count)
		return NULL;
	shot = &trace->shot[quote.number];
	return (shot->payload == TRACE_RTP) == (quote.kind == QUOTE_RTP) &&
			       addr_equal(&shot->path->target, target)
		       ? shot
		       : NULL;
}

/* Too little was quoted: the only probe under way there it must have been. */
static struct shot *only_shot(struct trace *trace, const struct addr *target)
{
	struct shot *found = NULL;

	for (unsigned i = 0; i < trace->shot_count; i++) {
		struct shot *shot = &trace->shot[i];

		if (shot->want >= trace->want_count || shot->answered ||
		    !trace->want[shot->want].pending || !addr_equal(&shot->path->target, target))
			continue;
		if (found) {
			trace->serial = true;
			trace->want[shot->want].plan.tries++;
			return NULL;
		}
		found = shot;
	}
	return found;
}

static void take_error(struct trace *trace, const struct udp_error *error)
{
	const enum trace_answer answer = answer_of(error);
	struct shot *shot;

	if (answer == TRACE_SILENT || error->local || !addr_is_set(&error->offender) ||
	    (addr_same_host(&error->offender, &trace->local) &&
	     !addr_same_host(&error->target, &trace->local)))
		return;
	if (error->quote_length < QUOTE_RTP_LEAST)
		shot = only_shot(trace, &error->target);
	else
		shot = find_shot(trace, error->quote, error->quote_length, &error->target);
	if (shot)
		take(trace, shot, answer, &error->offender, error->tos);
}

static bool is_echo(const struct trace *trace, const struct shot *shot, const uint8_t *data,
		    size_t length)
{
	uint8_t rtp[RTP_LENGTH];

	make_rtp(rtp, trace, (unsigned)(shot - trace->shot));
	return length == sizeof rtp && !memcmp(data, rtp, sizeof rtp);
}

/* RFC 8489, 6.3: a response to our transaction, success or not; our own request sent back is none.
 */
static bool is_bound(const struct trace *trace, const struct shot *shot, const uint8_t *data,
		     size_t length)
{
	const struct stun_id id = shot_id(trace, (unsigned)(shot - trace->shot));
	struct stun_message message;

	return !stun_decode(&message, data, length) && message.method == STUN_BINDING &&
	       (message.class == STUN_SUCCESS || message.class == STUN_ERROR) &&
	       !memcmp(message.id.bytes, id.bytes, sizeof id.bytes);
}

static void take_datagram(struct trace *trace, const uint8_t *data, size_t length,
			  const struct addr *from)
{
	struct shot *shot = find_shot(trace, data, length, from);

	if (shot && shot->payload == TRACE_RTP && is_echo(trace, shot, data, length)) {
		take(trace, shot, TRACE_ECHO, from, -1);
		return;
	}
	if (shot && shot->payload == TRACE_STUN && is_bound(trace, shot, data, length)) {
		take(trace, shot, TRACE_BOUND, from, -1);
		return;
	}
	for (size_t i = 0; i < trace->path_count; i++)
		if (addr_equal(&trace->path[i].target, from))
			trace->path[i].strange++;
}

static void drain(struct trace *trace)
{
	uint8_t data[DATAGRAM_MAX];
	struct udp_error error;
	struct addr from;
	size_t length;

	for (int i = 0; i < DRAIN_MAX && !udp_receive_error(&error, trace->fd); i++)
		take_error(trace, &error);
	for (int i = 0; i < DRAIN_MAX; i++) {
		const enum err err = udp_receive(data, sizeof data, &length, &from, trace->fd);

		if (err == ERR_FULL)
			continue;
		if (err)
			break;
		take_datagram(trace, data, length, &from);
	}
}

static void wait_and_drain(struct trace *trace, int64_t until_ms)
{
	const struct deadline until = { .at_ms = until_ms };
	struct pollfd polled = { .fd = trace->fd, .events = POLLIN };

	if (poll(&polled, 1, deadline_left_ms(&until)) > 0)
		drain(trace);
}

void trace_work(struct trace *trace, const struct deadline *until, trace_enough *enough,
		void *context)
{
	while (!deadline_passed(until)) {
		const int64_t next = send_due(trace, clock_ms());

		if (next == INT64_MAX || (enough && enough(context)))
			break;
		wait_and_drain(trace, next < until->at_ms ? next : until->at_ms);
	}
	trace_forget(trace);
}
