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
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "terminal.h"

enum { PATIENCE_MS = 20000 };

static void expect(struct terminal *terminal, const char *text)
{
	const struct deadline until = deadline_in(PATIENCE_MS);

	while (!terminal_shows(terminal, text) && !deadline_passed(&until) && !terminal->closed)
		terminal_take(terminal, 100);
	if (!terminal_shows(terminal, text)) {
		terminal_print(terminal);
		fail_msg("the screen above does not show: %s", text);
	}
}

/* Lets the time pass in which the program takes no answer, because its screen moved by itself. */
static void settle(struct terminal *terminal)
{
	const struct deadline until = deadline_in(700);

	while (!deadline_passed(&until))
		terminal_take(terminal, deadline_left_ms(&until));
}

static void expect_gone(struct terminal *terminal, const char *text)
{
	const struct deadline until = deadline_in(PATIENCE_MS);

	while (terminal_shows(terminal, text) && !deadline_passed(&until) && !terminal->closed)
		terminal_take(terminal, 100);
	assert_false(terminal_shows(terminal, text));
}

/* The next change of the program's state, taking its output meanwhile. */
static int next_status(struct journey *journey)
{
	const struct deadline until = deadline_in(PATIENCE_MS);
	struct pollfd fd = { .fd = journey->told, .events = POLLIN };
	int status = -1;

	while (poll(&fd, 1, 20) <= 0) {
		terminal_take(&journey->terminal, 0);
		if (deadline_passed(&until)) {
			terminal_print(&journey->terminal);
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
		terminal_take(terminal, 50);
	}
	assert_int_equal(tcgetattr(terminal->slave, &after), 0);
	assert_int_equal(after.c_lflag, terminal->before.c_lflag);
	assert_int_equal(after.c_iflag, terminal->before.c_iflag);
	assert_int_equal(after.c_oflag, terminal->before.c_oflag);
	assert_false(terminal->other_screen);
}

static void finish_by_keys(struct journey *journey)
{
	int status;

	journey_keys(journey, "q");
	expect(&journey->terminal, "Stop here?");
	journey_keys(journey, "1");
	status = next_status(journey);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_given_back(&journey->terminal);
	journey_end(journey);
}

/* --- the tests --- */

#define DOWN  "\033OB"
#define RIGHT "\033OC"

static void test_journey(void **state)
{
	struct journey *journey = journey_begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	int status;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	assert_true(terminal->other_screen);
	journey_keys(journey, "\r");
	expect(terminal, "Whose telephone lines");
	journey_keys(journey, "\r");
	expect(terminal, "Who cannot hear whom?");
	expect(terminal, "you ──▶ them   measuring …");
	journey_order(journey, "stun");
	expect(terminal, "you ──▶ them   ok");
	journey_keys(journey, DOWN "\r");
	expect(terminal, "Being measured just now");
	journey_order(journey, "alg");
	expect(terminal, "This is certain");
	expect(terminal, "✗ fault here");
	/* So soon after the screen moved by itself, a key may have been meant for what stood there.
	 */
	settle(terminal);
	journey_keys(journey, "4");
	expect(terminal, "Who made the router?");
	journey_keys(journey, "1");
	expect(terminal, "Another router");
	journey_keys(journey, "\033[6~");
	expect(terminal, "Tick \"Disable SIP ALG\"");
	journey_keys(journey, "1");
	expect(terminal, "Is it fixed?");
	journey_order(journey, "alg");
	expect(terminal, "does not find it any more");
	journey_keys(journey, "1");
	expect(terminal, "Fixed.");
	journey_keys(journey, "\r");
	expect(terminal, "bench-report.txt");
	journey_keys(journey, "3");
	expect(terminal, "EARSHOT REPORT");
	expect_gone(terminal, "5 Finish");
	journey_keys(journey, "\033");
	expect(terminal, "5 Finish");
	journey_keys(journey, "5");
	status = next_status(journey);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_given_back(terminal);
	journey_end(journey);
}

static void test_resize(void **state)
{
	struct journey *journey = journey_begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	journey_keys(journey, "\r\r");
	expect(terminal, "this laptop");
	journey_resize(journey, 20, 60);
	expect_gone(terminal, "this laptop");
	expect(terminal, "Who cannot hear whom?");
	journey_resize(journey, 10, 30);
	expect(terminal, "make the window");
	journey_resize(journey, 1, 1);
	journey_resize(journey, 3, 200);
	expect(terminal, "make the window larger");
	journey_resize(journey, 43, 132);
	expect(terminal, "this laptop");
	expect(terminal, "Why we ask");
	journey_resize(journey, 24, 80);
	expect(terminal, "m measurements");
	finish_by_keys(journey);
}

static void test_start_small(void **state)
{
	struct journey *journey = journey_begin((struct start){ .rows = 5, .columns = 20 });
	struct terminal *terminal = &journey->terminal;

	(void)state;
	expect(terminal, "window larger");
	journey_resize(journey, 24, 80);
	expect(terminal, "somebody hears nothing?");
	finish_by_keys(journey);
}

static void end_by_signal(int number, bool by_key)
{
	struct journey *journey = journey_begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	int status;

	expect(terminal, "somebody hears nothing?");
	journey_keys(journey, "\r\r");
	expect(terminal, "measuring");
	if (by_key)
		journey_keys(journey, "\003");
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
	journey_end(journey);
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
	struct journey *journey = journey_begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	int status;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	for (int i = 0; i < 2; i++) {
		journey_keys(journey, "\032");
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
	struct journey *journey = journey_begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	int status;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	close(terminal->master);
	terminal->master = open("/dev/null", O_RDWR);
	terminal->closed = true;
	status = next_status(journey);
	assert_true(WIFEXITED(status) ? WEXITSTATUS(status) == 130 : WTERMSIG(status) == SIGHUP);
	journey_end(journey);
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
		journey = journey_begin(*start);
		terminal = &journey->terminal;
		expect(terminal, "somebody hears nothing?");
		journey_keys(journey, "\r");
		expect(terminal, "Whose telephone lines");
		journey_keys(journey, "\r");
		expect(terminal, "Who cannot hear whom?");
		journey_order(journey, "dns");
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
		struct journey *journey = journey_begin((struct start){ .no_color = wishes[i] });

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
	struct journey *journey = journey_begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;
	unsigned colours = 0;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	journey_keys(journey, "\r\r");
	expect(terminal, "Who cannot hear whom?");
	journey_order(journey, "dns");
	journey_order(journey, "stun");
	journey_order(journey, "alg");
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
		struct journey *journey = journey_begin((struct start){ .term = terms[i] });
		int status;

		expect(&journey->terminal, "--plain");
		status = next_status(journey);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
		assert_given_back(&journey->terminal);
		journey_end(journey);
	}
}

/* Waits until the program has said it, whether or not it has scrolled away. */
static void expect_said(struct terminal *terminal, const char *text)
{
	const struct deadline until = deadline_in(PATIENCE_MS);

	while (!strstr(buf_text(&terminal->sent), text) && !deadline_passed(&until))
		terminal_take(terminal, 100);
	assert_non_null(strstr(buf_text(&terminal->sent), text));
}

/* Line by line with a person: checks that end are told meanwhile, and take away a question that
 * they answer. */
static void test_plain(void **state)
{
	struct journey *journey = journey_begin((struct start){ .mode = "plain" });
	struct terminal *terminal = &journey->terminal;
	int status;

	(void)state;
	expect_said(terminal, "1 to 2, or ? b m q [Enter: Start]:");
	journey_keys(journey, "\n");
	expect_said(terminal, "[Enter: Start measuring]:");
	journey_keys(journey, "\n");
	expect_said(terminal, "1 to 8, or ? b m c q:");
	journey_keys(journey, "2\n");
	expect_said(terminal, "Being measured just now (SIP ALG)");
	journey_order(journey, "dns");
	expect_said(terminal, "names: done, 0.2 s.");
	journey_order(journey, "alg");
	expect_said(terminal, "Fault: The router rewrites");
	expect_said(terminal, "1 to 4, or ? b m q:");
	journey_keys(journey, "q\n");
	expect_said(terminal, "Stop here?");
	journey_keys(journey, "\n");
	status = next_status(journey);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_null(memchr(terminal->sent.data, 033, terminal->sent.length));
	assert_given_back(terminal);
	journey_end(journey);
}

/* Sequences that no key has, broken UTF-8 and a flood of keys: nothing of it is an answer. */
static void test_rubbish_keys(void **state)
{
	struct journey *journey = journey_begin((struct start){ 0 });
	struct terminal *terminal = &journey->terminal;

	(void)state;
	expect(terminal, "somebody hears nothing?");
	journey_keys(journey, "\r\r");
	expect(terminal, "Who cannot hear whom?");
	journey_keys(journey, "\033[1;2;3~\033[99~\033[200~\377\376\303\033x");
	journey_keys(journey, "?");
	expect(terminal, "Explained");
	journey_keys(journey, "?");
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
