/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The path picture as a drawing inside a page of HTML. */
#ifndef EARSHOT_REPORT_SVG_H
#define EARSHOT_REPORT_SVG_H

#include "report/picture.h"
#include "report/sheet.h"

/* With a title and a description in words, for those who do not see it. */
void svg_draw(struct sheet *sheet, const struct picture *picture);

#endif
