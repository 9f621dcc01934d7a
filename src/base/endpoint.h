/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An address with a port, made small for tables that are asked once a packet. base/addr.h is what
 * sockets want; this is what hashing wants. */
#ifndef EARSHOT_BASE_ENDPOINT_H
#define EARSHOT_BASE_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

/* The address as two numbers, most significant first; IPv4 as ::ffff:a.b.c.d. All 0: none. */
struct endpoint {
	uint64_t high, low;
	uint16_t port;
};

static inline struct endpoint endpoint_v4(uint32_t address, uint16_t port)
{
	return (struct endpoint){ 0, 0xffff00000000 | address, port };
}

static inline bool endpoint_same_host(const struct endpoint *a, const struct endpoint *b)
{
	return a->low == b->low && a->high == b->high;
}

static inline bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return endpoint_same_host(a, b) && a->port == b->port;
}

static inline bool endpoint_is_set(const struct endpoint *endpoint)
{
	return endpoint->high || endpoint->low;
}

/* Not secret: whoever keys a table by what comes from the network adds a secret to it. */
static inline uint64_t endpoint_hash(const struct endpoint *endpoint)
{
	return (endpoint->low ^ endpoint->high * 0x9e3779b97f4a7c15 ^
		(uint64_t)endpoint->port << 48) *
	       0xff51afd7ed558ccd;
}

/* Of one way between two; the way back has another. */
static inline uint64_t endpoint_pair_hash(const struct endpoint *src, const struct endpoint *dst)
{
	return endpoint_hash(src) ^ endpoint_hash(dst) * 3;
}

/* An address that is not set gives none. */
struct endpoint endpoint_from_addr(const struct addr *addr);
struct addr endpoint_to_addr(const struct endpoint *endpoint);

/* "192.0.2.1:5004", "[2001:db8::1]:5004". Returns `text`. */
const char *endpoint_text(char text[static ADDR_TEXT], const struct endpoint *endpoint);

/* As addr_is_private(). */
bool endpoint_is_private(const struct endpoint *endpoint);

#endif
