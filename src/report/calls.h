/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls as `analyze`, `capture` and `call` tell them ("calls" of schema "earshot/1"), in words:
 * who, when with the time zone, what each side's SDP said, both directions with why, a table of
 * RTP, the findings. Any key may be missing or null: what is not known is said so or left out. */
#ifndef EARSHOT_REPORT_CALLS_H
#define EARSHOT_REPORT_CALLS_H

#include <jansson.h>

#include "base/err.h"
#include "report/report.h"
#include "report/sheet.h"

/* The text of a document {"calls":[…],"findings":[…],"input":{"packets":…,"passed_over":…,
 * "damaged":…}}, borrowed; other members are not looked at. Of `options` it takes utf8, columns,
 * masks and step. A finding of the document that a call has too is told there alone. Ends in LF.
 * The caller frees. */
char *report_calls_text(const json_t *document, const struct report_options *options) MUST_USE;

/* The same as one page of HTML (html.h); of `options` it takes now, masks and step. The caller
 * frees. */
char *report_calls_html(const json_t *document, const struct report_options *options) MUST_USE;

/* The same calls as a part of a sheet, a subheading each; nothing where the array is empty. */
void part_calls(struct sheet *sheet, const json_t *calls);

#endif
