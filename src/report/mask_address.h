/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses inside a text that anybody wrote. */
#ifndef EARSHOT_REPORT_MASK_ADDRESS_H
#define EARSHOT_REPORT_MASK_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

/* The bytes that an address takes which begins at `at` in `text`: IPv4 with dots, also with a port
 * behind a fifth dot as packet tools write it, or with dashes as in names of hosts; IPv6 with or
 * without an IPv4 end. IPv4 inside IPv6 (RFC 4291, 2.5.5.2) becomes IPv4. 0: none. */
size_t mask_find_address(struct addr *out, const char *text, const char *at);

/* True where the address is one that the whole Internet may know. */
bool mask_is_public(const struct addr *addr);

#endif
