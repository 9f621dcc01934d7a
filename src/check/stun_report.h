/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the check "stun" found, told to its sink. */
#ifndef EARSHOT_CHECK_STUN_REPORT_H
#define EARSHOT_CHECK_STUN_REPORT_H

#include "check/check.h"
#include "check/stun_life.h"
#include "check/stun_test.h"
#include "check/stun_witness.h"

enum { STUN_FAMILIES = 2 };

struct stun_result {
	struct stun_family family[STUN_FAMILIES]; /* IPv4, IPv6 */
	enum err name_err[SITE_STUN_MAX]; /* why a server's name gave no address; ERR_NONE */
	struct stun_witness witness;      /* where no server answered over IPv4, or none at all */
	enum known udp_open;              /* over any family */
	bool v4_unknown; /* a look-up was lost, and no server has an IPv4 address so far */
};

/* The family that the facts nat.* are about. */
const struct stun_family *stun_main_family(const struct stun_result *result);

/* The finding about an idle mapping's life, if it is shorter than the keep-alive (seconds). */
void stun_report_life(const struct stun_life *life, const struct addr *server, unsigned keep_alive,
		      struct sink *sink);

/* Facts, findings and summary. The facts nat.* are those of IPv4 where any server answered over it,
 * for media nearly always goes that way; else those of IPv6. With both, nat6.* tell IPv6's. UDP
 * that gets out over IPv6 alone is no fault, but a risk. */
void stun_report(const struct stun_result *result, const struct site *site, struct sink *sink);

#endif
