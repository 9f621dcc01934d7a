/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record sheet: how the site is set up now, to be kept. What nobody told is left to be filled
 * in by hand. */
#include <stdlib.h>
#include <string.h>

#include "report/parts.h"
#include "report/redact.h"
#include "report/wording.h"

/* One line: the detail that a person typed, else what profile and measurements say of it. */
struct record_line {
	const char *detail; /* key of session_detail() */
	const char *title;
	const char *site; /* key of session_site(), or NULL */
	const char *fact; /* or NULL */
};

static const struct record_line record_lines[] = {
	{ "sip-port", N_("SIP port and transport"), "provider.transport", NULL },
	{ "rtp-phone", N_("RTP ports: phone"), NULL, NULL },
	{ "rtp-server", N_("RTP ports: server"), "media.rtp-ports", NULL },
	{ "rtp-firewall", N_("RTP ports: firewall"), NULL, NULL },
	{ "nat-method", N_("Way through the NAT"), "nat.stun", "nat.type" },
	{ "codecs", N_("Codecs, in order"), "media.codecs", NULL },
	{ "server-address", N_("Server address"), "provider.domain", "dns.addresses" },
	{ "media-address", N_("Media address"), NULL, NULL },
	{ "proxy", N_("Proxy or SBC"), "provider.proxy", NULL },
	{ "firewall-rules", N_("Firewall rules, addresses"), NULL, NULL },
	{ "alg", N_("SIP ALG"), NULL, "sip-alg" },
	{ "router", N_("Router and firmware"), NULL, "router.model" },
	{ "dns-records", N_("DNS records used"), NULL, "dns.srv" },
	{ "topology", N_("Final way of the voice"), NULL, NULL },
	{ "changed", N_("What was changed"), NULL, NULL },
	{ "changed-when", N_("When"), NULL, NULL },
	{ "changed-by", N_("By whom"), NULL, NULL },
	{ "verified", N_("How it was verified"), NULL, NULL },
};

enum { RECORD_LABEL = 28 };

static void fill_line(struct phrase *out, const struct record_line *line, const struct view *view)
{
	const char *detail = session_detail_text(view->session, line->detail);
	const char *site = line->site ? session_site_text(view->session, line->site) : NULL;
	char *fact = line->fact ? view_fact(view, line->fact) : NULL;

	if (detail && *detail) {
		phrase_add(out, "%s", detail);
	} else {
		if (site)
			phrase_add(out, "%s", site);
		if (fact && *fact)
			phrase_add(out, "%s", wording_fact(line->fact, fact));
	}
	free(fact);
}

/* What helped is known from the session; who did it and how is for people to say. */
static void fill_change(struct phrase *out, const struct record_line *line, const struct view *view)
{
	const struct outcome *mended = view_mended(view);
	char day[WORDING_DAY], time[WORDING_DAY];

	if (!mended || *phrase_text(out))
		return;
	if (!strcmp(line->detail, "changed"))
		phrase_add(out, _("the steps for: %s"), view_title(view, mended->cause));
	else if (!strcmp(line->detail, "changed-when"))
		phrase_add(out, "%s %s", wording_day(day, mended->when),
			   wording_time(time, mended->when));
}

static void tell_line(struct sheet *sheet, const struct record_line *line, const struct view *view)
{
	struct phrase phrase;

	phrase_init(&phrase);
	fill_line(&phrase, line, view);
	fill_change(&phrase, line, view);
	if (*phrase_text(&phrase))
		sheet_item(sheet, RECORD_LABEL, _(line->title), "%s", phrase_text(&phrase));
	else
		sheet_blank(sheet, RECORD_LABEL, _(line->title));
	phrase_clear(&phrase);
}

/* Details that stand elsewhere in the report. */
static bool is_told(const char *key)
{
	static const char *const told[] = { "customer", "contact", "phone",  "system",
					    "network",  "calls",   "traces", "sip-trace" };

	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (!strcmp(key, told[i]))
			return true;
	for (size_t i = 0; i < sizeof record_lines / sizeof *record_lines; i++)
		if (!strcmp(key, record_lines[i].detail))
			return true;
	return false;
}

static void tell_notes(struct sheet *sheet, const struct view *view)
{
	json_t *details = redact_json(view->session->details, NULL), *value;
	const char *key;

	json_object_foreach(details, key, value)
		if (!is_told(key) && json_is_string(value))
			sheet_item(sheet, RECORD_LABEL, key, "%s", json_string_value(value));
	json_decref(details);
}

void part_record(struct sheet *sheet, const struct view *view)
{
	sheet_heading(sheet, _("RECORD FOR LATER"));
	sheet_text(sheet, "%s",
		   _("Fill in what is blank once everything works, and keep this sheet."));
	sheet_gap(sheet);
	for (size_t i = 0; i < sizeof record_lines / sizeof *record_lines; i++)
		tell_line(sheet, &record_lines[i], view);
	tell_notes(sheet, view);
}
