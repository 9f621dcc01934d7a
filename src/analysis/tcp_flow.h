/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP messages, and what TURN carries, out of TCP (RFC 9293; RFC 3261, 18.3; RFC 8656, 12.5). Each
 * direction by itself: segments that come twice, out of order or not at all, connections that began
 * before the capture. A gap that the receiver acknowledged was lost by the capture and is given up
 * at once; else after 3 s or FEED_TCP_AHEAD_MAX bytes; reading goes on at the next start line. What
 * is neither SIP nor TURN is forgotten at its first segment. */
#ifndef EARSHOT_ANALYSIS_TCP_FLOW_H
#define EARSHOT_ANALYSIS_TCP_FLOW_H

#include <stdbool.h>

#include "analysis/feed.h"
#include "proto/frame.h"

struct tcp_flows_to {
	/* One SIP message or, with `turn`, one STUN message or ChannelData. Cut where a gap was
	 * given up behind its headers. */
	void (*message)(struct datagram *message, bool turn, void *context);
	void *context;
};

struct tcp_flows;

struct tcp_flows *tcp_flows_new(const struct tcp_flows_to *to);
void tcp_flows_free(struct tcp_flows *flows);

/* `segment` is a FRAME_TCP. */
void tcp_flows_segment(struct tcp_flows *flows, const struct frame *segment, int64_t ns);

/* Gives up all gaps, then what still waits. */
void tcp_flows_end(struct tcp_flows *flows);

/* Segments of followed streams that were of no use; one that was in part counts only where it stood
 * alone. */
uint64_t tcp_flows_dropped(const struct tcp_flows *flows);

#endif
