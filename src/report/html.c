/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/html_style.h"
#include "report/svg.h"
#include "report/wording.h"

/* What is open in the page, besides its section. */
enum { OPEN_NOTHING, OPEN_ITEMS, OPEN_NUMBERS, OPEN_POINTS };

/* Which parts of the page have been begun. */
enum { IN_SECTION = 16, IN_HEADER = 32, OPEN_MASK = 15 };

void html_put(struct sheet *sheet, const char *format, ...)
{
	va_list args;
	enum err err;

	va_start(args, format);
	err = buf_vprintf(&sheet->text, format, args);
	va_end(args);
	/* The buffer has no ceiling, so what can fail is memory alone. */
	if (err)
		abort();
}

static void put_escaped(struct sheet *sheet, const char *text, const char *line_break)
{
	for (; *text; text++) {
		switch (*text) {
		case '<': html_put(sheet, "&lt;"); break;
		case '>': html_put(sheet, "&gt;"); break;
		case '&': html_put(sheet, "&amp;"); break;
		case '"': html_put(sheet, "&quot;"); break;
		case '\'': html_put(sheet, "&#39;"); break;
		case '\n': html_put(sheet, "%s", line_break); break;
		default: html_put(sheet, "%c", *text);
		}
	}
}

void html_put_text(struct sheet *sheet, const char *text)
{
	put_escaped(sheet, text, "<br/>");
}

static void close_open(struct sheet *sheet)
{
	static const char *const ends[] = {
		[OPEN_NOTHING] = "",
		[OPEN_ITEMS] = "</tbody></table>\n",
		[OPEN_NUMBERS] = "</ol>\n",
		[OPEN_POINTS] = "</ul>\n",
	};

	html_put(sheet, "%s", ends[sheet->open & OPEN_MASK]);
	sheet->open &= ~OPEN_MASK;
}

static void be_open(struct sheet *sheet, int what)
{
	static const char *const starts[] = {
		[OPEN_ITEMS] = "<table class=\"items\"><tbody>\n",
		[OPEN_NUMBERS] = "<ol>\n",
		[OPEN_POINTS] = "<ul>\n",
	};

	if ((sheet->open & OPEN_MASK) == what)
		return;
	close_open(sheet);
	html_put(sheet, "%s", starts[what]);
	sheet->open |= what;
}

static void close_section(struct sheet *sheet)
{
	close_open(sheet);
	if (sheet->open & IN_HEADER)
		html_put(sheet, "</header>\n");
	if (sheet->open & IN_SECTION)
		html_put(sheet, "</section>\n");
	sheet->open = 0;
}

/* The language of the texts: where they are not translated, they are in English. */
static const char *language(void)
{
	/* TRANSLATORS: "lang=" and the language's code in HTML (BCP 47): "lang=de". */
	const char *text = _("lang=en");

	return strncmp(text, "lang=", 5) ? "en" : text + 5;
}

static void html_title(struct sheet *sheet, const char *title, const char *when)
{
	html_put(sheet, "<!DOCTYPE html>\n<html lang=\"");
	html_put_text(sheet, language());
	html_put(sheet,
		 "\">\n<head>\n<meta charset=\"utf-8\"/>\n"
		 "<meta http-equiv=\"Content-Security-Policy\" "
		 "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		 "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>");
	html_put_text(sheet, title);
	html_put(sheet, " ");
	html_put_text(sheet, when);
	html_put(sheet, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<header>\n<h1>",
		 html_style);
	html_put_text(sheet, title);
	html_put(sheet, "</h1>\n<p class=\"edges\"><span>");
	html_put_text(sheet, when);
	html_put(sheet, "</span></p>\n");
	sheet->open = IN_HEADER;
}

static void html_edges(struct sheet *sheet, const char *left, const char *right)
{
	close_open(sheet);
	html_put(sheet, "<p class=\"edges\"><span>");
	html_put_text(sheet, left);
	html_put(sheet, "</span> <span>");
	html_put_text(sheet, right);
	html_put(sheet, "</span></p>\n");
}

static void html_ruler(struct sheet *sheet)
{
	close_open(sheet);
}

static void html_heading(struct sheet *sheet, const char *title)
{
	close_section(sheet);
	html_put(sheet, "<section>\n<h2>");
	html_put_text(sheet, title);
	html_put(sheet, "</h2>\n");
	sheet->open = IN_SECTION;
}

static void html_subheading(struct sheet *sheet, size_t width, const char *label, const char *text)
{
	(void)width;
	close_open(sheet);
	html_put(sheet, "<h3><span>");
	html_put_text(sheet, label);
	html_put(sheet, "</span> ");
	html_put_text(sheet, text);
	html_put(sheet, "</h3>\n");
}

static void html_text(struct sheet *sheet, const char *text)
{
	close_open(sheet);
	html_put(sheet, "<p>");
	html_put_text(sheet, text);
	html_put(sheet, "</p>\n");
}

static void html_quote(struct sheet *sheet, const char *text)
{
	close_open(sheet);
	html_put(sheet, "<pre>");
	put_escaped(sheet, text, "\n");
	html_put(sheet, "</pre>\n");
}

static void html_item(struct sheet *sheet, size_t width, const char *label, const char *text)
{
	(void)width;
	be_open(sheet, OPEN_ITEMS);
	html_put(sheet, *label ? "<tr><th scope=\"row\">" : "<tr><td>");
	html_put_text(sheet, label);
	html_put(sheet, *label ? "</th><td>" : "</td><td>");
	html_put_text(sheet, text);
	html_put(sheet, "</td></tr>\n");
}

static void html_blank(struct sheet *sheet, size_t width, const char *label)
{
	(void)width;
	be_open(sheet, OPEN_ITEMS);
	html_put(sheet, "<tr><th scope=\"row\">");
	html_put_text(sheet, label);
	html_put(sheet, "</th><td class=\"blank\">&#160;</td></tr>\n");
}

static void html_entry(struct sheet *sheet, size_t width, unsigned number, const char *text)
{
	(void)width;
	be_open(sheet, number ? OPEN_NUMBERS : OPEN_POINTS);
	if (number)
		html_put(sheet, "<li value=\"%u\">", number);
	else
		html_put(sheet, "<li>");
	html_put_text(sheet, text);
	html_put(sheet, "</li>\n");
}

static void put_titles(struct sheet *sheet, const struct sheet_column *columns, size_t column_count)
{
	html_put(sheet, "<thead><tr>");
	for (size_t i = 0; i < column_count; i++) {
		if (columns[i].below)
			continue;
		html_put(sheet, "<th scope=\"col\"%s>",
			 columns[i].is_number ? " class=\"number\"" : "");
		html_put_text(sheet, columns[i].title);
		html_put(sheet, "</th>");
	}
	html_put(sheet, "</tr></thead>\n");
}

/* The first cell names the row. */
static void put_row(struct sheet *sheet, const struct sheet_column *columns, size_t column_count,
		    char *const *cells)
{
	char *below = sheet_table_below(columns, column_count, cells);
	size_t shown = 0;

	html_put(sheet, "<tr>");
	for (size_t i = 0; i < column_count; i++) {
		if (columns[i].below)
			continue;
		html_put(sheet, shown++ ? "<td" : "<th scope=\"row\"");
		if (i == 0 && *below)
			html_put(sheet, " rowspan=\"2\"");
		html_put(sheet, columns[i].is_number ? " class=\"number\">" : ">");
		html_put_text(sheet, cells[i]);
		html_put(sheet, shown > 1 ? "</td>" : "</th>");
	}
	html_put(sheet, "</tr>\n");
	if (*below) {
		html_put(sheet, "<tr class=\"below\"><td colspan=\"%zu\">", shown - 1);
		html_put_text(sheet, below);
		html_put(sheet, "</td></tr>\n");
	}
	free(below);
}

static void html_table(struct sheet *sheet, const struct sheet_column *columns, size_t column_count,
		       char *const *cells, size_t cell_count)
{
	close_open(sheet);
	html_put(sheet, "<div class=\"wide\"><table>\n");
	put_titles(sheet, columns, column_count);
	html_put(sheet, "<tbody>\n");
	for (size_t i = 0; i + column_count <= cell_count; i += column_count)
		put_row(sheet, columns, column_count, cells + i);
	html_put(sheet, "</tbody></table></div>\n");
}

static void html_picture(struct sheet *sheet, const struct picture *picture)
{
	close_open(sheet);
	svg_draw(sheet, picture);
}

static void html_finish(struct sheet *sheet)
{
	close_section(sheet);
	html_put(sheet, "</main>\n</body>\n</html>\n");
}

static const struct sheet_form html_form = {
	.title = html_title,
	.edges = html_edges,
	.ruler = html_ruler,
	.gap = html_ruler,
	.heading = html_heading,
	.subheading = html_subheading,
	.text = html_text,
	.quote = html_quote,
	.item = html_item,
	.blank = html_blank,
	.entry = html_entry,
	.table = html_table,
	.picture = html_picture,
	.finish = html_finish,
};

void html_init(struct sheet *sheet)
{
	*sheet = (struct sheet){ .form = &html_form, .columns = SHEET_COLUMNS_MAX, .utf8 = true };
	buf_init(&sheet->text, SIZE_MAX / 2);
}
