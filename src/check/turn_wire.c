/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/turn_wire.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "check/check.h"
#include "net/udp.h"
#include "proto/turn.h"

enum {
	SENDS = 4,
	LAST_MS = 1000, /* the wait behind the last of them */
	SLICE_MS = 40,
	READ_BYTES = 4096,
};

const char *turn_transport_text(enum turn_transport transport)
{
	static const char *const texts[] = { "udp", "tcp", "tls" };

	return texts[transport];
}

void turn_wire_init(struct turn_wire *wire, enum turn_transport transport,
		    const struct addr *server)
{
	*wire = (struct turn_wire){
		.transport = transport, .server = *server, .fd = -1, .ready = -1
	};
	buf_init(&wire->come, TURN_FRAME_MAX + READ_BYTES);
}

void turn_wire_clear(struct turn_wire *wire)
{
	if (wire->fd >= 0)
		close(wire->fd);
	if (wire->ready >= 0)
		close(wire->ready);
	wire->fd = wire->ready = -1;
	stream_free(wire->stream);
	wire->stream = NULL;
	buf_clear(&wire->come);
}

bool turn_wire_hurried(const struct turn_wire *wire)
{
	return check_hurried(wire->hurry);
}

struct deadline turn_wire_slice(const struct deadline *until)
{
	return deadline_first(deadline_in(SLICE_MS), *until);
}

enum turn_end turn_end_of(enum err err)
{
	switch (err) {
	case ERR_NONE: return TURN_FINE;
	case ERR_TIMEOUT: return TURN_SILENT;
	case ERR_REFUSED: return TURN_REFUSED;
	case ERR_PERMISSION: return TURN_FILTERED;
	case ERR_SYNTAX:
	case ERR_MISMATCH: return TURN_NO_TLS;
	case ERR_IO: return TURN_CLOSED;
	default: return TURN_NO_WAY;
	}
}

enum turn_end turn_wire_open(struct turn_wire *wire, const struct deadline *until)
{
	const struct stream_plan plan = { .to = wire->server,
					  .device = wire->device,
					  .tls = wire->transport == TURN_TLS,
					  .tls_name = wire->name,
					  .connected = wire->ready >= 0,
					  .fd = wire->ready };
	struct udp_plan udp = { .local = addr_any(addr_family(&wire->server), 0),
				.device = wire->device };

	if (wire->fd >= 0 || wire->stream)
		return TURN_FINE;
	if (wire->transport != TURN_UDP) {
		wire->ready = -1;
		return turn_end_of(stream_open(&wire->stream, &plan, until));
	}
	return turn_end_of(udp_open(&wire->fd, &udp));
}

/* --- UDP --------------------------------------------------------------------------------------*/

static enum turn_end end_of_exchange(struct turn_wire *wire, const struct exchange_result *result)
{
	wire->offender = result->offender;
	switch (result->end) {
	case EXCHANGE_ANSWERED: return TURN_FINE;
	case EXCHANGE_REFUSED: return TURN_REFUSED;
	case EXCHANGE_FILTERED: return TURN_FILTERED;
	case EXCHANGE_RUNNING:
	case EXCHANGE_TIMEOUT: return TURN_SILENT;
	case EXCHANGE_CANCELLED: return TURN_STOPPED;
	default: return TURN_NO_WAY;
	}
}

/* Runs an exchange to its end, with a look at `hurry` now and then. */
static void run_exchange(struct exchange_set *set, struct exchange *exchange,
			 const struct turn_wire *wire, const struct deadline *until)
{
	struct exchange *done;
	enum err err = ERR_TIMEOUT;

	while (err == ERR_TIMEOUT && !deadline_passed(until) && !turn_wire_hurried(wire)) {
		const struct deadline slice = turn_wire_slice(until);

		err = exchange_next(&done, set, &slice);
	}
	if (turn_wire_hurried(wire))
		exchange_cancel(exchange);
}

static enum turn_end ask_udp(struct buf *answer, struct turn_wire *wire, struct slice request,
			     exchange_match *match, const void *context,
			     const struct deadline *until)
{
	const struct exchange_plan plan = {
		.fd = wire->fd,
		.to = wire->server,
		.payload = request,
		.match = match,
		.context = context,
		.sends = SENDS,
		.last_ms = LAST_MS,
	};
	struct exchange_set *set = exchange_set_new();
	enum turn_end end = TURN_NO_WAY;
	struct exchange *exchange;

	if (!exchange_add(&exchange, set, &plan)) {
		const struct exchange_result *result = exchange_result(exchange);

		run_exchange(set, exchange, wire, until);
		end = end_of_exchange(wire, result);
		if (end == TURN_FINE && buf_add(answer, result->answer.at, result->answer.left))
			end = TURN_GARBAGE;
	}
	exchange_set_free(set);
	return end;
}

static enum turn_end receive_udp(struct slice *message, struct turn_wire *wire,
				 const struct deadline *until)
{
	enum { ROOM = 2048 };
	struct pollfd one = { .fd = wire->fd, .events = POLLIN };
	struct addr from;
	size_t length;

	buf_reset(&wire->come);
	while (!deadline_passed(until) && !turn_wire_hurried(wire)) {
		const struct deadline slice = turn_wire_slice(until);
		uint8_t bytes[ROOM];

		if (poll(&one, 1, deadline_left_ms(&slice)) <= 0)
			continue;
		udp_drop_errors(wire->fd);
		if (udp_receive(bytes, sizeof bytes, &length, &from, wire->fd) ||
		    !addr_equal(&from, &wire->server) || buf_add(&wire->come, bytes, length))
			continue;
		*message = slice_of(wire->come.data, wire->come.length);
		return TURN_FINE;
	}
	return turn_wire_hurried(wire) ? TURN_STOPPED : TURN_SILENT;
}

/* --- TCP and TLS ------------------------------------------------------------------------------*/

/* Hands out the first whole message of what came. TURN_SILENT: there is none yet. */
static enum turn_end take_frame(struct slice *message, struct turn_wire *wire)
{
	struct slice come;
	size_t length;
	enum err err;

	buf_drop(&wire->come, wire->taken);
	wire->taken = 0;
	come = slice_of(wire->come.data, wire->come.length);
	err = turn_frame(&length, come);
	if (err == ERR_SYNTAX)
		return TURN_GARBAGE;
	if (err || slice_take(message, &come, length))
		return TURN_SILENT;
	wire->taken = length;
	return TURN_FINE;
}

static enum turn_end read_more(struct turn_wire *wire, const struct deadline *until)
{
	const struct deadline slice = turn_wire_slice(until);
	uint8_t bytes[READ_BYTES];
	size_t length;
	enum err err = stream_read(bytes, sizeof bytes, &length, wire->stream, &slice);

	if (err == ERR_TIMEOUT)
		return TURN_SILENT;
	if (err)
		return TURN_CLOSED;
	return buf_add(&wire->come, bytes, length) ? TURN_GARBAGE : TURN_FINE;
}

static enum turn_end receive_stream(struct slice *message, struct turn_wire *wire,
				    const struct deadline *until)
{
	while (!turn_wire_hurried(wire)) {
		enum turn_end end = take_frame(message, wire);

		if (end != TURN_SILENT)
			return end;
		if (deadline_passed(until))
			return TURN_SILENT;
		end = read_more(wire, until);
		if (end != TURN_FINE && end != TURN_SILENT)
			return end;
	}
	return TURN_STOPPED;
}

static enum turn_end ask_stream(struct buf *answer, struct turn_wire *wire, struct slice request,
				exchange_match *match, const void *context,
				const struct deadline *until)
{
	struct slice message;
	enum turn_end end =
		turn_end_of(stream_write(wire->stream, request.at, request.left, until));

	/* Whoever sends without end is cut off by the time, not by the silence between. */
	while (end == TURN_FINE) {
		end = receive_stream(&message, wire, until);
		if (end == TURN_FINE && match(message, context))
			return buf_add(answer, message.at, message.left) ? TURN_GARBAGE : TURN_FINE;
		if (end == TURN_FINE && deadline_passed(until))
			end = TURN_SILENT;
	}
	return end;
}

/* --- either -----------------------------------------------------------------------------------*/

enum turn_end turn_wire_ask(struct buf *answer, struct turn_wire *wire, struct slice request,
			    exchange_match *match, const void *context,
			    const struct deadline *until)
{
	const enum turn_end end = turn_wire_open(wire, until);

	buf_reset(answer);
	if (end != TURN_FINE)
		return end;
	return wire->stream ? ask_stream(answer, wire, request, match, context, until)
			    : ask_udp(answer, wire, request, match, context, until);
}

enum err turn_wire_send(struct turn_wire *wire, struct slice message, const struct deadline *until)
{
	if (wire->stream)
		return stream_write(wire->stream, message.at, message.left, until);
	return udp_send(wire->fd, &wire->server, message.at, message.left);
}

enum turn_end turn_wire_receive(struct slice *message, struct turn_wire *wire,
				const struct deadline *until)
{
	return wire->stream ? receive_stream(message, wire, until)
			    : receive_udp(message, wire, until);
}
