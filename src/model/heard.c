/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/heard.h"

#include <string.h>

#include "base/intl.h"
#include "base/mem.h"
#include "model/json_text.h"

/* The direction's last stream: what is heard at the end. */
static const json_t *last_stream(const json_t *call, const char *direction)
{
	const json_t *streams = json_object_get(call, "streams");

	for (size_t i = json_array_size(streams); i-- > 0;)
		if (!strcmp(json_text_at(json_array_get(streams, i), "direction"), direction))
			return json_array_get(streams, i);
	return NULL;
}

static char *with_figures(const json_t *stream)
{
	const json_t *loss = json_object_get(stream, "loss_pct");
	const json_t *jitter = json_object_get(json_object_get(stream, "jitter_ms"), "mean");

	if (!json_is_number(loss) || !json_is_number(jitter))
		return mem_text(_("heard"));
	return intl_printf(_("heard, %.1f %% lost, %.1f ms jitter"), json_number_value(loss),
			   json_number_value(jitter));
}

char *heard_words(const json_t *call, const char *direction)
{
	static const struct {
		const char *state, *words;
	} states[] = {
		{ "never-sent", N_("not sent") },
		{ "wrong-address", N_("sent to a wrong address") },
		{ "missing", N_("nothing") },
		{ "silent", N_("only silence") },
		{ "rejected", N_("rejected") },
	};
	const json_t *way = json_object_get(json_object_get(call, "directions"), direction);
	const char *state = json_text_at(way, "state");

	/* What leaves here is not heard there for certain. */
	if (!strcmp(state, "ok"))
		return strcmp(direction, "out") ? with_figures(last_stream(call, direction))
						: mem_text(_("sent"));
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (!strcmp(state, states[i].state))
			return mem_text(_(states[i].words));
	return mem_text(_("not known"));
}

bool heard_is_known(const json_t *call, const char *direction)
{
	const json_t *way = json_object_get(json_object_get(call, "directions"), direction);
	const char *state = json_text_at(way, "state");

	return *state && strcmp(state, "unknown") != 0;
}
