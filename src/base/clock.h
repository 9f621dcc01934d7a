/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time: monotonic milliseconds for waiting, wall-clock texts for people and reports. */
#ifndef EARSHOT_BASE_CLOCK_H
#define EARSHOT_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Milliseconds since some fixed point; never goes back. */
int64_t clock_ms(void);

/* A moment on clock_ms()'s scale after which something is given up. */
struct deadline {
	int64_t at_ms;
};

struct deadline deadline_in(int64_t ms);
/* The earlier of two. */
struct deadline deadline_first(struct deadline a, struct deadline b);
bool deadline_passed(const struct deadline *deadline);
/* Milliseconds left, as poll() wants them: 0 once passed, INT_MAX at most. */
int deadline_left_ms(const struct deadline *deadline);

enum { CLOCK_TEXT = 40 };

/* "2026-11-20T09:00:00Z" (RFC 3339, UTC). Returns `text`. */
const char *clock_utc_text(char text[static CLOCK_TEXT], time_t when);
/* "2026-11-20 10:00:00 +01:00" in the local zone. Returns `text`. */
const char *clock_local_text(char text[static CLOCK_TEXT], time_t when);

/* Reads what clock_utc_text() writes; -1 for anything else. */
time_t clock_from_utc_text(const char *text);

#endif
