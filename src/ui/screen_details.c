/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/intl.h"
#include "ui/screen.h"

enum { DONE = 100 };

static void build(struct page *page, const struct app *app)
{
	page_add(page, PAGE_TITLE, _("Details for the report"));
	page_add(page, PAGE_TEXT,
		 _("The provider's support asks for these. Leave empty what you do not know."));
	page_add(page, PAGE_GAP, "");
	screen_build_fields(page, app);
	page_add(page, PAGE_GAP, "");
	page_choice(page, DONE, _("That is all"));
}

static void pick(struct app *app, int id)
{
	if (id == DONE)
		app_close(app);
}

const struct screen screen_details = {
	.name = "details", .enter = N_("next"), .build = build, .pick = pick, .fields = form_details
};
