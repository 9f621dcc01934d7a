/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far the mark for urgent packets (DSCP EF, RFC 3246) comes. A router's ICMP error copies bits
 * of the TOS byte of the packet it answers (on Linux four of them, beside precedence 6), so what
 * comes back tells what arrived there. The packets carry ECT(0) too (RFC 3168), which those who
 * clear the DSCP leave: only a hop that gives this back, and not the EF, proves that the mark was
 * taken off. */
#ifndef EARSHOT_CHECK_QUALITY_MARK_H
#define EARSHOT_CHECK_QUALITY_MARK_H

#include "base/addr.h"
#include "base/clock.h"
#include "model/site.h"

enum quality_mark { MARK_UNKNOWN, MARK_THERE, MARK_CLEARED };

/* What the TOS byte of an error says of the packet it answers; -1 is no byte at all. */
enum quality_mark quality_mark_of(int tos);

struct quality_path {
	enum quality_mark mark; /* CLEARED: by some hop; THERE: at the farthest that tells */
	unsigned there;         /* the farthest hop where it was; 0: none */
	unsigned cleared;       /* the nearest where it was gone; 0: none */
	struct addr there_by, cleared_by;
};

/* Traces towards `server`, in turn with the other checks that need the routers' answers. */
void quality_mark_trace(struct quality_path *out, const struct site *site,
			const struct addr *server, const struct deadline *until);

#endif
