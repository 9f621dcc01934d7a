/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/responder.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/binding.h"
#include "net/exchange.h"

enum {
	ATTRIBUTE_HEADER = 4,
	STALE = 438, /* RFC 8489, 14.8: this NONCE is good no more, take that one */
	SHOWS_MOST = 3,
	SSRC_AT = 8,
	SAMPLE_SILENCE = 0xff, /* G.711, mu-law */
};

/* What goes on with one port. */
struct talk {
	struct responder_port *port;
	struct stun_id id;
	uint8_t rtp[RESPONDER_BYTES];
	struct exchange *exchange; /* of the step under way; NULL: it has none */
	bool shows;                /* its NONCE is to be shown, again */
};

void responder_rtp(uint8_t packet[static RESPONDER_BYTES], uint32_t ssrc, uint16_t number)
{
	const uint32_t stamp = (uint32_t)number * (RESPONDER_BYTES - 12);

	memset(packet, SAMPLE_SILENCE, RESPONDER_BYTES);
	packet[0] = 0x80;
	packet[1] = 0;
	packet[2] = (uint8_t)(number >> 8);
	packet[3] = (uint8_t)number;
	for (int i = 0; i < 4; i++) {
		packet[4 + i] = (uint8_t)(stamp >> (24 - 8 * i));
		packet[SSRC_AT + i] = (uint8_t)(ssrc >> (24 - 8 * i));
	}
}

/* As long as RTP: else there were no room for the answer's NONCE. */
static enum err make_request(struct buf *out, const struct talk *talk)
{
	static const uint8_t filling[RESPONDER_BYTES] = "earshot";
	enum err err = stun_begin(out, STUN_REQUEST, STUN_BINDING, &talk->id);

	if (!err)
		err = stun_add_be32(out, STUN_TRANSMIT_COUNTER, RESPONDER_COUNT_ONE);
	if (!err && talk->shows)
		err = stun_add(out, STUN_NONCE,
			       slice_of(talk->port->nonce, talk->port->nonce_length));
	if (!err && out->length + ATTRIBUTE_HEADER < RESPONDER_BYTES)
		err = stun_add(out, STUN_SOFTWARE,
			       slice_of(filling, RESPONDER_BYTES - ATTRIBUTE_HEADER - out->length));
	return err;
}

static struct exchange_plan plan_for(const struct responder_plan *plan, const struct talk *talk)
{
	const unsigned first_ms = plan->first_ms ? plan->first_ms : RESPONDER_FIRST_MS;
	struct exchange_plan out = { .fd = plan->fd,
				     .to = plan->server,
				     .first_ms = first_ms,
				     .sends = RESPONDER_SENDS,
				     .last_ms = 4 * first_ms };

	addr_set_port(&out.to, talk->port->port);
	return out;
}

static void add_request(struct talk *talk, struct exchange_set *set,
			const struct responder_plan *plan)
{
	struct exchange_plan full = plan_for(plan, talk);
	struct buf request;

	talk->exchange = NULL;
	talk->id = binding_id();
	buf_init(&request, STUN_MAX);
	if (!make_request(&request, talk)) {
		full.payload = slice_of(request.data, request.length);
		full.match = binding_match;
		full.context = &talk->id;
		if (exchange_add(&talk->exchange, set, &full))
			talk->exchange = NULL;
	}
	buf_clear(&request);
}

static const struct exchange_result *answered(const struct talk *talk)
{
	const struct exchange_result *result =
		talk->exchange ? exchange_result(talk->exchange) : NULL;

	return result && result->end == EXCHANGE_ANSWERED ? result : NULL;
}

/* A NONCE is to be shown when it is offered first and when the one shown was stale. */
static void take_answer(struct talk *talk)
{
	const struct exchange_result *result = answered(talk);
	const bool shown = talk->shows;
	struct responder_port *port = talk->port;
	struct stun_message answer;

	talk->shows = false;
	if (!result || stun_decode(&answer, result->answer.at, result->answer.left))
		return;
	port->bound = true;
	port->counts |= answer.has_counter;
	if (!shown)
		port->took_ms = result->took_ms;
	if (!answer.nonce.at || !answer.nonce.left || answer.nonce.left > sizeof port->nonce)
		return;
	port->offered = true;
	memcpy(port->nonce, answer.nonce.at, answer.nonce.left);
	port->nonce_length = answer.nonce.left;
	talk->shows = !shown || answer.error_code == STALE;
}

/* True if there is a NONCE to show yet. */
static bool ask(struct talk *talks, size_t count, bool all, const struct responder_plan *plan,
		const struct deadline *until)
{
	struct exchange_set *set = exchange_set_new();
	bool more = false;

	for (size_t i = 0; i < count; i++)
		if (all || talks[i].shows)
			add_request(&talks[i], set, plan);
	exchange_run(set, until);
	for (size_t i = 0; i < count; i++) {
		if (all || talks[i].shows)
			take_answer(&talks[i]);
		more |= talks[i].shows;
	}
	exchange_set_free(set);
	return more;
}

static bool is_echo(struct slice datagram, const void *context)
{
	return datagram.left == RESPONDER_BYTES && !memcmp(datagram.at, context, RESPONDER_BYTES);
}

static void add_rtp(struct talk *talk, struct exchange_set *set, const struct responder_plan *plan)
{
	const struct stun_id id = binding_id();
	struct exchange_plan full = plan_for(plan, talk);
	uint32_t ssrc;

	memcpy(&ssrc, id.bytes, sizeof ssrc);
	responder_rtp(talk->rtp, ssrc, 1);
	full.payload = slice_of(talk->rtp, sizeof talk->rtp);
	full.match = is_echo;
	full.context = talk->rtp;
	if (exchange_add(&talk->exchange, set, &full))
		talk->exchange = NULL;
}

/* Also where STUN was not answered: a bare echo may know none. */
static void try_echo(struct talk *talks, size_t count, const struct responder_plan *plan,
		     const struct deadline *until)
{
	struct exchange_set *set = exchange_set_new();

	for (size_t i = 0; i < count; i++)
		add_rtp(&talks[i], set, plan);
	exchange_run(set, until);
	for (size_t i = 0; i < count; i++) {
		const struct exchange_result *result = answered(&talks[i]);

		talks[i].port->echoed = result != NULL;
		if (result && !talks[i].port->took_ms)
			talks[i].port->took_ms = result->took_ms;
	}
	exchange_set_free(set);
}

void responder_try(struct responder_port *ports, size_t count, const struct responder_plan *plan,
		   const struct deadline *until)
{
	struct talk *talks = mem_new(count ? count : 1, sizeof *talks);
	bool more;

	for (size_t i = 0; i < count; i++) {
		ports[i] = (struct responder_port){ .port = ports[i].port };
		talks[i].port = &ports[i];
	}
	more = ask(talks, count, true, plan, until) && !plan->bind_only;
	for (int i = 0; i < SHOWS_MOST && more; i++)
		more = ask(talks, count, false, plan, until);
	if (!plan->bind_only)
		try_echo(talks, count, plan, until);
	free(talks);
}
