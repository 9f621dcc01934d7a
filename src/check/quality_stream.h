/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream of packets as speech makes them (G.711: 172 bytes every 20 ms, marked EF), each RTP that
 * a responder sends back, or a STUN Binding request that comes back as an answer; and what that
 * tells of the line. */
#ifndef EARSHOT_CHECK_QUALITY_STREAM_H
#define EARSHOT_CHECK_QUALITY_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "check/check.h"

enum {
	QUALITY_PACKETS = 500, /* ten seconds */
	QUALITY_INTERVAL_MS = 20,
	QUALITY_BYTES = 172,   /* 12 of RTP, 160 of G.711 */
	QUALITY_TOS_EF = 0xb8, /* RFC 3246: DSCP 46 */
};

/* Times are in microseconds of the monotonic clock. */
struct quality_packet {
	int64_t sent_us, came_us; /* 0: it was not, it did not */
};

struct quality_stream {
	struct addr server, local;
	struct quality_packet packet[QUALITY_PACKETS];
	size_t sent;
	size_t copies; /* answers that had come already */
	bool echoed;   /* it was RTP that a responder sends back */
	/* RFC 7982: every second packet was a sending of one and the same Binding request, and of
	 * the first `asked` of these `heard` came to the responder. 0: it does not count them. */
	size_t asked, heard;
	bool counts;
	enum err err; /* nothing could be sent; ERR_REFUSED: no RTP comes back from there */
};

/* Called about every millisecond while packets are sent. */
typedef void quality_beside(const struct quality_stream *stream, void *context);

struct quality_plan {
	struct addr server;
	const char *device;     /* NULL: as routed */
	size_t packets;         /* up to QUALITY_PACKETS */
	unsigned last_ms;       /* how long to wait after the last */
	bool echo;              /* the server is a responder's RTP port, which is asked first */
	quality_beside *beside; /* NULL: nothing goes on beside the stream */
	void *context;          /* for `beside`, borrowed */
};

/* Microseconds of the monotonic clock. */
int64_t quality_now_us(void);

/* A socket towards the server. With `echo` RTP comes back to it from there, else ERR_REFUSED. The
 * caller closes *fd, also after an error unless it is -1. Sets out->local and out->counts. */
enum err quality_open(int *fd, struct quality_stream *out, const struct quality_plan *plan,
		      int tos) MUST_USE;

/* Sends and receives; `sink`, which may be NULL, hears of the progress. */
void quality_stream_run(struct quality_stream *out, const struct quality_plan *plan,
			struct sink *sink);

struct quality_figures {
	size_t sent, came;
	double loss_pct;
	double rtt_ms;    /* median */
	double jitter_ms; /* RFC 3550, A.8, of the way there and back, at the end */
	/* Of `counted` packets, where the responder counts them, so many were lost on each way. 0:
	 * it is not known on which way. */
	size_t counted, lost_out, lost_in;
	bool cut_off; /* from some packet on nothing came any more: the line or the server ended */
};

/* Pure. With nothing received only the counts and the loss are set. */
void quality_figures(struct quality_figures *out, const struct quality_stream *stream);

/* The one-way delay, mouth to ear, that these figures make in a call: half the round trip, a
 * packet's length, and a jitter buffer of twice the jitter. */
double quality_delay_ms(const struct quality_figures *figures);

/* To a tenth, as facts are told. */
double quality_rounded(double value);

#endif
