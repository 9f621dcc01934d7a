/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/intl.h"
#include "ui/screen.h"

enum { START = 100, KIND, STUN, DETAILS, KEEP };
enum { DOMAIN, NAME, CHECKS_MAX = 16 };

/* What the selected field is for, and whether what stands in it is right. */
static char *remark(const struct app *app)
{
	const struct view *view = &app->views[app->depth];
	const struct form *form = &app->form;
	size_t field = view->selected - 1;
	const char *expected;

	if (!view->selected || field >= form->count)
		return NULL;
	expected = form->values[field].expected;
	if (!expected)
		return mem_text(say(form->fields[field].about));
	return mem_printf(_("This is not right yet: %s."),
			  *expected ? say(expected) : _("it was refused"));
}

void screen_build_fields(struct page *page, const struct app *app)
{
	char *below = remark(app);

	for (size_t i = 0; i < app->form.count; i++) {
		const char *mark =
			app->form.values[i].expected ? symbol(SYMBOL_CROSS, app->charset) : "";
		char *label = mem_printf("%s%s%s", say(app->form.fields[i].label), *mark ? " " : "",
					 mark);

		page_field(page, (int)i, label, app->form.values[i].text,
			   app->form.values[i].cursor);
		free(label);
	}
	if (below)
		page_below(page, below);
	free(below);
}

/* Does the name resolve? Looked up once the person leaves the field. */
static void build_name(struct page *page, const struct app *app)
{
	struct wizard_check checks[CHECKS_MAX];
	const size_t count = wizard_checks(app->wizard, checks, CHECKS_MAX);
	enum severity severity;
	const struct finding_kind *trouble = wizard_name_trouble(&severity, app->wizard);
	size_t i = 0;

	while (i < count && strcmp(checks[i].check->name, "dns") != 0)
		i++;
	if (!app->form.values[DOMAIN].text[0] || i == count || checks[i].stage == WIZARD_CHECK_IDLE)
		return;
	if (checks[i].stage == WIZARD_CHECK_RUNNING) {
		page_printf(page, PAGE_DIM, _("Looking up %s …"), app->form.values[DOMAIN].text);
		return;
	}
	if (trouble && severity != SEVERITY_NOTE)
		page_add(page, severity == SEVERITY_FAULT ? PAGE_BAD : PAGE_WARN,
			 say(trouble->title));
	else if (checks[i].state == CHECK_DONE && checks[i].now)
		page_add(page, PAGE_GOOD, checks[i].now);
}

static void build(struct page *page, const struct app *app)
{
	page_add(page, PAGE_TITLE, _("Whose telephone lines are these?"));
	page_add(page, PAGE_TEXT,
		 _("The domain is enough to begin with. What you leave empty is not measured."));
	page_add(page, PAGE_GAP, "");
	screen_build_fields(page, app);
	build_name(page, app);
	page_add(page, PAGE_GAP, "");
	page_choice(page, START, _("Start measuring"));
	page_choice(page, KIND, _("What kind of set-up is it? …"));
	page_choice(page, STUN, _("Choose public STUN servers …"));
	page_choice(page, DETAILS, _("Details for the report: site, phone, calls …"));
	page_choice(page, KEEP, _("Keep this as a profile"));
}

/* With a profile all is there already: Enter starts. */
static void opened(struct app *app)
{
	if (app->form.values[0].text[0])
		app_view(app)->selected = (unsigned)app->form.count + 1;
}

static bool all_fine(struct app *app)
{
	size_t bad = 0;

	if (form_commit_all(&app->form, app->wizard, &bad))
		return true;
	app_view(app)->selected = (unsigned)bad + 1;
	return false;
}

static void start(struct app *app)
{
	if (!all_fine(app))
		return;
	if (!app->form.values[DOMAIN].text[0] && !app->form.values[NAME].text[0]) {
		app_view(app)->selected = 1;
		app_notice(
			app, "%s",
			_("Please fill in the SIP domain, or at least the provider's name: without "
			  "the domain little can be measured."));
		return;
	}
	if (!wizard_provider_done(app->wizard))
		app_notice(app, "%s", _("Measuring cannot start from here."));
}

static void keep(struct app *app)
{
	const struct wizard_host *host = wizard_host(app->wizard);
	char *path = NULL, *why = NULL;

	if (!all_fine(app))
		return;
	if (host->save_profile(&path, &why, host->context))
		app_notice(app, _("The profile could not be kept: %s"), why ? why : "");
	else
		app_notice(app, _("Kept as %s"), path ? path : "");
	free(path);
	free(why);
}

/* Once one comes back from there, starting is next. */
static void aside(struct app *app, const struct screen *screen)
{
	if (!all_fine(app))
		return;
	app_view(app)->selected = (unsigned)app->form.count + 1;
	app_open(app, screen);
}

static void pick(struct app *app, int id)
{
	switch (id) {
	case START: start(app); break;
	case KIND: aside(app, &screen_kinds); break;
	case STUN: aside(app, &screen_stun); break;
	case DETAILS: aside(app, &screen_details); break;
	case KEEP: keep(app); break;
	default: break;
	}
}

const struct screen screen_provider = { .name = "provider",
					.enter = N_("next"),
					.usual = true,
					.build = build,
					.pick = pick,
					.fields = form_provider,
					.opened = opened };
