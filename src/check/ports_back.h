/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back of voice, which only somebody at the other end can prove: a responder, asked on
 * sampled ports of the RTP range. Where some are silent, packets with a low TTL tell on which way
 * it is: what comes past every router that shows itself is lost on the way back. */
#ifndef EARSHOT_CHECK_PORTS_BACK_H
#define EARSHOT_CHECK_PORTS_BACK_H

#include "check/ports_media.h"

struct ports_back {
	enum err err; /* ERR_NOT_FOUND: no responder or no range is named; ERR_TIMEOUT: it does
			 not answer at all */
	struct addr server;     /* with its main port */
	struct media_seen seen; /* ports it answers on are `reached`, the silent ones `rejected` */
	bool echoes;            /* RTP comes back too */
	bool traced;            /* `there` is known, as some were silent */
	struct ports_media there; /* towards the responder, as ports_media_run() has it */
	enum media_flow out, in;
	struct media_verdict silent; /* its ranges: where nothing is answered */
};

/* Pure: `out` and `in`, by what was seen. */
void ports_back_judge(struct ports_back *back);

/* `media` is what was seen towards the provider: it is not measured again where that is the same
 * host. */
void ports_back_run(struct ports_back *out, const struct site *site,
		    const struct ports_media *media, struct sink *sink,
		    const struct deadline *until);
/* Tells rtp.out, rtp.in, rtp.blocked-ports and rtp.blocked-hop of both, and the findings: those of
 * ports_media_report(), and rtp-ports-blocked for the way back. */
void ports_back_report(const struct ports_back *back, const struct ports_media *media,
		       struct sink *sink);
/* A clause for the summary; NULL where there is nothing to say. The caller frees. */
char *ports_back_words(const struct ports_back *back) MUST_USE;

#endif
