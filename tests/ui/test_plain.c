/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --plain from a pipe: what is said for what is answered, against tests/ui/golden/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <locale.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "bench.h"
#include "golden.h"
#include "ui/ui.h"

struct script {
	const char *name;
	const char *input;  /* what is answered */
	const char *orders; /* which checks end, in this order, whenever one is awaited */
	int status;
	bool empty;          /* no profile */
	const char *trouble; /* with the journal */
	struct ui_options ui;
};

static const struct script scripts[] = {
	/* Start, measure, a wrong answer, help, an answer by its value; advice, router, done,
	   fixed; save, finish. */
	{ .name = "plain-journey",
	  .input = "\n\n99\n?\nnear-cannot-hear\n4\n1\n1\n1\n\n\n",
	  .orders = "dns\nstun\nalg\nalg\n" },
	/* Read it, look for a word, hide numbers, save as a page, back, finish. */
	{ .name = "plain-report",
	  .input = "\n\nnear-cannot-hear\n4\n1\n1\n1\n3\n/HOSTILE\n/nothing\n2\n1\n4\nb\n3\nb\n5\n",
	  .orders = "dns\nstun\nalg\nalg\n" },
	/* Too early, then a call, and on with what was heard. */
	{ .name = "plain-listen",
	  .input = "c\n\n\nc\n1\n1\n2\nq\n1\n",
	  .orders = "dns\nstun\nalg\n" },
	{ .name = "plain-end-at-once", .input = "" },
	{ .name = "plain-last-line-without-newline",
	  .input = "\n\n1",
	  .orders = "dns\nstun\nalg\n" },
	{ .name = "plain-form",
	  .input = "\nsip.example.com:99999\nsip.example.com\nExample "
		   "Telecom\n\n\n\n\n10000-20000\n-\n"
		   "11\n3\n10\n\nb\nb\nq\n\n",
	  .empty = true,
	  .orders = "dns\ndns\nstun\nalg\n" },
	{ .name = "plain-details", .input = "\n12\nDental practice\n\nT46S\n\n3 of 3\n\nq\n1\n" },
	{ .name = "plain-measurements",
	  .input = "\n\nm\n1\nb\nq\n2\n",
	  .orders = "dns\nstun\nalg\ndns\nstun\nalg\n" },
	{ .name = "plain-anew",
	  .input = "2\n",
	  .status = UI_ANEW,
	  .ui = { .unfinished = "2026-11-20 10:00:00 +01:00",
		  .practice = "practice site 'sip-alg'" } },
	{ .name = "plain-not-kept",
	  .input = "\nq\n1\n",
	  .trouble = "/home/anna/earshot.journal: No space left on device" },
	{ .name = "plain-ascii",
	  .input = "\n\n2\nb\nunknown\n",
	  .ui = { .ascii = true },
	  .orders = "dns\nstun\nalg\n" },
};
enum { SCRIPTS = sizeof scripts / sizeof *scripts };

/* A descriptor that gives this text and then ends. */
static int text_fd(const char *text)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
	close(ends[1]);
	return ends[0];
}

static char *run(const struct script *script, const char *input)
{
	struct plain_options options = { .ui = script->ui };
	struct bench bench;
	char *said = NULL;
	size_t length;

	bench_init(&bench);
	if (!script->empty)
		bench_fill_profile(&bench);
	bench.trouble = script->trouble;
	bench.orders = text_fd(script->orders ? script->orders : "");
	options.in = fdopen(text_fd(input), "r");
	options.out = open_memstream(&said, &length);
	assert_int_equal(plain_run(bench.wizard, &options), script->status);
	fclose(options.in);
	fclose(options.out);
	bench_clear(&bench);
	return said;
}

static void test_script(void **state)
{
	const struct script *script = *state;
	char *said = run(script, script->input);

	assert_true(text_is_safe(said));
	golden_compare(script->name, said);
	free(said);
}

/* Nothing that comes in ends in anything but an end. */
static void test_rubbish(void **state)
{
	static const struct script script = { .name = "rubbish",
					      .orders = "dns\nstun\nalg\nalg\nalg\n" };
	char long_line[5000];
	char *said;

	(void)state;
	memset(long_line, '7', sizeof long_line - 1);
	long_line[sizeof long_line - 1] = 0;
	said = run(&script, long_line);
	free(said);
	said = run(&script, "\n\n\377\376\n-1\n0\n4294967297\n1 2\n\033[A\n\n\n");
	assert_true(text_is_safe(said));
	free(said);
}

/* No line is wider than it may be, save what stands as it is. */
static void test_width(void **state)
{
	char *said = run(&scripts[0], scripts[0].input);
	char *rest = said, *line;

	(void)state;
	while ((line = strsep(&rest, "\n")))
		assert_true(text_width(line) <= 78);
	free(said);
}

int main(void)
{
	struct CMUnitTest tests[SCRIPTS + 2] = { cmocka_unit_test(test_rubbish),
						 cmocka_unit_test(test_width) };

	setlocale(LC_ALL, "C.UTF-8");
	for (size_t i = 0; i < SCRIPTS; i++)
		tests[i + 2] = (struct CMUnitTest){ .name = scripts[i].name,
						    .test_func = test_script,
						    .initial_state = (void *)&scripts[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
