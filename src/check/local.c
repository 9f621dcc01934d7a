/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This computer: its system, its interfaces, the way to the provider as the kernel would take it,
 * its clock, and its own firewall as far as it shows. */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/text.h"
#include "check/check.h"
#include "check/local_clock.h"
#include "check/local_firewall.h"
#include "check/local_way.h"
#include "check/target.h"
#include "net/wireless.h"

enum {
	LOOK_UP_MS = 5000,
	OS_RELEASE_MAX = 64 << 10,
	INTERFACES_MAX = 64, /* entries of net.interfaces; a host of containers has thousands */
	NAME_MAX_BYTES = 64, /* an interface's name, made safe */
	WEAK_DBM = -70,
	SIP_PORT = 5060,
	SIP_NAMES_MS = 3000,
	TURN_MS = 500,        /* of waiting for the ICMP turn before the result is told */
	TURN_LATE_MS = 60000, /* and after */
	TURN_LOOK_MS = 100,
};

/* The value of a line NAME="value" of os-release(5), its quotes and escapes taken off. */
static char *os_value(struct slice line)
{
	char *value = mem_new(line.left + 1, 1);
	uint8_t quote = 0;
	size_t length = 0;

	if (line.left && (line.at[0] == '"' || line.at[0] == '\''))
		quote = line.at[0];
	for (size_t i = quote ? 1 : 0; i < line.left && !(quote && line.at[i] == quote); i++) {
		if (line.at[i] == '\\' && quote != '\'' && i + 1 < line.left)
			i++;
		value[length++] = (char)line.at[i];
	}
	return value;
}

/* NULL where the file is not there or does not say. */
static char *read_os_name(const char *path)
{
	static const char key[] = "PRETTY_NAME=";
	struct slice text, line;
	char *data, *name = NULL;
	size_t length;

	if (file_read(&data, &length, path, OS_RELEASE_MAX))
		return NULL;
	text = slice_of(data, length);
	while (!name && !slice_line(&line, &text))
		if (slice_starts(line, key) && !slice_skip(&line, sizeof key - 1) &&
		    slice_trim(line).left)
			name = os_value(slice_trim(line));
	free(data);
	return name;
}

static void tell_host(struct sink *sink)
{
	struct utsname system;
	char *name = read_os_name("/etc/os-release");
	char *os;

	if (uname(&system)) {
		free(name);
		return;
	}
	if (!name)
		name = read_os_name("/usr/lib/os-release");
	os = mem_printf("%s%s%s %s", name ? name : "", name ? ", " : "", system.sysname,
			system.release);
	sink_fact_text(sink, "host.os", os);
	sink_fact_text(sink, "host.name", system.nodename);
	free(os);
	free(name);
}

static bool has_default(const struct iface *iface, int family)
{
	return family == AF_INET ? iface->default_v4 : iface->default_v6;
}

/* An address that only reaches the link's own neighbours says nothing about the way out. */
static bool is_link_local(const struct addr *addr)
{
	return addr_family(addr) == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&addr->sa.v6.sin6_addr);
}

static void add_interface(json_t *entries, const struct iface *iface)
{
	char *name = text_safe(iface->name, strlen(iface->name), NAME_MAX_BYTES);

	for (size_t i = 0; i < iface->addr_count && json_array_size(entries) < INTERFACES_MAX;
	     i++) {
		const struct addr *addr = &iface->addr[i];
		const bool leads_out = has_default(iface, addr_family(addr));
		char text[ADDR_TEXT];

		if (!is_link_local(addr))
			json_array_append_new(entries,
					      json_pack("{s:s, s:s, s:s}", "interface", name,
							"address", addr_host_text(text, addr),
							"default-route", leads_out ? "yes" : "no"));
	}
	free(name);
}

static bool is_in_use(const struct iface *iface)
{
	return iface->up && !iface->loopback;
}

static void tell_interfaces(struct sink *sink, const struct iface_list *list)
{
	json_t *entries = json_array();

	for (size_t i = 0; i < list->count; i++)
		if (is_in_use(&list->iface[i]))
			add_interface(entries, &list->iface[i]);
	sink_fact_take(sink, "net.interfaces", entries);
}

static void tell_way(struct sink *sink, const struct way *way, const struct iface *iface)
{
	const struct iface_route *route = &way->route;
	const unsigned mtu = route->mtu ? route->mtu : iface->mtu;
	char text[ADDR_TEXT];

	sink_fact_text(sink, "net.interface", iface->name);
	sink_fact_text(sink, "net.address", addr_host_text(text, &route->source));
	sink_fact_text(sink, "net.gateway",
		       addr_is_set(&route->gateway) ? addr_host_text(text, &route->gateway)
						    : "none");
	if (mtu)
		sink_fact_number(sink, "net.mtu", mtu);
	sink_fact_text(sink, "net.kind", iface_kind_text(iface->kind));
}

/* "the provider's sip.example.com (198.51.100.10)"; the caller frees. */
static char *destination(const struct way *way)
{
	char text[ADDR_TEXT];

	if (way->host)
		return mem_printf(_("the provider's %s (%s)"), way->host,
				  addr_host_text(text, &way->to));
	if (way->unresolved)
		return mem_printf(_("the Internet (the address of %s could not be found)"),
				  way->unresolved);
	return mem_text(_("the Internet (no provider is named)"));
}

static void sum_up(struct sink *sink, const struct way *way, const struct iface *iface)
{
	char *where = destination(way);
	char text[ADDR_TEXT];

	if (iface && !iface->up)
		sink_summary(sink, _("the link of %s, which leads to %s, is down"), iface->name,
			     where);
	else if (iface)
		sink_summary(sink, _("%s%s%s, %s, leads to %s"), iface->name,
			     iface->kind ? ", " : "",
			     iface->kind ? iface_kind_text(iface->kind) : "",
			     addr_host_text(text, &way->route.source), where);
	else
		sink_summary(sink, _("there is no route to %s"), where);
	free(where);
}

static bool leads_out(const struct iface *iface)
{
	return is_in_use(iface) && (iface->default_v4 || iface->default_v6);
}

static void say_why_no_route(struct finding *finding, const struct way *way,
			     const struct iface_list *list, const struct iface *iface)
{
	char *where = destination(way);
	size_t in_use = 0;

	for (size_t i = 0; i < list->count; i++)
		in_use += is_in_use(&list->iface[i]);
	if (iface)
		finding_evidence(finding,
				 _("The route to %s leaves by %s, whose link is down: no cable, no "
				   "connection."),
				 where, iface->name);
	else
		finding_evidence(finding, _("There is no route to %s."), where);
	if (in_use)
		finding_evidence(finding,
				 _("Of %zu network interfaces in use none has a default route."),
				 in_use);
	else
		finding_evidence(
			finding,
			_("No network interface is in use: no cable, no Wi-Fi connection."));
	free(where);
}

/* `iface` is the one that the way leaves by; a route stays in the table when the cable is pulled
 * out. */
static void find_no_route(struct sink *sink, const struct way *way, const struct iface_list *list,
			  const struct iface *iface)
{
	struct finding *finding;

	if (iface && (iface->up || iface->loopback))
		return;
	for (size_t i = 0; i < list->count; i++)
		if (leads_out(&list->iface[i]))
			return;
	finding = finding_new("no-default-route");
	say_why_no_route(finding, way, list, iface);
	sink_finding_take(sink, finding);
}

/* A tunnel beside the line it runs over is no second way out; find_tunnel() looks at that. */
static bool counts(const struct iface *iface, int family)
{
	return is_in_use(iface) && iface->kind != IFACE_VPN && has_default(iface, family);
}

static const char *first_address(char text[static ADDR_TEXT], const struct iface *iface, int family)
{
	for (size_t i = 0; i < iface->addr_count; i++)
		if (addr_family(&iface->addr[i]) == family && !is_link_local(&iface->addr[i]))
			return addr_host_text(text, &iface->addr[i]);
	return _("no address");
}

static size_t count_ways(const struct iface_list *list, int family)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += counts(&list->iface[i], family);
	return count;
}

static void name_ways(struct finding *finding, const struct iface_list *list, int family)
{
	char text[ADDR_TEXT];

	for (size_t i = 0; i < list->count; i++)
		if (counts(&list->iface[i], family))
			finding_evidence(finding, _("%s has a default route for IPv%d, with %s."),
					 list->iface[i].name, family == AF_INET ? 4 : 6,
					 first_address(text, &list->iface[i], family));
}

/* IPv4 by one interface and IPv6 by another is no choice that a phone has to make. */
static void find_several(struct sink *sink, const struct iface_list *list)
{
	const bool several_v4 = count_ways(list, AF_INET) > 1,
		   several_v6 = count_ways(list, AF_INET6) > 1;
	struct finding *finding;

	if (!several_v4 && !several_v6)
		return;
	finding = finding_new("multiple-interfaces");
	if (several_v4)
		name_ways(finding, list, AF_INET);
	if (several_v6)
		name_ways(finding, list, AF_INET6);
	sink_finding_take(sink, finding);
}

static void find_tunnel(struct sink *sink, const struct way *way, const struct iface *iface)
{
	struct finding *finding;
	char *where;

	if (iface->kind != IFACE_VPN)
		return;
	where = destination(way);
	finding = finding_new("vpn-carries-voice");
	finding_evidence(finding, _("%s is a tunnel, and the route to %s leaves by it."),
			 iface->name, where);
	free(where);
	sink_finding_take(sink, finding);
}

static void find_weak_wifi(struct sink *sink, const struct iface *iface)
{
	struct finding *finding;
	int dbm;

	if (iface->kind != IFACE_WIFI || wireless_signal(&dbm, iface->index) || dbm >= WEAK_DBM)
		return;
	finding = finding_new("wifi-weak");
	finding_evidence(finding, _("The signal on %s is %d dBm; %d or better is needed."),
			 iface->name, dbm, WEAK_DBM);
	sink_finding_take(sink, finding);
}

static void find_faults(struct sink *sink, const struct way *way, const struct iface_list *list,
			const struct iface *iface)
{
	find_no_route(sink, way, list, iface);
	find_several(sink, list);
	if (iface) {
		find_tunnel(sink, way, iface);
		find_weak_wifi(sink, iface);
	}
}

/* The SIP servers over UDP; none where their names could not be looked up a moment ago. */
static void find_sip(struct sip_targets *out, const struct site *site, const struct way *way)
{
	const struct deadline until = deadline_in(SIP_NAMES_MS);
	struct sip_query query = target_query(site);

	*out = (struct sip_targets){ 0 };
	if (!query.host || way->unresolved)
		return;
	query.transports = 1U << SIP_UDP;
	if (query.port && site->transport == TRANSPORT_TLS)
		query.port = SIP_PORT;
	if (resolver_sip(out, &query, &until))
		*out = (struct sip_targets){ 0 };
}

/* Where others have the routers' attention for long, the result is told before. */
static void look_at_firewall(const struct site *site, const struct sip_targets *sip,
			     struct sink *sink)
{
	const struct deadline soon = deadline_in(TURN_MS), late = deadline_in(TURN_LATE_MS);
	bool done = local_firewall(site, sip, sink, &soon), last = false;

	if (!done)
		sink_settled(sink, CHECK_DONE);
	while (!done && !last) {
		const struct deadline look = deadline_in(TURN_LOOK_MS);

		last = deadline_passed(&late) || check_hurried(site->hurry);
		done = local_firewall(site, sip, sink, &look);
	}
}

static void look_further(const struct site *site, struct sink *sink, const struct way *way)
{
	struct sip_targets sip;

	if (!way->found)
		return;
	sink_progress(sink, 0.5, N_("comparing the clock"));
	find_sip(&sip, site, way);
	local_clock(site, &sip, sink);
	sink_progress(sink, 0.9, N_("trying whether this computer lets SIP and voice out"));
	look_at_firewall(site, &sip, sink);
	sip_targets_clear(&sip);
}

static enum check_state look_round(const struct site *site, struct sink *sink,
				   const struct iface_list *list)
{
	const struct iface *wanted =
		site->interface ? iface_find_name(list, site->interface) : NULL;
	const struct deadline until = deadline_in(LOOK_UP_MS);
	const struct iface *iface;
	struct way way;

	tell_interfaces(sink, list);
	if (site->interface && !wanted) {
		sink_why(sink, _("there is no network interface %s"), site->interface);
		return CHECK_FAILED;
	}
	sink_progress(sink, 0.3, _("looking for the way to the provider"));
	way_find(&way, site, wanted ? wanted->index : 0, &until);
	iface = way.found ? iface_find(list, way.route.index) : NULL;
	if (iface)
		tell_way(sink, &way, iface);
	find_faults(sink, &way, list, iface);
	sum_up(sink, &way, iface);
	look_further(site, sink, &way);
	return CHECK_DONE;
}

static enum check_state run(const struct site *site, struct sink *sink)
{
	struct iface_list list;
	enum check_state state;
	enum err err;

	sink_progress(sink, 0, _("looking at this computer"));
	tell_host(sink);
	err = iface_list_load(&list);
	if (err) {
		sink_why(sink, _("the system does not tell of its network interfaces (%s)"),
			 err_text(err));
		return CHECK_FAILED;
	}
	state = look_round(site, sink, &list);
	iface_list_clear(&list);
	return state;
}

static const char *const facts[] = {
	"host.os", "host.name", "net.interface",  "net.address",          "net.gateway",
	"net.mtu", "net.kind",  "net.interfaces", "clock.offset-seconds", NULL,
};

const struct check check_local = {
	.name = "local",
	.title = N_("This computer"),
	.about = N_(
		"Looks at this computer's network interfaces, clock and firewall, and the way to "
		"the provider."),
	.seconds = 20,
	.facts = facts,
	.run = run,
};
