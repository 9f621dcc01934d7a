/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a router tells of itself by UPnP (UPnP Forum: InternetGatewayDevice) and NAT-PMP (RFC 6886).
 * Only asks; nothing is ever changed in it. Only the gateway itself is talked to, whatever
 * addresses it or others give. */
#ifndef EARSHOT_NET_IGD_H
#define EARSHOT_NET_IGD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/slice.h"

enum { IGD_TEXT = 128, IGD_MAPPINGS_MAX = 64 };

struct igd_mapping {
	uint16_t outside, inside;
	struct addr host; /* port 0; AF_UNSPEC: it does not say */
	char protocol[8]; /* "UDP", "TCP" */
};

/* Texts are safe to print, "" where it tells none. */
struct igd {
	char vendor[IGD_TEXT], model[IGD_TEXT]; /* manufacturer, modelName */
	char number[IGD_TEXT], name[IGD_TEXT];  /* modelNumber, friendlyName */
	struct addr outside;                    /* AF_UNSPEC: not told */
	struct igd_mapping mapping[IGD_MAPPINGS_MAX];
	size_t mappings;
};

/* ERR_NOT_FOUND: the gateway (IPv4) does not answer UPnP; ERR_TIMEOUT, ERR_SYNTAX …: it does, but
 * is of no use. One that answers slowly or without end is read as far as it came. `device` may be
 * NULL. The search takes 1.5 s whatever the deadline is. */
enum err igd_ask(struct igd *out, const struct addr *gateway, const char *device,
		 const struct deadline *until) MUST_USE;

/* The outside address by NAT-PMP. ERR_TIMEOUT: no answer; ERR_REFUSED: it does not tell. */
enum err natpmp_outside(struct addr *out, const struct addr *gateway,
			const struct deadline *until) MUST_USE;

/* For igd_ask() and its tests: the text of the first element of that name, made safe; "" where
 * there is none. */
void igd_element(char out[static IGD_TEXT], struct slice xml, const char *name);
/* Splits "http://host:port/path"; false unless it is that and the host is the literal of `gateway`.
 */
bool igd_url(struct addr *host, struct slice *path, struct slice url, const struct addr *gateway);

#endif
