/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connectivity checks of ICE (RFC 8445, 7) that go by: who asks whom, and whether anybody
 * answers. */
#ifndef EARSHOT_ANALYSIS_ICE_H
#define EARSHOT_ANALYSIS_ICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/dialog.h"
#include "analysis/feed.h"

/* Pairs known at once; a new one takes the place of the oldest of its few neighbours. */
enum { ICE_PAIRS_MAX = 4096 };

struct ice;

struct ice *ice_new(void);
void ice_free(struct ice *ice);

/* Takes one datagram if it is a STUN message by UDP: true. In the order captured. */
bool ice_datagram(struct ice *ice, const struct datagram *datagram);

/* What was seen of the checks of one call. */
struct ice_seen {
	unsigned pairs;            /* between which somebody asked */
	unsigned asked, answered;  /* requests, those sent again too; success responses */
	int64_t first_ns, last_ns; /* of the requests */
};

/* Between addresses that the call's descriptions name, while it lasted. */
struct ice_seen ice_of_call(const struct ice *ice, const struct sip_call *call);

#endif
