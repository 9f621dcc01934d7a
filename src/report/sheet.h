/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet of text for people. Whatever is written on it is redacted, made harmless, turned to ASCII
 * where asked, and wrapped: no line is longer than the sheet, none ends in a blank. */
#ifndef EARSHOT_REPORT_SHEET_H
#define EARSHOT_REPORT_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum { SHEET_COLUMNS_MIN = 40, SHEET_COLUMNS_MAX = 200 };

struct sheet {
	struct buf text;
	size_t columns;
	size_t indent; /* cells before each line of what is written next; the caller's to change */
	bool utf8;
	/* What is written next is the tree's prose, in which "Password: ask for it" is no secret.
	 */
	bool own_words;
};

/* `columns` is brought into SHEET_COLUMNS_MIN … SHEET_COLUMNS_MAX. */
void sheet_init(struct sheet *sheet, size_t columns, bool utf8);
/* The finished text; the caller frees. The sheet is empty then. */
char *sheet_take(struct sheet *sheet) MUST_USE;

/* An empty line, unless one is there already or nothing is. */
void sheet_gap(struct sheet *sheet);
/* A gap, the title at the left edge, a ruler under it. */
void sheet_heading(struct sheet *sheet, const char *title);
/* `left` and `right` at the two edges of one line, of two where they do not fit. */
void sheet_edges(struct sheet *sheet, const char *left, const char *right);
/* A ruler over the whole width. */
void sheet_ruler(struct sheet *sheet);

/* A paragraph at the indent; its own line breaks stay. */
void sheet_text(struct sheet *sheet, const char *format, ...) PRINTF_LIKE(2, 3);
/* A label in a column of `width` cells, the text beside it. A longer label gets its own line. */
void sheet_item(struct sheet *sheet, size_t width, const char *label, const char *format, ...)
	PRINTF_LIKE(4, 5);
/* A label and a line to be filled in by hand. */
void sheet_blank(struct sheet *sheet, size_t width, const char *label);
/* What the sheet makes of a text that must stay on one line: line breaks become visible, or a name
 * could forge a heading. The caller frees. */
char *sheet_clean_line(const struct sheet *sheet, const char *text) MUST_USE;
/* A line drawn by the caller, who keeps to the columns and to cleaned characters. */
void sheet_drawn(struct sheet *sheet, const char *line);

#endif
