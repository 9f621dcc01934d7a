/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/live.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "ui/intl.h"

/* Most phones send a packet each 20 ms. */
static const double usual_rate = 50;
/* Fainter is silence to an ear. */
static const double silence_dbov = -60;

enum { LOSS_HEARD_PCT = 1 };

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static bool is_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static bool is_silent(const json_t *direction)
{
	const json_t *dbov = json_object_get(direction, "dbov");

	return json_is_number(dbov) && json_number_value(dbov) <= silence_dbov;
}

static enum look look_of(const json_t *call, const json_t *direction)
{
	if (!is_true(direction, "seen"))
		return is_true(call, "answered") ? LOOK_BAD : LOOK_NORMAL;
	if (is_silent(direction) || number(direction, "loss_pct") >= LOSS_HEARD_PCT ||
	    (number(direction, "packets_per_second") == 0 && !is_true(call, "ended")))
		return LOOK_WARN;
	return LOOK_GOOD;
}

/* "50 packets/s, 0.4 % lost, jitter 2.1 ms, level -23 dB"; of a call that is over, no rate. The
 * caller frees. */
static char *figures(const json_t *call, const json_t *direction)
{
	const json_t *dbov = json_object_get(direction, "dbov");
	char level[64] = "";

	if (!is_true(direction, "seen"))
		return mem_text(_("nothing"));
	if (json_is_number(dbov))
		snprintf(level, sizeof level, _(", level %.0f dB"), json_number_value(dbov));
	if (is_true(call, "ended"))
		return intl_printf(_("was there, %.1f %% lost, jitter %.1f ms%s"),
				   number(direction, "loss_pct"), number(direction, "jitter_ms"),
				   level);
	return intl_printf(_("%.0f packets/s, %.1f %% lost, jitter %.1f ms%s"),
			   number(direction, "packets_per_second"), number(direction, "loss_pct"),
			   number(direction, "jitter_ms"), level);
}

static void build_direction(struct page *page, const json_t *call, const char *key,
			    const char *label)
{
	const json_t *direction = json_object_get(call, key);
	const double rate = is_true(call, "ended") ? usual_rate * is_true(direction, "seen")
						   : number(direction, "packets_per_second");
	char *words = figures(call, direction);

	page_check(page, label, words, fmin(rate / usual_rate, 1), look_of(call, direction));
	free(words);
	if (!*text(direction, "meaning"))
		return;
	page->indent = PAGE_CHECK_LABEL;
	page_add(page, PAGE_DIM, say(text(direction, "meaning")));
	page->indent = 0;
}

static void build_call(struct page *page, const json_t *call)
{
	const unsigned seconds = (unsigned)number(call, "seconds");
	const char *state = is_true(call, "ended")      ? _("ended")
			    : is_true(call, "answered") ? _("answered")
							: _("not answered yet");

	page_add(page, PAGE_GAP, "");
	if (!*text(call, "from") && !*text(call, "to"))
		page_printf(page, PAGE_HEADING, _("Voice without a call that was seen  %02u:%02u"),
			    seconds / 60, seconds % 60);
	else
		page_printf(page, PAGE_HEADING, _("%s calls %s, %s  %02u:%02u"), text(call, "from"),
			    text(call, "to"), state, seconds / 60, seconds % 60);
	build_direction(page, call, "out", _("you -> them"));
	build_direction(page, call, "in", _("them -> you"));
}

void live_build(struct page *page, const json_t *live)
{
	const json_t *calls = json_object_get(live, "calls");

	page_printf(page, PAGE_TEXT, _("Listening for %.0f s, %.0f packets came by."),
		    number(live, "seconds"), number(live, "packets"));
	if (!json_array_size(calls))
		page_add(page, PAGE_DIM, _("No call yet: make one now, and speak on both sides."));
	/* The one that is spoken in now is the last; where there is little room, it shall show. */
	for (size_t i = json_array_size(calls); i-- > 0;)
		build_call(page, json_array_get(calls, i));
}
