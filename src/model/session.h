/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One visit to one site: what people answered, what was measured and found, what was tried, when.
 * Plain data that changes by records alone (one JSON object each), so that replaying a journal
 * gives the same session again. */
#ifndef EARSHOT_MODEL_SESSION_H
#define EARSHOT_MODEL_SESSION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/err.h"
#include "model/fact.h"
#include "model/finding.h"

struct answer {
	char *question;
	char *value;    /* "unknown" is a value */
	char *measured; /* what a check had answered and the person corrected; mostly NULL */
	time_t when;
};

/* One check as it last ended, or runs. */
struct check_run {
	char *name;
	char *state;         /* "running" "done" "skipped" "failed" "timeout" */
	char *summary, *why; /* or NULL */
	double seconds;
	time_t when;
	json_t *told;  /* names of the facts that this run told, as members; or NULL */
	bool is_stale; /* an advice was followed since: it tells how things were before that */
};

/* One cause whose advice was followed. */
struct outcome {
	char *cause;
	char *result; /* "fixed" "not-fixed" "could-not" "ask-provider" */
	time_t when;
};

/* One thing that the person did and may take back: an answer or an outcome. */
struct turn {
	bool is_answer; /* else an outcome */
	char *id;       /* of the question or cause */
};

/* What each check told by itself, in its last run. */
struct session_told {
	struct finding **findings;
	char **finding_checks; /* parallel to findings: which check */
	size_t finding_count;
	struct facts facts; /* last known */
};

/* One line of "steps already taken", in words. */
struct taken {
	char *text;
	time_t when;
};

struct session {
	char *id; /* "2026-11-20T090000Z-1a2b", also the journal's file name without its ending */
	char *version; /* of earshot that began it */
	time_t started;
	bool finished; /* the person reached an end: fixed, or report saved */
	struct answer *answers;
	size_t answer_count; /* in the order given; one for each question */
	struct check_run *checks;
	size_t check_count; /* one for each check */
	struct session_told told;
	/* What follows from all that together (model/conclude.h), made anew after each record of a
	 * check, so that a replay gives the same again; no finding may be kept across one. */
	struct finding **findings;
	char **finding_checks;
	size_t finding_count;
	struct facts facts;
	struct outcome *outcomes;
	size_t outcome_count;
	struct turn *turns;
	size_t turn_count; /* in the order done */
	struct taken *steps;
	size_t step_count;
	struct facts before; /* what a fact was before a retest changed it, to show side by side */
	json_t *site; /* what a report may tell of the profile: "provider.name" -> text …; never a
			 secret */
	json_t *details; /* what the person typed for the record: "phone", "calls", "customer" … ->
			    text */
	json_t *verdict;     /* as in --json; NULL until there is one */
	json_t *calls;       /* array: the calls that checks told, as in --json */
	char **call_checks;  /* parallel to calls: which check */
	json_t *call_before; /* session_call_before() once somebody listened again; or NULL */
	/* Told of each record after it took effect (the journal); may be NULL. The record is
	 * borrowed. */
	void (*listener)(const json_t *record, void *context);
	void *context;
};

/* A new session with a fresh id. session_clear() frees all. */
void session_init(struct session *session, const char *version);
void session_clear(struct session *session);

/* Each of these makes one record, applies it and tells the listener. */
void session_answer(struct session *session, const char *question, const char *value);
/* The same where a check has answered otherwise, and the person knows better. */
void session_correct(struct session *session, const char *question, const char *value,
		     const char *measured);
/* Takes the last answer or outcome back ("back" in the wizard). No-op where there is none. */
void session_undo(struct session *session);
void session_site(struct session *session, const char *key,
		  const char *value); /* key "provider.name" */
void session_detail(struct session *session, const char *key, const char *value);
enum { SESSION_CALLS_MAX = 50 };

/* A check's event as check/check.h has it ("start", "fact", "finding", "call", "end"; the others
 * leave no trace). At "start" the findings and calls of the check's last run are dropped. Past
 * SESSION_CALLS_MAX a call is dropped. */
void session_check(struct session *session, const char *check, const json_t *event);
void session_outcome(struct session *session, const char *cause, const char *result);
void session_step(struct session *session, const char *format, ...) PRINTF_LIKE(2, 3);
/* The same for an advice: what was measured until now is stale from here on. */
void session_followed(struct session *session, const char *format, ...) PRINTF_LIKE(2, 3);
void session_verdict_take(struct session *session, json_t *verdict);
void session_finish(struct session *session);

/* Applies a record that was read from a journal; tells no listener. ERR_SYNTAX: not a record;
 * session unchanged. */
enum err session_apply(struct session *session, const json_t *record) MUST_USE;

/* The last call that was heard before an advice was followed, and the last one since; without an
 * advice only the latter. One that was cut off gives way to one that tells of its voice. NULL:
 * nobody listened then. Borrowed. */
const json_t *session_call_before(const struct session *session);
const json_t *session_call_now(const struct session *session);

/* What a fact was before it changed from one run of its check to a later one; NULL: it is as it
 * was. Borrowed. */
const json_t *session_fact_before(const struct session *session, const char *name);

/* NULL / "unknown" where there is none. Borrowed. */
const struct answer *session_find_answer(const struct session *session, const char *question);
const struct check_run *session_find_check(const struct session *session, const char *name);
const struct finding *session_find_finding(const struct session *session, const char *id);
const struct outcome *session_find_outcome(const struct session *session, const char *cause);
const char *session_detail_text(const struct session *session, const char *key); /* NULL */
const char *session_site_text(const struct session *session, const char *key);   /* NULL */

#endif
