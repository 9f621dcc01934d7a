/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far this computer's clock is off: by the profile's time server, else by the Date of what the
 * provider's servers answer anyway. */
#ifndef EARSHOT_CHECK_LOCAL_CLOCK_H
#define EARSHOT_CHECK_LOCAL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "check/check.h"
#include "net/resolver.h"

/* Tells clock.offset-seconds (above 0: ahead) and clock-wrong. `sip` are the provider's SIP servers
 * over UDP; may be none. Takes six seconds at most. */
void local_clock(const struct site *site, const struct sip_targets *sip, struct sink *sink);

/* What a clock is worth a word: seconds off from which clock-wrong is a note, a risk. */
enum { CLOCK_NOTE_SECONDS = 30, CLOCK_RISK_SECONDS = 300, CLOCK_COARSE_SECONDS = 60 };

/* The Date of an HTTP answer's head (RFC 9110, 6.6.1), of which the first bytes have come; false:
 * it is no HTTP answer, or has none (yet). */
bool local_clock_http_date(int64_t *out, struct slice head);

#endif
