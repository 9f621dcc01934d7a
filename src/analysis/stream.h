/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RTP streams: which there are and how their packets came. One stream is one source, destination
 * and SSRC. No call is known here: dialog.h has those, verdict.h brings both together. */
#ifndef EARSHOT_ANALYSIS_STREAM_H
#define EARSHOT_ANALYSIS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/feed.h"
#include "base/endpoint.h"
#include "proto/rtcp.h"
#include "proto/sdp.h"

enum {
	STREAMS_MAX = 32768,  /* at once; then goes the one, of some looked at, that is silent for
				 longest */
	STREAM_TYPES_MAX = 8, /* payload types of one stream that are told apart */
};

/* One payload type of a stream. Where its clock is not known yet, no jitter is counted. */
struct stream_type {
	uint8_t payload_type;
	uint64_t packets;
	int64_t first_ns, last_ns;
	struct sdp_codec codec; /* by a hint, else RFC 3551's table; name "" where not known */
};

/* For whoever brings streams and calls together; all 0 at first, not looked at here. */
struct stream_notes {
	bool claimed;              /* some call was told with it */
	int64_t counted_ns;        /* when `counted` was taken */
	uint64_t counted;          /* packets until then */
	double packets_per_second; /* between the two last countings */
};

/* Figures are brought up to date when a stream is handed out, not with each packet. */
struct stream {
	struct endpoint src, dst, via;
	uint32_t ssrc;
	uint64_t number; /* in the order in which they began to be seen, from 1 */
	int64_t first_ns, last_ns;
	uint64_t packets;    /* all */
	uint64_t duplicates; /* the same sequence number again */
	uint64_t reordered;  /* came after a later one; not lost */
	uint64_t expected;   /* by extended sequence numbers (RFC 3550, A.3), restarts left out */
	uint64_t restarts;   /* of the sequence numbers, under the same SSRC */
	bool jitter_known;   /* the clock of its payload is known, and two packets came */
	/* RFC 3550, A.8: last, mean, worst. As Wireshark counts them: comfort noise and packets
	 * with the marker are left out of mean and worst, duplicates and late packets are not. */
	double jitter_ms, jitter_mean_ms, jitter_max_ms;
	/* The mean without what is no jitter of the line: leaps of the sender's clock, what follows
	 * telephone-events, changes to another clock. */
	double steady_jitter_mean_ms;
	uint64_t clock_jumps;                      /* the sender's timestamps leapt */
	struct stream_type type[STREAM_TYPES_MAX]; /* in the order they came */
	size_t type_count;
	size_t voice; /* the type that the stream carries: the last that is neither comfort noise
			 nor telephone-event; STREAM_TYPES_MAX: none */
	uint64_t voice_changes;         /* between two such types */
	uint64_t events, comfort_noise; /* packets of RFC 4733, of RFC 3389 */
	uint8_t dscp_first, dscp_last;
	uint64_t dscp_packets[64]; /* by DSCP */
	/* It is encrypted: a description says so, or G.711's bytes are spread as no voice does.
	 * Then nothing was heard. */
	bool scrambled;
	/* Payload of G.711 and G.722; of the latter one packet in 32. */
	uint64_t heard, sounding; /* packets whose level could be told; of these not silence */
	int64_t first_sound_ns, last_sound_ns; /* 0: never */
	float peak_dbov, recent_dbov; /* RFC 6464, of one packet in 32; -127: silence, or not known.
					 The recent one fades by 10 dB a packet */
	int64_t longest_gap_ns, gap_at_ns; /* between two packets; where it began */
	bool regular; /* the packets' clock goes with the time: it is RTP, and not encrypted noise
			 on a port that looks so */
	/* What the receiver reports of it (RTCP). */
	bool reported;
	struct rtcp_report last_report;
	struct stream_notes notes;
};

/* expected - (packets - duplicates), never below 0. */
uint64_t stream_lost(const struct stream *stream);
double stream_loss_pct(const struct stream *stream); /* of expected; 0 where none */
/* NULL where it carried nothing but comfort noise and events. */
const struct stream_type *stream_voice(const struct stream *stream);
/* True where every packet that could be heard was silence; *known: any could be heard. */
bool stream_is_silent(bool *known, const struct stream *stream);

/* At most 100 MB, with all streams, all candidates for one (stream_parts.h) and all descriptions
 * that are kept; with two streams a call 4 KB a call, and 1 MB to begin with. */
struct streams *streams_new(void);
void streams_free(struct streams *streams);

/* Takes one datagram if it is RTP or RTCP: true. By an endpoint that was named with
 * streams_expect(), else by heuristics over the first packets (version, steady SSRC, sequence):
 * false until they are sure, but those packets count too, if less than 10 s passed. Allocates for a
 * new stream alone. */
bool streams_datagram(struct streams *streams, const struct datagram *datagram);

/* A description names an endpoint where media is received: what goes there, and what comes from
 * there, is RTP with these payload types. Streams seen before learn their codecs. */
void streams_expect(struct streams *streams, const struct endpoint *at,
		    const struct sdp_media *media, int64_t ns);

/* That description was of `call`, which is only compared, and began then. What had ended at the
 * endpoint before is over: the same source, destination and SSRC are another stream from now on. */
void streams_of_call(struct streams *streams, const struct endpoint *at, const void *call,
		     int64_t began_ns);
/* The call that was the last to name both ends of the stream, and when it began; NULL: none. */
const void *streams_owner(int64_t *began_ns, const struct streams *streams,
			  const struct stream *stream);

/* Calls for each stream from or to that endpoint; by address alone where its port is 0. Of more
 * than 256 at an endpoint, 2048 at an address, for those with 16 packets before others, the newest
 * first. */
void streams_with(struct streams *streams, const struct endpoint *at,
		  void (*each)(struct stream *stream, void *context), void *context);
/* For all; those that `each` answers false for are forgotten. */
void streams_each(struct streams *streams, bool (*each)(struct stream *stream, void *context),
		  void *context);
size_t streams_count(const struct streams *streams);
/* How many were forgotten because STREAMS_MAX was reached, with their packets. */
uint64_t streams_overflow(const struct streams *streams);

#endif
