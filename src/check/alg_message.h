/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The datagrams of the ALG check, and how a quoted one is known again. */
#ifndef EARSHOT_CHECK_ALG_MESSAGE_H
#define EARSHOT_CHECK_ALG_MESSAGE_H

#include "base/err.h"
#include "base/slice.h"
#include "check/alg_probe.h"

#define ALG_VIA_NAME "earshot.invalid" /* RFC 2606: nobody's */

/* Fills the shot's message and its random token. Each INVITE has a media port of its own.
 * Errors as sip_build(); ERR_UNSUPPORTED: the system has no random numbers. */
enum err alg_message_make(struct alg_shot *shot, const struct alg_run *run,
			  const struct alg_want *want) MUST_USE;

/* The hop limit that a quoted keepalive was sent with; 0 if it is none, or cut. */
unsigned alg_message_hop(struct slice quote);

#endif
