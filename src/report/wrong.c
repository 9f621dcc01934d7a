/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of the report and its first section: what is wrong, in plain words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/heard.h"
#include "report/mask.h"
#include "report/parts.h"
#include "report/wording.h"

/* "2026-11-20 14:05 +01:00": nobody reads the seconds of a title. */
static void edge_title(struct sheet *sheet, time_t now)
{
	char day[WORDING_DAY], time[WORDING_DAY], *when;

	wording_day(day, now);
	wording_time(time, now);
	when = mem_printf("%.10s %.5s %.6s", day, time, strlen(day) > 12 ? day + 12 : "");
	sheet_title(sheet, _("EARSHOT REPORT"), when);
	free(when);
}

static void edge_provider(struct sheet *sheet, const struct session *session)
{
	const char *name = session_site_text(session, "provider.name");
	const char *support = session_site_text(session, "provider.support");
	char *left = mem_printf("%s%s%s", name ? name : _("provider's name not given"),
				support ? ", " : "", support ? support : "");
	char *right = mem_printf("earshot %s", session->version);

	sheet_edges(sheet, left, right);
	free(left);
	free(right);
}

static void item_or(struct sheet *sheet, const char *label, const char *value,
		    const char *otherwise)
{
	sheet_item(sheet, PART_LABEL, label, "%s", value && *value ? value : otherwise);
}

static void item_account(struct sheet *sheet, const struct session *session)
{
	const char *domain = session_site_text(session, "provider.domain");
	const char *transport = session_site_text(session, "provider.transport");
	struct phrase phrase;

	phrase_init(&phrase);
	if (domain)
		phrase_add(&phrase, "%s", domain);
	if (transport)
		phrase_add(&phrase, _("transport %s"), transport);
	item_or(sheet, _("SIP domain"), phrase_text(&phrase), _("not given"));
	phrase_clear(&phrase);
}

static void item_masked(struct sheet *sheet, unsigned masks)
{
	struct phrase phrase;

	phrase_init(&phrase);
	if (masks & MASK_NUMBERS)
		phrase_add(&phrase, "%s", _("telephone numbers but for their last two digits"));
	if (masks & MASK_ADDRESSES)
		phrase_add(&phrase, "%s",
			   _("public addresses, each with one name for the whole report"));
	if (*phrase_text(&phrase))
		sheet_item(sheet, PART_LABEL, _("Hidden on request"), "%s", phrase_text(&phrase));
	phrase_clear(&phrase);
}

void part_title(struct sheet *sheet, const struct view *view)
{
	const struct session *session = view->session;
	char *public_address = view_fact(view, "nat.public-address");
	char started[CLOCK_TEXT];

	edge_title(sheet, view->options->now);
	edge_provider(sheet, session);
	sheet_ruler(sheet);
	sheet->indent = PART_INDENT;
	item_or(sheet, _("Site"), session_detail_text(session, "customer"), _("name not given"));
	item_or(sheet, _("Call back"), session_detail_text(session, "contact"),
		_("contact not given"));
	item_account(sheet, session);
	item_or(sheet, _("Public address"), public_address, _("not known"));
	sheet_item(sheet, PART_LABEL, _("Examined on"), "%s",
		   clock_local_text(started, session->started));
	sheet_item(sheet, PART_LABEL, _("Session"), "%s", session->id);
	item_masked(sheet, view->options->masks);
	free(public_address);
}

/* Nobody was asked: what the fault can do to a call. */
static const char *what_can_happen(const struct view *view)
{
	enum direction direction = DIRECTION_NONE;

	if (view_has_cause(view) && direction_parse(&direction, view_verdict(view, "direction")))
		direction = DIRECTION_NONE;
	switch (direction) {
	case DIRECTION_OUT:
		return _("What happens on a call was not asked. This fault concerns the voice on "
			 "its way out "
			 "(site -> provider).");
	case DIRECTION_IN:
		return _("What happens on a call was not asked. This fault concerns the voice on "
			 "its way in "
			 "(provider -> site).");
	case DIRECTION_BOTH:
		return _("What happens on a call was not asked. This fault can concern the voice "
			 "in either "
			 "direction, or in both.");
	case DIRECTION_NONE: break;
	}
	return _("What happens on a call was not asked.");
}

/* Who does not hear whom, as a sentence of its own. */
static const char *what_happens(const struct view *view)
{
	const char *symptom = view_answer(view, "symptom");

	switch (view_direction(view)) {
	case DIRECTION_OUT:
		return _("The other side does not hear this site: the voice is missing on its way "
			 "out "
			 "(site -> provider).");
	case DIRECTION_IN:
		return _("This site does not hear the other side: the voice is missing on its way "
			 "in "
			 "(provider -> site).");
	case DIRECTION_BOTH: return _("Nobody hears anything: the voice is missing both ways.");
	case DIRECTION_NONE: break;
	}
	if (!symptom)
		return what_can_happen(view);
	if (!strcmp(symptom, "stops"))
		return _("The voice is there, then stops.");
	if (!strcmp(symptom, "choppy"))
		return _("The voice arrives, but choppy, robotic or late.");
	if (!strcmp(symptom, "keys"))
		return _("Keys pressed during a call (menus, door opener) do nothing.");
	if (!strcmp(symptom, "no-connection"))
		return _("Calls do not connect at all.");
	return _("The person at the site could not say what happens on a call.");
}

static void tell_list(struct sheet *sheet, const char *label, const char *const *titles)
{
	struct phrase phrase;

	if (!titles || !titles[0])
		return;
	phrase_init(&phrase);
	phrase.separator = "\n";
	for (; *titles; titles++)
		phrase_add(&phrase, "%.*s", wording_length(*titles), *titles);
	sheet_item(sheet, PART_LABEL, label, "%s", phrase_text(&phrase));
	phrase_clear(&phrase);
}

static void tell_cause(struct sheet *sheet, const struct view *view)
{
	const struct report_advice *advice = &view->options->advice;
	const char *confidence = view_verdict(view, "confidence");
	enum side side;

	sheet_item(sheet, PART_LABEL, _("Cause"), "%s",
		   advice->title ? advice->title : view_title(view, view_verdict(view, "cause")));
	item_or(sheet, _("How sure"), confidence ? wording_confidence(confidence) : NULL,
		_("not known"));
	if (advice->means)
		sheet_item(sheet, PART_LABEL, _("It means"), "%s", advice->means);
	if (!side_parse(&side, view_verdict(view, "side")))
		sheet_item(sheet, PART_LABEL, _("To be mended by"), "%s", wording_side(side));
}

/* What the measurements alone say, where the questions have not led to a cause. */
static void tell_faults(struct sheet *sheet, const struct view *view)
{
	size_t shown = 0;

	for (size_t i = 0; i < view->finding_count && view->findings[i]->severity == SEVERITY_FAULT;
	     i++)
		sheet_item(sheet, PART_LABEL, shown++ ? "" : _("Measured"), "%s",
			   _(view->findings[i]->kind->title));
}

static bool has_fault(const struct view *view)
{
	return view->finding_count && view->findings[0]->severity == SEVERITY_FAULT;
}

static void tell_measured(struct sheet *sheet, const struct view *view)
{
	if (has_fault(view))
		tell_faults(sheet, view);
	else if (view_any_done(view->session))
		sheet_item(sheet, PART_LABEL, _("Measured"), "%s",
			   _("No fault was found by what was measured. That alone does not prove "
			     "that voice gets "
			     "through: see under MEASURED what was looked at."));
	else
		sheet_item(sheet, PART_LABEL, _("Measured"), "%s",
			   view->session->check_count ? _("Nothing could be measured.")
						      : _("Nothing was measured."));
}

static void tell_next(struct sheet *sheet, const struct view *view)
{
	static const char *const usual[] = {
		N_("Make two test calls; note the exact time, both numbers and who did not hear "
		   "whom."),
		N_("During one of them, capture the packets at the phone and at the router, inside "
		   "and outside."),
		N_("Send the capture with this report to the provider."),
		NULL,
	};
	const char *const *steps = view->options->advice.steps;
	unsigned number = 0;

	sheet_gap(sheet);
	sheet_text(sheet, "%s", _("What to capture and do next:"));
	sheet->indent += 2;
	for (const char *const *step = steps && *steps ? steps : usual; *step; step++)
		sheet_entry(sheet, 3, ++number, "%s", steps && *steps ? *step : _(*step));
	sheet->indent -= 2;
}

static void tell_undetermined(struct sheet *sheet, const struct view *view)
{
	tell_measured(sheet, view);
	sheet_item(
		sheet, PART_LABEL, _("Cause"), "%s",
		view->session->verdict
			? _("Not determined: neither the answers nor the measurements prove one.")
			: _("Not settled: the questions were not gone through to the end."));
}

/* What stood for the cause, and was measured after the advice was followed. */
static bool is_still_measured(const struct view *view)
{
	const char *cause = view_verdict(view, "cause"), *remedy = view_verdict(view, "remedy");
	const struct session *session = view->session;

	for (size_t i = 0; cause && i < session->finding_count; i++) {
		const struct finding_kind *kind = session->findings[i]->kind;
		const struct check_run *run =
			session_find_check(session, session->finding_checks[i]);

		if ((!run || !run->is_stale) &&
		    (!strcmp(kind->id, cause) ||
		     (remedy && kind->remedy[0] && !strcmp(kind->remedy, remedy))))
			return true;
	}
	return false;
}

static void tell_mended(struct sheet *sheet, const struct view *view)
{
	const struct outcome *outcome = view_mended(view);
	char when[CLOCK_TEXT];

	if (outcome)
		sheet_item(sheet, PART_LABEL, _("Now"),
			   _("Mended: calls are all right since %s, as told by the "
			     "person at the site."),
			   clock_local_text(when, outcome->when));
	if (outcome && is_still_measured(view))
		sheet_item(sheet, PART_LABEL, _("Measured"), "%s",
			   _("The cause is still measured: it may come back."));
}

static void tell_heard(struct sheet *sheet, const char *label, const json_t *call)
{
	char *out, *in;

	if (!call) {
		sheet_item(sheet, PART_LABEL, label, "%s", _("not listened"));
		return;
	}
	out = heard_words(call, "out");
	in = heard_words(call, "in");
	sheet_item(sheet, PART_LABEL, label, "%s: %s; %s: %s", _("you -> them"), out,
		   _("them -> you"), in);
	free(out);
	free(in);
}

/* Where somebody listened before an advice was followed: that, beside what was heard since. */
static void tell_calls(struct sheet *sheet, const struct session *session)
{
	const json_t *before = session_call_before(session);

	if (!before)
		return;
	tell_heard(sheet, _("Call, before"), before);
	tell_heard(sheet, _("Call, now"), session_call_now(session));
}

/* "every call; one phone only; external calls" */
static void tell_circumstances(struct sheet *sheet, const struct view *view)
{
	static const char *const questions[] = { "reproduce", "scope", "call-kind", "when" };
	struct phrase phrase;

	phrase_init(&phrase);
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		const char *words = view_answer_words(view, questions[i]);

		if (words)
			phrase_add(&phrase, "%s", words);
	}
	if (*phrase_text(&phrase))
		sheet_item(sheet, PART_LABEL, _("Which calls"), "%s", phrase_text(&phrase));
	phrase_clear(&phrase);
}

static bool is_certain(const struct view *view)
{
	const char *confidence = view_verdict(view, "confidence");

	return view_has_cause(view) && confidence && !strcmp(confidence, "certain");
}

void part_wrong(struct sheet *sheet, const struct view *view)
{
	const struct report_advice *advice = &view->options->advice;

	sheet_heading(sheet, view_mended(view) ? _("WHAT WAS WRONG") : _("WHAT IS WRONG"));
	sheet_text(sheet, "%s", what_happens(view));
	tell_circumstances(sheet, view);
	sheet_gap(sheet);
	tell_mended(sheet, view);
	sheet->own_words = advice->title;
	if (view_has_cause(view))
		tell_cause(sheet, view);
	else
		tell_undetermined(sheet, view);
	if (!view_mended(view)) {
		/* What else it is not interests only where the cause is open to doubt. */
		if (!is_certain(view))
			tell_list(sheet, _("Ruled out"), advice->ruled_out);
		tell_list(sheet, _("Not ruled out"), advice->also);
	}
	tell_calls(sheet, view->session);
	if (!view_has_cause(view) && (view->session->verdict || !has_fault(view)))
		tell_next(sheet, view);
	sheet->own_words = false;
	part_picture(sheet, view);
}
