/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole screen of an app. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/app.h"
#include "ui/frame.h"
#include "ui/intl.h"
#include "ui/screen.h"

static void draw_too_small(struct canvas *canvas)
{
	char *text = mem_printf(_("Please make the window larger: %d x %d at least."),
				APP_COLUMNS_MIN, APP_ROWS_MIN);
	struct text_lines lines = text_wrap(text, canvas->columns ? canvas->columns : 1);

	for (size_t i = 0; i < lines.count && i < canvas->rows; i++)
		canvas_put(canvas, i, 0, LOOK_WARN, lines.line[i]);
	text_free_lines(&lines);
	free(text);
}

void app_draw(struct canvas *canvas, struct app *app)
{
	struct page page;
	size_t top, bottom;

	if (canvas->rows < APP_ROWS_MIN || canvas->columns < APP_COLUMNS_MIN) {
		draw_too_small(canvas);
		return;
	}
	app->columns = canvas->columns;
	page_init(&page, app->charset);
	app_screen(app)->build(&page, app);
	top = frame_head(canvas, app);
	bottom = frame_foot(canvas, app, &page);
	if (bottom > top)
		page_draw(canvas, &page, app_view(app), top, bottom);
	page_clear(&page);
}
