/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After an advice was followed: what was before, what is now, and the only test that counts. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/heard.h"
#include "ui/intl.h"
#include "ui/screen.h"
#include "ui/words.h"

enum { FIXED, NOT_FIXED, LISTEN };

static void build_call_row(struct page *page, const json_t *before, const json_t *now,
			   const char *direction, const char *label)
{
	char *then = before ? heard_words(before, direction) : mem_text(_("not listened"));
	char *here = now ? heard_words(now, direction) : mem_text(_("not listened"));

	page_row(page, label, then, here);
	free(then);
	free(here);
}

/* The call that was heard before the advice was followed, beside the one since. */
static bool build_call(struct page *page, const struct session *session)
{
	const json_t *before = session_call_before(session), *now = session_call_now(session);

	if (!before && !now)
		return false;
	page_row(page, "", _("before"), _("now"));
	build_call_row(page, before, now, "out", _("Test call: you -> them"));
	build_call_row(page, before, now, "in", _("Test call: them -> you"));
	return true;
}

/* What has changed, old beside new. */
static void build_table(struct page *page, const struct session *session)
{
	const struct fact_kind *kind;
	bool any = build_call(page, session);

	for (size_t i = 0; (kind = fact_kind_at(i)); i++) {
		char *before, *now;

		if (!session_fact_before(session, kind->name))
			continue;
		if (!any)
			page_row(page, "", _("before"), _("now"));
		any = true;
		before = words_fact(&session->before, kind->name);
		now = words_fact(&session->facts, kind->name);
		page_row(page, say(kind->title), before, now);
		free(before);
		free(now);
	}
}

/* True if any of the checks that the cause wants again is in a state, or (`other`) is not. */
static bool any_again(const struct session *session, const struct tree_cause *cause,
		      const char *state, bool other)
{
	for (size_t i = 0; cause->retest[i]; i++) {
		const struct check_run *run = session_find_check(session, cause->retest[i]);
		const bool is = run && !strcmp(run->state, state);

		if (check_find(cause->retest[i]) && is != other)
			return true;
	}
	return false;
}

/* True if what is known by now speaks for the cause no more. Not every sign of a cause bears its
 * name, so the tree is asked. */
static bool is_gone(const struct app *app, const struct tree_cause *cause)
{
	struct walk now;

	tree_walk(&now, wizard_tree(app->wizard), wizard_session(app->wizard), WALK_ALONE);
	for (size_t i = 0; i < now.also_count; i++)
		if (now.also[i] == cause)
			return false;
	return now.cause != cause || now.confidence != CONFIDENCE_CERTAIN;
}

/* Whether what was measured as the cause is still there. Only where it was measured before can it
 * be gone. */
static void build_sign(struct page *page, const struct app *app)
{
	const struct walk *walk = wizard_walk(app->wizard);
	const struct session *session = wizard_session(app->wizard);
	const struct screen_sign sign = screen_sign_of(session, walk->cause);
	char *words;

	if (sign.finding && !sign.is_stale) {
		words = words_finding(sign.finding);
		page_printf(page, PAGE_BAD, _("Still measured: %s"), words);
		free(words);
	} else if (sign.finding && !strcmp(sign.check, "capture")) {
		page_add(page, PAGE_WARN,
			 _("Listening to the test calls will tell whether it is gone."));
	} else if (sign.finding) {
		page_add(page, PAGE_WARN, _("What found it has not measured again yet."));
	} else if (walk->cause && walk->confidence == CONFIDENCE_CERTAIN &&
		   !any_again(session, walk->cause, "done", true) && is_gone(app, walk->cause)) {
		page_add(page, PAGE_GOOD, _("The measurement does not find it any more."));
	}
}

static void build(struct page *page, const struct app *app)
{
	const struct session *session = wizard_session(app->wizard);
	const struct tree_cause *cause = wizard_walk(app->wizard)->cause;

	page_add(page, PAGE_TITLE, _("Is it fixed?"));
	page_add(page, PAGE_TEXT,
		 _("Make two test calls now, one out and one in, a minute each at least. Do both "
		   "sides hear each other all the time?"));
	page_add(page, PAGE_GAP, "");
	page_choice(page, FIXED, _("Yes, both calls were fine."));
	page_choice(page, NOT_FIXED, _("No, it is not fixed."));
	page_choice(page, LISTEN, _("Listen while we make the test calls …"));
	page_add(page, PAGE_GAP, "");
	if (cause && any_again(session, cause, "running", false))
		page_add(page, PAGE_WARN, _("Still measuring again …"));
	else
		build_sign(page, app);
	build_table(page, session);
}

static void pick(struct app *app, int id)
{
	if (id == LISTEN)
		app_open(app, &screen_capture);
	else
		wizard_fixed(app->wizard, id == FIXED);
}

const struct screen screen_retest = {
	.name = "retest", .enter = N_("answer"), .picture = true, .build = build, .pick = pick
};
