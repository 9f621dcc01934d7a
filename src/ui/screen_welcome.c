/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/intl.h"
#include "ui/screen.h"

enum { GO_ON, ANEW, LEAVE };

static void build(struct page *page, const struct app *app)
{
	const char *unfinished = app->options->unfinished;

	page_add(page, PAGE_TITLE, _("The call connects, but somebody hears nothing?"));
	page_add(page, PAGE_GAP, "");
	page_add(page, PAGE_TEXT,
		 _("earshot asks what happens, one question at a time, and measures this network "
		   "meanwhile. It says where the voice gets lost and what to do about it, and "
		   "writes a report for the provider."));
	page_add(page, PAGE_GAP, "");
	page_add(page, PAGE_POINT,
		 _("Run it where the phone is: on the same network, best at the same socket."));
	page_add(page, PAGE_POINT, _("Nothing is sent to anyone but the servers that you name."));
	page_add(page, PAGE_POINT, _("\"I don't know\" is always a good answer."));
	page_add(page, PAGE_POINT, _("Stop at any time: all is kept, and earshot goes on there."));
	if (unfinished) {
		page_add(page, PAGE_GAP, "");
		page_printf(page, PAGE_WARN, _("There is an unfinished session, begun %s."),
			    unfinished);
	}
	page->choices_below = true;
	page_choice(page, GO_ON, unfinished ? _("Go on with it") : _("Start"));
	if (unfinished)
		page_choice(page, ANEW, _("Start anew"));
	page_choice(page, LEAVE, _("Leave"));
}

static void pick(struct app *app, int id)
{
	if (id == GO_ON)
		wizard_begin(app->wizard);
	else
		app->end = id == ANEW ? APP_ANEW : APP_LEFT;
}

const struct screen screen_welcome = {
	.name = "welcome", .usual = true, .build = build, .pick = pick
};
