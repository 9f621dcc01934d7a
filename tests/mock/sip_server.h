/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A SIP server for tests, over UDP on loopback, in a thread of its own: it answers every request,
 * rightly or wrongly. */
#ifndef EARSHOT_TESTS_MOCK_SIP_SERVER_H
#define EARSHOT_TESTS_MOCK_SIP_SERVER_H

#include "base/addr.h"
#include "base/buf.h"
#include "proto/sip.h"

enum sip_manner {
	SIP_SERVES, /* 200, with received and rport as RFC 3581 wants them */
	SIP_IS_SILENT,
	SIP_REWRITES_VIA, /* another address in the top Via's sent-by */
	SIP_WRONG_CALL,   /* the answer to another Call-ID */
	SIP_WRONG_SOURCE, /* from another port, with a rewritten Via */
	SIP_TELLS_DATE,   /* the right one */
	SIP_CLOCK_BEHIND, /* its Date is of 1000 seconds ago */
	SIP_RUBBISH,      /* half an answer, noise, and far too long a datagram */
};

struct sip_server;

/* Binds to a free port of `address` and answers from now on. Aborts where it cannot. */
struct sip_server *sip_server_new(const char *address, enum sip_manner manner);
void sip_server_free(struct sip_server *server);
struct addr sip_server_addr(const struct sip_server *server);

/* Requests so far that begin with `method`. */
unsigned sip_server_asked(struct sip_server *server, const char *method);

/* What such a server answers to a request from there. */
void sip_server_answer(struct buf *out, const struct sip_raw *request, const struct addr *from,
		       enum sip_manner manner);

#endif
