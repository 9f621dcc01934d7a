/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet that people read: headings, paragraphs, items, lists, tables. Whatever is written on it
 * is redacted, masked where asked and made harmless here; then its form gives it a shape. The form
 * of sheet_init() is plain text, in ASCII where asked, wrapped: no line is longer than the sheet,
 * none ends in a blank. That of html.h is a page of HTML. */
#ifndef EARSHOT_REPORT_SHEET_H
#define EARSHOT_REPORT_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct mask;
struct picture;
struct sheet;

enum { SHEET_COLUMNS_MIN = 40, SHEET_COLUMNS_MAX = 200 };

struct sheet_column {
	const char *title; /* translated */
	bool is_number;    /* at the right edge; our own figure, never a telephone number */
	/* The cell stands on a second line under its row, behind this; NULL: it has a column. */
	const char *below;
};

/* Cells are added row by row; sheet_table() writes the table and empties it. */
struct sheet_table {
	const struct sheet_column *columns;
	size_t column_count; /* 1 to SHEET_TABLE_COLUMNS_MAX */
	char **cells;        /* owned; NULL: not known */
	size_t cell_count;
};

enum { SHEET_TABLE_COLUMNS_MAX = 16 };

/* How a form writes what the functions below get. All texts are clean already. */
struct sheet_form {
	void (*title)(struct sheet *sheet, const char *left, const char *right);
	void (*edges)(struct sheet *sheet, const char *left, const char *right);
	void (*ruler)(struct sheet *sheet);
	void (*gap)(struct sheet *sheet);
	void (*heading)(struct sheet *sheet, const char *title);
	void (*subheading)(struct sheet *sheet, size_t width, const char *label, const char *text);
	void (*text)(struct sheet *sheet, const char *text);
	void (*quote)(struct sheet *sheet, const char *text);
	void (*item)(struct sheet *sheet, size_t width, const char *label, const char *text);
	void (*blank)(struct sheet *sheet, size_t width, const char *label);
	void (*entry)(struct sheet *sheet, size_t width, unsigned number, const char *text);
	void (*table)(struct sheet *sheet, const struct sheet_column *columns, size_t column_count,
		      char *const *cells, size_t cell_count);
	/* NULL: it is drawn with characters. */
	void (*picture)(struct sheet *sheet, const struct picture *picture);
	void (*finish)(struct sheet *sheet);
};

struct sheet {
	const struct sheet_form *form;
	struct buf text;
	size_t columns;
	size_t indent; /* cells before each line of what is written next; the caller's to change */
	int open;      /* the form's: what has been begun and not ended */
	bool utf8;
	struct mask *mask; /* borrowed; NULL: nothing is masked */
	/* What is written next is the tree's prose or our own figures, in which "Password: ask for
	 * it" is no secret and 30000 no telephone number. */
	bool own_words;
};

/* `columns` is brought into SHEET_COLUMNS_MIN … SHEET_COLUMNS_MAX. */
void sheet_init(struct sheet *sheet, size_t columns, bool utf8);
/* The finished text; the caller frees. The sheet is empty then. */
char *sheet_take(struct sheet *sheet) MUST_USE;

/* An empty line, unless one is there already or nothing is. */
void sheet_gap(struct sheet *sheet);
/* What the whole sheet is, and when it was made. */
void sheet_title(struct sheet *sheet, const char *title, const char *when);
/* A gap, the title at the left edge, a ruler under it. */
void sheet_heading(struct sheet *sheet, const char *title);
/* `left` and `right` at the two edges of one line, of two where they do not fit. */
void sheet_edges(struct sheet *sheet, const char *left, const char *right);
/* A ruler over the whole width. */
void sheet_ruler(struct sheet *sheet);

/* A paragraph at the indent; its own line breaks stay. */
void sheet_text(struct sheet *sheet, const char *format, ...) PRINTF_LIKE(2, 3);
/* The same for what somebody else wrote: messages, notes. */
void sheet_quote(struct sheet *sheet, const char *text);
/* What the items below it are about: a label in a column of `width` cells, the text beside it. */
void sheet_subheading(struct sheet *sheet, size_t width, const char *label, const char *format, ...)
	PRINTF_LIKE(4, 5);
/* A label in a column of `width` cells, the text beside it. A longer label gets its own line; an
 * empty one goes on with the item before. */
void sheet_item(struct sheet *sheet, size_t width, const char *label, const char *format, ...)
	PRINTF_LIKE(4, 5);
/* A label and a line to be filled in by hand. */
void sheet_blank(struct sheet *sheet, size_t width, const char *label);
/* One of a list: numbered, or with a dash where `number` is 0. */
void sheet_entry(struct sheet *sheet, size_t width, unsigned number, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* The next cell, in the order of the columns; NULL: not known. */
void sheet_table_add_take(struct sheet_table *table, char *cell_take);
/* Writes the table, row under row; where it is too wide, each row as a paragraph. */
void sheet_table(struct sheet *sheet, struct sheet_table *table);

/* For forms: the second line of a row, "" where there is nothing to say. The caller frees. */
char *sheet_table_below(const struct sheet_column *columns, size_t column_count,
			char *const *cells) MUST_USE;

/* What the sheet makes of a text that must stay on one line: line breaks become visible, or a name
 * could forge a heading. The caller frees. */
char *sheet_clean_line(const struct sheet *sheet, const char *text) MUST_USE;
/* Of text sheets alone: a line drawn by the caller, who keeps to the columns and to cleaned
 * characters. */
void sheet_drawn(struct sheet *sheet, const char *line);

#endif
