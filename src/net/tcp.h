/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who takes a TCP connection? Any number of tries at once; each connection is closed again. */
#ifndef EARSHOT_NET_TCP_H
#define EARSHOT_NET_TCP_H

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
	enum err err; /* once ended: ERR_NONE: connected. ERR_REFUSED, ERR_UNREACHABLE, ERR_TIMEOUT
			 … */
	int fd;       /* -1 once ended */
};

/* Starts all; only `to` need be set. `device` may be NULL. */
void tcp_tries_start(struct tcp_try *tries, size_t count, const char *device);
/* Waits until all have ended; at the deadline the rest are ERR_TIMEOUT. Closes all. */
void tcp_tries_finish(struct tcp_try *tries, size_t count, const struct deadline *until);

#endif
