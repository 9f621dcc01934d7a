/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listening to a call while it is made: where to stand, what is heard, what it meant. */
#include <stdlib.h>
#include <string.h>

#include "model/heard.h"
#include "ui/intl.h"
#include "ui/live.h"
#include "ui/screen.h"
#include "ui/words.h"

enum { START, STOP, GO_ON };

static void build_places(struct page *page)
{
	page_add(
		page, PAGE_TEXT,
		_("A short recording during one call shows for each direction whether the voice is "
		  "there. What counts is where one listens:"));
	page_add(page, PAGE_POINT, _("A softphone on this computer: listen here, now."));
	page_add(page, PAGE_POINT,
		 _("A desk phone: plug this computer into a mirror port of the switch, or use the "
		   "phone's own recording (its web page, often under Diagnostics: packet capture) "
		   "and read the file with: earshot analyze FILE"));
	page_add(page, PAGE_POINT,
		 _("A firewall or router under suspicion: record inside and outside of it at the "
		   "same time. Begin both before the call, end both after it, and keep whole "
		   "packets (its own packet capture, or tcpdump -w inside.pcap). Then: earshot "
		   "analyze inside.pcap outside.pcap. The two clocks need not agree."));
	page_add(page, PAGE_DIM,
		 _("On the wrong network or VLAN one sees the call and misses the voice: "
		   "earshot says so rather than guess."));
}

static void build_calls(struct page *page, const struct session *session)
{
	static const enum page_kind kinds[] = { [SEVERITY_NOTE] = PAGE_POINT,
						[SEVERITY_RISK] = PAGE_WARN,
						[SEVERITY_FAULT] = PAGE_BAD };
	bool any = false;

	for (size_t i = 0; i < session->finding_count; i++) {
		char *words;

		if (strcmp(session->finding_checks[i], "capture") != 0)
			continue;
		any = true;
		words = words_finding(session->findings[i]);
		page_add(page, kinds[session->findings[i]->severity], words);
		free(words);
	}
	if (!any && json_array_size(session->calls))
		page_add(page, PAGE_GOOD, _("Nothing wrong was heard."));
}

static void build_direction(struct page *page, const json_t *call, const char *key,
			    const char *label)
{
	char *words = heard_words(call, key);

	page_label(page, label, words);
	free(words);
}

/* Which direction it is that lacks something. */
static void build_call(struct page *page, const json_t *call)
{
	if (!call || (!heard_is_known(call, "out") && !heard_is_known(call, "in")))
		return;
	build_direction(page, call, "out", _("you -> them"));
	build_direction(page, call, "in", _("them -> you"));
}

static const struct check_run *last_run(const struct app *app)
{
	return session_find_check(wizard_session(app->wizard), "capture");
}

static void build_ended(struct page *page, const struct app *app)
{
	const struct session *session = wizard_session(app->wizard);
	const struct check_run *run = last_run(app);

	if (!run)
		return;
	page_add(page, PAGE_HEADING,
		 run->is_stale ? _("The recording before the advice was followed")
			       : _("The last recording"));
	if (!strcmp(run->state, "done")) {
		if (run->summary)
			page_add(page, PAGE_TEXT, run->summary);
		build_calls(page, session);
		build_call(page, run->is_stale ? session_call_before(session)
					       : session_call_now(session));
	} else if (run->why) {
		page_printf(page, PAGE_WARN, _("Nothing was recorded: %s"), say(run->why));
	}
	page_add(page, PAGE_GAP, "");
	page_add(page, PAGE_HEADING, _("To listen again"));
}

/* As wizard_listen() has it. */
static bool can_begin(const struct app *app)
{
	const enum wizard_place place = wizard_place(app->wizard);

	return place != WIZARD_WELCOME && place != WIZARD_PROVIDER;
}

static void build(struct page *page, const struct app *app)
{
	page_add(page, PAGE_TITLE, _("Listen to a call"));
	page_add(page, PAGE_GAP, "");
	page->choices_below = true;
	if (wizard_listens(app->wizard)) {
		live_build(page, wizard_live(app->wizard));
		page_choice(page, STOP, _("The call is over: what was it?"));
		return;
	}
	build_ended(page, app);
	build_places(page);
	if (!can_begin(app)) {
		page_below(page, _("Measuring comes first: go back and start it, then c listens."));
		return;
	}
	page_choice(page, START, _("Listen here now"));
	if (last_run(app))
		page_choice(page, GO_ON, _("Go on with what was heard"));
}

static void pick(struct app *app, int id)
{
	if (id == STOP)
		wizard_listen_end(app->wizard);
	else if (id == GO_ON)
		app_close(app);
	else if (!wizard_listen(app->wizard))
		app_notice(app, "%s", _("Nothing can be measured yet."));
}

const struct screen screen_capture = {
	.name = "capture", .enter = N_("choose"), .picture = true, .build = build, .pick = pick
};
