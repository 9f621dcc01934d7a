/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a tree: refused with a complaint, or a tree that can be linted and walked to its
 * end. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tree/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char routers[] = "<routers version='1'><router "
			      "vendor='Any'><where>W</where><step>S</step></router></routers>";

static void ignore(const char *line, void *context)
{
	(void)line;
	(void)context;
}

static void use(const struct tree *tree)
{
	struct session session;
	struct walk walk;

	session_init(&session, "0");
	(void)tree_lint(tree, ignore, NULL);
	tree_walk(&walk, tree, &session, WALK_ALONE);
	if (walk.kind != STEP_ADVICE)
		abort();
	for (size_t limit = 0;; limit++) {
		tree_walk(&walk, tree, &session, WALK_ASK);
		if (walk.kind == STEP_QUESTION)
			session_answer(&session, walk.question->id,
				       walk.question->answers[0].value);
		else if (strcmp(walk.cause->id, "undetermined") != 0)
			session_outcome(&session, walk.cause->id, "not-fixed");
		else
			break;
		if (limit > TREE_QUESTIONS_MAX + WALK_CAUSES_MAX)
			abort();
	}
	session_clear(&session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tree_text text = { "fuzz.xml", (const char *)data, size };
	const struct tree_text router = { "routers.xml", routers, sizeof routers - 1 };
	struct complaint complaint = { "" };
	struct tree *tree = NULL;

	if (!tree_parse(&tree, &text, &router, &complaint))
		use(tree);
	else if (!complaint.text[0])
		abort();
	tree_free(tree);
	return 0;
}
