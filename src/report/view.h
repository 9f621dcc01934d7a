/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session as the parts of the report look at it: facts redacted, findings worst first, small
 * questions answered. */
#ifndef EARSHOT_REPORT_VIEW_H
#define EARSHOT_REPORT_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/session.h"
#include "report/report.h"

struct view {
	const struct session *session;
	const struct report_options *options; /* NULL for JSON */
	struct facts facts, before;           /* copies, redacted, in the order of fact_kind_at() */
	const struct finding **findings; /* worst first, then in the order of finding_kind_at() */
	size_t finding_count;
};

/* The session and the options are borrowed and outlive the view. */
void view_init(struct view *view, const struct session *session,
	       const struct report_options *options);
void view_clear(struct view *view);

/* What a person answered; NULL where the question was not asked. "unknown" is an answer. */
const char *view_answer(const struct view *view, const char *question);
/* What a person answered, in words; NULL where not asked or not known. */
const char *view_answer_words(const struct view *view, const char *question);

/* The fact in words; NULL where it is missing or unknown. The caller frees. */
char *view_fact(const struct view *view, const char *name) MUST_USE;

/* How a check ended: "done", …; "running" where it never did. */
const char *view_state(const struct check_run *check);
/* True if one ended "done". */
bool view_any_done(const struct session *session);

/* A text of the verdict ("cause", "side", …); NULL where there is none. */
const char *view_verdict(const struct view *view, const char *key);

/* True where the verdict says what is wrong: there is one, and it is not "undetermined". */
bool view_has_cause(const struct view *view);

/* Which direction is missing, by what people said happens; a cause alone does not tell that. */
enum direction view_direction(const struct view *view);

/* The outcome "fixed" of the verdict's cause; NULL where there is none. */
const struct outcome *view_mended(const struct view *view);

/* The tree's words for an id (see struct report_options); the value, else the id, where there are
 * none. */
const char *view_words(const struct view *view, const char *id, const char *value);
/* The same for a cause. */
const char *view_title(const struct view *view, const char *cause);

#endif
