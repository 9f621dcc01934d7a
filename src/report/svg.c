/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/svg.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/html.h"
#include "report/wording.h"

/* In the drawing's own units. */
enum {
	WIDTH = 880,
	HEIGHT = 236,
	QUARTER = WIDTH / PATH_PLACES,
	BOX_WIDTH = 150,
	BOX_TOP = 70,
	BOX_HEIGHT = 62,
	WAY = BOX_TOP + BOX_HEIGHT / 2,
	OUT = 36, /* the arrow from here to there, */
	IN = 172, /* and the one back */
	ARROW_LEFT = QUARTER / 2,
	ARROW_RIGHT = WIDTH - QUARTER / 2,
	LEGEND = 222,
	LABEL_CELLS = 20, /* a longer name is cut: the table below has all of it */
};

static int middle(size_t place)
{
	return (int)place * QUARTER + QUARTER / 2;
}

static void put_clean(struct sheet *sheet, const char *text)
{
	char *clean = sheet_clean_line(sheet, text);

	html_put_text(sheet, clean);
	free(clean);
}

static void put_label(struct sheet *sheet, int x, int y, const char *look, const char *text)
{
	char *clean = sheet_clean_line(sheet, text);
	const size_t fits = text_fit(clean, LABEL_CELLS);
	const bool cut = clean[fits];

	clean[fits] = 0;
	html_put(sheet, "<text x=\"%d\" y=\"%d\"%s>", x, y, look);
	html_put_text(sheet, clean);
	html_put(sheet, "%s</text>\n", cut ? "\u2026" : "");
	free(clean);
}

static void draw_place(struct sheet *sheet, const struct picture *picture, enum path_place place)
{
	const char mark = picture_mark(picture, place);
	const char *const *label = picture->path.label[0];
	const char *look = mark == '!' ? " bad" : mark == '?' ? " maybe" : "";

	html_put(sheet,
		 "<rect class=\"box%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n",
		 look, middle(place) - BOX_WIDTH / 2, BOX_TOP, BOX_WIDTH, BOX_HEIGHT);
	put_label(sheet, middle(place), label[place] ? WAY - 5 : WAY + 5, "", picture->name[place]);
	if (label[place])
		put_label(sheet, middle(place), WAY + 17, " class=\"dim\"", label[place]);
	if (mark != ' ')
		html_put(sheet, "<text class=\"bad\" x=\"%d\" y=\"%d\">%c</text>\n",
			 middle(place) + BOX_WIDTH / 2 - 12, BOX_TOP + 18, mark);
}

static void draw_cross(struct sheet *sheet, int x, int y)
{
	html_put(sheet, "<path class=\"cut\" d=\"M%d %dl18 18m0 -18l-18 18\"/>\n", x - 9, y - 9);
}

static void draw_gap(struct sheet *sheet, const struct picture *picture, enum path_part gap)
{
	const struct path *path = &picture->path;
	const int from = middle(gap) + BOX_WIDTH / 2, to = middle(gap + 1) - BOX_WIDTH / 2;

	html_put(sheet, "<path class=\"way%s\" d=\"M%d %dH%d\"/>\n",
		 path->proven[gap] ? " proven" : "", from, WAY, to);
	if (path_joined(path, gap) != PATH_BROKEN)
		return;
	draw_cross(sheet, (from + to) / 2, WAY);
	if (gap == PATH_TO_PROVIDER && path->hop_address)
		put_label(sheet, (from + to) / 2, BOX_TOP - 6, " class=\"dim\"", path->hop_address);
}

static const char *look_of(enum picture_state state)
{
	static const char *const looks[] = { "open", "good", "bad" };

	return looks[state];
}

/* Where the fault lies, as far as that is known; else 0. */
static int fault_at(const struct picture *picture)
{
	const struct path *path = &picture->path;

	if (path->fault && path->fault_place < PATH_PLACES &&
	    path->mark[path->fault_place] == PATH_FAULT)
		return middle(path->fault_place);
	return path->hop ? middle(PATH_TO_PROVIDER) + QUARTER / 2 : 0;
}

/* An arrow over the whole way, with its name at the one end and what is known at the other; broken
 * at `cross` where that is not 0. */
static void draw_arrow(struct sheet *sheet, const struct picture_way *way, int y, bool to_right,
		       int cross)
{
	const char *look = look_of(way->state);
	const int tip = to_right ? ARROW_RIGHT : ARROW_LEFT, back = to_right ? -11 : 11;

	html_put(sheet, "<path class=\"arrow %s\" d=\"M%d %dH%d\"/>\n", look, ARROW_LEFT, y,
		 ARROW_RIGHT);
	html_put(sheet,
		 "<path class=\"arrow %s\" style=\"stroke-dasharray:none\" d=\"M%d %dl%d -7m%d "
		 "7l%d 7\"/>\n",
		 look, tip, y, back, -back, back);
	if (way->state == PICTURE_BAD && cross)
		draw_cross(sheet, cross, y);
	html_put(sheet, "<text class=\"side\" x=\"%d\" y=\"%d\">", ARROW_LEFT, y - 12);
	put_clean(sheet, way->name);
	html_put(sheet, "</text>\n<text class=\"end %s\" x=\"%d\" y=\"%d\">", look, ARROW_RIGHT,
		 y - 12);
	put_clean(sheet, way->words);
	html_put(sheet, "</text>\n");
}

static void draw_legend(struct sheet *sheet)
{
	html_put(sheet,
		 "<path class=\"way proven\" d=\"M%d %dh40\"/>\n"
		 "<text class=\"side dim\" x=\"%d\" y=\"%d\">",
		 ARROW_LEFT, LEGEND - 5, ARROW_LEFT + 50, LEGEND);
	put_clean(sheet, _("measured, packets pass"));
	html_put(sheet,
		 "</text>\n<path class=\"way\" d=\"M%d %dh40\"/>\n"
		 "<text class=\"side dim\" x=\"%d\" y=\"%d\">",
		 WIDTH / 2, LEGEND - 5, WIDTH / 2 + 50, LEGEND);
	put_clean(sheet, _("not measured"));
	html_put(sheet, "</text>\n");
}

static void describe(struct sheet *sheet, const struct picture *picture)
{
	html_put(sheet, "<title id=\"path-title\">");
	put_clean(sheet, _("The way of the voice"));
	html_put(sheet, "</title>\n<desc id=\"path-desc\">");
	for (size_t i = 0; i < PATH_PLACES; i++) {
		html_put(sheet, "%s", i ? " - " : "");
		put_clean(sheet, picture->name[i]);
	}
	html_put(sheet, ". ");
	put_clean(sheet, picture->out.name);
	html_put(sheet, ": ");
	put_clean(sheet, picture->out.words);
	html_put(sheet, ". ");
	put_clean(sheet, picture->in.name);
	html_put(sheet, ": ");
	put_clean(sheet, picture->in.words);
	if (picture->where) {
		html_put(sheet, ". ");
		put_clean(sheet, _("the fault is"));
		html_put(sheet, " ");
		put_clean(sheet, picture->where);
	}
	html_put(sheet, ".</desc>\n");
}

void svg_draw(struct sheet *sheet, const struct picture *picture)
{
	html_put(sheet,
		 "<figure>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" "
		 "aria-labelledby=\"path-title path-desc\">\n",
		 WIDTH, HEIGHT);
	describe(sheet, picture);
	draw_arrow(sheet, &picture->out, OUT, true, fault_at(picture));
	for (enum path_part i = 0; i < PATH_PARTS; i++)
		draw_gap(sheet, picture, i);
	for (enum path_place i = 0; i < PATH_PLACES; i++)
		draw_place(sheet, picture, i);
	draw_arrow(sheet, &picture->in, IN, false, fault_at(picture));
	draw_legend(sheet);
	html_put(sheet, "</svg>\n</figure>\n");
}
