/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STUN Binding requests (RFC 8489) as exchanges: made, matched, read; and the one question "what
 * does the outside see of this socket?". */
#ifndef EARSHOT_NET_BINDING_H
#define EARSHOT_NET_BINDING_H

#include "base/addr.h"
#include "base/clock.h"
#include "base/err.h"
#include "net/exchange.h"
#include "proto/stun.h"

/* Asks with the RFC's resends until the deadline; the answer counts only from `server`, with our
 * transaction. ERR_TIMEOUT: none came; ERR_REFUSED: an error answer, or ICMP said so;
 * ERR_UNREACHABLE: ICMP again; ERR_SYNTAX: an answer without an address. */
enum err binding_mapped(struct addr *mapped, int fd, const struct addr *server,
			const struct deadline *until) MUST_USE;

/* A fresh transaction from the system's random numbers. */
struct stun_id binding_id(void);

/* Adds a Binding request to a set. The plan's payload, match and context are filled in; `id` is
 * borrowed until the exchange has ended. `change`: the bits of CHANGE-REQUEST, 0 for none. Errors
 * as exchange_add(). */
enum err binding_add(struct exchange **out, struct exchange_set *set,
		     const struct exchange_plan *plan, const struct stun_id *id,
		     uint32_t change) MUST_USE;

/* For exchange_add(): is this an answer to the Binding transaction `context`, a struct stun_id? */
bool binding_match(struct slice datagram, const void *context);

/* Reads the answer of an exchange that was answered; `out` borrows it from the set. ERR_REFUSED: an
 * error answer, its code in out->error_code. ERR_SYNTAX: no address in it. */
enum err binding_read(struct stun_message *out, const struct exchange *exchange) MUST_USE;

/* The address a message tells, the masked one before the plain. NULL: none. */
const struct addr *binding_address(const struct stun_message *message);

#endif
