/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One packet as a capture gives it: bytes of a link layer with a time. */
#ifndef EARSHOT_BASE_PACKET_H
#define EARSHOT_BASE_PACKET_H

#include <stddef.h>
#include <stdint.h>

/* The link layers that are read; whoever opens a capture translates its number to these. */
enum packet_link {
	PACKET_OTHER,      /* none of these: its packets are counted and passed over */
	PACKET_ETHERNET,   /* with 802.1Q and 802.1ad tags, PPPoE sessions too */
	PACKET_RAW,        /* begins with IPv4 or IPv6 */
	PACKET_NULL,       /* BSD loopback: a family of 4 bytes in either byte order */
	PACKET_LINUX_SLL,  /* Linux "any", version 1 */
	PACKET_LINUX_SLL2, /* and 2 */
	PACKET_PPP,        /* with or without HDLC framing */
	PACKET_PPPOE,      /* begins with the PPPoE header */
};

struct packet {
	int64_t ns; /* since 1970-01-01T00:00:00Z */
	enum packet_link link;
	const uint8_t *data; /* borrowed */
	size_t captured;     /* bytes at `data` */
	size_t wire;         /* bytes on the line; less than `captured` where a capture lies */
};

enum { PACKET_SECOND = 1000000000 }; /* ns */

#endif
