/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened during a session, in words and in the order of time. */
#ifndef EARSHOT_REPORT_TALE_H
#define EARSHOT_REPORT_TALE_H

#include <stddef.h>
#include <time.h>

#include "report/view.h"

enum tale_scope {
	TALE_CHANGES, /* what was done to mend it */
	TALE_ALL,     /* and all that was asked and measured */
};

struct moment {
	time_t when;
	size_t order; /* keeps those of one second as they were added */
	char *text;
};

struct tale {
	struct moment *moments;
	size_t count;
};

/* Reads the view's session. tale_clear() frees what is in it. */
void tale_init(struct tale *tale, const struct view *view, enum tale_scope scope);
void tale_clear(struct tale *tale);

#endif
