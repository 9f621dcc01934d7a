/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the probes for a SIP ALG saw, and what follows from it: no I/O, no clock. */
#ifndef EARSHOT_CHECK_ALG_JUDGE_H
#define EARSHOT_CHECK_ALG_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/finding.h"
#include "proto/sip_answer.h"
#include "proto/sip_diff.h"

/* The pairs of ports that are tried, each a flow of its own to the routers. */
enum alg_lane {
	ALG_MAIN,    /* from the SIP port to the provider's */
	ALG_SOURCE,  /* from another port to the provider's */
	ALG_CONTROL, /* from another port to one where nobody speaks SIP */
	ALG_LANES,
};

enum alg_kind {
	ALG_OPTIONS,
	ALG_REGISTER,
	ALG_INVITE,
	ALG_DECOY /* as long, but not SIP */,
	ALG_KINDS
};
enum { ALG_HOPS = 10 }; /* routers looked at; index 0 of what follows is unused */

/* One kind of message sent so that it ends at one router. */
struct alg_cell {
	unsigned sent, quoted, touched; /* `touched`: quotes that differ from what was sent */
	unsigned answered; /* a SIP answer came, though the router threw the harmless datagram away
			    */
	unsigned changed, kept; /* bits 1 << enum sip_field, of all quotes together */
	unsigned harmless;      /* enum sip_harmless */
};

struct alg_lane_seen {
	struct addr local, target;
	struct addr router[ALG_HOPS + 1]; /* where harmless datagrams of this flow ended; AF_UNSPEC:
					     it does not say */
	struct alg_cell cell[ALG_HOPS + 1][ALG_KINDS];
};

/* A real OPTIONS and its answer. */
struct alg_witness {
	bool answered, via_kept; /* the answer repeats the top Via's sent-by as sent */
	char via[SIP_TEXT_MAX];  /* as it came back */
	struct addr received;    /* AF_UNSPEC: not told */
	uint16_t rport;          /* 0: not told */
};

enum { ALG_EXAMPLE_TEXT = 80 };
struct alg_example {
	char sent[ALG_EXAMPLE_TEXT], got[ALG_EXAMPLE_TEXT]; /* safe to print; "": was not there */
};

struct alg_seen {
	struct alg_lane_seen lane[ALG_LANES];
	struct alg_witness own;  /* with our address in Via, as every phone sends it */
	struct alg_witness name; /* with a name there, which an ALG does not take for our address */
	bool v4_unknown; /* the server's IPv4 addresses could not be looked up; an ALG lives there
			  */
	struct addr mapped; /* what STUN sees of the main lane's socket; AF_UNSPEC: not known */
	struct alg_example example[SIP_FIELD_COUNT];
};

enum alg_answer { ALG_UNKNOWN, ALG_NO, ALG_YES };

/* How a "yes" is known. */
enum alg_proof {
	ALG_PROOF_NONE,
	ALG_PROOF_QUOTE,   /* a router quoted it changed */
	ALG_PROOF_PROXY,   /* somebody before the provider answered in its place */
	ALG_PROOF_WITNESS, /* the provider's answer came back changed */
};

struct alg_verdict {
	enum alg_answer answer;
	enum alg_proof proof;
	unsigned hop;             /* the router that rewrites; 0: not known */
	unsigned after;           /* the last hop that still got it as sent; 0: none seen */
	unsigned by;              /* the first hop that got it changed; 0: none */
	unsigned changed;         /* bits 1 << enum sip_field */
	unsigned methods;         /* bits 1 << enum alg_kind that are changed */
	unsigned touched, passed; /* SIP quotes from `by` on: changed ones, all */
	unsigned clean;           /* ALG_NO: the last hop that got the whole INVITE as sent */
	bool via_back;      /* the provider's answer proves it: the top Via came back another, */
	bool received_back; /* or it names our own private address behind NAT */
	unsigned eaten;     /* the hop that never gets SIP though it gets as long a datagram that is
			       not; 0: none */
	enum side side;
};

/* The router at a hop as any of the lanes showed it; AF_UNSPEC: none did. */
const struct addr *alg_router(const struct alg_seen *seen, unsigned hop);

void alg_judge(struct alg_verdict *out, const struct alg_seen *seen);

#endif
