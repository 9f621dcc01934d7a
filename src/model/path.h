/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of the voice: this laptop – router – provider – the other phone, what is known of each
 * part in each direction, and where it breaks. One picture for the screen, the text report and the
 * drawing in the HTML. Says only what was measured, heard in a capture or told by the person: a
 * place is never guessed. */
#ifndef EARSHOT_MODEL_PATH_H
#define EARSHOT_MODEL_PATH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "model/session.h"

/* From the less sure to the surer, then from the less to the more broken. */
enum path_state {
	PATH_UNKNOWN,
	PATH_MEASURING,
	PATH_SENT,   /* it left here rightly addressed; whether it arrives is not seen from here */
	PATH_PASSES, /* test packets get through; the voice itself was not tried */
	PATH_HEARD,  /* as the person says */
	PATH_OK,
	PATH_MISSING, /* nothing comes out at the end; where it is lost is not known */
	PATH_BROKEN,
};

/* The parts of the way, seen from here, and the places between which they lie. */
enum path_part { PATH_TO_ROUTER, PATH_TO_PROVIDER, PATH_TO_PHONE, PATH_PARTS };
enum path_place { PATH_LAPTOP, PATH_ROUTER, PATH_PROVIDER, PATH_PHONE, PATH_PLACES };

enum path_mark {
	PATH_UNMARKED,
	PATH_FAULT,     /* it is here */
	PATH_THIS_SIDE, /* somewhere on this side */
};

enum { PATH_LABELS = 2 };

struct path {
	enum path_state out[PATH_PARTS], in[PATH_PARTS];
	bool proven[PATH_PARTS]; /* something of ours went there and came back, broken or not */
	enum path_mark mark[PATH_PLACES];
	/* Address or name of a place, the more telling first; NULL: not known. */
	const char *label[PATH_LABELS][PATH_PLACES];
	/* Where PATH_TO_PROVIDER is broken behind the first router: the last hop that let it
	 * through, from 2, and its address or NULL; else 0. */
	unsigned hop;
	const char *hop_address;
	const struct finding *fault; /* path_fault(), unless it was mended; or NULL */
	enum path_place fault_place; /* its place; PATH_PLACES: not known, or behind `hop` */
};

/* All pointers in *out are borrowed from the session, until its next record. */
void path_of(struct path *out, const struct session *session);
/* Puts in what a capture hears just now: the "live" object of check/check.h, or NULL. */
void path_hear(struct path *path, const json_t *live);

/* The finding that shows what is wrong: the one that the verdict's remedy mends, without a verdict
 * the worst fault. NULL where there is none. */
const struct finding *path_fault(const struct session *session);

/* Untranslated (N_). */
const char *path_state_words(enum path_state state);
/* Both directions of a part as one: the worse of what is broken, else the less sure. */
enum path_state path_joined(const struct path *path, enum path_part part);

#endif
