/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/intl.h"
#include "ui/screen.h"
#include "ui/words.h"

enum { DONE, COULD_NOT, ASK_PROVIDER, ROUTER };

const struct tree_router *screen_router(const struct app *app)
{
	const struct tree *tree = wizard_tree(app->wizard);
	const struct session *session = wizard_session(app->wizard);
	const char *chosen = session_detail_text(session, "router");
	const struct tree_router *router = chosen && *chosen ? tree_router_find(tree, chosen) : NULL;

	if (!router && facts_known(&session->facts, "router.vendor"))
		router = tree_router_find(tree, facts_text(&session->facts, "router.vendor"));
	return router;
}

static void build_steps(struct page *page, const char *heading, const char *const *steps)
{
	page_add(page, PAGE_GAP, "");
	page_add(page, PAGE_HEADING, heading);
	for (size_t i = 0; steps[i]; i++)
		page_add(page, PAGE_STEP, say(steps[i]));
}

/* On this very router first; the general way after it, for menus move. */
static void build_router_steps(struct page *page, const struct tree_router *router,
			       const struct tree_cause *cause)
{
	char *heading = mem_printf(_("On a router by %s: %s"), router->vendor, say(router->where));

	build_steps(page, heading, router->steps);
	free(heading);
	if (router->caveat)
		page_add(page, PAGE_WARN, say(router->caveat));
	build_steps(page, _("If the menus look different"), cause->steps);
}

/* What was found that speaks for this cause, with its evidence. */
static void build_evidence(struct page *page, const struct session *session, const struct tree_cause *cause)
{
	for (size_t i = 0; i < session->finding_count; i++) {
		const struct finding *finding = session->findings[i];
		char *words;

		if (strcmp(finding->kind->id, cause->id) != 0 &&
		    (!finding->kind->remedy[0] || strcmp(finding->kind->remedy, cause->remedy) != 0))
			continue;
		page_add(page, PAGE_GAP, "");
		words = words_finding(finding);
		page_add(page, finding->severity == SEVERITY_FAULT ? PAGE_BAD : PAGE_WARN, words);
		free(words);
		if (finding->hop && finding->address)
			page_printf(page, PAGE_POINT, _("Seen before the device at %s, %u on the way."),
				    finding->address, finding->hop);
		for (size_t k = 0; k < finding->evidence_count; k++)
			page_add(page, PAGE_POINT, finding->evidence[k]);
	}
}

static void build_after(struct page *page, const struct tree_cause *cause)
{
	page_add(page, PAGE_GAP, "");
	if (cause->who)
		page_label(page, _("Who does it"), say(cause->who));
	if (cause->verify)
		page_label(page, _("How to see it worked"), say(cause->verify));
	if (cause->ask)
		page_label(page, _("Ask the provider"), say(cause->ask));
}

/* The part of an advice that needs no router. */
static void build(struct page *page, const struct app *app)
{
	const struct walk *walk = wizard_walk(app->wizard);
	const struct tree_cause *cause = walk->cause;
	const struct tree_router *router = cause->by_router ? screen_router(app) : NULL;
	const char *direction = words_direction(walk->direction);

	page_add(page, PAGE_TITLE, say(cause->title));
	page_add(page, PAGE_DIM, words_confidence(walk->confidence));
	if (direction)
		page_add(page, PAGE_DIM, direction);
	page_add(page, PAGE_GAP, "");
	page_add(page, PAGE_TEXT, say(cause->means));
	build_evidence(page, wizard_session(app->wizard), cause);
	if (router)
		build_router_steps(page, router, cause);
	else if (cause->steps[0])
		build_steps(page, _("What to do"), cause->steps);
	build_after(page, cause);
	page->choices_below = true;
	page_choice(page, DONE, _("Done: measure again"));
	page_choice(page, COULD_NOT, _("Could not do it"));
	page_choice(page, ASK_PROVIDER, _("Ask the provider"));
	if (cause->by_router)
		page_choice(page, ROUTER, router ? _("Another router") : _("Which router?"));
}

static void pick(struct app *app, int id)
{
	static const char *const results[] = {
		[DONE] = "done", [COULD_NOT] = "could-not", [ASK_PROVIDER] = "ask-provider"
	};

	if (id == ROUTER)
		app_open(app, &screen_routers);
	else
		wizard_tried(app->wizard, results[id]);
}

const struct screen screen_advice = { .name = "advice", .picture = true, .build = build, .pick = pick };
