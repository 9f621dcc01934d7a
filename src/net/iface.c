/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/iface.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/link.h"
#include "net/netlink.h"

enum {
	LINKS_MAX = 4096,     /* more are left out */
	ADDRESSES_MAX = 1024, /* of one interface */
	DUMP_TRIES = 3,       /* a dump that changed under way is asked for again */
};

/* What is gathered before the list is made of it. */
struct gathering {
	struct link *links;
	size_t count;
	struct iface_list *list;
};

static enum err dump(uint16_t type, netlink_handler *handler, void *context)
{
	const struct rtgenmsg any = { .rtgen_family = AF_UNSPEC };
	const struct netlink_question question = { .protocol = NETLINK_ROUTE,
						   .type = type,
						   .flags = NLM_F_DUMP,
						   .payload = slice_of(&any, sizeof any) };

	return netlink_ask(&question, handler, context);
}

static void take_link(uint16_t type, struct slice message, void *context)
{
	struct gathering *gathering = context;
	struct link link;

	if (type != RTM_NEWLINK || gathering->count == LINKS_MAX || link_read(&link, message))
		return;
	gathering->links =
		mem_resize(gathering->links, gathering->count + 1, sizeof *gathering->links);
	gathering->links[gathering->count++] = link;
}

static struct iface *find(const struct iface_list *list, unsigned index)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->iface[i].index == index)
			return &list->iface[i];
	return NULL;
}

static enum err address_of(struct addr *out, struct slice value, unsigned index)
{
	enum err err = addr_from_bytes(out, value.at, value.left, 0);

	if (!err && addr_family(out) == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&out->sa.v6.sin6_addr))
		out->sa.v6.sin6_scope_id = index;
	return err;
}

static void take_address(uint16_t type, struct slice message, void *context)
{
	const struct gathering *gathering = context;
	struct ifaddrmsg header;
	struct slice value;
	struct iface *iface;
	struct addr addr;

	if (type != RTM_NEWADDR || slice_copy(&header, sizeof header, &message) ||
	    (header.ifa_family != AF_INET && header.ifa_family != AF_INET6) ||
	    (netlink_u32(message, IFA_FLAGS, header.ifa_flags) &
	     (IFA_F_TENTATIVE | IFA_F_DADFAILED)))
		return;
	iface = find(gathering->list, header.ifa_index);
	/* On a point-to-point link IFA_ADDRESS is the far end. */
	if (!iface || iface->addr_count == ADDRESSES_MAX ||
	    (netlink_find(&value, message, IFA_LOCAL) &&
	     netlink_find(&value, message, IFA_ADDRESS)) ||
	    address_of(&addr, value, iface->index))
		return;
	iface->addr = mem_resize(iface->addr, iface->addr_count + 1, sizeof *iface->addr);
	iface->addr[iface->addr_count++] = addr;
}

static void mark_default(const struct iface_list *list, unsigned index, int family)
{
	struct iface *iface = find(list, index);

	if (!iface || !iface->up)
		return;
	if (family == AF_INET)
		iface->default_v4 = true;
	else
		iface->default_v6 = true;
}

/* Each way of a route that has several. */
static void mark_multipath(const struct iface_list *list, struct slice hops, int family)
{
	struct rtnexthop hop;
	struct slice rest = hops;

	while (!slice_copy(&hop, sizeof hop, &rest) && hop.rtnh_ifindex > 0) {
		if (!(hop.rtnh_flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)))
			mark_default(list, (unsigned)hop.rtnh_ifindex, family);
		if (hop.rtnh_len < sizeof hop || slice_skip(&hops, (hop.rtnh_len + 3U) & ~3U))
			return;
		rest = hops;
	}
}

static void take_route(uint16_t type, struct slice message, void *context)
{
	const struct gathering *gathering = context;
	struct rtmsg header;
	struct slice hops;

	if (type != RTM_NEWROUTE || slice_copy(&header, sizeof header, &message) ||
	    header.rtm_dst_len || header.rtm_src_len || header.rtm_type != RTN_UNICAST ||
	    (header.rtm_family != AF_INET && header.rtm_family != AF_INET6) ||
	    (header.rtm_flags & (RTM_F_CLONED | RTNH_F_DEAD | RTNH_F_LINKDOWN)) ||
	    netlink_u32(message, RTA_TABLE, header.rtm_table) != RT_TABLE_MAIN)
		return;
	mark_default(gathering->list, netlink_u32(message, RTA_OIF, 0), header.rtm_family);
	if (!netlink_find(&hops, message, RTA_MULTIPATH))
		mark_multipath(gathering->list, hops, header.rtm_family);
}

static void make_list(const struct gathering *gathering)
{
	struct iface_list *list = gathering->list;

	list->iface = mem_new(gathering->count, sizeof *list->iface);
	list->count = gathering->count;
	for (size_t i = 0; i < gathering->count; i++) {
		const struct link *link = &gathering->links[i];
		struct iface *iface = &list->iface[i];

		iface->index = link->index;
		memcpy(iface->name, link->name, sizeof iface->name);
		iface->up = (link->flags & IFF_UP) && (link->flags & IFF_RUNNING);
		iface->loopback = (link->flags & IFF_LOOPBACK) != 0;
		iface->mtu = link->mtu;
		iface->kind = link_kind(gathering->links, gathering->count, link);
	}
}

static enum err load(struct iface_list *list)
{
	struct gathering gathering = { .list = list };
	enum err err;

	*list = (struct iface_list){ 0 };
	err = dump(RTM_GETLINK, take_link, &gathering);
	if (!err) {
		make_list(&gathering);
		err = dump(RTM_GETADDR, take_address, &gathering);
	}
	if (!err)
		err = dump(RTM_GETROUTE, take_route, &gathering);
	free(gathering.links);
	if (err)
		iface_list_clear(list);
	return err;
}

enum err iface_list_load(struct iface_list *out)
{
	enum err err = load(out);

	for (int tries = 1; err == ERR_MISMATCH && tries < DUMP_TRIES; tries++)
		err = load(out);
	return err;
}

void iface_list_clear(struct iface_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->iface[i].addr);
	free(list->iface);
	*list = (struct iface_list){ 0 };
}

const struct iface *iface_find(const struct iface_list *list, unsigned index)
{
	return find(list, index);
}

const struct iface *iface_find_name(const struct iface_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->iface[i].name, name))
			return &list->iface[i];
	return NULL;
}

/* Behind the family, as RTA_VIA has it: an IPv4 route by an IPv6 gateway (RFC 5549). */
static enum err read_via(struct addr *out, struct slice value, unsigned index)
{
	enum err err = slice_skip(&value, sizeof(sa_family_t));

	return err ? err : address_of(out, value, index);
}

struct answer {
	struct iface_route *route;
	enum err err;
};

static void take_way(uint16_t type, struct slice message, void *context)
{
	struct answer *answer = context;
	struct iface_route route = { 0 };
	struct rtmsg header;
	struct slice value;

	if (type != RTM_NEWROUTE || slice_copy(&header, sizeof header, &message))
		return;
	if (header.rtm_type != RTN_UNICAST && header.rtm_type != RTN_LOCAL) {
		answer->err = ERR_UNREACHABLE;
		return;
	}
	route.index = netlink_u32(message, RTA_OIF, 0);
	if (!netlink_find(&value, message, RTA_PREFSRC))
		answer->err = address_of(&route.source, value, route.index);
	if (!answer->err && !netlink_find(&value, message, RTA_GATEWAY))
		answer->err = address_of(&route.gateway, value, route.index);
	else if (!answer->err && !netlink_find(&value, message, RTA_VIA))
		answer->err = read_via(&route.gateway, value, route.index);
	if (!netlink_find(&value, message, RTA_METRICS))
		route.mtu = netlink_u32(value, RTAX_MTU, 0);
	if (!answer->err)
		*answer->route = route;
}

static enum err add_attribute(struct buf *message, uint16_t type, const void *data, size_t length)
{
	const struct rtattr header = { .rta_len = (uint16_t)(sizeof header + length),
				       .rta_type = type };
	enum err err = buf_add(message, &header, sizeof header);

	return err ? err : buf_add(message, data, length); /* 4 or 16 bytes: no padding */
}

static enum err build_question(struct buf *message, const struct addr *to, unsigned index)
{
	const uint32_t out_by = index                         ? index
				: addr_family(to) == AF_INET6 ? to->sa.v6.sin6_scope_id
							      : 0;
	struct rtmsg header = { .rtm_family = (unsigned char)addr_family(to) };
	size_t length;
	const uint8_t *bytes = addr_bytes(to, &length);
	enum err err;

	header.rtm_dst_len = (unsigned char)(length * 8);
	err = buf_add(message, &header, sizeof header);
	if (!err)
		err = add_attribute(message, RTA_DST, bytes, length);
	if (!err && out_by)
		err = add_attribute(message, RTA_OIF, &out_by, sizeof out_by);
	return err;
}

enum err iface_route(struct iface_route *out, const struct addr *to, unsigned index)
{
	struct netlink_question question = { .protocol = NETLINK_ROUTE, .type = RTM_GETROUTE };
	struct answer answer = { .route = &(struct iface_route){ 0 } };
	struct buf message;
	enum err err;

	if (!addr_is_set(to))
		return ERR_UNSUPPORTED;
	buf_init(&message, 128);
	err = build_question(&message, to, index);
	question.payload = slice_of(message.data, message.length);
	if (!err)
		err = netlink_ask(&question, take_way, &answer);
	buf_clear(&message);
	if (!err)
		err = answer.err;
	if (!err && (!answer.route->index || (addr_is_set(&answer.route->source) &&
					      !addr_can_reach(&answer.route->source, to))))
		err = ERR_UNREACHABLE;
	if (err == ERR_REFUSED) /* a route of the kind "prohibit" or "blackhole" */
		err = ERR_UNREACHABLE;
	if (!err)
		*out = *answer.route;
	return err;
}

const char *iface_kind_text(enum iface_kind kind)
{
	switch (kind) {
	case IFACE_WIRED: return "wired";
	case IFACE_WIFI: return "wifi";
	case IFACE_CELLULAR: return "cellular";
	case IFACE_VPN: return "vpn";
	case IFACE_UNKNOWN: break;
	}
	return "unknown";
}
