/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether two sessions are the same, as after a replay of the journal. */
#ifndef EARSHOT_TESTS_UNIT_MODEL_SAME_H
#define EARSHOT_TESTS_UNIT_MODEL_SAME_H

#include "model/session.h"

/* Fails the test where the two are not the same but for their listeners. */
void assert_same_session(const struct session *a, const struct session *b);

#endif
