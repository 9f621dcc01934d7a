/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STUN messages to and from one server, over UDP, TCP or TLS alike. */
#ifndef EARSHOT_CHECK_TURN_WIRE_H
#define EARSHOT_CHECK_TURN_WIRE_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "net/exchange.h"
#include "net/stream.h"

enum turn_transport { TURN_UDP, TURN_TCP, TURN_TLS, TURN_TRANSPORTS };

/* What became of a request, or of the way to the server. */
enum turn_end {
	TURN_FINE,
	TURN_SILENT,   /* nothing came in time */
	TURN_REFUSED,  /* nobody listens on that port */
	TURN_FILTERED, /* turned away by a filter on the way, or by this computer's own */
	TURN_NO_WAY,   /* no route */
	TURN_NO_TLS,   /* what answers there does not agree on TLS */
	TURN_CLOSED,   /* the connection was closed */
	TURN_GARBAGE,  /* what came is not TURN */
	TURN_STOPPED,  /* we were told to end */
};

struct turn_wire {
	enum turn_transport transport;
	struct addr server;
	const char *name, *device; /* borrowed; for TLS, and NULL: as routed */
	const volatile int *hurry; /* not 0: end now; NULL: nobody says so */
	int fd;                    /* of UDP, else -1 */
	int ready;                 /* a connection that is not used yet; -1: none */
	struct stream *stream;     /* of TCP and TLS, else NULL */
	struct buf come;           /* of a stream: what came and is not taken yet */
	size_t taken;              /* bytes at the beginning of `come` that were handed out */
	struct addr offender;      /* who told of a refusal, if known */
};

/* Borrows texts and `hurry`; sends nothing yet. */
void turn_wire_init(struct turn_wire *wire, enum turn_transport transport,
		    const struct addr *server);
void turn_wire_clear(struct turn_wire *wire);

/* Opens the socket or connects, unless it is open. */
enum turn_end turn_wire_open(struct turn_wire *wire, const struct deadline *until);

/* Sends a request and waits for what `match` takes for its answer, copied to `answer`. Over UDP it
 * is sent again after 0.5, 1.5 and 3.5 seconds and given up after 4.5; else only `until` counts. */
enum turn_end turn_wire_ask(struct buf *answer, struct turn_wire *wire, struct slice request,
			    exchange_match *match, const void *context,
			    const struct deadline *until);

/* Sends without awaiting an answer. ERR_TIMEOUT, ERR_IO, … */
enum err turn_wire_send(struct turn_wire *wire, struct slice message,
			const struct deadline *until) MUST_USE;

/* The next message of the server, valid until the next call. TURN_SILENT: none came. */
enum turn_end turn_wire_receive(struct slice *message, struct turn_wire *wire,
				const struct deadline *until);

bool turn_wire_hurried(const struct turn_wire *wire);
/* In so many milliseconds at most one looks again whether to end. */
struct deadline turn_wire_slice(const struct deadline *until);

const char *turn_transport_text(enum turn_transport transport); /* "udp" "tcp" "tls" */
/* What a failure to connect or send means. */
enum turn_end turn_end_of(enum err err);

#endif
