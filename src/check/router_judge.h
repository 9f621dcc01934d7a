/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a router's word about its outside address is worth. */
#ifndef EARSHOT_CHECK_ROUTER_JUDGE_H
#define EARSHOT_CHECK_ROUTER_JUDGE_H

#include <stdbool.h>

#include "base/addr.h"

/* False for what can be no router's outside address: IPv6, 0/8, loopback, 169.254/16 (no line),
 * multicast and above, and the router's own address on this side. */
bool router_outside_is_usable(const struct addr *outside, const struct addr *gateway);
/* Of a usable one: RFC 1918 or RFC 6598, so somebody behind it translates again. */
bool router_is_behind_nat(const struct addr *outside);

#endif
