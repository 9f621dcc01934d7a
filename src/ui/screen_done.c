/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "ui/intl.h"
#include "ui/screen.h"
#include "ui/words.h"

enum { SAVE, READ, DETAILS, AGAIN, FINISH };

/* How it ended: mended, with the provider, or open. */
static void build_end(struct page *page, const struct app *app)
{
	const struct walk *walk = wizard_walk(app->wizard);
	const struct session *session = wizard_session(app->wizard);
	const struct screen_sign sign = screen_sign_of(session, walk->cause);
	const struct outcome *outcome =
		walk->cause ? session_find_outcome(session, walk->cause->id) : NULL;

	if (walk->kind == STEP_FIXED && sign.finding && !sign.is_stale)
		page_add(page, PAGE_WARN,
			 _("The calls are fine, yet the cause is still measured: it may come back. "
			   "The report says so."));
	else if (walk->kind == STEP_FIXED)
		page_add(page, PAGE_GOOD,
			 _("Fixed. The report keeps what was changed, for the next time."));
	else if (outcome && !strcmp(outcome->result, "ask-provider"))
		page_add(page, PAGE_WARN,
			 _("This is for the provider. The report says what was measured and what "
			   "is asked of them."));
	else
		page_add(page, PAGE_WARN,
			 _("The cause is still open. The report says what was ruled out and what "
			   "to try next."));
}

static void build_cause(struct page *page, const struct walk *walk)
{
	if (!walk->cause)
		return;
	page_add(page, PAGE_GAP, "");
	if (!screen_is_open(walk->cause))
		page_label(page, _("Cause"), say(walk->cause->title));
	if (walk->kind == STEP_FIXED)
		return;
	if (!screen_is_open(walk->cause))
		page_label(page, _("How sure"), words_confidence(walk->confidence));
	if (walk->cause->ask)
		page_label(page, _("Ask the provider"), say(walk->cause->ask));
}

/* What goes with it, as far as the session knows. */
static void build_attached(struct page *page, const struct session *session)
{
	const char *traces = session_detail_text(session, "traces");

	if (!traces || !*traces)
		return;
	page_add(page, PAGE_TEXT, _("Send with it:"));
	/* Each on a line of its own, to be copied. */
	for (const char *at = traces, *end; at; at = end ? end + 2 : NULL) {
		end = strstr(at, ", ");
		page_printf(page, PAGE_VERBATIM, "    %.*s",
			    (int)(end ? (size_t)(end - at) : strlen(at)), at);
	}
}

/* What the report still holds that is nobody else's business. */
static const char *remark(const struct wizard_report *report)
{
	if (report->hides_numbers && report->hides_addresses)
		return _("It holds no passwords; numbers and public addresses are hidden in it.");
	if (report->hides_numbers)
		return _("It holds no passwords; numbers are hidden in it, public addresses are "
			 "not.");
	if (report->hides_addresses)
		return _("It holds no passwords; public addresses are hidden in it, numbers are "
			 "not.");
	return _("It holds no passwords; read it before you send it: addresses and numbers stand "
		 "in it, which you can hide there.");
}

static void build_saved(struct page *page, const struct app *app)
{
	const char *support = session_site_text(wizard_session(app->wizard), "provider.support");

	page_add(page, PAGE_GOOD, _("The report is saved:"));
	page_printf(page, PAGE_VERBATIM, "    %s", app->report_path);
	build_attached(page, wizard_session(app->wizard));
	page_add(page, PAGE_GAP, "");
	if (support && *support)
		page_printf(page, PAGE_TEXT, _("Send it to %s."), support);
	else
		page_add(page, PAGE_TEXT, _("Send it to the provider's support."));
	page_add(page, PAGE_TEXT, remark(&app->report));
}

static void build(struct page *page, const struct app *app)
{
	page_add(page, PAGE_TITLE, _("The report"));
	if (app->report_path) {
		build_saved(page, app);
		page_add(page, PAGE_GAP, "");
	}
	if (app->report_why)
		page_printf(page, PAGE_BAD, _("The report could not be saved: %s"),
			    app->report_why);
	build_end(page, app);
	build_cause(page, wizard_walk(app->wizard));
	page->choices_below = true;
	page_choice(page, SAVE, app->report_path ? _("Save it again") : _("Save the report"));
	page_choice(page, DETAILS, _("Details for it"));
	page_choice(page, READ, _("Read it"));
	page_choice(page, AGAIN, _("Measure again"));
	page_choice(page, FINISH, _("Finish"));
}

void screen_forget_report(struct app *app)
{
	free(app->report_path);
	free(app->report_why);
	app->report_path = app->report_why = NULL;
}

void screen_save_report(struct app *app)
{
	const struct wizard_host *host = wizard_host(app->wizard);

	screen_forget_report(app);
	if (host->save_report(&app->report, &app->report_path, &app->report_why, host->context))
		return;
	wizard_finish(app->wizard);
	app->views[0].selected = FINISH + 1; /* nothing else has to be done there */
}

static void pick(struct app *app, int id)
{
	switch (id) {
	case SAVE: screen_save_report(app); break;
	case READ: app_open(app, &screen_report); break;
	case DETAILS: app_open(app, &screen_details); break;
	case AGAIN:
		if (wizard_measure_again(app->wizard))
			app_open(app, &screen_checks);
		break;
	case FINISH:
		wizard_finish(app->wizard);
		app->end = APP_FINISHED;
		break;
	default: break;
	}
}

const struct screen screen_done = {
	.name = "done", .picture = true, .usual = true, .build = build, .pick = pick
};
