/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conditions and statements of a tree. */
#include <stdlib.h>
#include <string.h>

#include "tree/load.h"

enum err load_confidence(enum confidence *out, struct loader *loader, const xmlNode *node,
			 const char *attribute)
{
	const char *text = load_attribute(loader, node, attribute);

	for (int i = CONFIDENCE_POSSIBLE; i <= CONFIDENCE_CERTAIN; i++) {
		if (text && !strcmp(text, confidence_text((enum confidence)i))) {
			*out = (enum confidence)i;
			return ERR_NONE;
		}
	}
	return document_complain(loader->complaint, loader->file, node,
				 "unknown confidence '%s'; expected certain, likely or possible",
				 text ? text : "");
}

/* The bits of a list of directions or sides; 0 where it is not there. */
static unsigned load_bits(struct loader *loader, const xmlNode *node, const char *attribute)
{
	const char *const *words = load_words(loader, node, attribute);
	unsigned bits = 0;

	for (; *words; words++) {
		enum direction direction;
		enum side side;

		if (!strcmp(attribute, "direction") && !direction_parse(&direction, *words))
			bits |= 1U << direction;
		else if (!strcmp(attribute, "side") && !side_parse(&side, *words))
			bits |= 1U << side;
	}
	return bits;
}

/* "is", "is-not", "at-least" or "at-most", whichever is there. */
static void load_comparison(struct condition *condition, struct loader *loader, const xmlNode *node)
{
	static const char *const names[] = { "is", "is-not", "at-least", "at-most" };

	for (int i = COMPARE_IS; i <= COMPARE_AT_MOST; i++) {
		const char *value = load_attribute(loader, node, names[i]);

		if (!value)
			continue;
		condition->comparison = (enum comparison)i;
		condition->words = load_words(loader, node, names[i]);
		condition->number = strtod(value, NULL);
		return;
	}
	condition->words = load_words(loader, node, "is");
}

static enum err load_question_leaf(struct condition *condition, struct loader *loader,
				   const xmlNode *node)
{
	const char *id = load_attribute(loader, node, "question");
	const char *from = load_attribute(loader, node, "from");
	const struct tree *tree = loader->tree;

	condition->kind = CONDITION_QUESTION;
	condition->index = tree_question_index(tree, id);
	if (condition->index == tree->question_count)
		return document_complain(loader->complaint, loader->file, node,
					 "unknown question '%s'; expected the id of a <question>",
					 id);
	if (from)
		condition->origin = !strcmp(from, "person") ? ORIGIN_PERSON : ORIGIN_CHECK;
	load_comparison(condition, loader, node);
	for (const char *const *word = condition->words; *word; word++)
		if (!tree_answer_find(&tree->questions[condition->index].shown, *word))
			return document_complain(
				loader->complaint, loader->file, node,
				"question '%s' has no answer '%s'; expected one of its values", id,
				*word);
	return ERR_NONE;
}

static void load_finding_leaf(struct condition *condition, struct loader *loader,
			      const xmlNode *node)
{
	const char *severity = load_attribute(loader, node, "severity");

	condition->kind = CONDITION_FINDING;
	condition->words = load_words(loader, node, "finding");
	condition->severity = SEVERITY_NOTE;
	if (severity && severity_parse(&condition->severity, severity))
		condition->severity = SEVERITY_NOTE;
	condition->directions = load_bits(loader, node, "direction");
	condition->sides = load_bits(loader, node, "side");
}

static enum err load_named_leaf(struct condition *condition, struct loader *loader,
				const xmlNode *node, const char *id)
{
	condition->kind = CONDITION_NAMED;
	condition->index = tree_named_index(loader->tree, id);
	if (condition->index == loader->tree->named_count)
		return document_complain(
			loader->complaint, loader->file, node,
			"unknown condition '%s'; expected the id of a <condition> further up", id);
	return ERR_NONE;
}

/* The comparison in the attributes of a node; *out stays NULL where there is none. */
static enum err load_leaf(struct condition **out, struct loader *loader, const xmlNode *node)
{
	struct condition *condition = tree_keep(loader->tree, 1, sizeof *condition);
	const char *named = load_attribute(loader, node, "holds");
	const char *fact = load_attribute(loader, node, "fact");
	const char *check = load_attribute(loader, node, "check");
	enum err err = ERR_NONE;

	if (named) {
		err = load_named_leaf(condition, loader, node, named);
	} else if (fact || check) {
		condition->kind = fact ? CONDITION_FACT : CONDITION_CHECK;
		condition->name = fact ? fact : check;
		load_comparison(condition, loader, node);
	} else if (load_attribute(loader, node, "finding")) {
		load_finding_leaf(condition, loader, node);
	} else if (load_attribute(loader, node, "question")) {
		err = load_question_leaf(condition, loader, node);
	} else {
		return ERR_NONE;
	}
	if (!err)
		*out = condition;
	return err;
}

static bool is_group(const xmlNode *node)
{
	return load_is(node, "all") || load_is(node, "any") || load_is(node, "none");
}

static enum err load_group(struct condition **out, struct loader *loader, const xmlNode *node);

/* The members of a group, or the groups that stand first in <if>. */
static enum err load_members(struct condition **first, struct loader *loader, const xmlNode *parent)
{
	struct condition **tail = first;

	for (const xmlNode *node = load_child(parent, NULL); node; node = load_next(node, NULL)) {
		enum err err = ERR_NONE;

		if (is_group(node))
			err = load_group(tail, loader, node);
		else if (load_is(node, "when"))
			err = load_leaf(tail, loader, node);
		if (err)
			return err;
		if (*tail)
			tail = &(*tail)->next;
	}
	return ERR_NONE;
}

static enum err too_deep(struct loader *loader, const xmlNode *node)
{
	return document_complain(loader->complaint, loader->file, node,
				 "nested too deeply; expected at most %d levels", LOAD_DEPTH_MAX);
}

static enum err load_group(struct condition **out, struct loader *loader, const xmlNode *node)
{
	struct condition *group = tree_keep(loader->tree, 1, sizeof *group);
	enum err err;

	if (loader->depth == LOAD_DEPTH_MAX)
		return too_deep(loader, node);
	group->kind = load_is(node, "any")    ? CONDITION_ANY
		      : load_is(node, "none") ? CONDITION_NONE
					      : CONDITION_ALL;
	*out = group;
	loader->depth++;
	err = load_members(&group->inner, loader, node);
	loader->depth--;
	return err;
}

enum err load_condition(struct condition **out, struct loader *loader, const xmlNode *node)
{
	struct condition *all;
	enum err err = load_leaf(out, loader, node);

	if (err || *out)
		return err;
	all = tree_keep(loader->tree, 1, sizeof *all);
	all->kind = CONDITION_ALL;
	*out = all;
	return load_members(&all->inner, loader, node);
}

static enum err load_ask(struct statement *statement, struct loader *loader, const xmlNode *node)
{
	const char *id = load_attribute(loader, node, "question");

	statement->kind = STATEMENT_ASK;
	statement->index = tree_question_index(loader->tree, id);
	if (statement->index == loader->tree->question_count)
		return document_complain(loader->complaint, loader->file, node,
					 "unknown question '%s'; expected the id of a <question>",
					 id);
	return ERR_NONE;
}

static enum err load_go(struct statement *statement, struct loader *loader, const xmlNode *node)
{
	const char *id = load_attribute(loader, node, "branch");

	statement->kind = STATEMENT_GO;
	statement->index = tree_branch_index(loader->tree, id);
	if (statement->index == loader->tree->branch_count)
		return document_complain(loader->complaint, loader->file, node,
					 "unknown branch '%s'; expected the id of a <branch>", id);
	return ERR_NONE;
}

static enum err load_try(struct statement *statement, struct loader *loader, const xmlNode *node)
{
	const char *const *words = load_words(loader, node, "causes");
	size_t count = 0;

	while (words[count])
		count++;
	statement->kind = STATEMENT_TRY;
	statement->causes = tree_keep(loader->tree, count, sizeof *statement->causes);
	for (; *words; words++) {
		size_t index = tree_cause_index(loader->tree, *words);

		if (index == loader->tree->cause_count)
			return document_complain(loader->complaint, loader->file, node,
						 "unknown cause '%s'; expected the id of a <cause>",
						 *words);
		statement->causes[statement->cause_count++] = index;
	}
	if (!load_attribute(loader, node, "at-least"))
		return ERR_NONE;
	return load_confidence(&statement->at_least, loader, node, "at-least");
}

static enum err load_if(struct statement *statement, struct loader *loader, const xmlNode *node)
{
	enum err err = load_condition(&statement->condition, loader, node);

	statement->kind = STATEMENT_IF;
	if (err)
		return err;
	if (loader->depth == LOAD_DEPTH_MAX)
		return too_deep(loader, node);
	loader->depth++;
	err = load_statements(&statement->inner, loader, node);
	loader->depth--;
	return err;
}

enum err load_statements(struct statement **out, struct loader *loader, const xmlNode *parent)
{
	static const struct {
		const char *name;
		enum err (*load)(struct statement *, struct loader *, const xmlNode *);
	} kinds[] = {
		{ "ask", load_ask }, { "go", load_go }, { "try", load_try }, { "if", load_if }
	};

	for (const xmlNode *node = load_child(parent, NULL); node; node = load_next(node, NULL)) {
		for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
			enum err err;

			if (!load_is(node, kinds[i].name))
				continue;
			*out = tree_keep(loader->tree, 1, sizeof **out);
			err = kinds[i].load(*out, loader, node);
			if (err)
				return err;
			out = &(*out)->next;
		}
	}
	return ERR_NONE;
}
