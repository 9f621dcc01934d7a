/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls as they are heard now: for each two bars, "you -> them" and "them -> you", with what they
 * mean. */
#ifndef EARSHOT_UI_LIVE_H
#define EARSHOT_UI_LIVE_H

#include <jansson.h>

#include "ui/page.h"

/* Adds what the capture check's "live" event tells (check/check.h); NULL: nothing yet. */
void live_build(struct page *page, const json_t *live);

#endif
