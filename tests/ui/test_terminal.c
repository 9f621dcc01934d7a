/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curses front end in a real terminal (a pty) whose screen libvterm keeps: journeys, sizes,
 * kinds of terminal, and that the terminal is given back whatever happens. Waits for what shall be
 * seen, never for time to pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

#include "base/buf.h"
#include "base/clock.h"

enum { PATIENCE_MS = 20000, COLUMNS_MAX = 200 };

struct terminal {
	int master, slave; /* the slave is held open, so that its settings can be read at the end */
	int orders;        /* to the program: names of checks that shall end */
	pid_t shell;       /* stands between us and the program, as a shell does: it sees stops */
	pid_t program;
	struct termios before;
	VTerm *vt;
	VTermScreen *screen;
	int rows, columns;
	bool other_screen; /* the alternate screen is up */
	struct buf sent;   /* all that the program wrote */
	bool closed;
};

/* --- what the terminal shows --- */

static int on_property(VTermProp property, VTermValue *value, void *context)
{
	struct terminal *terminal = context;

	if (property == VTERM_PROP_ALTSCREEN)
		terminal->other_screen = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

static void take_output(struct terminal *terminal, int timeout_ms)
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
static char *screen_text(const struct terminal *terminal)
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

static bool shows(const struct terminal *terminal, const char *text)
{
	char *screen = screen_text(terminal);
	bool found = strstr(screen, text) != NULL;

	free(screen);
	return found;
}

static void print_screen(const struct terminal *terminal)
{
	char *screen = screen_text(terminal);

	fputs(screen, stderr);
	free(screen);
}

static void expect(struct terminal *terminal, const char *text)
{
	const struct deadline until = deadline_in(PATIENCE_MS);

	while (!shows(terminal, text) && !deadline_passed(&until) && !terminal->closed)
		take_output(terminal, 100);
	if (!shows(terminal, text)) {
		print_screen(terminal);
		fail_msg("the screen above does not show: %s", text);
	}
}

/* Lets the time pass in which the program takes no answer, because its screen moved by itself. */
static void settle(struct terminal *terminal)
{
	const struct deadline until = deadline_in(700);

	while (!deadline_passed(&until))
		take_output(terminal, deadline_left_ms(&until));
}

static void expect_gone(struct terminal *terminal, const char *text)
{
	const struct deadline until = deadline_in(PATIENCE_MS);

	while (shows(terminal, text) && !deadline_passed(&until) && !terminal->closed)
		take_output(terminal, 100);
	assert_false(shows(terminal, text));
}

/* --- the program in it --- */

struct start {
	int rows, columns;
	const char *term, *locale, *no_color;
	const char *mode;     /* of bench_wizard; NULL: curses */
	const char *argument; /* for it, or NULL */
};

static const char *program_path(void)
{
	static char path[4096];
	const char *top = getenv("top_builddir");

	snprintf(path, sizeof path, "%s/tests/ui/bench_wizard", top ? top : ".");
	return path;
}

static void be_program(const struct start *start, int orders)
{
	char *const argv[] = { (char *)"bench_wizard",
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
	execv(program_path(), argv);
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

struct journey {
	struct terminal terminal;
	int told; /* from the shell */
};

static void open_vterm(struct terminal *terminal)
{
	terminal->vt = vterm_new(terminal->rows, terminal->columns);
	vterm_set_utf8(terminal->vt, 1);
	terminal->screen = vterm_obtain_screen(terminal->vt);
	vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
	vterm_screen_enable_altscreen(terminal->screen, 1);
	vterm_screen_reset(terminal->screen, 1);
}

static struct journey *begin(struct start start)
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
	assert_int_equal(openpty(&terminal->master, &terminal->slave, NULL, NULL, &size), 0);
	assert_int_equal(tcgetattr(terminal->slave, &terminal->before), 0);
	assert_int_equal(pipe2(orders, O_CLOEXEC), 0);
	assert_int_equal(pipe2(told, O_CLOEXEC), 0);
	terminal->shell = fork();
	if (!terminal->shell) {
		close(terminal->master);
		be_shell(&start, dup(terminal->slave), orders[0], told[1]);
	}
	close(orders[0]);
	close(told[1]);
	terminal->orders = orders[1];
	journey->told = told[0];
	assert_int_equal(read(journey->told, &terminal->program, sizeof(pid_t)), sizeof(pid_t));
	return journey;
}

/* The next change of the program's state, taking its output meanwhile. */
static int next_status(struct journey *journey)
{
	const struct deadline until = deadline_in(PATIENCE_MS);
	struct pollfd fd = { .fd = journey->told, .events = POLLIN };
	int status = -1;

	while (poll(&fd, 1, 20) <= 0) {
		take_output(&journey->terminal, 0);
		if (deadline_passed(&until)) {
			print_screen(&journey->terminal);
			fail_msg("the program above neither ends nor stops");
		}
	}
	assert_int_equal(read(journey->told, &status, sizeof status), (ssize_t)sizeof status);
	return status;
}

static void assert_given_back(struct terminal *terminal)
{
	struct termios after;

	/* What is still on its way. */
	for (size_t before = SIZE_MAX; before != terminal->sent.length;) {
		before = terminal->sent.length;
		take_output(terminal, 50);
	}
	assert_int_equal(tcgetattr(terminal->slave, &after), 0);
	assert_int_equal(after.c_lflag, terminal->before.c_lflag);
	assert_int_equal(after.c_iflag, terminal->before.c_iflag);
	assert_int_equal(after.c_oflag, terminal->before.c_oflag);
	assert_false(terminal->other_screen);
}

static void end(struct journey *journey)
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

static void keys(struct journey *journey, const char *bytes)
{
	assert_int_equal(write(journey->terminal.master, bytes, strlen(bytes)),
			 (ssize_t)strlen(bytes));
}

static void order(struct journey *journey, const char *check)
{
	assert_true(dprintf(journey->terminal.orders, "%s\n", check) > 0);
}

static void resize(struct journey *journey, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	journey->terminal.rows = rows;
	journey->terminal.columns = columns;
	vterm_set_size(journey->terminal.vt, rows, columns);
	assert_int_equal(ioctl(journey->terminal.master, TIOCSWINSZ, &size), 0);
}

static void finish_by_keys(struct journey *journey)
{
	int status;

	keys(journey, "q");
	expect(&journey->terminal, "Stop here?");
	keys(journey, "1");
	status = next_status(journey);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_given_back(&journey->terminal);
	end(journey);
}

/* --- the tests --- */

#define DOWN  "\033OB"
#define RIGHT "\033OC"

static void test_journey(void **state)
{
	struct journey *journey = begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	int status;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	assert_true(terminal->other_screen);
	keys(journey, "\r");
	expect(terminal, "Whose telephone lines");
	keys(journey, "\r");
	expect(terminal, "Who cannot hear whom?");
	expect(terminal, "you ──▶ them   measuring …");
	order(journey, "stun");
	expect(terminal, "you ──▶ them   ok");
	keys(journey, DOWN "\r");
	expect(terminal, "Being measured just now");
	order(journey, "alg");
	expect(terminal, "This is certain");
	expect(terminal, "✗ fault here");
	/* So soon after the screen moved by itself, a key may have been meant for what stood there.
	 */
	settle(terminal);
	keys(journey, "4");
	expect(terminal, "Who made the router?");
	keys(journey, "1");
	expect(terminal, "Another router");
	keys(journey, "\033[6~");
	expect(terminal, "Tick \"Disable SIP ALG\"");
	keys(journey, "1");
	expect(terminal, "Is it fixed?");
	order(journey, "alg");
	expect(terminal, "does not find it any more");
	keys(journey, "1");
	expect(terminal, "Fixed.");
	keys(journey, "\r");
	expect(terminal, "bench-report.txt");
	keys(journey, "3");
	expect(terminal, "EARSHOT REPORT");
	expect_gone(terminal, "5 Finish");
	keys(journey, "\033");
	expect(terminal, "5 Finish");
	keys(journey, "5");
	status = next_status(journey);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_given_back(terminal);
	end(journey);
}

static void test_resize(void **state)
{
	struct journey *journey = begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	keys(journey, "\r\r");
	expect(terminal, "this laptop");
	resize(journey, 20, 60);
	expect_gone(terminal, "this laptop");
	expect(terminal, "Who cannot hear whom?");
	resize(journey, 10, 30);
	expect(terminal, "make the window");
	resize(journey, 1, 1);
	resize(journey, 3, 200);
	expect(terminal, "make the window larger");
	resize(journey, 43, 132);
	expect(terminal, "this laptop");
	expect(terminal, "Why we ask");
	resize(journey, 24, 80);
	expect(terminal, "m measurements");
	finish_by_keys(journey);
}

static void test_start_small(void **state)
{
	struct journey *journey = begin((struct start){ .rows = 5, .columns = 20 });
	struct terminal *terminal = &journey->terminal;

	(void)state;
	expect(terminal, "window larger");
	resize(journey, 24, 80);
	expect(terminal, "somebody hears nothing?");
	finish_by_keys(journey);
}

static void end_by_signal(int number, bool by_key)
{
	struct journey *journey = begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	int status;

	expect(terminal, "somebody hears nothing?");
	keys(journey, "\r\r");
	expect(terminal, "measuring");
	if (by_key)
		keys(journey, "\003");
	else
		kill(terminal->program, number);
	status = next_status(journey);
	if (number == SIGSEGV || number == SIGABRT || number == SIGQUIT) {
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), number);
	} else {
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 130);
	}
	assert_given_back(terminal);
	end(journey);
}

static void test_ctrl_c(void **state)
{
	(void)state;
	end_by_signal(SIGINT, true);
}

static void test_term(void **state)
{
	(void)state;
	end_by_signal(SIGTERM, false);
}

static void test_hup(void **state)
{
	(void)state;
	end_by_signal(SIGHUP, false);
}

static void test_segv(void **state)
{
	(void)state;
	end_by_signal(SIGSEGV, false);
}

static void test_abort(void **state)
{
	(void)state;
	end_by_signal(SIGABRT, false);
}

static void test_quit_signal(void **state)
{
	(void)state;
	end_by_signal(SIGQUIT, false);
}

static void test_suspend(void **state)
{
	struct journey *journey = begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	int status;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	for (int i = 0; i < 2; i++) {
		keys(journey, "\032");
		status = next_status(journey);
		assert_true(WIFSTOPPED(status));
		assert_given_back(terminal);
		kill(terminal->program, SIGCONT);
		status = next_status(journey);
		assert_true(WIFCONTINUED(status));
		expect(terminal, "somebody hears nothing?");
		assert_true(terminal->other_screen);
	}
	finish_by_keys(journey);
}

/* Nobody is there any more: the program does not go on for ever. */
static void test_terminal_gone(void **state)
{
	struct journey *journey = begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	int status;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	close(terminal->master);
	terminal->master = open("/dev/null", O_RDWR);
	terminal->closed = true;
	status = next_status(journey);
	assert_true(WIFEXITED(status) ? WEXITSTATUS(status) == 130 : WTERMSIG(status) == SIGHUP);
	end(journey);
}

/* True if terminfo knows the kind of terminal. */
static bool is_described(const char *term)
{
	static const char *const folders[] = { "/etc/terminfo", "/lib/terminfo",
					       "/usr/share/terminfo", "/usr/lib/terminfo" };
	bool found = false;

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char path[200];

		snprintf(path, sizeof path, "%s/%c/%s", folders[i], term[0], term);
		found = found || !access(path, R_OK);
		/* As systems name it whose file names know no case. */
		snprintf(path, sizeof path, "%s/%x/%s", folders[i], (unsigned)term[0], term);
		found = found || !access(path, R_OK);
	}
	return found;
}

static void test_terminals(void **state)
{
	static const struct start starts[] = {
		{ .term = "xterm-256color" },
		{ .term = "xterm" },
		{ .term = "linux" },
		{ .term = "vt100" },
		{ .term = "screen" },
		{ .term = "screen-256color" },
		{ .term = "tmux" },
		{ .term = "putty" },
		{ .term = "putty-256color" },
		{ .term = "vt220" },
		{ .term = "tmux-256color" },
		{ .term = "xterm-mono" },
		{ .locale = "C" },
		{ .locale = "C", .term = "vt100" },
		{ .no_color = "1" },
		{ .argument = "ascii" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		const struct start *start = &starts[i];
		const bool ascii = start->locale || start->argument;
		struct journey *journey;
		struct terminal *terminal;

		if (start->term && !is_described(start->term)) {
			print_message("%s: no description of it here, left out\n", start->term);
			continue;
		}
		journey = begin(*start);
		terminal = &journey->terminal;
		expect(terminal, "somebody hears nothing?");
		keys(journey, "\r");
		expect(terminal, "Whose telephone lines");
		keys(journey, "\r");
		expect(terminal, "Who cannot hear whom?");
		order(journey, "dns");
		expect(terminal, ascii || (start->term && !strcmp(start->term, "linux"))
					 ? "names ok"
					 : "names ✓");
		if (ascii)
			for (size_t k = 0; k < terminal->sent.length; k++)
				assert_true(terminal->sent.data[k] < 0x80);
		finish_by_keys(journey);
	}
}

/* True if a colour was set: SGR 30 to 49, alone or among others. */
static bool has_colour(const struct buf *sent)
{
	const char *at = buf_text(sent);

	while ((at = strstr(at, "\033["))) {
		const char *end_of = at + 2 + strspn(at + 2, "0123456789;");

		for (const char *number = at + 2; *end_of == 'm' && number < end_of; number++) {
			long value = strtol(number, (char **)&number, 10);

			if (value >= 30 && value <= 49 && value != 39 && value != 49)
				return true;
		}
		at = end_of;
	}
	return false;
}

static void test_no_color(void **state)
{
	static const char *const wishes[] = { NULL, "1" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct journey *journey = begin((struct start){ .no_color = wishes[i] });

		expect(&journey->terminal, "q quit");
		assert_int_equal(has_colour(&journey->terminal.sent), !wishes[i]);
		finish_by_keys(journey);
	}
}

/* Of 0 to 1, as WCAG has it, for a colour of the cube of 256. */
static double luminance(long colour)
{
	static const double weight[] = { 0.0722, 0.7152, 0.2126 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		const long level = (colour - 16) / (i == 0 ? 1 : i == 1 ? 6 : 36) % 6;
		const double part = level ? (double)(55 + level * 40) / 255 : 0;

		sum += weight[i] *
		       (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

/* Nobody knows what ground a terminal has: each colour must stand out from black and from white. */
static void test_light_and_dark(void **state)
{
	struct journey *journey = begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	unsigned colours = 0;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	keys(journey, "\r\r");
	expect(terminal, "Who cannot hear whom?");
	order(journey, "dns");
	order(journey, "stun");
	order(journey, "alg");
	expect(terminal, "SIP ALG ✗");
	for (const char *at = buf_text(&terminal->sent); (at = strstr(at, "38;5;")); at++) {
		const double light = luminance(strtol(at + 5, NULL, 10));

		assert_true((light + 0.05) / 0.05 >= 3.9);
		assert_true(1.05 / (light + 0.05) >= 3.9);
		colours++;
	}
	assert_true(colours >= 3);
	/* No ground of our own. */
	assert_null(strstr(buf_text(&terminal->sent), "48;5;"));
	finish_by_keys(journey);
}

static void test_unusable(void **state)
{
	static const char *const terms[] = { "dumb", "no-such-terminal", "" };

	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		struct journey *journey = begin((struct start){ .term = terms[i] });
		int status;

		expect(&journey->terminal, "--plain");
		status = next_status(journey);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
		assert_given_back(&journey->terminal);
		end(journey);
	}
}

/* Waits until the program has said it, whether or not it has scrolled away. */
static void expect_said(struct terminal *terminal, const char *text)
{
	const struct deadline until = deadline_in(PATIENCE_MS);

	while (!strstr(buf_text(&terminal->sent), text) && !deadline_passed(&until))
		take_output(terminal, 100);
	assert_non_null(strstr(buf_text(&terminal->sent), text));
}

/* Line by line with a person: checks that end are told meanwhile, and take away a question that
 * they answer. */
static void test_plain(void **state)
{
	struct journey *journey = begin((struct start){ .mode = "plain" });
	struct terminal *terminal = &journey->terminal;
	int status;

	(void)state;
	expect_said(terminal, "1 to 2, or ? b m q [Enter: Start]:");
	keys(journey, "\n");
	expect_said(terminal, "[Enter: Start measuring]:");
	keys(journey, "\n");
	expect_said(terminal, "1 to 8, or ? b m q:");
	keys(journey, "2\n");
	expect_said(terminal, "Being measured just now (SIP ALG)");
	order(journey, "dns");
	expect_said(terminal, "names: done, 0.2 s.");
	order(journey, "alg");
	expect_said(terminal, "Fault: The router rewrites");
	expect_said(terminal, "1 to 4, or ? b m q:");
	keys(journey, "q\n");
	expect_said(terminal, "Stop here?");
	keys(journey, "\n");
	status = next_status(journey);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_null(memchr(terminal->sent.data, 033, terminal->sent.length));
	assert_given_back(terminal);
	end(journey);
}

/* Sequences that no key has, broken UTF-8 and a flood of keys: nothing of it is an answer. */
static void test_rubbish_keys(void **state)
{
	struct journey *journey = begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	keys(journey, "\r\r");
	expect(terminal, "Who cannot hear whom?");
	keys(journey, "\033[1;2;3~\033[99~\033[200~\377\376\303\033x");
	keys(journey, "?");
	expect(terminal, "Explained");
	keys(journey, "?");
	expect(terminal, "Who cannot hear whom?");
	finish_by_keys(journey);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_journey),        cmocka_unit_test(test_resize),
		cmocka_unit_test(test_start_small),    cmocka_unit_test(test_ctrl_c),
		cmocka_unit_test(test_term),           cmocka_unit_test(test_hup),
		cmocka_unit_test(test_segv),           cmocka_unit_test(test_abort),
		cmocka_unit_test(test_quit_signal),    cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_terminal_gone),  cmocka_unit_test(test_terminals),
		cmocka_unit_test(test_no_color),       cmocka_unit_test(test_unusable),
		cmocka_unit_test(test_light_and_dark), cmocka_unit_test(test_rubbish_keys),
		cmocka_unit_test(test_plain),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
