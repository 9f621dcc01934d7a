/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

char *fixture_path(const char *name)
{
	const char *top = getenv("top_srcdir");

	return mem_printf("%s/tests/unit/report/%s", top ? top : ".", name);
}

void fixture_load(struct session *session, const char *name)
{
	char *file = mem_printf("%s.session", name), *path = fixture_path(file);
	FILE *stream = fopen(path, "r");
	json_t *record;

	assert_non_null(stream);
	*session = (struct session){ 0 };
	while ((record = json_loadf(stream, JSON_DISABLE_EOF_CHECK, NULL))) {
		assert_int_equal(session_apply(session, record), ERR_NONE);
		json_decref(record);
	}
	/* Not stopped by damage half-way. */
	assert_int_equal(fgetc(stream), EOF);
	fclose(stream);
	free(path);
	free(file);
}

void fixture_check_harmless(const char *text)
{
	assert_null(strstr(text, FIXTURE_SECRET));
	assert_true(text_is_safe(text));
}

void fixture_check_golden(const char *text, const char *name)
{
	enum { TEXT_ROOM = 1 << 20 };
	const char *mode = getenv("EARSHOT_GOLDEN");
	char *path = fixture_path(name), *golden;
	size_t length;

	if (mode && !strcmp(mode, "write"))
		assert_int_equal(file_write(path, text, strlen(text)), ERR_NONE);
	assert_int_equal(file_read(&golden, &length, path, TEXT_ROOM), ERR_NONE);
	if (strcmp(text, golden))
		print_error("%s differs\n", name);
	assert_string_equal(text, golden);
	free(golden);
	free(path);
}

void fixture_check_lines(const char *text, size_t columns, bool utf8)
{
	while (*text) {
		const char *end = strchr(text, '\n');
		char *line;

		assert_non_null(end);
		line = mem_text_n(text, (size_t)(end - text));
		if (text_width(line) > columns)
			print_error("longer than %zu: %s\n", columns, line);
		assert_true(text_width(line) <= columns);
		assert_true(end == text || end[-1] != ' ');
		for (const char *at = line; *at && !utf8; at++)
			assert_true(*at > 0);
		free(line);
		text = end + 1;
	}
}
