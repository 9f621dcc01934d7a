/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "check/runner.h"
#include "config.h"
#include "kept.h"
#include "model/journal.h"
#include "model/profile.h"
#include "paths.h"
#include "privileges.h"
#include "report/mask.h"
#include "say.h"
#include "signals.h"
#include "ui/ui.h"
#include "wizard/wizard.h"

/* All that the wizard's host needs at hand. */
struct desk {
	const struct options *options;
	struct tree *tree;
	struct session session;
	struct site site;
	struct journal *journal;
	struct runner *runner;
	struct wizard *wizard;
	struct kept kept; /* the recording of a call */
	int signals;      /* --plain: what is read once we are to end; else -1 */
	unsigned recordings;
	char *trouble; /* of the start: no folder for journals */
};

/* "/folder/earshot-2026-11-20T090000Z-1a2b.txt": where the person stands, else at home. The caller
 * frees. */
static char *report_path(const struct desk *desk, const char *ending)
{
	char here[4096];
	char *home, *path;

	if (getcwd(here, sizeof here) && !access(here, W_OK))
		return mem_printf("%s/earshot-%s.%s", strcmp(here, "/") ? here : "",
				  desk->session.id, ending);
	home = file_expand("~");
	path = mem_printf("%s/earshot-%s.%s", home, desk->session.id, ending);
	free(home);
	return path;
}

/* The recording of a call goes with the report, without the voice. Where it cannot be kept, what
 * was heard is worth as much. */
static void keep_call(struct desk *desk)
{
	char *ending = mem_printf("call-%u.pcap", ++desk->recordings);
	char *path = report_path(desk, ending);

	desk->site.capture.snap_audio = true;
	if (kept_begin(&desk->kept, &desk->site, path))
		mem_replace(&desk->site.capture.file, NULL);
	free(path);
	free(ending);
}

/* It is named in the report, beside what the person wrote there; one without a call is of no use.
 */
static void name_call(struct desk *desk)
{
	const char *before = session_detail_text(&desk->session, "traces");
	char *path = mem_text(desk->kept.draft.path);
	bool is_there;

	desk->kept.done = desk->kept.done && json_array_size(desk->session.calls);
	if (!kept_end(&desk->kept, &is_there) && is_there) {
		char *traces = mem_printf("%s%s%s", before ? before : "",
					  before && *before ? ", " : "", path);

		session_detail(&desk->session, "traces", traces);
		free(traces);
	}
	free(path);
}

static void heard(const struct check *check, const json_t *event, void *context)
{
	struct desk *desk = context;
	const char *kind = json_string_value(json_object_get(event, "event"));

	wizard_event(desk->wizard, check, event);
	if (check != &check_capture)
		return;
	kept_hear(&desk->kept, event);
	if (!strcmp(kind, "end"))
		name_call(desk);
}

static enum err host_start(const struct check *check, void *context)
{
	struct desk *desk = context;

	if (check == &check_capture)
		keep_call(desk);
	return runner_start(desk->runner, check);
}

static void host_cancel(void *context)
{
	struct desk *desk = context;

	runner_cancel(desk->runner, NULL);
}

static void host_hurry(const struct check *check, void *context)
{
	struct desk *desk = context;

	runner_hurry(desk->runner, check);
}

static size_t host_poll_fds(struct pollfd *fds, size_t room, int *timeout_ms, void *context)
{
	const struct desk *desk = context;
	size_t own = 0;

	if (desk->signals >= 0 && room)
		fds[own++] = (struct pollfd){ .fd = desk->signals, .events = POLLIN };
	return own + runner_poll_fds(desk->runner, fds + own, room - own, timeout_ms);
}

/* A recording that was under way is none. */
static void stop_all(struct desk *desk)
{
	runner_free(desk->runner);
	(void)!kept_end(&desk->kept, &(bool){ false });
}

static void host_step(void *context)
{
	struct desk *desk = context;

	if (desk->signals >= 0 && signals_take(desk->signals)) {
		stop_all(desk);
		_exit(EXIT_INTERRUPTED); /* every answer is on disk */
	}
	runner_step(desk->runner);
}

static const char *host_trouble(void *context)
{
	const struct desk *desk = context;

	return desk->journal ? journal_trouble(desk->journal) : desk->trouble;
}

static const char *const formats[] = { "text", "html", "json" };
static const char *const endings[] = { "txt", "html", "json" };

static char *host_make_report(const struct wizard_report *report, void *context)
{
	const struct desk *desk = context;
	const struct say_form form = {
		.format = formats[report->format],
		.masks = (report->hides_numbers ? MASK_NUMBERS : 0U) |
			 (report->hides_addresses ? MASK_ADDRESSES : 0U),
		.utf8 = say_is_utf8() && !desk->options->ascii,
		.columns = report->columns,
	};

	return say_report(&desk->session, desk->tree, &form);
}

static enum err write_report(const struct desk *desk, const struct wizard_report *report,
			     const char *path)
{
	char *text = host_make_report(report, (void *)(uintptr_t)desk);
	enum err err = file_write(path, text, strlen(text));

	free(text);
	return err;
}

/* The same for programs stands beside a report for people. */
static enum err write_json(const struct desk *desk, const struct wizard_report *report)
{
	struct wizard_report json = *report;
	char *path = report_path(desk, "json");
	enum err err;

	json.format = WIZARD_JSON;
	err = write_report(desk, &json, path);
	free(path);
	return err;
}

static enum err host_save_report(const struct wizard_report *report, char **path, char **why,
				 void *context)
{
	const struct desk *desk = context;
	enum err err;

	*path = report_path(desk, endings[report->format]);
	*why = NULL;
	err = write_report(desk, report, *path);
	if (!err && report->format != WIZARD_JSON)
		err = write_json(desk, report);
	if (!err)
		return ERR_NONE;
	*why = mem_printf("%s: %s", *path, strerror(errno));
	free(*path);
	*path = NULL;
	return err;
}

static enum err host_save_profile(char **path, char **why, void *context)
{
	struct desk *desk = context;
	char *folder = file_xdg("XDG_CONFIG_HOME", ".config");
	char *text = profile_text(&desk->site);
	enum err err = folder ? file_make_folder(folder) : ERR_NOT_FOUND;

	*why = NULL;
	*path = folder ? mem_printf("%s/earshot.conf", folder) : NULL;
	if (!err)
		err = file_write(*path, text, strlen(text));
	if (err) {
		*why = mem_printf("%s: %s", *path ? *path : "~",
				  folder ? strerror(errno) : _("there is no home folder"));
		free(*path);
		*path = NULL;
	}
	free(text);
	free(folder);
	return err;
}

static enum err host_take_kind(const char *kind, char **why, void *context)
{
	struct desk *desk = context;
	char *name = mem_printf("providers/%s.conf", kind);
	char *path = paths_data(name);
	struct complaint complaint = { "" };
	enum err err = profile_load(&desk->site, path, &complaint);

	*why = err ? mem_text(complaint.text) : NULL;
	free(path);
	free(name);
	return err;
}

static void begin_session(struct desk *desk)
{
	char *folder = journal_folder();

	session_init(&desk->session, PACKAGE_VERSION);
	if (folder)
		desk->journal = journal_start(&desk->session, folder);
	else
		desk->trouble = mem_text(_("There is no home folder: this session is not kept."));
	free(folder);
}

/* The newest session that was not finished; false where there is none. */
static bool resume_session(struct desk *desk, bool *dropped)
{
	struct complaint complaint = { "" };
	char *folder = journal_folder();
	char *path = folder ? journal_newest_unfinished(folder) : NULL;
	const bool found = path && !journal_load(&desk->session, dropped, path, &complaint);

	if (found)
		desk->journal = journal_resume(&desk->session, path);
	free(path);
	free(folder);
	return found;
}

static void close_session(struct desk *desk)
{
	journal_close(desk->journal);
	desk->journal = NULL;
	session_clear(&desk->session);
	free(desk->trouble);
	desk->trouble = NULL;
}

/* Without an end to what was begun a recording would stay behind. */
static int run_plain(struct desk *desk, const struct plain_options *options)
{
	sigset_t before;
	int status;

	desk->signals = signals_hold(&before);
	status = plain_run(desk->wizard, options);
	signals_let(desk->signals, &before);
	desk->signals = -1;
	return status;
}

/* The screens end by the first signal. Of a terminal that closes both its shell and the kernel
 * tell: the second shall not cut short what is tidied up. */
static int run_screens(struct desk *desk, const struct ui_options *options)
{
	signal(SIGHUP, SIG_IGN);
	return ui_run(desk->wizard, options);
}

static int drive(struct desk *desk, bool resumed)
{
	const struct options *options = desk->options;
	const char *site = getenv("EARSHOT_PRACTICE");
	char when[CLOCK_TEXT];
	char *practice =
		site ? mem_printf(_("practice site '%s': nothing leaves this machine"), site)
		     : NULL;
	const struct ui_options ui = {
		.practice = practice,
		.unfinished = resumed ? clock_local_text(when, desk->session.started) : NULL,
		.ascii = options->ascii || !say_is_utf8(),
	};
	const struct plain_options plain = { .ui = ui, .in = stdin, .out = stdout };
	const struct wizard_host host = {
		.start = host_start,
		.cancel = host_cancel,
		.hurry = host_hurry,
		.poll_fds = host_poll_fds,
		.step = host_step,
		.save_report = host_save_report,
		.make_report = host_make_report,
		.save_profile = host_save_profile,
		.take_kind = host_take_kind,
		.trouble = host_trouble,
		.context = desk,
	};
	int status;

	desk->runner = runner_new(&desk->site, heard, desk);
	desk->wizard = wizard_new(desk->tree, &desk->session, &desk->site, &host);
	status = options->plain ? run_plain(desk, &plain) : run_screens(desk, &ui);
	stop_all(desk);
	wizard_free(desk->wizard);
	free(practice);
	return status;
}

/* One session after the other, as long as the person wants to start anew. */
static int sit_down(struct desk *desk)
{
	bool dropped = false, resumed = resume_session(desk, &dropped);
	int status;

	if (!resumed)
		begin_session(desk);
	if (dropped)
		say("%s", _("the last line of the session was damaged and is left out"));
	while ((status = drive(desk, resumed)) == UI_ANEW) {
		session_finish(&desk->session); /* so that it is not offered again */
		close_session(desk);
		begin_session(desk);
		resumed = false;
	}
	close_session(desk);
	return status;
}

int cmd_wizard(struct options *options)
{
	struct complaint complaint = { "" };
	struct desk desk = { .options = options, .signals = -1 };
	int status;

	if (options_site(&desk.site, options, &complaint))
		return say_complaint(&complaint);
	privileges_warn();
	desk.tree = say_load_tree();
	status = desk.tree ? sit_down(&desk) : EXIT_WRONG;
	tree_free(desk.tree);
	site_clear(&desk.site);
	return status;
}
