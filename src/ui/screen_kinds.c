/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds of set-up that everybody knows: each fills in what such sites have in common. */
#include <stdlib.h>

#include "ui/intl.h"
#include "ui/screen.h"

/* The profiles of data/providers/. */
static const struct {
	const char *kind, *title, *about;
} kinds[] = {
	{ "hosted-pbx", N_("Phones here, telephone system at the provider (hosted PBX, cloud)"),
	  N_("Every phone registers at the provider through this site's router.") },
	{ "pbx-with-trunk", N_("Telephone system here, with a SIP trunk to the provider"),
	  N_("The phones speak with the system here, and only that with the provider. Measure "
	     "where "
	     "it stands.") },
	{ "softphone", N_("A softphone only: an app on this computer or a mobile"),
	  N_("Often on Wi-Fi or in somebody else's network: STUN and TURN matter most.") },
};

static void build(struct page *page, const struct app *app)
{
	(void)app;
	page_add(page, PAGE_TITLE, _("What kind of set-up is it?"));
	page_add(
		page, PAGE_TEXT,
		_("This fills in what such sites have in common. The name of the provider's domain "
		  "is still yours to give; all can be changed afterwards."));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		page_add(page, PAGE_GAP, "");
		page_choice(page, (int)i, _(kinds[i].title));
		page->indent = 4;
		page_add(page, PAGE_DIM, _(kinds[i].about));
		page->indent = 0;
	}
}

static void pick(struct app *app, int id)
{
	char *why = NULL;

	if (wizard_take_kind(app->wizard, kinds[id].kind, &why)) {
		form_open(&app->form, form_provider, app->wizard);
		app_close(app);
		app_view(app)->selected = 1;
	} else {
		app_notice(app, _("This could not be read: %s"), why ? why : "");
	}
	free(why);
}

const struct screen screen_kinds = {
	.name = "kinds", .enter = N_("choose"), .build = build, .pick = pick
};
