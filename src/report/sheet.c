/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/sheet.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/redact.h"

enum { TEXT_MAX = 1 << 20 };

void sheet_init(struct sheet *sheet, size_t columns, bool utf8)
{
	*sheet = (struct sheet){ .columns = columns, .utf8 = utf8 };
	if (columns < SHEET_COLUMNS_MIN)
		sheet->columns = SHEET_COLUMNS_MIN;
	if (columns > SHEET_COLUMNS_MAX)
		sheet->columns = SHEET_COLUMNS_MAX;
	buf_init(&sheet->text, SIZE_MAX / 2);
}

char *sheet_take(struct sheet *sheet)
{
	char *text = mem_text(buf_text(&sheet->text));

	buf_clear(&sheet->text);
	return text;
}

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

/* As it may stand on this sheet; the caller frees. */
static char *cleaned(const struct sheet *sheet, const char *text)
{
	char *safe = sheet->own_words ? text_safe_lines(text, strlen(text), TEXT_MAX)
				      : redact_safe(text);
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

static char *formatted(const char *format, va_list args) PRINTF_LIKE(1, 0);

static char *formatted(const char *format, va_list args)
{
	struct buf out;
	char *text;

	buf_init(&out, SIZE_MAX / 2);
	if (buf_vprintf(&out, format, args))
		abort();
	text = mem_text(buf_text(&out));
	buf_clear(&out);
	return text;
}

void sheet_gap(struct sheet *sheet)
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

void sheet_ruler(struct sheet *sheet)
{
	put_ruler(sheet, sheet->columns);
}

void sheet_heading(struct sheet *sheet, const char *title)
{
	char *shown = sheet_clean_line(sheet, title);
	const size_t width = text_width(shown);

	sheet_gap(sheet);
	put(sheet, shown);
	end_line(sheet);
	put_ruler(sheet, width < sheet->columns ? width : sheet->columns);
	free(shown);
}

/* Writes `text`, cleaned already, from the present cell on; later lines begin at cell `indent`. */
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

void sheet_edges(struct sheet *sheet, const char *left, const char *right)
{
	char *first = sheet_clean_line(sheet, left), *second = sheet_clean_line(sheet, right);
	const size_t used = text_width(first) + text_width(second);

	if (used + 2 <= sheet->columns) {
		put(sheet, first);
		put_many(sheet, " ", sheet->columns - used);
		put(sheet, second);
		end_line(sheet);
	} else {
		put_wrapped(sheet, 0, first);
		put_wrapped(sheet, 0, second);
	}
	free(first);
	free(second);
}

void sheet_text(struct sheet *sheet, const char *format, ...)
{
	va_list args;
	char *text, *shown;

	va_start(args, format);
	text = formatted(format, args);
	va_end(args);
	shown = cleaned(sheet, text);
	put_many(sheet, " ", sheet->indent);
	put_wrapped(sheet, sheet->indent, shown);
	free(text);
	free(shown);
}

/* The label, and blanks up to where the text begins; returns that cell. */
static size_t put_label(struct sheet *sheet, size_t width, const char *label)
{
	char *shown = sheet_clean_line(sheet, label);
	size_t used = text_width(shown);

	if (width > sheet->columns / 2)
		width = sheet->columns / 2;
	put_many(sheet, " ", sheet->indent);
	if (used + 1 > width) {
		put_wrapped(sheet, sheet->indent, shown);
		used = 0;
		put_many(sheet, " ", sheet->indent);
	} else {
		put(sheet, shown);
	}
	put_many(sheet, " ", width - used);
	free(shown);
	return sheet->indent + width;
}

void sheet_item(struct sheet *sheet, size_t width, const char *label, const char *format, ...)
{
	va_list args;
	char *text, *shown;
	size_t cell;

	va_start(args, format);
	text = formatted(format, args);
	va_end(args);
	shown = cleaned(sheet, text);
	cell = put_label(sheet, width, label);
	put_wrapped(sheet, cell, shown);
	free(text);
	free(shown);
}

void sheet_blank(struct sheet *sheet, size_t width, const char *label)
{
	enum { LONGEST = 40 };
	const size_t cell = put_label(sheet, width, label);
	const size_t room = sheet->columns - cell;

	put_many(sheet, "_", room < LONGEST ? room : LONGEST);
	end_line(sheet);
}

void sheet_drawn(struct sheet *sheet, const char *line)
{
	put(sheet, line);
	end_line(sheet);
}
