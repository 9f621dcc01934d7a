/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a tree that loads can still have wrong: parts that nobody ever reaches, names that nothing
 * measures. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "model/fact.h"
#include "tree/parts.h"

/* All checks there are or will be: a tree may wait for one that this version lacks. */
static const char *const checks[] = { "local", "router", "dns",     "stun", "turn",
				      "ports", "alg",    "quality", "call", "capture" };

enum { NEVER_TRIED = CONFIDENCE_CERTAIN + 1 };

struct lint {
	const struct tree *tree;
	void (*report)(const char *line, void *context);
	void *context;
	size_t count;
	bool asked[TREE_QUESTIONS_MAX], looked_at[TREE_QUESTIONS_MAX];
	bool used[TREE_NAMED_MAX];
	bool reached[TREE_BRANCHES_MAX];
	int accepts[WALK_CAUSES_MAX]; /* the weakest confidence that a <try> of it takes;
					 NEVER_TRIED */
};

static void say(struct lint *lint, int line, const char *format, ...) PRINTF_LIKE(3, 4);

static void say(struct lint *lint, int line, const char *format, ...)
{
	struct complaint complaint = { "" };
	char *what = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&what, format, args) < 0)
		abort();
	va_end(args);
	(void)complain(&complaint, lint->tree->file, line, "%s", what);
	free(what);
	lint->count++;
	lint->report(complaint.text, lint->context);
}

static void check_name(struct lint *lint, int line, const char *name)
{
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if (!strcmp(checks[i], name))
			return;
	say(lint, line,
	    "there is no check '%s'; expected local, router, dns, stun, turn, ports, alg, quality, "
	    "call or "
	    "capture",
	    name);
}

static void check_names(struct lint *lint, int line, const char *const *names)
{
	for (; *names; names++)
		check_name(lint, line, *names);
}

static void look_at_leaf(struct lint *lint, int line, const struct condition *condition)
{
	switch (condition->kind) {
	case CONDITION_QUESTION: lint->looked_at[condition->index] = true; break;
	case CONDITION_NAMED: lint->used[condition->index] = true; break;
	case CONDITION_CHECK: check_name(lint, line, condition->name); break;
	case CONDITION_FACT:
		if (!fact_kind_find(condition->name))
			say(lint, line,
			    "no check measures the fact '%s'; expected one of earshot(1)",
			    condition->name);
		break;
	case CONDITION_FINDING:
		for (const char *const *id = condition->words; *id; id++)
			if (!finding_kind_find(*id))
				say(lint, line,
				    "no check finds '%s'; expected an id of earshot-findings(7)",
				    *id);
		break;
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_NONE: break;
	}
}

static void look_at(struct lint *lint, int line, const struct condition *condition)
{
	for (; condition; condition = condition->next) {
		look_at_leaf(lint, line, condition);
		look_at(lint, line, condition->inner);
	}
}

static void follow(struct lint *lint, int line, const struct statement *statement)
{
	for (; statement; statement = statement->next) {
		switch (statement->kind) {
		case STATEMENT_ASK: lint->asked[statement->index] = true; break;
		case STATEMENT_TRY:
			for (size_t i = 0; i < statement->cause_count; i++)
				if ((int)statement->at_least < lint->accepts[statement->causes[i]])
					lint->accepts[statement->causes[i]] =
						(int)statement->at_least;
			break;
		case STATEMENT_IF:
			look_at(lint, line, statement->condition);
			follow(lint, line, statement->inner);
			break;
		case STATEMENT_GO:
			if (lint->reached[statement->index])
				break;
			lint->reached[statement->index] = true;
			follow(lint, lint->tree->branches[statement->index].line,
			       lint->tree->branches[statement->index].body);
			break;
		}
	}
}

/* All that conditions look at, so that the rest can be called unused. */
static void look_at_all(struct lint *lint)
{
	const struct tree *tree = lint->tree;

	for (size_t i = 0; i < tree->cause_count; i++) {
		const struct cause *cause = &tree->causes[i];

		for (size_t k = 0; k < cause->evidence_count; k++)
			look_at(lint, cause->line, cause->evidence[k].condition);
		look_at(lint, cause->line, cause->ruled_out);
	}
	for (size_t i = tree->named_count; i-- > 0;)
		look_at(lint, tree->named[i].line, tree->named[i].condition);
	for (size_t i = 0; i < tree->question_count; i++)
		for (size_t k = 0; k < tree->questions[i].shown.answer_count; k++)
			look_at(lint, tree->questions[i].line, tree->questions[i].by[k]);
}

static void lint_questions(struct lint *lint)
{
	for (size_t i = 0; i < lint->tree->question_count; i++) {
		const struct question *question = &lint->tree->questions[i];
		const char *id = question->shown.id;

		check_names(lint, question->line, question->shown.checks);
		if (!lint->asked[i])
			say(lint, question->line,
			    "question '%s' is never asked; expected an <ask> on the walk", id);
		if (!lint->looked_at[i] && !question->record)
			say(lint, question->line,
			    "nothing depends on the answer to '%s'; expected a condition that "
			    "looks at it, or record=\"yes\"",
			    id);
		if (question->shown.answer_count < 3)
			say(lint, question->line,
			    "question '%s' has no choice; expected two answers at least, and "
			    "'unknown'",
			    id);
	}
}

static void lint_evidence(struct lint *lint, size_t index)
{
	const struct cause *cause = &lint->tree->causes[index];

	for (size_t i = 0; i < cause->evidence_count; i++)
		if ((int)cause->evidence[i].confidence < lint->accepts[index])
			say(lint, cause->line,
			    "no <try> of cause '%s' takes its '%s' evidence; expected one with "
			    "at-least=\"%s\" or less",
			    cause->shown.id, confidence_text(cause->evidence[i].confidence),
			    confidence_text(cause->evidence[i].confidence));
}

static void lint_causes(struct lint *lint)
{
	const struct tree *tree = lint->tree;

	for (size_t i = 0; i < tree->cause_count; i++) {
		const struct cause *cause = &tree->causes[i];

		check_names(lint, cause->line, cause->shown.retest);
		if (cause->shown.by_router && !tree->router_count)
			say(lint, cause->line,
			    "the advice of '%s' goes by the router, and no router is known",
			    cause->shown.id);
		if (i == tree->undetermined)
			continue;
		if (lint->accepts[i] == NEVER_TRIED)
			say(lint, cause->line,
			    "cause '%s' is never tried; expected a <try> on the walk",
			    cause->shown.id);
		else
			lint_evidence(lint, i);
		if (!cause->evidence_count)
			say(lint, cause->line,
			    "nothing can speak for cause '%s'; expected <evidence>",
			    cause->shown.id);
	}
}

static void lint_unused(struct lint *lint)
{
	const struct tree *tree = lint->tree;

	for (size_t i = 0; i < tree->branch_count; i++)
		if (!lint->reached[i])
			say(lint, tree->branches[i].line,
			    "branch '%s' is never reached; expected a <go> to it",
			    tree->branches[i].id);
	for (size_t i = 0; i < tree->named_count; i++)
		if (!lint->used[i])
			say(lint, tree->named[i].line,
			    "condition '%s' is never used; expected a holds=\"%s\"",
			    tree->named[i].id, tree->named[i].id);
	for (size_t i = 0; i < tree->term_count; i++)
		for (size_t k = 0; k < i; k++)
			if (!strcasecmp(tree->terms[i].term, tree->terms[k].term))
				say(lint, 0, "the term '%s' is explained twice; expected each once",
				    tree->terms[i].term);
}

/* The last router stands for all others, so a vendor's name must not lead there. */
static void lint_routers(struct lint *lint)
{
	const struct tree *tree = lint->tree;

	for (size_t i = 0; i < tree->router_count; i++) {
		const struct tree_router *router = &tree->routers[i];

		const char *name = router->vendor;

		for (const char *const *match = router->match; name; name = *match++)
			if (tree_router_find(tree, name) != router)
				say(lint, 0,
				    "router '%s' is not found by its name '%s'; another has it "
				    "too; expected each once",
				    router->vendor, name);
		if (i + 1 == tree->router_count && *router->match)
			say(lint, 0,
			    "router '%s' stands last and has a <match>; expected one for all other "
			    "routers",
			    router->vendor);
	}
}

size_t tree_lint(const struct tree *tree, void (*report)(const char *line, void *context),
		 void *context)
{
	struct lint lint = { .tree = tree, .report = report, .context = context };

	for (size_t i = 0; i < tree->cause_count; i++)
		lint.accepts[i] = NEVER_TRIED;
	follow(&lint, 0, tree->walk);
	look_at_all(&lint);
	lint_questions(&lint);
	lint_causes(&lint);
	lint_unused(&lint);
	lint_routers(&lint);
	return lint.count;
}
