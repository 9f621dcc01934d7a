/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The router on the wall: what it says of itself by UPnP and NAT-PMP, else what its network card's
 * address tells. It is only asked; nothing is ever changed in it. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/slice.h"
#include "check/check.h"
#include "check/router_judge.h"
#include "check/router_oui.h"
#include "net/icmp.h"
#include "net/iface.h"
#include "net/igd.h"

enum {
	UPNP_MS = 2900, /* with the search, and with NAT-PMP less than four seconds */
	NATPMP_MS = 1000,
	TURN_MS = 500,       /* of waiting for the ICMP turn before UPnP, */
	TURN_LATE_MS = 3000, /* and after it, where it did not tell */
	ARP_MAX = 256 << 10,
	SIP_FIRST = 5060,
	SIP_LAST = 5061,
};

struct router {
	struct addr gateway;
	struct igd igd;
	bool upnp;
	char mac[OUI_MAC_TEXT];
	const char *vendor; /* by the card; NULL: not known */
	struct addr outside;
};

/* The way that most of the Internet takes. 192.0.2.1 belongs to nobody (RFC 5737), and nothing is
 * sent. */
static enum err find_gateway(struct addr *out, const struct site *site)
{
	struct iface_list list = { 0 };
	const struct iface *wanted = NULL;
	struct iface_route route;
	struct addr anywhere;
	enum err err = addr_parse(&anywhere, "192.0.2.1", 0);

	if (!err && site->interface) {
		err = iface_list_load(&list);
		wanted = err ? NULL : iface_find_name(&list, site->interface);
		if (!err && !wanted)
			err = ERR_NOT_FOUND;
	}
	if (!err)
		err = iface_route(&route, &anywhere, wanted ? wanted->index : 0);
	iface_list_clear(&list);
	if (!err && addr_family(&route.gateway) != AF_INET)
		err = ERR_NOT_FOUND;
	if (!err)
		*out = route.gateway;
	return err;
}

static void look_at_card(struct router *router)
{
	size_t length;
	char *table;

	if (file_read(&table, &length, "/proc/net/arp", ARP_MAX))
		return;
	if (router_oui_neighbour(router->mac, slice_of(table, length), &router->gateway))
		router->vendor = router_oui_vendor(router->mac);
	else
		router->mac[0] = 0;
	free(table);
}

static void take_outside(struct router *router, const struct addr *outside)
{
	if (router_outside_is_usable(outside, &router->gateway))
		router->outside = *outside;
}

/* A router without NAT-PMP says so with an ICMP error, one of the few that it has to give. False:
 * it was not asked, for others need them. */
static bool ask_natpmp(struct router *router, const struct site *site, int64_t patience_ms)
{
	const struct deadline turn = deadline_in(patience_ms);
	struct deadline until;
	struct addr outside;
	bool spent;

	if (icmp_turn_take(site->icmp, &turn))
		return false;
	spent = !icmp_spend(site->icmp, 1, clock_ms());
	icmp_turn_leave(site->icmp);
	if (!spent)
		return false;
	until = deadline_in(NATPMP_MS);
	if (!natpmp_outside(&outside, &router->gateway, &until))
		take_outside(router, &outside);
	return true;
}

static void ask(struct router *router, const struct site *site, struct sink *sink)
{
	struct deadline upnp;
	bool asked;

	sink_progress(sink, 0.1, N_("asking the router what it is"));
	asked = ask_natpmp(router, site, TURN_MS);
	sink_progress(sink, 0.4, NULL);
	upnp = deadline_in(UPNP_MS);
	router->upnp = !igd_ask(&router->igd, &router->gateway, site->interface, &upnp);
	take_outside(router, &router->igd.outside);
	if (!asked && !addr_is_set(&router->outside))
		ask_natpmp(router, site, TURN_LATE_MS);
	look_at_card(router);
}

static const char *vendor_of(const struct router *router)
{
	return router->igd.vendor[0] ? router->igd.vendor : router->vendor;
}

static void tell_facts(struct sink *sink, const struct router *router)
{
	char text[ADDR_TEXT];

	sink_fact_text(sink, "router.vendor", vendor_of(router));
	sink_fact_text(sink, "router.model", router->igd.model);
	if (addr_is_set(&router->outside))
		sink_fact_text(sink, "router.external-address",
			       addr_host_text(text, &router->outside));
}

static bool is_about_voice(const struct igd_mapping *mapping, const struct site *site)
{
	const uint16_t port = mapping->outside;

	return (port >= SIP_FIRST && port <= SIP_LAST) ||
	       (site->rtp_first && port >= site->rtp_first && port <= site->rtp_last);
}

static void add_mappings(struct finding *finding, const struct router *router,
			 const struct site *site)
{
	for (size_t i = 0; i < router->igd.mappings; i++) {
		const struct igd_mapping *mapping = &router->igd.mapping[i];
		char host[ADDR_TEXT];

		if (is_about_voice(mapping, site))
			finding_evidence(finding, _("It sends %s port %u on to port %u of %s."),
					 mapping->protocol, mapping->outside, mapping->inside,
					 addr_is_set(&mapping->host)
						 ? addr_host_text(host, &mapping->host)
						 : _("somebody inside"));
	}
}

/* "maker "NETGEAR, Inc.", model "R7000"": what it tells of itself, and no more. The caller frees.
 */
static char *own_words(const struct igd *igd)
{
	const struct {
		const char *what, *said;
	} words[] = { { "maker", igd->vendor },
		      { "model", igd->model },
		      { "number", igd->number },
		      { "name", igd->name } };
	char *all = mem_text("");

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char *before = all;

		if (!words[i].said[0])
			continue;
		all = mem_printf("%s%s%s \"%s\"", before, *before ? ", " : "", words[i].what,
				 words[i].said);
		free(before);
	}
	return all;
}

static void find_identity(struct sink *sink, const struct router *router, const struct site *site)
{
	char *words = own_words(&router->igd);
	char gateway[ADDR_TEXT];
	struct finding *finding;

	if (*words || router->vendor) {
		finding = finding_new("router-identified");
		finding_place(finding, 1, addr_host_text(gateway, &router->gateway));
		if (*words)
			finding_evidence(finding, _("By UPnP it says: %s."), words);
		if (!router->igd.vendor[0] && router->vendor)
			finding_evidence(finding, _("Its network card, %s, was made by %s."),
					 router->mac, router->vendor);
		add_mappings(finding, router, site);
		sink_finding_take(sink, finding);
	}
	free(words);
}

static void find_second_nat(struct sink *sink, const struct router *router)
{
	char outside[ADDR_TEXT], gateway[ADDR_TEXT];
	struct finding *finding;

	if (!addr_is_set(&router->outside) || !router_is_behind_nat(&router->outside))
		return;
	addr_host_text(outside, &router->outside);
	finding = finding_new("double-nat");
	finding_place(finding, 1, addr_host_text(gateway, &router->gateway));
	finding_evidence(finding,
			 _("The router (%s) says that its own outside address is %s, which is not "
			   "one of the Internet: there is another NAT behind it."),
			 gateway, outside);
	sink_finding_take(sink, finding);
}

static void sum_up(struct sink *sink, const struct router *router)
{
	char gateway[ADDR_TEXT], outside[ADDR_TEXT];
	const char *vendor = vendor_of(router);

	addr_host_text(gateway, &router->gateway);
	if (addr_is_set(&router->outside))
		addr_host_text(outside, &router->outside);
	if (!vendor && !addr_is_set(&router->outside))
		sink_summary(sink, _("The router (%s) does not tell what it is."), gateway);
	else
		sink_summary(sink, "%s%s%s (%s)%s%s", vendor ? vendor : _("A router"),
			     router->igd.model[0] ? " " : "", router->igd.model, gateway,
			     addr_is_set(&router->outside) ? _(", outside address ") : "",
			     addr_is_set(&router->outside) ? outside : "");
}

static enum check_state run(const struct site *site, struct sink *sink)
{
	struct router router = { 0 };

	if (site->family == AF_INET6 || find_gateway(&router.gateway, site)) {
		sink_why(sink, _("this computer has no IPv4 router to ask"));
		return CHECK_SKIPPED;
	}
	ask(&router, site, sink);
	tell_facts(sink, &router);
	find_identity(sink, &router, site);
	find_second_nat(sink, &router);
	sum_up(sink, &router);
	return CHECK_DONE;
}

static const char *const facts[] = {
	"router.vendor",
	"router.model",
	"router.external-address",
	NULL,
};

const struct check check_router = {
	.name = "router",
	.title = N_("Router"),
	.about = N_("Asks the router what it is, by UPnP and NAT-PMP; changes nothing in it."),
	.seconds = 10,
	.facts = facts,
	.run = run,
};
