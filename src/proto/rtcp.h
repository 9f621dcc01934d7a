/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RTCP (RFC 3550, 6): the reports in a compound packet. */
#ifndef EARSHOT_PROTO_RTCP_H
#define EARSHOT_PROTO_RTCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum { RTCP_REPORTS_MAX = 31 };

/* RFC 3550, 6.4.1. */
struct rtcp_report {
	uint32_t about;       /* SSRC */
	uint8_t fraction;     /* of 256 */
	int32_t lost;         /* cumulative, may be negative */
	uint32_t highest_seq; /* extended */
	uint32_t jitter;      /* in timestamp units */
};

struct rtcp {
	uint32_t sender;         /* SSRC of the first packet */
	bool sender_report, bye; /* of any packet in it */
	uint32_t sent_packets;   /* of the sender report */
	struct rtcp_report report[RTCP_REPORTS_MAX];
	size_t report_count;
};

/* True of bytes that can only be RTCP where RTP and RTCP share a port (RFC 5761, 4). */
bool rtcp_looks_so(struct slice bytes);

/* ERR_TRUNCATED, ERR_SYNTAX as in RFC 3550, A.2. What was snapped behind a whole first packet is
 * passed over. */
enum err rtcp_read(struct rtcp *out, struct slice bytes) MUST_USE;

#endif
