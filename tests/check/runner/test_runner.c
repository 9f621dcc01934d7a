/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runner against checks that behave, and against every kind that does not. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/addr.h"
#include "base/clock.h"
#include "check/runner.h"
#include "check/sandbox.h"

enum { PIPE = 3 }; /* where child.c leaves the pipe */

/* Everything that was told, in order: [{"check":"…", and the event's own keys}]. */
struct record {
	json_t *events;
	struct runner *runner;
	const char *cancel_at; /* event at which to cancel its check */
	bool seen;             /* "now":"here" came */
};

static void keep(const struct check *check, const json_t *event, void *context)
{
	struct record *record = context;
	const char *kind = json_string_value(json_object_get(event, "event"));
	const char *now = json_string_value(json_object_get(event, "now"));
	json_t *copy = json_deep_copy(event);

	json_object_set_new(copy, "check", json_string(check->name));
	json_array_append_new(record->events, copy);
	record->seen |= now && !strcmp(now, "here");
	if (record->cancel_at && !strcmp(record->cancel_at, kind))
		runner_cancel(record->runner, check);
}

struct fixture {
	struct site site;
	struct record record;
};

static struct fixture *open_fixture(void)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	assert_non_null(fixture);
	site_init(&fixture->site);
	fixture->record.events = json_array();
	fixture->record.runner = runner_new(&fixture->site, keep, &fixture->record);
	return fixture;
}

static void close_fixture(struct fixture *fixture)
{
	runner_free(fixture->record.runner);
	json_decref(fixture->record.events);
	site_clear(&fixture->site);
	free(fixture);
}

/* The nth event of a kind of a check; NULL where there are fewer. */
static const json_t *nth(const struct record *record, const struct check *check, const char *kind,
			 size_t n)
{
	json_t *event;
	size_t i;

	json_array_foreach(record->events, i, event)
		if (!strcmp(json_string_value(json_object_get(event, "check")), check->name) &&
		    !strcmp(json_string_value(json_object_get(event, "event")), kind) && !n--)
			return event;
	return NULL;
}

static const char *told_text(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "(none)";
}

static const json_t *fact(const struct record *record, const struct check *check, const char *name)
{
	const json_t *event;

	for (size_t n = 0; (event = nth(record, check, "fact", n)); n++)
		if (!strcmp(told_text(event, "name"), name))
			return json_object_get(event, "value");
	return NULL;
}

static void start(struct fixture *fixture, const struct check *check)
{
	assert_int_equal(runner_start(fixture->record.runner, check), ERR_NONE);
}

static void finish(struct fixture *fixture)
{
	const struct deadline until = deadline_in(20000);

	runner_finish(fixture->record.runner, &until);
	assert_int_equal(runner_running(fixture->record.runner), 0);
}

static void run(struct fixture *fixture, const struct check *check)
{
	start(fixture, check);
	finish(fixture);
}

/* One loop of a caller that has other things to do too. */
static void step(struct fixture *fixture)
{
	struct pollfd fds[16];
	int timeout_ms = 20000;
	const size_t count = runner_poll_fds(fixture->record.runner, fds, 16, &timeout_ms);

	assert_true(poll(fds, count, timeout_ms) >= 0);
	runner_step(fixture->record.runner);
}

static void expect_end(const struct fixture *fixture, const struct check *check, const char *state,
		       const char *why)
{
	const json_t *end = nth(&fixture->record, check, "end", 0);

	assert_non_null(end);
	assert_null(nth(&fixture->record, check, "end", 1));
	assert_string_equal(told_text(end, "state"), state);
	if (why && !strstr(told_text(end, "why"), why))
		fail_msg("why is \"%s\", expected \"%s\" in it", told_text(end, "why"), why);
	assert_true(json_is_real(json_object_get(end, "seconds")));
}

#define CHECK(id, limit, function)                                                                 \
	static const struct check id = { .name = #id,                                              \
					 .title = "",                                              \
					 .about = "",                                              \
					 .seconds = limit,                                         \
					 .facts = some_facts,                                      \
					 .run = function }

static const char *const some_facts[] = { "one", "two", "three", NULL };

static enum check_state do_good(const struct site *site, struct sink *sink)
{
	(void)site;
	sink_progress(sink, 0.5, "half");
	sink_progress(sink, 0.25, NULL);
	sink_progress(sink, 7, NULL);
	sink_fact_text(sink, "one", "a\x1b[31m");
	sink_fact_number(sink, "two", 2);
	sink_finding_take(sink, finding_new("vpn-carries-voice"));
	sink_call_take(sink, json_pack("{s:s}", "from", "a\x1b[2J"));
	sink_summary(sink, "all of %d", 2);
	return CHECK_DONE;
}
CHECK(good, 10, do_good);

static void good_check_is_told_whole(void **state)
{
	struct fixture *fixture = open_fixture();
	const struct record *record = &fixture->record;

	(void)state;
	run(fixture, &good);
	expect_end(fixture, &good, "done", NULL);
	assert_string_equal(told_text(json_array_get(record->events, 0), "event"), "start");
	assert_string_equal(told_text(nth(record, &good, "progress", 0), "now"), "half");
	assert_true(json_number_value(
			    json_object_get(nth(record, &good, "progress", 1), "fraction")) == 0.5);
	assert_true(json_number_value(
			    json_object_get(nth(record, &good, "progress", 2), "fraction")) == 1);
	assert_string_equal(json_string_value(fact(record, &good, "one")), "a\\x1b[31m");
	assert_int_equal(json_integer_value(fact(record, &good, "two")), 2);
	assert_string_equal(json_string_value(fact(record, &good, "three")), "unknown");
	assert_string_equal(
		told_text(json_object_get(nth(record, &good, "finding", 0), "finding"), "id"),
		"vpn-carries-voice");
	assert_string_equal(
		told_text(json_object_get(nth(record, &good, "call", 0), "call"), "from"),
		"a\\x1b[2J");
	assert_string_equal(told_text(nth(record, &good, "summary", 0), "text"), "all of 2");
	assert_string_equal(told_text(nth(record, &good, "end", 0), "summary"), "all of 2");
	close_fixture(fixture);
}

static void check_runs_again(void **state)
{
	struct fixture *fixture = open_fixture();

	(void)state;
	run(fixture, &good);
	run(fixture, &good);
	assert_non_null(nth(&fixture->record, &good, "end", 1));
	assert_null(nth(&fixture->record, &good, "end", 2));
	close_fixture(fixture);
}

static const char *no_server(const struct site *site)
{
	(void)site;
	return "no server is named";
}
static const struct check cannot = {
	.name = "cannot", .seconds = 1, .facts = some_facts, .why_not = no_server, .run = do_good
};

static void check_that_cannot_run_is_skipped(void **state)
{
	struct fixture *fixture = open_fixture();

	(void)state;
	start(fixture, &cannot);
	assert_int_equal(runner_running(fixture->record.runner), 0);
	expect_end(fixture, &cannot, "skipped", "no server is named");
	assert_non_null(nth(&fixture->record, &cannot, "start", 0));
	assert_null(nth(&fixture->record, &cannot, "fact", 0));
	close_fixture(fixture);
}

static enum check_state do_skip(const struct site *site, struct sink *sink)
{
	(void)site;
	sink_why(sink, "nobody at %s", "home");
	return CHECK_SKIPPED;
}
CHECK(skips, 10, do_skip);

static enum check_state do_fail_mutely(const struct site *site, struct sink *sink)
{
	(void)site;
	(void)sink;
	return CHECK_FAILED;
}
CHECK(fails_mutely, 10, do_fail_mutely);

static enum check_state do_crash(const struct site *site, struct sink *sink)
{
	(void)site;
	sink_progress(sink, 0.5, NULL);
	raise(SIGSEGV);
	return CHECK_DONE;
}
CHECK(crashes, 10, do_crash);

static enum check_state do_abort(const struct site *site, struct sink *sink)
{
	(void)site;
	(void)sink;
	abort();
}
CHECK(aborts, 10, do_abort);

static enum check_state do_exit(const struct site *site, struct sink *sink)
{
	(void)site;
	sink_fact_text(sink, "one", "told");
	_exit(0);
}
CHECK(leaves, 10, do_exit);

static enum check_state do_close(const struct site *site, struct sink *sink)
{
	(void)site;
	(void)sink;
	close(PIPE);
	for (;;)
		pause();
	return CHECK_DONE;
}
CHECK(closes, 60, do_close);

static enum check_state do_hang(const struct site *site, struct sink *sink)
{
	sigset_t all;

	(void)site;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sink_fact_number(sink, "one", getpid());
	sink_progress(sink, 0.5, "here");
	for (;;)
		pause();
	return CHECK_DONE;
}
CHECK(hangs, 1, do_hang);
CHECK(hangs_long, 600, do_hang);

static enum check_state do_spin(const struct site *site, struct sink *sink)
{
	(void)site;
	(void)sink;
	for (volatile unsigned i = 0;; i++)
		;
	return CHECK_DONE;
}
CHECK(spins, 1, do_spin);

static enum check_state do_endless_line(const struct site *site, struct sink *sink)
{
	(void)site;
	(void)sink;
	for (;;)
		if (write(PIPE, "xxxxxxxxxxxxxxxx", 16) < 0)
			_exit(1);
}
CHECK(endless_line, 60, do_endless_line);

static enum check_state do_endless_events(const struct site *site, struct sink *sink)
{
	(void)site;
	for (;;)
		sink_progress(sink, 0.5, "still");
	return CHECK_DONE;
}
CHECK(endless_events, 60, do_endless_events);

static enum check_state do_heavy_events(const struct site *site, struct sink *sink)
{
	json_t *text = json_array();

	(void)site;
	for (int i = 0; i < 60; i++)
		json_array_append_new(text, json_stringn(memset((char[800]){ 0 }, 'y', 800), 800));
	for (;;)
		sink_fact_take(sink, "one", json_incref(text));
	return CHECK_DONE;
}
CHECK(heavy_events, 60, do_heavy_events);

static enum check_state do_rubbish(const struct site *site, struct sink *sink)
{
	(void)site;
	sink_fact_text(sink, "one", "told");
	if (write(PIPE, "\xff\xfe{]\n", 5) != 5)
		_exit(1);
	return CHECK_DONE;
}
CHECK(rubbish, 10, do_rubbish);

static enum check_state do_foreign_fact(const struct site *site, struct sink *sink)
{
	(void)site;
	sink_fact_text(sink, "four", "not mine");
	return CHECK_DONE;
}
CHECK(foreign_fact, 10, do_foreign_fact);

static enum check_state do_half_line(const struct site *site, struct sink *sink)
{
	static const char half[] = "{\"event\":\"end\",\"state\":\"done\"}";

	(void)site;
	(void)sink;
	_exit(write(PIPE, half, sizeof half - 1) < 0);
}
CHECK(half_line, 10, do_half_line);

#ifndef SANITIZED /* which deals with both in its own way */
/* A real one, not a signal from itself. */
static enum check_state do_wild_write(const struct site *site, struct sink *sink)
{
	char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)site;
	(void)sink;
	*(volatile char *)page = 1;
	return CHECK_DONE;
}
CHECK(writes_wildly, 10, do_wild_write);

static enum check_state do_eat(const struct site *site, struct sink *sink)
{
	(void)site;
	(void)sink;
	for (size_t i = 0; i < 1024; i++) {
		char *volatile memory = malloc(1 << 20);

		if (!memory)
			abort();
		memset(memory, 1, 1 << 20);
	}
	return CHECK_DONE;
}
CHECK(eats, 20, do_eat);
#endif

static void bad_checks_cost_themselves_alone(void **state)
{
	static const struct {
		const struct check *check;
		const char *state, *why;
	} table[] = {
		{ &good, "done", NULL },
		{ &skips, "skipped", "nobody at home" },
		{ &fails_mutely, "failed", "no reason" },
		{ &crashes, "failed", "segmentation fault" },
		{ &aborts, "failed", "gave up" },
		{ &leaves, "failed", "without a result" },
		{ &closes, "failed", "without a result" },
		{ &hangs, "timeout", "longer than 1 seconds" },
		{ &spins, "timeout", "longer than 1 seconds" },
		{ &endless_line, "failed", "far too much" },
		{ &endless_events, "failed", "far too much" },
		{ &heavy_events, "failed", "far too much" },
		{ &rubbish, "failed", "makes no sense" },
		{ &foreign_fact, "failed", "makes no sense" },
		{ &half_line, "failed", "without a result" },
#ifndef SANITIZED
		{ &writes_wildly, "failed", "segmentation fault" },
		{ &eats, "failed", "gave up" },
#endif
	};
	struct fixture *fixture = open_fixture();

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		start(fixture, table[i].check);
	finish(fixture);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		expect_end(fixture, table[i].check, table[i].state, table[i].why);
	/* What was told before the fault stays; what was not is not called unknown. */
	assert_string_equal(json_string_value(fact(&fixture->record, &rubbish, "one")), "told");
	assert_string_equal(json_string_value(fact(&fixture->record, &leaves, "one")), "told");
	assert_null(fact(&fixture->record, &leaves, "two"));
	assert_null(fact(&fixture->record, &foreign_fact, "four"));
	close_fixture(fixture);
}

/* Where the barrier's answer comes from; set before the forks. */
static struct addr barrier;

/* Says hello and waits for the answer, which comes when all others have said hello too. */
static enum check_state do_meet(const struct site *site, struct sink *sink)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char answer[8];

	(void)site;
	if (fd < 0 || connect(fd, &barrier.sa.any, addr_length(&barrier)) ||
	    send(fd, "hello", 5, 0) != 5 || recv(fd, answer, sizeof answer, 0) != 2) {
		sink_why(sink, "no meeting: %s", strerror(errno));
		return CHECK_FAILED;
	}
	return CHECK_DONE;
}
CHECK(meets_a, 20, do_meet);
CHECK(meets_b, 20, do_meet);
CHECK(meets_c, 20, do_meet);

static void checks_run_side_by_side(void **state)
{
	static const struct check *const all[] = { &meets_a, &meets_b, &meets_c };
	struct fixture *fixture = open_fixture();
	struct sockaddr_storage from[3];
	socklen_t length = sizeof barrier.sa;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char hello[8];

	(void)state;
	assert_int_equal(addr_parse(&barrier, "127.0.0.1", 0), ERR_NONE);
	assert_int_equal(bind(fd, &barrier.sa.any, addr_length(&barrier)), 0);
	assert_int_equal(getsockname(fd, &barrier.sa.any, &length), 0);
	for (size_t i = 0; i < 3; i++)
		start(fixture, all[i]);
	assert_int_equal(runner_running(fixture->record.runner), 3);
	for (size_t i = 0; i < 3; i++) {
		length = sizeof from[i];
		assert_int_equal(poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 20000), 1);
		assert_int_equal(
			recvfrom(fd, hello, sizeof hello, 0, (struct sockaddr *)&from[i], &length),
			5);
	}
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(sendto(fd, "go", 2, 0, (struct sockaddr *)&from[i], length), 2);
	finish(fixture);
	for (size_t i = 0; i < 3; i++)
		expect_end(fixture, all[i], "done", NULL);
	close(fd);
	close_fixture(fixture);
}

static void cancel_ends_one_at_once(void **state)
{
	struct fixture *fixture = open_fixture();

	(void)state;
	start(fixture, &hangs_long);
	while (!fixture->record.seen)
		step(fixture);
	runner_cancel(fixture->record.runner, &hangs_long);
	assert_int_equal(runner_running(fixture->record.runner), 0);
	expect_end(fixture, &hangs_long, "failed", "cancelled");
	runner_cancel(fixture->record.runner, NULL);
	expect_end(fixture, &hangs_long, "failed", "cancelled");
	/* And again, while the old process may still be dying. */
	fixture->record.seen = false;
	start(fixture, &hangs_long);
	start(fixture, &hangs_long);
	assert_int_equal(runner_running(fixture->record.runner), 1);
	while (!fixture->record.seen)
		step(fixture);
	runner_cancel(fixture->record.runner, NULL);
	assert_string_equal(told_text(nth(&fixture->record, &hangs_long, "end", 1), "why"),
			    "cancelled");
	close_fixture(fixture);
}

static void handler_may_cancel(void **state)
{
	static const char *const kinds[] = { "start", "progress", "fact" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct fixture *fixture = open_fixture();

		fixture->record.cancel_at = kinds[i];
		run(fixture, &good);
		expect_end(fixture, &good, "failed", "cancelled");
		assert_null(nth(&fixture->record, &good, "finding", 0));
		close_fixture(fixture);
	}
}

static void run_out_of_time_is_a_timeout(void **state)
{
	struct fixture *fixture = open_fixture();
	const struct deadline now = deadline_in(0);

	(void)state;
	start(fixture, &hangs_long);
	start(fixture, &good);
	runner_finish(fixture->record.runner, &now);
	expect_end(fixture, &hangs_long, "timeout", "whole run");
	expect_end(fixture, &good, "timeout", "whole run");
	close_fixture(fixture);
}

static void free_leaves_nothing_running(void **state)
{
	struct fixture *fixture = open_fixture();
	pid_t pid;

	(void)state;
	start(fixture, &hangs_long);
	while (!fixture->record.seen)
		step(fixture);
	pid = (pid_t)json_integer_value(fact(&fixture->record, &hangs_long, "one"));
	assert_int_equal(kill(pid, 0), 0);
	close_fixture(fixture);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

/* Starts a hanging check, says its number on `out`, and waits to be killed. */
static _Noreturn void be_a_parent(int out)
{
	struct fixture *fixture = open_fixture();
	pid_t pid;

	start(fixture, &hangs_long);
	while (!fixture->record.seen)
		step(fixture);
	pid = (pid_t)json_integer_value(fact(&fixture->record, &hangs_long, "one"));
	if (write(out, &pid, sizeof pid) != sizeof pid)
		_exit(1);
	for (;;)
		pause();
}

/* Holds something until it is told to give it back; site->support is shared memory here. */
static enum check_state do_hold(const struct site *site, struct sink *sink)
{
	sink_fact_number(sink, "one", getpid());
	sink_progress(sink, 0.5, "here");
	while (!*site->hurry)
		poll(NULL, 0, 10);
	sink_progress(sink, 0.6, "a word nobody listens to");
	poll(NULL, 0, 50);
	*site->support = 'y';
	return CHECK_DONE;
}
static const struct check holds = { .name = "holds",
				    .title = "",
				    .about = "",
				    .seconds = 600,
				    .leaves_traces = true,
				    .facts = some_facts,
				    .run = do_hold };
static const struct check holds_long = { .name = "holds_long",
					 .title = "",
					 .about = "",
					 .seconds = 1,
					 .leaves_traces = true,
					 .facts = some_facts,
					 .run = do_hold };
static const struct check holds_on = { .name = "holds_on",
				       .title = "",
				       .about = "",
				       .seconds = 600,
				       .leaves_traces = true,
				       .facts = some_facts,
				       .run = do_hang };

static struct fixture *start_holding(const struct check *check)
{
	struct fixture *fixture = open_fixture();

	fixture->site.support =
		mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(fixture->site.support, MAP_FAILED);
	start(fixture, check);
	while (!fixture->record.seen)
		step(fixture);
	return fixture;
}

/* Returns whether the check gave back what it held. */
static bool close_holding(struct fixture *fixture)
{
	char *shared = fixture->site.support;
	bool given;

	fixture->site.support = NULL;
	close_fixture(fixture);
	given = *shared == 'y';
	munmap(shared, 1);
	return given;
}

static void what_is_held_is_given_back(void **state)
{
	struct fixture *fixture = start_holding(&holds);

	(void)state;
	/* freed at once */
	assert_true(close_holding(fixture));
	/* cancelled, and only then freed */
	fixture = start_holding(&holds);
	runner_cancel(fixture->record.runner, NULL);
	assert_int_equal(runner_running(fixture->record.runner), 0);
	expect_end(fixture, &holds, "failed", "cancelled");
	assert_true(close_holding(fixture));
	/* cancelled, and the caller goes on with other things */
	fixture = start_holding(&holds);
	runner_cancel(fixture->record.runner, NULL);
	run(fixture, &good);
	for (int i = 0; i < 100 && *fixture->site.support != 'y'; i++)
		step(fixture);
	assert_true(close_holding(fixture));
	/* over time */
	fixture = start_holding(&holds_long);
	finish(fixture);
	expect_end(fixture, &holds_long, "timeout", NULL);
	assert_true(close_holding(fixture));
}

static pid_t pid_of(const struct fixture *fixture)
{
	return (pid_t)json_integer_value(fact(&fixture->record, &holds_on, "one"));
}

static void who_does_not_leave_is_killed(void **state)
{
	struct fixture *fixture = start_holding(&holds_on);
	const pid_t pid = pid_of(fixture);
	const int64_t started_ms = clock_ms();

	(void)state;
	assert_false(close_holding(fixture));
	assert_true(clock_ms() - started_ms >= 200);
	assert_true(clock_ms() - started_ms < 2000);
	assert_int_equal(kill(pid, 0), -1);
	/* The same by the caller's loop. */
	fixture = start_holding(&holds_on);
	runner_cancel(fixture->record.runner, NULL);
	for (int i = 0; i < 100 && !kill(pid_of(fixture), 0); i++)
		step(fixture);
	assert_int_equal(kill(pid_of(fixture), 0), -1);
	assert_false(close_holding(fixture));
}

/* Whoever waits for all may be called away; then nothing is ended yet. */
static void caller_is_heeded(void **state)
{
	struct fixture *fixture = start_holding(&holds);
	const int64_t started_ms = clock_ms();
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	runner_heed(fixture->record.runner, ends[0]);
	runner_finish(fixture->record.runner, NULL);
	assert_true(clock_ms() - started_ms < 2000);
	assert_int_equal(runner_running(fixture->record.runner), 1);
	assert_null(nth(&fixture->record, &holds, "end", 0));
	assert_true(close_holding(fixture));
	close(ends[0]);
	close(ends[1]);
}

static void check_dies_with_its_parent(void **state)
{
	int ends[2], pidfd;
	pid_t parent, check;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	parent = fork();
	assert_true(parent >= 0);
	if (!parent)
		be_a_parent(ends[1]);
	assert_int_equal(read(ends[0], &check, sizeof check), sizeof check);
	pidfd = (int)syscall(SYS_pidfd_open, check, 0);
	if (pidfd < 0) {
		kill(parent, SIGKILL);
		waitpid(parent, NULL, 0);
		skip(); /* the kernel cannot tell of the end of another's child */
	}
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	assert_int_equal(poll(&(struct pollfd){ .fd = pidfd, .events = POLLIN }, 1, 20000), 1);
	close(pidfd);
	close(ends[0]);
	close(ends[1]);
}

static int count_fds(void)
{
	int count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void no_descriptor_is_left_behind(void **state)
{
	const int before = count_fds();

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct fixture *fixture = open_fixture();

		start(fixture, &good);
		start(fixture, &crashes);
		start(fixture, &endless_line);
		finish(fixture);
		start(fixture, &hangs_long);
		close_fixture(fixture);
	}
	assert_int_equal(count_fds(), before);
}

/* Says a fact after its end, then waits to be hurried. */
static enum check_state do_settle(const struct site *site, struct sink *sink)
{
	sink_fact_text(sink, "one", "main");
	sink_summary(sink, "it is settled");
	sink_settled(sink, CHECK_DONE);
	sink_progress(sink, 0.9, "late");
	while (!*site->hurry)
		poll(NULL, 0, 20);
	sink_fact_text(sink, "two", "late");
	sink_finding_take(sink, finding_new("vpn-carries-voice"));
	return CHECK_DONE;
}
CHECK(settles, 10, do_settle);

static void settled_check_goes_on(void **state)
{
	struct fixture *fixture = open_fixture();
	const int64_t start_ms = clock_ms();

	(void)state;
	start(fixture, &settles);
	while (runner_running(fixture->record.runner))
		step(fixture);
	expect_end(fixture, &settles, "done", NULL);
	assert_string_equal(told_text(nth(&fixture->record, &settles, "end", 0), "summary"),
			    "it is settled");
	assert_string_equal(json_string_value(fact(&fixture->record, &settles, "two")), "unknown");
	assert_null(nth(&fixture->record, &settles, "finding", 0));
	finish(fixture);
	expect_end(fixture, &settles, "done", NULL);
	assert_string_equal(told_text(nth(&fixture->record, &settles, "fact", 3), "value"), "late");
	assert_non_null(nth(&fixture->record, &settles, "finding", 0));
	assert_null(nth(&fixture->record, &settles, "progress", 0));
	assert_true(clock_ms() - start_ms < 5000);
	close_fixture(fixture);
}

static void settled_check_has_its_lifetime(void **state)
{
	struct fixture *fixture = open_fixture();
	const int64_t start_ms = clock_ms();

	(void)state;
	fixture->site.lifetime_seconds = 1;
	run(fixture, &settles);
	assert_true(clock_ms() - start_ms >= 1000);
	assert_non_null(nth(&fixture->record, &settles, "finding", 0));
	fixture->site.lifetime_seconds = 60;
	start(fixture, &settles);
	runner_finish(fixture->record.runner, &(struct deadline){ clock_ms() + 500 });
	assert_true(clock_ms() - start_ms < 5000);
	assert_non_null(nth(&fixture->record, &settles, "finding", 1));
	close_fixture(fixture);
}

static void settled_check_starts_again(void **state)
{
	struct fixture *fixture = open_fixture();

	(void)state;
	start(fixture, &settles);
	while (runner_running(fixture->record.runner))
		step(fixture);
	run(fixture, &settles);
	assert_non_null(nth(&fixture->record, &settles, "end", 1));
	assert_null(nth(&fixture->record, &settles, "end", 2));
	assert_null(nth(&fixture->record, &settles, "finding", 1));
	start(fixture, &settles);
	runner_cancel(fixture->record.runner, NULL);
	close_fixture(fixture);
}

static enum check_state do_flood_late(const struct site *site, struct sink *sink)
{
	(void)site;
	sink_settled(sink, CHECK_DONE);
	for (;;)
		sink_fact_text(sink, "one", "again");
	return CHECK_DONE;
}
CHECK(floods_late, 10, do_flood_late);

static enum check_state do_hang_late(const struct site *site, struct sink *sink)
{
	(void)site;
	sink_settled(sink, CHECK_DONE);
	for (;;)
		pause();
	return CHECK_DONE;
}
CHECK(hangs_late, 10, do_hang_late);

static void bad_background_is_ended(void **state)
{
	struct fixture *fixture = open_fixture();
	const int64_t start_ms = clock_ms();

	(void)state;
	start(fixture, &floods_late);
	start(fixture, &hangs_late);
	finish(fixture);
	expect_end(fixture, &floods_late, "done", NULL);
	expect_end(fixture, &hangs_late, "done", NULL);
	assert_true(clock_ms() - start_ms < 5000);
	close_fixture(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_check_is_told_whole),
		cmocka_unit_test(check_runs_again),
		cmocka_unit_test(check_that_cannot_run_is_skipped),
		cmocka_unit_test(bad_checks_cost_themselves_alone),
		cmocka_unit_test(checks_run_side_by_side),
		cmocka_unit_test(cancel_ends_one_at_once),
		cmocka_unit_test(handler_may_cancel),
		cmocka_unit_test(run_out_of_time_is_a_timeout),
		cmocka_unit_test(free_leaves_nothing_running),
		cmocka_unit_test(what_is_held_is_given_back),
		cmocka_unit_test(who_does_not_leave_is_killed),
		cmocka_unit_test(caller_is_heeded),
		cmocka_unit_test(check_dies_with_its_parent),
		cmocka_unit_test(settled_check_goes_on),
		cmocka_unit_test(settled_check_has_its_lifetime),
		cmocka_unit_test(settled_check_starts_again),
		cmocka_unit_test(bad_background_is_ended),
		cmocka_unit_test(no_descriptor_is_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
