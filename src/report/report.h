/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session as a document: for people and the provider's support (text), for programs (JSON, schema
 * "earshot/1"). Made from the session alone, at any time, again. Secrets are never in it: what
 * looks like one is taken out of every text, wherever it came from; so is what a terminal obeys.
 *
 * Of session_site() it shows the profile's keys "provider.name", "provider.domain",
 * "provider.transport", "provider.proxy", "provider.support", "nat.stun", "nat.turn",
 * "media.rtp-ports", "media.codecs".
 *
 * Of session_detail() it knows, beside the lines of the record sheet (their keys are in record.c):
 * "customer" (whose site), "contact" (whom to call there), "phone" (name and version), "system",
 * "network", "router" (maker, model, firmware), "calls" (the failing ones: times, numbers, call
 * identifiers, on several lines if need be), "traces" (where logs or captures are), "sip-trace"
 * (SIP messages). Any other is shown as a note. */
#ifndef EARSHOT_REPORT_REPORT_H
#define EARSHOT_REPORT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/err.h"
#include "model/session.h"

/* What the report cannot know from the session: the cause's words, which stand in the tree. All
 * borrowed, already translated; NULL where there is none. */
struct report_advice {
	const char *title, *means, *who, *verify, *ask;
	const char *const *steps;     /* NULL-terminated; NULL: none */
	const char *const *places;    /* where makers of routers put it, a line each, as above */
	const char *const *ruled_out; /* titles of causes ruled out, NULL-terminated; NULL: none */
	const char *const *also;      /* titles of causes not ruled out, as above */
	enum side side;               /* who mends it, so in whose list the steps stand */
};

struct report_options {
	bool utf8;      /* else plain ASCII */
	size_t columns; /* at most, 40 to 200; 78 for a report that goes into an e-mail */
	time_t now;
	unsigned masks; /* MASK_… of mask.h: what is hidden */
	struct report_advice advice;
	/* The tree's words, borrowed and translated. A question and a cause may have the same id:
	 * `words` tells what the question `id` asks, or with a value what that answer says;
	 * `title` is the cause's. NULL for what they do not know. Both may themselves be NULL: the
	 * bare ids are shown then. */
	const char *(*words)(const char *id, const char *value, void *context);
	const char *(*title)(const char *cause, void *context);
	/* For calls: the `number`th step, from 0, of what mends a finding of this kind; NULL behind
	 * the last. */
	const char *(*step)(const struct finding_kind *kind, size_t number, void *context);
	void *context;
};

/* The text report: what is wrong, the path picture, the eight points of the support checklist,
 * evidence, the two lists, steps, measured, record for later. Ends in LF. The caller frees. */
char *report_text(const struct session *session, const struct report_options *options) MUST_USE;

/* The same as one page of HTML that needs nothing else, the path as a picture. Of the options
 * `utf8` and `columns` mean nothing here. The caller frees. */
char *report_html(const struct session *session, const struct report_options *options) MUST_USE;

/* The object of `--json`; "calls" are those that
 * checks told, "verdict" is there only where there is one. Facts stand in the
 * order of fact_kind_at(), findings worst first; dump it with JSON_REAL_PRECISION(10), or 0.04
 * reads 0.040000000000000001. The caller owns the reference. */
json_t *report_json(const struct session *session) MUST_USE;
/* The same with what MASK_… of mask.h says hidden. */
json_t *report_json_masked(const struct session *session, unsigned masks) MUST_USE;

/* 1 if a finding of severity fault is there, 3 if no check ended "done", else 0. */
int report_exit_status(const struct session *session);

#endif
