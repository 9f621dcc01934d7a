/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "capture/live.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "capture/live_words.h"
#include "capture/stream.h"

enum {
	SAID_MAX = 4096,     /* bytes of what the helper says that are looked at */
	PIPE_ROOM = 1 << 20, /* what a user may ask for (pipe(7)) */
	READS_MAX = 8,       /* in one go, so that the screen and the keys get their turn */
	PATIENCE_MS = 2000,  /* for a helper that was told to end */
	ARGUMENTS_MAX = 8,
};

struct capture_live {
	char *helper, *interface, *filter;
	struct capture_live_plan plan; /* with these */
	pid_t pid;                     /* 0: none, or its end is known */
	int in, out, said;             /* the helper's; -1: closed */
	struct capture_stream *stream;
	struct buf words;
	char *trouble;
	struct capture_counts counts;
	bool stopped, ended;
};

char *capture_live_helper(void)
{
	char *self = file_self();
	char *slash = self ? strrchr(self, '/') : NULL;
	char *built = NULL;

	if (slash) {
		*slash = 0;
		built = mem_printf("%s/helper/earshot-capture", self);
	}
	free(self);
	if (built && !access(built, F_OK))
		return built;
	free(built);
	return mem_text(PKGLIBEXECDIR "/earshot-capture");
}

/* --- starting --- */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Above the standard ones, so that putting it into the helper's place overwrites none. */
static int above_standard(int fd)
{
	int moved = fd < 0 || fd > STDERR_FILENO ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (moved != fd)
		close(fd);
	return moved;
}

static enum err make_pipe(int *reading, int *writing)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return err_from_errno(errno);
	*reading = above_standard(fds[0]);
	*writing = above_standard(fds[1]);
	return *reading < 0 || *writing < 0 ? err_from_errno(errno) : ERR_NONE;
}

/* Its signals are as new, and Ctrl-C on the terminal reaches earshot alone, which then ends the
 * helper in order. Nothing of the environment is its business. */
static int spawn(struct capture_live *live, char *const *arguments, const int fds[static 3])
{
	char *environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	int failed;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&actions, fds[i], i);
	sigfillset(&signals);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attributes, &signals);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETPGROUP);
	failed = posix_spawn(&live->pid, live->plan.helper, &actions, &attributes, arguments,
			     environment);
	if (failed)
		live->pid = 0;
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

static int start_helper(struct capture_live *live, const int fds[static 3])
{
	const struct capture_live_plan *plan = &live->plan;
	char *snaplen = plan->snaplen ? mem_printf("%u", plan->snaplen) : NULL;
	const char *arguments[ARGUMENTS_MAX] = { "earshot-capture", "-i", plan->interface };
	size_t count = 3;
	int failed;

	if (snaplen) {
		arguments[count++] = "-s";
		arguments[count++] = snaplen;
	}
	if (plan->filter) {
		arguments[count++] = "-f";
		arguments[count++] = plan->filter;
	}
	failed = spawn(live, (char *const *)arguments, fds);
	free(snaplen);
	return failed;
}

static enum err start(struct capture_live *live)
{
	int fds[3] = { -1, -1, -1 };
	enum err err = make_pipe(&fds[0], &live->in);
	int failed;

	if (!err)
		err = make_pipe(&live->out, &fds[1]);
	if (!err)
		err = make_pipe(&live->said, &fds[2]);
	failed = err ? errno : start_helper(live, fds);
	for (int i = 0; i < 3; i++)
		close_fd(&fds[i]);
	if (failed) {
		live->trouble = live_words_start(&live->plan, failed);
		return err_from_errno(failed);
	}
	fcntl(live->out, F_SETFL, O_NONBLOCK);
	fcntl(live->said, F_SETFL, O_NONBLOCK);
	/* A pause on our side then costs no packet; where it is refused, the kernel's own buffer
	 * still holds a while. */
	fcntl(live->out, F_SETPIPE_SZ, PIPE_ROOM);
	return ERR_NONE;
}

enum err capture_live_start(struct capture_live **out, const struct capture_live_plan *plan)
{
	struct capture_live *live = mem_new(1, sizeof *live);
	enum err err;

	live->in = live->out = live->said = -1;
	live->helper = plan->helper ? mem_text(plan->helper) : capture_live_helper();
	live->interface = mem_text(plan->interface);
	live->filter = mem_text(plan->filter);
	live->plan = (struct capture_live_plan){ .helper = live->helper,
						 .interface = live->interface,
						 .filter = live->filter,
						 .snaplen = plan->snaplen };
	live->stream = capture_stream_new();
	buf_init(&live->words, SAID_MAX);
	err = start(live);
	live->ended = err != ERR_NONE;
	*out = live;
	return err;
}

int capture_live_fd(const struct capture_live *live)
{
	return live->out;
}

bool capture_live_runs(const struct capture_live *live)
{
	return !live->ended && capture_stream_begun(live->stream);
}

const char *capture_live_trouble(const struct capture_live *live)
{
	return live->trouble ? live->trouble : "";
}

struct capture_counts capture_live_counts(const struct capture_live *live)
{
	return live->counts;
}

/* --- ending --- */

void capture_live_stop(struct capture_live *live)
{
	live->stopped = true;
	close_fd(&live->in);
}

/* What it says past the ceiling is dropped. */
static void hear(struct capture_live *live)
{
	char text[512];
	ssize_t got;

	while ((got = read(live->said, text, sizeof text)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0 && buf_add(&live->words, text, (size_t)got))
			break;
}

/* Waits for its end, which closing its pipes brings about; one that does not keep to that is
 * killed. Returns its status as wait(2) has it. */
static int await(struct capture_live *live)
{
	const struct deadline until = deadline_in(PATIENCE_MS);
	struct pollfd process = { .fd = (int)syscall(SYS_pidfd_open, live->pid, 0),
				  .events = POLLIN };
	int status = 0, ready;

	do
		ready = process.fd < 0 ? 1 : poll(&process, 1, deadline_left_ms(&until));
	while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		kill(live->pid, SIGKILL);
	close_fd(&process.fd);
	while (waitpid(live->pid, &status, 0) < 0 && errno == EINTR)
		;
	live->pid = 0;
	return status;
}

static void end(struct capture_live *live)
{
	char *trouble;
	int status;

	live->ended = true;
	close_fd(&live->in);
	close_fd(&live->out);
	status = await(live);
	hear(live);
	close_fd(&live->said);
	trouble = live_words_read(&live->counts, &live->plan,
				  slice_of(live->words.data, live->words.length),
				  live_words_has_right(live->plan.helper));
	if (!trouble && (status || !live->stopped))
		trouble = mem_printf(_("%s ended unexpectedly (status %d)"), live->plan.helper,
				     status);
	if (live->trouble)
		free(trouble); /* the first one stays */
	else
		live->trouble = trouble;
}

void capture_live_free(struct capture_live *live)
{
	if (!live)
		return;
	capture_live_stop(live);
	if (live->pid)
		end(live);
	close_fd(&live->out);
	close_fd(&live->said);
	free(live->helper);
	free(live->interface);
	free(live->filter);
	capture_stream_free(live->stream);
	buf_clear(&live->words);
	free(live->trouble);
	free(live);
}

/* --- reading --- */

bool capture_live_read(struct capture_live *live, capture_handler *handler, void *context)
{
	for (int i = 0; i < READS_MAX && !live->ended; i++) {
		size_t room;
		uint8_t *at = capture_stream_room(&room, live->stream);
		ssize_t got = read(live->out, at, room);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			break;
		if (got <= 0) {
			end(live);
		} else if (capture_stream_put(live->stream, (size_t)got, handler, context)) {
			live->trouble =
				mem_printf(_("%s sends what is no capture"), live->plan.helper);
			end(live);
		}
	}
	return !live->ended;
}
