/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who sends RTP, packet by packet, as a test wants it. */
#ifndef EARSHOT_TESTS_UNIT_ANALYSIS_SENDER_H
#define EARSHOT_TESTS_UNIT_ANALYSIS_SENDER_H

#include "analysis/stream.h"

enum { SENDER_BYTES = 160 };

/* What the next packet will be; each packet moves on by one and by 20 ms. */
struct sender {
	struct streams *streams;
	struct endpoint src, dst, via;
	uint32_t ssrc;
	uint16_t seq;
	uint32_t timestamp;
	int64_t ns;
	uint8_t type, dscp;
	bool marker;
	uint8_t fill;       /* each byte of the payload */
	const uint8_t *say; /* or these */
	size_t bytes;
	uint32_t ticks; /* of a packet */
};

/* PCMU, silence, from 192.0.2.1:4000 to 192.0.2.2:5000. */
struct sender sender_new(struct streams *streams);
/* One packet as it is, nothing moves on. True: it was taken. */
bool sender_put(struct sender *sender);
bool sender_send(struct sender *sender);
void sender_send_many(struct sender *sender, unsigned count);
/* They were sent, but did not come. */
void sender_lose(struct sender *sender, unsigned count);
/* The only stream there is. */
const struct stream *sender_stream(const struct sender *sender);
/* A description of where `at` receives: PCMU, PCMA, G722 9, opus 111, telephone-event 101, CN. */
void sender_describe(const struct sender *sender, const struct endpoint *at, enum sdp_srtp srtp);

#endif
