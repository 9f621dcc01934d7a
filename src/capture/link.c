/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/link.h"

#include <stddef.h>

/* The first of a link is the one that is written. */
static const struct {
	uint32_t number;
	enum packet_link link;
} links[] = {
	{ 1, PACKET_ETHERNET },     { 101, PACKET_RAW }, /* LINKTYPE_RAW */
	{ 12, PACKET_RAW },                              /* DLT_RAW, on most systems */
	{ 14, PACKET_RAW },                              /* and on OpenBSD */
	{ 228, PACKET_RAW },                             /* IPv4 */
	{ 229, PACKET_RAW },                             /* IPv6 */
	{ 0, PACKET_NULL },                              /* NULL */
	{ 108, PACKET_NULL },       /* LOOP, the family in network byte order */
	{ 113, PACKET_LINUX_SLL },  /* LINUX_SLL */
	{ 276, PACKET_LINUX_SLL2 }, /* LINUX_SLL2 */
	{ 9, PACKET_PPP },          /* PPP */
	{ 50, PACKET_PPP },         /* PPP_SERIAL, always with HDLC framing */
	{ 51, PACKET_PPPOE },       /* PPP_ETHER */
};

enum packet_link capture_link(uint32_t number)
{
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (links[i].number == number)
			return links[i].link;
	return PACKET_OTHER;
}

uint32_t capture_link_number(enum packet_link link)
{
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (links[i].link == link)
			return links[i].number;
	return UINT32_MAX;
}
