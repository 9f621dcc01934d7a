/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tries of a TURN server mean, as facts, findings and a sentence. */
#ifndef EARSHOT_CHECK_TURN_REPORT_H
#define EARSHOT_CHECK_TURN_REPORT_H

#include "check/check.h"
#include "check/turn_client.h"
#include "check/turn_relay.h"

struct turn_result {
	const char *name;        /* the server's, borrowed */
	enum turn_transport own; /* what the profile names */
	enum err name_err;       /* why it has no address */
	const char *no_login;    /* N_() why we have no user and password; NULL: we have */
	struct turn_told told[TURN_TRANSPORTS];
	char certificate[STREAM_TRUST_WORDS]; /* what is wrong with it, "" where nothing is */
	bool stopped;                         /* before the end */
	bool kept;                            /* there was an allocation to try a relay with */
	enum turn_transport best;             /* its transport */
	struct turn_relay by_socket, by_relay;
};

enum turn_verdict {
	TURN_WORKS,
	TURN_UNREACHABLE,
	TURN_AUTH_FAILED,
	TURN_NO_RELAY,
	TURN_COULD_NOT_TELL,
};
enum turn_verdict turn_judge(const struct turn_result *result);

void turn_report(const struct turn_result *result, struct sink *sink);

#endif
