/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet as one page of HTML that needs nothing else: no script, no style sheet, no picture from
 * elsewhere. It is well-formed XML too. */
#ifndef EARSHOT_REPORT_HTML_H
#define EARSHOT_REPORT_HTML_H

#include "base/err.h"
#include "report/sheet.h"

/* sheet_title() must come first; sheet_take() ends the page. */
void html_init(struct sheet *sheet);

/* Adds our own markup to the page, and a text in which "<", ">", "&" and quotes are written so that
 * they mean nothing. */
void html_put(struct sheet *sheet, const char *format, ...) PRINTF_LIKE(2, 3);
void html_put_text(struct sheet *sheet, const char *text);

#endif
