/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of our probes a datagram is, or the part of one that a router quotes: RTP with our SSRC
 * (RFC 3550, 5.1) or a STUN message whose transaction begins with the same mark (RFC 8489, 5). A
 * pure function of bytes, which anybody may have made up. */
#ifndef EARSHOT_NET_QUOTE_H
#define EARSHOT_NET_QUOTE_H

#include <stdint.h>

#include "base/slice.h"

enum {
	QUOTE_MARK = 4,      /* bytes of the mark */
	QUOTE_RTP_LEAST = 12 /* less does not even tell RTP */
};

enum quote_kind {
	QUOTE_FOREIGN,
	QUOTE_SHORT, /* too little to tell */
	QUOTE_RTP,
	QUOTE_STUN,
};

struct quote {
	enum quote_kind kind;
	uint16_t number; /* of the probe: the sequence number, or what stands behind the mark */
};

struct quote quote_read(struct slice bytes, const uint8_t mark[static QUOTE_MARK]);

#endif
