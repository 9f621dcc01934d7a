/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wizard for tests of the front ends: a small tree, five made-up checks that say what a script
 * has them say, and a host that starts and saves nothing outside the test's folder. Measures
 * nothing. */
#ifndef EARSHOT_TESTS_UI_BENCH_H
#define EARSHOT_TESTS_UI_BENCH_H

#include <stdbool.h>

#include "model/session.h"
#include "model/site.h"
#include "tree/tree.h"
#include "wizard/wizard.h"

enum { BENCH_CHECKS = 5 };

struct bench {
	struct tree *tree;
	struct session session;
	struct site site;
	struct wizard_host host;
	struct wizard *wizard;
	int orders; /* where names of checks come in that shall end now, one a line; -1: none */
	unsigned started[BENCH_CHECKS];
	unsigned cancelled;
	const char *trouble;
	const char *report_text;    /* what a saved report says; NULL: saving fails */
	struct wizard_report saved; /* as the last one was asked for */
};

/* Ends the test program where the tree cannot be loaded. */
void bench_init(struct bench *bench);
/* The same in two steps: all but the wizard; the wizard. */
void bench_prepare(struct bench *bench);
/* With the tree and the routers of a folder in the place of the tests' own: "data". */
void bench_prepare_from(struct bench *bench, const char *folder);
void bench_sit_down(struct bench *bench);
void bench_clear(struct bench *bench);

/* A profile as most tests want it. */
void bench_fill_profile(struct bench *bench);

/* Lets a check that runs say all it has to say and end: "alg" finds an ALG the first time and none
 * later. */
void bench_end(struct bench *bench, const char *check);
/* Half way. */
void bench_progress(struct bench *bench, const char *check);
/* Any event, as JSON. */
void bench_event(struct bench *bench, const char *check, const char *json);

#endif
