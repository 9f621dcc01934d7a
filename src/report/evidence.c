/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found and the proof of it, then the two lists: what the site can mend, what the provider
 * is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/path.h"
#include "report/calls.h"
#include "report/parts.h"
#include "report/wording.h"

enum { DEEPER = 4, FACT_LABEL = 11 };

static void tell_place(struct sheet *sheet, const struct finding *finding)
{
	struct phrase phrase;

	phrase_init(&phrase);
	if (finding->hop)
		phrase_add(&phrase, _("hop %u from here"), finding->hop);
	if (finding->address)
		phrase_add(&phrase, "%s", finding->address);
	if (!*phrase_text(&phrase))
		phrase_add(&phrase, "%s", _("place not known"));
	phrase_add(&phrase, _("side: %s"), wording_side(finding->side));
	if (finding->direction != DIRECTION_NONE)
		phrase_add(&phrase, _("voice concerned: %s"),
			   wording_direction(finding->direction));
	sheet_item(sheet, FACT_LABEL, _("Where"), "%s", phrase_text(&phrase));
	phrase_clear(&phrase);
}

void part_finding(struct sheet *sheet, const struct finding *finding)
{
	char label[64];

	sheet_subheading(sheet, FACT_LABEL - 2, wording_severity(finding->severity), "%s  [%s]",
			 _(finding->kind->title), finding->kind->id);
	sheet->indent += DEEPER - 2;
	tell_place(sheet, finding);
	sheet_item(sheet, FACT_LABEL, _("It means"), "%s", _(finding->kind->meaning));
	for (size_t i = 0; i < finding->evidence_count; i++) {
		snprintf(label, sizeof label, _("Seen %zu"), i + 1);
		sheet_item(sheet, FACT_LABEL, label, "%s", finding->evidence[i]);
	}
	sheet->indent -= DEEPER - 2;
}

static void tell_block(struct sheet *sheet, const struct view *view, const char *key,
		       const char *title)
{
	const char *text = session_detail_text(view->session, key);

	if (!text || !*text)
		return;
	sheet_gap(sheet);
	sheet_text(sheet, "%s", title);
	sheet->indent += 2;
	sheet_quote(sheet, text);
	sheet->indent -= 2;
}

static void tell_path(struct sheet *sheet, const struct view *view)
{
	const json_t *path = json_object_get(view->session->verdict, "path");
	struct phrase phrase;

	phrase_init(&phrase);
	/* The last one is the cause itself. */
	for (size_t i = 0; i + 1 < json_array_size(path); i++) {
		const char *id = json_string_value(json_array_get(path, i));

		if (id)
			phrase_add(&phrase, "%s", id);
	}
	if (*phrase_text(&phrase)) {
		sheet_gap(sheet);
		sheet_text(sheet, _("Questions passed on the way to the cause: %s."),
			   phrase_text(&phrase));
	}
	phrase_clear(&phrase);
}

void part_evidence(struct sheet *sheet, const struct view *view)
{
	sheet_heading(sheet, _("EVIDENCE"));
	if (!view->finding_count)
		sheet_text(sheet, "%s",
			   view_any_done(view->session)
				   ? _("The measurements found nothing to report.")
			   : view->session->check_count ? _("None: nothing could be measured.")
							: _("None: nothing was measured."));
	for (size_t i = 0; i < view->finding_count; i++) {
		if (i)
			sheet_gap(sheet);
		part_finding(sheet, view->findings[i]);
	}
	part_calls(sheet, view->session->calls);
	tell_block(sheet, view, "calls", _("The failing calls, as told by the site:"));
	tell_block(sheet, view, "sip-trace", _("SIP messages:"));
	tell_path(sheet, view);
}

/* A numbered list. */
struct list {
	struct sheet *sheet;
	unsigned count;
};

/* `label` may be NULL. */
static void list_add(struct list *list, const char *label, const char *text)
{
	sheet_entry(list->sheet, 4, ++list->count, "%s%s%s", label ? label : "", label ? " " : "",
		    text);
}

/* Whether the cause lies on that side; the phone belongs to the site here. */
static bool has_cause(const struct view *view, bool provider)
{
	const struct report_advice *advice = &view->options->advice;
	enum side side = advice->side;

	if (!view_has_cause(view))
		return false;
	if (!advice->title && side_parse(&side, view_verdict(view, "side")))
		return false;
	return (side == SIDE_PROVIDER) == provider;
}

/* The tree's steps; without a tree at least what is to be mended. */
static void add_cause(struct list *list, const struct view *view)
{
	const struct report_advice *advice = &view->options->advice;

	if (advice->who)
		sheet_text(list->sheet, _("Who: %s"), advice->who);
	for (const char *const *step = advice->steps; step && *step; step++)
		list_add(list, NULL, *step);
	if (!list->count)
		list_add(list, _("Mend:"),
			 advice->title ? advice->title
				       : view_title(view, view_verdict(view, "cause")));
}

/* Faults and risks of a side beside the main one, which add_cause() has. */
static void add_findings(struct list *list, const struct view *view, bool provider)
{
	const struct finding *told = has_cause(view, provider) ? path_fault(view->session) : NULL;

	for (size_t i = 0; i < view->finding_count; i++) {
		const struct finding *finding = view->findings[i];

		if (finding == told || finding->severity == SEVERITY_NOTE ||
		    finding->side == SIDE_UNKNOWN || (finding->side == SIDE_PROVIDER) != provider)
			continue;
		list_add(list, finding->severity == SEVERITY_FAULT ? _("Mend:") : _("Look at:"),
			 _(finding->kind->title));
	}
}

/* The router is not known: where each maker has the switch. */
static void tell_places(struct sheet *sheet, const char *const *places)
{
	if (!places || !*places)
		return;
	sheet_text(sheet, "%s",
		   _("Where makers put it, as far as known; menus move, so measure again:"));
	for (; *places; places++)
		sheet_entry(sheet, 4, 0, "%s", *places);
}

void part_site(struct sheet *sheet, const struct view *view)
{
	const char *verify = view->options->advice.verify;
	struct list list = { .sheet = sheet };

	sheet_heading(sheet, _("WHAT THE SITE CAN MEND"));
	sheet->own_words = view->options->advice.title;
	if (view_mended(view))
		sheet_text(sheet, "%s", _("Done; this was it:"));
	if (has_cause(view, false)) {
		add_cause(&list, view);
		tell_places(sheet, view->options->advice.places);
	}
	add_findings(&list, view, false);
	if (!list.count)
		sheet_text(sheet, "%s",
			   view_has_cause(view) ? _("Nothing is known to be wrong on this side.")
						: _("Nothing that is known yet; first do what "
						    "stands under WHAT IS WRONG."));
	if (has_cause(view, false) && verify)
		sheet_text(sheet, _("How to see that it worked: %s"), verify);
	sheet->own_words = false;
}

/* Where nothing else is asked, so that the list always tells support what to do with the report. */
static const char *usual_request(const struct view *view)
{
	if (view_mended(view))
		return _("Nothing: for information only.");
	if (view_has_cause(view))
		return _("Nothing now. If the fault stays after the site's steps: please look at "
			 "the traces of the "
			 "calls on your side and tell us which direction of RTP is missing there.");
	return _("Please trace the next failing call on your side and tell us: does our RTP reach "
		 "you, and from "
		 "which address and port; and where do you send yours?");
}

void part_provider(struct sheet *sheet, const struct view *view)
{
	const char *ask = view->options->advice.ask;
	struct list list = { .sheet = sheet };

	sheet_heading(sheet, _("WHAT WE ASK THE PROVIDER"));
	sheet->own_words = view->options->advice.title;
	if (has_cause(view, true) && !view_mended(view))
		add_cause(&list, view);
	if (ask && !view_mended(view))
		list_add(&list, NULL, ask);
	add_findings(&list, view, true);
	if (!list.count)
		sheet_text(sheet, "%s", usual_request(view));
	sheet->own_words = false;
}
