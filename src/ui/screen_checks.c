/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The board: every check with its state, and what is known by now. */
#include <stdlib.h>
#include <string.h>

#include "ui/intl.h"
#include "ui/screen.h"
#include "ui/words.h"

enum { CHECKS_MAX = 16, AGAIN = 0, CORRECT };

static enum look look_of(const struct wizard_check *check)
{
	if (check->stage != WIZARD_CHECK_ENDED || check->state == CHECK_SKIPPED)
		return LOOK_NORMAL;
	if (check->state != CHECK_DONE || (check->has_finding && check->worst == SEVERITY_RISK))
		return LOOK_WARN;
	if (check->has_finding && check->worst == SEVERITY_FAULT)
		return LOOK_BAD;
	return check->no_result ? LOOK_WARN : LOOK_GOOD;
}

/* How much of its bar is full: none where nothing was measured. */
static double measured_part(const struct wizard_check *check)
{
	if (check->stage == WIZARD_CHECK_IDLE ||
	    (check->stage == WIZARD_CHECK_ENDED && check->state == CHECK_SKIPPED))
		return 0;
	return check->fraction;
}

static void build_findings(struct page *page, const struct session *session, const char *check)
{
	static const enum page_kind kinds[] = { [SEVERITY_NOTE] = PAGE_POINT,
						[SEVERITY_RISK] = PAGE_WARN,
						[SEVERITY_FAULT] = PAGE_BAD };

	for (size_t i = 0; i < session->finding_count; i++) {
		const struct finding *finding = session->findings[i];
		char *words;

		if (strcmp(session->finding_checks[i], check) != 0)
			continue;
		words = words_finding(finding);
		page_add(page, kinds[finding->severity], words);
		free(words);
	}
}

static void build_checks(struct page *page, const struct app *app)
{
	struct wizard_check checks[CHECKS_MAX];
	size_t count = wizard_checks(app->wizard, checks, CHECKS_MAX);

	for (size_t i = 0; i < count; i++) {
		char *words = words_check(&checks[i]);

		page_check(page, say(checks[i].check->title), words, measured_part(&checks[i]),
			   look_of(&checks[i]));
		free(words);
		page->indent = PAGE_CHECK_LABEL;
		page_add(page, PAGE_DIM,
			 say(checks[i].now ? checks[i].now : checks[i].check->about));
		build_findings(page, wizard_session(app->wizard), checks[i].check->name);
		page->indent = 0;
	}
}

static void build_facts(struct page *page, const struct facts *facts)
{
	const struct fact_kind *kind;
	bool any = false;

	for (size_t i = 0; (kind = fact_kind_at(i)); i++) {
		char *words;

		if (!facts_known(facts, kind->name))
			continue;
		if (!any) {
			page_add(page, PAGE_GAP, "");
			page_add(page, PAGE_HEADING, _("Known by now"));
		}
		any = true;
		words = words_fact(facts, kind->name);
		page_label(page, say(kind->title), words);
		free(words);
	}
}

static void build(struct page *page, const struct app *app)
{
	page_add(page, PAGE_TITLE, _("Measurements"));
	page_add(page, PAGE_GAP, "");
	build_checks(page, app);
	build_facts(page, &wizard_session(app->wizard)->facts);
	page->choices_below = true;
	page_choice(page, AGAIN, _("Measure everything again"));
	if (screen_can_correct(app))
		page_choice(page, CORRECT, _("Correct what was measured …"));
}

static void pick(struct app *app, int id)
{
	if (id == CORRECT)
		app_open(app, &screen_correct);
	else if (id == AGAIN && !wizard_measure_again(app->wizard))
		app_notice(app, "%s", _("Nothing can be measured yet."));
}

const struct screen screen_checks = {
	.name = "checks", .enter = N_("choose"), .build = build, .pick = pick
};
