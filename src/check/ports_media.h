/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ports of the provider's RTP range voice gets through on: sampled, then narrowed down to
 * where a blocked part begins and ends. A silent target proves nothing, so probes with a low TTL
 * show how far each port comes, against the SIP port and each other on the same path. */
#ifndef EARSHOT_CHECK_PORTS_MEDIA_H
#define EARSHOT_CHECK_PORTS_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/check.h"
#include "net/trace.h"

enum {
	MEDIA_PORTS_MAX = 160,
	MEDIA_RANGES_MAX = 8,
	MEDIA_ROUNDS =
		3, /* asked in vain so often while others are answered: it does not get there */
	MEDIA_NEAR = 4, /* ports so near each other have one fate */
	MEDIA_SAMPLES = 8,
};

/* What is known of one port. */
struct media_port {
	uint16_t port;
	bool reached;  /* the target answered, by ICMP at least */
	bool answered; /* a datagram came back: in is open too */
	bool rejected;
	enum trace_answer how; /* of a rejection */
	struct addr by;
	unsigned far; /* the farthest hop that answered; 0: none */
	/* Rounds in which no answer came from a hop that answered somebody else right after. */
	uint8_t vain[TRACE_HOPS + 1];
};

struct media_seen {
	struct addr target; /* with the port of the control */
	uint16_t first, last;
	bool control_lost; /* the SIP server does not answer either */
	bool responder;    /* the target is one, the control its main port; else that is SIP's */
	struct addr router[TRACE_HOPS + 1]; /* AF_UNSPEC: does not say */
	unsigned reference;                 /* the farthest hop that answered anybody; 0: none */
	struct media_port port[MEDIA_PORTS_MAX]; /* by number */
	size_t count;
};

enum media_state { MEDIA_UNKNOWN, MEDIA_REACHED, MEDIA_PASSES, MEDIA_STOPPED, MEDIA_REJECTED };
enum media_flow { MEDIA_FLOW_UNKNOWN, MEDIA_OPEN, MEDIA_PARTIAL, MEDIA_BLOCKED };

struct media_range {
	uint16_t first, last;
	bool exact; /* both ends were narrowed down to the port */
};

struct media_verdict {
	enum media_flow out, in;
	struct media_range range[MEDIA_RANGES_MAX]; /* blocked */
	size_t ranges;
	unsigned count[MEDIA_REJECTED + 1]; /* ports of each state */
	unsigned hop;      /* the last that still answered, or the rejecting one; 0: not known */
	unsigned next;     /* the nearest behind it that answered others alone; 0: a rejection */
	struct addr place; /* of `hop`, or of who rejects */
	enum trace_answer
		how; /* TRACE_SILENT: dropped; TRACE_REFUSED, _FILTERED, _NO_WAY: rejected */
	enum side side;
	bool hidden; /* the routers do not show enough to say */
};

/* What the run hands to the report. */
struct ports_media {
	enum err err; /* nothing was measured; ERR_NOT_FOUND: no range in the profile */
	bool stuck;   /* this host itself sent nothing: `err` says why */
	struct media_seen seen;
	struct media_verdict verdict;
};

enum media_state media_state_of(const struct media_seen *seen, const struct media_port *port);
void ports_media_judge(struct media_verdict *out, const struct media_seen *seen);

/* The port, added in its place if it is not there yet. NULL: MEDIA_PORTS_MAX. */
struct media_port *media_port_add(struct media_seen *seen, unsigned number);
/* Adds MEDIA_SAMPLES ports of the range at most, both ends among them. */
void media_pick(struct media_seen *seen);

/* Measures towards the profile's media host, else towards `target` (the SIP server; its port is the
 * control). Takes the turn of site->icmp. */
void ports_media_run(struct ports_media *out, const struct site *site, const struct addr *target,
		     struct sink *sink, const struct deadline *until);
/* The same towards a responder, whose main port is the control. */
void ports_media_towards(struct ports_media *out, const struct site *site,
			 const struct addr *responder, struct sink *sink,
			 const struct deadline *until);
/* "unknown" "open" "partial" "blocked" */
const char *media_flow_text(enum media_flow flow);
/* Adds the blocked ranges to a list of texts. */
void media_range_list(json_t *list, const struct media_verdict *verdict);
enum { MEDIA_WORDS = 240 };
/* "15000-16999, 18000-20000" */
const char *media_range_words(char words[static MEDIA_WORDS], const struct media_verdict *verdict);
/* The findings rtp-ports-blocked, on the way out, and path-hidden. */
void ports_media_report(const struct ports_media *media, struct sink *sink);
/* The result as a clause for the summary ("RTP ports 15000-20000 are blocked behind hop 1"). The
 * caller frees. */
char *ports_media_words(const struct ports_media *media) MUST_USE;

#endif
