/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tree/tree.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tree/parts.h"

void *tree_keep(struct tree *tree, size_t count, size_t size)
{
	void *memory = mem_new(count, size);

	if (tree->kept_count == tree->kept_room) {
		tree->kept_room = tree->kept_room ? tree->kept_room * 2 : 256;
		tree->kept = mem_resize(tree->kept, tree->kept_room, sizeof *tree->kept);
	}
	tree->kept[tree->kept_count++] = memory;
	return memory;
}

char *tree_keep_text(struct tree *tree, const char *text)
{
	char *copy = tree_keep(tree, strlen(text) + 1, 1);

	memcpy(copy, text, strlen(text));
	return copy;
}

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	for (size_t i = 0; i < tree->kept_count; i++)
		free(tree->kept[i]);
	free(tree->kept);
	free(tree);
}

size_t tree_question_index(const struct tree *tree, const char *id)
{
	size_t index = 0;

	while (index < tree->question_count && strcmp(tree->questions[index].shown.id, id) != 0)
		index++;
	return index;
}

size_t tree_cause_index(const struct tree *tree, const char *id)
{
	size_t index = 0;

	while (index < tree->cause_count && strcmp(tree->causes[index].shown.id, id) != 0)
		index++;
	return index;
}

size_t tree_branch_index(const struct tree *tree, const char *id)
{
	size_t index = 0;

	while (index < tree->branch_count && strcmp(tree->branches[index].id, id) != 0)
		index++;
	return index;
}

size_t tree_named_index(const struct tree *tree, const char *id)
{
	size_t index = 0;

	while (index < tree->named_count && strcmp(tree->named[index].id, id) != 0)
		index++;
	return index;
}

const struct tree_question *tree_question_at(const struct tree *tree, size_t index)
{
	return index < tree->question_count ? &tree->questions[index].shown : NULL;
}

const struct tree_question *tree_question_find(const struct tree *tree, const char *id)
{
	return tree_question_at(tree, tree_question_index(tree, id));
}

const struct tree_cause *tree_cause_at(const struct tree *tree, size_t index)
{
	return index < tree->cause_count ? &tree->causes[index].shown : NULL;
}

const struct tree_cause *tree_cause_find(const struct tree *tree, const char *id)
{
	return tree_cause_at(tree, tree_cause_index(tree, id));
}

const struct tree_answer *tree_answer_find(const struct tree_question *question, const char *value)
{
	for (size_t i = 0; i < question->answer_count; i++)
		if (!strcmp(question->answers[i].value, value))
			return &question->answers[i];
	return NULL;
}

const struct tree_router *tree_router_at(const struct tree *tree, size_t index)
{
	return index < tree->router_count ? &tree->routers[index] : NULL;
}

const struct tree_term *tree_term_at(const struct tree *tree, size_t index)
{
	return index < tree->term_count ? &tree->terms[index] : NULL;
}

/* True if `vendor` begins with all letters and digits of `name`, whatever stands between them, and
 * ends there or goes on with another word: "TP-LINK TECHNOLOGIES" with "TP-Link", but not
 * "Linksysteme" with "Linksys". */
static bool begins_with_name(const char *vendor, const char *name)
{
	for (;;) {
		while (*name && !isalnum((unsigned char)*name))
			name++;
		if (!*name)
			return !isalnum((unsigned char)*vendor);
		while (*vendor && !isalnum((unsigned char)*vendor))
			vendor++;
		if (tolower((unsigned char)*vendor) != tolower((unsigned char)*name))
			return false;
		vendor++;
		name++;
	}
}

const struct tree_router *tree_router_find(const struct tree *tree, const char *vendor)
{
	const struct tree_router *found = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < tree->router_count; i++) {
		const struct tree_router *router = &tree->routers[i];
		const char *name = router->vendor;

		for (const char *const *match = router->match; name; name = *match++) {
			if (strlen(name) > longest && begins_with_name(vendor, name)) {
				longest = strlen(name);
				found = router;
			}
		}
	}
	return found;
}

/* A maker of several kinds names the kind in the model alone: "Ubiquiti Networks", "EdgeRouter X".
 * A model counts only among the pages of its maker, else "Linux router" would outdo every name. */
static const struct tree_router *measured_router(const struct tree *tree, const char *vendor,
						 const char *model)
{
	const struct tree_router *by_vendor = tree_router_find(tree, vendor);
	const struct tree_router *by_model = tree_router_find(tree, model);
	size_t maker;

	if (!by_vendor || !by_model)
		return by_vendor;
	maker = strcspn(by_vendor->vendor, " ");
	return by_vendor->vendor[maker] && !strncmp(by_vendor->vendor, by_model->vendor, maker + 1)
		       ? by_model
		       : by_vendor;
}

const struct tree_router *tree_router_of(const struct tree *tree, const struct session *session)
{
	const char *chosen = session_detail_text(session, "router");
	const struct tree_router *router = chosen ? tree_router_find(tree, chosen) : NULL;

	if (!router && facts_known(&session->facts, "router.vendor"))
		router = measured_router(tree, facts_text(&session->facts, "router.vendor"),
					 facts_text(&session->facts, "router.model"));
	return router;
}

const char *confidence_text(enum confidence confidence)
{
	static const char *const texts[] = { "possible", "likely", "certain" };

	return texts[confidence];
}
