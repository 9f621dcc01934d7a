/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/parts.h"
#include "report/report.h"

char *report_text(const struct session *session, const struct report_options *options)
{
	struct view view;
	struct page page;
	char *text;

	view_init(&view, session, options);
	page_init(&page, options->columns, options->utf8);
	part_title(&page, &view);
	part_wrong(&page, &view);
	part_checklist(&page, &view);
	part_evidence(&page, &view);
	part_site(&page, &view);
	part_provider(&page, &view);
	part_steps(&page, &view);
	part_measured(&page, &view);
	part_record(&page, &view);
	text = page_take(&page);
	view_clear(&view);
	return text;
}
