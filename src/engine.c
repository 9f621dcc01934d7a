/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "check/runner.h"
#include "privileges.h"
#include "signals.h"

struct engine {
	struct session *session;
	bool loud; /* stderr is a terminal that wants to be told */
};

static void heard(const struct check *check, const json_t *event, void *context)
{
	const struct engine *engine = context;
	const char *kind = json_string_value(json_object_get(event, "event"));
	const char *now = json_string_value(json_object_get(event, "now"));

	session_check(engine->session, check->name, event);
	if (!engine->loud)
		return;
	/* One line that is written over, and cleared (ESC [K) to its end. */
	if (!strcmp(kind, "progress") && now)
		fprintf(stderr, "\r%s: %.60s\033[K", gettext(check->title), now);
	else if (!strcmp(kind, "end"))
		fprintf(stderr, "\r%s: %s\033[K\n", gettext(check->title),
			json_string_value(json_object_get(event, "state")));
}

static void start(struct runner *runner, const struct check *check, struct engine *engine)
{
	json_t *event;

	if (!runner_start(runner, check))
		return;
	event = json_pack("{s:s, s:s, s:s}", "event", "end", "state", "failed", "why",
			  "could not be started");
	heard(check, event, engine);
	json_decref(event);
}

void engine_run(struct session *session, const struct site *site, char *const *names, size_t count,
		bool quiet)
{
	struct engine engine = { .session = session, .loud = !quiet && isatty(STDERR_FILENO) };
	struct runner *runner = runner_new(site, heard, &engine);
	struct deadline until = deadline_in((int64_t)site->budget_seconds * 1000);
	const struct check *check;
	sigset_t before;
	const int signals = signals_hold(&before);

	runner_heed(runner, signals);
	if (!quiet)
		privileges_warn();
	for (size_t i = 0; i < count; i++)
		start(runner, check_find(names[i]), &engine);
	for (size_t i = 0; !count && (check = check_at(i)); i++)
		if (!check->on_demand || !check->why_not(site))
			start(runner, check, &engine);
	runner_finish(runner, site->budget_seconds ? &until : NULL);
	runner_free(runner);
	signals_let(signals, &before);
}
