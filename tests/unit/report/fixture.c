/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

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
