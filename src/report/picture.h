/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of the voice: four places, what lies between them, both directions, the break. */
#ifndef EARSHOT_REPORT_PICTURE_H
#define EARSHOT_REPORT_PICTURE_H

#include <stdbool.h>

enum place { PLACE_LAPTOP, PLACE_ROUTER, PLACE_PROVIDER, PLACE_FAR, PLACES };
enum { PICTURE_GAPS = PLACES - 1 };

/* What is known of one direction. */
enum picture_state { PICTURE_UNKNOWN, PICTURE_GOOD, PICTURE_BAD };

struct picture_way {
	const char *name;  /* translated: "you -> them" */
	const char *words; /* translated: "missing" */
	enum picture_state state;
};

struct picture {
	const char *name[PLACES];
	char *address[PLACES];     /* or NULL; owned */
	char mark[PLACES];         /* '!' the fault, '?' that side has it, ' ' */
	bool proven[PICTURE_GAPS]; /* something of ours went and came back there */
	bool cut[PICTURE_GAPS];    /* the fault lies in between */
	struct picture_way out, in;
	char *where; /* the fault, in words; NULL: there is none (any more); owned */
};

#endif
