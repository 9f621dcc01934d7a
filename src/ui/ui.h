/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The front ends: ncurses and line by line. Both drive a wizard until the person is through. */
#ifndef EARSHOT_UI_UI_H
#define EARSHOT_UI_UI_H

#include <stdbool.h>
#include <stdio.h>

#include "wizard/wizard.h"

/* All texts borrowed, translated, and may be NULL. */
struct ui_options {
	const char *practice;   /* shown on every screen: "practice site 'sip-alg': nothing leaves
				   this machine" */
	const char *unfinished; /* when the session that the wizard goes on with was begun; NULL: it
				   is new */
	bool ascii;             /* drawing characters and letters in ASCII, whatever the locale */
	bool no_colour;         /* as NO_COLOR in the environment does */
};

struct plain_options {
	struct ui_options ui;
	FILE *in, *out; /* `in` must have a file descriptor */
	size_t columns; /* lines are wrapped there; 0: 78 */
};

/* What both return, ready to be an exit status but for UI_ANEW. */
enum {
	UI_FINISHED = 0,
	UI_LEFT = 0,          /* the session is kept */
	UI_UNUSABLE = 2,      /* no terminal to draw on; stderr says why */
	UI_INTERRUPTED = 130, /* Ctrl-C, a signal to end, or the terminal is gone */
	UI_ANEW = -1, /* the person wants to start anew instead of going on: give them a new session
		       */
};

int ui_run(struct wizard *wizard, const struct ui_options *options);
/* With input from a pipe the checks are awaited before each question, so that a script meets the
 * same ones. */
int plain_run(struct wizard *wizard, const struct plain_options *options);

#endif
