/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections of the text report, in the order in which they stand in it. Each adds itself to the
 * page. */
#ifndef EARSHOT_REPORT_PARTS_H
#define EARSHOT_REPORT_PARTS_H

#include "report/sheet.h"
#include "report/view.h"

enum { PART_INDENT = 2, PART_LABEL = 19 /* cells for the labels of a section */ };

void part_title(struct sheet *sheet, const struct view *view);
void part_wrong(struct sheet *sheet, const struct view *view);
void part_picture(struct sheet *sheet, const struct view *view); /* belongs to part_wrong() */
void part_checklist(struct sheet *sheet, const struct view *view);
/* One finding with its proof. */
void part_finding(struct sheet *sheet, const struct finding *finding);
void part_evidence(struct sheet *sheet, const struct view *view);
void part_site(struct sheet *sheet, const struct view *view);
void part_provider(struct sheet *sheet, const struct view *view);
void part_steps(struct sheet *sheet, const struct view *view);
void part_measured(struct sheet *sheet, const struct view *view);
void part_record(struct sheet *sheet, const struct view *view);

#endif
