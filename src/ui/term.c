/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* <term.h> has macros with everyday names. */
#undef columns
#undef lines

#include "base/text.h"
#include "ui/intl.h"
#include "ui/term.h"

/* Milliseconds after Esc in which the rest of a function key's sequence must follow: slow lines
 * need some. */
enum { ESCAPE_MS = 100, KEY_ESCAPE = 27, RESTORE_MAX = 256, STACK_BYTES = 65536 };

/* The state that signal handlers need cannot be handed to them, so it stands here. */
static struct {
	bool open;
	pid_t owner; /* checks are forked from us and inherit the handlers: these act here alone */
	struct termios found;      /* the terminal's settings as we found them */
	char restore[RESTORE_MAX]; /* what brings the screen back */
	size_t restore_length;
	int pipe[2]; /* signals on their way to the loop, one byte each */
	SCREEN *screen;
	bool colour;
	_Alignas(16) char stack[STACK_BYTES]; /* a stack overflow is told too */
} term = { .pipe = { -1, -1 } };

static const int told_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT };
static const int fatal_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT };
enum {
	TOLD = sizeof told_signals / sizeof *told_signals,
	FATAL = sizeof fatal_signals / sizeof *fatal_signals,
};
static struct sigaction told_before[TOLD], fatal_before[FATAL];

/* Async-signal-safe: write() and tcsetattr() alone. */
static void give_back_now(void)
{
	size_t sent = 0;

	while (sent < term.restore_length) {
		ssize_t wrote =
			write(STDOUT_FILENO, term.restore + sent, term.restore_length - sent);

		if (wrote <= 0)
			break;
		sent += (size_t)wrote;
	}
	tcsetattr(STDIN_FILENO, TCSANOW, &term.found);
}

static void die_by(int number)
{
	sigset_t only;

	signal(number, SIG_DFL);
	sigemptyset(&only);
	sigaddset(&only, number);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
	raise(number);
}

static void on_fatal(int number)
{
	if (term.open && getpid() == term.owner)
		give_back_now();
	die_by(number);
}

static void on_told(int number)
{
	const unsigned char byte = (unsigned char)number;
	const int saved = errno;

	if (getpid() != term.owner) {
		if (number != SIGWINCH && number != SIGCONT)
			die_by(number);
	} else if (write(term.pipe[1], &byte, 1) < 0) {
		/* The pipe is full of signals not read yet: one more says nothing new. */
	}
	errno = saved;
}

static void catch_signals(void)
{
	struct sigaction told = { .sa_handler = on_told, .sa_flags = SA_RESTART };
	struct sigaction fatal = { .sa_handler = on_fatal, .sa_flags = SA_ONSTACK };
	stack_t stack = { .ss_sp = term.stack, .ss_size = sizeof term.stack };

	sigaltstack(&stack, NULL);
	for (size_t i = 0; i < TOLD; i++)
		sigaction(told_signals[i], &told, &told_before[i]);
	for (size_t i = 0; i < FATAL; i++)
		sigaction(fatal_signals[i], &fatal, &fatal_before[i]);
}

static void release_signals(void)
{
	stack_t none = { .ss_flags = SS_DISABLE };

	for (size_t i = 0; i < TOLD; i++)
		sigaction(told_signals[i], &told_before[i], NULL);
	for (size_t i = 0; i < FATAL; i++)
		sigaction(fatal_signals[i], &fatal_before[i], NULL);
	sigaltstack(&none, NULL);
}

/* Appends a capability without its padding ("$<5>"). */
static void add_restore(const char *name)
{
	const char *text = tigetstr(name);

	if (!text || text == (char *)-1)
		return;
	while (*text && term.restore_length < RESTORE_MAX - 1) {
		if (text[0] == '$' && text[1] == '<' && strchr(text, '>'))
			text = strchr(text, '>') + 1;
		else
			term.restore[term.restore_length++] = *text++;
	}
}

static void prepare_restore(void)
{
	static const char *const names[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };
	const char *leaves = tigetstr("rmcup");

	term.restore_length = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		add_restore(names[i]);
	/* Without another screen to go back to, at least to a fresh line. */
	if (!leaves || leaves == (char *)-1)
		term.restore[term.restore_length++] = '\n';
}

static void prepare_colours(bool no_colour)
{
	static const struct {
		/* Of 8 and of 256 colours, those that can be read on light and on dark ground
		 * (contrast of about 4 to 1 on either; with 8 there is none such for keys, which
		 * are bold anyway). 0: the terminal's own. */
		short few, many;
	} pairs[LOOK_COUNT] = {
		[LOOK_GOOD] = { COLOR_GREEN, 28 },
		[LOOK_WARN] = { COLOR_MAGENTA, 130 },
		[LOOK_BAD] = { COLOR_RED, 196 },
		[LOOK_KEY] = { 0, 30 },
	};
	const char *wish = getenv("NO_COLOR");

	term.colour = !no_colour && !(wish && *wish) && has_colors() && start_color() == OK &&
		      use_default_colors() == OK;
	for (short look = 0; term.colour && look < LOOK_COUNT; look++) {
		const short colour = COLORS >= 256 ? pairs[look].many : pairs[look].few;

		if (pairs[look].many)
			init_pair(look, colour ? colour : -1, -1);
	}
}

/* Looks the terminal up once more than ncurses does, which ends the program where it does not know
 * it. */
static bool is_usable(const char **why)
{
	int found = 0;
	const char *place;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		*why = _("This is no terminal.");
		return false;
	}
	if (setupterm(NULL, STDOUT_FILENO, &found) != OK) {
		*why = _("The kind of terminal that TERM names is not known here.");
		return false;
	}
	place = tigetstr("cup");
	if (!place || place == (char *)-1)
		*why = _("This terminal cannot place its cursor.");
	else
		prepare_restore();
	del_curterm(set_curterm(NULL));
	return term.restore_length;
}

static void prepare_screen(bool no_colour)
{
	set_term(term.screen);
	prepare_colours(no_colour);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	timeout(0);
	curs_set(0);
}

enum err term_open(bool no_colour, const char **why)
{
	if (!is_usable(why))
		return ERR_UNSUPPORTED;
	if (tcgetattr(STDIN_FILENO, &term.found) || pipe2(term.pipe, O_CLOEXEC | O_NONBLOCK)) {
		*why = _("The terminal does not let itself be used.");
		return ERR_UNSUPPORTED;
	}
	set_escdelay(ESCAPE_MS);
	/* Before ncurses, which leaves handlers alone that are there already. */
	term.owner = getpid();
	catch_signals();
	term.screen = newterm(NULL, stdout, stdin);
	if (!term.screen) {
		*why = _("The kind of terminal that TERM names is not known here.");
		release_signals();
		return ERR_UNSUPPORTED;
	}
	term.open = true;
	prepare_screen(no_colour);
	return ERR_NONE;
}

void term_close(void)
{
	if (!term.open)
		return;
	term.open = false;
	endwin();
	delscreen(term.screen);
	release_signals();
	close(term.pipe[0]);
	close(term.pipe[1]);
}

enum charset term_charset(void)
{
	const char *name = getenv("TERM");

	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return CHARSET_ASCII;
	return name && !strcmp(name, "linux") ? CHARSET_LETTERS : CHARSET_UTF8;
}

void term_size(size_t *rows, size_t *columns)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col &&
	    (size.ws_row != LINES || size.ws_col != COLS))
		resizeterm(size.ws_row, size.ws_col);
	*rows = (size_t)(LINES > 0 ? LINES : 1);
	*columns = (size_t)(COLS > 0 ? COLS : 1);
}

static attr_t attribute_of(enum look look)
{
	static const attr_t plain[LOOK_COUNT] = {
		[LOOK_TITLE] = A_BOLD,       [LOOK_WARN] = A_BOLD, [LOOK_BAD] = A_BOLD,
		[LOOK_SELECTED] = A_REVERSE, [LOOK_KEY] = A_BOLD,  [LOOK_FIELD] = A_UNDERLINE,
	};

	if (look == LOOK_DIM)
		/* Some terminals have grey, others dim what is near the ground's colour: only the
		 * first is sure. */
		return term.colour && COLORS >= 256 ? A_DIM : A_NORMAL;
	return plain[look];
}

static short pair_of(enum look look)
{
	const bool coloured =
		look == LOOK_GOOD || look == LOOK_WARN || look == LOOK_BAD || look == LOOK_KEY;

	return term.colour && coloured ? (short)look : 0;
}

static void draw_row(const struct canvas *canvas, size_t row)
{
	move((int)row, 0);
	for (size_t column = 0; column < canvas->columns; column++) {
		const struct cell *cell = canvas_at(canvas, row, column);

		if (!cell->text[0])
			continue;
		attr_set(attribute_of(cell->look), pair_of(cell->look), NULL);
		addstr(cell->text);
	}
}

void term_draw(const struct canvas *canvas)
{
	erase();
	for (size_t row = 0; row < canvas->rows; row++)
		draw_row(canvas, row);
	attr_set(A_NORMAL, 0, NULL);
	curs_set(canvas->cursor);
	if (canvas->cursor)
		move((int)canvas->cursor_row, (int)canvas->cursor_column);
	refresh();
}

void term_forget(void)
{
	clearok(curscr, TRUE);
}

/* Takes in what is left of a sequence that no key of this terminal has: its letters are no
 * commands. */
static void swallow_sequence(void)
{
	int next = getch();

	if (next != '[' && next != 'O')
		return;
	while ((next = getch()) != ERR)
		if (next >= 0x40 && next <= 0x7e)
			return;
}

static bool more_is_there(void)
{
	int next = getch();

	if (next == ERR)
		return false;
	ungetch(next);
	return true;
}

static enum key_kind of_code(int code)
{
	switch (code) {
	case KEY_UP: return PRESSED_UP;
	case KEY_DOWN: return PRESSED_DOWN;
	case KEY_LEFT: return PRESSED_LEFT;
	case KEY_RIGHT: return PRESSED_RIGHT;
	case KEY_PPAGE: return PRESSED_PAGE_UP;
	case KEY_NPAGE: return PRESSED_PAGE_DOWN;
	case KEY_HOME: return PRESSED_HOME;
	case KEY_END: return PRESSED_END;
	case KEY_ENTER: return PRESSED_ENTER;
	case KEY_BACKSPACE: return PRESSED_BACKSPACE;
	case KEY_DC: return PRESSED_DELETE;
	case KEY_BTAB: return PRESSED_BACK_TAB;
	default: return PRESSED_NOTHING;
	}
}

static enum key_kind of_control(int c)
{
	switch (c) {
	case '\r':
	case '\n': return PRESSED_ENTER;
	case '\t': return PRESSED_TAB;
	case '\b':
	case 0x7f: return PRESSED_BACKSPACE;
	case 'L' - '@': return PRESSED_REDRAW;
	case 'U' - '@': return PRESSED_CLEAR_LINE;
	default: return PRESSED_NOTHING;
	}
}

/* A byte that belongs to the character begun before; ERR where another key, or nothing, came
 * instead. Waits as long as after Esc: a slow line may deliver half a character. */
static int continuation(void)
{
	int next;

	timeout(ESCAPE_MS);
	next = getch();
	timeout(0);
	if (next != ERR && (next > 0xff || (next & 0xc0) != 0x80)) {
		ungetch(next);
		next = ERR;
	}
	return next;
}

/* The bytes are put together here and not by get_wch(), which loses good keys behind broken ones.
 */
static void take_character(struct key *out, int first)
{
	const size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	char bytes[sizeof out->text] = { (char)first };

	/* In the "C" locale a byte above ASCII is nothing that could be typed. */
	if (first >= 0x80 && (term_charset() == CHARSET_ASCII || first < 0xc0 || first > 0xf4))
		return;
	for (size_t i = 1; i < length; i++) {
		int next = continuation();

		if (next == ERR)
			return;
		bytes[i] = (char)next;
	}
	if (!text_is_safe(bytes))
		return;
	out->kind = PRESSED_CHARACTER;
	memcpy(out->text, bytes, sizeof bytes);
}

/* Tells "no key yet" from a terminal that is gone. */
static bool is_gone(void)
{
	struct pollfd in = { .fd = STDIN_FILENO };

	return poll(&in, 1, 0) > 0;
}

enum term_key term_key(struct key *out)
{
	const int c = getch();

	*out = (struct key){ .kind = PRESSED_NOTHING };
	if (c == ERR)
		return is_gone() ? TERM_GONE : TERM_NO_KEY;
	if (c >= KEY_F(1) && c <= KEY_F(12)) {
		out->kind = PRESSED_FUNCTION;
		out->number = (unsigned)(c - KEY_F0);
	} else if (c >= KEY_MIN) {
		out->kind = of_code(c);
	} else if (c == KEY_ESCAPE && more_is_there()) {
		swallow_sequence();
	} else if (c == KEY_ESCAPE) {
		out->kind = PRESSED_ESCAPE;
	} else if (c < ' ' || c == 0x7f) {
		out->kind = of_control(c);
	} else {
		take_character(out, c);
	}
	return TERM_KEY;
}

int term_key_fd(void)
{
	return STDIN_FILENO;
}

int term_signal_fd(void)
{
	return term.pipe[0];
}

enum term_signal term_signal(void)
{
	unsigned char number;

	if (read(term.pipe[0], &number, 1) != 1)
		return TERM_SIGNAL_NONE;
	switch (number) {
	case SIGWINCH: return TERM_SIGNAL_RESIZED;
	case SIGTSTP: return TERM_SIGNAL_SUSPEND;
	case SIGCONT: return TERM_SIGNAL_CONTINUED;
	default: return TERM_SIGNAL_END;
	}
}

void term_suspend(void)
{
	struct sigaction told = { .sa_handler = on_told, .sa_flags = SA_RESTART };

	endwin();
	die_by(SIGTSTP); /* which stops us; continued, we go on here */
	sigaction(SIGTSTP, &told, NULL);
	reset_prog_mode();
	term_forget();
}
