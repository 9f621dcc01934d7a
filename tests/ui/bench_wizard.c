/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bench's wizard as a program, to be driven through a terminal or a pipe: bench_wizard
 * curses|plain [empty] [resumed] [ascii]. Names of checks that shall end come in on descriptor 3,
 * where there is one. */
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "bench.h"
#include "ui/ui.h"

static bool has(char **words, const char *word)
{
	for (; *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	const struct ui_options ui = {
		.practice = has(argv, "practice") ? "practice site 'sip-alg'" : NULL,
		.unfinished = has(argv, "resumed") ? "2026-11-20 09:00:00 +00:00" : NULL,
		.ascii = has(argv, "ascii")
	};
	const struct plain_options plain = { .ui = ui, .in = stdin, .out = stdout };
	const struct rlimit no_core = { 0, 0 };
	struct bench bench;
	int status;

	if (argc < 2)
		return 2;
	setlocale(LC_ALL, "");
	setrlimit(RLIMIT_CORE, &no_core);
	bench_init(&bench);
	if (fcntl(3, F_GETFD) >= 0)
		bench.orders = 3;
	if (!has(argv, "empty"))
		bench_fill_profile(&bench);
	status = !strcmp(argv[1], "plain") ? plain_run(bench.wizard, &plain)
					   : ui_run(bench.wizard, &ui);
	printf("ended with %d\n", status);
	bench_clear(&bench);
	return status < 0 ? 99 : status;
}
