/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as it would be sent: read, searched, its form and what is hidden in it chosen, saved.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/intl.h"
#include "ui/screen.h"

enum { FORMAT, NUMBERS, ADDRESSES, SAVE };
enum { REPORT_MAX = 4 << 20, MAIL_COLUMNS = 78 };

/* Wrapped for a window that is narrower than an e-mail. A page of HTML says the same as the text.
 */
static void refresh(struct app *app)
{
	const struct wizard_host *host = wizard_host(app->wizard);
	struct wizard_report shown = app->report;
	char *text;

	if (app->columns && app->columns <= MAIL_COLUMNS)
		shown.columns = app->columns - 1;
	if (shown.format == WIZARD_HTML)
		shown.format = WIZARD_TEXT;
	text = host->make_report(&shown, host->context);
	free(app->report_text);
	app->report_text = text_safe_lines(text, strlen(text), REPORT_MAX);
	free(text);
	app->search.found = 0;
}

static void build_text(struct page *page, const struct app *app)
{
	char *text = mem_text(app->report_text), *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		/* The last LF ends a line and begins none. */
		if (!rest && !*line && page->count)
			break;
		page_add(page, PAGE_VERBATIM, line);
		page->items[page->count - 1].marked = app->search.found == page->count;
	}
	free(text);
}

static void build_choices(struct page *page, const struct wizard_report *report)
{
	static const char *const formats[] = { N_("Form: text"), N_("Form: web page (HTML)"),
					       N_("Form: JSON, for programs") };

	page->choices_below = true;
	page_choice(page, FORMAT, say(formats[report->format]));
	page_choice(page, NUMBERS,
		    report->hides_numbers ? _("Numbers: hidden") : _("Numbers: shown"));
	page_choice(page, ADDRESSES,
		    report->hides_addresses ? _("Public addresses: hidden")
					    : _("Public addresses: shown"));
	page_choice(page, SAVE, _("Save"));
}

/* One remark: what is typed, what went wrong, where it was saved. */
static void build_below(struct page *page, const struct app *app)
{
	char *text = NULL;

	if (app->search.typing)
		text = mem_printf(_("Search for: %s_"), app->search.word);
	else if (app->report_why)
		text = mem_printf(_("The report could not be saved: %s"), app->report_why);
	else if (app->report_path)
		text = mem_printf(_("Saved: %s"), app->report_path);
	else if (app->report.format == WIZARD_HTML)
		text = mem_text(_("The web page says the same, with a drawing of the path."));
	if (text)
		page_below(page, text);
	free(text);
}

static void build(struct page *page, const struct app *app)
{
	build_text(page, app);
	build_choices(page, &app->report);
	build_below(page, app);
}

static void pick(struct app *app, int id)
{
	struct wizard_report *report = &app->report;

	switch (id) {
	case FORMAT: report->format = (report->format + 1) % WIZARD_FORMATS; break;
	case NUMBERS: report->hides_numbers = !report->hides_numbers; break;
	case ADDRESSES: report->hides_addresses = !report->hides_addresses; break;
	default: screen_save_report(app);
	}
	if (id != SAVE)
		screen_forget_report(app);
	refresh(app);
}

static void opened(struct app *app)
{
	refresh(app);
	app_view(app)->selected = SAVE + 1;
}

const struct screen screen_report = {
	.name = "report", .reads = true, .build = build, .pick = pick, .opened = opened
};
