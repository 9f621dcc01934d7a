/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no check can say by itself: findings that another check's result withdraws, explains or
 * makes worse, and those that follow from two of them only. */
#ifndef EARSHOT_MODEL_CONCLUDE_H
#define EARSHOT_MODEL_CONCLUDE_H

#include "model/session.h"

/* Makes the session's findings and facts anew from what its checks told (session->told), and from
 * nothing else: however often it is called, in whatever order the checks ended. */
void conclude(struct session *session);

/* Frees the findings and facts that were concluded; what was told stays. */
void conclude_clear(struct session *session);

#endif
