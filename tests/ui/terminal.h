/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program in a terminal (a pty) whose screen libvterm keeps, with a shell in between that sees it
 * stop and end. Ends the test program where the machine has no terminal to give. */
#ifndef EARSHOT_TESTS_UI_TERMINAL_H
#define EARSHOT_TESTS_UI_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

#include "base/buf.h"

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

struct start {
	int rows, columns;
	const char *term, *locale, *no_color;
	const char *mode;     /* of bench_wizard; NULL: curses */
	const char *argument; /* for it, or NULL */
	char *const *argv;    /* another program instead, NULL-terminated; NULL: bench_wizard */
};

struct journey {
	struct terminal terminal;
	int told; /* from the shell */
};

struct journey *journey_begin(struct start start);
/* Closes the terminal, waits for the shell's end, and frees. */
void journey_end(struct journey *journey);
void journey_keys(struct journey *journey, const char *bytes);
/* Has a check of bench_wizard end. */
void journey_order(struct journey *journey, const char *check);
void journey_resize(struct journey *journey, int rows, int columns);

/* Takes in what the program has written, waiting for it that long at most. */
void terminal_take(struct terminal *terminal, int timeout_ms);
/* The screen as text; the caller frees. */
char *terminal_text(const struct terminal *terminal);
bool terminal_shows(const struct terminal *terminal, const char *text);
/* On stderr. */
void terminal_print(const struct terminal *terminal);

#endif
