/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/mem.h"
#include "model/journal.h"
#include "say.h"

/* A path, or the id of a session in the usual folder. The caller frees. */
static char *journal_path_of(const char *name)
{
	char *folder, *path;

	if (strchr(name, '/') || !access(name, F_OK))
		return mem_text(name);
	folder = journal_folder();
	path = folder ? mem_printf("%s/%s.journal", folder, name) : NULL;
	free(folder);
	if (path && !access(path, F_OK))
		return path;
	free(path);
	return mem_text(name);
}

static int write_report(const struct options *options, const struct session *session)
{
	const struct say_form form = say_form_of(options);
	const bool needs_tree = strcmp(form.format, "json");
	struct tree *tree = needs_tree ? say_load_tree() : NULL;
	char *text;
	int status;

	if (needs_tree && !tree)
		return EXIT_WRONG;
	text = say_report(session, tree, &form);
	status = say_result(options->output, text);
	free(text);
	tree_free(tree);
	return status;
}

int cmd_report(struct options *options)
{
	struct complaint complaint = { "" };
	struct session session;
	char *path;
	bool dropped;
	int status;

	path = journal_path_of(options->args[0]);
	if (journal_load(&session, &dropped, path, &complaint)) {
		free(path);
		return say_complaint(&complaint);
	}
	if (dropped)
		say(_("%s: the last line was damaged and is left out"), path);
	free(path);
	status = write_report(options, &session);
	session_clear(&session);
	return status;
}
