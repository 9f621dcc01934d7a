/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The saved report, to be read and scrolled. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "ui/intl.h"
#include "ui/screen.h"

enum { REPORT_MAX = 4 << 20 };

static void build(struct page *page, const struct app *app)
{
	char *bytes, *text, *line, *rest;
	size_t length;

	if (file_read(&bytes, &length, app->report_path, REPORT_MAX)) {
		page_printf(page, PAGE_BAD, _("%s cannot be read any more."), app->report_path);
		return;
	}
	text = text_safe_lines(bytes, length, REPORT_MAX);
	free(bytes);
	rest = text;
	while ((line = strsep(&rest, "\n")))
		page_add(page, PAGE_VERBATIM, line);
	free(text);
}

const struct screen screen_report = { .name = "report", .build = build };
