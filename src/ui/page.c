/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void page_init(struct page *page, enum charset charset)
{
	*page = (struct page){ .charset = charset };
}

void page_clear(struct page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		free(page->items[i].label);
		free(page->items[i].text);
		free(page->items[i].extra);
	}
	free(page->items);
	free(page->below);
	*page = (struct page){ 0 };
}

static char *copy_text(const struct page *page, const char *text)
{
	if (!text)
		text = "";
	return page->charset == CHARSET_ASCII ? text_ascii(text) : mem_text(text);
}

static struct page_item *add_item(struct page *page, enum page_kind kind, const char *label,
				  const char *text, const char *extra)
{
	struct page_item *item;

	page->items = mem_resize(page->items, page->count + 1, sizeof *page->items);
	item = &page->items[page->count++];
	*item = (struct page_item){ .kind = kind,
				    .indent = page->indent,
				    .label = copy_text(page, label),
				    .text = copy_text(page, text),
				    .extra = copy_text(page, extra) };
	if (kind == PAGE_HEADING || kind == PAGE_TITLE)
		page->steps = 0;
	if (kind == PAGE_STEP)
		item->number = ++page->steps;
	if (kind == PAGE_CHOICE || kind == PAGE_FIELD)
		item->number = ++page->choices;
	if (kind == PAGE_FIELD)
		page->has_fields = true;
	if (kind == PAGE_CHOICE && !page->has_fields)
		item->key = item->number <= 9 ? (char)('0' + item->number) : ' ';
	return item;
}

void page_add(struct page *page, enum page_kind kind, const char *text)
{
	add_item(page, kind, NULL, text, NULL);
}

void page_printf(struct page *page, enum page_kind kind, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	page_add(page, kind, text);
	free(text);
}

void page_label(struct page *page, const char *label, const char *text)
{
	add_item(page, PAGE_LABEL, label, text, NULL);
}

void page_row(struct page *page, const char *label, const char *text, const char *extra)
{
	add_item(page, PAGE_ROW, label, text, extra);
}

void page_check(struct page *page, const char *label, const char *text, double fraction,
		enum look look)
{
	struct page_item *item = add_item(page, PAGE_CHECK, label, text, NULL);

	item->fraction = fraction;
	item->look = look;
}

void page_choice(struct page *page, int id, const char *text)
{
	add_item(page, PAGE_CHOICE, NULL, text, NULL)->id = id;
}

void page_box(struct page *page, int id, bool marked, const char *text)
{
	struct page_item *item = add_item(page, PAGE_CHOICE, NULL, text, NULL);

	item->id = id;
	item->box = true;
	item->marked = marked;
}

void page_field(struct page *page, int id, const char *label, const char *text, size_t cursor)
{
	struct page_item *item = add_item(page, PAGE_FIELD, label, text, NULL);

	item->id = id;
	item->cursor = cursor;
}

void page_below(struct page *page, const char *text)
{
	free(page->below);
	page->below = copy_text(page, text);
}

const struct page_item *page_choice_at(const struct page *page, unsigned number)
{
	for (size_t i = 0; i < page->count; i++) {
		const struct page_item *item = &page->items[i];

		if ((item->kind == PAGE_CHOICE || item->kind == PAGE_FIELD) &&
		    item->number == number)
			return item;
	}
	return NULL;
}
