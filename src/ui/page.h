/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a screen says, before it has a shape: titles, paragraphs, steps, choices, fields. The curses
 * screens lay it out into a canvas, --plain prints it; so both say the same. */
#ifndef EARSHOT_UI_PAGE_H
#define EARSHOT_UI_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "ui/canvas.h"

enum page_kind {
	PAGE_TITLE, /* what this screen is about */
	PAGE_HEADING,
	PAGE_TEXT,
	PAGE_DIM,  /* said by the way */
	PAGE_GOOD, /* with a tick */
	PAGE_WARN, /* with a mark */
	PAGE_BAD,  /* with a cross */
	PAGE_STEP, /* numbered from 1; a heading starts again */
	PAGE_POINT,
	PAGE_LABEL,    /* `label`: text */
	PAGE_VERBATIM, /* one line, kept as it is */
	PAGE_GAP,      /* an empty line */
	PAGE_ROW,      /* a line of the table: label, text, extra */
	PAGE_CHECK,    /* a bar: label, text (state in words), fraction */
	PAGE_CHOICE,   /* can be picked */
	PAGE_FIELD,    /* can be typed into: label, text */
};

struct page_item {
	enum page_kind kind;
	unsigned number; /* PAGE_STEP: from 1; PAGE_CHOICE and PAGE_FIELD: from 1 among both */
	int id;          /* PAGE_CHOICE, PAGE_FIELD: what the screen's pick() gets */
	char key; /* PAGE_CHOICE: the digit that picks it; blank: only others have one; 0: none has
		   */
	bool marked; /* PAGE_CHOICE: a box that is ticked; PAGE_VERBATIM: what was searched for */
	bool box;    /* PAGE_CHOICE: has a box */
	char *label, *text, *extra; /* never NULL */
	size_t indent;              /* cells */
	double fraction;            /* PAGE_CHECK: 0 to 1 */
	enum look look;             /* PAGE_CHECK: of the state */
	size_t cursor;              /* PAGE_FIELD: byte in `text` where typing goes on */
};

enum {
	PAGE_CHECK_LABEL = 17
}; /* cells of a check's label; what is said of the check may stand under its bar */

struct page {
	enum charset charset;
	bool choices_below; /* the choices stand in a row under the text and do not scroll with it
			     */
	bool read_before;   /* --plain: its verbatim lines stand above already */
	char *below;        /* one remark under the text, above the rule; NULL: none */
	struct page_item *items;
	size_t count;
	unsigned choices; /* and fields */
	unsigned steps;
	size_t indent;   /* of what is added from now on */
	bool has_fields; /* one can type: digits pick nothing */
};

void page_init(struct page *page, enum charset charset);
void page_clear(struct page *page);

/* All copy what they get; NULL counts as "". Texts are translated already. */
void page_add(struct page *page, enum page_kind kind, const char *text);
void page_printf(struct page *page, enum page_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);
void page_label(struct page *page, const char *label, const char *text);
void page_row(struct page *page, const char *label, const char *text, const char *extra);
void page_check(struct page *page, const char *label, const char *text, double fraction,
		enum look look);
void page_choice(struct page *page, int id, const char *text);
void page_box(struct page *page, int id, bool marked, const char *text);
void page_field(struct page *page, int id, const char *label, const char *text, size_t cursor);
void page_below(struct page *page, const char *text);

/* The `number`th choice or field, from 1; NULL: there is none. */
const struct page_item *page_choice_at(const struct page *page, unsigned number);

/* Where in a page somebody is. */
struct view {
	unsigned selected; /* choice or field, from 1 */
	size_t scroll;     /* first line shown */
	bool follow;    /* scroll so that the selected one is seen; off once the person scrolled by
			   hand */
	size_t height;  /* lines shown at the last drawing */
	bool overflows; /* they were fewer than there are */
	size_t wanted;  /* item of the page, from 1, to be brought to the top at the next drawing;
			   0: none */
};

/* Draws into rows `top` to `bottom` - 1. Brings `view` within what there is. */
void page_draw(struct canvas *canvas, const struct page *page, struct view *view, size_t top,
	       size_t bottom);

/* Prints line by line, wrapped at `columns`: no cursor movement, states in words. Choices are
 * numbered. */
void page_print(FILE *out, const struct page *page, size_t columns);

#endif
