/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/redact.h"

enum { TEXT_MAX = 1 << 20 };

void page_init(struct page *page, size_t columns, bool utf8)
{
	*page = (struct page){ .columns = columns, .utf8 = utf8 };
	if (columns < PAGE_COLUMNS_MIN)
		page->columns = PAGE_COLUMNS_MIN;
	if (columns > PAGE_COLUMNS_MAX)
		page->columns = PAGE_COLUMNS_MAX;
	buf_init(&page->text, SIZE_MAX / 2);
}

char *page_take(struct page *page)
{
	char *text = mem_text(buf_text(&page->text));

	buf_clear(&page->text);
	return text;
}

/* The buffer has no ceiling, so what can fail is memory alone. */
static void put(struct page *page, const char *text)
{
	if (buf_add_text(&page->text, text))
		abort();
}

static void put_many(struct page *page, const char *text, size_t count)
{
	while (count--)
		put(page, text);
}

/* Ends a line: blanks at its end go. */
static void end_line(struct page *page)
{
	struct buf *text = &page->text;

	while (text->length && text->data[text->length - 1] == ' ')
		text->data[--text->length] = 0;
	put(page, "\n");
}

/* As it may stand on this page; the caller frees. */
static char *cleaned(const struct page *page, const char *text)
{
	char *safe =
		page->own_words ? text_safe_lines(text, strlen(text), TEXT_MAX) : redact_safe(text);
	char *ascii;

	if (page->utf8)
		return safe;
	ascii = text_ascii(safe);
	free(safe);
	return ascii;
}

char *page_clean_line(const struct page *page, const char *text)
{
	char *lines = cleaned(page, text);
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

void page_gap(struct page *page)
{
	const struct buf *text = &page->text;

	if (text->length > 1 && text->data[text->length - 2] != '\n')
		put(page, "\n");
}

static void put_ruler(struct page *page, size_t cells)
{
	put_many(page, page->utf8 ? "\u2500" : "-", cells);
	end_line(page);
}

void page_ruler(struct page *page)
{
	put_ruler(page, page->columns);
}

void page_heading(struct page *page, const char *title)
{
	char *shown = page_clean_line(page, title);
	const size_t width = text_width(shown);

	page_gap(page);
	put(page, shown);
	end_line(page);
	put_ruler(page, width < page->columns ? width : page->columns);
	free(shown);
}

/* Writes `text`, cleaned already, from the present cell on; later lines begin at cell `indent`. */
static void put_wrapped(struct page *page, size_t indent, const char *text)
{
	struct text_lines lines = text_wrap(text, page->columns - indent);

	for (size_t i = 0; i < lines.count; i++) {
		if (i)
			put_many(page, " ", indent);
		put(page, lines.line[i]);
		end_line(page);
	}
	text_free_lines(&lines);
}

void page_edges(struct page *page, const char *left, const char *right)
{
	char *first = page_clean_line(page, left), *second = page_clean_line(page, right);
	const size_t used = text_width(first) + text_width(second);

	if (used + 2 <= page->columns) {
		put(page, first);
		put_many(page, " ", page->columns - used);
		put(page, second);
		end_line(page);
	} else {
		put_wrapped(page, 0, first);
		put_wrapped(page, 0, second);
	}
	free(first);
	free(second);
}

void page_text(struct page *page, const char *format, ...)
{
	va_list args;
	char *text, *shown;

	va_start(args, format);
	text = formatted(format, args);
	va_end(args);
	shown = cleaned(page, text);
	put_many(page, " ", page->indent);
	put_wrapped(page, page->indent, shown);
	free(text);
	free(shown);
}

/* The label, and blanks up to where the text begins; returns that cell. */
static size_t put_label(struct page *page, size_t width, const char *label)
{
	char *shown = page_clean_line(page, label);
	size_t used = text_width(shown);

	if (width > page->columns / 2)
		width = page->columns / 2;
	put_many(page, " ", page->indent);
	if (used + 1 > width) {
		put_wrapped(page, page->indent, shown);
		used = 0;
		put_many(page, " ", page->indent);
	} else {
		put(page, shown);
	}
	put_many(page, " ", width - used);
	free(shown);
	return page->indent + width;
}

void page_item(struct page *page, size_t width, const char *label, const char *format, ...)
{
	va_list args;
	char *text, *shown;
	size_t cell;

	va_start(args, format);
	text = formatted(format, args);
	va_end(args);
	shown = cleaned(page, text);
	cell = put_label(page, width, label);
	put_wrapped(page, cell, shown);
	free(text);
	free(shown);
}

void page_blank(struct page *page, size_t width, const char *label)
{
	enum { LONGEST = 40 };
	const size_t cell = put_label(page, width, label);
	const size_t room = page->columns - cell;

	put_many(page, "_", room < LONGEST ? room : LONGEST);
	end_line(page);
}

void page_drawn(struct page *page, const char *line)
{
	put(page, line);
	end_line(page);
}
