/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same calls seen at two points, inside and outside of a device: what it changed in SIP, which
 * packets it lost in which direction, how long it held them. The clocks of the two points need not
 * agree: the packets themselves align them. */
#ifndef EARSHOT_ANALYSIS_COMPARE_H
#define EARSHOT_ANALYSIS_COMPARE_H

#include <jansson.h>
#include <stddef.h>

#include "analysis/dialog.h"
#include "analysis/feed.h"
#include "analysis/wire_log.h"
#include "model/finding.h"
#include "model/json_text.h"

enum { POINT_CALLS_MAX = 4096 };

/* One call as one point saw it. */
struct point_call {
	json_t *json;                 /* the contract's call */
	struct kept_message *message; /* copies, owned */
	size_t message_count;
};

/* All that one capture point saw. */
struct point {
	struct wire_log log;
	struct point_call *call;
	size_t call_count, call_room;
	uint64_t calls_dropped; /* past POINT_CALLS_MAX */
};

void point_init(struct point *point);
void point_clear(struct point *point);

/* Keeps a copy of the call's messages and its JSON. `call` is NULL for RTP without SIP. */
void point_call(struct point *point, const struct sip_call *call, const struct json_text *json);

/* For struct analysis_elsewhere, with the inside point as the context: what it knows of a call, and
 * of a source of RTP. */
int point_phone_calls(const char *call_id, const void *point);
int point_comes_from_phone(uint32_t ssrc, const void *point);

/* The first point is the outer one: its addresses are public where the second has private ones. */
bool compare_is_turned(const struct point *first, const struct point *second);

struct comparison {
	json_t *calls; /* of the contract, merged: one entry for each call of either side */
	struct finding **finding;
	size_t finding_count;
};

/* Calls are the same by Call-ID, else by the packets that both carried. The caller clears. */
void compare(struct comparison *out, const struct point *inside, const struct point *outside);
void comparison_clear(struct comparison *comparison);

#endif
