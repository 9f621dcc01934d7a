/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public STUN servers: offered by name, used only where the person ticks them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/intl.h"
#include "ui/screen.h"

static const char *const servers[] = {
	"stun.sip.us",         "stun.siptrunk.com", "stun.signalwire.com",
	"stun.freeswitch.org", "stun.voipgate.com", "stun.dus.net",
	"stun.mixvoip.com",    "stun.sonetel.com",  "stun.pure-ip.com",
};
enum { SERVERS = sizeof servers / sizeof *servers, USE };

static void build(struct page *page, const struct app *app)
{
	page_add(page, PAGE_TITLE, _("Public STUN servers"));
	page_add(page, PAGE_TEXT,
		 _("A STUN server answers with the address it sees, which shows what the router "
		   "does. The provider's own are best. These belong to other companies, who then "
		   "see this site's public address: earshot asks none that you do not tick. Two "
		   "tell more than one."));
	page_add(page, PAGE_GAP, "");
	for (int i = 0; i < SERVERS; i++)
		page_box(page, i, app->chosen_stun & 1U << i, servers[i]);
	page_choice(page, USE, _("Use those that are ticked"));
}

/* The form underneath shows what was chosen. */
static void close_list(struct app *app)
{
	form_open(&app->form, form_provider, app->wizard);
	app_close(app);
}

/* Adds the ticked ones to those which stand in the form already. */
static void use_chosen(struct app *app)
{
	char *list = wizard_get(app->wizard, "nat", "stun");
	const char *expected = "";

	for (int i = 0; i < SERVERS; i++) {
		char *longer;

		if (!(app->chosen_stun & 1U << i) || (list && strstr(list, servers[i])))
			continue;
		longer = mem_printf("%s%s%s", list ? list : "", list && *list ? ", " : "",
				    servers[i]);
		free(list);
		list = longer;
	}
	if (list && !wizard_set(app->wizard, "nat", "stun", list, &expected))
		app_notice(app, _("This is not right yet: %s."), say(expected));
	else
		close_list(app);
	free(list);
}

static void pick(struct app *app, int id)
{
	if (id == USE)
		use_chosen(app);
	else
		app->chosen_stun ^= 1U << id;
}

const struct screen screen_stun = { .name = "stun", .build = build, .pick = pick };
