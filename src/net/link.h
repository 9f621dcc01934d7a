/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel tells of a link, and what kind of network that makes it: never more than it can
 * know. */
#ifndef EARSHOT_NET_LINK_H
#define EARSHOT_NET_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "net/iface.h"

struct link {
	unsigned index;
	char name[IF_NAMESIZE];
	char driver[32]; /* IFLA_INFO_KIND: "vlan", "bridge", "tun", …; "" for most hardware */
	uint16_t type;   /* ARPHRD_ETHER … */
	unsigned flags;  /* IFF_UP … */
	unsigned mtu;
	unsigned lower;      /* the link it lies on; 0: none, or not to be seen from here */
	unsigned master;     /* the bridge or bond that it is a port of; 0: none */
	bool device;         /* there is a piece of hardware, real or a virtual machine's */
	bool wifi, cellular; /* the kernel says so itself */
};

/* Reads an RTM_NEWLINK message (behind its netlink header), and what sysfs and nl80211 add.
 * ERR_TRUNCATED, ERR_MISMATCH. */
enum err link_read(struct link *out, struct slice message) MUST_USE;

/* `links` are all there are. A tunnel is a VPN. What lies on another link is what that is; a bridge
 * or bond is what its ports of hardware are, if they agree. A virtual link that leads out of what
 * can be seen is unknown. */
enum iface_kind link_kind(const struct link *links, size_t count, const struct link *link);

#endif
