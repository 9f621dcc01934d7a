/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/addr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/slice.h"

bool addr_is_set(const struct addr *addr)
{
	return addr_family(addr) != AF_UNSPEC;
}

int addr_family(const struct addr *addr)
{
	return addr->sa.any.sa_family;
}

socklen_t addr_length(const struct addr *addr)
{
	return addr_family(addr) == AF_INET6 ? sizeof addr->sa.v6 : sizeof addr->sa.v4;
}

enum err addr_from_bytes(struct addr *out, const void *bytes, size_t length, uint16_t port)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (length == 16 && !memcmp(bytes, mapped, sizeof mapped))
		return addr_from_bytes(out, (const uint8_t *)bytes + 12, 4, port);
	if (length != 4 && length != 16)
		return ERR_SYNTAX;
	*out = addr_any(length == 4 ? AF_INET : AF_INET6, port);
	if (length == 4)
		memcpy(&out->sa.v4.sin_addr, bytes, length);
	else
		memcpy(&out->sa.v6.sin6_addr, bytes, length);
	return ERR_NONE;
}

enum err addr_from_sockaddr(struct addr *out, const struct sockaddr *sa, socklen_t length)
{
	struct addr copy = { 0 };
	size_t count;
	const uint8_t *bytes;
	enum err err;

	if (!sa || length < sizeof copy.sa.v4 ||
	    (sa->sa_family != AF_INET && sa->sa_family != AF_INET6))
		return ERR_UNSUPPORTED;
	if (sa->sa_family == AF_INET6 && length < sizeof copy.sa.v6)
		return ERR_UNSUPPORTED;
	memcpy(&copy.sa, sa, sa->sa_family == AF_INET6 ? sizeof copy.sa.v6 : sizeof copy.sa.v4);
	bytes = addr_bytes(&copy, &count);
	err = addr_from_bytes(out, bytes, count, addr_port(&copy));
	if (!err && addr_family(out) == AF_INET6)
		out->sa.v6.sin6_scope_id = copy.sa.v6.sin6_scope_id;
	return err;
}

/* "fe80::1%eth0": the scope, as a name or a number. */
static enum err parse_scope(struct addr *out, const char *scope)
{
	unsigned long number;

	out->sa.v6.sin6_scope_id = if_nametoindex(scope);
	if (out->sa.v6.sin6_scope_id)
		return ERR_NONE;
	if (slice_number(&number, slice_of_text(scope), UINT32_MAX))
		return ERR_SYNTAX;
	out->sa.v6.sin6_scope_id = (uint32_t)number;
	return ERR_NONE;
}

enum err addr_parse(struct addr *out, const char *text, uint16_t port)
{
	char host[ADDR_TEXT];
	char *scope;
	uint8_t bytes[16];
	struct addr addr;
	size_t length = strlen(text);
	enum err err;

	if (length > 2 && text[0] == '[' && text[length - 1] == ']' && strchr(text, ':')) {
		text++;
		length -= 2;
	}
	if (length >= sizeof host)
		return ERR_SYNTAX;
	memcpy(host, text, length);
	host[length] = 0;
	if (inet_pton(AF_INET, host, bytes) == 1)
		return addr_from_bytes(out, bytes, 4, port);
	scope = strchr(host, '%');
	if (scope)
		*scope++ = 0;
	if (inet_pton(AF_INET6, host, bytes) != 1)
		return ERR_SYNTAX;
	err = addr_from_bytes(&addr, bytes, 16, port);
	if (!err && scope)
		err = addr_family(&addr) == AF_INET6 ? parse_scope(&addr, scope) : ERR_SYNTAX;
	if (!err)
		*out = addr;
	return err;
}

enum err addr_parse_port(struct addr *out, const char *text, uint16_t port)
{
	const char *colon = strrchr(text, ':');
	char host[ADDR_TEXT];
	unsigned long number;
	bool bracketed = text[0] == '[';
	enum err err;

	/* One colon alone parts an IPv4 address from its port; more are an IPv6 address. */
	if (!colon || (!bracketed && strchr(text, ':') != colon) || (bracketed && colon[-1] != ']'))
		return addr_parse(out, text, port);
	if ((size_t)(colon - text) >= sizeof host)
		return ERR_SYNTAX;
	memcpy(host, text, (size_t)(colon - text));
	host[colon - text] = 0;
	err = slice_number(&number, slice_of_text(colon + 1), UINT16_MAX);
	if (err)
		return err;
	return number ? addr_parse(out, host, (uint16_t)number) : ERR_RANGE;
}

const uint8_t *addr_bytes(const struct addr *addr, size_t *length)
{
	if (addr_family(addr) == AF_INET6) {
		*length = 16;
		return (const uint8_t *)&addr->sa.v6.sin6_addr;
	}
	*length = addr_is_set(addr) ? 4 : 0;
	return (const uint8_t *)&addr->sa.v4.sin_addr;
}

uint16_t addr_port(const struct addr *addr)
{
	return ntohs(addr_family(addr) == AF_INET6 ? addr->sa.v6.sin6_port : addr->sa.v4.sin_port);
}

void addr_set_port(struct addr *addr, uint16_t port)
{
	if (addr_family(addr) == AF_INET6)
		addr->sa.v6.sin6_port = htons(port);
	else
		addr->sa.v4.sin_port = htons(port);
}

struct addr addr_any(int family, uint16_t port)
{
	struct addr addr = { 0 };

	addr.sa.any.sa_family = (sa_family_t)family;
	addr_set_port(&addr, port);
	return addr;
}

bool addr_same_host(const struct addr *a, const struct addr *b)
{
	size_t na, nb;
	const uint8_t *ba = addr_bytes(a, &na), *bb = addr_bytes(b, &nb);

	return na == nb && addr_family(a) == addr_family(b) && !memcmp(ba, bb, na);
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_same_host(a, b) && addr_port(a) == addr_port(b);
}

static bool in_v4(const struct addr *addr, uint32_t network, int bits)
{
	return addr_family(addr) == AF_INET &&
	       (ntohl(addr->sa.v4.sin_addr.s_addr) ^ network) >> (32 - bits) == 0;
}

bool addr_is_shared(const struct addr *addr)
{
	return in_v4(addr, 0x64400000, 10);
}

bool addr_is_private(const struct addr *addr)
{
	const uint8_t *v6 = (const uint8_t *)&addr->sa.v6.sin6_addr;

	if (addr_family(addr) == AF_INET6)
		return (v6[0] & 0xfe) == 0xfc || (v6[0] == 0xfe && (v6[1] & 0xc0) == 0x80);
	return in_v4(addr, 0x0a000000, 8) || in_v4(addr, 0xac100000, 12) ||
	       in_v4(addr, 0xc0a80000, 16) || in_v4(addr, 0xa9fe0000, 16) ||
	       in_v4(addr, 0xc0000000, 29) || addr_is_shared(addr);
}

bool addr_is_loopback(const struct addr *addr)
{
	return in_v4(addr, 0x7f000000, 8) ||
	       (addr_family(addr) == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&addr->sa.v6.sin6_addr));
}

bool addr_is_any(const struct addr *addr)
{
	return (addr_family(addr) == AF_INET && !addr->sa.v4.sin_addr.s_addr) ||
	       (addr_family(addr) == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&addr->sa.v6.sin6_addr));
}

static bool is_of_one_link(const struct addr *addr)
{
	return addr_family(addr) == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&addr->sa.v6.sin6_addr);
}

bool addr_can_reach(const struct addr *source, const struct addr *to)
{
	if (addr_is_loopback(source))
		return addr_is_loopback(to);
	return !is_of_one_link(source) || is_of_one_link(to);
}

const char *addr_host_text(char text[static ADDR_TEXT], const struct addr *addr)
{
	char host[INET6_ADDRSTRLEN];
	size_t length;

	if (!addr_is_set(addr) ||
	    !inet_ntop(addr_family(addr), addr_bytes(addr, &length), host, sizeof host)) {
		snprintf(text, ADDR_TEXT, "unknown");
		return text;
	}
	if (addr_family(addr) == AF_INET6 && addr->sa.v6.sin6_scope_id)
		snprintf(text, ADDR_TEXT, "%s%%%u", host, addr->sa.v6.sin6_scope_id);
	else
		snprintf(text, ADDR_TEXT, "%s", host);
	return text;
}

const char *addr_text(char text[static ADDR_TEXT], const struct addr *addr)
{
	char host[ADDR_TEXT];
	const bool v6 = addr_family(addr) == AF_INET6;

	addr_host_text(host, addr);
	if (!addr_is_set(addr))
		snprintf(text, ADDR_TEXT, "unknown");
	else
		snprintf(text, ADDR_TEXT, v6 ? "[%.64s]:%u" : "%.64s:%u", host, addr_port(addr));
	return text;
}
