/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/exchange.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	READS_A_ROUND = 64, /* then the timers have their turn, however much pours in */
	NO_WAYS_TO_BELIEVE = 2,
};

struct exchange {
	struct exchange_plan plan;
	struct exchange_result result;
	uint8_t *payload, *answer;
	int fd;
	bool own_fd, handed_out;
	unsigned no_ways;
	int64_t wait_ms, started_at, due_at;
};

struct exchange_set {
	struct exchange **item;
	size_t count;
	uint8_t datagram[UDP_MAX];
	struct udp_error error;
};

struct exchange_set *exchange_set_new(void)
{
	return mem_new(1, sizeof(struct exchange_set));
}

static void exchange_free(struct exchange *exchange)
{
	if (exchange->own_fd)
		close(exchange->fd);
	free(exchange->payload);
	free(exchange->answer);
	free(exchange);
}

void exchange_set_free(struct exchange_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++)
		exchange_free(set->item[i]);
	free(set->item);
	free(set);
}

static enum err open_own(struct exchange *exchange)
{
	const struct exchange_plan *plan = &exchange->plan;
	enum err err = udp_open(&exchange->fd, &plan->socket);

	if (err)
		return err;
	exchange->own_fd = true;
	return plan->ttl ? udp_set_ttl(exchange->fd, addr_family(&plan->to), plan->ttl) : ERR_NONE;
}

enum err exchange_add(struct exchange **out, struct exchange_set *set,
		      const struct exchange_plan *plan)
{
	struct exchange *exchange = mem_new(1, sizeof *exchange);
	enum err err = ERR_NONE;

	exchange->plan = *plan;
	exchange->fd = plan->fd;
	if (!plan->first_ms)
		exchange->plan.first_ms = EXCHANGE_FIRST_MS;
	if (!plan->sends)
		exchange->plan.sends = EXCHANGE_SENDS;
	if (!plan->last_ms)
		exchange->plan.last_ms = EXCHANGE_LAST_FACTOR * exchange->plan.first_ms;
	exchange->wait_ms = exchange->plan.first_ms;
	exchange->payload = mem_new(plan->payload.left + 1, 1);
	if (plan->payload.left)
		memcpy(exchange->payload, plan->payload.at, plan->payload.left);
	exchange->plan.payload.at = exchange->payload;
	if (plan->fd < 0)
		err = open_own(exchange);
	if (err) {
		exchange_free(exchange);
		return err;
	}
	set->item = mem_resize(set->item, set->count + 1, sizeof *set->item);
	set->item[set->count++] = exchange;
	*out = exchange;
	return ERR_NONE;
}

static bool is_running(const struct exchange *exchange)
{
	return exchange->result.end == EXCHANGE_RUNNING;
}

static void end(struct exchange *exchange, enum exchange_end how)
{
	exchange->result.end = how;
	if (exchange->result.sent)
		exchange->result.took_ms = clock_ms() - exchange->started_at;
}

void exchange_cancel(struct exchange *exchange)
{
	if (is_running(exchange))
		end(exchange, EXCHANGE_CANCELLED);
	exchange->handed_out = true;
}

const struct exchange_result *exchange_result(const struct exchange *exchange)
{
	return &exchange->result;
}

int exchange_fd(const struct exchange *exchange)
{
	return exchange->fd;
}

static void send_once(struct exchange *exchange, int64_t now)
{
	const struct slice payload = exchange->plan.payload;

	if (!exchange->result.sent)
		exchange->started_at = now;
	exchange->result.sent++;
	switch (udp_send(exchange->fd, &exchange->plan.to, payload.at, payload.left)) {
	case ERR_NONE:
	case ERR_TIMEOUT: /* the send queue is full: as good as lost on the way */ break;
	case ERR_UNREACHABLE: end(exchange, EXCHANGE_UNREACHABLE); return;
	case ERR_PERMISSION: end(exchange, EXCHANGE_FILTERED); return;
	default: end(exchange, EXCHANGE_FAILED); return;
	}
	if (exchange->result.sent >= exchange->plan.sends) {
		exchange->due_at = now + exchange->plan.last_ms;
		return;
	}
	exchange->due_at = now + exchange->wait_ms;
	exchange->wait_ms *= 2;
}

/* What the clock asks of one exchange. */
static void step_timer(struct exchange *exchange, int64_t now)
{
	if (exchange->result.sent && now < exchange->due_at)
		return;
	if (exchange->result.sent < exchange->plan.sends)
		send_once(exchange, now);
	else
		end(exchange, exchange->no_ways ? EXCHANGE_UNREACHABLE : EXCHANGE_TIMEOUT);
}

static bool is_source(const struct exchange *exchange, const struct addr *from)
{
	return addr_equal(from, &exchange->plan.to) ||
	       (addr_is_set(&exchange->plan.also_from) &&
		addr_equal(from, &exchange->plan.also_from));
}

static void take_answer(struct exchange *exchange, struct slice datagram, const struct addr *from)
{
	exchange->answer = mem_new(datagram.left + 1, 1);
	if (datagram.left)
		memcpy(exchange->answer, datagram.at, datagram.left);
	exchange->result.answer = slice_of(exchange->answer, datagram.left);
	exchange->result.from = *from;
	end(exchange, EXCHANGE_ANSWERED);
}

static void offer_datagram(struct exchange_set *set, int fd, struct slice datagram,
			   const struct addr *from)
{
	for (size_t i = 0; i < set->count; i++) {
		struct exchange *exchange = set->item[i];

		if (exchange->fd == fd && is_running(exchange) && exchange->result.sent &&
		    is_source(exchange, from) &&
		    exchange->plan.match(datagram, exchange->plan.context)) {
			take_answer(exchange, datagram, from);
			return;
		}
	}
}

static void receive_datagrams(struct exchange_set *set, int fd)
{
	for (int i = 0; i < READS_A_ROUND; i++) {
		size_t length;
		struct addr from;
		enum err err = udp_receive(set->datagram, sizeof set->datagram, &length, &from, fd);

		if (!err)
			offer_datagram(set, fd, slice_of(set->datagram, length), &from);
		else if (err != ERR_FULL && err != ERR_UNSUPPORTED)
			return;
	}
}

static void take_error(struct exchange *exchange, const struct udp_error *error)
{
	if (addr_is_set(&error->offender))
		exchange->result.offender = error->offender;
	switch (udp_error_verdict(error)) {
	case UDP_TTL_EXPIRED: end(exchange, EXCHANGE_EXPIRED); break;
	case UDP_REFUSED: end(exchange, EXCHANGE_REFUSED); break;
	case UDP_FILTERED: end(exchange, EXCHANGE_FILTERED); break;
	case UDP_NO_WAY: /* RFC 1122, 3.2.2.1: a hint, no proof; routes flap and neighbours are
			    asked late */
		if (++exchange->no_ways >= NO_WAYS_TO_BELIEVE)
			end(exchange, EXCHANGE_UNREACHABLE);
		break;
	case UDP_OTHER: break;
	}
}

/* Does the quote begin as what this exchange sent? Some routers quote no payload at all. */
static bool is_quoted(const struct exchange *exchange, const struct udp_error *error)
{
	const struct slice payload = exchange->plan.payload;
	const size_t length =
		error->quote_length < payload.left ? error->quote_length : payload.left;

	return !memcmp(error->quote, payload.at, length);
}

/* By the target, and where exchanges share a socket and a target, by what is quoted: a box on the
 * way may have changed the payload, so a quote that fits none is about the first. */
static void offer_error(struct exchange_set *set, int fd)
{
	struct exchange *found = NULL;

	for (size_t i = 0; i < set->count; i++) {
		struct exchange *exchange = set->item[i];

		if (exchange->fd != fd || !is_running(exchange) ||
		    !addr_equal(&set->error.target, &exchange->plan.to))
			continue;
		if (is_quoted(exchange, &set->error)) {
			found = exchange;
			break;
		}
		if (!found)
			found = exchange;
	}
	if (found)
		take_error(found, &set->error);
}

static void receive_errors(struct exchange_set *set, int fd)
{
	for (int i = 0; i < READS_A_ROUND && !udp_receive_error(&set->error, fd); i++)
		offer_error(set, fd);
}

/* Fills the descriptors of running exchanges, each once, and lowers *until to the next timer. */
static size_t prepare_poll(struct pollfd *fds, const struct exchange_set *set,
			   struct deadline *until)
{
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++) {
		const struct exchange *exchange = set->item[i];
		size_t at = 0;

		if (!is_running(exchange))
			continue;
		*until = deadline_first(*until, (struct deadline){ exchange->due_at });
		while (at < count && fds[at].fd != exchange->fd)
			at++;
		if (at == count)
			fds[count++] = (struct pollfd){ .fd = exchange->fd, .events = POLLIN };
	}
	return count;
}

static void wait_and_receive(struct exchange_set *set, struct deadline until)
{
	struct pollfd *fds = mem_new(set->count + 1, sizeof *fds);
	const size_t count = prepare_poll(fds, set, &until);

	if (poll(fds, (nfds_t)count, deadline_left_ms(&until)) > 0)
		for (size_t i = 0; i < count; i++) {
			if (fds[i].revents & POLLERR)
				receive_errors(set, fds[i].fd);
			if (fds[i].revents)
				receive_datagrams(set, fds[i].fd);
		}
	free(fds);
}

/* The next that has ended and was not handed out. ERR_NOT_FOUND: all were; ERR_TIMEOUT: the others
 * still run. */
static enum err find_ended(struct exchange **done, const struct exchange_set *set)
{
	enum err err = ERR_NOT_FOUND;

	for (size_t i = 0; i < set->count; i++) {
		struct exchange *exchange = set->item[i];

		if (is_running(exchange)) {
			err = ERR_TIMEOUT;
		} else if (!exchange->handed_out) {
			exchange->handed_out = true;
			*done = exchange;
			return ERR_NONE;
		}
	}
	return err;
}

static void step_timers(struct exchange_set *set)
{
	const int64_t now = clock_ms();

	for (size_t i = 0; i < set->count; i++)
		if (is_running(set->item[i]))
			step_timer(set->item[i], now);
}

enum err exchange_next(struct exchange **done, struct exchange_set *set,
		       const struct deadline *until)
{
	for (;;) {
		enum err err;

		step_timers(set);
		err = find_ended(done, set);
		if (err != ERR_TIMEOUT || deadline_passed(until))
			return err;
		wait_and_receive(set, *until);
	}
}

void exchange_run(struct exchange_set *set, const struct deadline *until)
{
	struct exchange *done;
	enum err err;

	do
		err = exchange_next(&done, set, until);
	while (!err);
	for (size_t i = 0; i < set->count; i++)
		if (is_running(set->item[i]))
			end(set->item[i], EXCHANGE_TIMEOUT);
}
