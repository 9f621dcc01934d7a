/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the NAT turn packets back that one of its hosts sends to the outside address of another (RFC
 * 4787, 6)? */
#ifndef EARSHOT_CHECK_STUN_HAIRPIN_H
#define EARSHOT_CHECK_STUN_HAIRPIN_H

#include "base/clock.h"
#include "check/stun_nat.h"

struct stun_hairpin_plan {
	struct addr server; /* a STUN server that tells the truth about us */
	struct addr local;  /* our own address towards it; its port does not count */
	const char *device; /* NULL: as routed */
};

/* Two sockets of ours, each with its mapping; both write to the other's outside address, so that no
 * filter is in the way. "No" after three tries; unknown where a mapping could not be had or nothing
 * could be sent. */
enum known stun_hairpin(const struct stun_hairpin_plan *plan, const struct deadline *until);

#endif
