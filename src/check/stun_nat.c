/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/stun_nat.h"

#include "base/intl.h"

const char *known_text(enum known known)
{
	return known == KNOWN_YES ? "yes" : known == KNOWN_NO ? "no" : "unknown";
}

const char *nat_rule_text(enum nat_rule rule)
{
	switch (rule) {
	case NAT_INDEPENDENT: return "endpoint-independent";
	case NAT_BY_ADDRESS: return "address-dependent";
	case NAT_BY_ADDRESS_PORT: return "address-and-port-dependent";
	default: return "unknown";
	}
}

bool nat_is_dependent(enum nat_rule rule)
{
	return rule == NAT_BY_ADDRESS || rule == NAT_BY_ADDRESS_PORT || rule == NAT_DEPENDENT;
}

/* Multicast, IPv4's class E and its limited broadcast. */
static bool is_no_host(const struct addr *addr)
{
	size_t length;
	const uint8_t first = addr_bytes(addr, &length)[0];

	if (addr_is_any(addr))
		return true;
	return addr_family(addr) == AF_INET6 ? first == 0xff : first >= 224 || first == 0;
}

bool nat_view_is_sane(const struct nat_view *view)
{
	return addr_family(&view->seen) == addr_family(&view->local) && addr_port(&view->seen) &&
	       !is_no_host(&view->seen) &&
	       (!addr_is_loopback(&view->seen) || addr_is_loopback(&view->local));
}

static bool is_inside(const struct addr *addr)
{
	return addr_is_private(addr) || addr_is_loopback(addr);
}

size_t nat_views_keep(struct nat_view *views, size_t count)
{
	bool public_seen = false;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		public_seen |= nat_view_is_sane(&views[i]) && !is_inside(&views[i].seen);
	for (size_t i = 0; i < count; i++) {
		if (!nat_view_is_sane(&views[i]) || (public_seen && is_inside(&views[i].seen)))
			continue;
		if (kept && !addr_equal(&views[i].local, &views[0].local))
			continue;
		views[kept++] = views[i];
	}
	return kept;
}

/* 0: this host, 1: a private network, 2: the world. */
static int reach(const struct addr *addr)
{
	return addr_is_loopback(addr) ? 0 : addr_is_private(addr) ? 1 : 2;
}

bool nat_view_is_doubtful(const struct nat_view *views, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct nat_view *view = &views[i];

		if (view->group != views[0].group || reach(&view->to) != 2 ||
		    !addr_is_private(&view->seen) || addr_is_shared(&view->seen) ||
		    addr_same_host(&view->seen, &view->local))
			return false;
	}
	return count;
}

enum known nat_present(const struct nat_view *views, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!addr_equal(&views[i].seen, &views[i].local))
			return KNOWN_YES;
	return count ? KNOWN_NO : KNOWN_NOT;
}

enum known nat_port_preserved(const struct nat_view *views, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (addr_port(&views[i].seen) != addr_port(&views[i].local))
			return KNOWN_NO;
	return count ? KNOWN_YES : KNOWN_NOT;
}

/* What pairs of views of one socket show. */
struct pairs {
	bool hosts_same, hosts_differ; /* two hosts, the same or another outside address */
	bool ports_same, ports_differ; /* two ports of one host */
};

static void compare(struct pairs *pairs, const struct nat_view *a, const struct nat_view *b)
{
	const bool same = addr_equal(&a->seen, &b->seen);

	if (!addr_same_host(&a->to, &b->to)) {
		pairs->hosts_same |= same;
		pairs->hosts_differ |= !same;
	} else if (addr_port(&a->to) != addr_port(&b->to)) {
		pairs->ports_same |= same;
		pairs->ports_differ |= !same;
	}
}

static enum nat_rule rule_of(const struct pairs *pairs)
{
	if ((pairs->hosts_same && pairs->hosts_differ) ||
	    (pairs->hosts_same && pairs->ports_differ) ||
	    (pairs->ports_same && pairs->ports_differ))
		return NAT_CONTRADICTORY;
	if (pairs->hosts_same)
		return NAT_INDEPENDENT;
	if (pairs->ports_differ)
		return NAT_BY_ADDRESS_PORT;
	if (pairs->hosts_differ)
		return pairs->ports_same ? NAT_BY_ADDRESS : NAT_DEPENDENT;
	return NAT_UNKNOWN;
}

/* By the views of one group, or of all with `any`. */
static enum nat_rule rule_of_group(const struct nat_view *views, size_t count, bool any,
				   unsigned group)
{
	struct pairs pairs = { 0 };

	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			if (any || (views[i].group == group && views[j].group == group))
				compare(&pairs, &views[i], &views[j]);
	return rule_of(&pairs);
}

enum nat_rule nat_mapping(const struct nat_view *views, size_t count)
{
	const enum nat_rule all = rule_of_group(views, count, true, 0);
	enum nat_rule agreed = NAT_UNKNOWN;

	if (all != NAT_CONTRADICTORY)
		return all;
	for (size_t i = 0; i < count; i++) {
		const enum nat_rule rule = rule_of_group(views, count, false, views[i].group);

		if (rule == NAT_UNKNOWN)
			continue;
		if (agreed != NAT_UNKNOWN && rule != agreed)
			return NAT_CONTRADICTORY;
		agreed = rule;
	}
	return agreed == NAT_UNKNOWN ? NAT_CONTRADICTORY : agreed;
}

enum nat_rule nat_mapping_of_rounds(bool *enough, const enum nat_rule *round, size_t count)
{
	size_t independent = 0, dependent = 0;
	enum nat_rule kind = NAT_UNKNOWN;

	for (size_t i = 0; i < count; i++) {
		independent += round[i] == NAT_INDEPENDENT;
		if (!nat_is_dependent(round[i]))
			continue;
		dependent++;
		kind = kind == NAT_UNKNOWN || kind == round[i] ? round[i] : NAT_DEPENDENT;
	}
	/* A first round without a contradiction needs no second. */
	*enough = dependent >= 2 || independent >= 2 ||
		  (count == 1 && (round[0] == NAT_INDEPENDENT || round[0] == NAT_UNKNOWN));
	if (dependent >= 2)
		return kind;
	return independent >= 2 || (count == 1 && independent) ? NAT_INDEPENDENT : NAT_UNKNOWN;
}

bool nat_other_is_usable(const struct addr *server, const struct addr *other)
{
	return addr_is_set(other) && addr_family(other) == addr_family(server) &&
	       addr_port(other) && !is_no_host(other) && !addr_same_host(other, server) &&
	       reach(other) == reach(server);
}

const char *nat_type(enum known present, enum nat_rule mapping, enum nat_rule filtering)
{
	if (present == KNOWN_NOT)
		return "unknown";
	if (present == KNOWN_YES && nat_is_dependent(mapping))
		return "symmetric";
	if (filtering == NAT_UNKNOWN)
		return "unknown";
	if (present == KNOWN_NO)
		return filtering == NAT_INDEPENDENT ? "open" : "symmetric-firewall";
	if (mapping != NAT_INDEPENDENT)
		return "unknown";
	switch (filtering) {
	case NAT_INDEPENDENT: return "full-cone";
	case NAT_BY_ADDRESS: return "restricted-cone";
	case NAT_BY_ADDRESS_PORT: return "port-restricted-cone";
	default: return "unknown";
	}
}

enum known nat_is_carrier(const char **why, const struct nat_carrier *carrier)
{
	const struct addr *hop = carrier->hop;

	*why = NULL;
	if (addr_is_shared(&carrier->local))
		*why = _("this computer's own address is of the range that carriers use behind a "
			 "NAT of their own (100.64.0.0/10)");
	else if (addr_is_shared(&carrier->seen))
		*why = _("the address seen from outside is itself of the range that carriers use "
			 "behind a NAT of their own (100.64.0.0/10)");
	/* Shared addresses deeper in the carrier's network are no NAT by themselves; straight
	 * behind the site's routers they are what a customer behind one gets. */
	else if (carrier->present == KNOWN_YES &&
		 (addr_is_shared(&hop[0]) || (addr_is_private(&hop[0]) && addr_is_shared(&hop[1]))))
		*why = _("the next router behind the site has an address of the range that "
			 "carriers use behind a NAT of their own (100.64.0.0/10), and yet the "
			 "address seen from outside is public");
	if (*why)
		return KNOWN_YES;
	return carrier->present == KNOWN_NO ? KNOWN_NO : KNOWN_NOT;
}
