/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/sip_ask.h"

#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "net/udp.h"

enum err sip_ask_message(struct buf *out, char token[static SIP_ASK_TOKEN],
			 const struct sip_request *request)
{
	struct sip_request named = *request;
	uint64_t number;

	if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
		return ERR_UNSUPPORTED;
	snprintf(token, SIP_ASK_TOKEN, "%016llx", (unsigned long long)number);
	named.method = SIP_OPTIONS;
	named.token = token;
	return sip_build(out, &named);
}

bool sip_ask_read(struct sip_answer *out, struct slice bytes, const char *token)
{
	return !sip_answer_parse(out, bytes) && sip_answer_fits(out, SIP_OPTIONS, token);
}

static bool is_answer(struct slice datagram, const void *context)
{
	struct sip_answer answer;

	return sip_ask_read(&answer, datagram, context);
}

/* A header that nobody knows, RFC 3261, 7.3.1: ignored. */
static enum err make_large(struct buf *out, const struct buf *small)
{
	struct slice start, rest = slice_of(small->data, small->length);
	enum err err = slice_line(&start, &rest);

	if (!err)
		err = buf_add(out, start.at, start.left);
	if (!err)
		err = buf_add_text(out, "\r\n");
	while (!err && out->length + rest.left < SIP_ASK_LARGE)
		err = buf_add_text(out,
				   "X-Padding: only here to make this message long enough\r\n");
	return err ? err : buf_add(out, rest.at, rest.left);
}

static enum err add_message(struct sip_ask *out, struct exchange_set *set,
			    const struct exchange_plan *plan, const struct buf *message)
{
	struct exchange_plan full = *plan;

	full.fd = out->fd;
	full.payload = slice_of(message->data, message->length);
	return exchange_add(&out->exchange, set, &full);
}

static enum err open_socket(struct sip_ask *out, struct addr *local,
			    const struct sip_ask_plan *plan)
{
	struct udp_plan udp = { .device = plan->device };
	enum err err = udp_source_for(&udp.local, &plan->to, plan->device);

	if (!err)
		err = udp_open(&out->fd, &udp);
	return err ? err : udp_local(local, out->fd);
}

enum err sip_ask_add(struct sip_ask *out, struct exchange_set *set, const struct sip_ask_plan *plan)
{
	const struct exchange_plan exchange = {
		.to = plan->to,
		.match = plan->match ? plan->match : is_answer,
		.context = out->token,
		.first_ms = plan->first_ms,
		.sends = plan->sends,
		.last_ms = plan->last_ms,
	};
	struct addr local;
	const struct sip_request request = { .host = plan->host, .local = &local };
	struct buf small, padded;
	enum err err;

	*out = (struct sip_ask){ .fd = -1 };
	buf_init(&small, SIP_MESSAGE_MAX);
	buf_init(&padded, SIP_MESSAGE_MAX);
	err = open_socket(out, &local, plan);
	if (!err)
		err = sip_ask_message(&small, out->token, &request);
	if (!err && plan->large)
		err = make_large(&padded, &small);
	if (!err)
		err = add_message(out, set, &exchange, plan->large ? &padded : &small);
	buf_clear(&small);
	buf_clear(&padded);
	return err;
}

void sip_ask_clear(struct sip_ask *ask)
{
	if (ask->fd >= 0)
		close(ask->fd);
	ask->fd = -1;
}

enum exchange_end sip_ask_once(struct sip_answer *answer, const struct sip_ask_plan *plan,
			       const struct deadline *until)
{
	struct exchange_set *set = exchange_set_new();
	enum exchange_end end = EXCHANGE_FAILED;
	struct sip_ask ask;

	if (answer)
		answer->status = 0;
	if (!sip_ask_add(&ask, set, plan)) {
		const struct exchange_result *result = exchange_result(ask.exchange);

		exchange_run(set, until);
		end = result->end;
		if (answer && end == EXCHANGE_ANSWERED &&
		    !sip_ask_read(answer, result->answer, ask.token))
			answer->status = 0;
	}
	exchange_set_free(set);
	sip_ask_clear(&ask);
	return end;
}
