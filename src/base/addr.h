/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An IPv4 or IPv6 address with a port: what a socket wants, and what a person reads. */
#ifndef EARSHOT_BASE_ADDR_H
#define EARSHOT_BASE_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

struct addr {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} sa; /* sa.any.sa_family is AF_UNSPEC, AF_INET or AF_INET6 */
};

enum { ADDR_TEXT = 80 }; /* room for any text below, with its scope and closing 0 */

bool addr_is_set(const struct addr *addr);
int addr_family(const struct addr *addr);
socklen_t addr_length(const struct addr *addr); /* for bind(), sendto() … */

/* From an IPv4 or IPv6 literal, `[v6]` too; no names are looked up. ERR_SYNTAX. */
enum err addr_parse(struct addr *out, const char *text, uint16_t port) MUST_USE;
/* From `address`, `address:port`, `[address]:port`; `port` where none is given. ERR_SYNTAX,
 * ERR_RANGE. */
enum err addr_parse_port(struct addr *out, const char *text, uint16_t port) MUST_USE;
/* From a socket address of `length` bytes; a v4-mapped IPv6 address becomes IPv4. ERR_UNSUPPORTED.
 */
enum err addr_from_sockaddr(struct addr *out, const struct sockaddr *sa, socklen_t length) MUST_USE;
/* From 4 or 16 bytes in network order. ERR_SYNTAX for another length. */
enum err addr_from_bytes(struct addr *out, const void *bytes, size_t length,
			 uint16_t port) MUST_USE;

/* The 4 or 16 address bytes in network order; *length says how many. */
const uint8_t *addr_bytes(const struct addr *addr, size_t *length);
uint16_t addr_port(const struct addr *addr);
void addr_set_port(struct addr *addr, uint16_t port);

/* The wildcard address of a family with a port. */
struct addr addr_any(int family, uint16_t port);

bool addr_equal(const struct addr *a, const struct addr *b);     /* address and port */
bool addr_same_host(const struct addr *a, const struct addr *b); /* address alone */

/* RFC 1918, RFC 6598 (100.64/10), 169.254/16, RFC 7335 (192.0.0.0/29), fc00::/7, fe80::/10.
 * Loopback is not among them. */
bool addr_is_private(const struct addr *addr);
bool addr_is_shared(const struct addr *addr); /* 100.64.0.0/10, RFC 6598 */
bool addr_is_loopback(const struct addr *addr);
bool addr_is_any(const struct addr *addr);
/* False where no answer from `to` can come back to `source`: loopback, or an address of one IPv6
 * link (fe80::/10), towards anywhere else. The kernel picks such a one where it has no better. */
bool addr_can_reach(const struct addr *source, const struct addr *to);

/* Writes "192.0.2.1" or "2001:db8::1"; with the port "192.0.2.1:5060", "[2001:db8::1]:5060".
 * Returns `text`. */
const char *addr_host_text(char text[static ADDR_TEXT], const struct addr *addr);
const char *addr_text(char text[static ADDR_TEXT], const struct addr *addr);

#endif
