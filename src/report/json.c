/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "report/redact.h"
#include "report/report.h"
#include "report/view.h"
#include "report/wording.h"

/* A check's own clock is exact, the session's counts whole seconds: where checks ran side by side,
 * the longest one is the run; where there were pauses or repeats between them, the time up to the
 * last end is. */
static double run_seconds(const struct session *session)
{
	double longest = 0, whole = 0;

	for (size_t i = 0; i < session->check_count; i++) {
		const double until = difftime(session->checks[i].when, session->started);

		if (session->checks[i].seconds > longest)
			longest = session->checks[i].seconds;
		if (until > whole)
			whole = until;
	}
	return whole > longest + 1 ? whole : longest;
}

static void set_text(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_string(text));
}

/* One that never ended (the program was stopped) has none of the contract's states: it failed. */
static json_t *check_to_json(const struct check_run *check)
{
	const bool ended = strcmp(view_state(check), "running") != 0;
	json_t *json = json_object();

	set_text(json, "name", check->name);
	set_text(json, "state", ended ? check->state : "failed");
	json_object_set_new(json, "seconds", json_real(check->seconds));
	set_text(json, "summary", check->summary);
	set_text(json, "why", ended ? check->why : _("it did not end"));
	return json;
}

static json_t *checks_to_json(const struct session *session)
{
	json_t *checks = json_array();

	for (size_t i = 0; i < session->check_count; i++)
		json_array_append_new(checks, check_to_json(&session->checks[i]));
	return checks;
}

static json_t *findings_to_json(const struct view *view)
{
	json_t *findings = json_array();

	for (size_t i = 0; i < view->finding_count; i++)
		json_array_append_new(findings, finding_to_json(view->findings[i]));
	return findings;
}

/* With its keys in the contract's order, whoever wrote it. */
static json_t *verdict_to_json(json_t *verdict)
{
	static const char *const keys[] = { "cause",  "side", "confidence", "direction",
					    "remedy", "path", "also" };
	json_t *json = json_object();

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		json_t *value = json_object_get(verdict, keys[i]);

		if (value)
			json_object_set(json, keys[i], value);
	}
	json_object_update_missing(json, verdict);
	return json;
}

json_t *report_json(const struct session *session)
{
	return report_json_masked(session, 0);
}

json_t *report_json_masked(const struct session *session, unsigned masks)
{
	struct mask mask;
	char started[CLOCK_TEXT];
	struct view view;
	json_t *json = json_object(), *clean;

	mask_init(&mask, masks);
	view_init(&view, session, NULL);
	set_text(json, "schema", "earshot/1");
	set_text(json, "version", session->version);
	set_text(json, "started", clock_utc_text(started, session->started));
	json_object_set_new(json, "seconds", json_real(run_seconds(session)));
	json_object_set_new(json, "checks", checks_to_json(session));
	json_object_set(json, "facts", view.facts.values);
	json_object_set_new(json, "findings", findings_to_json(&view));
	json_object_set(json, "calls", session->calls);
	if (session->verdict)
		json_object_set_new(json, "verdict", verdict_to_json(session->verdict));
	clean = redact_json(json, &mask);
	json_decref(json);
	view_clear(&view);
	mask_clear(&mask);
	return clean;
}

int report_exit_status(const struct session *session)
{
	for (size_t i = 0; i < session->finding_count; i++)
		if (session->findings[i]->severity == SEVERITY_FAULT)
			return 1;
	return view_any_done(session) ? 0 : 3;
}
