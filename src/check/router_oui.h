/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who made a network card, by the first three bytes of its address (IEEE's OUI): the makers that
 * data/routers.xml has a page for, by a few of their blocks that are beyond doubt. */
#ifndef EARSHOT_CHECK_ROUTER_OUI_H
#define EARSHOT_CHECK_ROUTER_OUI_H

#include "base/addr.h"
#include "base/slice.h"

enum { OUI_MAC_TEXT = 18 };

/* From a text "50:c7:bf:00:11:22"; NULL: not known, or an address that nobody was given. */
const char *router_oui_vendor(const char *mac);

/* The card's address of a neighbour, from what /proc/net/arp holds; false: it is not there. */
bool router_oui_neighbour(char mac[static OUI_MAC_TEXT], struct slice table,
			  const struct addr *neighbour);

#endif
