/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of the voice: four places, what lies between them, both directions, the break. */
#ifndef EARSHOT_REPORT_PICTURE_H
#define EARSHOT_REPORT_PICTURE_H

#include <stdbool.h>

#include "model/path.h"

/* What is known of one direction as a whole. */
enum picture_state { PICTURE_UNKNOWN, PICTURE_GOOD, PICTURE_BAD };

struct picture_way {
	const char *name;  /* translated: "you -> them" */
	const char *words; /* translated: "missing" */
	enum picture_state state;
	bool drawn; /* the picture says all of it */
};

struct picture {
	const char *name[PATH_PLACES]; /* translated */
	struct path path; /* borrows from the session; nothing is being measured in it */
	struct picture_way out, in;
	char *where; /* the fault, in words; NULL: there is none (any more); owned */
};

/* '!' the fault, '?' that side has it, ' ' */
char picture_mark(const struct picture *picture, enum path_place place);
#endif
