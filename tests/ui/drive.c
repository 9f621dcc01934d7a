/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person at a terminal, driven line by line: drive ROWS COLUMNS PROGRAM ARGUMENT... Commands come
 * in on stdin, one a line; each is answered by one word and then the screen, "|" before each of its
 * lines, "." behind the last:
 *   await MILLISECONDS TEXT   "yes" once the screen shows the text, or "no"
 *   gone MILLISECONDS TEXT    "yes" once it does not any more, or "no"
 *   keys HEX                  sends these bytes; "sent"
 *   look MILLISECONDS         takes in what comes in so long; "seen"
 *   size ROWS COLUMNS         "sized"
 *   end MILLISECONDS          the exit status, or "runs", or "killed"
 *   keytime HEX               microseconds until the program answers the key with output
 *   first TEXT                microseconds from the program's start until the screen shows it
 * TERM is taken from the environment. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "terminal.h"

enum { BYTES_MAX = 200, ANSWER_MS = 5000 };

static bool await(struct terminal *terminal, const char *words, bool there)
{
	char *text;
	const struct deadline until = deadline_in(strtol(words, &text, 10));

	text += *text == ' ';
	while (terminal_shows(terminal, text) != there && !deadline_passed(&until) &&
	       !terminal->closed)
		terminal_take(terminal, 50);
	return terminal_shows(terminal, text) == there;
}

static void send_hex(struct journey *journey, const char *hex)
{
	char bytes[BYTES_MAX + 1];
	size_t count = 0;
	unsigned byte;

	for (; count < BYTES_MAX && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		bytes[count++] = (char)byte;
	bytes[count] = 0;
	journey_keys(journey, bytes);
}

static void look(struct terminal *terminal, const char *words)
{
	const struct deadline until = deadline_in(strtol(words, NULL, 10));

	while (!deadline_passed(&until) && !terminal->closed)
		terminal_take(terminal, deadline_left_ms(&until));
}

static void resize(struct journey *journey, const char *words)
{
	int rows = 24, columns = 80;

	sscanf(words, "%d %d", &rows, &columns);
	journey_resize(journey, rows, columns);
}

static void tell_end(struct journey *journey, const char *words)
{
	const struct deadline until = deadline_in(strtol(words, NULL, 10));
	struct pollfd fd = { .fd = journey->told, .events = POLLIN };
	int status;

	while (poll(&fd, 1, 20) <= 0 && !deadline_passed(&until))
		terminal_take(&journey->terminal, 0);
	if (poll(&fd, 1, 0) <= 0 ||
	    read(journey->told, &status, sizeof status) != (ssize_t)sizeof status)
		puts("runs");
	else if (WIFEXITED(status))
		printf("%d\n", WEXITSTATUS(status));
	else
		puts("killed");
}

static long microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* From the key to the first bytes that change the screen because of it. */
static void tell_key_time(struct journey *journey, const char *hex)
{
	struct terminal *terminal = &journey->terminal;
	struct pollfd fd = { .fd = terminal->master, .events = POLLIN };
	long sent;

	/* Nothing else may be on its way. */
	while (poll(&fd, 1, 0) > 0 && !terminal->closed)
		terminal_take(terminal, 0);
	sent = microseconds();
	send_hex(journey, hex);
	poll(&fd, 1, ANSWER_MS);
	printf("%ld\n", microseconds() - sent);
	terminal_take(terminal, 0);
}

static void tell_first(struct terminal *terminal, const char *text, long begun)
{
	const struct deadline until = deadline_in(ANSWER_MS);

	while (!terminal_shows(terminal, text) && !deadline_passed(&until) && !terminal->closed)
		terminal_take(terminal, 50);
	printf("%ld\n", microseconds() - begun);
}

static void print_lines(const struct terminal *terminal)
{
	char *all = terminal_text(terminal), *rest = all, *line;

	while ((line = strsep(&rest, "\n")) && rest)
		printf("|%s\n", line);
	puts(".");
	fflush(stdout);
	free(all);
}

static void obey(struct journey *journey, char *line, long begun)
{
	struct terminal *terminal = &journey->terminal;
	char *words = strchr(line, ' ');

	if (words)
		*words++ = 0;
	else
		words = line + strlen(line);
	if (!strcmp(line, "await")) {
		puts(await(terminal, words, true) ? "yes" : "no");
	} else if (!strcmp(line, "gone")) {
		puts(await(terminal, words, false) ? "yes" : "no");
	} else if (!strcmp(line, "keys")) {
		send_hex(journey, words);
		puts("sent");
	} else if (!strcmp(line, "look")) {
		look(terminal, words);
		puts("seen");
	} else if (!strcmp(line, "size")) {
		resize(journey, words);
		puts("sized");
	} else if (!strcmp(line, "end")) {
		tell_end(journey, words);
	} else if (!strcmp(line, "first")) {
		tell_first(terminal, words, begun);
	} else if (!strcmp(line, "keytime")) {
		tell_key_time(journey, words);
	} else {
		puts("what?");
	}
	print_lines(terminal);
}

int main(int argc, char **argv)
{
	struct start start = { 0 };
	struct journey *journey;
	char line[1000];
	long begun;

	if (argc < 4) {
		fprintf(stderr, "usage: drive ROWS COLUMNS PROGRAM [ARGUMENT...]\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	start.rows = atoi(argv[1]);
	start.columns = atoi(argv[2]);
	start.term = getenv("TERM");
	start.locale = getenv("LC_ALL");
	start.argv = argv + 3;
	begun = microseconds();
	journey = journey_begin(start);
	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = 0;
		obey(journey, line, begun);
	}
	kill(journey->terminal.program, SIGHUP);
	journey_end(journey);
	return 0;
}
