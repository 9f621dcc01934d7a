/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to the kernel over netlink (RFC 3549), and its answers as attributes. Nothing goes over
 * the network. */
#ifndef EARSHOT_NET_NETLINK_H
#define EARSHOT_NET_NETLINK_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct netlink_question {
	int protocol;         /* NETLINK_ROUTE, NETLINK_GENERIC */
	uint16_t type;        /* RTM_GETLINK … */
	uint16_t flags;       /* NLM_F_DUMP for all there are, 0 for one */
	struct slice payload; /* behind the netlink header */
};

/* Told of each message of the answer: its type and what stands behind the netlink header. */
typedef void netlink_handler(uint16_t type, struct slice payload, void *context);

/* ERR_NOT_FOUND: no such device or station; ERR_UNREACHABLE: no route; ERR_REFUSED: a route that
 * prohibits, a question that does not fit the device; ERR_MISMATCH: things changed under a dump,
 * which has told a mixture; ERR_PERMISSION, ERR_UNSUPPORTED, ERR_TIMEOUT, ERR_IO. */
enum err netlink_ask(const struct netlink_question *question, netlink_handler *handler,
		     void *context) MUST_USE;

/* Attributes of a message or of a nested attribute: the first of a type. ERR_NOT_FOUND,
 * ERR_TRUNCATED. */
enum err netlink_find(struct slice *out, struct slice attributes, uint16_t type) MUST_USE;
/* The next one of any type. ERR_NOT_FOUND at the end, ERR_TRUNCATED. */
enum err netlink_next(uint16_t *type, struct slice *value, struct slice *attributes) MUST_USE;
/* A number of 32 bits in the machine's order; `otherwise` where there is none. */
uint32_t netlink_u32(struct slice attributes, uint16_t type, uint32_t otherwise);

#endif
