/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands say to people and programs: messages on stderr, results on stdout or in a file. */
#ifndef EARSHOT_SAY_H
#define EARSHOT_SAY_H

#include <jansson.h>
#include <stdbool.h>

#include "base/complaint.h"
#include "base/err.h"
#include "options.h"
#include "report/report.h"
#include "tree/tree.h"

/* One line on stderr, "earshot: …". */
void say(const char *format, ...) PRINTF_LIKE(1, 2);

/* A complaint on stderr; returns EXIT_WRONG. */
int say_complaint(const struct complaint *complaint);

/* Writes a result whole to `path`, or to stdout where it is NULL or "-". EXIT_CLEAN, or EXIT_WRONG
 * after a word. */
int say_result(const char *path, const char *text);
int say_json_take(const char *path, json_t *json);
/* The same with what MASK_… of report/mask.h says hidden. */
json_t *say_masked_take(json_t *json, unsigned masks) MUST_USE;
/* A JSON object as a text, LF at its end. The caller frees. */
char *say_json_text_take(json_t *json) MUST_USE;

/* What a report is to be. */
struct say_form {
	const char *format; /* "text" "html" "json" */
	unsigned masks;     /* MASK_… of report/mask.h */
	bool utf8;          /* of text; else ASCII */
	size_t columns;     /* of text, at most; 0: as fits an e-mail */
};

/* What the options ask for: text in the locale's letters where they say nothing. */
struct say_form say_form_of(const struct options *options);

/* The report of a session, with the tree's words; for JSON `tree` may be NULL. The caller frees. */
char *say_report(const struct session *session, struct tree *tree,
		 const struct say_form *form) MUST_USE;

/* The decision tree of the package. NULL after a complaint on stderr. */
struct tree *say_load_tree(void);

/* For struct report_options: the steps of the cause that bears the finding's name, else of the
 * first with its remedy. */
const char *say_step(const struct finding_kind *kind, size_t number, void *tree);

/* True if the locale's characters are UTF-8. */
bool say_is_utf8(void);

#endif
