/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	struct tree *tree;
	char *text;
	int status;

	if (options->json || (options->format && !strcmp(options->format, "json")))
		return say_json_take(options->output, report_json(session));
	tree = say_load_tree();
	if (!tree)
		return EXIT_WRONG;
	text = say_report(session, tree, say_is_utf8() && !options->ascii);
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

	if (options->format && strcmp(options->format, "text") != 0 &&
	    strcmp(options->format, "json") != 0) {
		say("bad value '%s' for --format; expected text or json", options->format);
		return EXIT_WRONG;
	}
	path = journal_path_of(options->args[0]);
	if (journal_load(&session, &dropped, path, &complaint)) {
		free(path);
		return say_complaint(&complaint);
	}
	if (dropped)
		say("%s: the last line was damaged and is left out", path);
	free(path);
	status = write_report(options, &session);
	session_clear(&session);
	return status;
}
