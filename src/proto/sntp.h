/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking a time server once: the client of SNTP (RFC 4330, RFC 5905, 14). */
#ifndef EARSHOT_PROTO_SNTP_H
#define EARSHOT_PROTO_SNTP_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum { SNTP_PORT = 123, SNTP_LENGTH = 48, SNTP_KISS = 5 };

/* What a server answered. Times are seconds since 1970. */
struct sntp_answer {
	double received, sent; /* the request came, the answer left, by the server's clock */
	double root_distance;  /* seconds that the server itself may be wrong by: half the root
				  delay and the root dispersion */
	unsigned stratum;      /* 1 to 15; 0: a kiss-o'-death */
	char kiss[SNTP_KISS];  /* its code, "RATE" or "DENY", where it is four printable letters; ""
				*/
};

/* A request that says nothing of our clock: `nonce` (random, not 0) stands as the transmit
 * timestamp, and comes back as the answer's originate timestamp. */
void sntp_build(uint8_t out[static SNTP_LENGTH], uint64_t nonce);

/* RFC 4330, 5. ERR_TRUNCATED. ERR_MISMATCH: not the answer to that nonce, or no server's answer.
 * ERR_REFUSED: a kiss-o'-death, whose code is in *out: the server is not to be asked again.
 * ERR_UNSUPPORTED: the server does not know the time itself. Otherwise *out is undefined on an
 * error. */
enum err sntp_read(struct sntp_answer *out, struct slice datagram, uint64_t nonce) MUST_USE;

/* Seconds that our clock is ahead of the server's (behind: below 0), as RFC 5905, 8 has it, its
 * sign turned. `asked` and `heard`: when the request left and the answer came, by our clock, in
 * seconds since 1970. */
double sntp_ahead(const struct sntp_answer *answer, double asked, double heard);

#endif
