/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When no STUN server answered: is it UDP, or the servers? Others are asked over UDP, and the same
 * hosts over TCP. */
#ifndef EARSHOT_CHECK_STUN_WITNESS_H
#define EARSHOT_CHECK_STUN_WITNESS_H

#include "base/clock.h"
#include "check/stun_nat.h"
#include "check/stun_test.h"
#include "model/site.h"

enum { STUN_WITNESS_MAX = 2 * STUN_PEERS_MAX + 8, STUN_WITNESS_TEXT = 160 };

struct stun_witness {
	enum known udp_open;
	bool only_dns;      /* the public DNS server answered over UDP, and nothing else did */
	struct addr filter; /* the first router that said "prohibited"; AF_UNSPEC: none did */
	/* What was tried, a sentence each: "no answer over UDP from …". */
	char text[STUN_WITNESS_MAX][STUN_WITNESS_TEXT];
	size_t text_count;
	size_t stun_texts; /* so many of them, the first, are about the STUN servers */
};

/* "No" only if at least two addresses or ports were silent over UDP, none answered, and one of
 * those hosts takes TCP; where DNS alone answered, two hosts must take TCP at the silent port. The
 * STUN servers' own silence counts among them. `names`: until when the SIP server may be looked up.
 */
void stun_witness_run(struct stun_witness *out, const struct site *site,
		      const struct stun_family *families, size_t count,
		      const struct deadline *names, const struct deadline *until);

#endif
