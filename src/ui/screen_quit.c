/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/intl.h"
#include "ui/screen.h"

enum { LEAVE, STAY };

static void build(struct page *page, const struct app *app)
{
	const bool finished = wizard_session(app->wizard)->finished;
	const struct wizard_host *host = wizard_host(app->wizard);
	const bool lost = host->trouble && host->trouble(host->context);

	page_add(page, PAGE_TITLE, _("Stop here?"));
	if (finished)
		page_add(page, PAGE_TEXT, _("The report is saved; nothing is lost."));
	else if (lost)
		page_add(page, PAGE_WARN,
			 _("This session cannot be kept on the disk: what was answered and "
			   "measured is lost when earshot stops here."));
	else
		page_add(page, PAGE_TEXT,
			 _("All answers and measurements are kept. When earshot is started again, "
			   "it offers to go on from here."));
	page_add(page, PAGE_GAP, "");
	page_choice(page, LEAVE, finished || lost ? _("Stop") : _("Stop; go on another time"));
	page_choice(page, STAY, _("Stay"));
}

static void pick(struct app *app, int id)
{
	if (id == LEAVE)
		app->end = wizard_session(app->wizard)->finished ? APP_FINISHED : APP_LEFT;
	else
		app_close(app);
}

const struct screen screen_quit = { .name = "quit", .usual = true, .build = build, .pick = pick };
