/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/router_judge.h"

bool router_outside_is_usable(const struct addr *outside, const struct addr *gateway)
{
	const uint8_t *bytes;
	size_t length;

	if (addr_family(outside) != AF_INET || addr_same_host(outside, gateway))
		return false;
	bytes = addr_bytes(outside, &length);
	return bytes[0] != 0 && bytes[0] != 127 && bytes[0] < 224 &&
	       !(bytes[0] == 169 && bytes[1] == 254);
}

bool router_is_behind_nat(const struct addr *outside)
{
	return addr_is_private(outside);
}
