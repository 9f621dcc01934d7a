/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of one call. */
#ifndef EARSHOT_REPORT_CALL_TABLES_H
#define EARSHOT_REPORT_CALL_TABLES_H

#include <jansson.h>

#include "report/sheet.h"

/* SDP as sent and as received, RTP for each direction, and where there is more to say: the legs
 * through a proxy, what became of the voice and of the messages between two captures. */
void call_tables(struct sheet *sheet, const json_t *call);

#endif
