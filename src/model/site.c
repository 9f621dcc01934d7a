/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/site.h"

#include <ini.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/text.h"

enum {
	PROFILE_MAX = 256 * 1024, /* bytes */
	VALUE_MAX = 1024,
	STUN_LINE_MAX = 150,
	STUN_PORT = 3478,
	NTP_PORT = 123,
	KEEP_ALIVE_MAX = 86400,
	HOST_MAX = 253, /* RFC 1035, 2.3.4 as text */
};

/* One key of a profile: how its value is read and written. `offset` is where it stands in struct
 * site. */
struct key {
	const char *section, *name;
	enum err (*set)(struct site *site, size_t offset, const char *value);
	char *(*get)(const struct site *site, size_t offset);
	size_t offset;
	const char *expected;
};

/* A secret never stands in a profile: say where it belongs instead of "unknown key". */
static const char secret_hint[] = N_(
	"expected 'password-file' or 'turn-password-file' with the path of a file that holds it");

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

static const struct key keys[] = {
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
enum { KEY_COUNT = sizeof keys / sizeof *keys };

static const struct key *find_key(const char *section, const char *name)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (!strcmp(keys[i].section, section) && !strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

enum err site_set(struct site *site, const char *section, const char *key, const char *value,
		  const char **expected)
{
	const struct key *found = find_key(section, key);

	*expected = found ? found->expected : "";
	return found ? found->set(site, found->offset, value) : ERR_NOT_FOUND;
}

char *site_get(const struct site *site, const char *section, const char *key)
{
	const struct key *found = find_key(section, key);

	return found ? found->get(site, found->offset) : NULL;
}

/* The lines of a profile on their way through inih, which tells the handler no line numbers: the
 * reader counts. */
struct reading {
	struct slice rest;
	int line;
	const char *path;
	struct site *site;
	bool seen[KEY_COUNT];
	struct complaint *complaint;
};

static char *read_line(char *out, int room, void *stream)
{
	struct reading *reading = stream;
	struct slice line;

	if (reading->complaint->text[0] || slice_line(&line, &reading->rest))
		return NULL;
	reading->line++;
	/* An indented key is a key; inih would take it for more of the value above. */
	line = slice_trim(line);
	if (slice_starts(line, ";") || slice_starts(line, "#"))
		line.left = 0; /* a comment may be as long as it likes */
	if (line.left + 2 > (size_t)room || memchr(line.at, 0, line.left)) {
		complain(reading->complaint, reading->path, reading->line,
			 _("the line is too long or not text; expected 'key = value' of at most %d "
			   "characters"),
			 room - 2);
		return NULL;
	}
	memcpy(out, line.at, line.left);
	memcpy(out + line.left, "\n", 2);
	return out;
}

/* "a, b, c": the sections, or the keys of one. */
static void list_names(char *out, size_t room, const char *section)
{
	size_t used = 0;

	out[0] = 0;
	for (size_t i = 0; i < KEY_COUNT && used < room; i++) {
		const bool wanted =
			section ? !strcmp(keys[i].section, section)
				: !i || strcmp(keys[i].section, keys[i - 1].section) != 0;

		if (wanted)
			used += (size_t)snprintf(out + used, room - used, "%s%s", used ? ", " : "",
						 section ? keys[i].name : keys[i].section);
	}
}

static void complain_unknown(struct reading *reading, const char *section, const char *name)
{
	char known[256];

	list_names(known, sizeof known, section);
	if (strstr(name, "password") || strstr(name, "secret"))
		complain(reading->complaint, reading->path, reading->line,
			 _("a secret never stands in a profile ('%s'); %s"), name, _(secret_hint));
	else if (known[0])
		complain(reading->complaint, reading->path, reading->line,
			 _("unknown key '%s' in [%s]; expected one of: %s"), name, section, known);
	else {
		list_names(known, sizeof known, NULL);
		complain(reading->complaint, reading->path, reading->line,
			 section[0]
				 ? _("unknown section [%s]; expected one of: %s")
				 : _("a key before any section%s; expected one of these first: %s"),
			 section, known);
	}
}

/* What stood there already, and this: the STUN servers may not fit into one line. The caller
 * frees. */
static char *joined(const struct reading *reading, const struct key *key, const char *value)
{
	char *before = key->get(reading->site, key->offset);
	char *all = before ? mem_printf("%s, %s", before, value) : mem_text(value);

	free(before);
	return all;
}

static int take_key(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;
	const struct key *key = find_key(section, name);
	const bool adds_up = key && key->set == set_stun;
	char *all;
	enum err err;

	if (!key) {
		complain_unknown(reading, section, name);
		return 0;
	}
	if (reading->seen[key - keys] && !adds_up) {
		complain(reading->complaint, reading->path, reading->line,
			 _("'%s' in [%s] is given twice; expected it once, on one line"), name,
			 section);
		return 0;
	}
	reading->seen[key - keys] = true;
	all = adds_up ? joined(reading, key, value) : mem_text(value);
	err = key->set(reading->site, key->offset, all);
	free(all);
	if (err) {
		complain(reading->complaint, reading->path, reading->line,
			 _("bad value '%s' for '%s' in [%s]; %s"), value, name, section,
			 _(key->expected));
		return 0;
	}
	return 1;
}

/* inih passes over a section without keys: look at the headers ourselves. */
static void check_sections(struct reading *reading)
{
	struct slice rest = reading->rest, line;
	char name[64], known[256];
	int number = 0;

	while (!slice_line(&line, &rest)) {
		size_t end;

		number++;
		line = slice_trim(line);
		if (!slice_starts(line, "["))
			continue;
		if (slice_find(&end, line, "]"))
			complain(reading->complaint, reading->path, number,
				 _("a section that does not end; expected '[section]'"));
		else if (end > sizeof name)
			complain(reading->complaint, reading->path, number,
				 _("a section's name is too long; expected '[section]'"));
		if (reading->complaint->text[0])
			return;
		memcpy(name, line.at + 1, end - 1);
		name[end - 1] = 0;
		list_names(known, sizeof known, name);
		if (known[0])
			continue;
		list_names(known, sizeof known, NULL);
		complain(reading->complaint, reading->path, number,
			 _("unknown section [%s]; expected one of: %s"), name, known);
	}
}

static enum err parse_profile(struct site *fresh, const char *path, struct slice text,
			      struct complaint *complaint)
{
	struct reading reading = {
		.rest = text, .path = path, .site = fresh, .complaint = complaint
	};
	int bad_line;

	check_sections(&reading);
	bad_line = ini_parse_stream(read_line, &reading, take_key, &reading);
	if (bad_line && !complaint->text[0])
		complain(complaint, path, bad_line,
			 _("not a line of a profile; expected '[section]' or 'key = value'"));
	return complaint->text[0] ? ERR_SYNTAX : ERR_NONE;
}

enum err site_load(struct site *site, const char *path, struct complaint *complaint)
{
	struct site fresh;
	const char *expected;
	char *text;
	size_t length;
	enum err err = file_read(&text, &length, path, PROFILE_MAX);

	if (err) {
		complain(complaint, path, 0,
			 _("cannot be read (%s); expected a profile, see earshot.conf(5)"),
			 err_text(err));
		return err;
	}
	site_init(&fresh);
	err = parse_profile(&fresh, path, slice_of(text, length), complaint);
	for (size_t i = 0; !err && i < KEY_COUNT; i++) {
		char *value = keys[i].get(&fresh, keys[i].offset);

		if (value)
			err = site_set(site, keys[i].section, keys[i].name, value, &expected);
		free(value);
	}
	site_clear(&fresh);
	free(text);
	return err;
}

/* Adds a line "key = value", and before it the section where that is another one. Takes `all`. */
static char *with_line(char *all, const char **section, const struct key *key, const char *value)
{
	char *longer =
		!strcmp(*section, key->section)
			? mem_printf("%s%s = %s\n", all, key->name, value)
			: mem_printf("%s\n[%s]\n%s = %s\n", all, key->section, key->name, value);

	*section = key->section;
	free(all);
	return longer;
}

/* One line for each server. */
static char *with_stun(char *all, const char **section, const struct key *key,
		       const struct site *site)
{
	for (size_t i = 0; i < site->stun_count; i++) {
		char *server = host_port_text(&site->stun[i]);

		all = with_line(all, section, key, server);
		free(server);
	}
	return all;
}

char *site_to_profile(const struct site *site)
{
	const char *section = "";
	char *all =
		mem_text("; earshot profile, see earshot.conf(5). No secret ever stands here.\n");

	for (size_t i = 0; i < KEY_COUNT; i++) {
		char *value = keys[i].get(site, keys[i].offset);

		/* inih takes lines of up to 198 characters. */
		if (value && keys[i].set == set_stun && strlen(value) > STUN_LINE_MAX)
			all = with_stun(all, &section, &keys[i], site);
		else if (value)
			all = with_line(all, &section, &keys[i], value);
		free(value);
	}
	return all;
}

const char *transport_text(enum transport transport)
{
	static const char *const texts[] = { "auto", "udp", "tcp", "tls" };

	return texts[transport];
}
