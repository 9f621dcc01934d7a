/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/router_oui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	char oui[9];
	const char *vendor;
} makers[] = {
	{ "50:C7:BF", "TP-Link" },   { "14:CC:20", "TP-Link" },   { "EC:08:6B", "TP-Link" },
	{ "F4:F2:6D", "TP-Link" },   { "00:14:6C", "NETGEAR" },   { "00:09:5B", "NETGEAR" },
	{ "20:4E:7F", "NETGEAR" },   { "A0:40:A0", "NETGEAR" },   { "9C:3D:CF", "NETGEAR" },
	{ "08:60:6E", "ASUS" },      { "10:BF:48", "ASUS" },      { "30:85:A9", "ASUS" },
	{ "AC:22:0B", "ASUS" },      { "00:15:6D", "Ubiquiti" },  { "00:27:22", "Ubiquiti" },
	{ "24:A4:3C", "Ubiquiti" },  { "04:18:D6", "Ubiquiti" },  { "80:2A:A8", "Ubiquiti" },
	{ "FC:EC:DA", "Ubiquiti" },  { "78:8A:20", "Ubiquiti" },  { "00:0C:42", "MikroTik" },
	{ "4C:5E:0C", "MikroTik" },  { "6C:3B:6B", "MikroTik" },  { "D4:CA:6D", "MikroTik" },
	{ "E4:8D:8C", "MikroTik" },  { "CC:2D:E0", "MikroTik" },  { "00:09:0F", "Fortinet" },
	{ "90:6C:AC", "Fortinet" },  { "08:5B:0E", "Fortinet" },  { "00:06:B1", "SonicWall" },
	{ "C0:EA:E4", "SonicWall" }, { "18:B1:69", "SonicWall" }, { "00:A0:C5", "Zyxel" },
	{ "00:13:49", "Zyxel" },     { "00:19:CB", "Zyxel" },     { "00:23:F8", "Zyxel" },
	{ "00:06:25", "Linksys" },   { "00:0C:41", "Linksys" },   { "00:0F:66", "Linksys" },
	{ "00:12:17", "Linksys" },   { "00:14:BF", "Linksys" },   { "00:04:0E", "AVM" },
	{ "00:1A:4F", "AVM" },       { "C0:25:06", "AVM" },
};

const char *router_oui_vendor(const char *mac)
{
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (!strncasecmp(makers[i].oui, mac, strlen(makers[i].oui)))
			return makers[i].vendor;
	return NULL;
}

/* Columns of a line: address, type, flags, card. */
bool router_oui_neighbour(char mac[static OUI_MAC_TEXT], struct slice table,
			  const struct addr *neighbour)
{
	struct slice line;

	while (!slice_line(&line, &table)) {
		char text[128], host[ADDR_TEXT], card[OUI_MAC_TEXT];
		struct addr addr;

		snprintf(text, sizeof text, "%.*s", (int)line.left, (const char *)line.at);
		if (sscanf(text, "%63s %*s %*s %17s", host, card) != 2 ||
		    addr_parse(&addr, host, 0) || !addr_same_host(&addr, neighbour))
			continue;
		memcpy(mac, card, sizeof card);
		return strcmp(card, "00:00:00:00:00:00") != 0;
	}
	return false;
}
