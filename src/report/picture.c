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

/* The smallest sheet on which the names still stand beside each other. */
enum { PICTURE_COLUMNS_MIN = 60, GAPS = PICTURE_GAPS };

static bool is_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* Where the main finding says, else whose side the verdict names. A place is never guessed. */
static void mark_fault(struct picture *picture, const struct view *view)
{
	const struct finding *finding = view_main_finding(view);
	const char *side = view_verdict(view, "side");

	if (finding && finding->address &&
	    is_text(finding->address, picture->address[PLACE_LAPTOP]))
		picture->mark[PLACE_LAPTOP] = '!';
	else if (finding &&
		 (finding->hop == 1 || is_text(finding->address, picture->address[PLACE_ROUTER])))
		picture->mark[PLACE_ROUTER] = '!';
	else if (finding && finding->hop > 1)
		picture->cut[PLACE_ROUTER] = true;
	else if (is_text(side, "provider"))
		picture->mark[PLACE_PROVIDER] = '?';
	else if (is_text(side, "phone"))
		picture->mark[PLACE_LAPTOP] = '?';
}

static void fill(struct picture *picture, const struct view *view)
{
	const struct facts *facts = &view->facts;
	const char *domain = session_site_text(view->session, "provider.domain");

	*picture = (struct picture){
		.name = { _("phone, laptop"), _("router"), _("provider"), _("other phone") },
		.address = { view_fact(view, "net.address"), view_fact(view, "net.gateway"),
			     mem_text(domain) },
		.mark = "    ",
	};
	/* A STUN server proves the way out of the site; the way to the provider is proven by the
	 * provider alone. */
	picture->proven[PLACE_ROUTER] =
		facts_known(facts, "sip.server") || facts_is(facts, "sip.udp", "open") ||
		facts_is(facts, "sip.tcp", "open") || facts_is(facts, "sip.tls", "open");
	picture->proven[PLACE_LAPTOP] =
		picture->proven[PLACE_ROUTER] || facts_is(facts, "udp.open", "yes");
	if (!view_mended(view))
		mark_fault(picture, view);
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
static void draw_labels(struct sheet *sheet, const char *const *labels)
{
	const size_t quarter = sheet->columns / PLACES;
	struct buf line;

	buf_init(&line, sheet->columns * 8);
	for (size_t i = 0; i < PLACES; i++) {
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

static void draw_gap(const struct sheet *sheet, struct buf *line, const struct picture *picture,
		     size_t gap, size_t width)
{
	for (size_t i = 0; i < width; i++) {
		if (picture->cut[gap] && i == width / 2)
			put(line, sheet->utf8 ? "\u2717" : "X");
		else if (picture->proven[gap])
			put(line, sheet->utf8 ? "\u2550" : "=");
		else
			put(line, i % 2 ? " " : sheet->utf8 ? "\u2500" : "-");
	}
}

static void draw_way(struct sheet *sheet, const struct picture *picture)
{
	enum { BOX = 3 };
	const size_t quarter = sheet->columns / PLACES;
	struct buf line;

	buf_init(&line, sheet->columns * 8);
	put_many(&line, " ", (quarter - BOX) / 2);
	for (size_t i = 0; i < PLACES; i++) {
		if (buf_printf(&line, "[%c]", picture->mark[i]))
			abort();
		if (i < GAPS)
			draw_gap(sheet, &line, picture, i, quarter - BOX);
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
		return (struct picture_way){ name, _("heard again"), PICTURE_GOOD };
	if (!strcmp(measured, "blocked"))
		return (struct picture_way){ name, _("blocked, as measured"), PICTURE_BAD };
	if (!strcmp(measured, "open"))
		return (struct picture_way){ name, _("gets through, as measured"), PICTURE_GOOD };
	if (missing == way || missing == DIRECTION_BOTH)
		return (struct picture_way){ name, _("missing"), PICTURE_BAD };
	if (is_text(symptom, way == DIRECTION_OUT ? "near-cannot-hear" : "far-cannot-hear"))
		return (struct picture_way){ name, _("heard"), PICTURE_GOOD };
	if (is_text(symptom, "stops"))
		return (struct picture_way){ name, _("there, then stops (one way or both)"),
					     PICTURE_UNKNOWN };
	if (is_text(symptom, "choppy"))
		return (struct picture_way){ name, _("there, but choppy or late (one way or both)"),
					     PICTURE_UNKNOWN };
	return (struct picture_way){ name, _("not known"), PICTURE_UNKNOWN };
}

static char *place_words(const struct picture *picture, const struct finding *finding)
{
	const char *address = finding && finding->address ? finding->address : "";

	if (picture->mark[PLACE_LAPTOP] == '!')
		return mem_text(_("on this laptop"));
	if (picture->mark[PLACE_ROUTER] == '!')
		return mem_printf(_("at the router %s"), address);
	if (picture->cut[PLACE_ROUTER])
		return mem_printf(_("at or just behind hop %u %s"), finding->hop, address);
	if (picture->mark[PLACE_PROVIDER] == '?')
		return mem_text(_("on the provider's side; where there is not known"));
	if (picture->mark[PLACE_LAPTOP] == '?')
		return mem_text(_("in the phone"));
	return mem_text(_("not known"));
}

static void tell_way(struct sheet *sheet, const struct picture_way *way)
{
	sheet_item(sheet, PART_LABEL, way->name, "%s", way->words);
}

static void tell_directions(struct sheet *sheet, const struct picture *picture)
{
	tell_way(sheet, &picture->out);
	tell_way(sheet, &picture->in);
	if (picture->where)
		sheet_item(sheet, PART_LABEL, _("the fault is"), "%s", picture->where);
}

static void draw_legend(struct sheet *sheet, const struct picture *picture)
{
	struct phrase legend;

	phrase_init(&legend);
	legend.separator = "   ";
	phrase_add(&legend, "%s %s",
		   sheet->utf8 ? "\u2550\u2550\u2550" : "===", _("measured, packets pass"));
	phrase_add(&legend, "%s %s", sheet->utf8 ? "\u2500 \u2500" : "- -", _("not measured"));
	if (memchr(picture->mark, '!', PLACES))
		phrase_add(&legend, "[!] %s", _("the fault"));
	if (memchr(picture->mark, '?', PLACES))
		phrase_add(&legend, "[?] %s", _("on this side"));
	if (picture->cut[PLACE_ROUTER])
		phrase_add(&legend, "%s %s", sheet->utf8 ? "\u2717" : "X", _("the fault"));
	sheet_text(sheet, "%s", phrase_text(&legend));
	phrase_clear(&legend);
}

static void draw(struct sheet *sheet, const struct picture *picture)
{
	sheet_gap(sheet);
	draw_labels(sheet, picture->name);
	draw_way(sheet, picture);
	if (picture->address[PLACE_LAPTOP] || picture->address[PLACE_ROUTER] ||
	    picture->address[PLACE_PROVIDER])
		draw_labels(sheet, (const char *const *)picture->address);
	draw_legend(sheet, picture);
}

void part_picture(struct sheet *sheet, const struct view *view)
{
	struct picture picture;

	fill(&picture, view);
	picture.out = way_of(view, DIRECTION_OUT, _("you -> them"));
	picture.in = way_of(view, DIRECTION_IN, _("them -> you"));
	picture.where = view_mended(view) ? NULL : place_words(&picture, view_main_finding(view));
	if (sheet->form->picture)
		sheet->form->picture(sheet, &picture);
	else if (sheet->columns >= PICTURE_COLUMNS_MIN)
		draw(sheet, &picture);
	sheet_gap(sheet);
	tell_directions(sheet, &picture);
	free(picture.where);
	for (size_t i = 0; i < PLACES; i++)
		free(picture.address[i]);
}
