/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does this computer itself refuse to send SIP or voice? What a packet filter of its own drops on
 * the way out, Linux refuses to send at once (EPERM). What it drops on the way in an ordinary user
 * cannot know: of that nothing is said. */
#ifndef EARSHOT_CHECK_LOCAL_FIREWALL_H
#define EARSHOT_CHECK_LOCAL_FIREWALL_H

#include <stdbool.h>

#include "check/check.h"
#include "net/resolver.h"

/* Sends at most three small datagrams to each of the provider's ports for SIP and voice, which end
 * at the first router, and tells host-firewall-blocks. `sip` as of local_clock(). False: others
 * had the routers' attention until the moment came, and nothing was sent. */
bool local_firewall(const struct site *site, const struct sip_targets *sip, struct sink *sink,
		    const struct deadline *until);

#endif
