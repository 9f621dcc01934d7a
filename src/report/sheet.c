/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/sheet.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/redact.h"

enum { TEXT_MAX = 1 << 20 };

char *sheet_take(struct sheet *sheet)
{
	char *text;

	sheet->form->finish(sheet);
	text = mem_text(buf_text(&sheet->text));
	buf_clear(&sheet->text);
	return text;
}

/* As it may stand on this sheet; the caller frees. */
static char *cleaned(const struct sheet *sheet, const char *text)
{
	char *safe = sheet->own_words ? text_safe_lines(text, strlen(text), TEXT_MAX)
				      : redact_safe(text, sheet->mask);
	char *ascii;

	if (sheet->utf8)
		return safe;
	ascii = text_ascii(safe);
	free(safe);
	return ascii;
}

char *sheet_clean_line(const struct sheet *sheet, const char *text)
{
	char *lines = cleaned(sheet, text);
	char *line = text_safe(lines, strlen(lines), TEXT_MAX);

	free(lines);
	return line;
}

static char *formatted(const struct sheet *sheet, const char *format, va_list args)
	PRINTF_LIKE(2, 0);

static char *formatted(const struct sheet *sheet, const char *format, va_list args)
{
	struct buf out;
	char *text;

	buf_init(&out, SIZE_MAX / 2);
	if (buf_vprintf(&out, format, args))
		abort();
	text = cleaned(sheet, buf_text(&out));
	buf_clear(&out);
	return text;
}

void sheet_gap(struct sheet *sheet)
{
	sheet->form->gap(sheet);
}

void sheet_ruler(struct sheet *sheet)
{
	sheet->form->ruler(sheet);
}

void sheet_heading(struct sheet *sheet, const char *title)
{
	char *shown = sheet_clean_line(sheet, title);

	sheet->form->heading(sheet, shown);
	free(shown);
}

static void put_pair(struct sheet *sheet,
		     void (*put)(struct sheet *sheet, const char *left, const char *right),
		     const char *left, const char *right)
{
	char *first = sheet_clean_line(sheet, left), *second = sheet_clean_line(sheet, right);

	put(sheet, first, second);
	free(first);
	free(second);
}

void sheet_title(struct sheet *sheet, const char *title, const char *when)
{
	put_pair(sheet, sheet->form->title, title, when);
}

void sheet_edges(struct sheet *sheet, const char *left, const char *right)
{
	put_pair(sheet, sheet->form->edges, left, right);
}

void sheet_text(struct sheet *sheet, const char *format, ...)
{
	va_list args;
	char *shown;

	va_start(args, format);
	shown = formatted(sheet, format, args);
	va_end(args);
	sheet->form->text(sheet, shown);
	free(shown);
}

void sheet_quote(struct sheet *sheet, const char *text)
{
	char *shown = cleaned(sheet, text);

	sheet->form->quote(sheet, shown);
	free(shown);
}

void sheet_subheading(struct sheet *sheet, size_t width, const char *label, const char *format, ...)
{
	va_list args;
	char *text, *shown = sheet_clean_line(sheet, label);

	va_start(args, format);
	text = formatted(sheet, format, args);
	va_end(args);
	sheet->form->subheading(sheet, width, shown, text);
	free(text);
	free(shown);
}

void sheet_item(struct sheet *sheet, size_t width, const char *label, const char *format, ...)
{
	va_list args;
	char *text, *shown = sheet_clean_line(sheet, label);

	va_start(args, format);
	text = formatted(sheet, format, args);
	va_end(args);
	sheet->form->item(sheet, width, shown, text);
	free(text);
	free(shown);
}

void sheet_blank(struct sheet *sheet, size_t width, const char *label)
{
	char *shown = sheet_clean_line(sheet, label);

	sheet->form->blank(sheet, width, shown);
	free(shown);
}

void sheet_entry(struct sheet *sheet, size_t width, unsigned number, const char *format, ...)
{
	va_list args;
	char *shown;

	va_start(args, format);
	shown = formatted(sheet, format, args);
	va_end(args);
	sheet->form->entry(sheet, width, number, shown);
	free(shown);
}

void sheet_table_add_take(struct sheet_table *table, char *cell_take)
{
	table->cells = mem_resize(table->cells, table->cell_count + 1, sizeof *table->cells);
	table->cells[table->cell_count++] = cell_take;
}

static void clean_cell(struct sheet *sheet, char **cell, const struct sheet_column *column)
{
	const bool own_words = sheet->own_words;
	char *text = *cell;

	sheet->own_words = own_words || column->is_number;
	*cell = sheet_clean_line(sheet, text ? text : "-");
	sheet->own_words = own_words;
	free(text);
}

char *sheet_table_below(const struct sheet_column *columns, size_t column_count, char *const *cells)
{
	struct buf line;
	char *text;

	buf_init(&line, SIZE_MAX / 2);
	for (size_t i = 0; i < column_count; i++) {
		const char *before = columns[i].below;

		if (!before || !strcmp(cells[i], "-"))
			continue;
		/* What joins it to the cell before is not wanted where that says nothing. */
		before += line.length ? 0 : strspn(before, " ,;");
		if (buf_printf(&line, "%s%s", before, cells[i]))
			abort();
	}
	text = mem_text(buf_text(&line));
	buf_clear(&line);
	return text;
}

void sheet_table(struct sheet *sheet, struct sheet_table *table)
{
	struct sheet_column columns[SHEET_TABLE_COLUMNS_MAX];
	char *titles[SHEET_TABLE_COLUMNS_MAX];

	for (size_t i = 0; i < table->column_count; i++) {
		titles[i] = sheet_clean_line(sheet, table->columns[i].title);
		columns[i] = table->columns[i];
		columns[i].title = titles[i];
	}
	for (size_t i = 0; i < table->cell_count; i++)
		clean_cell(sheet, &table->cells[i], &table->columns[i % table->column_count]);
	if (table->cell_count)
		sheet->form->table(sheet, columns, table->column_count, table->cells,
				   table->cell_count);
	for (size_t i = 0; i < table->cell_count; i++)
		free(table->cells[i]);
	for (size_t i = 0; i < table->column_count; i++)
		free(titles[i]);
	free(table->cells);
	table->cells = NULL;
	table->cell_count = 0;
}
