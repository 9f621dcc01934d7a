/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text through the masks: numbers lose digits and nothing else, whatever is asked for. Any JSON
 * as calls: no line is too long, nothing in it is obeyed by a terminal. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/calls.h"
#include "report/mask.h"

enum { COLUMNS = 78 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_masks(const char *text)
{
	struct mask mask;
	char *masked;

	mask_init(&mask, MASK_NUMBERS);
	masked = mask_text(&mask, text);
	if (strlen(masked) != strlen(text))
		abort();
	for (size_t i = 0; text[i]; i++)
		if (masked[i] != text[i] && (masked[i] != 'x' || text[i] < '0' || text[i] > '9'))
			abort();
	free(masked);
	mask.what |= MASK_ADDRESSES;
	free(mask_text(&mask, text));
	mask_clear(&mask);
}

static void check_lines(const char *text)
{
	struct text_lines lines = text_wrap(text, SIZE_MAX / 2);

	for (size_t i = 0; i < lines.count; i++)
		if (text_width(lines.line[i]) > COLUMNS)
			abort();
	text_free_lines(&lines);
}

static void check_calls(const char *json, size_t length)
{
	json_t *document = json_loadb(json, length, 0, NULL);
	struct report_options options = { .columns = COLUMNS, .utf8 = length % 2 };

	for (; document && options.masks <= (MASK_NUMBERS | MASK_ADDRESSES); options.masks++) {
		char *text = report_calls_text(document, &options);
		char *html = report_calls_html(document, &options);

		if (!text_is_safe(text) || !text_is_safe(html) || strstr(html, "<script"))
			abort();
		check_lines(text);
		free(html);
		free(text);
	}
	json_decref(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_text_n((const char *)data, strnlen((const char *)data, size));

	check_masks(text);
	check_calls(text, strlen(text));
	free(text);
	return 0;
}
