/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page laid out into cells: wrapped, scrolled, its choices marked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/intl.h"
#include "ui/page.h"

enum {
	MARGIN = 1,
	TEXT_MAX = 100,    /* longer lines are hard to read */
	CHOICE_INDENT = 8, /* "   > 1  " */
	LABEL_CELLS = 25,
	LABEL_CELLS_NARROW = 22,
	BAR_CELLS = 17,
	CHOICES_FROM = 1, /* choices that stand beside each other: the first one's column, */
	CHOICE_MARK = 4,  /* "> 1 ", */
	ROW_GAP = 3,      /* and what is between two */
};

/* One line on the screen: at most three texts of one item. */
struct line {
	const struct page_item *item;
	char *part[3]; /* NULL: none */
	bool first;    /* of its item */
};

struct layout {
	const struct page_item *items; /* of the page */
	struct line *lines;
	size_t count;
	size_t cells; /* the width everything is laid out for */
};

static size_t label_cells(const struct layout *layout)
{
	return layout->cells < 70 ? LABEL_CELLS_NARROW : LABEL_CELLS;
}

/* The columns that the parts of an item start at; returns how many parts it has. */
static size_t part_columns(size_t at[static 4], const struct layout *layout,
			   const struct page_item *item)
{
	at[0] = MARGIN + item->indent;
	at[1] = at[2] = at[3] = layout->cells;
	switch (item->kind) {
	case PAGE_GOOD:
	case PAGE_WARN:
	case PAGE_BAD: at[0] += 3; return 1;
	case PAGE_STEP:
	case PAGE_POINT: at[0] += 5; return 1;
	case PAGE_CHOICE:
		at[0] = CHOICE_INDENT + (item->box ? 4U : 0U) - (item->key ? 0U : 3U);
		return 1;
	case PAGE_VERBATIM: at[0] = 0; return 1;
	case PAGE_LABEL: at[1] = MARGIN + label_cells(layout); return 2;
	case PAGE_FIELD:
		at[0] = MARGIN + 2;
		at[1] = MARGIN + 2 + label_cells(layout);
		return 2;
	case PAGE_CHECK: at[1] = MARGIN + PAGE_CHECK_LABEL + BAR_CELLS + 2; return 2;
	case PAGE_ROW:
		at[1] = layout->cells * 2 / 5;
		at[2] = layout->cells * 7 / 10;
		return 3;
	default: return 1;
	}
}

static void add_line(struct layout *layout, const struct page_item *item)
{
	layout->lines = mem_resize(layout->lines, layout->count + 1, sizeof *layout->lines);
	layout->lines[layout->count++] = (struct line){ .item = item };
}

static const char *part_text(const struct page_item *item, size_t part, size_t parts)
{
	if (parts == 1)
		return item->text;
	return part == 0 ? item->label : part == 1 ? item->text : item->extra;
}

/* A field stays on one line, however long; a verbatim line as long as it can. */
static bool stays_whole(const struct page_item *item, size_t part, const char *text, size_t cells)
{
	return (item->kind == PAGE_VERBATIM && text_width(text) <= cells) ||
	       (item->kind == PAGE_FIELD && part == 1);
}

static void lay_part(struct layout *layout, const struct page_item *item, size_t first, size_t part,
		     const char *text, size_t cells)
{
	struct text_lines lines;

	if (stays_whole(item, part, text, cells)) {
		layout->lines[first].part[part] = mem_text(text);
		return;
	}
	lines = text_wrap(text, cells);
	for (size_t i = 0; i < lines.count; i++) {
		if (first + i >= layout->count)
			add_line(layout, item);
		layout->lines[first + i].part[part] = mem_text(lines.line[i]);
	}
	text_free_lines(&lines);
}

static void lay_item(struct layout *layout, const struct page_item *item)
{
	size_t at[4];
	size_t parts = part_columns(at, layout, item);
	size_t first = layout->count;

	add_line(layout, item);
	layout->lines[first].first = true;
	for (size_t part = 0; part < parts; part++) {
		size_t end = at[part + 1] < layout->cells ? at[part + 1] - 2 : layout->cells;

		lay_part(layout, item, first, part, part_text(item, part, parts),
			 end > at[part] + 4 ? end - at[part] : 4);
	}
}

static void free_layout(struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++)
		for (size_t part = 0; part < 3; part++)
			free(layout->lines[i].part[part]);
	free(layout->lines);
}

/* A gap that only looks well: none before a heading, but for the first one under the title. */
static bool is_spare(const struct page *page, size_t i)
{
	return page->items[i].kind == PAGE_GAP &&
	       (i + 1 == page->count || page->items[i + 1].kind != PAGE_HEADING ||
		(i && page->items[i - 1].kind == PAGE_TITLE));
}

/* Without the first `spared` of the spare gaps. */
static void lay_items(struct layout *layout, const struct page *page, size_t spared)
{
	for (size_t i = 0; i < page->count; i++) {
		if (page->choices_below && page->items[i].kind == PAGE_CHOICE)
			continue;
		if (spared && is_spare(page, i))
			spared--;
		else
			lay_item(layout, &page->items[i]);
	}
}

/* A text to be read is set tight as far as it is longer than the window: so more of it is seen. */
static void lay_out(struct layout *layout, const struct page *page, size_t columns, size_t rows)
{
	const size_t cells = columns - MARGIN < TEXT_MAX ? columns - MARGIN : TEXT_MAX;

	size_t over;

	*layout = (struct layout){ .items = page->items, .cells = cells };
	lay_items(layout, page, 0);
	over = layout->count > rows ? layout->count - rows : 0;
	if (!page->choices_below || !over)
		return;
	free_layout(layout);
	*layout = (struct layout){ .items = page->items, .cells = cells };
	lay_items(layout, page, over);
}

static enum look look_of(const struct page_item *item, bool selected)
{
	static const enum look looks[] = {
		[PAGE_TITLE] = LOOK_TITLE, [PAGE_HEADING] = LOOK_TITLE, [PAGE_DIM] = LOOK_DIM,
		[PAGE_GOOD] = LOOK_GOOD,   [PAGE_WARN] = LOOK_WARN,     [PAGE_BAD] = LOOK_BAD,
		[PAGE_FIELD] = LOOK_FIELD,
	};

	if ((selected && item->kind == PAGE_CHOICE) ||
	    (item->marked && item->kind == PAGE_VERBATIM))
		return LOOK_SELECTED;
	return item->kind <= PAGE_FIELD ? looks[item->kind] : LOOK_NORMAL;
}

static void draw_choice_mark(struct canvas *canvas, size_t row, size_t column,
			     const struct page_item *item, bool selected)
{
	char digit[2] = { item->key, 0 };

	if (selected)
		canvas_symbol(canvas, row, column, LOOK_KEY, SYMBOL_SELECTED);
	canvas_put(canvas, row, column + 2, LOOK_KEY, digit);
	if (item->box)
		canvas_put(canvas, row, column + 5, LOOK_NORMAL, item->marked ? "[x]" : "[ ]");
}

static void draw_check(struct canvas *canvas, size_t row, const struct page_item *item)
{
	canvas_put_within(canvas, row, MARGIN, PAGE_CHECK_LABEL - 1, LOOK_TITLE, item->label);
	canvas_bar(canvas, row, MARGIN + PAGE_CHECK_LABEL, BAR_CELLS, item->fraction);
}

/* What stands before the text of an item's first line. */
static void draw_mark(struct canvas *canvas, size_t row, const struct page_item *item,
		      bool selected)
{
	const size_t margin = MARGIN + item->indent;
	char number[12];

	switch (item->kind) {
	case PAGE_GOOD: canvas_symbol(canvas, row, margin, LOOK_GOOD, SYMBOL_TICK); break;
	case PAGE_WARN: canvas_symbol(canvas, row, margin, LOOK_WARN, SYMBOL_WARNING); break;
	case PAGE_BAD: canvas_symbol(canvas, row, margin, LOOK_BAD, SYMBOL_CROSS); break;
	case PAGE_POINT: canvas_symbol(canvas, row, margin + 3, LOOK_DIM, SYMBOL_POINT); break;
	case PAGE_STEP:
		snprintf(number, sizeof number, "%2u", item->number);
		canvas_put(canvas, row, margin + 1, LOOK_KEY, number);
		break;
	case PAGE_CHOICE: draw_choice_mark(canvas, row, 3, item, selected); break;
	case PAGE_FIELD:
		if (selected)
			canvas_symbol(canvas, row, MARGIN, LOOK_KEY, SYMBOL_SELECTED);
		break;
	case PAGE_CHECK: draw_check(canvas, row, item); break;
	default: break;
	}
}

/* A long text is shown from its start, or so that the place where one types is seen. */
static void draw_field(struct canvas *canvas, size_t row, size_t column,
		       const struct page_item *item, bool selected)
{
	size_t room = canvas->columns > column + 4 ? canvas->columns - column - 2 : 2;
	char *before = mem_text_n(item->text, item->cursor);
	const char *from = before;

	if (selected)
		canvas_repeat(canvas, row, column, room, LOOK_FIELD, SYMBOL_BLANK);
	else if (!item->text[0])
		canvas_symbol(canvas, row, column, LOOK_DIM, SYMBOL_SKIPPED);
	while (selected && text_width(from) >= room)
		from += text_fit(from, 2);
	canvas_put_within(canvas, row, column, room, selected ? LOOK_FIELD : LOOK_NORMAL,
			  item->text + (from - before));
	if (selected)
		canvas_cursor(canvas, row, column + text_width(from));
	free(before);
}

static void draw_line(struct canvas *canvas, size_t row, const struct layout *layout,
		      const struct line *line, const struct view *view)
{
	const struct page_item *item = line->item;
	const bool selected = item->number && item->number == view->selected;
	size_t at[4];
	size_t parts = part_columns(at, layout, item);

	if (line->first)
		draw_mark(canvas, row, item, selected);
	for (size_t part = 0; part < parts; part++) {
		enum look look = look_of(item, selected);

		if (!line->part[part] || (item->kind == PAGE_CHECK && part == 0))
			continue;
		if (item->kind == PAGE_FIELD && part == 1) {
			draw_field(canvas, row, at[1], item, selected);
			continue;
		}
		if (item->kind == PAGE_FIELD)
			look = selected ? LOOK_TITLE : LOOK_NORMAL;
		if (item->kind == PAGE_LABEL && part == 0)
			look = LOOK_DIM;
		if (item->kind == PAGE_ROW && !item->label[0])
			look = LOOK_TITLE;
		if (item->kind == PAGE_CHECK)
			look = item->look;
		canvas_put(canvas, row, at[part], look, line->part[part]);
	}
}

static void keep_selected_in_view(struct view *view, const struct layout *layout)
{
	size_t first = layout->count, last = 0;

	for (size_t i = 0; i < layout->count; i++) {
		const struct page_item *item = layout->lines[i].item;

		if ((item->kind != PAGE_CHOICE && item->kind != PAGE_FIELD) ||
		    item->number != view->selected)
			continue;
		first = i < first ? i : first;
		last = i;
	}
	if (first == layout->count)
		return;
	/* The first choice brings what is asked back into view. */
	if (view->selected == 1 && last < view->height)
		view->scroll = 0;
	if (first < view->scroll)
		view->scroll = first;
	if (last >= view->scroll + view->height)
		view->scroll = last + 1 - view->height;
}

/* One line above it is shown too, where there is one. */
static void bring_to_top(struct view *view, const struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++) {
		if (layout->lines[i].item - layout->items + 1 == (ptrdiff_t)view->wanted) {
			view->scroll = i ? i - 1 : 0;
			break;
		}
	}
	view->wanted = 0;
}

/* Of `height` rows the last one tells of more, where there is more; `spare`: the row below them
 * does. */
static void settle_view(struct view *view, const struct layout *layout, size_t height, bool spare)
{
	view->overflows = layout->count > height;
	view->height = view->overflows && height > 1 && !spare ? height - 1 : height;
	if (view->follow)
		keep_selected_in_view(view, layout);
	if (view->wanted)
		bring_to_top(view, layout);
	if (view->scroll + view->height > layout->count)
		view->scroll = layout->count > view->height ? layout->count - view->height : 0;
}

static void draw_more(struct canvas *canvas, size_t row, const struct view *view, size_t lines)
{
	bool up = view->scroll > 0, down = view->scroll + view->height < lines;
	const char *which = up && down ? _("more above and below: PgUp PgDn")
			    : up       ? _("more above: PgUp")
				       : _("more below: PgDn");
	size_t column = canvas_symbol(canvas, row, MARGIN, LOOK_KEY,
				      down ? SYMBOL_MORE_BELOW : SYMBOL_MORE_ABOVE);

	canvas_put(canvas, row, column + 1, LOOK_DIM, which);
}

/* Where the choices stand that do not scroll: beside each other, in as many rows as they need.
 * `row` NULL: they are only counted. Returns how many rows. */
static size_t place_choices(struct canvas *canvas, const struct page *page, const struct view *view,
			    const size_t *row)
{
	size_t column = CHOICES_FROM, rows = 1;

	for (size_t i = 0; i < page->count; i++) {
		const struct page_item *item = &page->items[i];
		const bool selected = item->number == view->selected;
		size_t end = column + CHOICE_MARK + text_width(item->text);

		if (item->kind != PAGE_CHOICE)
			continue;
		if (end > canvas->columns && column > CHOICES_FROM) {
			end -= column - CHOICES_FROM;
			column = CHOICES_FROM;
			rows++;
		}
		if (row) {
			draw_choice_mark(canvas, *row + rows - 1, column, item, selected);
			canvas_put_within(canvas, *row + rows - 1, column + CHOICE_MARK,
					  text_width(item->text),
					  selected ? LOOK_SELECTED : LOOK_NORMAL, item->text);
		}
		column = end + ROW_GAP;
	}
	return rows;
}

static size_t draw_below(struct canvas *canvas, const char *text, size_t bottom)
{
	struct text_lines lines = text_wrap(text, canvas->columns - 2 * MARGIN);
	size_t row = bottom - (lines.count < bottom ? lines.count : bottom);

	for (size_t i = 0; i < lines.count; i++)
		canvas_put(canvas, row + i, MARGIN, LOOK_DIM, lines.line[i]);
	text_free_lines(&lines);
	return row;
}

void page_draw(struct canvas *canvas, const struct page *page, struct view *view, size_t top,
	       size_t bottom)
{
	struct layout layout;
	bool spare = false; /* an empty row stands below the text */

	if (view->selected > page->choices)
		view->selected = page->choices;
	if (page->choices_below && page->choices) {
		bottom -= place_choices(canvas, page, view, NULL);
		place_choices(canvas, page, view, &bottom);
		bottom--;
		spare = !page->below;
	}
	if (page->below)
		bottom = draw_below(canvas, page->below, bottom);
	if (bottom <= top)
		return;
	lay_out(&layout, page, canvas->columns, bottom - top);
	settle_view(view, &layout, bottom - top, spare);
	for (size_t i = 0; i < view->height && view->scroll + i < layout.count; i++)
		draw_line(canvas, top + i, &layout, &layout.lines[view->scroll + i], view);
	if (view->overflows)
		draw_more(canvas, spare ? bottom : bottom - 1, view, layout.count);
	free_layout(&layout);
}
