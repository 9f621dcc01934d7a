/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network interfaces of this computer, their addresses, and which way the kernel would send.
 * Asks the kernel alone (rtnetlink, RFC 3549); sends nothing. */
#ifndef EARSHOT_NET_IFACE_H
#define EARSHOT_NET_IFACE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"

enum iface_kind { IFACE_UNKNOWN, IFACE_WIRED, IFACE_WIFI, IFACE_CELLULAR, IFACE_VPN };

struct iface {
	unsigned index;         /* never 0 */
	char name[IF_NAMESIZE]; /* of any bytes but '/', white space and 0: not safe to print */
	bool up;                /* switched on, and its link works */
	bool loopback;
	unsigned mtu;                /* bytes; 0: not known */
	enum iface_kind kind;        /* what carries it, as far as can be known here */
	bool default_v4, default_v6; /* a default route of the main table leaves by it */
	struct addr *addr; /* port 0; those still tried out for a duplicate are left out */
	size_t addr_count;
};

struct iface_list {
	struct iface *iface; /* by index */
	size_t count;
};

/* ERR_PERMISSION, ERR_UNSUPPORTED, ERR_IO … where the kernel does not tell; then the list is empty.
 */
enum err iface_list_load(struct iface_list *out) MUST_USE;
void iface_list_clear(struct iface_list *list);

/* Borrowed; NULL: none of that number or name. */
const struct iface *iface_find(const struct iface_list *list, unsigned index);
const struct iface *iface_find_name(const struct iface_list *list, const char *name);

/* Which way a packet would take, policy routing and all. */
struct iface_route {
	unsigned index;      /* of the interface it leaves by */
	struct addr source;  /* the address it would carry; not set where the kernel does not say */
	struct addr gateway; /* not set: the target is on the link itself */
	unsigned mtu; /* of the route, where it has one or the kernel has learnt one; else 0 */
};
/* `index` is the interface to leave by, 0 for any. ERR_UNREACHABLE: no route there; others as
 * above. */
enum err iface_route(struct iface_route *out, const struct addr *to, unsigned index) MUST_USE;

const char *iface_kind_text(enum iface_kind kind); /* "wired" "wifi" "cellular" "vpn" "unknown" */

#endif
