/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/mask_address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { OCTETS = 4, GROUPS_MAX = 10 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return isalnum((unsigned char)c);
}

/* Reads one octet of at most three digits; false where it is none. */
static bool read_octet(unsigned char *out, const char **at)
{
	unsigned value = 0, digits = 0;

	for (; is_digit(**at) && digits < 4; digits++)
		value = value * 10 + (unsigned)(*(*at)++ - '0');
	*out = (unsigned char)value;
	return digits && digits < 4 && value <= 255;
}

/* Four octets with `mark` between. */
static size_t read_octets(unsigned char octets[static OCTETS], const char *text, char mark)
{
	const char *at = text;

	for (size_t i = 0; i < OCTETS; i++) {
		if (i && *at++ != mark)
			return 0;
		if (mark == '-' && at[0] == '0' && is_digit(at[1]))
			return 0; /* a telephone number rather */
		if (!read_octet(&octets[i], &at))
			return 0;
	}
	return (size_t)(at - text);
}

/* "firmware 66.86.0.15" */
static bool is_version(const char *text, const char *at)
{
	static const char *const words[] = { "firmware", "version", "release" };

	while (at > text && strchr(" :=", at[-1]))
		at--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const size_t length = strlen(words[i]);

		if ((size_t)(at - text) >= length && !strncasecmp(at - length, words[i], length))
			return true;
	}
	return false;
}

/* What follows four octets: nothing, or one more group (a port). With two more it is a name of
 * another kind (an OID). */
static bool ends_there(const char *end)
{
	if (end[0] != '.' || !is_digit(end[1]))
		return true;
	end += 1 + strspn(end + 1, "0123456789");
	return end[0] != '.' || !is_digit(end[1]);
}

static size_t find_v4(struct addr *out, const char *text, const char *at)
{
	const bool goes_on = at > text && (is_digit(at[-1]) ||
					   (at > text + 1 && at[-1] == '.' && is_digit(at[-2])));
	unsigned char octets[OCTETS];
	size_t length;

	if (!is_digit(*at) || goes_on)
		return 0;
	length = read_octets(octets, at, '.');
	if (length ? !ends_there(at + length) || is_version(text, at) : 0)
		return 0;
	if (!length)
		length = read_octets(octets, at, '-');
	if (!length || is_digit(at[length]) || (at[length] == '-' && is_digit(at[length + 1])) ||
	    addr_from_bytes(out, octets, sizeof octets, 0))
		return 0;
	return length;
}

static bool parse_v6(struct addr *out, const char *text, size_t length)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	char literal[INET6_ADDRSTRLEN];

	if (length >= sizeof literal)
		return false;
	memcpy(literal, text, length);
	literal[length] = 0;
	/* addr_from_sockaddr() makes IPv4 of what holds IPv4. */
	return inet_pton(AF_INET6, literal, &v6.sin6_addr) == 1 &&
	       !addr_from_sockaddr(out, (const struct sockaddr *)&v6, sizeof v6);
}

/* From the longest to the shortest beginning that ends before a mark; a port or a full stop may
 * follow. */
static size_t find_v6(struct addr *out, const char *text, const char *at)
{
	static const char marks[] = "0123456789abcdefABCDEF:.";
	size_t length = strspn(at, marks), colons = 0;

	if ((at > text && (is_alnum(at[-1]) || at[-1] == '.')) || (*at == ':' && at[1] != ':'))
		return 0;
	for (size_t i = 0; i < length; i++)
		colons += at[i] == ':';
	for (const char *before = at; before > text && strchr(marks, before[-1]); before--)
		colons += before[-1] == ':';
	/* More groups are a fingerprint, fewer a time of day. */
	if (colons < 2 || colons >= GROUPS_MAX)
		return 0;
	for (size_t tries = 0; length && tries < 4; tries++) {
		if (parse_v6(out, at, length))
			return length;
		do
			length--;
		while (length && at[length] != ':' && at[length] != '.');
	}
	return 0;
}

size_t mask_find_address(struct addr *out, const char *text, const char *at)
{
	const size_t length = find_v6(out, text, at);

	return length ? length : find_v4(out, text, at);
}

bool mask_is_public(const struct addr *addr)
{
	size_t length;
	const uint8_t *bytes = addr_bytes(addr, &length);

	if (addr_is_private(addr) || addr_is_loopback(addr) || addr_is_any(addr))
		return false;
	/* Multicast and above (RFC 1112, RFC 4291), "this network" (RFC 1122). */
	return length == 4 ? bytes[0] && bytes[0] < 224 : bytes[0] != 0xff;
}
