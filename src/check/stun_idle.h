/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long an idle UDP mapping (without NAT: a firewall's state) lives, by RFC 5780, 4.6: a socket
 * X makes one and stays idle, then a socket Y has the server answer to X's outside port. */
#ifndef EARSHOT_CHECK_STUN_IDLE_H
#define EARSHOT_CHECK_STUN_IDLE_H

#include "base/addr.h"
#include "base/clock.h"
#include "check/stun_life.h"

struct stun_idle_plan {
	struct addr server;
	const char *device;        /* NULL: as routed */
	const volatile int *hurry; /* not 0: end now; NULL: nobody says so */
	struct deadline until;
	/* Told each time when more is known. */
	void (*news)(const struct stun_life *life, void *context);
	void *context;
};

/* Does the server answer to RESPONSE-PORT at all? Takes two seconds at most. */
bool stun_idle_works(const struct stun_idle_plan *plan);
/* Searches until all is known, the deadline, or hurry; adds to *life. */
void stun_idle_run(struct stun_life *life, const struct stun_idle_plan *plan);

#endif
