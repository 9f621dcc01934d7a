/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The helper's words on standard error: a line each, "earshot-capture: KEY: reason". The keys are
 * those of earshot-capture(8), for a program to read. */
#ifndef EARSHOT_HELPER_SAY_H
#define EARSHOT_HELPER_SAY_H

#include "base/err.h"

/* Exit statuses. */
enum {
	SAID_FINE,
	SAID_FAILED,
	SAID_USAGE,
};

/* Returns SAID_FAILED, for what is one. */
int say(const char *key, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
