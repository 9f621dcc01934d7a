/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/intl.h"
#include "commands.h"
#include "config.h"
#include "paths.h"
#include "privileges.h"
#include "say.h"

static const struct command commands[] = {
	{ "", "", N_("the wizard: asks, measures, finds the fault"), 0, 0, cmd_wizard, true },
	{ "check", "[NAME...]", N_("run checks without the wizard"), 0, 32, cmd_check, true },
	{ "capture", "", N_("listen to a call on this network, and tell what travels"), 0, 0,
	  cmd_capture, true },
	{ "diagnose", "", N_("walk the decision tree by itself"), 0, 0, cmd_diagnose, true },
	{ "analyze", "FILE [FILE2]", N_("what a capture shows of calls and their voice"), 1, 2,
	  cmd_analyze, false },
	{ "report", "SESSION", N_("write a session's report again"), 1, 1, cmd_report, false },
	{ "practice", "[SITE]", N_("the wizard inside a made-up site with a fault"), 0, 1,
	  cmd_practice, false },
	{ "tree", "lint FILE", N_("check a decision tree"), 2, 2, cmd_tree, false },
	{ NULL, NULL, NULL, 0, 0, NULL, false },
};

/* Checks are children that end with us. */
static void interrupted(int number)
{
	(void)number;
	_exit(EXIT_INTERRUPTED);
}

static int run(struct options *options)
{
	if (options->help) {
		options_help(stdout, commands);
		return EXIT_CLEAN;
	}
	if (options->version) {
		printf("earshot %s\n", PACKAGE_VERSION);
		return EXIT_CLEAN;
	}
	/* The practice site needs what root may do, where root builds it. */
	if (options->command->run != cmd_practice && privileges_drop(options->command->captures))
		return EXIT_WRONG;
	return options->command->run(options);
}

/* The person's language. */
static void speak(void)
{
	const char *in_none = "nothing";
	char *folder = paths_locale();

	intl_begin(folder);
	free(folder);
	/* Catalogues are read at the first text: before a sandbox closes. One that none of them has
	 * makes gettext look into them all. */
	(void)gettext(in_none);
	(void)gettext(commands[0].about);
}

int main(int argc, char **argv)
{
	struct options options;
	struct complaint complaint = { "" };
	int status;

	speak();
	signal(SIGINT, interrupted);
	signal(SIGPIPE, SIG_IGN);
	status = options_parse(&options, argc, argv, commands, &complaint)
			 ? say_complaint(&complaint)
			 : run(&options);
	options_clear(&options);
	return status;
}
