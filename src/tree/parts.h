/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a loaded tree looks inside: for the files of src/tree alone. Everything belongs to the tree
 * and lives until tree_free(). What refers to a question, cause, condition or branch does so by its
 * number. */
#ifndef EARSHOT_TREE_PARTS_H
#define EARSHOT_TREE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/finding.h"
#include "tree/tree.h"

enum { TREE_QUESTIONS_MAX = 100, TREE_NAMED_MAX = 100, TREE_BRANCHES_MAX = 100 };

enum condition_kind {
	CONDITION_ALL,
	CONDITION_ANY,
	CONDITION_NONE,
	CONDITION_QUESTION, /* `index` is the question's */
	CONDITION_FACT,
	CONDITION_FINDING,
	CONDITION_CHECK,
	CONDITION_NAMED, /* `index` is that of the named condition, always an earlier one */
};

enum comparison { COMPARE_IS, COMPARE_IS_NOT, COMPARE_AT_LEAST, COMPARE_AT_MOST };
enum origin { ORIGIN_ANYONE, ORIGIN_PERSON, ORIGIN_CHECK };

struct condition {
	enum condition_kind kind;
	struct condition *inner; /* of ALL, ANY, NONE: the first of its members */
	struct condition *next;  /* the next member of the same group */
	size_t index;
	const char *name;         /* of the fact or check */
	const char *const *words; /* values compared with, or finding ids; NULL-terminated */
	enum comparison comparison;
	double number; /* for COMPARE_AT_LEAST and COMPARE_AT_MOST */
	enum origin origin;
	enum severity severity;     /* of a finding: at least */
	unsigned directions, sides; /* of a finding: one bit for each that fits; 0: any */
};

struct named {
	const char *id;
	struct condition *condition;
	int line;
};

struct question {
	struct tree_question shown; /* first, so that a tree_question leads back here */
	const struct tree *tree;
	struct condition **by; /* for each answer: when a check gives it; NULL: never */
	int *directions;       /* for each answer: the enum direction that it tells; -1: none */
	bool record;           /* asked for the report alone */
	int line;
};

struct evidence {
	struct condition *condition;
	enum confidence confidence;
};

struct cause {
	struct tree_cause shown; /* first, as above */
	struct evidence *evidence;
	size_t evidence_count;
	struct condition *ruled_out; /* NULL: never */
	int line;
};

enum statement_kind { STATEMENT_ASK, STATEMENT_GO, STATEMENT_TRY, STATEMENT_IF };

struct statement {
	enum statement_kind kind;
	struct statement *next;
	size_t index;                /* ASK: question; GO: branch */
	size_t *causes, cause_count; /* TRY */
	enum confidence at_least;    /* TRY */
	struct condition *condition; /* IF */
	struct statement *inner;     /* IF */
};

struct branch {
	const char *id;
	struct statement *body;
	int line;
};

struct tree {
	const char *file;
	struct tree_term *terms;
	size_t term_count;
	struct question *questions;
	size_t question_count;
	struct named *named;
	size_t named_count;
	struct cause *causes;
	size_t cause_count;
	struct branch *branches;
	size_t branch_count;
	struct statement *walk;
	struct tree_router *routers;
	size_t router_count;
	size_t undetermined; /* the cause where every walk ends */
	void **kept;
	size_t kept_count, kept_room;
};

/* Zeroed memory that lives as long as the tree. */
void *tree_keep(struct tree *tree, size_t count, size_t size);
char *tree_keep_text(struct tree *tree, const char *text);

/* The number of a question, cause or branch; `*_count` where there is none of that id. */
size_t tree_question_index(const struct tree *tree, const char *id);
size_t tree_cause_index(const struct tree *tree, const char *id);
size_t tree_branch_index(const struct tree *tree, const char *id);
size_t tree_named_index(const struct tree *tree, const char *id);

/* tree_load() for texts in memory; the file names are for complaints. */
struct tree_text {
	const char *file, *text;
	size_t length;
};
enum err tree_parse(struct tree **out, const struct tree_text *tree,
		    const struct tree_text *routers, struct complaint *complaint) MUST_USE;

#endif
