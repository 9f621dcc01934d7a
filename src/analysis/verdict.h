/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of the audio of a call, each way by itself, and what is wrong. Nothing is said that
 * the capture point cannot show: that is `unknown`. */
#ifndef EARSHOT_ANALYSIS_VERDICT_H
#define EARSHOT_ANALYSIS_VERDICT_H

#include "analysis/scene.h"
#include "model/finding.h"

enum way_state {
	STATE_UNKNOWN,
	STATE_OK,
	STATE_NEVER_SENT,
	STATE_WRONG_ADDRESS,
	STATE_MISSING,
	STATE_SILENT,
	STATE_REJECTED,
};
const char *way_state_text(enum way_state state); /* as in the contract */

enum audio_verdict {
	VERDICT_UNKNOWN,
	VERDICT_TWO_WAY,
	VERDICT_ONE_WAY_OUT, /* out arrives, in does not */
	VERDICT_ONE_WAY_IN,
	VERDICT_NO_AUDIO,
	VERDICT_SILENT_OUT,
	VERDICT_SILENT_IN,
	VERDICT_HELD,
};
const char *audio_verdict_text(enum audio_verdict verdict);

enum { VERDICT_FINDINGS_MAX = 48, WHY_MAX = 320 };

/* One way, at the end of the call. */
struct way_verdict {
	enum way_state state;
	char why[WHY_MAX]; /* a sentence for people, safe to print */
	bool due;          /* both descriptions want it */
	bool stopped;      /* it was there, and ended before the call did */
	bool to_private;   /* it goes to a private address that cannot be reached from there */
	bool unsure;       /* it goes where the phone said, but the phone is elsewhere */
	bool relayed;      /* on its way, SIP had another address in place of the receiver's */
	const struct stream *stream; /* the one that tells; NULL: none */
};

struct verdict {
	enum audio_verdict audio;
	bool held;
	struct way_verdict way[WAYS];
	struct finding *finding[VERDICT_FINDINGS_MAX]; /* owned */
	size_t finding_count;
};

void verdict_reach(struct verdict *out, const struct scene *scene);
void verdict_clear(struct verdict *verdict);

#endif
