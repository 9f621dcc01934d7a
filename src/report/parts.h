/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections of the text report, in the order in which they stand in it. Each adds itself to the
 * page. */
#ifndef EARSHOT_REPORT_PARTS_H
#define EARSHOT_REPORT_PARTS_H

#include "report/page.h"
#include "report/view.h"

enum { PART_INDENT = 2, PART_LABEL = 19 /* cells for the labels of a section */ };

void part_title(struct page *page, const struct view *view);
void part_wrong(struct page *page, const struct view *view);
void part_picture(struct page *page, const struct view *view); /* belongs to part_wrong() */
void part_checklist(struct page *page, const struct view *view);
void part_evidence(struct page *page, const struct view *view);
void part_site(struct page *page, const struct view *view);
void part_provider(struct page *page, const struct view *view);
void part_steps(struct page *page, const struct view *view);
void part_measured(struct page *page, const struct view *view);
void part_record(struct page *page, const struct view *view);

#endif
