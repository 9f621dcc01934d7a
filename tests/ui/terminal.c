/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal.h"

#include <fcntl.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

static void must(bool done)
{
	if (done)
		return;
	perror("terminal");
	abort();
}

enum { COLUMNS_MAX = 300 };

/* --- what the terminal shows --- */

static int on_property(VTermProp property, VTermValue *value, void *context)
{
	struct terminal *terminal = context;

	if (property == VTERM_PROP_ALTSCREEN)
		terminal->other_screen = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

void terminal_take(struct terminal *terminal, int timeout_ms)
{
	struct pollfd fd = { .fd = terminal->master, .events = POLLIN };
	char bytes[4096];
	ssize_t got;

	if (terminal->closed || poll(&fd, 1, timeout_ms) <= 0)
		return;
	got = read(terminal->master, bytes, sizeof bytes);
	if (got <= 0) {
		terminal->closed = got == 0 || errno != EINTR;
		return;
	}
	vterm_input_write(terminal->vt, bytes, (size_t)got);
	if (buf_add(&terminal->sent, bytes, (size_t)got))
		abort();
}

/* The screen as text; the caller frees. */
char *terminal_text(const struct terminal *terminal)
{
	struct buf out;
	char row_text[COLUMNS_MAX * 20];

	buf_init(&out, 1 << 20);
	for (int row = 0; row < terminal->rows; row++) {
		const VTermRect rect = { row, row + 1, 0, terminal->columns };
		size_t length = vterm_screen_get_text(terminal->screen, row_text,
						      sizeof row_text - 1, rect);

		row_text[length] = 0;
		if (buf_printf(&out, "%s\n", row_text))
			abort();
	}
	return buf_take(&out);
}

/* --- the program in it --- */

static const char *program_path(void)
{
	static char path[4096];
	const char *top = getenv("top_builddir");

	snprintf(path, sizeof path, "%s/tests/ui/bench_wizard", top ? top : ".");
	return path;
}

static void be_program(const struct start *start, int orders)
{
	char *const bench[] = { (char *)"bench_wizard",
				(char *)(start->mode ? start->mode : "curses"),
				(char *)start->argument, NULL };

	dup2(orders, 3);
	setenv("TERM", start->term ? start->term : "xterm-256color", 1);
	setenv("LC_ALL", start->locale ? start->locale : "C.UTF-8", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("NO_COLOR");
	if (start->no_color)
		setenv("NO_COLOR", start->no_color, 1);
	if (start->argv)
		execvp(start->argv[0], start->argv);
	else
		execv(program_path(), bench);
	_exit(127);
}

/* What a shell with job control does: the program gets a process group of its own, and each change
 * of its state is told: its pid, then a wait status each time. */
static void be_shell(const struct start *start, int slave, int orders, int tell)
{
	pid_t program;
	int status;

	login_tty(slave);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	program = fork();
	if (!program) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		be_program(start, orders);
	}
	setpgid(program, program);
	tcsetpgrp(STDIN_FILENO, program);
	if (write(tell, &program, sizeof program) < 0)
		_exit(1);
	while (waitpid(program, &status, WUNTRACED | WCONTINUED) == program) {
		if (write(tell, &status, sizeof status) < 0 || WIFEXITED(status) ||
		    WIFSIGNALED(status))
			break;
	}
	_exit(0);
}

static void open_vterm(struct terminal *terminal)
{
	terminal->vt = vterm_new(terminal->rows, terminal->columns);
	vterm_set_utf8(terminal->vt, 1);
	terminal->screen = vterm_obtain_screen(terminal->vt);
	vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
	vterm_screen_enable_altscreen(terminal->screen, 1);
	vterm_screen_reset(terminal->screen, 1);
}

struct journey *journey_begin(struct start start)
{
	struct journey *journey = calloc(1, sizeof *journey);
	struct terminal *terminal = &journey->terminal;
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int orders[2], told[2];

	if (start.rows) {
		size.ws_row = (unsigned short)start.rows;
		size.ws_col = (unsigned short)start.columns;
	}
	terminal->rows = size.ws_row;
	terminal->columns = size.ws_col;
	buf_init(&terminal->sent, 16 << 20);
	open_vterm(terminal);
	must(!openpty(&terminal->master, &terminal->slave, NULL, NULL, &size));
	must(!tcgetattr(terminal->slave, &terminal->before));
	must(!pipe2(orders, O_CLOEXEC));
	must(!pipe2(told, O_CLOEXEC));
	terminal->shell = fork();
	if (!terminal->shell) {
		close(terminal->master);
		be_shell(&start, dup(terminal->slave), orders[0], told[1]);
	}
	close(orders[0]);
	close(told[1]);
	terminal->orders = orders[1];
	journey->told = told[0];
	must(read(journey->told, &terminal->program, sizeof(pid_t)) == sizeof(pid_t));
	return journey;
}

void journey_end(struct journey *journey)
{
	struct terminal *terminal = &journey->terminal;

	close(terminal->orders);
	close(journey->told);
	close(terminal->slave);
	close(terminal->master);
	waitpid(terminal->shell, NULL, 0);
	vterm_free(terminal->vt);
	buf_clear(&terminal->sent);
	free(journey);
}

bool terminal_shows(const struct terminal *terminal, const char *text)
{
	char *screen = terminal_text(terminal);
	bool found = strstr(screen, text) != NULL;

	free(screen);
	return found;
}

void terminal_print(const struct terminal *terminal)
{
	char *screen = terminal_text(terminal);

	fputs(screen, stderr);
	free(screen);
}

void journey_keys(struct journey *journey, const char *bytes)
{
	must(write(journey->terminal.master, bytes, strlen(bytes)) == (ssize_t)strlen(bytes));
}

void journey_order(struct journey *journey, const char *check)
{
	must(dprintf(journey->terminal.orders, "%s\n", check) > 0);
}

void journey_resize(struct journey *journey, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	journey->terminal.rows = rows;
	journey->terminal.columns = columns;
	vterm_set_size(journey->terminal.vt, rows, columns);
	must(!ioctl(journey->terminal.master, TIOCSWINSZ, &size));
}
