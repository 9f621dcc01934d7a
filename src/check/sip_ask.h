/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A SIP server is asked for its OPTIONS (RFC 3261, 11): the message with a token of its own, and
 * over UDP the exchange. */
#ifndef EARSHOT_CHECK_SIP_ASK_H
#define EARSHOT_CHECK_SIP_ASK_H

#include <stdbool.h>

#include "base/buf.h"
#include "net/exchange.h"
#include "proto/sip.h"
#include "proto/sip_answer.h"

enum {
	SIP_ASK_TOKEN = SIP_TOKEN_MAX + 1,
	SIP_ASK_LARGE = 1600, /* bytes; more than an Ethernet frame takes */
};

/* Writes the request, *out emptied first, with a fresh random token. Errors as sip_build(). */
enum err sip_ask_message(struct buf *out, char token[static SIP_ASK_TOKEN],
			 const struct sip_request *request) MUST_USE;

/* Is it the answer to the message of that token? *out is what it says. */
bool sip_ask_read(struct sip_answer *out, struct slice bytes, const char *token);

struct sip_ask_plan {
	struct addr to;
	const char *host;   /* of the request URI; borrowed for the call, as all here */
	const char *device; /* NULL: as routed */
	bool large;         /* SIP_ASK_LARGE bytes, by a header that nobody knows */
	unsigned first_ms, sends, last_ms; /* as in struct exchange_plan */
	exchange_match *match;             /* NULL: the answer to this request, and no other */
};

/* On the heap of nobody: stays where it is until the exchange has ended. */
struct sip_ask {
	int fd; /* -1: none */
	char token[SIP_ASK_TOKEN];
	struct exchange *exchange; /* of the set; NULL: it could not be sent */
};

/* Adds the question to the set, from a socket of its own, as the message must name its port. Errors
 * as udp_open() and exchange_add(); then `exchange` is NULL. */
enum err sip_ask_add(struct sip_ask *out, struct exchange_set *set,
		     const struct sip_ask_plan *plan) MUST_USE;
/* After the set was freed. */
void sip_ask_clear(struct sip_ask *ask);

/* One question, run to its end. EXCHANGE_FAILED: it could not be sent. `answer` (may be NULL) is
 * set where it was answered rightly, else its status is 0. */
enum exchange_end sip_ask_once(struct sip_answer *answer, const struct sip_ask_plan *plan,
			       const struct deadline *until);

#endif
