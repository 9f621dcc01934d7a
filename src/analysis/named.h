/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The endpoints that calls name for their media, each once. */
#ifndef EARSHOT_ANALYSIS_NAMED_H
#define EARSHOT_ANALYSIS_NAMED_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/dialog.h"
#include "base/endpoint.h"

/* All 0 is empty. */
struct named {
	struct endpoint *at; /* owned; in order, once named_sort() was called */
	size_t count, room;
};

/* All that stand in the call's descriptions with a port, candidates too. */
void named_add_call(struct named *named, const struct sip_call *call);
/* To be called before named_has(); what was there twice is there once. */
void named_sort(struct named *named);
bool named_has(const struct named *named, const struct endpoint *at);
void named_clear(struct named *named);

#endif
