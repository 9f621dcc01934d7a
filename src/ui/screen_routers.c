/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which router it is, where no measurement says so: its menus differ. */
#include "ui/intl.h"
#include "ui/screen.h"

enum { NONE = -1 };

static void build(struct page *page, const struct app *app)
{
	const struct tree_router *router;

	page_add(page, PAGE_TITLE, _("Who made the router?"));
	page_add(page, PAGE_TEXT,
		 _("The name stands on the box, mostly underneath. It decides what the menus are "
		   "called."));
	page_add(page, PAGE_GAP, "");
	for (int i = 0; (router = tree_router_at(wizard_tree(app->wizard), (size_t)i)); i++)
		page_choice(page, i, say(router->vendor));
	page_choice(page, NONE, _("I don't know, or another one"));
}

static void pick(struct app *app, int id)
{
	const struct tree_router *router =
		id == NONE ? NULL : tree_router_at(wizard_tree(app->wizard), (size_t)id);

	wizard_detail(app->wizard, "router", router ? router->vendor : "");
	app_close(app);
}

const struct screen screen_routers = { .name = "routers", .build = build, .pick = pick };
