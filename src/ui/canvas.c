/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/canvas.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

static void blank(struct cell *cell)
{
	cell->text[0] = ' ';
	cell->text[1] = 0;
}

void canvas_init(struct canvas *canvas, size_t rows, size_t columns, enum charset charset)
{
	*canvas = (struct canvas){ .rows = rows, .columns = columns, .charset = charset };
	canvas->cells = mem_new(rows * columns + 1, sizeof *canvas->cells);
	for (size_t i = 0; i < rows * columns; i++)
		blank(&canvas->cells[i]);
}

void canvas_clear(struct canvas *canvas)
{
	free(canvas->cells);
	*canvas = (struct canvas){ 0 };
}

const struct cell *canvas_at(const struct canvas *canvas, size_t row, size_t column)
{
	return &canvas->cells[row * canvas->columns + column];
}

static struct cell *cell_at(struct canvas *canvas, size_t row, size_t column)
{
	return &canvas->cells[row * canvas->columns + column];
}

/* Half of a wide character that is written over leaves a blank, not a stray half. */
static void cut_wide(struct canvas *canvas, size_t row, size_t column)
{
	struct cell *cell = cell_at(canvas, row, column);

	if (!cell->text[0] && column)
		blank(cell_at(canvas, row, column - 1));
	if (column + 1 < canvas->columns && !cell_at(canvas, row, column + 1)->text[0])
		blank(cell_at(canvas, row, column + 1));
}

/* A mark of no width joins the character before it. */
static void add_mark(struct canvas *canvas, size_t row, size_t column, const char *at,
		     size_t length)
{
	struct cell *cell;
	size_t have;

	if (!column || column > canvas->columns)
		return;
	cell = cell_at(canvas, row, column - 1);
	if (!cell->text[0] && column > 1)
		cell = cell_at(canvas, row, column - 2);
	have = strlen(cell->text);
	if (have && have + length < CELL_BYTES)
		memcpy(cell->text + have, at, length), cell->text[have + length] = 0;
}

static size_t put_character(struct canvas *canvas, size_t row, size_t column, enum look look,
			    const char *at, size_t length, size_t width)
{
	struct cell *cell;

	if (column + width > canvas->columns)
		return canvas->columns;
	for (size_t i = 0; i < width; i++)
		cut_wide(canvas, row, column + i);
	cell = cell_at(canvas, row, column);
	memcpy(cell->text, at, length);
	cell->text[length] = 0;
	cell->look = look;
	if (width == 2)
		*cell_at(canvas, row, column + 1) = (struct cell){ .look = look };
	return column + width;
}

/* Text as the canvas may hold it; the caller frees. */
static char *shown_text(const struct canvas *canvas, const char *text)
{
	char *safe = strchr(text, '\n') || !text_is_safe(text)
			     ? text_safe(text, strlen(text), SIZE_MAX / 2)
			     : mem_text(text);
	char *ascii;

	if (canvas->charset != CHARSET_ASCII)
		return safe;
	ascii = text_ascii(safe);
	free(safe);
	return ascii;
}

static void note_cut(struct canvas *canvas, const char *text)
{
	if (canvas->cut && buf_printf(canvas->cut, "%s\n", text))
		abort();
}

static size_t put_shown(struct canvas *canvas, size_t row, size_t column, enum look look,
			const char *text)
{
	const char *whole = text;
	size_t length, width;

	if (row >= canvas->rows) {
		note_cut(canvas, text);
		return column;
	}
	while (column < canvas->columns && (length = text_next(&width, text))) {
		if (width)
			column = put_character(canvas, row, column, look, text, length, width);
		else
			add_mark(canvas, row, column, text, length);
		text += length;
	}
	if (*text)
		note_cut(canvas, whole);
	return column;
}

size_t canvas_put(struct canvas *canvas, size_t row, size_t column, enum look look,
		  const char *text)
{
	char *shown = shown_text(canvas, text);

	column = put_shown(canvas, row, column, look, shown);
	free(shown);
	return column;
}

size_t canvas_put_within(struct canvas *canvas, size_t row, size_t column, size_t cells,
			 enum look look, const char *text)
{
	char *shown = shown_text(canvas, text);

	if (text_width(shown) <= cells) {
		column = put_shown(canvas, row, column, look, shown);
	} else if (cells) {
		note_cut(canvas, shown);
		shown[text_fit(shown, cells - 1)] = 0;
		column = put_shown(canvas, row, column, look, shown);
		column = canvas_symbol(canvas, row, column, look, SYMBOL_CUT);
	}
	free(shown);
	return column;
}

void canvas_put_right(struct canvas *canvas, size_t row, size_t end, enum look look,
		      const char *text)
{
	char *shown = shown_text(canvas, text);
	size_t width = text_width(shown);

	put_shown(canvas, row, end > width ? end - width : 0, look, shown);
	free(shown);
}

size_t canvas_symbol(struct canvas *canvas, size_t row, size_t column, enum look look,
		     enum symbol which)
{
	return put_shown(canvas, row, column, look, symbol(which, canvas->charset));
}

size_t canvas_repeat(struct canvas *canvas, size_t row, size_t column, size_t count, enum look look,
		     enum symbol which)
{
	while (count--)
		column = canvas_symbol(canvas, row, column, look, which);
	return column;
}

void canvas_rule(struct canvas *canvas, size_t row)
{
	canvas_repeat(canvas, row, 0, canvas->columns, LOOK_DIM, SYMBOL_RULE);
}

size_t canvas_bar(struct canvas *canvas, size_t row, size_t column, size_t cells, double fraction)
{
	double bounded = fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
	size_t full = (size_t)(bounded * (double)cells + 0.5);

	column = canvas_repeat(canvas, row, column, full, LOOK_NORMAL, SYMBOL_FULL);
	return canvas_repeat(canvas, row, column, cells - full, LOOK_DIM, SYMBOL_EMPTY);
}

void canvas_cursor(struct canvas *canvas, size_t row, size_t column)
{
	canvas->cursor = row < canvas->rows && column < canvas->columns;
	canvas->cursor_row = row;
	canvas->cursor_column = column;
}

char *canvas_text(const struct canvas *canvas)
{
	char *text = mem_new(canvas->rows * (canvas->columns * CELL_BYTES + 1) + 1, 1);
	size_t end = 0;

	for (size_t row = 0; row < canvas->rows; row++) {
		const size_t start = end;

		for (size_t column = 0; column < canvas->columns; column++) {
			const char *cell = canvas_at(canvas, row, column)->text;

			memcpy(text + end, cell, strlen(cell));
			end += strlen(cell);
		}
		while (end > start && text[end - 1] == ' ')
			end--;
		text[end++] = '\n';
	}
	text[end] = 0;
	return text;
}
