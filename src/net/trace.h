/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UDP probes with a low TTL, from one socket, and what routers and targets answer: which router
 * stands at which hop of a path, and how far a path goes. A path is one target address and port:
 * its five-tuple is the same for every probe, so that routers which spread flows send all of them
 * one way. A probe looks like RTP (RFC 3550, 5.1) or is a STUN Binding request (RFC 8489); its
 * sequence number tells in a quote which one it was, so several may be under way. Where a router
 * quotes less than that, one at a time is sent along a path. At most 100 packets a second, 2,000 in
 * all, and no more than the routers' answers allow (net/icmp.h). */
#ifndef EARSHOT_NET_TRACE_H
#define EARSHOT_NET_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/err.h"
#include "net/icmp.h"

enum {
	TRACE_HOPS = 20,
	TRACE_PATHS_MAX = 256,
	TRACE_PACKETS_MAX = 2000,
	TRACE_PACE_MS = 10, /* between two packets */
};

enum trace_payload { TRACE_RTP, TRACE_STUN };

enum trace_answer {
	TRACE_SILENT,
	TRACE_EXPIRED,  /* a router's "time exceeded" */
	TRACE_REFUSED,  /* port unreachable, by whom `by` says */
	TRACE_FILTERED, /* administratively prohibited, by whom `by` says */
	TRACE_NO_WAY,   /* network or host unreachable */
	TRACE_ECHO,     /* the target sent our RTP packet back */
	TRACE_BOUND,    /* the target answered STUN */
};

/* What came of the probes of one path with one TTL. */
struct trace_hop {
	unsigned sent, answered;
	enum trace_answer answer; /* the last one */
	struct addr by;           /* who gave it; AF_UNSPEC while silent */
	int tos;                  /* of the packet that brought the ICMP error; -1: not known */
	bool unsteady;            /* more than one has answered */
};

struct trace_path {
	struct addr target;
	struct trace_hop hop[TRACE_HOPS + 1]; /* 0: with the system's own TTL */
	unsigned strange; /* datagrams that came from the target and answer nothing of ours */
};

struct trace;

struct trace_plan {
	const struct addr *to;    /* any target: gives family and source address */
	const char *device;       /* NULL: as routed */
	int tos;                  /* of the probes (DSCP EF is 0xb8); 0: as usual */
	struct icmp_purse *purse; /* borrowed; whoever probes has its turn. NULL: none */
};

/* Opens the socket; trace_free() closes it. Errors as udp_source_for() and udp_open(). */
enum err trace_new(struct trace **out, const struct trace_plan *plan) MUST_USE;
void trace_free(struct trace *trace);

/* Packets sent so far. */
unsigned trace_packets(const struct trace *trace);
/* This host's own refusal to send, if any. */
enum err trace_send_error(const struct trace *trace);

/* The path to a target, made at the first call; owned by the trace. NULL: TRACE_PATHS_MAX. */
struct trace_path *trace_path(struct trace *trace, const struct addr *target);

struct trace_want {
	struct trace_path *path;
	unsigned hop; /* TTL, up to TRACE_HOPS; 0: the system's own */
	enum trace_payload payload;
	unsigned tries; /* until one is answered, at longer and longer intervals */
};
/* Wants probes; sent by trace_work() in the order of the calls. More than fit are dropped. */
void trace_want(struct trace *trace, const struct trace_want *want);
/* Gives up all that is wanted. */
void trace_forget(struct trace *trace);

typedef bool trace_enough(void *context);
/* Sends and gathers until all that is wanted is answered or given up, the deadline has passed, no
 * packet may be sent any more, or `enough` (may be NULL) says so. */
void trace_work(struct trace *trace, const struct deadline *until, trace_enough *enough,
		void *context);

#endif
