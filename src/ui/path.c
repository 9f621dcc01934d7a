/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/path.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/intl.h"

enum {
	ROWS_FULL = 24,  /* from here on the picture is drawn */
	ROWS_NAMES = 28, /* and the names of its places under it */
	WIDEST = 110,
	PLACE_CELLS = 3, /* "[ ]" */
	FIRST_PLACE = 8,
	STATES_FROM = 17, /* behind "you --> them" */
	ARROW_CELLS = 3,
};

static bool runs(const struct wizard_check *checks, size_t count, const char *const *names)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; names[k]; k++)
			if (checks[i].stage == WIZARD_CHECK_RUNNING &&
			    !strcmp(checks[i].check->name, names[k]))
				return true;
	return false;
}

/* The place of a finding: the hop where it is known, else whose side it is. */
static size_t place_of(const struct finding *finding)
{
	if (finding->hop)
		return finding->hop == 1 ? PATH_ROUTER : PATH_PLACES;
	if (!strcmp(finding->kind->check, "local"))
		return PATH_LAPTOP;
	return finding->side == SIDE_PROVIDER ? PATH_PROVIDER : PATH_PLACES;
}

static void add_fault(struct path *path, const struct finding *finding)
{
	size_t place = place_of(finding);
	size_t part = place == PATH_LAPTOP ? PATH_TO_ROUTER : PATH_TO_PROVIDER;

	if (finding->severity != SEVERITY_FAULT || finding->direction == DIRECTION_NONE)
		return;
	if (place < PATH_PLACES)
		path->fault_at[place] = true;
	if (finding->direction != DIRECTION_IN)
		path->out[part] = PATH_BROKEN;
	if (finding->direction != DIRECTION_OUT)
		path->in[part] = PATH_BROKEN;
}

static enum path_state rtp_state(const struct facts *facts, const char *name,
				 enum path_state otherwise)
{
	if (facts_is(facts, name, "open"))
		return PATH_OK;
	return facts_is(facts, name, "blocked") ? PATH_BROKEN : otherwise;
}

static void set_measured(struct path *path, const struct facts *facts)
{
	const bool udp = facts_is(facts, "udp.open", "yes");

	if (udp) {
		/* An answer came back through the router; from whom, says nothing of the provider's
		 * media. */
		path->out[PATH_TO_ROUTER] = path->in[PATH_TO_ROUTER] = PATH_OK;
		path->out[PATH_TO_PROVIDER] = path->in[PATH_TO_PROVIDER] = PATH_PASSES;
	}
	path->out[PATH_TO_PROVIDER] = rtp_state(facts, "rtp.out", path->out[PATH_TO_PROVIDER]);
	path->in[PATH_TO_PROVIDER] = rtp_state(facts, "rtp.in", path->in[PATH_TO_PROVIDER]);
}

static const char *known_text(const struct facts *facts, const char *name)
{
	return facts_known(facts, name) && json_is_string(facts_get(facts, name))
		       ? facts_text(facts, name)
		       : NULL;
}

void path_of(struct path *out, const struct session *session, const struct wizard_check *checks,
	     size_t check_count)
{
	static const char *const tell_router[] = { "local", "stun", NULL };
	static const char *const tell_provider[] = { "stun",    "alg",  "ports", "turn",
						     "quality", "call", NULL };

	*out = (struct path){ 0 };
	set_measured(out, &session->facts);
	/* While a check runs again, what it said before may be over. */
	if (runs(checks, check_count, tell_router))
		out->out[PATH_TO_ROUTER] = out->in[PATH_TO_ROUTER] = PATH_MEASURING;
	if (runs(checks, check_count, tell_provider))
		out->out[PATH_TO_PROVIDER] = out->in[PATH_TO_PROVIDER] = PATH_MEASURING;
	for (size_t i = 0; i < session->finding_count; i++)
		add_fault(out, session->findings[i]);
	out->address[PATH_LAPTOP] = known_text(&session->facts, "net.address");
	out->address[PATH_ROUTER] = known_text(&session->facts, "net.gateway");
	out->address[PATH_PROVIDER] = session_site_text(session, "provider.domain");
}

const char *path_state_text(enum path_state state)
{
	switch (state) {
	case PATH_UNKNOWN: return _("not known yet");
	case PATH_MEASURING: return _("measuring …");
	case PATH_PASSES: return _("packets pass");
	case PATH_OK: return _("ok");
	case PATH_BROKEN: return _("fault here");
	}
	return "";
}

size_t path_rows(size_t screen_rows)
{
	return screen_rows >= ROWS_NAMES ? 5 : screen_rows >= ROWS_FULL ? 4 : 2;
}

static enum look look_of(enum path_state state)
{
	switch (state) {
	case PATH_OK: return LOOK_GOOD;
	case PATH_BROKEN: return LOOK_BAD;
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

/* Both directions of a part in one line: the worse of what is known, else the less sure. */
static enum path_state joined(enum path_state out, enum path_state in)
{
	if (out == PATH_BROKEN || in == PATH_BROKEN)
		return PATH_BROKEN;
	return out < in ? out : in;
}

static void draw_part(struct canvas *canvas, size_t row, size_t part, enum path_state state)
{
	size_t from = place_column(canvas, part) + PLACE_CELLS;
	size_t to = place_column(canvas, part + 1);
	enum symbol line = state == PATH_OK                               ? SYMBOL_LINE_OK
			   : state == PATH_PASSES || state == PATH_BROKEN ? SYMBOL_LINE_PASSES
									  : SYMBOL_LINE_UNKNOWN;
	const size_t step = state == PATH_UNKNOWN || state == PATH_MEASURING ? 2 : 1;

	for (size_t column = from + step - 1; column < to; column += step)
		canvas_symbol(canvas, row, column, look_of(state), line);
	if (state == PATH_BROKEN)
		canvas_symbol(canvas, row, (from + to) / 2, LOOK_BAD, SYMBOL_CROSS);
}

static void draw_line(struct canvas *canvas, size_t row, const struct path *path)
{
	for (size_t place = 0; place < PATH_PLACES; place++)
		canvas_put(canvas, row, place_column(canvas, place),
			   path->fault_at[place] ? LOOK_BAD : LOOK_NORMAL,
			   path->fault_at[place] ? "[!]" : "[ ]");
	for (size_t part = 0; part < PATH_PARTS; part++)
		draw_part(canvas, row, part, joined(path->out[part], path->in[part]));
}

/* The same in a word, where there is little room. */
static const char *state_word(enum path_state state)
{
	switch (state) {
	case PATH_UNKNOWN: return _("unknown");
	case PATH_MEASURING: return _("running");
	case PATH_PASSES: return _("passes");
	case PATH_OK: return _("ok");
	case PATH_BROKEN: return _("fault");
	}
	return "";
}

static bool fits(const enum path_state state[PATH_PARTS], size_t room)
{
	for (size_t part = 0; part < PATH_PARTS; part++)
		if (text_width(path_state_text(state[part])) +
			    (state[part] == PATH_BROKEN ? 2 : 0) >
		    room)
			return false;
	return true;
}

static void draw_direction(struct canvas *canvas, size_t row, const char *from, const char *to,
			   const enum path_state state[PATH_PARTS])
{
	const size_t ends = 2 + text_width(from) + 1 + ARROW_CELLS + 1 + text_width(to) + 2;
	const size_t states = ends > STATES_FROM ? ends : STATES_FROM;
	const size_t room = (width_of(canvas) - states) / PATH_PARTS;
	const bool whole = fits(state, room - 1);
	size_t column = canvas_put(canvas, row, 2, LOOK_NORMAL, from);

	column = canvas_symbol(canvas, row, column + 1, LOOK_NORMAL, SYMBOL_ARROW);
	canvas_put(canvas, row, column + 1, LOOK_NORMAL, to);
	for (size_t part = 0; part < PATH_PARTS; part++) {
		size_t at = states + part * room;

		if (state[part] == PATH_BROKEN)
			at = canvas_symbol(canvas, row, at, LOOK_BAD, SYMBOL_CROSS) + 1;
		canvas_put_within(canvas, row, at, states + (part + 1) * room - at - 1,
				  look_of(state[part]),
				  whole ? path_state_text(state[part]) : state_word(state[part]));
	}
}

void path_draw(struct canvas *canvas, size_t top, const struct path *path)
{
	const size_t rows = path_rows(canvas->rows);

	if (rows > 2) {
		draw_names(canvas, top++);
		draw_line(canvas, top++, path);
	}
	if (rows > 4) {
		for (size_t place = 0; place < PATH_PLACES; place++)
			if (path->address[place])
				put_at_place(canvas, top, place, LOOK_DIM, path->address[place]);
		top++;
	}
	draw_direction(canvas, top, _("you"), _("them"), path->out);
	draw_direction(canvas, top + 1, _("them"), _("you"), path->in);
}
