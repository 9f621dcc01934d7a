/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal: the only file that knows ncurses, signals of the terminal, and how to leave it as
 * it was. One at a time. However the program ends, save by SIGKILL, the terminal is given back as
 * it was found. */
#ifndef EARSHOT_UI_TERM_H
#define EARSHOT_UI_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "ui/canvas.h"
#include "ui/key.h"

/* Takes stdin and stdout over. ERR_UNSUPPORTED: no terminal, or one that cannot place the cursor;
 * *why says so in plain words (static, translated). */
enum err term_open(bool no_colour, const char **why) MUST_USE;
void term_close(void);

/* What locale and terminal can show. */
enum charset term_charset(void);
void term_size(size_t *rows, size_t *columns);
/* Only what differs from the last canvas goes out. */
void term_draw(const struct canvas *canvas);
/* Draws all anew the next time, for something else may have written there. */
void term_forget(void);

enum term_key { TERM_KEY, TERM_NO_KEY, TERM_GONE };
/* The next key, without waiting. TERM_GONE: nobody is there any more. */
enum term_key term_key(struct key *out);
int term_key_fd(void);

enum term_signal {
	TERM_SIGNAL_NONE,
	TERM_SIGNAL_RESIZED,
	TERM_SIGNAL_SUSPEND, /* Ctrl-Z: call term_suspend() */
	TERM_SIGNAL_CONTINUED,
	TERM_SIGNAL_END, /* Ctrl-C, a request to end, or the terminal hung up */
};
/* The next signal, without waiting; term_signal_fd() becomes readable when there is one. */
enum term_signal term_signal(void);
int term_signal_fd(void);

/* Gives the terminal back, stops the process, and takes the terminal again once it is continued. */
void term_suspend(void);

#endif
