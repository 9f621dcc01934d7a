/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet of text for people. Whatever is written on it is redacted, made harmless, turned to ASCII
 * where asked, and wrapped: no line is longer than the page, none ends in a blank. */
#ifndef EARSHOT_REPORT_PAGE_H
#define EARSHOT_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum { PAGE_COLUMNS_MIN = 40, PAGE_COLUMNS_MAX = 200 };

struct page {
	struct buf text;
	size_t columns;
	size_t indent; /* cells before each line of what is written next; the caller's to change */
	bool utf8;
	bool own_words; /* what is written next is the tree's prose: "Password: ask for it" is no
			   secret there */
};

/* `columns` is brought into PAGE_COLUMNS_MIN … PAGE_COLUMNS_MAX. */
void page_init(struct page *page, size_t columns, bool utf8);
/* The finished text; the caller frees. The page is empty then. */
char *page_take(struct page *page) MUST_USE;

/* An empty line, unless one is there already or nothing is. */
void page_gap(struct page *page);
/* A gap, the title at the left edge, a ruler under it. */
void page_heading(struct page *page, const char *title);
/* `left` and `right` at the two edges of one line, of two where they do not fit. */
void page_edges(struct page *page, const char *left, const char *right);
/* A ruler over the whole width. */
void page_ruler(struct page *page);

/* A paragraph at the indent; its own line breaks stay. */
void page_text(struct page *page, const char *format, ...) PRINTF_LIKE(2, 3);
/* A label in a column of `width` cells, the text beside it. A longer label gets its own line. */
void page_item(struct page *page, size_t width, const char *label, const char *format, ...)
	PRINTF_LIKE(4, 5);
/* A label and a line to be filled in by hand. */
void page_blank(struct page *page, size_t width, const char *label);
/* What the page makes of a text that must stay on one line: line breaks become visible, or a name
 * could forge a heading. The caller frees. */
char *page_clean_line(const struct page *page, const char *text) MUST_USE;
/* A line drawn by the caller, who keeps to the columns and to cleaned characters. */
void page_drawn(struct page *page, const char *line);

#endif
