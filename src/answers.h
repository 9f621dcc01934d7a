/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People's answers from a file: one "question = value" a line, '#' begins a comment. */
#ifndef EARSHOT_ANSWERS_H
#define EARSHOT_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/complaint.h"
#include "base/err.h"
#include "model/session.h"
#include "tree/tree.h"

/* What "fixed = yes|no" lines say of the advice that is met, in order. */
struct answers_fixed {
	bool fixed[64];
	size_t count;
};

/* Puts all answers into the session, or none: an unknown question or value, a question given twice
 * or a line that does not read is a complaint with file and line. */
enum err answers_load(struct session *session, struct answers_fixed *fixed, const struct tree *tree,
		      const char *path, struct complaint *complaint) MUST_USE;

#endif
