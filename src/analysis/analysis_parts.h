/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the analysis, for its own files. */
#ifndef EARSHOT_ANALYSIS_ANALYSIS_PARTS_H
#define EARSHOT_ANALYSIS_ANALYSIS_PARTS_H

#include "analysis/analysis.h"
#include "analysis/dialog.h"
#include "analysis/feed.h"
#include "analysis/ice.h"
#include "analysis/refusals.h"
#include "analysis/stream.h"
#include "analysis/tally.h"

struct analysis {
	struct analysis_options options;
	struct analysis_to to;
	struct feed *feed;
	struct dialogs *dialogs;
	struct streams *streams;
	struct ice *ice;
	struct refusals refusals;
	int64_t now_ns;              /* the latest time that was seen */
	int64_t ticked_ns, swept_ns; /* when time went on for calls, and for streams */
	unsigned packets_since;      /* the last tick */
	struct tally tally;
	struct json_text json; /* of the call that is being told */
};

/* It is one of those that the options leave out. */
bool analysis_skips(const struct analysis *analysis, const struct sip_call *call);

#endif
