/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/site.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/text.h"
#include "model/site_key.h"

enum {
	VALUE_MAX = 1024,
	STUN_PORT = 3478,
	NTP_PORT = 123,
	KEEP_ALIVE_MAX = 86400,
	HOST_MAX = 253, /* RFC 1035, 2.3.4 as text */
};

void site_init(struct site *site)
{
	*site = (struct site){ 0 };
	facts_init(&site->facts);
}

void host_port_clear(struct host_port *host_port)
{
	free(host_port->host);
	*host_port = (struct host_port){ 0 };
}

static void clear_stun(struct site *site)
{
	for (size_t i = 0; i < site->stun_count; i++)
		host_port_clear(&site->stun[i]);
	site->stun_count = 0;
}

void site_clear(struct site *site)
{
	char *const texts[] = { site->name,         site->domain_text,
				site->support,      site->user,
				site->auth_user,    site->password_file,
				site->echo_number,  site->turn,
				site->turn_user,    site->turn_password_file,
				site->codecs,       site->public_dns,
				site->interface,    site->secret,
				site->capture.file, site->capture.phone,
				site->capture.at };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free(texts[i]);
	host_port_clear(&site->domain);
	host_port_clear(&site->proxy);
	host_port_clear(&site->responder);
	host_port_clear(&site->media);
	host_port_clear(&site->ntp);
	clear_stun(site);
	facts_clear(&site->facts);
	*site = (struct site){ 0 };
}

static bool is_host_name(const char *text)
{
	size_t length =
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

	return length && length <= HOST_MAX && !text[length] && text[0] != '.' && text[0] != '-' &&
	       !strstr(text, "..");
}

/* A literal, perhaps with a port; a literal is kept without its brackets. */
static enum err parse_literal(struct host_port *out, const char *text, uint16_t port)
{
	struct addr addr;
	char host[ADDR_TEXT];
	enum err err = addr_parse_port(&addr, text, port);

	if (err)
		return err;
	*out = (struct host_port){ .host = mem_text(addr_host_text(host, &addr)),
				   .port = addr_port(&addr) };
	return ERR_NONE;
}

enum err host_port_parse(struct host_port *out, const char *text, uint16_t port)
{
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	unsigned long number = port;
	char *host;

	if (!parse_literal(out, text, port))
		return ERR_NONE;
	if (colon && (slice_number(&number, slice_of_text(colon + 1), UINT16_MAX) || !number))
		return ERR_SYNTAX;
	host = mem_text_n(text, length);
	/* "1.2.3" or "300.1.1.1": all digits and dots is a broken address, not a name. */
	if (!is_host_name(host) || !host[strspn(host, "0123456789.")]) {
		free(host);
		return ERR_SYNTAX;
	}
	*out = (struct host_port){ .host = host, .port = (uint16_t)number };
	return ERR_NONE;
}

char *host_port_text(const struct host_port *host_port)
{
	const bool v6 = strchr(host_port->host, ':');

	if (!host_port->port)
		return mem_text(host_port->host);
	return mem_printf(v6 ? "[%s]:%u" : "%s:%u", host_port->host, host_port->port);
}

static char **text_at(struct site *site, size_t offset)
{
	return (char **)((char *)site + offset);
}

static enum err set_text(struct site *site, size_t offset, const char *value)
{
	if (!text_is_safe(value) || strlen(value) > VALUE_MAX)
		return ERR_SYNTAX;
	mem_replace(text_at(site, offset), *value ? value : NULL);
	return ERR_NONE;
}

static char *get_text(const struct site *site, size_t offset)
{
	return mem_text(*(char *const *)((const char *)site + offset));
}

static enum err set_host(struct site *site, size_t offset, const char *value)
{
	struct host_port *at = (struct host_port *)((char *)site + offset);
	struct host_port parsed = { 0 };
	enum err err = *value ? host_port_parse(&parsed, value, 0) : ERR_NONE;

	if (err)
		return err;
	host_port_clear(at);
	*at = parsed;
	return ERR_NONE;
}

static char *get_host(const struct site *site, size_t offset)
{
	const struct host_port *at = (const struct host_port *)((const char *)site + offset);

	return at->host ? host_port_text(at) : NULL;
}

static enum err set_domain(struct site *site, size_t offset, const char *value)
{
	enum err err = set_host(site, offset, value);

	if (!err)
		mem_replace(&site->domain_text, *value ? value : NULL);
	return err;
}

static enum err set_transport(struct site *site, size_t offset, const char *value)
{
	(void)offset;
	for (enum transport t = TRANSPORT_AUTO; t <= TRANSPORT_TLS; t++) {
		if (!strcmp(value, transport_text(t))) {
			site->transport = t;
			return ERR_NONE;
		}
	}
	return ERR_SYNTAX;
}

static char *get_transport(const struct site *site, size_t offset)
{
	(void)offset;
	return site->transport == TRANSPORT_AUTO ? NULL : mem_text(transport_text(site->transport));
}

/* One item of a comma-separated list, trimmed; false at the end. */
static bool next_item(struct slice *item, struct slice *list)
{
	if (!list->left)
		return false;
	if (slice_until(item, list, ',')) {
		*item = *list;
		list->left = 0;
	}
	*item = slice_trim(*item);
	return true;
}

static enum err set_stun(struct site *site, size_t offset, const char *value)
{
	struct slice list = slice_trim(slice_of_text(value)), item;
	struct site fresh = { 0 };
	enum err err = ERR_NONE;

	(void)offset;
	while (!err && next_item(&item, &list)) {
		char *text = mem_text_n((const char *)item.at, item.left);
		const char *host = !strncmp(text, "stun:", 5) ? text + 5 : text;

		if (fresh.stun_count == SITE_STUN_MAX)
			err = ERR_RANGE;
		else
			err = host_port_parse(&fresh.stun[fresh.stun_count], host, STUN_PORT);
		if (!err)
			fresh.stun_count++;
		free(text);
	}
	if (err) {
		clear_stun(&fresh);
		return err;
	}
	clear_stun(site);
	memcpy(site->stun, fresh.stun, sizeof site->stun);
	site->stun_count = fresh.stun_count;
	return ERR_NONE;
}

static char *get_stun(const struct site *site, size_t offset)
{
	char *all = NULL;

	(void)offset;
	for (size_t i = 0; i < site->stun_count; i++) {
		char *one = host_port_text(&site->stun[i]);
		char *longer = all ? mem_printf("%s, %s", all, one) : mem_text(one);

		free(one);
		free(all);
		all = longer;
	}
	return all;
}

/* RFC 7065: turn:host[:port][?transport=udp|tcp], turns:… */
static enum err set_turn(struct site *site, size_t offset, const char *value)
{
	const char *host = !strncmp(value, "turns:", 6) ? value + 6 : value + 5;
	const char *query = strchr(value, '?');
	struct host_port parsed;
	char *authority;
	enum err err;

	if (!*value)
		return set_text(site, offset, value);
	if (strncmp(value, "turn:", 5) && strncmp(value, "turns:", 6))
		return ERR_SYNTAX;
	if (query && strcmp(query, "?transport=udp") && strcmp(query, "?transport=tcp"))
		return ERR_SYNTAX;
	authority = mem_text_n(host, query ? (size_t)(query - host) : strlen(host));
	err = host_port_parse(&parsed, authority, 0);
	free(authority);
	if (err)
		return err;
	host_port_clear(&parsed);
	return set_text(site, offset, value);
}

static enum err set_ports(struct site *site, size_t offset, const char *value)
{
	struct slice list = slice_of_text(value), first;
	unsigned long from, to;

	(void)offset;
	if (!*value) {
		site->rtp_first = site->rtp_last = 0;
		return ERR_NONE;
	}
	if (slice_until(&first, &list, '-'))
		return ERR_SYNTAX;
	if (slice_number(&from, slice_trim(first), UINT16_MAX) ||
	    slice_number(&to, slice_trim(list), UINT16_MAX))
		return ERR_SYNTAX;
	if (!from || from > to)
		return ERR_RANGE;
	site->rtp_first = (uint16_t)from;
	site->rtp_last = (uint16_t)to;
	return ERR_NONE;
}

static char *get_ports(const struct site *site, size_t offset)
{
	(void)offset;
	return site->rtp_first ? mem_printf("%u-%u", site->rtp_first, site->rtp_last) : NULL;
}

static enum err set_ntp(struct site *site, size_t offset, const char *value)
{
	enum err err = set_host(site, offset, value);

	if (!err && site->ntp.host && !site->ntp.port)
		site->ntp.port = NTP_PORT;
	return err;
}

static enum err set_keep_alive(struct site *site, size_t offset, const char *value)
{
	unsigned long seconds = 0;

	(void)offset;
	if (*value && (slice_number(&seconds, slice_of_text(value), KEEP_ALIVE_MAX) || !seconds))
		return ERR_RANGE;
	site->keep_alive_seconds = (unsigned)seconds;
	return ERR_NONE;
}

static char *get_keep_alive(const struct site *site, size_t offset)
{
	(void)offset;
	return site->keep_alive_seconds ? mem_printf("%u", site->keep_alive_seconds) : NULL;
}

static enum err set_address(struct site *site, size_t offset, const char *value)
{
	struct addr addr;

	if (*value && addr_parse_port(&addr, value, 53))
		return ERR_SYNTAX;
	return set_text(site, offset, value);
}

#define TEXT       set_text, get_text
#define HOST       set_host, get_host
#define AT(member) offsetof(struct site, member)
static const char host_expected[] = N_("expected a name or address, host[:port]");

static const struct site_key keys[] = {
	{ "provider", "name", TEXT, AT(name), N_("expected a name") },
	{ "provider", "domain", set_domain, get_host, AT(domain), host_expected },
	{ "provider", "transport", set_transport, get_transport, 0,
	  N_("expected auto, udp, tcp or tls") },
	{ "provider", "proxy", HOST, AT(proxy), host_expected },
	{ "provider", "support", TEXT, AT(support), N_("expected an address to write to") },
	{ "account", "user", TEXT, AT(user), N_("expected a user name") },
	{ "account", "auth-user", TEXT, AT(auth_user), N_("expected a user name") },
	{ "account", "password-file", TEXT, AT(password_file), N_("expected the path of a file") },
	{ "account", "echo-number", TEXT, AT(echo_number), N_("expected a number to dial") },
	{ "nat", "stun", set_stun, get_stun, 0,
	  N_("expected up to 8 servers, host[:port], parted by commas") },
	{ "nat", "turn", set_turn, get_text, AT(turn),
	  N_("expected turn:host[:port][?transport=udp|tcp] or turns:…") },
	{ "nat", "turn-user", TEXT, AT(turn_user), N_("expected a user name") },
	{ "nat", "turn-password-file", TEXT, AT(turn_password_file),
	  N_("expected the path of a file") },
	{ "nat", "keep-alive", set_keep_alive, get_keep_alive, 0,
	  N_("expected a whole number of seconds from 1 to 86400") },
	{ "media", "host", HOST, AT(media), host_expected },
	{ "media", "rtp-ports", set_ports, get_ports, 0,
	  N_("expected A-B with 1 <= A <= B <= 65535") },
	{ "media", "codecs", TEXT, AT(codecs), N_("expected codec names, parted by commas") },
	{ "dns", "public-dns", set_address, get_text, AT(public_dns),
	  N_("expected an address, ADDR[:PORT]") },
	{ "responder", "host", HOST, AT(responder), host_expected },
	{ "clock", "ntp", set_ntp, get_host, AT(ntp), host_expected },
};
_Static_assert(sizeof keys / sizeof *keys == SITE_KEYS, "all of them are counted");

const struct site_key *site_key_at(size_t index)
{
	return index < SITE_KEYS ? &keys[index] : NULL;
}

bool site_key_is_list(const struct site_key *key)
{
	return key->set == set_stun;
}

const struct site_key *site_key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < SITE_KEYS; i++)
		if (!strcmp(keys[i].section, section) && !strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

enum err site_set(struct site *site, const char *section, const char *key, const char *value,
		  const char **expected)
{
	const struct site_key *found = site_key_find(section, key);

	*expected = found ? found->expected : "";
	return found ? found->set(site, found->offset, value) : ERR_NOT_FOUND;
}

char *site_get(const struct site *site, const char *section, const char *key)
{
	const struct site_key *found = site_key_find(section, key);

	return found ? found->get(site, found->offset) : NULL;
}

const char *transport_text(enum transport transport)
{
	static const char *const texts[] = { "auto", "udp", "tcp", "tls" };

	return texts[transport];
}
