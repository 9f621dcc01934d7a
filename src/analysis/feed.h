/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From packets to datagrams: puts IP fragments and TCP segments together, takes what TURN carries
 * out of its wrapping, tells of ICMP errors. Bounded: what does not fit is counted and dropped,
 * oldest first. */
#ifndef EARSHOT_ANALYSIS_FEED_H
#define EARSHOT_ANALYSIS_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/endpoint.h"
#include "base/packet.h"
#include "base/slice.h"

/* What UDP carried; of TCP one whole SIP message at a time. */
struct datagram {
	int64_t ns; /* when its last packet was captured */
	struct endpoint src, dst;
	struct endpoint via;  /* the TURN server it was relayed by: then src and dst are peer and
				 phone (either way round), and a peer whose channel was bound before
				 the capture is not set; else not set */
	struct slice payload; /* what of it was captured; borrowed until the call returns */
	size_t wire;          /* bytes it had on the line; more than payload.left where snapped */
	uint8_t dscp;
	bool tcp; /* never of what was relayed */
};

/* Somebody said by ICMP that a UDP datagram will not arrive. */
struct refusal {
	int64_t ns;
	struct endpoint by;       /* who says so; port 0 */
	struct endpoint src, dst; /* of the datagram it quotes */
	bool port_unreachable;    /* the host itself: nobody listens; else something on the way */
	bool prohibited; /* a filter says so (RFC 792 3/9, 3/10, 3/13; RFC 4443 1/1, 1/5, 1/6) */
};

struct feed_to {
	void (*datagram)(const struct datagram *datagram, void *context);
	void (*refusal)(const struct refusal *refusal, void *context);
	void *context;
};

/* What was seen, and what could not be used; each counts packets. A packet is in one of damaged,
 * unsupported and dropped at most; one of another protocol (ARP, a download) is in none. */
struct feed_counts {
	uint64_t packets;     /* all that were given */
	uint64_t snapped;     /* captured shorter than on the line, whether of use or not */
	uint64_t damaged;     /* lengths or headers that cannot be */
	uint64_t unsupported; /* link layers not read */
	uint64_t dropped;     /* fragments and segments beyond the bounds, or never completed */
	int64_t first_ns, last_ns; /* the earliest and the latest time */
};

enum {
	FEED_FRAGMENTS_MAX = 256, /* datagrams being put together at once, for 30 s at most */
	FEED_TCP_MAX = 4096,      /* TCP directions followed at once */
	FEED_TCP_AHEAD_MAX = 256 * 1024, /* bytes of one kept until a gap closes or is given up */
	FEED_TCP_BYTES_MAX = 16 << 20,   /* and of all of them */
	FEED_TURN_MAX = 4096,            /* TURN channels known at once */
};

struct feed *feed_new(const struct feed_to *to);
void feed_free(struct feed *feed);

void feed_packet(struct feed *feed, const struct packet *packet);

/* No more will come: what still waits is counted as dropped. */
void feed_end(struct feed *feed);

const struct feed_counts *feed_counts(const struct feed *feed);

#endif
