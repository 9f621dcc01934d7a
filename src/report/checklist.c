/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The eight points that a provider's support asks for, always all of them, in their order. */
#include <stdlib.h>
#include <string.h>

#include "report/parts.h"
#include "report/tale.h"
#include "report/wording.h"

static void add_detail(struct phrase *out, const struct view *view, const char *key)
{
	const char *text = session_detail_text(view->session, key);

	if (text && *text)
		phrase_add(out, "%s", text);
}

/* The answer in words; that the person did not know is worth telling too, as `unknown`. */
static void add_answer(struct phrase *out, const struct view *view, const char *question,
		       const char *unknown)
{
	const char *words = view_answer_words(view, question);

	if (words)
		phrase_add(out, "%s", words);
	else if (unknown && view_answer(view, question))
		phrase_add(out, "%s", unknown);
}

static void add_labelled(struct phrase *out, const char *label, const char *value)
{
	if (value && label)
		phrase_add(out, "%s: %s", label, value);
	else if (value)
		phrase_add(out, "%s", value);
}

/* `label` may be NULL in both. */
static void add_fact(struct phrase *out, const struct view *view, const char *name,
		     const char *label)
{
	char *value = view_fact(view, name);

	add_labelled(out, label, value ? wording_fact(name, value) : NULL);
	free(value);
}

static void add_site(struct phrase *out, const struct view *view, const char *key,
		     const char *label)
{
	add_labelled(out, label, session_site_text(view->session, key));
}

static bool is_missing(const struct view *view, const char *detail)
{
	const char *text = session_detail_text(view->session, detail);

	return !text || !*text;
}

static void point_phone(struct phrase *out, const struct view *view)
{
	add_detail(out, view, "phone");
	add_answer(out, view, "device", _("kind of phone not known"));
	if (is_missing(view, "phone"))
		phrase_add(out, "%s", _("name and version not asked; please add"));
}

static void point_system(struct phrase *out, const struct view *view)
{
	add_detail(out, view, "system");
	add_fact(out, view, "host.os", _("laptop that measured"));
	if (!*phrase_text(out))
		phrase_add(out, "%s", _("not known"));
}

static void point_network(struct phrase *out, const struct view *view)
{
	add_detail(out, view, "network");
	add_fact(out, view, "net.kind", _("laptop's network"));
	add_answer(out, view, "wireless", NULL);
	add_detail(out, view, "router");
	if (is_missing(view, "router")) {
		add_fact(out, view, "router.vendor", _("router's maker"));
		add_fact(out, view, "router.model", _("router's model"));
	}
	add_fact(out, view, "net.gateway", _("router's address"));
	add_answer(out, view, "other-network", NULL);
	if (!*phrase_text(out))
		phrase_add(out, "%s", _("not known"));
}

static void point_nat(struct phrase *out, const struct view *view)
{
	if (facts_known(&view->facts, "nat.type"))
		add_fact(out, view, "nat.type", NULL);
	else
		add_answer(out, view, "nat", NULL);
	if (!*phrase_text(out))
		phrase_add(out, "%s", _("not known"));
	add_fact(out, view, "nat.layers", _("number of NATs"));
	if (facts_is(&view->facts, "nat.cgnat", "yes"))
		phrase_add(out, "%s", _("carrier-grade NAT (CGNAT)"));
	add_fact(out, view, "nat.public-address", _("public address"));
}

static void point_stun_turn(struct phrase *out, const struct view *view)
{
	if (view_answer(view, "stun"))
		add_answer(out, view, "stun", _("STUN in the phone: not known"));
	else
		phrase_add(out, "%s", _("STUN in the phone: not asked"));
	add_site(out, view, "nat.stun", _("STUN servers"));
	if (!session_site_text(view->session, "nat.stun"))
		phrase_add(out, "%s", _("no STUN server named"));
	if (view_answer(view, "turn"))
		add_answer(out, view, "turn", _("TURN in the phone: not known"));
	else
		phrase_add(out, "%s", _("TURN in the phone: not asked"));
	add_fact(out, view, "turn.state", NULL);
	add_site(out, view, "nat.turn", _("TURN server"));
	if (!session_site_text(view->session, "nat.turn") &&
	    !facts_known(&view->facts, "turn.state"))
		phrase_add(out, "%s", _("no TURN server named"));
}

static void point_traces(struct phrase *out, const struct view *view)
{
	const size_t calls = json_array_size(view->session->calls);

	add_detail(out, view, "traces");
	if (calls)
		phrase_add(out, _("captured calls (%zu): under EVIDENCE"), calls);
	if (!is_missing(view, "calls"))
		phrase_add(out, "%s", _("times and numbers of the calls: under EVIDENCE"));
	if (!is_missing(view, "sip-trace"))
		phrase_add(out, "%s", _("SIP trace: under EVIDENCE"));
	if (!*phrase_text(out))
		phrase_add(out, "%s",
			   _("none of a call yet; please add date, time and both numbers of two "
			     "failing calls"));
	if (session_find_finding(view->session, "sip-alg"))
		phrase_add(out, "%s",
			   _("our own SIP test messages, sent and received: under EVIDENCE"));
}

static void point_how_often(struct phrase *out, const struct view *view)
{
	if (view_answer(view, "reproduce"))
		add_answer(out, view, "reproduce", _("not known"));
	else
		phrase_add(out, "%s", _("not asked"));
	add_answer(out, view, "scope", NULL);
	add_answer(out, view, "call-kind", NULL);
	add_answer(out, view, "when", NULL);
}

/* A line each, with the day where it is another than the line before's. */
static void point_done(struct phrase *out, const struct view *view)
{
	struct tale tale;
	char last_day[WORDING_DAY] = "", day[WORDING_DAY], time[WORDING_DAY];

	out->separator = "\n";
	tale_init(&tale, view, TALE_CHANGES);
	for (size_t i = 0; i < tale.count; i++) {
		wording_day(day, tale.moments[i].when);
		wording_time(time, tale.moments[i].when);
		if (strcmp(last_day, day))
			phrase_add(out, "%s", day);
		phrase_add(out, "%s %s", time, tale.moments[i].text);
		memcpy(last_day, day, sizeof last_day);
	}
	if (!tale.count)
		phrase_add(
			out, "%s",
			_("nothing changed yet; what was asked and measured: under STEPS TAKEN"));
	tale_clear(&tale);
}

void part_checklist(struct sheet *sheet, const struct view *view)
{
	static const struct point {
		const char *label;
		void (*tell)(struct phrase *out, const struct view *view);
	} points[] = {
		{ N_("1 Phone"), point_phone },           { N_("2 System"), point_system },
		{ N_("3 Network"), point_network },       { N_("4 NAT type"), point_nat },
		{ N_("5 STUN / TURN"), point_stun_turn }, { N_("6 Traces"), point_traces },
		{ N_("7 How often"), point_how_often },   { N_("8 Done so far"), point_done },
	};

	sheet_heading(sheet, _("SUPPORT CHECKLIST"));
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		struct phrase phrase;

		phrase_init(&phrase);
		points[i].tell(&phrase, view);
		sheet_item(sheet, PART_LABEL, _(points[i].label), "%s", phrase_text(&phrase));
		phrase_clear(&phrase);
	}
}
