/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found and the proof of it, then the two lists: what the site can mend, what the provider
 * is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/parts.h"
#include "report/words.h"

enum { DEEPER = 4, FACT_LABEL = 11 };

static void tell_place(struct page *page, const struct finding *finding)
{
	struct phrase phrase;

	phrase_init(&phrase);
	if (finding->hop)
		phrase_add(&phrase, _("hop %u from here"), finding->hop);
	if (finding->address)
		phrase_add(&phrase, "%s", finding->address);
	if (!*phrase_text(&phrase))
		phrase_add(&phrase, "%s", _("place not known"));
	phrase_add(&phrase, _("side: %s"), words_side(finding->side));
	if (finding->direction != DIRECTION_NONE)
		phrase_add(&phrase, _("voice concerned: %s"), words_direction(finding->direction));
	page_item(page, FACT_LABEL, _("Where"), "%s", phrase_text(&phrase));
	phrase_clear(&phrase);
}

static void tell_finding(struct page *page, const struct finding *finding)
{
	char label[64];

	page_item(page, FACT_LABEL - 2, words_severity(finding->severity), "%s  [%s]",
		  _(finding->kind->title), finding->kind->id);
	page->indent += DEEPER - 2;
	tell_place(page, finding);
	page_item(page, FACT_LABEL, _("It means"), "%s", _(finding->kind->meaning));
	for (size_t i = 0; i < finding->evidence_count; i++) {
		snprintf(label, sizeof label, _("Seen %zu"), i + 1);
		page_item(page, FACT_LABEL, label, "%s", finding->evidence[i]);
	}
	page->indent -= DEEPER - 2;
}

static void tell_block(struct page *page, const struct view *view, const char *key,
		       const char *title)
{
	const char *text = session_detail_text(view->session, key);

	if (!text || !*text)
		return;
	page_gap(page);
	page_text(page, "%s", title);
	page->indent += 2;
	page_text(page, "%s", text);
	page->indent -= 2;
}

static void tell_path(struct page *page, const struct view *view)
{
	const json_t *path = json_object_get(view->session->verdict, "path");
	struct phrase phrase;

	if (!json_array_size(path))
		return;
	phrase_init(&phrase);
	for (size_t i = 0; i < json_array_size(path); i++) {
		const char *id = json_string_value(json_array_get(path, i));

		if (id)
			phrase_add(&phrase, "%s", id);
	}
	page_gap(page);
	page_text(page, _("Questions passed on the way to the cause: %s."), phrase_text(&phrase));
	phrase_clear(&phrase);
}

void part_evidence(struct page *page, const struct view *view)
{
	page_heading(page, _("EVIDENCE"));
	if (!view->finding_count)
		page_text(page, "%s",
			  view_any_done(view->session)
				  ? _("The measurements found nothing to report.")
				  : _("None: nothing could be measured."));
	for (size_t i = 0; i < view->finding_count; i++) {
		if (i)
			page_gap(page);
		tell_finding(page, view->findings[i]);
	}
	tell_block(page, view, "calls", _("The failing calls, as told by the site:"));
	tell_block(page, view, "sip-trace", _("SIP messages:"));
	tell_path(page, view);
}

/* A numbered list. */
struct list {
	struct page *page;
	unsigned count;
};

/* `label` may be NULL. */
static void list_add(struct list *list, const char *label, const char *text)
{
	char number[16];

	snprintf(number, sizeof number, "%u", ++list->count);
	page_item(list->page, 4, number, "%s%s%s", label ? label : "", label ? " " : "", text);
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
		page_text(list->page, _("Who: %s"), advice->who);
	for (const char *const *step = advice->steps; step && *step; step++)
		list_add(list, NULL, *step);
	if (!list->count)
		list_add(list, _("Mend:"),
			 advice->title ? advice->title
				       : view_words(view, view_verdict(view, "cause"), NULL));
}

/* Faults and risks of a side beside the main one, which add_cause() has. */
static void add_findings(struct list *list, const struct view *view, bool provider)
{
	const struct finding *told = has_cause(view, provider) ? view_main_finding(view) : NULL;

	for (size_t i = 0; i < view->finding_count; i++) {
		const struct finding *finding = view->findings[i];

		if (finding == told || finding->severity == SEVERITY_NOTE ||
		    finding->side == SIDE_UNKNOWN || (finding->side == SIDE_PROVIDER) != provider)
			continue;
		list_add(list, finding->severity == SEVERITY_FAULT ? _("Mend:") : _("Look at:"),
			 _(finding->kind->title));
	}
}

void part_site(struct page *page, const struct view *view)
{
	const char *verify = view->options->advice.verify;
	struct list list = { .page = page };

	page_heading(page, _("WHAT THE SITE CAN MEND"));
	page->own_words = view->options->advice.title;
	if (view_mended(view))
		page_text(page, "%s", _("Done; this was it:"));
	if (has_cause(view, false))
		add_cause(&list, view);
	add_findings(&list, view, false);
	if (!list.count)
		page_text(page, "%s",
			  view_has_cause(view) ? _("Nothing is known to be wrong on this side.")
					       : _("Nothing that is known yet; first do what "
						   "stands under WHAT IS WRONG."));
	if (has_cause(view, false) && verify)
		page_text(page, _("How to see that it worked: %s"), verify);
	page->own_words = false;
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

void part_provider(struct page *page, const struct view *view)
{
	const char *ask = view->options->advice.ask;
	struct list list = { .page = page };

	page_heading(page, _("WHAT WE ASK THE PROVIDER"));
	page->own_words = view->options->advice.title;
	if (has_cause(view, true) && !view_mended(view))
		add_cause(&list, view);
	if (ask && !view_mended(view))
		list_add(&list, NULL, ask);
	add_findings(&list, view, true);
	if (!list.count)
		page_text(page, "%s", usual_request(view));
	page->own_words = false;
}
