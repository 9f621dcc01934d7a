/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session as a document: for people and the provider's support (text), for programs (JSON, schema "earshot/1"). Made
 * from the session alone, at any time, again. Secrets are never in it. */
#ifndef EARSHOT_REPORT_REPORT_H
#define EARSHOT_REPORT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/err.h"
#include "model/session.h"

/* What the report cannot know from the session: the cause's words, which stand in the tree. All borrowed, already
 * translated; NULL where there is none. */
struct report_advice {
	const char *title, *means, *who, *verify, *ask;
	const char *const *steps;     /* NULL-terminated; NULL: none */
	const char *const *ruled_out; /* titles of causes ruled out, NULL-terminated; NULL: none */
	const char *const *also;      /* titles of causes not ruled out, NULL-terminated; NULL: none */
	enum side side;
};

struct report_options {
	bool utf8;     /* else plain ASCII */
	size_t columns; /* at most; 78 for a report that goes into an e-mail */
	time_t now;
	struct report_advice advice;
};

/* The text report: what is wrong, the path picture, the eight points of the support checklist, evidence, the two lists,
 * measured, record for later. The caller frees. */
char *report_text(const struct session *session, const struct report_options *options) MUST_USE;

/* The object of `--json`; "calls" is empty, "verdict" only where there is one. The caller owns the reference. */
json_t *report_json(const struct session *session) MUST_USE;

/* 1 if a finding of severity fault is there, 3 if no check ended "done", else 0. */
int report_exit_status(const struct session *session);

#endif
