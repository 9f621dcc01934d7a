/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "What does the outside see of this socket?": one STUN Binding request (RFC 8489) from a socket one already has. */
#ifndef EARSHOT_NET_BINDING_H
#define EARSHOT_NET_BINDING_H

#include "base/addr.h"
#include "base/clock.h"
#include "base/err.h"

/* Asks with the RFC's resends until the deadline; the answer counts only from `server`, with our transaction.
 * ERR_TIMEOUT: none came; ERR_REFUSED: an error answer, or ICMP said so. */
enum err binding_mapped(struct addr *mapped, int fd, const struct addr *server,
			const struct deadline *until) MUST_USE;

#endif
