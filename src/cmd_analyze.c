/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analyze.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/slice.h"
#include "capture/file.h"
#include "config.h"
#include "report/calls.h"
#include "say.h"

enum { COLUMNS = 78 };

/* A call on its way from the one process to the output: the texts wait in a file without a name, so
 * that memory does not grow with them. */
struct spooled {
	char started[CLOCK_TEXT];
	size_t order;
	off_t at;
	size_t length;
};

struct result {
	FILE *spool;
	off_t spooled; /* bytes in it */
	struct spooled *call;
	size_t call_count, call_room;
	json_t *end;     /* findings and input; NULL: it did not come so far */
	char *complaint; /* NULL: none */
	time_t started;
	int64_t started_ms;
};

static void result_clear(struct result *result)
{
	if (result->spool)
		fclose(result->spool);
	free(result->call);
	free(result->complaint);
	json_decref(result->end);
}

/* --- what comes out of the pipe ----------------------------------------------------------------*/

/* "2026-01-01T09:00:00Z {…}": what came is not looked into, only put away. */
static enum err spool_call(struct result *result, struct slice rest)
{
	struct spooled *spooled;
	struct slice started;

	if (slice_until(&started, &rest, ' ') || started.left >= sizeof spooled->started)
		return ERR_SYNTAX;
	if (result->call_count == result->call_room) {
		result->call_room = result->call_room ? result->call_room * 2 : 64;
		result->call = mem_resize(result->call, result->call_room, sizeof *result->call);
	}
	spooled = &result->call[result->call_count];
	*spooled = (struct spooled){ .order = result->call_count,
				     .at = result->spooled,
				     .length = rest.left };
	memcpy(spooled->started, started.at, started.left);
	if (fwrite(rest.at, 1, rest.left, result->spool) != rest.left)
		return ERR_IO;
	result->spooled += (off_t)rest.left;
	result->call_count++;
	return ERR_NONE;
}

static enum err take_line(struct result *result, struct slice line)
{
	struct slice word;
	json_t *value;

	if (slice_until(&word, &line, ' '))
		return ERR_SYNTAX;
	if (slice_is(word, "call"))
		return spool_call(result, line);
	value = json_loadb((const char *)line.at, line.left, JSON_DECODE_ANY, NULL);
	if (slice_is(word, "complaint") && json_is_string(value))
		mem_replace(&result->complaint, json_string_value(value));
	if (slice_is(word, "end") && !result->end)
		result->end = json_incref(value);
	json_decref(value);
	return value ? ERR_NONE : ERR_SYNTAX;
}

static enum err take_lines(struct result *result, FILE *pipe)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	enum err err = ERR_NONE;

	while (!err && (length = getline(&line, &room, pipe)) > 0)
		err = take_line(result, slice_trim(slice_of(line, (size_t)length)));
	free(line);
	return err;
}

static enum err run(struct result *result, const struct analyze_plan *plan)
{
	int ends[2];
	FILE *pipe_file;
	pid_t child;
	enum err err;

	if (pipe(ends))
		return ERR_IO;
	fflush(NULL);
	child = fork();
	if (!child) {
		close(ends[0]);
		analyze_run(plan, ends[1]);
	}
	close(ends[1]);
	pipe_file = child > 0 ? fdopen(ends[0], "r") : NULL;
	err = pipe_file ? take_lines(result, pipe_file) : ERR_IO;
	if (!err && fflush(result->spool))
		err = ERR_IO;
	/* Closed before the wait: a child that still has words ends by that. */
	if (pipe_file)
		fclose(pipe_file);
	else
		close(ends[0]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return err;
}

/* --- output -----------------------------------------------------------------------------------*/

static int by_start(const void *a, const void *b)
{
	const struct spooled *one = a, *other = b;
	const int order = strcmp(one->started, other->started);

	return order ? order : (one->order > other->order) - (one->order < other->order);
}

/* Into *text, which grows and is the caller's to free. False: the spool cannot be read, errno says
 * why, and the text is empty. */
static bool unspool(char **text, const struct result *result, const struct spooled *spooled)
{
	ssize_t got;

	*text = mem_resize(*text, spooled->length + 1, 1);
	errno = EIO; /* of one that is shorter than what was written to it */
	got = pread(fileno(result->spool), *text, spooled->length, spooled->at);
	(*text)[got == (ssize_t)spooled->length ? spooled->length : 0] = 0;
	return got == (ssize_t)spooled->length;
}

static void set_head(json_t *json, const struct result *result)
{
	char text[CLOCK_TEXT];

	json_object_set_new(json, "schema", json_string("earshot/1"));
	json_object_set_new(json, "version", json_string(PACKAGE_VERSION));
	json_object_set_new(json, "started", json_string(clock_utc_text(text, result->started)));
	json_object_set_new(json, "seconds",
			    json_real((double)(clock_ms() - result->started_ms) / 1000));
	json_object_set_new(json, "checks", json_array());
	json_object_set_new(json, "facts", json_object());
	json_object_set(json, "findings", json_object_get(result->end, "findings"));
	json_object_set(json, "input", json_object_get(result->end, "input"));
}

/* The object with its calls last, each as it comes out of the spool. False: errno tells why. */
static bool write_json(FILE *out, const struct result *result)
{
	json_t *json = json_object();
	char *head, *text = NULL;
	bool failed = false;

	set_head(json, result);
	head = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
	json_decref(json);
	if (!head)
		return false;
	head[strlen(head) - 2] = 0; /* the line feed and brace at its end */
	fprintf(out, "%s,\n  \"calls\": [", head);
	free(head);
	for (size_t i = 0; i < result->call_count; i++) {
		fputs(i ? ",\n    " : "\n    ", out);
		failed |= !unspool(&text, result, &result->call[i]);
		fputs(text, out);
	}
	free(text);
	fprintf(out, "%s]\n}\n", result->call_count ? "\n  " : "");
	return !fflush(out) && !ferror(out) && !failed;
}

static bool write_json_file(const char *path, const struct result *result)
{
	struct file_draft draft;
	bool written;
	FILE *out;

	if (file_draft_open(&draft, path))
		return false;
	out = fdopen(dup(draft.fd), "w");
	written = out && write_json(out, result);
	if (out && fclose(out))
		written = false;
	if (written)
		return !file_draft_keep(&draft);
	file_draft_drop(&draft);
	return false;
}

/* NULL where a call is not there or makes no sense: a report without it would not be true. */
static json_t *document_of(const struct result *result)
{
	json_t *json = json_object(), *calls = json_array();
	char *text = NULL;
	bool whole = true;

	set_head(json, result);
	for (size_t i = 0; i < result->call_count && whole; i++)
		whole = unspool(&text, result, &result->call[i]) &&
			!json_array_append_new(calls, json_loads(text, 0, NULL));
	free(text);
	json_object_set_new(json, "calls", calls);
	if (whole)
		return json;
	json_decref(json);
	return NULL;
}

static int unreadable(void)
{
	say("%s", _("the result of the analysis cannot be read"));
	return EXIT_WRONG;
}

/* Masked it has to be in memory whole: an address keeps its name from call to call. */
static int print_masked(const struct options *options, const struct result *result)
{
	json_t *document = document_of(result);

	if (!document)
		return unreadable();
	return say_json_take(options->output, say_masked_take(document, options->masks));
}

static int print_json(const struct options *options, const struct result *result)
{
	const char *path = options->output;

	if (options->masks)
		return print_masked(options, result);
	if (path && strcmp(path, "-") != 0) {
		if (write_json_file(path, result))
			return EXIT_CLEAN;
		say(_("%s cannot be written: %s"), path, strerror(errno));
		return EXIT_WRONG;
	}
	if (write_json(stdout, result))
		return EXIT_CLEAN;
	say(_("the result cannot be written: %s"), strerror(errno));
	return EXIT_WRONG;
}

static int print_text(const struct options *options, const struct result *result)
{
	struct tree *tree = say_load_tree();
	const struct report_options form = { .utf8 = say_is_utf8() && !options->ascii,
					     .columns = COLUMNS,
					     .now = time(NULL),
					     .masks = options->masks,
					     .step = tree ? say_step : NULL,
					     .context = tree };
	json_t *document = document_of(result);
	char *text;
	int status;

	if (!document) {
		tree_free(tree);
		return unreadable();
	}
	text = strcmp(say_form_of(options).format, "html") ? report_calls_text(document, &form)
							   : report_calls_html(document, &form);
	status = say_result(options->output, text);
	free(text);
	tree_free(tree);
	json_decref(document);
	return status;
}

/* What was left out. */
static void say_input(const struct options *options, const json_t *input)
{
	const char *damage = json_string_value(json_object_get(input, "damaged"));
	const json_int_t passed = json_integer_value(json_object_get(input, "passed_over"));
	const json_int_t calls = json_integer_value(json_object_get(input, "calls_overflowed"));
	const json_int_t streams = json_integer_value(json_object_get(input, "streams_overflowed"));

	if (damage && json_object_get(input, "files"))
		say(_("%s; what came before it was analysed"), damage); /* its file is in it */
	else if (damage)
		say(_("%s: %s; what came before it was analysed"), options->args[0], damage);
	if (json_is_true(json_object_get(input, "turned")))
		say(_("%s was taken outside and %s inside, as their addresses show: they are "
		      "compared that way round"),
		    options->args[0], options->args[1]);
	if (passed)
		say(_("%lld packets or messages could not be read and were passed over"),
		    (long long)passed);
	if (calls || streams)
		say(_("too much at once: %lld calls and %lld streams were told before their end"),
		    (long long)calls, (long long)streams);
}

static bool has_fault(const json_t *findings)
{
	const json_t *finding;
	size_t i;

	json_array_foreach(findings, i, finding) {
		const char *severity = json_string_value(json_object_get(finding, "severity"));

		if (severity && !strcmp(severity, "fault"))
			return true;
	}
	return false;
}

static int print(const struct options *options, struct result *result)
{
	int status;

	if (result->complaint || !result->end) {
		struct complaint complaint;

		snprintf(complaint.text, sizeof complaint.text, "%s",
			 result->complaint ? result->complaint
					   : _("earshot: the analysis of the capture broke off"));
		return say_complaint(&complaint);
	}
	if (result->call_count)
		qsort(result->call, result->call_count, sizeof *result->call, by_start);
	say_input(options, json_object_get(result->end, "input"));
	status = strcmp(say_form_of(options).format, "json") ? print_text(options, result)
							     : print_json(options, result);
	if (status)
		return status;
	return has_fault(json_object_get(result->end, "findings")) ? EXIT_FAULT : EXIT_CLEAN;
}

/* --- the files --------------------------------------------------------------------------------*/

static int open_files(struct analyze_plan *plan, const struct options *options)
{
	struct complaint complaint = { "" };

	for (size_t i = 0; i < options->arg_count; i++) {
		plan->name[i] = options->args[i];
		if (capture_file_stream(&plan->file[i], plan->name[i], &complaint))
			return say_complaint(&complaint);
	}
	plan->count = options->arg_count;
	return EXIT_CLEAN;
}

int cmd_analyze(struct options *options)
{
	struct result result = { .started = time(NULL), .started_ms = clock_ms() };
	struct analyze_plan plan = { .options = options->analysis,
				     .budget_seconds = options->site.budget_seconds };
	int status = open_files(&plan, options);

	if (status)
		return status;
	result.spool = tmpfile();
	if (!result.spool || run(&result, &plan)) {
		say("%s", _("no room for the result, or no process to make it"));
		status = EXIT_WRONG;
	} else
		status = print(options, &result);
	result_clear(&result);
	return status;
}
