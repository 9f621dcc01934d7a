/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet as plain text. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/sheet.h"

/* The buffer has no ceiling, so what can fail is memory alone. */
static void put(struct sheet *sheet, const char *text)
{
	if (buf_add_text(&sheet->text, text))
		abort();
}

static void put_many(struct sheet *sheet, const char *text, size_t count)
{
	while (count--)
		put(sheet, text);
}

/* Ends a line: blanks at its end go. */
static void end_line(struct sheet *sheet)
{
	struct buf *text = &sheet->text;

	while (text->length && text->data[text->length - 1] == ' ')
		text->data[--text->length] = 0;
	put(sheet, "\n");
}

static void plain_gap(struct sheet *sheet)
{
	const struct buf *text = &sheet->text;

	if (text->length > 1 && text->data[text->length - 2] != '\n')
		put(sheet, "\n");
}

static void put_ruler(struct sheet *sheet, size_t cells)
{
	put_many(sheet, sheet->utf8 ? "\u2500" : "-", cells);
	end_line(sheet);
}

static void plain_ruler(struct sheet *sheet)
{
	put_ruler(sheet, sheet->columns);
}

static void plain_heading(struct sheet *sheet, const char *title)
{
	const size_t width = text_width(title);

	plain_gap(sheet);
	put(sheet, title);
	end_line(sheet);
	put_ruler(sheet, width < sheet->columns ? width : sheet->columns);
}

/* Writes `text` from the present cell on; later lines begin at cell `indent`. */
static void put_wrapped(struct sheet *sheet, size_t indent, const char *text)
{
	struct text_lines lines = text_wrap(text, sheet->columns - indent);

	for (size_t i = 0; i < lines.count; i++) {
		if (i)
			put_many(sheet, " ", indent);
		put(sheet, lines.line[i]);
		end_line(sheet);
	}
	text_free_lines(&lines);
}

static void plain_edges(struct sheet *sheet, const char *left, const char *right)
{
	const size_t used = text_width(left) + text_width(right);

	if (used + 2 <= sheet->columns) {
		put(sheet, left);
		put_many(sheet, " ", sheet->columns - used);
		put(sheet, right);
		end_line(sheet);
	} else {
		put_wrapped(sheet, 0, left);
		put_wrapped(sheet, 0, right);
	}
}

static void plain_text(struct sheet *sheet, const char *text)
{
	put_many(sheet, " ", sheet->indent);
	put_wrapped(sheet, sheet->indent, text);
}

/* The label, and blanks up to where the text begins; returns that cell. */
static size_t put_label(struct sheet *sheet, size_t width, const char *label)
{
	size_t used = text_width(label);

	if (width > sheet->columns / 2)
		width = sheet->columns / 2;
	put_many(sheet, " ", sheet->indent);
	if (used + 1 > width) {
		put_wrapped(sheet, sheet->indent, label);
		used = 0;
		put_many(sheet, " ", sheet->indent);
	} else {
		put(sheet, label);
	}
	put_many(sheet, " ", width - used);
	return sheet->indent + width;
}

static void plain_item(struct sheet *sheet, size_t width, const char *label, const char *text)
{
	put_wrapped(sheet, put_label(sheet, width, label), text);
}

static void plain_blank(struct sheet *sheet, size_t width, const char *label)
{
	enum { LONGEST = 40 };
	const size_t cell = put_label(sheet, width, label);
	const size_t room = sheet->columns - cell;

	put_many(sheet, "_", room < LONGEST ? room : LONGEST);
	end_line(sheet);
}

static void plain_entry(struct sheet *sheet, size_t width, unsigned number, const char *text)
{
	char mark[16] = "-";

	if (number)
		snprintf(mark, sizeof mark, "%u", number);
	plain_item(sheet, width, mark, text);
}

/* A table, and how wide its columns are. */
struct grid {
	const struct sheet_column *columns;
	size_t column_count;
	char *const *cells;
	size_t cell_count;
	size_t width[SHEET_TABLE_COLUMNS_MAX];
};

enum { GRID_GAP = 2, GRID_DEEPER = 4 };

/* Returns what all columns take together. */
static size_t measure(struct grid *grid)
{
	size_t all = 0;

	for (size_t i = 0; i < grid->column_count; i++)
		grid->width[i] = text_width(grid->columns[i].title);
	for (size_t i = 0; i < grid->cell_count; i++) {
		const size_t width = text_width(grid->cells[i]), at = i % grid->column_count;

		if (width > grid->width[at])
			grid->width[at] = width;
	}
	for (size_t i = 0; i < grid->column_count; i++)
		if (!grid->columns[i].below)
			all += grid->width[i] + GRID_GAP;
	return all - GRID_GAP;
}

/* One row of what has a column; `cells` NULL: the titles. */
static void put_row(struct sheet *sheet, const struct grid *grid, char *const *cells)
{
	put_many(sheet, " ", sheet->indent);
	for (size_t i = 0; i < grid->column_count; i++) {
		const char *text = cells ? cells[i] : grid->columns[i].title;
		const size_t blanks = grid->width[i] - text_width(text);

		if (grid->columns[i].below)
			continue;
		put_many(sheet, " ", grid->columns[i].is_number ? blanks : 0);
		put(sheet, text);
		put_many(sheet, " ", (grid->columns[i].is_number ? 0 : blanks) + GRID_GAP);
	}
	end_line(sheet);
}

static void put_below(struct sheet *sheet, const struct grid *grid, char *const *cells)
{
	char *text = sheet_table_below(grid->columns, grid->column_count, cells);

	sheet->indent += GRID_DEEPER;
	if (*text)
		plain_text(sheet, text);
	sheet->indent -= GRID_DEEPER;
	free(text);
}

/* Too wide: "Direction: out; Codec: PCMU; …", a paragraph for each row. */
static void put_told(struct sheet *sheet, const struct grid *grid, char *const *cells)
{
	struct buf line;

	buf_init(&line, SIZE_MAX / 2);
	for (size_t i = 0; i < grid->column_count; i++)
		if (!grid->columns[i].below &&
		    buf_printf(&line, "%s%s: %s", i ? "; " : "", grid->columns[i].title, cells[i]))
			abort();
	plain_item(sheet, 2, "-", buf_text(&line));
	buf_clear(&line);
}

static void plain_table(struct sheet *sheet, const struct sheet_column *columns,
			size_t column_count, char *const *cells, size_t cell_count)
{
	struct grid grid = { columns, column_count, cells, cell_count, { 0 } };
	const bool fits = sheet->indent + measure(&grid) <= sheet->columns;

	if (fits)
		put_row(sheet, &grid, NULL);
	for (size_t i = 0; i + column_count <= cell_count; i += column_count) {
		if (fits)
			put_row(sheet, &grid, cells + i);
		else
			put_told(sheet, &grid, cells + i);
		put_below(sheet, &grid, cells + i);
	}
}

void sheet_drawn(struct sheet *sheet, const char *line)
{
	put(sheet, line);
	end_line(sheet);
}

static void plain_finish(struct sheet *sheet)
{
	(void)sheet;
}

static const struct sheet_form plain_form = {
	.title = plain_edges,
	.edges = plain_edges,
	.ruler = plain_ruler,
	.gap = plain_gap,
	.heading = plain_heading,
	.subheading = plain_item,
	.text = plain_text,
	.quote = plain_text,
	.item = plain_item,
	.blank = plain_blank,
	.entry = plain_entry,
	.table = plain_table,
	.finish = plain_finish,
};

void sheet_init(struct sheet *sheet, size_t columns, bool utf8)
{
	*sheet = (struct sheet){ .form = &plain_form, .columns = columns, .utf8 = utf8 };
	if (columns < SHEET_COLUMNS_MIN)
		sheet->columns = SHEET_COLUMNS_MIN;
	if (columns > SHEET_COLUMNS_MAX)
		sheet->columns = SHEET_COLUMNS_MAX;
	buf_init(&sheet->text, SIZE_MAX / 2);
}
