/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests over UDP, each resent on its own schedule until answered or given up; any number at once
 * in one poll loop, each ending exactly once. Of no protocol: STUN, SIP and DNS bring their own
 * match function. */
#ifndef EARSHOT_NET_EXCHANGE_H
#define EARSHOT_NET_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/slice.h"
#include "net/udp.h"

struct exchange;
struct exchange_set;

/* Is this datagram the answer? Its source has been looked at already. */
typedef bool exchange_match(struct slice datagram, const void *context);

/* RFC 8489, 6.2.1: the first wait is the RTO, then doubled; so many sends (Rc); the last wait is Rm
 * times the RTO. */
enum { EXCHANGE_FIRST_MS = 500, EXCHANGE_SENDS = 7, EXCHANGE_LAST_FACTOR = 16 };

struct exchange_plan {
	int fd; /* the socket, borrowed and shared with whom the caller likes; -1: a new one */
	struct udp_plan socket; /* a new one's address and device */
	int ttl;                /* of a new one, as udp_set_ttl() */
	struct addr to;
	struct addr also_from; /* an answer counts from `to`, and from here too if set */
	struct slice payload;  /* copied */
	exchange_match *match;
	const void *context; /* for `match`; borrowed until the exchange has ended */
	unsigned first_ms;   /* 0: EXCHANGE_FIRST_MS */
	unsigned sends;      /* 0: EXCHANGE_SENDS */
	unsigned last_ms;    /* 0: EXCHANGE_LAST_FACTOR times the first wait */
};

enum exchange_end {
	EXCHANGE_RUNNING,
	EXCHANGE_ANSWERED,
	EXCHANGE_TIMEOUT,     /* nothing came */
	EXCHANGE_REFUSED,     /* ICMP port unreachable */
	EXCHANGE_FILTERED,    /* ICMP "prohibited", or our own host's firewall */
	EXCHANGE_UNREACHABLE, /* no way there: told twice, or once and then silence, or by our own
				 host */
	EXCHANGE_EXPIRED,     /* ICMP time exceeded: the answer to a small `ttl` */
	EXCHANGE_FAILED,      /* our own socket failed */
	EXCHANGE_CANCELLED,
};

struct exchange_result {
	enum exchange_end end;
	struct slice answer;  /* the datagram; lives as long as the set */
	struct addr from;     /* who answered */
	struct addr offender; /* who sent the last ICMP error about it; AF_UNSPEC: none did */
	unsigned sent;        /* times */
	int64_t took_ms;      /* from the first send to the end */
};

struct exchange_set *exchange_set_new(void) MUST_USE;
/* Frees all exchanges of the set and closes their own sockets. */
void exchange_set_free(struct exchange_set *set);

/* Adds a request; it is sent by the next exchange_next(). The set owns the exchange. Why no socket
 * could be opened otherwise, as udp_open(); then there is none. */
enum err exchange_add(struct exchange **out, struct exchange_set *set,
		      const struct exchange_plan *plan) MUST_USE;

/* Sends, resends and receives until one has ended that was not handed out before, and hands it out.
 * ERR_NOT_FOUND: all have been. ERR_TIMEOUT: the moment came first; what runs goes on with the next
 * call. */
enum err exchange_next(struct exchange **done, struct exchange_set *set,
		       const struct deadline *until) MUST_USE;

/* Runs until all have ended; at the deadline what is left ends as EXCHANGE_TIMEOUT. */
void exchange_run(struct exchange_set *set, const struct deadline *until);

/* Ends one that still runs; exchange_next() will not hand it out. */
void exchange_cancel(struct exchange *exchange);

const struct exchange_result *exchange_result(const struct exchange *exchange);
/* The socket, for a further exchange from the same port; -1 never. */
int exchange_fd(const struct exchange *exchange);

#endif
