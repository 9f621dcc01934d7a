/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who takes a TCP connection? Any number of tries at once. */
#ifndef EARSHOT_NET_TCP_H
#define EARSHOT_NET_TCP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/err.h"

/* Begins to connect, without blocking; *fd can be written to once it is known how that went, and
 * tcp_connected() tells. `device` may be NULL. Errors as err_from_errno(); then *fd is -1. */
enum err tcp_connect(int *fd, const struct addr *to, const char *device) MUST_USE;
enum err tcp_connected(int fd) MUST_USE;

struct tcp_try {
	struct addr to;
	bool keep;     /* leave a connection that came about open */
	enum err err;  /* once ended: ERR_NONE: connected. ERR_REFUSED, ERR_UNREACHABLE,
			  ERR_TIMEOUT … */
	bool filtered; /* ICMP "prohibited" (RFC 1812, RFC 4443), from `offender` */
	struct addr offender;
	bool ended;
	int fd; /* once ended: -1, or with `keep` the connection, the caller's to close */
};

/* Starts all; only `to` and `keep` need be set. `device` may be NULL. */
void tcp_tries_start(struct tcp_try *tries, size_t count, const char *device);
/* Waits until all have ended; at the deadline the rest are ERR_TIMEOUT. Closes what is not kept. */
void tcp_tries_finish(struct tcp_try *tries, size_t count, const struct deadline *until);

#endif
