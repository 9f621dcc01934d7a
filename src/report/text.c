/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/parts.h"
#include "report/report.h"

char *report_text(const struct session *session, const struct report_options *options)
{
	struct view view;
	struct sheet sheet;
	char *text;

	view_init(&view, session, options);
	sheet_init(&sheet, options->columns, options->utf8);
	part_title(&sheet, &view);
	part_wrong(&sheet, &view);
	part_checklist(&sheet, &view);
	part_evidence(&sheet, &view);
	part_site(&sheet, &view);
	part_provider(&sheet, &view);
	part_steps(&sheet, &view);
	part_measured(&sheet, &view);
	part_record(&sheet, &view);
	text = sheet_take(&sheet);
	view_clear(&view);
	return text;
}
