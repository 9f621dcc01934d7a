/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the provider's SIP servers answer an OPTIONS over UDP, TCP and TLS, and what their
 * certificate is worth (RFC 3261, 11; RFC 3263; RFC 5922). */
#ifndef EARSHOT_CHECK_PORTS_SIP_H
#define EARSHOT_CHECK_PORTS_SIP_H

#include <stdbool.h>
#include <stddef.h>

#include "check/check.h"
#include "net/resolver.h"
#include "net/stream.h"
#include "proto/sip_answer.h"

enum { PORTS_SIP_TARGETS = 6, PORTS_SIP_TRANSPORTS = 3 };

enum ports_state { PORTS_UNKNOWN, PORTS_SILENT, PORTS_FILTERED, PORTS_REFUSED, PORTS_OPEN };

struct ports_way {
	enum ports_state state;
	struct addr to;       /* of the best outcome */
	struct addr offender; /* who sent the ICMP error; AF_UNSPEC: not known */
	bool connected;       /* TCP: somebody took the connection */
	bool offered;         /* by the DNS or the profile; else it was only tried */
	unsigned tried;       /* targets */
};

struct ports_sip {
	struct ports_way way[PORTS_SIP_TRANSPORTS]; /* by enum sip_transport */
	enum sip_transport used;                    /* by the phones, as far as known */
	struct sip_answer answer;                   /* status 0: none */
	struct stream_certificate certificate;
	bool intercepted; /* a certificate was forged for a made-up name */
	bool large_lost;
};

/* Asks all side by side where that is possible; `found` are the targets of the profile's own
 * query. */
void ports_sip_run(struct ports_sip *out, const struct site *site, const struct sip_targets *found);
/* Tells the facts sip.* and tls.* and the findings. */
void ports_sip_report(const struct ports_sip *sip, const struct site *site, struct sink *sink);
/* The result as a clause for the summary. The caller frees. */
char *ports_sip_words(const struct ports_sip *sip) MUST_USE;

#endif
