/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TURN client (RFC 8656): one allocation at one server, with long-term credentials, and what is
 * sent and received through it. */
#ifndef EARSHOT_CHECK_TURN_CLIENT_H
#define EARSHOT_CHECK_TURN_CLIENT_H

#include "check/turn_wire.h"

enum { TURN_REASON = 128, TURN_REDIRECTS_MAX = 2 };

struct turn_plan {
	enum turn_transport transport;
	struct addr server;
	const char *name;   /* of the server, for TLS */
	const char *device; /* NULL: as routed */
	const char *user,
		*password;         /* NULL: none; all texts borrowed as long as the client lives */
	const volatile int *hurry; /* not 0: end now; NULL: nobody says so */
	bool connected; /* TCP, TLS: `fd` is a connection to there already; the client takes it */
	int fd;
};

/* How far an allocation came. */
enum turn_state {
	TURN_NOT_TRIED,
	TURN_ALLOCATED,
	TURN_NOT_REACHED,  /* `end` says why */
	TURN_LOGIN_NEEDED, /* it asks for user and password, and we have none */
	TURN_LOGIN_WRONG,  /* it refuses them */
	TURN_TURNED_AWAY,  /* it answers with the error `code` */
	TURN_SENT_ON,      /* to another server, over and over or to where none can be */
	TURN_NONSENSE,     /* it answers, but not as RFC 8656 wants it: see `reason` */
};

/* What one knows of an allocation. Texts are safe to print. */
struct turn_told {
	enum turn_state state;
	enum turn_end end;
	struct addr server;       /* who was asked last: another after a redirection */
	struct addr offender;     /* who told of a refusal, if known */
	struct addr relayed;      /* the relay's address for us */
	struct addr mapped;       /* what the server sees of us */
	unsigned code;            /* of the last error answer, 0: none */
	char reason[TURN_REASON]; /* the server's words to it, or ours to nonsense */
	unsigned redirects;
	unsigned lifetime;  /* seconds that the allocation lives if nobody releases it */
	bool forged;        /* an answer came that its password does not sign */
	int64_t fastest_ms; /* of all requests that were answered at the first try; -1: none was */
};

struct turn_client;

/* The plan is copied, its texts borrowed. Sends nothing yet. */
struct turn_client *turn_client_new(const struct turn_plan *plan) MUST_USE;
/* Releases the allocation (a Refresh with lifetime 0, RFC 8656, 3.2), waits at most a quarter of a
 * second for the answer, and frees. */
void turn_client_free(struct turn_client *client);

/* Allocates a relayed address of the server's own family; follows what RFC 8489 wants: one
 * challenge, stale nonces, redirections. */
enum turn_state turn_client_allocate(struct turn_client *client, const struct deadline *until);

/* Lets the peer's address send to the relay (RFC 8656, 9). ERR_REFUSED: the server does not want
 * to, told()->code says why; ERR_TIMEOUT, ERR_IO. */
enum err turn_client_permit(struct turn_client *client, const struct addr *peer,
			    const struct deadline *until) MUST_USE;

/* Through the relay to a peer (RFC 8656, 11.1). */
enum err turn_client_send(struct turn_client *client, const struct addr *peer, struct slice data,
			  const struct deadline *until) MUST_USE;
/* What a peer sent to the relay (RFC 8656, 11.4); valid until the next call. ERR_TIMEOUT: nothing;
 * ERR_IO: the connection is gone; ERR_CANCELLED: hurry. */
enum err turn_client_receive(struct slice *data, struct addr *peer, struct turn_client *client,
			     const struct deadline *until) MUST_USE;

/* What the server showed over TLS; NULL: no TLS connection is open. Borrowed. */
const struct stream_certificate *turn_client_certificate(const struct turn_client *client);

/* Borrowed, kept up to date. */
const struct turn_told *turn_client_told(const struct turn_client *client);

#endif
