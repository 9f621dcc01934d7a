/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/intl.h"
#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "say.h"

static void print_line(const char *line, void *context)
{
	(void)context;
	fprintf(stderr, "%s\n", line);
}

static void print_counts(const char *path, const struct tree *tree)
{
	size_t questions = 0, causes = 0;

	while (tree_question_at(tree, questions))
		questions++;
	while (tree_cause_at(tree, causes))
		causes++;
	printf("%s: nothing to complain of (%zu questions, %zu causes)\n", path, questions, causes);
}

int cmd_tree(struct options *options)
{
	struct complaint complaint = { "" };
	char *path = options->args[1], *routers;
	struct tree *tree;
	size_t count;
	enum err err;

	if (strcmp(options->args[0], "lint") != 0) {
		say(_("unknown word '%s'; expected earshot tree lint FILE"), options->args[0]);
		return EXIT_WRONG;
	}
	routers = paths_data("routers.xml");
	err = tree_load(&tree, path, routers, &complaint);
	free(routers);
	if (err)
		return say_complaint(&complaint);
	count = tree_lint(tree, print_line, NULL);
	if (!count)
		print_counts(path, tree);
	tree_free(tree);
	return count ? EXIT_WRONG : EXIT_CLEAN;
}
