/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A check: an ordinary sequential function that measures one thing and reports to a sink. The
 * runner gives each a process of its own; a test calls it directly with a sink that keeps what it
 * gets. */
#ifndef EARSHOT_CHECK_CHECK_H
#define EARSHOT_CHECK_CHECK_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "model/finding.h"
#include "model/site.h"

enum check_state { CHECK_DONE, CHECK_SKIPPED, CHECK_FAILED, CHECK_TIMEOUT };

struct sink;

struct check {
	const char *name;   /* "stun" */
	const char *title;  /* N_() what is measured, in a word or two for the board: "NAT" */
	const char *about;  /* N_() one plain sentence */
	bool leaves_traces; /* it may hold something at a server, which it gives back within 200 ms
			       when site->hurry is set: then it is not killed at once */
	bool on_demand; /* only where a person asks for it: never among "all of them" in the wizard
			 */
	unsigned seconds; /* as long as it may take before the runner ends it; also the board's
			     progress scale */
	/* NULL-terminated: the facts it may tell; another is taken for nonsense. After "done" the
	 * runner sets those not told to "unknown". */
	const char *const *facts;
	/* NULL if it can run; else why not, N_() ("no STUN server is named in the profile"). */
	const char *(*why_not)(const struct site *site);
	/* The path of a file whose first line the check needs as a secret (site->secret), read
	 * before the sandbox closes; NULL: it needs none. */
	const char *(*secret_file)(const struct site *site);
	/* Opens what the check needs and the sandbox forbids (a file, a helper): site->tools. Never
	 * fails: run() tells what it could not. NULL: it needs nothing. */
	void *(*prepare)(const struct site *site);
	/* Seconds as above, where the site says how long; NULL: `seconds`. */
	unsigned (*lasts)(const struct site *site);
	bool tells_much; /* call by call, some kilobytes each: it may say more than others */
	size_t writes;   /* bytes that it may write into a file that it prepared */
	/* Measures. Returns its end state; for another than CHECK_DONE it has said why with
	 * sink_why(). */
	enum check_state (*run)(const struct site *site, struct sink *sink);
};

/* Has the runner asked us to end? `hurry` is site->hurry. */
bool check_hurried(const volatile int *hurry);

/* Where a check reports to. `event` gets one JSON object a call and takes the reference. */
struct sink {
	void (*event)(json_t *event_take, void *context);
	void *context;
};

/* How far it is (0 to 1, never backwards) and what it does now, in plain words; `now` may be NULL.
 */
void sink_progress(struct sink *sink, double fraction, const char *now);
/* Facts, by their names in the contract. Text from the network is made safe here, once. */
void sink_fact_text(struct sink *sink, const char *name, const char *value);
void sink_fact_number(struct sink *sink, const char *name, double value);
void sink_fact_take(struct sink *sink, const char *name, json_t *value);
/* Takes the finding and frees it. */
void sink_finding_take(struct sink *sink, struct finding *finding);
/* A call that was captured or made, as in "calls" of --json; takes the reference. */
void sink_call_take(struct sink *sink, json_t *call);
/* The check's result in one plain sentence ("cone NAT, public address 203.0.113.2"). */
void sink_summary(struct sink *sink, const char *format, ...) PRINTF_LIKE(2, 3);
/* The main result is told: the runner reports the check's end as `state` now. run() may go on in
 * the background for facts and findings that take long; when site->hurry is set it tells what it
 * knows and returns within 200 ms. */
void sink_settled(struct sink *sink, enum check_state state);
/* Why the check was skipped or failed, in plain words. */
void sink_why(struct sink *sink, const char *format, ...) PRINTF_LIKE(2, 3);
/* The calls as they are now, for a display that moves, and what was read so far; take the
 * reference.
 */
void sink_live_take(struct sink *sink, json_t *live);
void sink_input_take(struct sink *sink, json_t *input);

/* The events, as they go through the pipe (one JSON object a line) and into the journal:
 *   {"event":"progress","fraction":0.4,"now":"…"}    {"event":"fact","name":"…","value":…}
 *   {"event":"finding","finding":{…}}                {"event":"summary","text":"…"}
 *   {"event":"call","call":{…}}
 *   {"event":"why","text":"…"}                       {"event":"settled","state":"done"}
 *   {"event":"call","call":{…}}                      {"event":"input","input":{…}}
 *   {"event":"live","live":{"seconds":2.5,"packets":250,"calls":[{"from":"…","to":"…",
 *      "answered":true,"ended":false,"seconds":2,"out":{…},"in":{…}}]}}
 *   {"event":"end","state":"done"}   (the runner's child adds it) */

/* How long it may take there. */
static inline unsigned check_seconds(const struct check *check, const struct site *site)
{
	return check->lasts ? check->lasts(site) : check->seconds;
}

const char *check_state_text(enum check_state state); /* "done" "skipped" "failed" "timeout" */
enum err check_state_parse(enum check_state *out, const char *text) MUST_USE;

/* All checks of this version, in the order of the board. By number from 0; NULL behind the last. */
const struct check *check_at(size_t index);
const struct check *check_find(const char *name); /* NULL: none of that name */

extern const struct check check_local, check_router, check_dns, check_stun, check_turn, check_ports,
	check_alg, check_quality, check_capture;

#endif
