/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision tree (data/tree.xml, earshot-tree(5)): questions, causes with their advice, and the
 * walk that leads from one to the other. Loaded once, then read only. All texts are English;
 * whoever shows one calls gettext(). */
#ifndef EARSHOT_TREE_TREE_H
#define EARSHOT_TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/complaint.h"
#include "base/err.h"
#include "model/finding.h"
#include "model/session.h"

struct tree;

struct tree_answer {
	const char *value; /* "far-cannot-hear" */
	const char *text;  /* "They cannot hear me. I hear them." */
};

struct tree_question {
	const char *id;
	const char *ask;  /* the question */
	const char *why;  /* why we ask */
	const char *help; /* how to find out; NULL where the question explains itself */
	const struct tree_answer *answers; /* the last one is always "unknown" */
	size_t answer_count;
	const char *const *checks; /* that can answer it, NULL-terminated; may be empty */
};

struct tree_cause {
	const char *id;
	const char *title;        /* "The router rewrites SIP messages (SIP ALG)." */
	const char *means;        /* what it means, plainly */
	const char *const *steps; /* what to do, in order, NULL-terminated */
	enum side side;           /* who mends it */
	const char *who;          /* the same in words: "You, or whoever looks after the router." */
	const char *verify;       /* how to see that it worked */
	const char *ask;          /* what to ask the provider for, where that helps; NULL */
	const char *remedy;       /* id: "disable-sip-alg" */
	const char *const *retest; /* checks to run again afterwards; may be empty */
	bool by_router;            /* show the steps of the router at hand beside these */
};

/* A router vendor's way to what a cause asks for (data/routers.xml). */
struct tree_router {
	const char *vendor;
	const char *const *match; /* other names the vendor goes by; NULL-terminated */
	const char *where;        /* one line: menu path */
	const char *const *steps; /* NULL-terminated */
	const char *caveat;       /* NULL */
};

/* Loads tree and routers and holds them against the built-in schemas. On any error nothing is
 * loaded and the complaint says file, line, what is wrong, what was expected. */
enum err tree_load(struct tree **out, const char *tree_path, const char *routers_path,
		   struct complaint *complaint) MUST_USE;
void tree_free(struct tree *tree);

/* By number from 0; NULL behind the last, as for all that end in _at. */
const struct tree_question *tree_question_at(const struct tree *tree, size_t index);
const struct tree_question *tree_question_find(const struct tree *tree, const char *id);
const struct tree_cause *tree_cause_at(const struct tree *tree, size_t index);
const struct tree_cause *tree_cause_find(const struct tree *tree, const char *id);
const struct tree_answer *tree_answer_find(const struct tree_question *question, const char *value);
const struct tree_router *tree_router_at(const struct tree *tree, size_t index);
/* The vendor that a router.vendor fact begins with (case and punctuation do not matter); NULL:
 * none. The last router is the way for all others. */
const struct tree_router *tree_router_find(const struct tree *tree, const char *vendor);

/* The site's router: what a person chose (detail "router"), else what was measured (router.vendor,
 * and router.model where its maker has several pages); NULL: not known, or without a page. */
const struct tree_router *tree_router_of(const struct tree *tree, const struct session *session);

/* One sentence about a term ("NAT", "SIP ALG"), for `?`. */
struct tree_term {
	const char *term, *text;
};
const struct tree_term *tree_term_at(const struct tree *tree, size_t index);

/* All that lint finds beyond the schema; calls `report` for each with a whole line ("tree.xml:12:
 * …"), returns how many. See earshot-tree(5). */
size_t tree_lint(const struct tree *tree, void (*report)(const char *line, void *context),
		 void *context);

enum confidence { CONFIDENCE_POSSIBLE, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };
const char *confidence_text(enum confidence confidence); /* "possible" "likely" "certain" */

/* Where the walk stands. */
enum step_kind {
	STEP_QUESTION, /* ask `question` */
	STEP_WAIT,     /* `question` is being answered by a check that still runs */
	STEP_ADVICE,   /* `cause` is what answers and facts say; the last one is "undetermined" */
	STEP_FIXED,    /* the last advice helped (`cause`) */
};

enum { WALK_PATH_MAX = 128, WALK_CAUSES_MAX = 64 };

struct walk {
	enum step_kind kind;
	const struct tree_question *question; /* STEP_QUESTION, STEP_WAIT */
	const struct tree_cause *cause;       /* STEP_ADVICE, STEP_FIXED */
	enum confidence confidence;
	enum direction direction; /* the one that is missing */
	/* Questions passed, in order, by id; the cause comes last at STEP_ADVICE and STEP_FIXED. */
	const char *path[WALK_PATH_MAX];
	size_t path_count;
	size_t unasked; /* questions that WALK_ALONE passed without an answer before it came to the
			   cause */
	/* Causes that answers and facts rule out, and those that would come next, in this order,
	 * were this one not it. */
	const struct tree_cause *ruled_out[WALK_CAUSES_MAX];
	size_t ruled_out_count;
	const struct tree_cause *also[WALK_CAUSES_MAX];
	size_t also_count;
};

enum { WALK_ASK = 0, WALK_ALONE = 1 };

/* A pure function of tree and session: the same answers, facts, findings and outcomes give the same
 * place. With WALK_ALONE an unanswered question counts as "I don't know" (diagnose), so the result
 * is never a question. A cause whose outcome is "not-fixed", "could-not" or "ask-provider" is
 * passed by, as is one ruled out; each cause is met at most once, so the walk ends. */
void tree_walk(struct walk *out, const struct tree *tree, const struct session *session,
	       unsigned flags);

/* What a question's answer is, and whether a check gave it ("yes" from facts) or a person;
 * "unknown" if neither. A person's answer wins over a check's, but for "unknown". */
const char *tree_answer_of(bool *by_check, const struct tree_question *question,
			   const struct session *session);

#endif
