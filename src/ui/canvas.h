/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A screen as cells: characters with a look by meaning. Knows no terminal; term.c shows it, tests
 * read it as text. Rows and columns count from 0 at the top left; whatever falls outside is
 * clipped. */
#ifndef EARSHOT_UI_CANVAS_H
#define EARSHOT_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "ui/symbol.h"

/* What a cell means. A terminal without colour still shows each meaning by a word or a symbol
 * beside it. */
enum look {
	LOOK_NORMAL,
	LOOK_TITLE,
	LOOK_DIM,
	LOOK_GOOD,
	LOOK_WARN,
	LOOK_BAD,
	LOOK_SELECTED,
	LOOK_KEY,   /* a key that can be pressed */
	LOOK_FIELD, /* where one can type */
	LOOK_COUNT,
};

struct buf;

enum { CELL_BYTES = 24 };

struct cell {
	char text[CELL_BYTES]; /* one character with its combining marks, UTF-8; "": second half of
				  a wide one */
	enum look look;
};

struct canvas {
	size_t rows, columns;
	enum charset charset;
	struct cell *cells;
	/* Where the terminal's cursor stands; hidden unless `cursor`. */
	bool cursor;
	size_t cursor_row, cursor_column;
	/* For tests: gets each text that found no room whole, a line each. NULL: nobody asks. */
	struct buf *cut;
};

/* All blank. canvas_clear() frees. */
void canvas_init(struct canvas *canvas, size_t rows, size_t columns, enum charset charset);
void canvas_clear(struct canvas *canvas);

const struct cell *canvas_at(const struct canvas *canvas, size_t row, size_t column);

/* Writes UTF-8 text on one row and returns the column behind it. Controls and invalid bytes are
 * made visible. With CHARSET_ASCII what is not ASCII gets its nearest. */
size_t canvas_put(struct canvas *canvas, size_t row, size_t column, enum look look,
		  const char *text);
/* The same in at most `cells` cells; what is longer ends in "…". */
size_t canvas_put_within(struct canvas *canvas, size_t row, size_t column, size_t cells,
			 enum look look, const char *text);
/* So that it ends before column `end`. */
void canvas_put_right(struct canvas *canvas, size_t row, size_t end, enum look look,
		      const char *text);
/* `count` times the same symbol; returns the column behind. */
size_t canvas_repeat(struct canvas *canvas, size_t row, size_t column, size_t count, enum look look,
		     enum symbol which);
/* A symbol of the canvas's character set; returns the column behind. */
size_t canvas_symbol(struct canvas *canvas, size_t row, size_t column, enum look look,
		     enum symbol which);
/* A rule across the whole row. */
void canvas_rule(struct canvas *canvas, size_t row);

/* A bar of `cells` cells, `fraction` (0 to 1) of it full; returns the column behind. */
size_t canvas_bar(struct canvas *canvas, size_t row, size_t column, size_t cells, double fraction);

void canvas_cursor(struct canvas *canvas, size_t row, size_t column);

/* The rows as text, without blanks at their ends, LF after each. The caller frees. */
char *canvas_text(const struct canvas *canvas) MUST_USE;

#endif
