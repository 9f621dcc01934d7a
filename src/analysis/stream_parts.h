/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts that streams are made of: what stream.c and the stream_*.c share. */
#ifndef EARSHOT_ANALYSIS_STREAM_PARTS_H
#define EARSHOT_ANALYSIS_STREAM_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/stream.h"
#include "proto/audio.h"
#include "proto/rtp.h"

enum {
	CANDIDATES_MAX = 4096, /* not yet known to be RTP, at once; then the oldest goes */
	HINTS_MAX = 16384,     /* described endpoints; then the oldest goes */
	WINDOW = 128,          /* sequence numbers told apart as late or doubled */
	MAX_DROPOUT = 3000,    /* RFC 3550, A.1 */
	LISTEN_BYTES = 16,     /* fewer tell nothing */
	SEGMENTS = 8,          /* G.711's, from quiet to loud */
};

/* Kept out of the way that every packet takes. */
#define SELDOM __attribute__((cold, noinline))
/* Not rare, but it would cost the common way registers. */
#define APART __attribute__((noinline))

enum type_kind { TYPE_VOICE, TYPE_NOISE, TYPE_EVENT };

/* What every packet changes, together in few cache lines. What can be worked out from it is put
 * into struct stream by stream_settle() alone. */
struct track {
	uint64_t packets;
	uint64_t top;       /* highest sequence number, extended */
	uint64_t window[2]; /* which came of the 128 up to `top`; bit 0 of the first is `top` */
	int64_t last_ns;
	int64_t clock_ns; /* arrival of the packet from which jitter is counted on */
	double tick_ms;   /* one of the clock's; 0: not known, or counts no time (events) */
	double jitter;
	double jitter_sum; /* the mean's numerator: see count_jitter() */
	double jitter_max;
	int64_t longest_gap_ns;
	int64_t last_sound_ns;
	uint64_t heard, sounding;
	uint64_t listen_at; /* the packet whose level is to be taken next */
	uint64_t even;      /* steps in which timestamp and time agree */
	uint32_t first_timestamp, last_timestamp;
	uint32_t clock_timestamp; /* from which jitter is counted on */
	int32_t step;             /* of the last two timestamps */
	uint8_t payload_type, dscp;
	uint8_t type;      /* index */
	uint8_t codec;     /* enum audio_codec */
	bool noise;        /* comfort noise by its static type, which Wireshark leaves out */
	bool noise_before; /* the packet before was */
	bool afresh;       /* the type changed its clock: what comes is no jitter */
	bool hushed;       /* described as SRTP: no level can be told */
	bool sure;         /* else a candidate */
	bool leapt;        /* `echo` is in use */
	bool whole;        /* the name behind it says all of who it is; false: or it is gone */
};

enum { LINK_SRC, LINK_DST, LINK_SRC_HOST, LINK_DST_HOST, LINKS };

struct stream_link {
	struct stream_entry *entry;
	struct stream_link *next, **back;
};

/* Who a stream is, in short: see stream_table.c. Where it is whole, nothing else need be compared.
 */
struct stream_name {
	uint64_t ends, rest;
};

struct stream_entry {
	/* Three cache lines; of the rest, most packets need nothing. */
	_Alignas(64) struct track track;
	struct stream_name name;
	struct stream_entry *next; /* which had the packet after this one's last, or NULL */
	struct stream seen;
	uint64_t base, closed; /* first sequence number, extended; expected before a restart */
	uint16_t stray;        /* the sequence number that fits nothing, of the last packet */
	bool astray;           /* there was one */
	uint64_t type_from, dscp_from; /* packets when the type, the DSCP last changed */
	enum type_kind kind[STREAM_TYPES_MAX + 1];
	double echo, echo_sum; /* how much of jitter and jitter_sum comes from leaps */
	bool clocked;          /* some type has a clock */
	int64_t first_sound_ns;
	float peak_dbov, recent_dbov;
	struct audio_g722 g722;
	bool g722_runs;
	uint32_t segment[SEGMENTS];
	unsigned good;   /* of a candidate: steps that look like RTP */
	bool moved;      /* its timestamps did */
	size_t position; /* in streams->live, or among the free */
	size_t slot;     /* in streams->candidate */
	bool over;       /* not found by who it is any more, by its ends alone */
	struct stream_link link[LINKS];
};

/* The codecs that a description gave an endpoint. */
struct hint {
	struct endpoint at;
	struct sdp_codec *codec;
	size_t codec_count;
	bool srtp;
	const void *call; /* that named it last; NULL: not told */
	int64_t began_ns; /* and when that began */
	struct hint *next;
};

_Static_assert(offsetof(struct stream_entry, seen) <= 192, "a packet's lines have grown");

struct hints;

/* --- stream_count.c --- */

/* Adds one packet; `entry` was zeroed but for its addresses before the first. */
void stream_count(struct stream_entry *entry, const struct hints *hints, const struct rtp *rtp,
		  const struct datagram *datagram);
/* Forgets what was counted, keeps who it is. */
void stream_restart(struct stream_entry *entry);
/* Brings entry->seen up to date. */
void stream_settle(struct stream_entry *entry);
/* A description came: names types that had none, tells whether the payload is SRTP. */
void stream_learn(struct stream_entry *entry, const struct hints *hints);

/* --- stream_sound.c --- */

/* The payload of a packet that was counted, of a codec that can be listened to. */
void stream_listen(struct stream_entry *entry, struct slice payload, int64_t ns);
void stream_settle_sound(struct stream_entry *entry);

/* --- stream_hint.c --- */

struct hints *hints_new(uint64_t secret);
void hints_free(struct hints *hints);
void hints_add(struct hints *hints, const struct endpoint *at, const struct sdp_media *media);
/* Of one that was added; else nothing happens. */
void hints_of_call(struct hints *hints, const struct endpoint *at, const void *call,
		   int64_t began_ns);
/* NULL: not described. */
const struct hint *hints_find(const struct hints *hints, const struct endpoint *at);
/* NULL: not in it. */
const struct sdp_codec *hint_codec(const struct hint *hint, unsigned payload_type);

/* --- stream_table.c --- */

struct stream_table *stream_table_new(void);
void stream_table_free(struct stream_table *table);
uint64_t stream_table_secret(const struct stream_table *table);
/* By the addresses of `flow`. NULL: not there. */
struct stream_entry *stream_table_find(const struct stream_table *table,
				       const struct datagram *flow, uint32_t ssrc);
/* The same for a packet that has come: it also learns in which turn streams have theirs. */
struct stream_entry *stream_table_meet(struct stream_table *table, const struct datagram *flow,
				       uint32_t ssrc);
struct stream_entry *stream_table_add(struct stream_table *table, const struct datagram *flow,
				      uint32_t ssrc);
void stream_table_remove(struct stream_table *table, struct stream_entry *entry);
/* Its source, destination and SSRC are free for another. */
void stream_table_end(struct stream_table *table, struct stream_entry *entry);
/* All there are, in no order; removing one puts the last in its place. */
size_t stream_table_count(const struct stream_table *table);
struct stream_entry *stream_table_at(const struct stream_table *table, size_t index);
/* It has some packets: stream_table_with() finds it before others. Again does no harm. */
void stream_table_prefer(struct stream_table *table, struct stream_entry *entry);
/* Calls for each that has `at` at one of its ends; port 0: any port. Bounded: see streams_with().
 */
void stream_table_with(const struct stream_table *table, const struct endpoint *at,
		       void (*each)(struct stream_entry *entry, void *context), void *context);

#endif
