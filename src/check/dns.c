/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do the provider's names lead to the right place? RFC 3263 as each resolver of the site sees it,
 * and public-dns. */
#include "check/dns.h"
#include "check/target.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/text.h"

#define RESOLV_CONF "/etc/resolv.conf"

enum { TEXT_MAX = 1024 };

/* Bytes from the network as a JSON text; jansson takes valid UTF-8 only. */
static json_t *text_value(const char *bytes)
{
	char *safe = text_safe(bytes, strlen(bytes), TEXT_MAX);
	json_t *value = json_string(safe);

	free(safe);
	return value;
}

static void put(json_t *object, const char *key, json_t *value_take)
{
	if (json_object_set_new(object, key, value_take))
		abort(); /* out of memory */
}

static void append(json_t *list, json_t *value_take)
{
	if (json_array_append_new(list, value_take))
		abort();
}

/* "." is how people write the root. */
static json_t *name_value(const char *name)
{
	return text_value(*name ? name : ".");
}

static json_t *naptr_value(const struct dns_record *record)
{
	json_t *value = json_object();

	put(value, "order", json_integer(record->order));
	put(value, "preference", json_integer(record->preference));
	put(value, "flags", text_value(record->flags));
	put(value, "service", text_value(record->service));
	put(value, "replacement", name_value(record->name));
	return value;
}

static json_t *srv_value(const char *service, const struct dns_record *record)
{
	json_t *value = json_object();

	put(value, "service", text_value(service));
	put(value, "priority", json_integer(record->order));
	put(value, "weight", json_integer(record->preference));
	put(value, "port", json_integer(record->port));
	put(value, "target", name_value(record->name));
	return value;
}

/* True if the answer tells what there is, if only nothing. */
static bool is_known(const struct dns_answer *answer)
{
	return answer->state == DNS_OK || answer->state == DNS_NO_DATA ||
	       answer->state == DNS_NO_NAME;
}

static void tell_naptr(struct sink *sink, const struct located *located)
{
	json_t *list;

	if (located->naptr && !is_known(located->naptr))
		return;
	list = json_array();
	for (size_t i = 0; located->naptr && i < located->naptr->count; i++)
		append(list, naptr_value(&located->naptr->record[i]));
	sink_fact_take(sink, "dns.naptr", list);
}

static void tell_srv(struct sink *sink, const struct located *located)
{
	json_t *list = json_array();
	bool known = !located->services;

	for (size_t i = 0; i < located->services; i++) {
		const struct dns_answer *srv = located->srv[i];

		known = known || is_known(srv);
		for (size_t j = 0; j < srv->count; j++)
			append(list, srv_value(srv->name, &srv->record[j]));
	}
	if (known)
		sink_fact_take(sink, "dns.srv", list);
	else
		json_decref(list);
}

static bool holds(const json_t *list, const char *text)
{
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
		if (!strcmp(json_string_value(value), text))
			return true;
	return false;
}

static void add_addresses(json_t *list, const struct located *located)
{
	char text[ADDR_TEXT];

	for (size_t i = 0; i < located->targets.count; i++)
		if (!holds(list, addr_host_text(text, &located->targets.target[i].addr)))
			append(list, json_string(text));
}

static const char *state_text(enum dns_state state)
{
	switch (state) {
	case DNS_OK: return "ok";
	case DNS_UNREACHABLE: return "unreachable";
	case DNS_REFUSED: return "refused";
	case DNS_FAILED: return "failed";
	case DNS_NONSENSE: return "nonsense";
	default: return "silent";
	}
}

static void tell_resolvers(const struct dns_picture *picture, struct sink *sink)
{
	json_t *list = json_array();

	for (size_t i = 0; i < picture->sources; i++) {
		const struct dns_source *source = &picture->source[i];
		json_t *value;

		if (source->outside)
			continue;
		value = json_object();
		put(value, "address", json_string(source->name));
		put(value, "rtt-ms",
		    source->state == DNS_OK ? json_integer(source->ms) : json_string("unknown"));
		put(value, "state", json_string(state_text(source->state)));
		append(list, value);
	}
	sink_fact_take(sink, "dns.resolvers", list);
	if (dns_outside(picture))
		sink_fact_text(sink, "dns.public-resolver",
			       state_text(dns_outside(picture)->state));
}

/* What the names gave, as the site's best resolver has it; the SIP records are those of the first
 * name. What nobody could tell is left to the runner, which says "unknown". */
static void tell_names(const struct dns_picture *picture, struct sink *sink)
{
	const struct dns_source *best = dns_best(picture, 0);
	json_t *addresses = json_array();

	if (best) {
		tell_naptr(sink, &best->located[0]);
		tell_srv(sink, &best->located[0]);
	}
	for (size_t i = 0; i < picture->subjects; i++)
		if (dns_best(picture, i))
			add_addresses(addresses, &dns_best(picture, i)->located[i]);
	if (best)
		sink_fact_take(sink, "dns.addresses", addresses);
	else
		json_decref(addresses);
}

static void sum_up(const struct dns_picture *picture, struct sink *sink)
{
	const struct dns_source *best = dns_best(picture, 0), *outside = dns_outside(picture);
	const char *host = picture->subject[0].query.host;
	const char *compared =
		!outside ? ""
		: outside->state == DNS_OK
			? _("; compared with the public DNS")
			: _("; the public DNS server gave no answer to compare with");
	char text[ADDR_TEXT];

	if (!best)
		sink_summary(sink, _("no DNS server of this site answers%s"), compared);
	else if (!best->located[0].targets.count)
		sink_summary(sink, _("no address for %s%s"), host, compared);
	else
		sink_summary(sink, _("%s is %s, answered in %u ms%s"), host,
			     addr_host_text(text, &best->located[0].targets.target[0].addr),
			     best->ms, compared);
}

enum check_state dns_check(const struct site *site, struct sink *sink,
			   const struct dns_servers *servers)
{
	struct dns_picture picture;
	const enum err err = dns_gather(&picture, site, servers);

	if (err) {
		sink_why(sink, _("The DNS look-ups could not begin: %s."), err_text(err));
		dns_picture_clear(&picture);
		return CHECK_FAILED;
	}
	sink_progress(sink, 0.6, _("comparing what the DNS servers say"));
	dns_look(&picture);
	tell_names(&picture, sink);
	tell_resolvers(&picture, sink);
	dns_judge(&picture, sink);
	sum_up(&picture, sink);
	sink_progress(sink, 1, NULL);
	dns_picture_clear(&picture);
	return CHECK_DONE;
}

static enum check_state run(const struct site *site, struct sink *sink)
{
	struct dns_servers servers;

	servers.count = dns_system_servers(servers.addr, RESOLV_CONF);
	sink_progress(sink, 0.1, _("asking the DNS servers"));
	return dns_check(site, sink, &servers);
}

static bool is_literal(const char *host)
{
	struct addr addr;

	return !addr_parse(&addr, host, 0);
}

static const char *why_not(const struct site *site)
{
	const char *host = target_server(site)->host;

	if (host && !is_literal(host))
		return NULL;
	for (size_t i = 0; i < site->stun_count; i++)
		if (!is_literal(site->stun[i].host))
			return NULL;
	return host ? N_("the provider is named by its address, so there is no name to look up")
		    : N_("no provider domain is named");
}

static const char *const facts[] = { "dns.naptr",           "dns.srv",
				     "dns.addresses",       "dns.resolvers",
				     "dns.public-resolver", NULL };

const struct check check_dns = {
	.name = "dns",
	.title = N_("DNS"),
	.about =
		N_("Looks up the provider's names at every DNS server of this site, and compares."),
	.seconds = 15,
	.facts = facts,
	.why_not = why_not,
	.run = run,
};
