/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's own words: gettext for this folder, short phrases for the contract's ids, lists
 * joined. */
#ifndef EARSHOT_REPORT_WORDING_H
#define EARSHOT_REPORT_WORDING_H

#include <stddef.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/intl.h"
#include "model/finding.h"

/* All below are translated; `value` itself where the id has no phrase, so a newer tree's words
 * still show. */

/* What a person answered, as a part of a sentence: ("device", "desk-phone") "desk phone". */
const char *wording_answer(const char *question, const char *value);
/* What a fact's value means: ("nat.type", "symmetric") … */
const char *wording_fact(const char *fact, const char *value);
const char *wording_severity(enum severity severity);    /* "FAULT" */
const char *wording_side(enum side side);                /* "this site" */
const char *wording_direction(enum direction direction); /* "in (provider -> site)" */
const char *wording_confidence(const char *confidence);
const char *wording_result(const char *outcome);    /* "not-fixed": "did not help" */
const char *wording_state(const char *check_state); /* "running": "did not end" */

struct phrase {
	struct buf text;
	const char *separator; /* between the parts: "; " */
};

void phrase_init(struct phrase *phrase);
void phrase_clear(struct phrase *phrase);
void phrase_add(struct phrase *phrase, const char *format, ...) PRINTF_LIKE(2, 3);
/* "" while nothing was added. Valid until the next change. */
const char *phrase_text(const struct phrase *phrase);

/* The length of a sentence without its full stop, for where it becomes a part of another. */
int wording_length(const char *sentence);

enum { WORDING_DAY = 40 };
/* "2026-11-20 (+01:00)" in the local zone; "14:05:09". Both return `text`. */
const char *wording_day(char text[static WORDING_DAY], time_t when);
const char *wording_time(char text[static WORDING_DAY], time_t when);

#endif
