/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fact.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

static const struct fact_kind kinds[] = {
	{ "host.os", "local", N_("Operating system") },
	{ "host.name", "local", N_("Name of this computer") },
	{ "net.interface", "local", N_("Interface towards the provider") },
	{ "net.address", "local", N_("Address of this computer") },
	{ "net.gateway", "local", N_("Router (gateway)") },
	{ "net.mtu", "local", N_("Largest packet (MTU, bytes)") },
	{ "net.kind", "local", N_("Kind of network") },
	{ "net.interfaces", "local", N_("All interfaces") },
	{ "router.vendor", "router", N_("Router's maker") },
	{ "router.model", "router", N_("Router's model") },
	{ "router.external-address", "router", N_("Router's outside address") },
	{ "dns.naptr", "dns", N_("DNS: NAPTR records") },
	{ "dns.srv", "dns", N_("DNS: SRV records") },
	{ "dns.addresses", "dns", N_("DNS: addresses of the SIP server") },
	{ "dns.resolvers", "dns", N_("DNS servers in use") },
	{ "dns.public-resolver", "dns", N_("Public DNS server, for comparison") },
	{ "udp.open", "stun", N_("UDP gets out and back") },
	{ "nat.present", "stun", N_("Behind NAT") },
	{ "nat.mapping", "stun", N_("NAT mapping (RFC 4787)") },
	{ "nat.filtering", "stun", N_("NAT filtering (RFC 4787)") },
	{ "nat.type", "stun", N_("NAT type (classic)") },
	{ "nat.public-address", "stun", N_("Public address") },
	{ "nat.port-preserved", "stun", N_("NAT keeps the port") },
	{ "nat.hairpin", "stun", N_("NAT loops back inside (hairpin)") },
	{ "nat.binding-seconds", "stun", N_("NAT keeps an idle UDP mapping (seconds)") },
	{ "nat.layers", "stun", N_("Number of NATs") },
	{ "nat.cgnat", "stun", N_("Carrier-grade NAT") },
	{ "nat6.mapping", "stun", N_("IPv6: mapping") },
	{ "nat6.filtering", "stun", N_("IPv6: filtering") },
	{ "nat6.type", "stun", N_("IPv6: NAT type (classic)") },
	{ "nat6.public-address", "stun", N_("IPv6: public address") },
	{ "turn.state", "turn", N_("TURN") },
	{ "turn.transport", "turn", N_("TURN transport") },
	{ "turn.transports", "turn", N_("TURN over each transport") },
	{ "turn.added-ms", "turn", N_("Delay that the relay adds (ms)") },
	{ "sip.udp", "ports", N_("SIP over UDP") },
	{ "sip.tcp", "ports", N_("SIP over TCP") },
	{ "sip.tls", "ports", N_("SIP over TLS") },
	{ "sip.server", "ports", N_("SIP server says it is") },
	{ "tls.version", "ports", N_("TLS version") },
	{ "tls.subject", "ports", N_("TLS certificate of") },
	{ "tls.expires", "ports", N_("TLS certificate expires") },
	{ "tls.verify", "ports", N_("TLS certificate check") },
	{ "rtp.out", "ports", N_("Voice (RTP) out of the site") },
	{ "rtp.in", "ports", N_("Voice (RTP) into the site") },
	{ "rtp.blocked-ports", "ports", N_("RTP ports blocked") },
	{ "rtp.blocked-hop", "ports", N_("RTP blocked at hop") },
	{ "sip-alg", "alg", N_("SIP ALG (router rewrites SIP)") },
	{ "sip-alg.hop", "alg", N_("SIP ALG at hop") },
	{ "sip-alg.changed", "alg", N_("SIP ALG changes") },
	{ "sip-alg.methods", "alg", N_("SIP ALG touches") },
	{ "sip-alg.eaten-before-hop", "alg", N_("SIP vanishes before hop") },
	{ "quality.rtt-ms", "quality", N_("Round trip (ms)") },
	{ "quality.jitter-ms", "quality", N_("Jitter (ms)") },
	{ "quality.loss-pct", "quality", N_("Loss (%)") },
	{ "quality.loss-out-pct", "quality", N_("Loss on the way out (%)") },
	{ "quality.loss-in-pct", "quality", N_("Loss on the way back (%)") },
	{ "quality.mos", "quality", N_("Expected voice quality (MOS)") },
	{ "quality.loaded-rtt-ms", "quality", N_("Round trip under load (ms)") },
	{ "clock.offset-seconds", "local", N_("This computer's clock is off by (seconds)") },
};

const struct fact_kind *fact_kind_at(size_t index)
{
	return index < sizeof kinds / sizeof *kinds ? &kinds[index] : NULL;
}

const struct fact_kind *fact_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

void facts_init(struct facts *facts)
{
	facts->values = json_object();
}

void facts_clear(struct facts *facts)
{
	json_decref(facts->values);
	facts->values = NULL;
}

void facts_set_take(struct facts *facts, const char *name, json_t *value)
{
	json_object_set_new(facts->values, name, value);
}

void facts_set_text(struct facts *facts, const char *name, const char *value)
{
	facts_set_take(facts, name, json_string(value));
}

const json_t *facts_get(const struct facts *facts, const char *name)
{
	return json_object_get(facts->values, name);
}

const char *facts_text(const struct facts *facts, const char *name)
{
	const char *text = json_string_value(facts_get(facts, name));

	return text ? text : "unknown";
}

bool facts_known(const struct facts *facts, const char *name)
{
	const json_t *value = facts_get(facts, name);

	return value && !(json_is_string(value) && !strcmp(json_string_value(value), "unknown"));
}

static bool value_is(const json_t *value, const char *text)
{
	char number[32];
	size_t index;
	const json_t *item;

	if (json_is_string(value))
		return !strcmp(json_string_value(value), text);
	if (json_is_number(value)) {
		snprintf(number, sizeof number, "%.10g", json_number_value(value));
		return !strcmp(number, text);
	}
	json_array_foreach(value, index, item)
		if (value_is(item, text))
			return true;
	return false;
}

bool facts_is(const struct facts *facts, const char *name, const char *value)
{
	return value_is(facts_get(facts, name), value);
}

double facts_number(const struct facts *facts, const char *name, double otherwise)
{
	const json_t *value = facts_get(facts, name);

	return json_is_number(value) ? json_number_value(value) : otherwise;
}

/* Words without end are cut: a list of a thousand records is no reading matter. */
enum { WORDS_MAX = 2000 };

static enum err add_words(struct buf *out, const json_t *value);

/* "address 192.0.2.53 state ok" */
static enum err add_members(struct buf *out, json_t *object)
{
	const char *key, *gap = "";
	json_t *item;
	enum err err = ERR_NONE;

	json_object_foreach(object, key, item) {
		if (!err)
			err = buf_printf(out, "%s%s ", gap, key);
		if (!err)
			err = add_words(out, item);
		gap = " ";
	}
	return err;
}

static enum err add_words(struct buf *out, const json_t *value)
{
	const json_t *item;
	size_t index;
	enum err err = ERR_NONE;

	if (json_is_string(value))
		return buf_add_text(out, json_string_value(value));
	if (json_is_number(value))
		return buf_printf(out, "%.10g", json_number_value(value));
	if (json_is_boolean(value))
		return buf_add_text(out, json_is_true(value) ? "yes" : "no");
	if (json_is_object(value))
		return add_members(out, (json_t *)(uintptr_t)value);
	json_array_foreach(value, index, item) {
		if (!err && index)
			err = buf_add_text(out, ", ");
		if (!err)
			err = add_words(out, item);
	}
	return err;
}

char *fact_words(const json_t *value)
{
	struct buf out;
	char *words;
	enum err err;

	buf_init(&out, WORDS_MAX);
	err = add_words(&out, value);
	words = mem_printf("%s%s", buf_text(&out), err == ERR_FULL ? " ..." : "");
	buf_clear(&out);
	return words;
}
