/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/runner.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/intl.h"
#include "base/mem.h"
#include "check/event.h"
#include "check/process.h"
#include "net/icmp.h"

/* What one check may say: more is no measurement any more. What it shows of itself while it runs
 * comes on top, so that it may run for an hour. */
enum {
	LINE_MAX_BYTES = 256 << 10,
	TOTAL_MAX_BYTES = 4 << 20,
	EVENTS_MAX = 10000,
	MUCH = 16, /* so many times more of one that tells much */
	BYTES_A_SECOND = 64 << 10,
	EVENTS_A_SECOND = 20,
};

/* How often to look where the kernel has no pidfd to wake us when a process ends. */
enum { LOOK_AGAIN_MS = 200 };

enum {
	BACKGROUND_MS = 150000, /* a settled check may go on so long, unless more was asked for */
	LAST_WORDS_MS = 300,    /* for a background check that is told to end */
	HURRY_MS = 20000,       /* for one that runs and is asked to come to its end */
};

/* One run of one check. It lives on after its end has been told, until its process is reaped. */
struct job {
	const struct check *check;
	struct process process;
	bool told;    /* its end has been told: nothing more comes from it */
	bool settled; /* its end has been told as the check itself said; it goes on in the
			 background */
	bool hurried; /* told to end */
	int64_t started_ms;
	struct deadline until;
	struct buf line; /* begun, not ended yet */
	size_t bytes;
	unsigned events;
	double fraction;
	char *why, *summary; /* as last said, or NULL */
	json_t *facts;       /* an object: the names of the facts told */
};

struct runner {
	const struct site *site;
	runner_handler *handler;
	void *context;
	struct icmp_purse *icmp; /* shared by the checks; NULL where the system gives none */
	struct job **jobs;
	size_t count;
	int caller; /* see runner_heed() */
};

struct runner *runner_new(const struct site *site, runner_handler *handler, void *context)
{
	struct runner *runner = mem_new(1, sizeof *runner);

	*runner = (struct runner){
		.site = site,
		.handler = handler,
		.context = context,
		.icmp = icmp_purse_new(),
		.caller = -1,
	};
	return runner;
}

void runner_heed(struct runner *runner, int fd)
{
	runner->caller = fd;
}

/* In order where it may hold something at a server. */
static void end_process(struct job *job)
{
	process_end(&job->process, job->check->leaves_traces);
}

static void job_free(struct job *job)
{
	process_clear(&job->process);
	buf_clear(&job->line);
	free(job->why);
	free(job->summary);
	json_decref(job->facts);
	free(job);
}

static void tell(struct runner *runner, const struct check *check, json_t *event_take)
{
	runner->handler(check, event_take, runner->context);
	json_decref(event_take);
}

/* A fact is never missing once its check is done. */
static void tell_unknown(struct runner *runner, const struct job *job)
{
	for (const char *const *fact = job->check->facts; *fact; fact++)
		if (!json_object_get(job->facts, *fact))
			tell(runner, job->check,
			     json_pack("{s:s, s:s, s:s}", "event", "fact", "name", *fact, "value",
				       "unknown"));
}

/* `why` may be NULL. */
static void tell_end(struct runner *runner, const struct job *job, enum check_state state,
		     const char *why)
{
	const double seconds = (double)(clock_ms() - job->started_ms) / 1000;
	json_t *end;

	if (state == CHECK_DONE)
		tell_unknown(runner, job);
	end = json_pack("{s:s, s:s, s:f}", "event", "end", "state", check_state_text(state),
			"seconds", seconds);
	if (why)
		json_object_set_new(end, "why", json_string(why));
	if (job->summary)
		json_object_set_new(end, "summary", json_string(job->summary));
	tell(runner, job->check, end);
}

/* Ends a job's part in the run. `why` may be NULL. What ends in the background was told before. */
static void settle(struct runner *runner, struct job *job, enum check_state state, const char *why)
{
	job->told = true;
	end_process(job);
	if (!job->settled)
		tell_end(runner, job, state, why);
}

static bool is_running(const struct job *job)
{
	return !job->told && !job->settled;
}

static struct job *find_running(const struct runner *runner, const struct check *check)
{
	for (size_t i = 0; i < runner->count; i++)
		if (runner->jobs[i]->check == check && is_running(runner->jobs[i]))
			return runner->jobs[i];
	return NULL;
}

static bool is_background(const struct job *job)
{
	return job->settled && !job->told;
}

/* A new run of a check makes what the old one still measures worthless. */
static void end_background(struct runner *runner, const struct check *check)
{
	for (size_t i = 0; i < runner->count; i++)
		if (runner->jobs[i]->check == check && is_background(runner->jobs[i]))
			settle(runner, runner->jobs[i], CHECK_DONE, NULL);
}

static struct job *add_job(struct runner *runner, const struct check *check)
{
	const unsigned seconds = check_seconds(check, runner->site);
	struct job *job = mem_new(1, sizeof *job);

	*job = (struct job){
		.check = check,
		.started_ms = clock_ms(),
		.until = deadline_in((int64_t)seconds * 1000),
		.facts = json_object(),
	};
	process_init(&job->process);
	buf_init(&job->line, LINE_MAX_BYTES);
	runner->jobs = mem_resize(runner->jobs, runner->count + 1, sizeof *runner->jobs);
	runner->jobs[runner->count++] = job;
	return job;
}

enum err runner_start(struct runner *runner, const struct check *check)
{
	const char *why_not = check->why_not ? check->why_not(runner->site) : NULL;
	struct job *job;
	enum err err;

	if (find_running(runner, check))
		return ERR_NONE;
	end_background(runner, check);
	job = add_job(runner, check);
	tell(runner, check, json_pack("{s:s}", "event", "start"));
	if (job->told)
		return ERR_NONE; /* the handler cancelled it */
	if (why_not) {
		settle(runner, job, CHECK_SKIPPED, why_not);
		return ERR_NONE;
	}
	err = process_start(&job->process, check, runner->site, runner->icmp);
	if (err)
		settle(runner, job, CHECK_FAILED, _("its process could not be started"));
	return err;
}

void runner_cancel(struct runner *runner, const struct check *check)
{
	const size_t count = runner->count; /* what the handler starts now is not meant */

	for (size_t i = 0; i < count; i++) {
		struct job *job = runner->jobs[i];

		if (!job->told && (!check || job->check == check))
			settle(runner, job, CHECK_FAILED, _("cancelled"));
	}
}

void runner_hurry(struct runner *runner, const struct check *check)
{
	struct job *job = find_running(runner, check);

	if (!job || !job->process.hurry)
		return;
	process_hurry(&job->process);
	job->until = deadline_first(job->until, deadline_in(HURRY_MS));
}

size_t runner_running(const struct runner *runner)
{
	size_t running = 0;

	for (size_t i = 0; i < runner->count; i++)
		running += is_running(runner->jobs[i]);
	return running;
}

static void sooner(int *timeout_ms, int ms)
{
	if (*timeout_ms < 0 || ms < *timeout_ms)
		*timeout_ms = ms;
}

size_t runner_poll_fds(const struct runner *runner, struct pollfd *fds, size_t room,
		       int *timeout_ms)
{
	size_t count = 0;

	for (size_t i = 0; i < runner->count; i++) {
		const struct job *job = runner->jobs[i];
		const struct process *process = &job->process;

		if (!job->told)
			sooner(timeout_ms, deadline_left_ms(&job->until));
		if (process->pid && process->leaving)
			sooner(timeout_ms, deadline_left_ms(&process->leave_until));
		if (process->pid && (process->pidfd < 0 || count + 2 > room))
			sooner(timeout_ms, LOOK_AGAIN_MS);
		if (process->pipe >= 0 && !process->leaving && count < room)
			fds[count++] = (struct pollfd){ .fd = process->pipe, .events = POLLIN };
		if (process->pidfd >= 0 && count < room)
			fds[count++] = (struct pollfd){ .fd = process->pidfd, .events = POLLIN };
	}
	return count;
}

static void settle_nonsense(struct runner *runner, struct job *job)
{
	settle(runner, job, CHECK_FAILED, _("its process reported something that makes no sense"));
}

/* Clamped, and never backwards: a person watches the bar. */
static void tell_progress(struct runner *runner, struct job *job, json_t *event)
{
	const double fraction = json_number_value(json_object_get(event, "fraction"));

	if (fraction > job->fraction)
		job->fraction = fraction < 1 ? fraction : 1;
	json_object_set_new(event, "fraction", json_real(job->fraction));
	tell(runner, job->check, json_incref(event));
}

static void take_end(struct runner *runner, struct job *job, const json_t *event)
{
	enum check_state state;

	if (check_state_parse(&state, json_string_value(json_object_get(event, "state"))))
		settle_nonsense(runner, job);
	else if (state != CHECK_DONE && !job->why)
		settle(runner, job, state, _("it gave no reason"));
	else
		settle(runner, job, state, job->why);
}

/* The main result is there: its end is told, and the process measures on in the background. */
static void take_settled(struct runner *runner, struct job *job, const json_t *event)
{
	const int64_t lifetime_ms = (int64_t)runner->site->lifetime_seconds * 1000;
	const int64_t most_ms = lifetime_ms > BACKGROUND_MS ? lifetime_ms : BACKGROUND_MS;
	enum check_state state;

	if (check_state_parse(&state, json_string_value(json_object_get(event, "state")))) {
		settle_nonsense(runner, job);
		return;
	}
	job->settled = true;
	job->until = deadline_in(job->started_ms + most_ms + LAST_WORDS_MS - clock_ms());
	tell_end(runner, job, state,
		 state == CHECK_DONE ? NULL
		 : job->why          ? job->why
				     : _("it gave no reason"));
}

static void take_event(struct runner *runner, struct job *job, json_t *event)
{
	const char *kind = json_string_value(json_object_get(event, "event"));
	const char *text = json_string_value(json_object_get(event, "text"));

	if (job->settled && strcmp(kind, "fact") && strcmp(kind, "finding")) {
		if (!strcmp(kind, "end"))
			settle(runner, job, CHECK_DONE, NULL);
		return;
	}
	if (!strcmp(kind, "settled")) {
		take_settled(runner, job, event);
		return;
	}
	if (!strcmp(kind, "progress")) {
		tell_progress(runner, job, event);
		return;
	}
	if (!strcmp(kind, "end")) {
		take_end(runner, job, event);
		return;
	}
	if (!strcmp(kind, "why")) {
		mem_replace(&job->why, text);
		return; /* told with the end */
	}
	if (!strcmp(kind, "summary"))
		mem_replace(&job->summary, text);
	if (!strcmp(kind, "fact"))
		json_object_set_new(job->facts, json_string_value(json_object_get(event, "name")),
				    json_true());
	tell(runner, job->check, json_incref(event));
}

static void take_line(struct runner *runner, struct job *job, struct slice line)
{
	json_t *event;

	if (event_parse(&event, line, job->check)) {
		settle_nonsense(runner, job);
		return;
	}
	take_event(runner, job, event);
	json_decref(event);
}

static bool is_flood(const struct job *job)
{
	const uint64_t seconds = (uint64_t)(clock_ms() - job->started_ms) / 1000;
	const uint64_t times = job->check->tells_much ? MUCH : 1;

	return job->bytes > TOTAL_MAX_BYTES * times + seconds * BYTES_A_SECOND ||
	       job->events > EVENTS_MAX * times + seconds * EVENTS_A_SECOND;
}

static void settle_flood(struct runner *runner, struct job *job)
{
	settle(runner, job, CHECK_FAILED, _("its process said far too much"));
}

/* Cuts what came into lines. */
static void take_bytes(struct runner *runner, struct job *job, const char *data, size_t length)
{
	struct slice left = slice_of(data, length), piece;

	job->bytes += length;
	while (!slice_until(&piece, &left, '\n')) {
		job->events++;
		if (is_flood(job) || buf_add(&job->line, piece.at, piece.left)) {
			settle_flood(runner, job);
			return;
		}
		take_line(runner, job, slice_of(job->line.data, job->line.length));
		if (job->told)
			return;
		buf_reset(&job->line);
	}
	if (is_flood(job) || buf_add(&job->line, left.at, left.left))
		settle_flood(runner, job);
}

/* Reads until the pipe is empty or closed. A check cannot hold us up here: TOTAL_MAX_BYTES ends it.
 */
static void read_pipe(struct runner *runner, struct job *job)
{
	char data[16384];

	while (job->process.pipe >= 0 && !job->told) {
		ssize_t got = read(job->process.pipe, data, sizeof data);

		if (got > 0)
			take_bytes(runner, job, data, (size_t)got);
		else if (got < 0 && errno == EINTR)
			continue;
		else if (got < 0 && errno == EAGAIN)
			return;
		else
			process_close_pipe(&job->process);
	}
}

static const char *signal_words(int number)
{
	switch (number) {
	case SIGSEGV: return _("segmentation fault");
	case SIGBUS: return _("bus error");
	case SIGABRT: return _("it gave up by itself");
	case SIGFPE: return _("arithmetic error");
	case SIGILL: return _("illegal instruction");
	case SIGSYS: return _("forbidden system call");
	case SIGXCPU: return _("too much computing time");
	case SIGKILL: return _("killed from outside");
	default: return _("ended by a signal");
	}
}

static void settle_dead(struct runner *runner, struct job *job)
{
	const int status = job->process.status;
	char *why;

	/* Where we killed what was dying of another signal, the status names the other. */
	if (WIFSIGNALED(status) && !(job->process.killed && WTERMSIG(status) == SIGKILL))
		why = mem_printf(_("stopped unexpectedly (%s)"), signal_words(WTERMSIG(status)));
	else
		why = mem_text(_("stopped without a result"));
	settle(runner, job, CHECK_FAILED, why);
	free(why);
}

static void step_job(struct runner *runner, struct job *job)
{
	/* Reaped first: what it wrote before its end is then all in the pipe. */
	process_step(&job->process);
	if (job->told)
		return;
	read_pipe(runner, job);
	if (job->told)
		return;
	if (!job->process.pid) {
		settle_dead(runner, job);
	} else if (deadline_passed(&job->until)) {
		char *why = mem_printf(_("took longer than %u seconds"),
				       check_seconds(job->check, runner->site));

		settle(runner, job, CHECK_TIMEOUT, why);
		free(why);
	} else if (job->process.pipe < 0 && !job->process.killed) {
		/* Nothing more can come. Where it is dying anyway this does not change what it dies
		 * of. */
		job->process.killed = true;
		process_kill(&job->process);
	}
}

void runner_step(struct runner *runner)
{
	const size_t count =
		runner->count; /* what the handler starts meanwhile has its turn next time */
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		step_job(runner, runner->jobs[i]);
	for (size_t i = 0; i < runner->count; i++) {
		struct job *job = runner->jobs[i];

		if (job->told && !job->process.pid)
			job_free(job);
		else
			runner->jobs[kept++] = job;
	}
	runner->count = kept;
}

static void wait_for_news(const struct runner *runner, const struct deadline *until)
{
	const size_t room = 2 * runner->count;
	struct pollfd *fds = mem_new(room + 1, sizeof *fds);
	int timeout_ms = until ? deadline_left_ms(until) : -1;
	size_t count = runner_poll_fds(runner, fds, room, &timeout_ms);

	fds[count++] = (struct pollfd){ .fd = runner->caller, .events = POLLIN };
	poll(fds, count, timeout_ms);
	free(fds);
}

static bool is_called(const struct runner *runner)
{
	struct pollfd one = { .fd = runner->caller, .events = POLLIN };

	return poll(&one, 1, 0) > 0;
}

/* Tells those in the background to end whose time is over; *next is when to look again. Returns how
 * many there are. */
static size_t hurry_background(struct runner *runner, struct deadline *next,
			       const struct deadline *until)
{
	const int64_t lifetime_ms = (int64_t)runner->site->lifetime_seconds * 1000;
	size_t count = 0;

	*next = until && !deadline_passed(until) ? *until : deadline_in(BACKGROUND_MS);
	for (size_t i = 0; i < runner->count; i++) {
		struct job *job = runner->jobs[i];
		const int64_t left_ms = job->started_ms + lifetime_ms - clock_ms();

		if (!is_background(job))
			continue;
		count++;
		if (job->hurried)
			continue;
		job->hurried = left_ms <= 0 || (until && deadline_passed(until));
		if (!job->hurried) {
			*next = deadline_first(*next, deadline_in(left_ms));
			continue;
		}
		job->until = deadline_in(LAST_WORDS_MS);
		process_hurry(&job->process);
	}
	return count;
}

void runner_finish(struct runner *runner, const struct deadline *until)
{
	struct deadline next;

	while (runner_running(runner) && !(until && deadline_passed(until)) && !is_called(runner)) {
		wait_for_news(runner, until);
		runner_step(runner);
	}
	if (is_called(runner))
		return;
	for (size_t i = 0; i < runner->count; i++)
		if (is_running(runner->jobs[i]))
			settle(runner, runner->jobs[i], CHECK_TIMEOUT,
			       _("the time for the whole run was over"));
	while (hurry_background(runner, &next, until) && !is_called(runner)) {
		wait_for_news(runner, &next);
		runner_step(runner);
	}
}

static size_t leaving(const struct runner *runner)
{
	size_t count = 0;

	for (size_t i = 0; i < runner->count; i++)
		count += runner->jobs[i]->process.leaving && runner->jobs[i]->process.pid;
	return count;
}

/* Ends all that can be ended at once, and waits for those that leave in order. */
static void end_all(struct runner *runner)
{
	const struct deadline until = deadline_in(PROCESS_LEAVE_MS);

	for (size_t i = 0; i < runner->count; i++) {
		runner->jobs[i]->told = true;
		end_process(runner->jobs[i]);
	}
	runner->caller = -1;
	while (leaving(runner) && !deadline_passed(&until)) {
		wait_for_news(runner, &until);
		for (size_t i = 0; i < runner->count; i++)
			process_reap(&runner->jobs[i]->process);
	}
}

void runner_free(struct runner *runner)
{
	if (!runner)
		return;
	end_all(runner);
	for (size_t i = 0; i < runner->count; i++)
		process_kill(&runner->jobs[i]->process);
	for (size_t i = 0; i < runner->count; i++) {
		process_await(&runner->jobs[i]->process);
		job_free(runner->jobs[i]);
	}
	icmp_purse_free(runner->icmp);
	free(runner->jobs);
	free(runner);
}
