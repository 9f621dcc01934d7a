/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/alg_probe.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "check/alg_message.h"
#include "net/udp.h"
#include "proto/sip.h"

enum {
	RETRY_MS = 1000,
	WITNESS_MS = 500, /* RFC 3261, 17.1.2.2: T1, then doubled */
	AGAIN_MS = 100,
	DRAIN_MAX = 256, /* datagrams read in one go */
};

void alg_run_init(struct alg_run *run, struct alg_seen *seen, const char *host, const char *device)
{
	*run = (struct alg_run){ .seen = seen, .device = device };
	snprintf(run->host, sizeof run->host, "%s", host);
	for (size_t i = 0; i < ALG_LANES; i++)
		run->fd[i] = -1;
}

void alg_run_clear(struct alg_run *run)
{
	for (size_t i = 0; i < ALG_LANES; i++)
		if (run->fd[i] >= 0)
			close(run->fd[i]);
	for (size_t i = 0; i < run->shot_count; i++)
		buf_clear(&run->shot[i].sent);
}

enum err alg_open(struct alg_run *run, enum alg_lane lane, uint16_t port, const struct addr *target)
{
	struct alg_lane_seen *seen = &run->seen->lane[lane];
	struct udp_plan plan = { .device = run->device };
	enum err err = ERR_NONE;

	if (run->fd[lane] >= 0)
		return ERR_NONE;
	err = udp_source_for(&plan.local, target, run->device);
	if (err)
		return err;
	addr_set_port(&plan.local, port);
	err = udp_open(&run->fd[lane], &plan);
	if (err)
		return err;
	seen->target = *target;
	return udp_local(&seen->local, run->fd[lane]);
}

void alg_want(struct alg_run *run, const struct alg_want *want)
{
	if (run->want_count < ALG_WANTS_MAX)
		run->want[run->want_count++] = *want;
}

void alg_forget(struct alg_run *run, enum alg_message message)
{
	for (size_t i = 0; i < run->want_count; i++)
		if (run->want[i].message == message)
			run->want[i].finished = true;
}

static bool is_judged(enum alg_message message)
{
	return message < ALG_SEND_KEEPALIVE;
}

static struct alg_cell *cell_of(struct alg_run *run, const struct alg_want *want)
{
	return &run->seen->lane[want->lane].cell[want->hop][want->message];
}

/* --- what may be sent --- */

enum gate { GATE_OPEN, GATE_WAIT, GATE_SHUT };

static bool is_pending(const struct alg_run *run, enum alg_lane lane, unsigned hop,
		       enum alg_message message)
{
	for (size_t i = 0; i < run->want_count; i++) {
		const struct alg_want *want = &run->want[i];

		if (want->lane == lane && want->hop == hop && want->message == message &&
		    !want->finished)
			return true;
	}
	return false;
}

/* Harmless datagrams of this flow must have ended at a router there, always the same one. */
static enum gate flow_gate(const struct alg_run *run, const struct alg_want *want)
{
	if (run->unsteady[want->lane][want->hop])
		return GATE_SHUT;
	if (addr_is_set(&run->seen->lane[want->lane].router[want->hop]))
		return GATE_OPEN;
	return is_pending(run, want->lane, want->hop, ALG_SEND_KEEPALIVE) ? GATE_WAIT : GATE_SHUT;
}

/* An OPTIONS harms nobody who gets it. Where harmless datagrams to the SIP port vanish but those to
 * another port end at the first router, it may be tried whether somebody there takes SIP for
 * himself. */
static bool may_ask_first_router(const struct alg_run *run, const struct alg_want *want)
{
	return want->message == ALG_SEND_OPTIONS && want->hop == 1 &&
	       addr_is_set(&run->seen->lane[ALG_CONTROL].router[1]);
}

/* And so must an OPTIONS: where somebody sends SIP on as his own message, a low hop limit protects
 * nobody. */
static enum gate sip_gate(const struct alg_run *run, const struct alg_want *want)
{
	const struct alg_lane_seen *lane = &run->seen->lane[ALG_MAIN];

	for (unsigned hop = 1; hop <= ALG_HOPS; hop++)
		for (enum alg_kind kind = 0; kind < ALG_DECOY; kind++)
			if (lane->cell[hop][kind].answered)
				return GATE_SHUT;
	if (lane->cell[want->hop][ALG_OPTIONS].quoted)
		return GATE_OPEN;
	return is_pending(run, ALG_MAIN, want->hop, ALG_SEND_OPTIONS) ? GATE_WAIT : GATE_SHUT;
}

static enum gate gate_of(const struct alg_run *run, const struct alg_want *want)
{
	enum gate gate;

	if (!is_judged(want->message))
		return GATE_OPEN;
	if (!want->hop)
		return GATE_SHUT;
	if (may_ask_first_router(run, want))
		return GATE_OPEN;
	gate = flow_gate(run, want);
	if (gate == GATE_OPEN &&
	    (want->message == ALG_SEND_INVITE || want->message == ALG_SEND_REGISTER))
		gate = sip_gate(run, want);
	return gate;
}

/* The system's own hop limit brings no ICMP answer. */
static int64_t spend(const struct alg_run *run, unsigned hop, int64_t now)
{
	return hop ? icmp_spend(run->purse, hop, now) : 0;
}

/* --- sending --- */

static enum err transmit(const struct alg_run *run, const struct alg_want *want,
			 const struct buf *message)
{
	const struct alg_lane_seen *lane = &run->seen->lane[want->lane];
	const int fd = run->fd[want->lane];
	enum err err = udp_set_ttl(fd, addr_family(&lane->target), (int)want->hop);

	return err ? err : udp_send(fd, &lane->target, message->data, message->length);
}

static void send_one(struct alg_run *run, size_t index, int64_t now)
{
	struct alg_want *want = &run->want[index];
	struct alg_shot *shot = &run->shot[run->shot_count];
	enum err err = ERR_FULL;

	if (run->shot_count < ALG_SHOTS_MAX) {
		*shot = (struct alg_shot){ .want = index };
		buf_init(&shot->sent, SIP_MESSAGE_MAX);
		run->shot_count++;
		err = alg_message_make(shot, run, want);
	}
	if (!err)
		err = transmit(run, want, &shot->sent);
	if (err) {
		run->send_error = err;
		want->finished = true;
		return;
	}
	if (is_judged(want->message))
		cell_of(run, want)->sent++;
	want->tries--;
	want->next_ms = now + (!want->hop && want->tries > 1 ? WITNESS_MS : RETRY_MS);
}

/* Sends what is due; returns when something is next, INT64_MAX if nothing is wanted any more. */
static int64_t send_due(struct alg_run *run, int64_t now)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < run->want_count; i++) {
		struct alg_want *want = &run->want[i];
		int64_t at;

		if (!want->finished && now >= want->next_ms) {
			const enum gate gate = gate_of(run, want);
			const int64_t wait =
				want->tries && gate == GATE_OPEN ? spend(run, want->hop, now) : 0;

			if (!want->tries || gate == GATE_SHUT)
				want->finished = true;
			else if (gate == GATE_WAIT)
				continue; /* what it waits for has a time of its own */
			else if (wait)
				want->next_ms = now + wait;
			else
				send_one(run, i, now);
		}
		at = want->finished ? INT64_MAX : want->next_ms;
		if (at < next)
			next = at;
	}
	return next;
}

/* --- gathering --- */

static void keep_example(struct alg_run *run, const struct sip_change *change)
{
	struct alg_example *example = &run->seen->example[change->field];
	char *sent, *got;

	if (example->sent[0] || example->got[0])
		return;
	sent = text_safe(change->sent.at, change->sent.left, ALG_EXAMPLE_TEXT - 1);
	got = text_safe(change->got.at, change->got.left, ALG_EXAMPLE_TEXT - 1);
	snprintf(example->sent, sizeof example->sent, "%s", sent);
	snprintf(example->got, sizeof example->got, "%s", got);
	free(sent);
	free(got);
}

static void take_sip_quote(struct alg_run *run, struct alg_cell *cell, struct slice sent,
			   struct slice quote)
{
	struct sip_diff diff;

	if (sip_diff(&diff, sent, quote))
		return; /* too little quoted to say anything */
	cell->quoted++;
	cell->touched += diff.changed != 0;
	cell->changed |= diff.changed;
	cell->kept |= diff.seen & ~diff.changed;
	cell->harmless |= diff.harmless;
	for (size_t i = 0; i < diff.change_count; i++)
		keep_example(run, &diff.change[i]);
}

/* The quote's text, without what a router may add behind it (RFC 4884), must begin what was sent.
 */
static void take_decoy_quote(struct alg_cell *cell, struct slice sent, struct slice quote)
{
	size_t length = 0;

	while (length < quote.left && quote.at[length] && quote.at[length] < 0x7f)
		length++;
	quote = slice_trim(slice_of(quote.at, length));
	cell->quoted++;
	if (quote.left > sent.left || memcmp(quote.at, sent.at, quote.left))
		cell->touched++;
}

static void learn_router(struct alg_run *run, enum alg_lane lane, unsigned hop,
			 const struct addr *router)
{
	struct addr *known = &run->seen->lane[lane].router[hop];

	for (size_t i = 0; i < run->want_count; i++) {
		struct alg_want *want = &run->want[i];

		if (want->lane != lane || want->hop != hop || want->message != ALG_SEND_KEEPALIVE)
			continue;
		want->finished = true;
		if (addr_is_set(known) && !addr_same_host(known, router))
			run->unsteady[lane][hop] = true;
		*known = *router;
		return;
	}
}

static void take_quote(struct alg_run *run, struct alg_shot *shot, const struct udp_error *error)
{
	struct alg_want *want = &run->want[shot->want];
	const struct slice sent = slice_of(shot->sent.data, shot->sent.length);
	const struct slice quote = slice_of(error->quote, error->quote_length);

	if (shot->quoted || !is_judged(want->message) ||
	    !addr_same_host(&error->offender, &run->seen->lane[want->lane].router[want->hop]))
		return;
	shot->quoted = true;
	want->finished = true;
	if (want->message == ALG_SEND_DECOY)
		take_decoy_quote(cell_of(run, want), sent, quote);
	else
		take_sip_quote(run, cell_of(run, want), sent, quote);
}

static void take_error(struct alg_run *run, enum alg_lane lane, const struct udp_error *error)
{
	const struct alg_lane_seen *seen = &run->seen->lane[lane];
	const unsigned hop = alg_message_hop(slice_of(error->quote, error->quote_length));

	if (udp_error_verdict(error) != UDP_TTL_EXPIRED || error->local ||
	    !addr_equal(&error->target, &seen->target) || !addr_is_set(&error->offender) ||
	    addr_same_host(&error->offender, &seen->target) ||
	    addr_same_host(&error->offender, &seen->local))
		return;
	run->heard_ms = clock_ms();
	if (hop) {
		learn_router(run, lane, hop, &error->offender);
		return;
	}
	for (size_t i = 0; i < run->shot_count; i++) {
		struct alg_shot *shot = &run->shot[i];

		if (run->want[shot->want].lane == lane &&
		    memmem(error->quote, error->quote_length, shot->token, strlen(shot->token))) {
			take_quote(run, shot, error);
			return;
		}
	}
}

static void take_witness(struct alg_run *run, const struct alg_want *want,
			 const struct sip_answer *answer)
{
	const bool own = want->message == ALG_SEND_OWN;
	const struct addr *local = &run->seen->lane[want->lane].local;
	struct alg_witness *out = own ? &run->seen->own : &run->seen->name;
	struct addr via;

	out->answered = true;
	if (own)
		out->via_kept = !addr_parse(&via, answer->via_host, answer->via_port) &&
				addr_equal(&via, local);
	else
		out->via_kept = !strcmp(answer->via_host, ALG_VIA_NAME) &&
				answer->via_port == addr_port(local);
	snprintf(out->via, sizeof out->via, "%s", answer->via_host);
	out->received = answer->received;
	out->rport = answer->rport;
}

/* True if the answer belongs to what was sent: Call-ID, CSeq and branch all are ours. */
static bool is_answer_to(const struct sip_answer *answer, const struct alg_shot *shot,
			 const struct alg_want *want, const struct addr *local)
{
	const enum sip_method method = want->message == ALG_SEND_INVITE     ? SIP_INVITE
				       : want->message == ALG_SEND_REGISTER ? SIP_REGISTER
									    : SIP_OPTIONS;
	char host[ADDR_TEXT], call_id[SIP_TEXT_MAX], branch[SIP_TEXT_MAX];

	snprintf(call_id, sizeof call_id, "%s@%s", shot->token, addr_host_text(host, local));
	snprintf(branch, sizeof branch, "z9hG4bK%s", shot->token);
	return want->message != ALG_SEND_KEEPALIVE && want->message != ALG_SEND_DECOY &&
	       answer->cseq == 1 && !strcmp(answer->method, sip_method_text(method)) &&
	       !strcmp(answer->call_id, call_id) && !strcmp(answer->branch, branch);
}

static void take_answer(struct alg_run *run, struct alg_shot *shot, const struct sip_answer *answer)
{
	struct alg_want *want = &run->want[shot->want];

	if (shot->answered)
		return;
	shot->answered = true;
	run->heard_ms = clock_ms();
	if (!want->hop) {
		want->finished = true;
		take_witness(run, want, answer);
		return;
	}
	cell_of(run, want)->answered++;
	want->next_ms = run->heard_ms + AGAIN_MS; /* strange enough to be seen twice */
}

static void take_datagram(struct alg_run *run, enum alg_lane lane, struct slice bytes)
{
	struct sip_answer answer;

	if (sip_answer_parse(&answer, bytes))
		return;
	for (size_t i = 0; i < run->shot_count; i++) {
		struct alg_shot *shot = &run->shot[i];
		const struct alg_want *want = &run->want[shot->want];

		if (want->lane == lane &&
		    is_answer_to(&answer, shot, want, &run->seen->lane[lane].local)) {
			take_answer(run, shot, &answer);
			return;
		}
	}
}

static void drain(struct alg_run *run, enum alg_lane lane)
{
	uint8_t data[SIP_MESSAGE_MAX];
	struct udp_error error;
	struct addr from;
	size_t length;

	for (int i = 0; i < DRAIN_MAX && !udp_receive_error(&error, run->fd[lane]); i++)
		take_error(run, lane, &error);
	for (int i = 0; i < DRAIN_MAX; i++) {
		const enum err err = udp_receive(data, sizeof data, &length, &from, run->fd[lane]);

		if (err == ERR_FULL)
			continue;
		if (err)
			break;
		if (addr_equal(&from, &run->seen->lane[lane].target))
			take_datagram(run, lane, slice_of(data, length));
	}
}

static void wait_and_drain(struct alg_run *run, int64_t until_ms)
{
	const struct deadline until = { .at_ms = until_ms };
	struct pollfd polls[ALG_LANES];

	for (size_t i = 0; i < ALG_LANES; i++)
		polls[i] = (struct pollfd){ .fd = run->fd[i], .events = POLLIN };
	if (poll(polls, ALG_LANES, deadline_left_ms(&until)) <= 0)
		return;
	for (size_t i = 0; i < ALG_LANES; i++)
		if (run->fd[i] >= 0 && polls[i].revents)
			drain(run, (enum alg_lane)i);
}

void alg_work(struct alg_run *run, const struct deadline *until, int64_t quiet_ms,
	      alg_enough *enough)
{
	run->heard_ms = clock_ms();
	while (!deadline_passed(until)) {
		const int64_t now = clock_ms();
		int64_t next = send_due(run, now);

		if (next == INT64_MAX)
			return;
		if (enough && now >= run->heard_ms + quiet_ms && enough(run))
			return;
		if (enough && now < run->heard_ms + quiet_ms && run->heard_ms + quiet_ms < next)
			next = run->heard_ms + quiet_ms;
		wait_and_drain(run, next < until->at_ms ? next : until->at_ms);
	}
}
