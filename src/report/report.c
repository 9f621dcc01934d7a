/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include "report/html.h"
#include "report/mask.h"
#include "report/parts.h"
#include "report/redact.h"

/* Names the addresses in the order of the JSON, whatever the form: then the same name means the
 * same address in all reports of a session. */
static void name_addresses(struct mask *mask, const struct session *session)
{
	json_t *json;

	if (!(mask->what & MASK_ADDRESSES))
		return;
	json = report_json(session);
	json_decref(redact_json(json, mask));
	json_decref(json);
}

static char *write_take(struct sheet *sheet, const struct session *session,
			const struct report_options *options)
{
	struct mask mask;
	struct view view;
	char *text;

	mask_init(&mask, options->masks);
	name_addresses(&mask, session);
	sheet->mask = &mask;
	view_init(&view, session, options);
	part_title(sheet, &view);
	part_wrong(sheet, &view);
	part_checklist(sheet, &view);
	part_evidence(sheet, &view);
	part_site(sheet, &view);
	part_provider(sheet, &view);
	part_steps(sheet, &view);
	part_measured(sheet, &view);
	part_record(sheet, &view);
	text = sheet_take(sheet);
	view_clear(&view);
	mask_clear(&mask);
	return text;
}

char *report_text(const struct session *session, const struct report_options *options)
{
	struct sheet sheet;

	sheet_init(&sheet, options->columns, options->utf8);
	return write_take(&sheet, session, options);
}

char *report_html(const struct session *session, const struct report_options *options)
{
	struct sheet sheet;

	html_init(&sheet);
	return write_take(&sheet, session, options);
}
