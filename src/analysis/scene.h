/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call with all that the capture shows of it, as a verdict wants to ask: by direction and side
 * instead of by caller and callee. */
#ifndef EARSHOT_ANALYSIS_SCENE_H
#define EARSHOT_ANALYSIS_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/analysis.h"
#include "analysis/dialog.h"
#include "analysis/ice.h"
#include "analysis/refusals.h"
#include "analysis/stream.h"

/* A way has a sender and a receiver; out is from the phone's side. */
enum way { WAY_OUT, WAY_IN, WAYS };
enum party { PARTY_PHONE, PARTY_FAR };

static inline enum party way_sender(enum way way)
{
	return way == WAY_OUT ? PARTY_PHONE : PARTY_FAR;
}
static inline enum party way_receiver(enum way way)
{
	return way == WAY_OUT ? PARTY_FAR : PARTY_PHONE;
}
static inline enum way way_other(enum way way)
{
	return way == WAY_OUT ? WAY_IN : WAY_OUT;
}

struct scene_stream {
	struct stream *stream; /* borrowed */
	enum way way;
};

enum { SCENE_STREAMS_MAX = 64 }; /* of one call; more are left out */

struct scene {
	const struct sip_call *call; /* borrowed; NULL: RTP without SIP */
	bool phone_calls;            /* the phone's side is the caller's */
	enum vantage at;             /* told, else worked out */
	bool at_told;
	struct scene_stream *stream; /* in the order they began */
	size_t stream_count;
	struct ice_seen ice;
	const struct refusals *refusals; /* borrowed; may be NULL */
	bool traces; /* as in the options */
	int64_t capture_ns;              /* the capture goes on until then */
};

/* The streams of a call: those from and to what its descriptions name, and their reverse, while it
 * lasted. Where it has no description, those between its hosts, if they cannot be another's. */
void scene_of_call(struct scene *scene, const struct sip_call *call, struct streams *streams,
		   const struct analysis_options *options);
/* A stream that no call claims, and its reverse. */
void scene_of_stream(struct scene *scene, struct stream *stream, struct streams *streams,
		     const struct analysis_options *options);
void scene_clear(struct scene *scene);

/* The description of that side that holds at that moment; NULL: none. */
const struct description *scene_said(const struct scene *scene, enum party party, int64_t ns);
/* And at the end of the call. */
const struct description *scene_last(const struct scene *scene, enum party party);
/* True if that side named the endpoint for its media, whenever, or the host alone with port 0. */
bool scene_names(const struct scene *scene, enum party party, const struct endpoint *at);

/* When media was due first and last: from the answer, else the first that was seen, to the end of
 * the call or of the capture. */
int64_t scene_begin(const struct scene *scene);
int64_t scene_end(const struct scene *scene);
/* Answered, or begun before the capture was. */
bool scene_answered(const struct scene *scene);

#endif
