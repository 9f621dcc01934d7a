/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/mem.h"
#include "check/runner.h"
#include "config.h"
#include "kept.h"
#include "report/calls.h"
#include "say.h"
#include "signals.h"
#include "ui/live.h"

enum { HOUR = 3600, FDS_MAX = 8, COLUMNS = 78, ROWS_MAX = 40 };

struct recording {
	const struct options *options;
	struct site *site;
	struct runner *runner;
	struct session session;
	json_t *calls, *input;
	struct kept kept; /* of --write */
	bool loud, asked;
	size_t rows; /* of the picture on the terminal */
};

/* Over the picture of a moment ago (ESC [nA: up n rows; ESC [J: clear what is below). */
static void draw(struct recording *recording, const json_t *live)
{
	struct winsize size = { 0 };
	struct view view = { 0 };
	struct canvas canvas;
	struct page page;
	size_t rows;
	char *text;

	ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	rows = size.ws_row > 1 && size.ws_row < ROWS_MAX ? size.ws_row - 1u : ROWS_MAX;
	canvas_init(&canvas, rows, size.ws_col ? size.ws_col : COLUMNS,
		    say_is_utf8() && !recording->options->ascii ? CHARSET_UTF8 : CHARSET_ASCII);
	page_init(&page, canvas.charset);
	live_build(&page, live);
	page_draw(&canvas, &page, &view, 0, rows);
	text = canvas_text(&canvas);
	for (size_t end = strlen(text); end > 1 && text[end - 2] == '\n'; end--)
		text[end - 1] = 0; /* empty rows below */
	if (recording->rows)
		fprintf(stderr, "\033[%zuA\r\033[J", recording->rows);
	fputs(text, stderr);
	recording->rows = 0;
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		recording->rows++;
	free(text);
	page_clear(&page);
	canvas_clear(&canvas);
}

/* As `analyze` tells it: its messages are for a report. */
static void take_call(struct recording *recording, const json_t *call)
{
	json_t *own = json_copy((json_t *)(uintptr_t)call);

	json_object_del(own, "trace");
	json_array_append_new(recording->calls, own);
}

/* A check tells it once; one that breaks its word costs no memory. */
static void take_input(struct recording *recording, json_t *input)
{
	json_decref(recording->input);
	recording->input = json_incref(input);
}

static void heard(const struct check *check, const json_t *event, void *context)
{
	struct recording *recording = context;
	const char *kind = json_string_value(json_object_get(event, "event"));

	session_check(&recording->session, check->name, event);
	kept_hear(&recording->kept, event);
	if (!strcmp(kind, "call"))
		take_call(recording, json_object_get(event, "call"));
	else if (!strcmp(kind, "input"))
		take_input(recording, json_object_get(event, "input"));
	else if (!strcmp(kind, "live") && recording->loud)
		draw(recording, json_object_get(event, "live"));
}

/* The first signal ends the recording in order, the second at once. But of a terminal that closes
 * both its shell and the kernel tell: what was recorded shall not be lost by that. */
static void obey(struct recording *recording, int fd)
{
	const int came = signals_take(fd);

	if (came == SIGHUP)
		signal(SIGHUP, SIG_IGN); /* also while the result is told */
	if (!came || (recording->asked && came == SIGHUP))
		return;
	if (recording->asked)
		runner_cancel(recording->runner, NULL);
	else
		runner_hurry(recording->runner, &check_capture);
	recording->asked = true;
}

static void record(struct recording *recording)
{
	sigset_t before;
	const int signals = signals_hold(&before);

	recording->runner = runner_new(recording->site, heard, recording);
	if (runner_start(recording->runner, &check_capture))
		say("%s", _("the capture could not be started"));
	while (runner_running(recording->runner)) {
		struct pollfd fds[FDS_MAX] = { { .fd = signals, .events = POLLIN } };
		int timeout_ms = -1;
		const size_t count =
			runner_poll_fds(recording->runner, fds + 1, FDS_MAX - 1, &timeout_ms);

		(void)poll(fds, count + 1, timeout_ms);
		obey(recording, signals);
		runner_step(recording->runner);
	}
	runner_free(recording->runner);
	signals_let(signals, &before);
}

/* The file may hold no more than so much: nobody shall take it for all. */
static void tell_kept(const struct recording *recording)
{
	const json_int_t all = json_integer_value(json_object_get(recording->input, "packets"));
	const json_int_t kept =
		json_integer_value(json_object_get(recording->input, "kept_packets"));

	if (kept < all)
		say(_("%s is as large as it may be: it holds the first %lld of %lld packets"),
		    recording->options->write, (long long)kept, (long long)all);
}

/* Where nothing was captured, nothing could be kept: that is told by itself. */
static int keep_file(struct recording *recording)
{
	const char *why = json_string_value(json_object_get(recording->input, "not_kept"));
	bool is_there;

	if (!recording->options->write)
		return EXIT_CLEAN;
	if (kept_end(&recording->kept, &is_there))
		say("%s: %s", recording->options->write, strerror(errno));
	else if (is_there)
		tell_kept(recording);
	else if (why)
		say(_("%s was not written: %s"), recording->options->write, why);
	else
		say(_("%s was not written"), recording->options->write);
	return is_there ? EXIT_CLEAN : EXIT_WRONG;
}

/* It may have ended before its time: the interface went away, say. */
static void tell_early_end(const struct recording *recording)
{
	const char *why = json_string_value(json_object_get(recording->input, "damaged"));

	if (why)
		say(_("%s; what came before it was analysed"), why);
}

static json_t *document(const struct recording *recording)
{
	json_t *json = report_json(&recording->session);

	json_object_set(json, "calls", recording->calls);
	if (recording->input)
		json_object_set(json, "input", recording->input);
	return json;
}

static int print(const struct recording *recording)
{
	struct report_options how = {
		.utf8 = say_is_utf8() && !recording->options->ascii,
		.columns = COLUMNS,
		.now = time(NULL),
		.masks = recording->options->masks,
	};
	const char *path = recording->options->output;
	const struct say_form form = say_form_of(recording->options);
	json_t *json = document(recording);
	char *text;
	int status;

	if (!strcmp(form.format, "json"))
		return say_json_take(path, say_masked_take(json, how.masks));
	how.context = say_load_tree();
	how.step = how.context ? say_step : NULL;
	text = strcmp(form.format, "html") ? report_calls_text(json, &how)
					   : report_calls_html(json, &how);
	status = say_result(path, text);
	free(text);
	tree_free(how.context);
	json_decref(json);
	return status;
}

/* Why nothing was captured stands on stderr: stdout carries results alone. */
static int tell(struct recording *recording)
{
	const struct check_run *run = session_find_check(&recording->session, "capture");
	const bool done = run && !strcmp(run->state, "done");
	int status, kept;

	/* Before what follows from it. */
	if (!done)
		say("%s", run && run->why ? run->why : _("nothing was captured"));
	kept = keep_file(recording);
	if (!done) {
		if (!strcmp(say_form_of(recording->options).format, "json"))
			(void)print(recording);
		return recording->asked ? EXIT_INTERRUPTED : EXIT_NOTHING;
	}
	tell_early_end(recording);
	status = print(recording);
	if (status || kept)
		return status ? status : kept;
	if (recording->asked && recording->options->site.capture.seconds)
		return EXIT_INTERRUPTED;
	return report_exit_status(&recording->session);
}

static enum err open_file(struct recording *recording, struct complaint *complaint)
{
	const char *path = recording->options->write;

	if (path && kept_begin(&recording->kept, recording->site, path))
		return complain(complaint, "earshot", 0, "%s: %s", path, strerror(errno));
	return ERR_NONE;
}

/* Where the packets are seen and whose phone it is, as texts: a profile knows no analysis. */
static void tell_place(struct site_capture *capture, const struct analysis_options *analysis)
{
	const struct addr phone = endpoint_to_addr(&analysis->phone);
	char text[ADDR_TEXT];

	if (addr_is_set(&phone))
		mem_replace(&capture->phone, addr_host_text(text, &phone));
	mem_replace(&capture->at, vantage_text(analysis->at));
}

int cmd_capture(struct options *options)
{
	struct complaint complaint = { "" };
	struct recording recording = { .options = options };
	struct site site;
	int status;

	if (options_site(&site, options, &complaint))
		return say_complaint(&complaint);
	recording.site = &site;
	site.capture.snap_audio = options->snap_audio;
	tell_place(&site.capture, &options->analysis);
	if (!site.capture.seconds)
		site.capture.seconds = HOUR;
	if (open_file(&recording, &complaint)) {
		site_clear(&site);
		return say_complaint(&complaint);
	}
	recording.loud = !options->quiet && isatty(STDERR_FILENO);
	recording.calls = json_array();
	session_init(&recording.session, PACKAGE_VERSION);
	record(&recording);
	status = tell(&recording);
	session_clear(&recording.session);
	json_decref(recording.calls);
	json_decref(recording.input);
	site_clear(&site);
	return status;
}
