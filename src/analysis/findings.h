/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a call, once it is known what became of its audio. */
#ifndef EARSHOT_ANALYSIS_FINDINGS_H
#define EARSHOT_ANALYSIS_FINDINGS_H

#include "analysis/verdict.h"

/* Adds to verdict->finding. */
void findings_of_call(struct verdict *verdict, const struct scene *scene);

/* The findings that rest on the descriptions alone, and on the streams alone. */
void findings_of_sdp(struct verdict *verdict, const struct scene *scene);
void findings_of_streams(struct verdict *verdict, const struct scene *scene);
/* And on the SIP messages themselves. */
void findings_of_sip(struct verdict *verdict, const struct scene *scene);

void findings_take(struct verdict *verdict, struct finding *finding_take);
/* A new finding of that direction, owned by the verdict; never NULL. */
struct finding *findings_add(struct verdict *verdict, const char *id, enum severity severity,
			     enum direction direction);

/* Media of that way arrives, or would if there were any sound. */
bool findings_works(const struct verdict *verdict, enum way way);
/* It surely does not. */
bool findings_dead(const struct verdict *verdict, enum way way);
/* `fault` where that way surely does not work; else as given. */
enum severity findings_severity(const struct verdict *verdict, enum way way, enum severity other);

static inline enum direction findings_direction(enum way way)
{
	return way == WAY_OUT ? DIRECTION_OUT : DIRECTION_IN;
}

#endif
