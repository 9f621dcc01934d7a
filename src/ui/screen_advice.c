/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/intl.h"
#include "ui/screen.h"
#include "ui/words.h"

enum { DONE, COULD_NOT, ASK_PROVIDER, ROUTER };

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

bool screen_is_sign(const struct finding *finding, const struct tree_cause *cause)
{
	return !strcmp(finding->kind->id, cause->id) ||
	       (finding->kind->remedy[0] && !strcmp(finding->kind->remedy, cause->remedy));
}

struct screen_sign screen_sign_of(const struct session *session, const struct tree_cause *cause)
{
	struct screen_sign sign = { 0 };

	for (size_t i = 0; cause && i < session->finding_count; i++) {
		const char *check = session->finding_checks[i];
		const struct check_run *run = session_find_check(session, check);
		const bool stale = run && run->is_stale;

		if (screen_is_sign(session->findings[i], cause) &&
		    (!sign.finding || (sign.is_stale && !stale)))
			sign = (struct screen_sign){ session->findings[i], check, stale };
	}
	return sign;
}

/* The finding in words where these are not the cause's own; then the place and the evidence. */
static void build_finding(struct page *page, const struct finding *finding,
			  const struct tree_cause *cause)
{
	if (strcmp(finding->kind->id, cause->id) != 0) {
		char *words = words_finding(finding);

		page_add(page, finding->severity == SEVERITY_FAULT ? PAGE_BAD : PAGE_WARN, words);
		free(words);
	}
	if (finding->hop && finding->address)
		page_printf(page, PAGE_POINT, _("Where: hop %u on the way, %s."), finding->hop,
			    finding->address);
	for (size_t i = 0; i < finding->evidence_count; i++)
		page_add(page, PAGE_POINT, finding->evidence[i]);
}

static void build_evidence(struct page *page, const struct session *session,
			   const struct tree_cause *cause)
{
	bool any = false;

	for (size_t i = 0; i < session->finding_count; i++) {
		if (!screen_is_sign(session->findings[i], cause))
			continue;
		if (!any) {
			page_add(page, PAGE_GAP, "");
			page_add(page, PAGE_HEADING, _("What was measured"));
		}
		any = true;
		build_finding(page, session->findings[i], cause);
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

bool screen_is_open(const struct tree_cause *cause)
{
	return !strcmp(cause->id, "undetermined");
}

static void build(struct page *page, const struct app *app)
{
	const struct walk *walk = wizard_walk(app->wizard);
	const struct tree_cause *cause = walk->cause;
	const struct session *session = wizard_session(app->wizard);
	const struct tree_router *router =
		cause->by_router ? tree_router_of(wizard_tree(app->wizard), session) : NULL;
	const char *direction = words_direction(walk->direction);

	page_add(page, PAGE_TITLE, say(cause->title));
	if (!screen_is_open(cause))
		page_add(page, PAGE_DIM, words_confidence(walk->confidence));
	if (direction)
		page_add(page, PAGE_DIM, direction);
	page_add(page, PAGE_GAP, "");
	page_add(page, PAGE_TEXT, say(cause->means));
	if (router)
		build_router_steps(page, router, cause);
	else if (cause->steps[0])
		build_steps(page, _("What to do"), cause->steps);
	build_after(page, cause);
	build_evidence(page, session, cause);
	page->choices_below = true;
	page_choice(page, DONE, _("Done: measure again"));
	page_choice(page, COULD_NOT,
		    screen_is_open(cause) ? _("On to the report") : _("Could not do it"));
	if (!screen_is_open(cause))
		page_choice(page, ASK_PROVIDER, _("Ask the provider"));
	if (cause->by_router)
		page_choice(page, ROUTER, router ? _("Another router") : _("Which router?"));
}

static void pick(struct app *app, int id)
{
	static const char *const results[] = {
		[DONE] = "done", [COULD_NOT] = "could-not", [ASK_PROVIDER] = "ask-provider"
	};

	if (id == ROUTER) {
		/* Once one comes back, the steps are to be read and done. */
		*app_view(app) = (struct view){ .selected = 1 };
		app_open(app, &screen_routers);
	} else {
		wizard_tried(app->wizard, results[id]);
	}
}

const struct screen screen_advice = {
	.name = "advice", .picture = true, .build = build, .pick = pick
};
