/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of the voice as a picture: four places, what lies between them, both directions, the
 * break. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/parts.h"
#include "report/picture.h"
#include "report/wording.h"

enum {
	PICTURE_COLUMNS_MIN = 60, /* the smallest sheet on which the names still stand beside each
				     other */
	STATES_FROM = 17,
};

static bool is_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

char picture_mark(const struct picture *picture, enum path_place place)
{
	static const char marks[] = {
		[PATH_UNMARKED] = ' ', [PATH_FAULT] = '!', [PATH_THIS_SIDE] = '?'
	};

	return marks[picture->path.mark[place]];
}

static bool any_mark(const struct picture *picture, enum path_mark mark)
{
	for (size_t place = 0; place < PATH_PLACES; place++)
		if (picture->path.mark[place] == mark)
			return true;
	return false;
}

static bool is_broken(const struct picture *picture, enum path_part part)
{
	return path_joined(&picture->path, part) == PATH_BROKEN;
}

/* A check that never ended measures nothing any more. */
static void end_measuring(enum path_state way[PATH_PARTS])
{
	for (size_t part = 0; part < PATH_PARTS; part++)
		if (way[part] == PATH_MEASURING)
			way[part] = PATH_UNKNOWN;
}

static void fill(struct picture *picture, const struct view *view)
{
	*picture = (struct picture){
		.name = { _("phone, laptop"), _("router"), _("provider"), _("other phone") },
	};
	path_of(&picture->path, view->session);
	end_measuring(picture->path.out);
	end_measuring(picture->path.in);
}

static void put(struct buf *line, const char *text)
{
	if (buf_add_text(line, text))
		abort();
}

static void put_many(struct buf *line, const char *text, size_t count)
{
	while (count--)
		put(line, text);
}

/* Names or addresses, each in the middle of its quarter; what does not fit there is left out. */
static void draw_labels(struct sheet *sheet, const char *const labels[PATH_PLACES])
{
	const size_t quarter = sheet->columns / PATH_PLACES;
	struct buf line;

	buf_init(&line, sheet->columns * 8);
	for (size_t i = 0; i < PATH_PLACES; i++) {
		char *shown = sheet_clean_line(sheet, labels[i] ? labels[i] : "");
		size_t width = text_width(shown);

		if (width >= quarter)
			width = 0;
		put_many(&line, " ", (quarter - width) / 2);
		put(&line, width ? shown : "");
		put_many(&line, " ", quarter - width - (quarter - width) / 2);
		free(shown);
	}
	sheet_drawn(sheet, buf_text(&line));
	buf_clear(&line);
}

static const char *cross_on(const struct sheet *sheet)
{
	return sheet->utf8 ? "\u2717" : "X";
}

static void draw_gap(const struct sheet *sheet, struct buf *line, const struct picture *picture,
		     enum path_part gap, size_t width)
{
	for (size_t i = 0; i < width; i++) {
		if (is_broken(picture, gap) && i == width / 2)
			put(line, cross_on(sheet));
		else if (picture->path.proven[gap])
			put(line, sheet->utf8 ? "\u2550" : "=");
		else
			put(line, i % 2 ? " " : sheet->utf8 ? "\u2500" : "-");
	}
}

static void draw_way(struct sheet *sheet, const struct picture *picture)
{
	enum { BOX = 3 };
	const size_t quarter = sheet->columns / PATH_PLACES;
	struct buf line;

	buf_init(&line, sheet->columns * 8);
	put_many(&line, " ", (quarter - BOX) / 2);
	for (size_t i = 0; i < PATH_PLACES; i++) {
		if (buf_printf(&line, "[%c]", picture_mark(picture, (enum path_place)i)))
			abort();
		if (i < PATH_PARTS)
			draw_gap(sheet, &line, picture, (enum path_part)i, quarter - BOX);
	}
	sheet_drawn(sheet, buf_text(&line));
	buf_clear(&line);
}

/* One direction part by part, as it stands under the picture on the screen. */
static char *state_words(const struct sheet *sheet, const struct path *path, enum path_part part,
			 enum path_state state, size_t room)
{
	const bool behind = state == PATH_BROKEN && part == PATH_TO_PROVIDER && path->hop;
	const char *cross = state >= PATH_MISSING ? cross_on(sheet) : "";

	if (behind && path->hop_address && text_width(path->hop_address) + 6 < room)
		return mem_printf(_("%s at %s"), cross, path->hop_address);
	if (behind)
		return mem_printf(_("%s at router %u"), cross, path->hop);
	return mem_printf("%s%s%s", cross, *cross ? " " : "",
			  state == PATH_UNKNOWN ? _("not known") : _(path_state_words(state)));
}

static void draw_states(struct sheet *sheet, const struct picture_way *way, const struct path *path,
			const enum path_state state[PATH_PARTS])
{
	const size_t room = (sheet->columns - STATES_FROM) / PATH_PARTS;
	struct buf line;

	buf_init(&line, sheet->columns * 8);
	put(&line, "  ");
	put(&line, way->name);
	for (enum path_part part = 0; part < PATH_PARTS; part++) {
		const size_t at = STATES_FROM + part * room, width = text_width(buf_text(&line));
		char *words = state_words(sheet, path, part, state[part], room);
		char *shown = sheet_clean_line(sheet, words);

		put_many(&line, " ", width < at ? at - width : 1);
		put(&line, shown);
		free(shown);
		free(words);
	}
	sheet_drawn(sheet, buf_text(&line));
	buf_clear(&line);
}

/* What is known of one direction: measured, else the person's ears are the witness. */
static struct picture_way way_of(const struct view *view, enum direction way, const char *name)
{
	const enum direction missing = view_direction(view);
	const char *symptom = view_answer(view, "symptom");
	const char *measured =
		facts_text(&view->facts, way == DIRECTION_OUT ? "rtp.out" : "rtp.in");

	if (view_mended(view))
		return (struct picture_way){ name, _("heard again"), PICTURE_GOOD, false };
	if (!strcmp(measured, "blocked"))
		return (struct picture_way){ name, _("blocked, as measured"), PICTURE_BAD, false };
	if (!strcmp(measured, "open"))
		return (struct picture_way){ name, _("gets through, as measured"), PICTURE_GOOD,
					     false };
	if (missing == way || missing == DIRECTION_BOTH)
		return (struct picture_way){ name, _("missing"), PICTURE_BAD, true };
	if (is_text(symptom, way == DIRECTION_OUT ? "near-cannot-hear" : "far-cannot-hear"))
		return (struct picture_way){ name, _("heard"), PICTURE_GOOD, true };
	if (is_text(symptom, "stops"))
		return (struct picture_way){ name, _("there, then stops (one way or both)"),
					     PICTURE_UNKNOWN, false };
	if (is_text(symptom, "choppy"))
		return (struct picture_way){ name, _("there, but choppy or late (one way or both)"),
					     PICTURE_UNKNOWN, false };
	return (struct picture_way){ name, _("not known"), PICTURE_UNKNOWN, true };
}

static char *place_words(const struct path *path)
{
	const char *address = path->fault && path->fault->address ? path->fault->address : "";

	if (path->fault && path->fault_place < PATH_PLACES &&
	    path->mark[path->fault_place] == PATH_FAULT) {
		if (path->fault_place == PATH_LAPTOP)
			return mem_text(_("on this laptop"));
		if (path->fault_place == PATH_ROUTER)
			return mem_printf(_("at the router %s"), address);
	}
	if (path->fault && path->hop)
		return mem_printf(_("at or just behind hop %u %s"), path->hop, address);
	if (path->mark[PATH_PROVIDER])
		return mem_text(_("on the provider's side; where there is not known"));
	if (path->mark[PATH_LAPTOP] == PATH_THIS_SIDE)
		return mem_text(_("in the phone"));
	return mem_text(_("not known"));
}

static void tell_way(struct sheet *sheet, const struct picture_way *way, bool drawn)
{
	if (!drawn || !way->drawn)
		sheet_item(sheet, PART_LABEL, way->name, "%s", way->words);
}

static void tell_directions(struct sheet *sheet, const struct picture *picture, bool drawn)
{
	if (!drawn || !picture->out.drawn || !picture->in.drawn || picture->where)
		sheet_gap(sheet);
	tell_way(sheet, &picture->out, drawn);
	tell_way(sheet, &picture->in, drawn);
	if (picture->where)
		sheet_item(sheet, PART_LABEL, _("the fault is"), "%s", picture->where);
}

static bool any_broken(const struct picture *picture)
{
	for (enum path_part part = 0; part < PATH_PARTS; part++)
		if (is_broken(picture, part))
			return true;
	return false;
}

static void draw_legend(struct sheet *sheet, const struct picture *picture)
{
	struct phrase legend;

	phrase_init(&legend);
	legend.separator = "   ";
	phrase_add(&legend, "%s %s",
		   sheet->utf8 ? "\u2550\u2550\u2550" : "===", _("measured, packets pass"));
	phrase_add(&legend, "%s %s", sheet->utf8 ? "\u2500 \u2500" : "- -", _("not measured"));
	if (any_mark(picture, PATH_FAULT))
		phrase_add(&legend, "[!] %s", _("the fault"));
	if (any_mark(picture, PATH_THIS_SIDE))
		phrase_add(&legend, "[?] %s", _("on this side"));
	if (any_broken(picture) && !any_mark(picture, PATH_FAULT))
		phrase_add(&legend, "%s %s", cross_on(sheet), _("the fault"));
	sheet_text(sheet, "%s", phrase_text(&legend));
	phrase_clear(&legend);
}

static bool any_label(const struct path *path, size_t row)
{
	for (size_t place = 0; place < PATH_PLACES; place++)
		if (path->label[row][place])
			return true;
	return false;
}

static void draw(struct sheet *sheet, const struct picture *picture)
{
	const struct path *path = &picture->path;

	sheet_gap(sheet);
	draw_labels(sheet, picture->name);
	draw_way(sheet, picture);
	for (size_t row = 0; row < PATH_LABELS; row++)
		if (any_label(path, row))
			draw_labels(sheet, path->label[row]);
	draw_states(sheet, &picture->out, path, path->out);
	draw_states(sheet, &picture->in, path, path->in);
	draw_legend(sheet, picture);
}

void part_picture(struct sheet *sheet, const struct view *view)
{
	struct picture picture;
	bool drawn = false;

	fill(&picture, view);
	picture.out = way_of(view, DIRECTION_OUT, _("you -> them"));
	picture.in = way_of(view, DIRECTION_IN, _("them -> you"));
	picture.where = view_mended(view) ? NULL : place_words(&picture.path);
	if (sheet->form->picture) {
		sheet->form->picture(sheet, &picture);
	} else if (sheet->columns >= PICTURE_COLUMNS_MIN) {
		draw(sheet, &picture);
		drawn = true;
	}
	tell_directions(sheet, &picture, drawn);
	free(picture.where);
}
