/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One purse of ICMP answers for all who live on them. A Linux router sends six errors to one host
 * at once, then one a second, all kinds together (icmp_ratelimit); checks that run side by side
 * would eat each other's, and a hop that does not answer would look like one that blocks. So they
 * take turns, and each knows what the one before has spent. */
#ifndef EARSHOT_NET_ICMP_H
#define EARSHOT_NET_ICMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

enum {
	ICMP_HOPS_MAX = 32, /* farther ones share the last place */
	ICMP_BURST = 6,
	ICMP_MS = 1050, /* after that, one in so many milliseconds */
};

struct icmp_purse;

/* In memory shared with the processes forked from now on. NULL: the system has none to give. */
struct icmp_purse *icmp_purse_new(void);
void icmp_purse_free(struct icmp_purse *purse);

/* Waits until nobody else has the turn; whoever dies with it loses it. ERR_TIMEOUT. With no purse
 * (NULL) the turn is always ours. */
enum err icmp_turn_take(struct icmp_purse *purse, const struct deadline *until) MUST_USE;
void icmp_turn_leave(struct icmp_purse *purse);

/* Whoever has the turn: milliseconds until the router at `hop` (1 is the first; 0 is the target
 * itself) has an answer to spare at the moment `now_ms` of clock_ms(); 0: it is spent now. Without
 * a purse always 0. */
int64_t icmp_spend(struct icmp_purse *purse, unsigned hop, int64_t now_ms);
/* What was spent on a probe that brought no answer: none was given for it. */
void icmp_give_back(struct icmp_purse *purse, unsigned hop);

#endif
