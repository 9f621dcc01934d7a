/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/link.h"

#include <fcntl.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "net/netlink.h"
#include "net/wireless.h"

enum {
	LAYERS_MAX = 8, /* of links on links */
	PARENT_DEV_NAME =
		56, /* IFLA_PARENT_DEV_NAME, told since Linux 5.14; older headers lack it */
};

/* A text attribute, up to its closing 0; longer ones are cut. */
static void copy_text(char *out, size_t room, struct slice attributes, uint16_t type)
{
	struct slice value;
	size_t length;

	out[0] = 0;
	if (netlink_find(&value, attributes, type))
		return;
	length = strnlen((const char *)value.at, value.left);
	if (length >= room)
		length = room - 1;
	memcpy(out, value.at, length);
	out[length] = 0;
}

/* A file of the link in sysfs. Sysfs may belong to another network namespace than ours: it
 * counts only where it has our link's number and hardware address. */
static bool read_sysfs(char *out, size_t room, const char *name, const char *file)
{
	char path[128];
	ssize_t got;
	int fd;

	snprintf(path, sizeof path, "/sys/class/net/%s/%s", name, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, out, room - 1);
	close(fd);
	if (got < 0)
		return false;
	out[got] = 0;
	return true;
}

static void hardware_text(char out[static 64], struct slice address)
{
	size_t at = 0;

	for (size_t i = 0; i < address.left && at + 5 < 64; i++)
		at += (size_t)snprintf(out + at, 64 - at, i ? ":%02x" : "%02x", address.at[i]);
	snprintf(out + at, 64 - at, "\n");
}

static bool sysfs_is_ours(const struct link *link, struct slice address)
{
	char text[64], ours[64];

	snprintf(ours, sizeof ours, "%u\n", link->index);
	if (!read_sysfs(text, sizeof text, link->name, "ifindex") || strcmp(text, ours))
		return false;
	hardware_text(ours, address);
	return read_sysfs(text, sizeof text, link->name, "address") && !strcmp(text, ours);
}

static void read_more(struct link *link, struct slice attributes)
{
	struct slice address = { 0 };
	char path[128], text[512];

	link->wifi = wireless_is(link->index);
	link->cellular = link->type == ARPHRD_RAWIP || !strcmp(link->driver, "wwan");
	if (netlink_find(&address, attributes, IFLA_ADDRESS) || !sysfs_is_ours(link, address))
		return;
	snprintf(path, sizeof path, "/sys/class/net/%s/device", link->name);
	link->device |= !access(path, F_OK);
	if (read_sysfs(text, sizeof text, link->name, "uevent"))
		link->cellular |= strstr(text, "DEVTYPE=wwan\n") != NULL;
}

enum err link_read(struct link *out, struct slice message)
{
	struct ifinfomsg header;
	struct slice attributes, info;
	enum err err = slice_copy(&header, sizeof header, &message);

	if (err)
		return err;
	if (header.ifi_index <= 0)
		return ERR_MISMATCH;
	attributes = message;
	*out = (struct link){ .index = (unsigned)header.ifi_index,
			      .type = header.ifi_type,
			      .flags = header.ifi_flags };
	copy_text(out->name, sizeof out->name, attributes, IFLA_IFNAME);
	out->mtu = netlink_u32(attributes, IFLA_MTU, 0);
	out->master = netlink_u32(attributes, IFLA_MASTER, 0);
	/* A number of another namespace means nothing here. */
	if (netlink_find(&info, attributes, IFLA_LINK_NETNSID) == ERR_NOT_FOUND)
		out->lower = netlink_u32(attributes, IFLA_LINK, 0);
	if (!netlink_find(&info, attributes, IFLA_LINKINFO))
		copy_text(out->driver, sizeof out->driver, info, IFLA_INFO_KIND);
	out->device = !netlink_find(&info, attributes, PARENT_DEV_NAME);
	read_more(out, attributes);
	return ERR_NONE;
}

static bool is_among(const char *text, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(*list, text))
			return true;
	return false;
}

static bool is_tunnel(const struct link *link)
{
	static const char *const drivers[] = {
		"tun",    "wireguard", "ovpn",      "ipip",   "sit",       "ip6tnl", "gre",
		"gretap", "ip6gre",    "ip6gretap", "erspan", "ip6erspan", "vti",    "vti6",
		"xfrm",   "vxlan",     "geneve",    "amt",    "bareudp",   NULL,
	};

	return is_among(link->driver, drivers) || link->type == ARPHRD_TUNNEL ||
	       link->type == ARPHRD_TUNNEL6 || link->type == ARPHRD_SIT ||
	       link->type == ARPHRD_IPGRE || link->type == ARPHRD_IP6GRE;
}

static enum iface_kind kind_at(const struct link *links, size_t count, const struct link *link,
			       int layer);

/* What the ports of a bridge or bond have in common. Those without hardware beneath lead to
 * containers and guests. */
static enum iface_kind kind_of_ports(const struct link *links, size_t count,
				     const struct link *link, int layer)
{
	enum iface_kind common = IFACE_UNKNOWN;

	for (size_t i = 0; i < count; i++) {
		enum iface_kind kind;

		if (links[i].master != link->index || is_tunnel(&links[i]))
			continue;
		kind = kind_at(links, count, &links[i], layer + 1);
		if (kind == IFACE_UNKNOWN)
			continue;
		if (common != IFACE_UNKNOWN && kind != common)
			return IFACE_UNKNOWN;
		common = kind;
	}
	return common;
}

static enum iface_kind kind_of_lower(const struct link *links, size_t count,
				     const struct link *link, int layer)
{
	for (size_t i = 0; i < count; i++)
		if (links[i].index == link->lower)
			return kind_at(links, count, &links[i], layer + 1);
	return IFACE_UNKNOWN;
}

static enum iface_kind kind_at(const struct link *links, size_t count, const struct link *link,
			       int layer)
{
	static const char *const on_another[] = { "vlan",   "macvlan", "ipvlan", "macvtap",
						  "ipvtap", "macsec",  "hsr",    NULL };
	static const char *const of_ports[] = { "bridge", "bond", "team", NULL };

	if (layer > LAYERS_MAX)
		return IFACE_UNKNOWN;
	if (link->cellular)
		return IFACE_CELLULAR;
	if (link->wifi)
		return IFACE_WIFI;
	if (is_tunnel(link))
		return IFACE_VPN;
	if (is_among(link->driver, on_another))
		return kind_of_lower(links, count, link, layer);
	if (is_among(link->driver, of_ports))
		return kind_of_ports(links, count, link, layer);
	return link->device && link->type == ARPHRD_ETHER ? IFACE_WIRED : IFACE_UNKNOWN;
}

enum iface_kind link_kind(const struct link *links, size_t count, const struct link *link)
{
	return kind_at(links, count, link, 0);
}
