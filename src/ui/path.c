/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/path.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/intl.h"

enum {
	ROWS_FULL = 24,  /* from here on the picture is drawn */
	ROWS_NAMES = 28, /* and the names of its places under it, */
	ROWS_MORE = 40,  /* and what more is known of them */
	WIDEST = 110,
	PLACE_CELLS = 3, /* "[ ]" */
	FIRST_PLACE = 8,
	STATES_FROM = 17, /* behind "you --> them" */
	ARROW_CELLS = 3,
};

size_t path_rows(size_t screen_rows, bool places)
{
	if (screen_rows < ROWS_FULL)
		return 2;
	return screen_rows >= ROWS_MORE ? 6 : screen_rows >= ROWS_NAMES || places ? 5 : 4;
}

static enum look look_of(enum path_state state)
{
	switch (state) {
	case PATH_OK:
	case PATH_HEARD: return LOOK_GOOD;
	case PATH_MISSING:
	case PATH_BROKEN: return LOOK_BAD;
	case PATH_SENT:
	case PATH_PASSES: return LOOK_NORMAL;
	case PATH_UNKNOWN:
	case PATH_MEASURING: break;
	}
	return LOOK_DIM;
}

static size_t width_of(const struct canvas *canvas)
{
	return canvas->columns < WIDEST ? canvas->columns : WIDEST;
}

static size_t place_column(const struct canvas *canvas, size_t place)
{
	return FIRST_PLACE + place * (width_of(canvas) - FIRST_PLACE - 12) / PATH_PARTS;
}

/* Under or over a place, in its middle, as far as the neighbours leave room. */
static void put_at_place(struct canvas *canvas, size_t row, size_t place, enum look look,
			 const char *text)
{
	const size_t apart = place_column(canvas, 1) - place_column(canvas, 0);
	/* Beside the last one there is more room. */
	const size_t room = place < PATH_PLACES - 1 ? apart - 2 : apart + 4;
	const size_t width = text_width(text) < room ? text_width(text) : room;
	const size_t middle = place_column(canvas, place) + 1;
	size_t from = middle > width / 2 ? middle - width / 2 : 0;

	if (from + width > canvas->columns)
		from = canvas->columns - width;
	canvas_put_within(canvas, row, from, room, look, text);
}

static void draw_names(struct canvas *canvas, size_t row)
{
	const char *const names[PATH_PLACES] = { _("this laptop"), _("router"), _("provider"),
						 _("the other phone") };

	for (size_t place = 0; place < PATH_PLACES; place++)
		put_at_place(canvas, row, place, LOOK_NORMAL, names[place]);
}

static enum symbol line_of(const struct path *path, enum path_part part, enum path_state state)
{
	switch (state) {
	case PATH_OK:
	case PATH_HEARD: return SYMBOL_LINE_OK;
	case PATH_PASSES:
	case PATH_SENT: return SYMBOL_LINE_PASSES;
	case PATH_MISSING:
	case PATH_BROKEN: return path->proven[part] ? SYMBOL_LINE_PASSES : SYMBOL_LINE_UNKNOWN;
	case PATH_UNKNOWN:
	case PATH_MEASURING: break;
	}
	return SYMBOL_LINE_UNKNOWN;
}

static void draw_part(struct canvas *canvas, size_t row, const struct path *path,
		      enum path_part part)
{
	const enum path_state state = path_joined(path, part);

	size_t from = place_column(canvas, part) + PLACE_CELLS;
	size_t to = place_column(canvas, part + 1);
	const enum symbol line = line_of(path, part, state);
	const size_t step = line == SYMBOL_LINE_UNKNOWN ? 2 : 1;

	for (size_t column = from + step - 1; column < to; column += step)
		canvas_symbol(canvas, row, column, look_of(state), line);
	if (state == PATH_BROKEN)
		canvas_symbol(canvas, row, (from + to) / 2, LOOK_BAD, SYMBOL_CROSS);
}

static void draw_line(struct canvas *canvas, size_t row, const struct path *path)
{
	static const char *const boxes[] = {
		[PATH_UNMARKED] = "[ ]", [PATH_FAULT] = "[!]", [PATH_THIS_SIDE] = "[?]"
	};

	for (size_t place = 0; place < PATH_PLACES; place++)
		canvas_put(canvas, row, place_column(canvas, place),
			   path->mark[place] ? LOOK_BAD : LOOK_NORMAL, boxes[path->mark[place]]);
	for (enum path_part part = 0; part < PATH_PARTS; part++)
		draw_part(canvas, row, path, part);
}

/* A state in a word, where there is little room. */
static const char *state_word(enum path_state state)
{
	switch (state) {
	case PATH_UNKNOWN: return _("unknown");
	case PATH_MEASURING: return _("running");
	case PATH_PASSES: return _("passes");
	case PATH_BROKEN: return _("fault");
	case PATH_SENT:
	case PATH_HEARD:
	case PATH_OK:
	case PATH_MISSING: break;
	}
	return say(path_state_words(state));
}

/* The state in words; of a break the place, as far as there is room for it. */
static void put_state(struct canvas *canvas, size_t row, size_t column, size_t room,
		      const struct path *path, size_t part, enum path_state state)
{
	const char *words = say(path_state_words(state));
	char where[100] = "";

	if (state >= PATH_MISSING) {
		const size_t behind =
			canvas_symbol(canvas, row, column, LOOK_BAD, SYMBOL_CROSS) + 1;

		room -= behind - column;
		column = behind;
	}
	if (state == PATH_BROKEN && part == PATH_TO_PROVIDER && path->hop) {
		/* TRANSLATORS: where the voice is lost: "at 203.0.113.9", "at router 3" */
		snprintf(where, sizeof where, _("at %s"),
			 path->hop_address ? path->hop_address : "");
		if (!path->hop_address || text_width(where) > room)
			snprintf(where, sizeof where, _("at router %u"), path->hop);
	}
	if (*where && text_width(where) <= room)
		words = where;
	else if (text_width(words) > room)
		words = state_word(state);
	canvas_put_within(canvas, row, column, room, look_of(state), words);
}

static void draw_direction(struct canvas *canvas, size_t row, const char *from, const char *to,
			   const struct path *path, const enum path_state state[PATH_PARTS])
{
	const size_t ends = 2 + text_width(from) + 1 + ARROW_CELLS + 1 + text_width(to) + 2;
	const size_t states = ends > STATES_FROM ? ends : STATES_FROM;
	const size_t room = (width_of(canvas) - states) / PATH_PARTS;
	size_t column = canvas_put(canvas, row, 2, LOOK_NORMAL, from);

	column = canvas_symbol(canvas, row, column + 1, LOOK_NORMAL, SYMBOL_ARROW);
	canvas_put(canvas, row, column + 1, LOOK_NORMAL, to);
	for (size_t part = 0; part < PATH_PARTS; part++)
		put_state(canvas, row, states + part * room, room - 1, path, part, state[part]);
}

static void draw_labels(struct canvas *canvas, size_t row, const char *const label[PATH_PLACES])
{
	for (size_t place = 0; place < PATH_PLACES; place++)
		if (label[place])
			put_at_place(canvas, row, place, LOOK_DIM, label[place]);
}

void path_draw(struct canvas *canvas, size_t top, size_t rows, const struct path *path)
{
	if (rows > 2) {
		draw_names(canvas, top++);
		draw_line(canvas, top++, path);
	}
	for (size_t i = 0; rows > 4 + i; i++)
		draw_labels(canvas, top++, path->label[i]);
	draw_direction(canvas, top, _("you"), _("them"), path, path->out);
	draw_direction(canvas, top + 1, _("them"), _("you"), path, path->in);
}
