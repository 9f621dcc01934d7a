/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wi-Fi interfaces and how well they hear their access point, as the kernel tells (nl80211). Sends
 * nothing. */
#ifndef EARSHOT_NET_WIRELESS_H
#define EARSHOT_NET_WIRELESS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

/* True if the kernel's Wi-Fi layer knows the interface. False also where the kernel has none. */
bool wireless_is(unsigned index);

/* The strength in dBm (-30 strong, -70 weak, -90 hardly there). ERR_NOT_FOUND: no Wi-Fi, not
 * connected, more than one station (it is an access point itself), or the driver does not say. */
enum err wireless_signal(int *dbm, unsigned index) MUST_USE;

/* The strength in one NL80211_CMD_NEW_STATION message's attributes. ERR_NOT_FOUND, ERR_TRUNCATED.
 */
enum err wireless_station_signal(int *dbm, struct slice attributes) MUST_USE;

#endif
