/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person may want hidden in a report that is passed on: telephone numbers, public addresses.
 * Called by redact.h alone, through which every text of a report goes. Where it is not clear
 * whether something is one, it is hidden. */
#ifndef EARSHOT_REPORT_MASK_H
#define EARSHOT_REPORT_MASK_H

#include <stddef.h>

#include "base/addr.h"
#include "base/err.h"

enum {
	/* Digits of telephone numbers but the last two become "x": in the user part of SIP and tel
	 * URIs, and five or more digits in a row or in the groups that people write
	 * ("+49 30 5550123"), also inside a Call-ID. Ports, dates, versions, figures with a unit
	 * and hexadecimal stay. */
	MASK_NUMBERS = 1,
	/* A public IPv4 or IPv6 address becomes "public-A", the next one "public-B" …, the same one
	 * the same each time however it is written; its port stays. Private, loopback and multicast
	 * ones stay. */
	MASK_ADDRESSES = 2,
};

/* Remembers the addresses of one report. */
struct mask {
	unsigned what; /* MASK_… */
	struct addr *known;
	size_t known_count;
};

/* mask_clear() frees. */
void mask_init(struct mask *mask, unsigned what);
void mask_clear(struct mask *mask);

/* "numbers", "addresses", or both with a comma between, into MASK_…; ERR_SYNTAX. */
enum err mask_parse(unsigned *out, const char *list) MUST_USE;

/* A copy of `text` without what is to be hidden. The caller frees. */
char *mask_text(struct mask *mask, const char *text) MUST_USE;

#endif
