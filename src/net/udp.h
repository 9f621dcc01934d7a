/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UDP sockets that also tell what routers said about what was sent (ICMP errors with their quotes,
 * through Linux's error queue: no privilege needed). */
#ifndef EARSHOT_NET_UDP_H
#define EARSHOT_NET_UDP_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"

enum { UDP_MAX = 65535, UDP_QUOTE_MAX = 2048 };

struct udp_plan {
	struct addr local; /* family, address and port to bind; port 0: any free one. Family must be
			      set. */
	const char *device; /* interface to send through; NULL: as routed */
};

/* Opens a non-blocking, close-on-exec socket with the error queue on. The caller closes *fd. */
enum err udp_open(int *fd, const struct udp_plan *plan) MUST_USE;
/* What the socket is bound to, with the port. */
enum err udp_local(struct addr *out, int fd) MUST_USE;
/* Which local address the system would use towards `to`; sends nothing. ERR_UNREACHABLE: no route.
 */
enum err udp_source_for(struct addr *out, const struct addr *to, const char *device) MUST_USE;

/* Hops that what is sent from now on may pass (1 to 255); 0 sets the system's default again. */
enum err udp_set_ttl(int fd, int family, int ttl) MUST_USE;
/* The whole TOS or traffic class byte (DSCP EF is 0xb8). */
enum err udp_set_tos(int fd, int family, int tos) MUST_USE;

/* An error that an earlier datagram's ICMP left on the socket is not taken for this one's: the send
 * is tried again. */
enum err udp_send(int fd, const struct addr *to, const void *data, size_t length) MUST_USE;

/* One datagram; never blocks. ERR_TIMEOUT: none there. ERR_FULL: longer than `room`, dropped. */
enum err udp_receive(void *data, size_t room, size_t *length, struct addr *from, int fd) MUST_USE;

/* One ICMP error about something sent from this socket. */
struct udp_error {
	int family;
	uint8_t type, code;   /* ICMP or ICMPv6, by family; both 0 with `local` */
	int local;            /* errno where this host itself refused (no route, too big), else 0 */
	struct addr offender; /* who sent it; AF_UNSPEC where not known */
	struct addr target;   /* where the datagram was sent to */
	int tos;              /* of the packet that brought the error; -1: not known */
	uint8_t quote[UDP_QUOTE_MAX]; /* the UDP payload as it arrived there, as far as quoted */
	size_t quote_length;
};
/* Reads one out of what recvmsg() gave: the address, the control messages and, in out->quote, `got`
 * bytes. A pure function of them, for whatever they say. */
struct msghdr;
void udp_error_read(struct udp_error *out, struct msghdr *message, size_t got);
/* Takes one from the error queue; never blocks. ERR_TIMEOUT: none there. */
enum err udp_receive_error(struct udp_error *out, int fd) MUST_USE;

/* Takes what is on the error queue and forgets it: an error left there wakes poll() again and
 * again. A flood is left for the next time. */
void udp_drop_errors(int fd);

/* RFC 792, RFC 1812, RFC 4443: what an error says, in the terms of a check. */
enum udp_verdict {
	UDP_TTL_EXPIRED, /* time exceeded in transit */
	UDP_REFUSED,     /* port unreachable: it got there, nobody listens */
	UDP_FILTERED,    /* administratively prohibited, from whoever it came */
	UDP_NO_WAY,      /* network or host unreachable, no route */
	UDP_OTHER,
};
enum udp_verdict udp_error_verdict(const struct udp_error *error);

#endif
