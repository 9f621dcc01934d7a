/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The path of the voice: this laptop – router – provider – the other phone, two arrows, and what is
 * known of each part. Says only what was measured: what nobody looked at is "not known yet". */
#ifndef EARSHOT_UI_PATH_H
#define EARSHOT_UI_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "model/session.h"
#include "ui/canvas.h"
#include "wizard/wizard.h"

enum path_state {
	PATH_UNKNOWN,
	PATH_MEASURING,
	PATH_PASSES, /* test packets get through; the voice itself was not tried */
	PATH_OK,
	PATH_BROKEN,
};

/* The parts of the way, seen from here, and the places between which they lie. */
enum { PATH_TO_ROUTER, PATH_TO_PROVIDER, PATH_TO_PHONE, PATH_PARTS };
enum { PATH_LAPTOP, PATH_ROUTER, PATH_PROVIDER, PATH_PHONE, PATH_PLACES };

struct path {
	enum path_state out[PATH_PARTS], in[PATH_PARTS];
	bool fault_at[PATH_PLACES];
	const char *address[PATH_PLACES]; /* name or address under a place; borrowed from the
					     session, or NULL */
};

void path_of(struct path *out, const struct session *session, const struct wizard_check *checks,
	     size_t check_count);

/* In words, translated. */
const char *path_state_text(enum path_state state);

/* Rows that path_draw() takes of a screen that is so high. */
size_t path_rows(size_t screen_rows);
void path_draw(struct canvas *canvas, size_t top, const struct path *path);

#endif
