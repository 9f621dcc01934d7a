/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: one table of commands and one of options feed the parser and --help. */
#ifndef EARSHOT_OPTIONS_H
#define EARSHOT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/analysis.h"
#include "base/complaint.h"
#include "base/err.h"
#include "model/site.h"

enum { EXIT_CLEAN = 0, EXIT_FAULT = 1, EXIT_WRONG = 2, EXIT_NOTHING = 3, EXIT_INTERRUPTED = 130 };

struct options {
	const struct command *command;
	char **args; /* what follows the command; borrowed from argv */
	size_t arg_count;
	const char *profile, *answers, *format, *output, *write; /* NULL: not given */
	unsigned masks;                                          /* MASK_… of report/mask.h */
	bool snap_audio;
	struct analysis_options analysis; /* --at, --phone */
	bool json, plain, quiet, verbose, no_checks, list, ascii;
	bool help, version;
	unsigned long given; /* a bit for each row of the option table */
	struct site site; /* what was given as options; merged over the profile by options_site() */
};

struct command {
	const char *name;  /* "" is the wizard */
	const char *args;  /* "[NAME...]" */
	const char *about; /* N_() */
	size_t args_min, args_max;
	int (*run)(struct options *options); /* returns the exit status */
	bool captures;                       /* where root steps down, its right to do so stays */
};

/* Reads argv. ERR_SYNTAX with a complaint that says what was expected. options_clear() either way.
 */
enum err options_parse(struct options *out, int argc, char **argv, const struct command *commands,
		       struct complaint *complaint) MUST_USE;
void options_clear(struct options *options);

/* The profile (named, else the default one if there is one) with the options over it. `site` is set
 * up fresh on success; the caller clears it. */
enum err options_site(struct site *site, const struct options *options,
		      struct complaint *complaint) MUST_USE;

void options_help(FILE *out, const struct command *commands);

#endif
