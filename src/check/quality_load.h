/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of voice while the line is busy: a stream like speech to a responder's RTP port, and
 * beside it, from another socket and without a mark for urgency as any upload, more and more data
 * that the responder sends back too. Contract: at most 2 MB there and back, towards a responder
 * alone. */
#ifndef EARSHOT_CHECK_QUALITY_LOAD_H
#define EARSHOT_CHECK_QUALITY_LOAD_H

#include "check/quality_stream.h"

enum {
	LOAD_MOST_BYTES = 2000000, /* all of it, there and back, with IP's and UDP's headers */
	LOAD_PACKETS = 100,        /* of the stream: two seconds */
	LOAD_RISE_MS = 100,        /* a round trip that grows by so much is felt */
};

struct quality_load {
	enum err err;       /* ERR_REFUSED: no RTP came back from there */
	size_t bytes;       /* there and back, the stream's too */
	size_t sent_bytes;  /* there */
	double seconds;     /* from the first byte of load to the last */
	double top_mbit;    /* the fastest that was sent, in Mbit/s */
	size_t asked, came; /* packets of the stream sent meanwhile */
	double rtt_ms;      /* of those that came nine in ten were as fast; 0: none came */
};

/* How many bytes of load may have been sent so long after its beginning, by the plan of ever faster
 * steps. Pure. */
size_t quality_load_due(int64_t after_us);

/* Pure: the figures of the packets sent from `begun_us` to `ended_us`. */
void quality_load_figures(struct quality_load *out, const struct quality_stream *stream,
			  int64_t begun_us, int64_t ended_us);

/* `server` is a responder's RTP port, `idle_ms` the round trip without load: where it has grown
 * much already, no more is sent. */
void quality_load_run(struct quality_load *out, const struct addr *server, const char *device,
		      double idle_ms);

/* Tells quality.loaded-rtt-ms and the finding bufferbloat. */
void quality_load_report(const struct quality_load *load, const struct addr *server, double idle_ms,
			 struct sink *sink);

#endif
