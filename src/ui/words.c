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
