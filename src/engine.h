/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs checks for a command and keeps what they report in its session; tells of progress on a
 * terminal's stderr. */
#ifndef EARSHOT_ENGINE_H
#define EARSHOT_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/session.h"
#include "model/site.h"

/* Runs the named checks side by side to their end, or with `count` 0 all but those on demand that
 * nothing was asked of. The site's budget is
 * kept. Names must be known. */
void engine_run(struct session *session, const struct site *site, char *const *names, size_t count,
		bool quiet);

#endif
