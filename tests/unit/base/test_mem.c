/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

static void memory_is_zeroed(void **state)
{
	const uint8_t zeros[100] = { 0 };
	uint8_t *memory = mem_new(10, 10);

	(void)state;
	assert_memory_equal(memory, zeros, sizeof zeros);
	memory = mem_resize(memory, 1, 5);
	assert_memory_equal(memory, zeros, 5);
	free(mem_resize(memory, 0, 5));
	free(mem_new(0, 0));
}

static void texts_are_copied(void **state)
{
	char *text = mem_text("abc");

	(void)state;
	assert_string_equal(text, "abc");
	mem_replace(&text, "def");
	assert_string_equal(text, "def");
	mem_replace(&text, text); /* its own */
	assert_string_equal(text, "def");
	mem_replace(&text, NULL);
	assert_null(text);
	assert_null(mem_text(NULL));
	assert_null(mem_text_n(NULL, 3));
	text = mem_text_n("abcdef", 3);
	assert_string_equal(text, "abc");
	free(text);
	text = mem_text_n("ab", 9);
	assert_string_equal(text, "ab");
	free(text);
	text = mem_printf("%s-%d", "x", 7);
	assert_string_equal(text, "x-7");
	free(text);
}

/* In a process of its own: it ends there. The count comes from outside, so that no compiler knows
 * better. */
static void running_out_ends_the_program(void **state)
{
	volatile size_t count = SIZE_MAX / 2;
	int status = 0;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		signal(SIGABRT, SIG_DFL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(2);
		free(mem_new(count, 4));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_false(WIFEXITED(status) && !WEXITSTATUS(status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed),
		cmocka_unit_test(texts_are_copied),
		cmocka_unit_test(running_out_ends_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
