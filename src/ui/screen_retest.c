/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After an advice was followed: what was before, what is now, and the only test that counts. */
#include <stdlib.h>
#include <string.h>

#include "ui/intl.h"
#include "ui/screen.h"
#include "ui/words.h"

enum { FIXED, NOT_FIXED };

/* What was measured again, old beside new; those that changed first tell the most, so the others are left out where
 * the old value was not known. */
static bool build_table(struct page *page, const struct session *session)
{
	const struct fact_kind *kind;
	bool any = false;

	for (size_t i = 0; (kind = fact_kind_at(i)); i++) {
		char *before, *now;

		if (!facts_get(&session->before, kind->name))
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
	return any;
}

static void build(struct page *page, const struct app *app)
{
	const bool measuring = app_is_measuring(app);

	page_add(page, PAGE_TITLE, _("Is it fixed?"));
	page_add(page, PAGE_TEXT, _("Make two test calls now, one out and one in, a minute each at least. Do both "
				    "sides hear each other all the time?"));
	page_add(page, PAGE_GAP, "");
	page_choice(page, FIXED, _("Yes, both calls were fine."));
	page_choice(page, NOT_FIXED, _("No, it is not fixed."));
	page_add(page, PAGE_GAP, "");
	if (measuring)
		page_add(page, PAGE_WARN, _("Still measuring again …"));
	if (!build_table(page, wizard_session(app->wizard)) && !measuring)
		page_add(page, PAGE_DIM, _("Nothing that was measured has changed."));
}

static void pick(struct app *app, int id)
{
	wizard_fixed(app->wizard, id == FIXED);
}

const struct screen screen_retest = {
	.name = "retest", .enter = N_("answer"), .picture = true, .build = build, .pick = pick
};
