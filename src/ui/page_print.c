/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page line by line, for --plain. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/intl.h"
#include "ui/page.h"

struct printer {
	FILE *out;
	size_t columns;
	bool ascii;
};

static void print_line(const struct printer *printer, const char *first, size_t indent,
		       const char *text)
{
	char *ascii = printer->ascii ? text_ascii(text) : NULL;

	fprintf(printer->out, "%*s%s%s\n", (int)indent, "", first, ascii ? ascii : text);
	free(ascii);
}

/* `first` before the first line, blanks of the same width before the others. */
static void print_wrapped(const struct printer *printer, const char *first, const char *text)
{
	size_t indent = text_width(first);
	struct text_lines lines =
		text_wrap(text, printer->columns > indent + 10 ? printer->columns - indent : 10);

	for (size_t i = 0; i < lines.count; i++)
		print_line(printer, i ? "" : first, i && lines.line[i][0] ? indent : 0,
			   lines.line[i]);
	text_free_lines(&lines);
}

static void print_joined(const struct printer *printer, const char *first, const char *label,
			 const char *text)
{
	char *both = mem_printf("%s: %s", label, text);

	print_wrapped(printer, first, both);
	free(both);
}

/* "SIP ALG: before yes, now no"; the table's head has no label. */
static void print_row(const struct printer *printer, const struct page_item *item)
{
	char *both;

	if (!item->label[0])
		return;
	/* TRANSLATORS: two values of the same thing, before and after a repair */
	both = mem_printf(_("before %s, now %s"), item->text, item->extra);
	print_joined(printer, "", item->label, both);
	free(both);
}

static void print_choice(const struct printer *printer, const struct page_item *item)
{
	char *first = mem_printf("  %u  ", item->number);

	if (item->kind == PAGE_FIELD)
		print_joined(printer, first, item->label, item->text);
	else if (item->box)
		print_joined(printer, first, item->text,
			     item->marked ? _("chosen") : _("not chosen"));
	else
		print_wrapped(printer, first, item->text);
	free(first);
}

static void print_step(const struct printer *printer, const struct page_item *item)
{
	char *first = mem_printf("  %u. ", item->number);

	print_wrapped(printer, first, item->text);
	free(first);
}

static void print_item(const struct printer *printer, const struct page_item *item)
{
	switch (item->kind) {
	case PAGE_STEP: print_step(printer, item); break;
	case PAGE_POINT: print_wrapped(printer, "  - ", item->text); break;
	case PAGE_VERBATIM: print_line(printer, "", 0, item->text); break;
	case PAGE_GAP: fprintf(printer->out, "\n"); break;
	case PAGE_LABEL:
	case PAGE_CHECK: print_joined(printer, "", item->label, item->text); break;
	case PAGE_ROW: print_row(printer, item); break;
	case PAGE_CHOICE:
	case PAGE_FIELD: print_choice(printer, item); break;
	case PAGE_TITLE:
	case PAGE_HEADING:
	case PAGE_TEXT:
	case PAGE_DIM:
	case PAGE_GOOD:
	case PAGE_WARN:
	case PAGE_BAD: print_wrapped(printer, "", item->text); break;
	}
}

void page_print(FILE *out, const struct page *page, size_t columns)
{
	const struct printer printer = { out, columns, page->charset == CHARSET_ASCII };

	for (size_t i = 0; i < page->count; i++) {
		/* Choices that stand in a row on the screen have nothing between them and the text.
		 */
		if (page->choices_below && page->items[i].kind == PAGE_CHOICE &&
		    page->items[i].number == 1) {
			fprintf(out, "\n");
			if (page->below)
				print_wrapped(&printer, "", page->below);
		}
		if (!page->read_before || page->items[i].kind != PAGE_VERBATIM)
			print_item(&printer, &page->items[i]);
	}
	if (page->below && !page->choices)
		print_wrapped(&printer, "", page->below);
}
