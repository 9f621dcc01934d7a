/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something that a check or an analysis found, with where, whose and how bad it is. */
#ifndef EARSHOT_MODEL_FINDING_H
#define EARSHOT_MODEL_FINDING_H

#include <jansson.h>
#include <stddef.h>

#include "base/err.h"

enum severity { SEVERITY_NOTE, SEVERITY_RISK, SEVERITY_FAULT };
enum side { SIDE_UNKNOWN, SIDE_SITE, SIDE_PHONE, SIDE_PROVIDER };
enum direction { DIRECTION_NONE, DIRECTION_OUT, DIRECTION_IN, DIRECTION_BOTH };

/* Every finding of the contract. */
struct finding_kind {
	const char *id;         /* "sip-alg" */
	const char *check;      /* "alg" */
	enum severity severity; /* as usual; a finding may differ */
	enum side side;
	enum direction direction;
	const char *title;   /* N_() one plain sentence */
	const char *meaning; /* N_() what it means for a call, plainly */
	const char *remedy;  /* id of what to do: "disable-sip-alg"; the causes' `remedy` uses the
				same names */
};
const struct finding_kind *finding_kind_at(size_t index);     /* NULL behind the last */
const struct finding_kind *finding_kind_find(const char *id); /* NULL for an unknown id */

enum { FINDING_EVIDENCE_MAX = 32, FINDING_TEXT_MAX = 400 };

struct finding {
	const struct finding_kind *kind;
	enum severity severity;
	enum side side;
	enum direction direction;
	unsigned hop;                         /* routers from here, 1 is the first; 0: not known */
	char *address;                        /* of the place; NULL: not known */
	char *evidence[FINDING_EVIDENCE_MAX]; /* sentences, safe to print */
	size_t evidence_count;
};

/* A finding as its kind has it. `id` must be known (else the program aborts: it is our own
 * mistake). */
struct finding *finding_new(const char *id);
struct finding *finding_copy(const struct finding *finding);
void finding_free(struct finding *finding);

/* Adds a sentence; text from the network in it is made safe. Past FINDING_EVIDENCE_MAX it is
 * dropped. */
void finding_evidence(struct finding *finding, const char *format, ...) PRINTF_LIKE(2, 3);
void finding_place(struct finding *finding, unsigned hop, const char *address);

/* As in --json ("schema earshot/1"); the caller owns the reference. */
json_t *finding_to_json(const struct finding *finding) MUST_USE;
/* ERR_SYNTAX for anything that finding_to_json() would not write; *out untouched then. */
enum err finding_from_json(struct finding **out, const json_t *json) MUST_USE;

const char *severity_text(enum severity severity);    /* "fault" "risk" "note" */
const char *side_text(enum side side);                /* "site" "phone" "provider" "unknown" */
const char *direction_text(enum direction direction); /* "out" "in" "both" "none" */
enum err severity_parse(enum severity *out, const char *text) MUST_USE;
enum err side_parse(enum side *out, const char *text) MUST_USE;
enum err direction_parse(enum direction *out, const char *text) MUST_USE;

#endif
