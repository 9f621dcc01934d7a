/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes out what TURN (RFC 8656) carries. Learns from requests which end is the server and what
 * peer a channel stands for. Bounded: FEED_TURN_MAX channels and servers, oldest first. */
#ifndef EARSHOT_ANALYSIS_UNWRAP_H
#define EARSHOT_ANALYSIS_UNWRAP_H

#include <stdbool.h>

#include "analysis/feed.h"

struct unwrap;

struct unwrap *unwrap_new(void);
void unwrap_free(struct unwrap *unwrap);

/* RFC 7983, 7: may what begins with that byte be STUN or ChannelData? RTP and RTCP never. */
static inline bool unwrap_may_be(struct slice payload)
{
	return payload.left && (payload.at[0] < 4 || payload.at[0] >> 6 == 1);
}

/* True: `io` was wrapped, and is now what was in it: `via` the server, src and dst the peer and the
 * phone. A channel whose binding was not captured has a peer that is not set. Everything else stays
 * as it is. ChannelData has no mark: it counts where the channel or the server is known, or the
 * server has a port that only servers have, and always only if its length fits to the byte. */
bool unwrap_datagram(struct unwrap *unwrap, struct datagram *io);

#endif
