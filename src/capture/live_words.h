/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What earshot-capture(8) says on its standard error, in words for people. */
#ifndef EARSHOT_CAPTURE_LIVE_WORDS_H
#define EARSHOT_CAPTURE_LIVE_WORDS_H

#include "base/err.h"
#include "base/slice.h"
#include "capture/live.h"

/* Whether the helper at `path` was given its right to capture (setcap(8)). */
bool live_words_has_right(const char *path);

/* Why the helper cannot be started: a value of errno. The caller frees. */
char *live_words_start(const struct capture_live_plan *plan, int number) MUST_USE;

/* Reads all that it said: its counts into *counts, its failure as the text returned, NULL if there
 * is none. The caller frees. `has_right` as above. */
char *live_words_read(struct capture_counts *counts, const struct capture_live_plan *plan,
		      struct slice said, bool has_right) MUST_USE;

#endif
