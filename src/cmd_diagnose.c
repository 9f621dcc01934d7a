/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "config.h"
#include "engine.h"
#include "say.h"
#include "wizard/wizard.h"

/* "fixed" lines: what became of each advice in turn. */
static void walk(struct wizard *wizard, struct session *session, const struct answers_fixed *fixed)
{
	wizard_diagnose(wizard);
	for (size_t i = 0; i < fixed->count && wizard_walk(wizard)->kind == STEP_ADVICE; i++) {
		session_outcome(session, wizard_walk(wizard)->cause->id,
				fixed->fixed[i] ? "fixed" : "not-fixed");
		wizard_diagnose(wizard);
	}
}

static int print_session(const struct options *options, const struct session *session,
			 struct tree *tree)
{
	const struct say_form form = say_form_of(options);
	char *text = say_report(session, tree, &form);
	const int status = say_result(options->output, text);

	free(text);
	return status;
}

static int diagnose(struct options *options, struct tree *tree, struct session *session,
		    struct site *site)
{
	static const struct wizard_host nobody = { 0 }; /* wizard_diagnose() asks nothing of it */
	struct complaint complaint = { "" };
	struct answers_fixed fixed = { .count = 0 };
	struct wizard *wizard;
	int status;

	if (options->answers && answers_load(session, &fixed, tree, options->answers, &complaint))
		return say_complaint(&complaint);
	if (!options->no_checks)
		engine_run(session, site, NULL, 0, options->quiet);
	wizard = wizard_new(tree, session, site, &nobody);
	walk(wizard, session, &fixed);
	wizard_free(wizard);
	status = print_session(options, session, tree);
	if (status)
		return status;
	status = report_exit_status(session);
	/* By answers alone nothing could be measured, but nothing was to be. */
	return options->no_checks && status == EXIT_NOTHING ? EXIT_CLEAN : status;
}

int cmd_diagnose(struct options *options)
{
	struct complaint complaint = { "" };
	struct session session;
	struct site site;
	struct tree *tree;
	int status;

	if (options_site(&site, options, &complaint))
		return say_complaint(&complaint);
	tree = say_load_tree();
	if (!tree) {
		site_clear(&site);
		return EXIT_WRONG;
	}
	session_init(&session, PACKAGE_VERSION);
	status = diagnose(options, tree, &session, &site);
	session_clear(&session);
	site_clear(&site);
	tree_free(tree);
	return status;
}
