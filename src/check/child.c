/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/slice.h"
#include "check/sandbox.h"

enum { SECRET_MAX = 4096 };
enum { CHILD_PIPE = 3 }; /* behind stdin, stdout and stderr */

/* A group of its own, so that Ctrl-C reaches the parent alone, which then ends the checks in order.
 */
static void part_from(pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1); /* it died before the line above */
}

static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	/* A connection that the far side closed is an error to the check, not its end. */
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_from(int first)
{
#ifdef SYS_close_range
	if (!syscall(SYS_close_range, (unsigned)first, ~0U, 0))
		return;
#endif
	for (int fd = first, end = (int)sysconf(_SC_OPEN_MAX); fd < end; fd++)
		close(fd);
}

/* Leaves the pipe as CHILD_PIPE and nothing behind stdin, stdout and stderr; a word on the terminal
 * would spoil the screen, so these lead nowhere, but for what a sanitizer has to say. */
static void keep_only(int pipe)
{
	int null;

	if (pipe != CHILD_PIPE && dup2(pipe, CHILD_PIPE) < 0)
		_exit(1);
	close_from(CHILD_PIPE + 1);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
#ifndef SANITIZED
	dup2(null, STDERR_FILENO);
#endif
	if (null > STDERR_FILENO)
		close(null);
}

static void write_line(const char *line, size_t length)
{
	while (length) {
		ssize_t wrote = write(CHILD_PIPE, line, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			_exit(1); /* nobody listens any more */
		line += wrote;
		length -= (size_t)wrote;
	}
}

static void send_event(json_t *event_take, void *context)
{
	char *line = json_dumps(event_take, JSON_COMPACT);

	(void)context;
	if (!line)
		abort();
	write_line(line, strlen(line));
	write_line("\n", 1);
	free(line);
	json_decref(event_take);
}

/* The first line of the file that the check names, without white space around it; NULL: none, or
 * not to be read. Once the sandbox has closed, no home is in reach. The caller frees. */
static char *read_secret(const struct check *check, const struct site *site)
{
	const char *file = check->secret_file ? check->secret_file(site) : NULL;
	char *path, *text, *secret = NULL;
	struct slice rest, line;
	size_t length;

	if (!file)
		return NULL;
	path = file_expand(file);
	if (!file_read(&text, &length, path, SECRET_MAX)) {
		rest = slice_of(text, length);
		if (!slice_line(&line, &rest) && slice_trim(line).left)
			secret = mem_text_n((const char *)slice_trim(line).at,
					    slice_trim(line).left);
		free(text);
	}
	free(path);
	return secret;
}

_Noreturn void child_run(const struct check *check, const struct site *site,
			 struct icmp_purse *icmp, const volatile int *hurry, int pipe, pid_t parent)
{
	struct sink sink = { .event = send_event };
	struct site here = *site;
	enum check_state state;

	part_from(parent);
	reset_signals();
	keep_only(pipe);
	here.icmp = icmp;
	here.hurry = hurry;
	here.secret = read_secret(check, site);
	if (check->prepare)
		here.tools = check->prepare(site);
	sandbox_enter(check_seconds(check, site), check->writes);
	state = check->run(&here, &sink);
	send_event(json_pack("{s:s, s:s}", "event", "end", "state", check_state_text(state)), NULL);
	_exit(0);
}
