/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tree/load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

static enum err load_side(enum side *out, struct loader *loader, const xmlNode *node)
{
	const char *text = load_attribute(loader, node, "side");

	if (text && !side_parse(out, text))
		return ERR_NONE;
	return document_complain(loader->complaint, loader->file, node,
				 "unknown side '%s'; expected site, phone, provider or unknown",
				 text ? text : "");
}

static enum err load_terms(struct loader *loader, const xmlNode *root)
{
	struct tree *tree = loader->tree;
	enum err err = ERR_NONE;

	tree->terms = tree_keep(tree, load_count(root, "term"), sizeof *tree->terms);
	for (const xmlNode *node = load_child(root, "term"); node && !err;
	     node = load_next(node, "term")) {
		struct tree_term *term = &tree->terms[tree->term_count++];

		err = load_child_text(&term->term, loader, node, "name");
		if (!err)
			err = load_child_text(&term->text, loader, node, "text");
	}
	return err;
}

/* Several <by> of one answer: any of them will do. */
static enum err load_by(struct condition **out, struct loader *loader, const xmlNode *answer)
{
	struct condition *any, **tail;

	if (!load_child(answer, "by"))
		return ERR_NONE;
	any = tree_keep(loader->tree, 1, sizeof *any);
	any->kind = CONDITION_ANY;
	tail = &any->inner;
	for (const xmlNode *node = load_child(answer, "by"); node; node = load_next(node, "by")) {
		enum err err = load_condition(tail, loader, node);

		if (err)
			return err;
		tail = &(*tail)->next;
	}
	*out = any;
	return ERR_NONE;
}

static enum err load_answer(struct question *question, size_t index, struct loader *loader,
			    const xmlNode *node)
{
	struct tree_answer *answers = (struct tree_answer *)question->shown.answers;
	const char *direction = load_attribute(loader, node, "direction");
	enum direction told = DIRECTION_NONE;
	enum err err;

	answers[index].value = load_attribute(loader, node, "value");
	for (size_t i = 0; i < index; i++)
		if (!strcmp(answers[i].value, answers[index].value))
			return document_complain(
				loader->complaint, loader->file, node,
				"answer '%s' stands twice; expected each value once",
				answers[i].value);
	question->directions[index] = -1;
	if (direction && !direction_parse(&told, direction))
		question->directions[index] = (int)told;
	err = load_child_text(&answers[index].text, loader, node, "text");
	return err ? err : load_by(&question->by[index], loader, node);
}

static enum err load_answers(struct question *question, struct loader *loader, const xmlNode *node)
{
	size_t count = load_count(node, "answer"), index = 0;

	question->shown.answers = tree_keep(loader->tree, count, sizeof *question->shown.answers);
	question->shown.answer_count = count;
	question->by = tree_keep(loader->tree, count, sizeof(struct condition *));
	question->directions = tree_keep(loader->tree, count, sizeof *question->directions);
	for (const xmlNode *at = load_child(node, "answer"); at; at = load_next(at, "answer")) {
		enum err err = load_answer(question, index++, loader, at);

		if (err)
			return err;
	}
	if (strcmp(question->shown.answers[count - 1].value, "unknown") != 0)
		return document_complain(
			loader->complaint, loader->file, node,
			"question '%s' does not end in the answer 'unknown'; expected it last",
			question->shown.id);
	return ERR_NONE;
}

static enum err load_question(struct loader *loader, const xmlNode *node)
{
	struct tree *tree = loader->tree;
	struct question *question = &tree->questions[tree->question_count];
	struct tree_question *shown = &question->shown;
	enum err err;

	shown->id = load_attribute(loader, node, "id");
	if (tree_question_index(tree, shown->id) < tree->question_count)
		return document_complain(loader->complaint, loader->file, node,
					 "question '%s' stands twice; expected each id once",
					 shown->id);
	tree->question_count++;
	question->tree = tree;
	question->line = (int)xmlGetLineNo(node);
	question->record = load_attribute(loader, node, "record") != NULL;
	shown->checks = load_words(loader, node, "checks");
	err = load_child_text(&shown->ask, loader, node, "ask");
	if (!err)
		err = load_child_text(&shown->why, loader, node, "why");
	if (!err)
		err = load_child_text(&shown->help, loader, node, "help");
	return err ? err : load_answers(question, loader, node);
}

static enum err load_questions(struct loader *loader, const xmlNode *root)
{
	size_t count = load_count(root, "question");
	enum err err = ERR_NONE;

	if (count > TREE_QUESTIONS_MAX)
		return document_complain(loader->complaint, loader->file, root,
					 "%zu questions; expected at most %d", count,
					 TREE_QUESTIONS_MAX);
	loader->tree->questions = tree_keep(loader->tree, count, sizeof *loader->tree->questions);
	for (const xmlNode *node = load_child(root, "question"); node && !err;
	     node = load_next(node, "question"))
		err = load_question(loader, node);
	return err;
}

static enum err load_named(struct loader *loader, const xmlNode *root)
{
	struct tree *tree = loader->tree;
	size_t count = load_count(root, "condition");

	if (count > TREE_NAMED_MAX)
		return document_complain(loader->complaint, loader->file, root,
					 "%zu conditions; expected at most %d", count,
					 TREE_NAMED_MAX);
	tree->named = tree_keep(tree, count, sizeof *tree->named);
	for (const xmlNode *node = load_child(root, "condition"); node;
	     node = load_next(node, "condition")) {
		struct named *named = &tree->named[tree->named_count];
		enum err err;

		named->id = load_attribute(loader, node, "id");
		named->line = (int)xmlGetLineNo(node);
		if (tree_named_index(tree, named->id) < tree->named_count)
			return document_complain(
				loader->complaint, loader->file, node,
				"condition '%s' stands twice; expected each id once", named->id);
		/* Counted only once it is whole: so it can name earlier ones alone, and never
		 * itself. */
		err = load_condition(&named->condition, loader, node);
		if (err)
			return err;
		tree->named_count++;
	}
	return ERR_NONE;
}

static enum err load_evidence(struct cause *cause, struct loader *loader, const xmlNode *node)
{
	const xmlNode *ruled_out = load_child(node, "ruled-out");

	cause->evidence =
		tree_keep(loader->tree, load_count(node, "evidence"), sizeof *cause->evidence);
	for (const xmlNode *at = load_child(node, "evidence"); at; at = load_next(at, "evidence")) {
		struct evidence *evidence = &cause->evidence[cause->evidence_count++];
		enum err err = load_confidence(&evidence->confidence, loader, at, "confidence");

		if (!err)
			err = load_condition(&evidence->condition, loader, at);
		if (err)
			return err;
	}
	return ruled_out ? load_condition(&cause->ruled_out, loader, ruled_out) : ERR_NONE;
}

static enum err load_advice(struct tree_cause *shown, struct loader *loader, const xmlNode *node)
{
	const struct {
		const char **out, *name;
	} texts[] = {
		{ &shown->title, "title" },   { &shown->means, "means" }, { &shown->who, "who" },
		{ &shown->verify, "verify" }, { &shown->ask, "ask" },
	};
	enum err err = load_side(&shown->side, loader, node);

	for (size_t i = 0; i < sizeof texts / sizeof *texts && !err; i++)
		err = load_child_text(texts[i].out, loader, node, texts[i].name);
	return err ? err : load_child_texts(&shown->steps, loader, node, "step");
}

static enum err load_cause(struct loader *loader, const xmlNode *node)
{
	struct tree *tree = loader->tree;
	struct cause *cause = &tree->causes[tree->cause_count];
	struct tree_cause *shown = &cause->shown;
	enum err err;

	shown->id = load_attribute(loader, node, "id");
	if (tree_cause_index(tree, shown->id) < tree->cause_count)
		return document_complain(loader->complaint, loader->file, node,
					 "cause '%s' stands twice; expected each id once",
					 shown->id);
	tree->cause_count++;
	cause->line = (int)xmlGetLineNo(node);
	shown->remedy = load_attribute(loader, node, "remedy");
	shown->retest = load_words(loader, node, "retest");
	shown->by_router = load_attribute(loader, node, "by-router") != NULL;
	err = load_advice(shown, loader, node);
	return err ? err : load_evidence(cause, loader, node);
}

static enum err load_causes(struct loader *loader, const xmlNode *root)
{
	struct tree *tree = loader->tree;
	size_t count = load_count(root, "cause");
	enum err err = ERR_NONE;

	if (count > WALK_CAUSES_MAX)
		return document_complain(loader->complaint, loader->file, root,
					 "%zu causes; expected at most %d", count, WALK_CAUSES_MAX);
	tree->causes = tree_keep(tree, count, sizeof *tree->causes);
	for (const xmlNode *node = load_child(root, "cause"); node && !err;
	     node = load_next(node, "cause"))
		err = load_cause(loader, node);
	tree->undetermined = tree_cause_index(tree, "undetermined");
	if (!err && tree->undetermined == tree->cause_count)
		return document_complain(
			loader->complaint, loader->file, root,
			"no cause 'undetermined'; expected it, for where the walk finds nothing");
	return err;
}

/* Ids first: a branch may go to one that stands further down. */
static enum err load_branches(struct loader *loader, const xmlNode *root)
{
	struct tree *tree = loader->tree;
	size_t count = load_count(root, "branch"), index = 0;
	enum err err = ERR_NONE;

	if (count > TREE_BRANCHES_MAX)
		return document_complain(loader->complaint, loader->file, root,
					 "%zu branches; expected at most %d", count,
					 TREE_BRANCHES_MAX);
	tree->branches = tree_keep(tree, count, sizeof *tree->branches);
	for (const xmlNode *node = load_child(root, "branch"); node;
	     node = load_next(node, "branch")) {
		struct branch *branch = &tree->branches[tree->branch_count];

		branch->id = load_attribute(loader, node, "id");
		branch->line = (int)xmlGetLineNo(node);
		if (tree_branch_index(tree, branch->id) < tree->branch_count)
			return document_complain(loader->complaint, loader->file, node,
						 "branch '%s' stands twice; expected each id once",
						 branch->id);
		tree->branch_count++;
	}
	for (const xmlNode *node = load_child(root, "branch"); node && !err;
	     node = load_next(node, "branch"))
		err = load_statements(&tree->branches[index++].body, loader, node);
	return err;
}

static enum err load_router(struct tree_router *router, struct loader *loader, const xmlNode *node)
{
	enum err err = load_child_texts(&router->match, loader, node, "match");

	router->vendor = load_attribute(loader, node, "vendor");
	if (!err && !text_is_safe(router->vendor))
		return document_complain(
			loader->complaint, loader->file, node,
			"the vendor has control or invisible characters; expected plain text");
	if (!err)
		err = load_child_text(&router->where, loader, node, "where");
	if (!err)
		err = load_child_texts(&router->steps, loader, node, "step");
	return err ? err : load_child_text(&router->caveat, loader, node, "caveat");
}

static enum err load_routers(struct loader *loader, const xmlNode *root)
{
	struct tree *tree = loader->tree;
	enum err err = ERR_NONE;

	tree->routers = tree_keep(tree, load_count(root, "router"), sizeof *tree->routers);
	for (const xmlNode *node = load_child(root, "router"); node && !err;
	     node = load_next(node, "router"))
		err = load_router(&tree->routers[tree->router_count++], loader, node);
	return err;
}

static enum err load_tree(struct loader *loader, const xmlNode *root)
{
	enum err err = load_terms(loader, root);

	if (!err)
		err = load_questions(loader, root);
	if (!err)
		err = load_named(loader, root);
	if (!err)
		err = load_causes(loader, root);
	if (!err)
		err = load_branches(loader, root);
	return err ? err : load_statements(&loader->tree->walk, loader, load_child(root, "walk"));
}

/* Parses one document and hands its root to `load`. */
static enum err load_document(struct tree *tree, const struct tree_text *text, const char *schema,
			      enum err (*load)(struct loader *, const xmlNode *),
			      struct complaint *complaint)
{
	struct loader loader = { tree, text->file, complaint, 0 };
	xmlDoc *doc = NULL;
	enum err err = document_parse(&doc, text, schema, complaint);

	if (err)
		return err;
	err = load(&loader, xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	return err;
}

enum err tree_parse(struct tree **out, const struct tree_text *tree_text,
		    const struct tree_text *routers, struct complaint *complaint)
{
	struct tree *tree = mem_new(1, sizeof *tree);
	enum err err;

	complaint->text[0] = '\0';
	tree->file = tree_keep_text(tree, tree_text->file);
	err = load_document(tree, tree_text, document_tree_schema, load_tree, complaint);
	if (!err)
		err = load_document(tree, routers, document_routers_schema, load_routers,
				    complaint);
	if (!err) {
		*out = tree;
		return ERR_NONE;
	}
	tree_free(tree);
	return err;
}

static enum err read_text(struct tree_text *out, char **owned, const char *path,
			  struct complaint *complaint)
{
	enum err err = file_read(owned, &out->length, path, DOCUMENT_MAX);

	out->file = path;
	out->text = *owned;
	if (err == ERR_FULL)
		(void)complain(complaint, path, 0, "too large; expected at most %d MiB",
			       DOCUMENT_MAX / 1024 / 1024);
	else if (err)
		(void)complain(complaint, path, 0, "cannot be read: %s",
			       errno ? strerror(errno) : err_text(err));
	return err;
}

enum err tree_load(struct tree **out, const char *tree_path, const char *routers_path,
		   struct complaint *complaint)
{
	struct tree_text tree = { .text = NULL }, routers = { .text = NULL };
	char *tree_owned = NULL, *routers_owned = NULL;
	enum err err;

	complaint->text[0] = '\0';
	errno = 0;
	err = read_text(&tree, &tree_owned, tree_path, complaint);
	if (!err)
		err = read_text(&routers, &routers_owned, routers_path, complaint);
	if (!err)
		err = tree_parse(out, &tree, &routers, complaint);
	free(tree_owned);
	free(routers_owned);
	return err;
}
