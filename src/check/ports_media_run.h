/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the media part of ports asks: for ports_media*.c alone. */
#ifndef EARSHOT_CHECK_PORTS_MEDIA_RUN_H
#define EARSHOT_CHECK_PORTS_MEDIA_RUN_H

#include "check/ports_media.h"

enum { MEDIA_ROUNDS_MOST = 6 }; /* some find the routers out of answers */

struct media_run {
	struct media_seen *seen;
	struct trace *trace;
	struct trace_path *control, *witness; /* the witness answers at the farthest hop */
	struct deadline until, narrow_until;
	unsigned turn; /* of the hops that are asked by turns */
};

/* NULL: there are too many. */
struct trace_path *media_path_of(const struct media_run *run, unsigned port);
void media_want(const struct media_run *run, struct trace_path *path, unsigned hop,
		enum trace_payload payload, unsigned tries);
/* Sends what is wanted, and learns. */
void media_work(struct media_run *run, const struct deadline *until);
size_t media_count_state(const struct media_run *run, enum media_state state);
/* One question to each of these ports, which `hop` has not answered yet. */
void media_ask_round(struct media_run *run, unsigned hop, const uint16_t *asked, size_t count,
		     int round, const struct deadline *until);

/* Finds where blocked ports begin and end, until run->narrow_until. */
void media_narrow(struct media_run *run);

#endif
