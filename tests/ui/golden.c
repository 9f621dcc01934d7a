/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"

static bool refreshes(const char *name)
{
	const char *wish = getenv("GOLDEN");

	return wish && (!strcmp(wish, "all") || !strcmp(wish, name));
}

void golden_compare(const char *name, const char *text)
{
	const char *top = getenv("top_srcdir");
	char *path = mem_printf("%s/tests/ui/golden/%s.txt", top ? top : ".", name);
	char *expected = NULL;
	size_t length;

	if (refreshes(name)) {
		assert_int_equal(file_write(path, text, strlen(text)), ERR_NONE);
	} else if (file_read(&expected, &length, path, 1 << 20)) {
		fail_msg("%s cannot be read; make golden CASE=%s writes it", path, name);
	} else if (strcmp(expected, text) != 0) {
		fprintf(stderr, "%s", text);
		fail_msg("the text above differs from %s", path);
	}
	free(expected);
	free(path);
}
