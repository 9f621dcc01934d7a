/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine.h"

#include <libintl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "check/runner.h"
#include "privileges.h"

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

/* Holds back the signals that would end us, so that the checks can be ended in order first: one may
 * hold something at a server. Returns where they come in now; -1: nowhere, they end us as ever. */
static int hold_signals(sigset_t *before)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction now;
	sigset_t held;
	int fd;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (!sigaction(ends[i], NULL, &now) && now.sa_handler != SIG_IGN)
			sigaddset(&held, ends[i]);
	fd = signalfd(-1, &held, SFD_NONBLOCK | SFD_CLOEXEC);
	sigprocmask(fd < 0 ? SIG_UNBLOCK : SIG_BLOCK, &held, before);
	return fd;
}

/* Whatever came in meanwhile does now what it would have done. */
static void let_signals(int fd, const sigset_t *before)
{
	struct signalfd_siginfo info;
	const bool came = fd >= 0 && read(fd, &info, sizeof info) == sizeof info;

	if (fd >= 0)
		close(fd);
	sigprocmask(SIG_SETMASK, before, NULL);
	if (came)
		raise((int)info.ssi_signo);
}

void engine_run(struct session *session, const struct site *site, char *const *names, size_t count,
		bool quiet)
{
	struct engine engine = { .session = session, .loud = !quiet && isatty(STDERR_FILENO) };
	struct runner *runner = runner_new(site, heard, &engine);
	struct deadline until = deadline_in((int64_t)site->budget_seconds * 1000);
	const struct check *check;
	sigset_t before;
	const int signals = hold_signals(&before);

	runner_heed(runner, signals);
	if (!quiet)
		privileges_warn();
	for (size_t i = 0; i < count; i++)
		start(runner, check_find(names[i]), &engine);
	for (size_t i = 0; !count && (check = check_at(i)); i++)
		start(runner, check, &engine);
	runner_finish(runner, site->budget_seconds ? &until : NULL);
	runner_free(runner);
	let_signals(signals, &before);
}
