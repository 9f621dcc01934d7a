/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An element in the midst of a call's media, both sides of which the capture shows. RTP that
 * reaches it has not reached the other side. It is told by SIP, where a description went on with
 * another endpoint in it (a proxy's relay, a border controller, an ALG), or by a NAT's doing, where
 * the same stream comes from a private address and from a public one. */
#ifndef EARSHOT_ANALYSIS_RELAY_H
#define EARSHOT_ANALYSIS_RELAY_H

#include <stdbool.h>

#include "analysis/scene.h"

enum { RELAY_NATS = 8 }; /* further ones are left out */

/* As one way passes it, at the end of the call. */
struct relay {
	enum way way;
	const struct sip_call *call;
	const struct description *named; /* what the receiver said itself; NULL: not told by SIP */
	struct endpoint from;            /* where it was told to send to: from there it gets RTP */
	struct relay_nat {
		struct endpoint outer, inner;
	} nat[RELAY_NATS]; /* one behind the other, in no order */
	size_t nat_count;
	bool nat_at_sender; /* the NAT is the sender's; else the receiver's */
};
void relay_of_way(struct relay *out, const struct scene *scene, enum way way);

/* It ends at the relay; it is what the relay sent on to the receiver. Both false without one. */
bool relay_has_before(const struct relay *relay, const struct stream *stream);
bool relay_sent_on(const struct relay *relay, const struct stream *stream);
/* Would the capture show what the relay sends on? It does where it shows anything between the relay
 * and the receiver. */
bool relay_shows(const struct relay *relay, const struct scene *scene);

#endif
