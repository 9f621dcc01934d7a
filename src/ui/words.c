/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/words.h"

#include <string.h>

#include "base/mem.h"
#include "ui/intl.h"

const char *words_check_state(const struct wizard_check *check)
{
	if (check->stage == WIZARD_CHECK_IDLE)
		return _("not started");
	if (check->stage == WIZARD_CHECK_RUNNING)
		return _("measuring");
	switch (check->state) {
	case CHECK_DONE: return _("done");
	case CHECK_SKIPPED: return _("skipped");
	case CHECK_FAILED: return _("could not tell");
	case CHECK_TIMEOUT: return _("no answer in time");
	}
	return "";
}

char *words_check(const struct wizard_check *check)
{
	const char *state = words_check_state(check);

	if (check->stage == WIZARD_CHECK_IDLE || check->state == CHECK_SKIPPED)
		return mem_text(state);
	/* TRANSLATORS: "measuring, 2.1 s" */
	return intl_printf(_("%s, %.1f s"), state, check->seconds);
}

char *words_finding(const struct finding *finding)
{
	const char *title = say(finding->kind->title);

	switch (finding->severity) {
	case SEVERITY_FAULT: return mem_printf(_("Fault: %s"), title);
	case SEVERITY_RISK: return mem_printf(_("Risk: %s"), title);
	case SEVERITY_NOTE: break;
	}
	return mem_printf(_("Note: %s"), title);
}

const char *words_confidence(enum confidence confidence)
{
	switch (confidence) {
	case CONFIDENCE_CERTAIN: return _("This is certain: it was measured here.");
	case CONFIDENCE_LIKELY: return _("This is likely: what we know points to it.");
	case CONFIDENCE_POSSIBLE: break;
	}
	return _("This is possible, not proven: it is the next thing worth trying.");
}

const char *words_direction(enum direction direction)
{
	switch (direction) {
	case DIRECTION_OUT: return _("What is missing: your voice on its way to them.");
	case DIRECTION_IN: return _("What is missing: their voice on its way to you.");
	case DIRECTION_BOTH: return _("What is missing: the voice in both directions.");
	case DIRECTION_NONE: break;
	}
	return NULL;
}

char *words_fact(const struct facts *facts, const char *name)
{
	const json_t *value = facts_get(facts, name);
	const char *text = value ? json_string_value(value) : NULL;

	if (!facts_known(facts, name))
		return mem_text(_("not known"));
	if (text && !strcmp(text, "yes"))
		return mem_text(_("yes"));
	if (text && !strcmp(text, "no"))
		return mem_text(_("no"));
	if (json_is_array(value) && !json_array_size(value))
		return mem_text(_("none"));
	return fact_words(value);
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* The direction's last stream: what is heard at the end. */
static const json_t *last_stream(const json_t *call, const char *direction)
{
	const json_t *streams = json_object_get(call, "streams");

	for (size_t i = json_array_size(streams); i-- > 0;)
		if (!strcmp(text_at(json_array_get(streams, i), "direction"), direction))
			return json_array_get(streams, i);
	return NULL;
}

static char *words_heard(const json_t *stream)
{
	const json_t *loss = json_object_get(stream, "loss_pct");
	const json_t *jitter = json_object_get(json_object_get(stream, "jitter_ms"), "mean");

	if (!json_is_number(loss) || !json_is_number(jitter))
		return mem_text(_("heard"));
	return intl_printf(_("heard, %.1f %% lost, %.1f ms jitter"), json_number_value(loss),
			   json_number_value(jitter));
}

char *words_call(const json_t *call, const char *direction)
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
	const char *state = text_at(way, "state");

	/* What leaves here is not heard there for certain. */
	if (!strcmp(state, "ok"))
		return strcmp(direction, "out") ? words_heard(last_stream(call, direction))
						: mem_text(_("sent"));
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (!strcmp(state, states[i].state))
			return mem_text(_(states[i].words));
	return mem_text(_("not known"));
}
