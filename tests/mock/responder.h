/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A responder for tests, on loopback, in a thread of its own: STUN on its main port and a few RTP
 * ports, and RTP that comes back, rightly or wrongly. */
#ifndef EARSHOT_TESTS_MOCK_RESPONDER_H
#define EARSHOT_TESTS_MOCK_RESPONDER_H

#include <stddef.h>

#include "base/addr.h"

enum { MOCK_RTP_PORTS = 16 }; /* in a row, the first even */

/* Bits; 0 asks for a NONCE and sends RTP back to whoever has shown it. */
enum mock_responder_habit {
	RESPONDER_BARE = 1 << 0,    /* gives no NONCE and sends all RTP back */
	RESPONDER_NO_ECHO = 1 << 1, /* STUN alone */
	RESPONDER_NO_STUN = 1 << 2, /* a bare echo that knows no STUN, and sends that back too */
	RESPONDER_STALE = 1 << 3,   /* the first NONCE shown is too old: 438 and another */
	RESPONDER_ALWAYS_STALE = 1 << 4, /* so is every other */
	RESPONDER_SPOILS = 1 << 5,       /* one byte of the RTP is changed */
	RESPONDER_LONG_NONCE = 1 << 6,   /* as long as a NONCE may be */
	RESPONDER_UPPER_SILENT = 1 << 7, /* nothing comes from the upper half of the ports */
	RESPONDER_RTP_SILENT = 1 << 8,   /* nothing comes from any RTP port */
	RESPONDER_LOSES_FIRST = 1 << 9,  /* every other datagram is lost */
	RESPONDER_FLOOD = 1 << 10,       /* each answer comes 50 times, after as many wrong ones */
};

struct mock_responder;

/* Aborts where it cannot. */
struct mock_responder *mock_responder_start(unsigned habits);
void mock_responder_stop(struct mock_responder *mock);
/* Its main port. */
struct addr mock_responder_addr(const struct mock_responder *mock);
/* The first of its RTP ports. */
uint16_t mock_responder_first(const struct mock_responder *mock);

/* Bytes of UDP payload that came in so far. */
size_t mock_responder_heard(struct mock_responder *mock);

#endif
