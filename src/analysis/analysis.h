/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A capture, packet by packet, to calls with their verdicts. One pass; memory is set by the calls
 * and streams that live at once (the ceilings stand in feed.h, dialog.h and stream.h), not by how
 * long it goes on. */
#ifndef EARSHOT_ANALYSIS_ANALYSIS_H
#define EARSHOT_ANALYSIS_ANALYSIS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/endpoint.h"
#include "base/packet.h"
#include "model/finding.h"
#include "model/json_text.h"

struct point;

/* With every table full, all of: 75 MB for streams and 25 for what finds them (stream.h), 96 for
 * calls, 98 for their descriptions and 64 for their messages (dialog.h), 32 for fragments and TCP
 * (feed.h), and what keeps these together. Measured: 330 MB after 100,000 streams and as many calls
 * at once. A point adds what compare.h says. */
enum { ANALYSIS_MEMORY_MB = 420 };

/* Where the capture was taken: what it can and cannot show depends on that. */
enum vantage {
	VANTAGE_UNKNOWN, /* worked out from what is seen, where that is possible */
	VANTAGE_PHONE,
	VANTAGE_INSIDE,  /* at the edge of the site, on the side of the phones */
	VANTAGE_OUTSIDE, /* and on the side of the provider */
	VANTAGE_SERVER,
};
const char *vantage_text(enum vantage vantage); /* "phone" "inside" … "unknown" */
enum err vantage_parse(enum vantage *out, const char *text) MUST_USE;

/* What another capture of the same calls knows, for where this one does not show whose side is the
 * phone's: 1 yes, -1 no, 0 it does not know either. */
struct analysis_elsewhere {
	int (*phone_calls)(const char *call_id, const void *context);
	int (*comes_from_phone)(uint32_t ssrc, const void *context);
	const void *context;
};

struct analysis_options {
	bool traces;           /* each call has its SIP messages with it ("trace"), for a report */
	struct endpoint phone; /* the phone's address, port 0; not set: the private side, else the
				  caller */
	struct endpoint here;  /* the only address of the computer that captures: a phone that has
				  it is seen where it stands; not set: not known */
	const char *skip;      /* unanswered calls from URIs that begin so are left out: they are a
				  measurement's own messages; NULL: none */
	enum vantage at;
	const struct analysis_elsewhere *elsewhere; /* borrowed; NULL: there is none */
};

/* Borrowed for the time of the telling. */
struct call_told {
	const struct json_text *json; /* one object of the contract's "calls" */
	int64_t started_ns;           /* 0: not known */
};

struct analysis_to {
	/* A call is over, or the capture is. */
	void (*call)(const struct call_told *call, void *context);
	void *context;
	struct point *point; /* NULL, or what is to keep packets and messages for a comparison
				(compare.h); borrowed */
};

/* Options and receiver are copied; `skip` is borrowed. */
struct analysis *analysis_new(const struct analysis_options *options, const struct analysis_to *to);
void analysis_free(struct analysis *analysis);

void analysis_packet(struct analysis *analysis, const struct packet *packet);
/* No more will come: the calls that are still there are told. */
void analysis_end(struct analysis *analysis);

/* What was found in all calls so far, each id and direction once, worst first, with evidence of
 * the first calls that show it. Borrowed until the next call above. */
const struct finding *const *analysis_findings(size_t *count, const struct analysis *analysis);

/* The contract's "input" but for "damaged", which the reader of the file knows: packets,
 * passed_over and why, tables that overflowed. The caller owns the reference. */
json_t *analysis_input(const struct analysis *analysis) MUST_USE;

/* One direction of a live call, as it is now. */
struct live_direction {
	bool seen;                 /* any packet of it was */
	double packets_per_second; /* over the last second of the capture */
	uint64_t packets, lost;
	double loss_pct, jitter_ms;
	bool level_known;
	double dbov;         /* of the last second; -127: digital silence */
	const char *meaning; /* N_() what it means, in a few words ("their voice arrives"); once it
				is over, why, or "" */
};
struct live_call {
	const char *from, *to; /* safe to print; "" for RTP without SIP */
	bool answered, ended;
	double seconds; /* since it was answered, else since it began */
	struct live_direction out, in;
};
/* Calls that are there now, oldest first, at most `max` of them; returns how many. Texts are valid
 * until the next packet. */
size_t analysis_live(struct live_call *out, size_t max, const struct analysis *analysis);

#endif
