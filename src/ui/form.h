/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields that a person types into: the provider's profile, and the details for the report. What is
 * typed goes to the wizard when the person leaves the field; a refused value stays on the screen
 * with what was expected. */
#ifndef EARSHOT_UI_FORM_H
#define EARSHOT_UI_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/key.h"
#include "wizard/wizard.h"

struct form_field {
	const char *section; /* NULL: a detail of the session, not a line of the profile */
	const char *key;
	const char *label; /* N_() */
	const char *about; /* N_() one sentence: what it is, where to find it */
	const char *const
		*options; /* NULL-terminated, where only these are right; NULL: free text */
};

extern const struct form_field form_provider[], form_details[]; /* the last has no key */

enum { FORM_FIELDS_MAX = 12, FORM_TEXT_MAX = 400 };

struct form {
	const struct form_field *fields; /* NULL: no form */
	size_t count;
	struct {
		char *text;    /* never NULL */
		size_t cursor; /* byte in text */
		bool touched;  /* differs from what the wizard has */
		const char
			*expected; /* what would be right, untranslated; NULL: the value is fine */
	} values[FORM_FIELDS_MAX];
};

/* Sets the form up with the values that the wizard has; form_close() frees. */
void form_open(struct form *form, const struct form_field *fields, const struct wizard *wizard);
void form_close(struct form *form);

/* A key in a field; false where it does nothing there. */
bool form_key(struct form *form, size_t index, const struct key *key);
/* Replaces the text. */
void form_put(struct form *form, size_t index, const char *text);
/* Hands a touched value on; false (and `expected` set) where it is refused. */
bool form_commit(struct form *form, size_t index, struct wizard *wizard);
/* All of them; false with *bad, the first one refused. */
bool form_commit_all(struct form *form, struct wizard *wizard, size_t *bad);

#endif
