/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends what the ALG check wants to see on the path, gathers quotes and answers into a struct
 * alg_seen. Its one rule: INVITE and REGISTER are sent only with a hop limit with which a harmless
 * datagram of the same flow, and then an OPTIONS, were just thrown away by the same router; so
 * neither reaches the provider. */
#ifndef EARSHOT_CHECK_ALG_PROBE_H
#define EARSHOT_CHECK_ALG_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "check/alg_judge.h"
#include "net/icmp.h"
#include "proto/sip.h"

/* What can be wanted, beside the kinds that are judged. */
enum alg_message {
	ALG_SEND_OPTIONS = ALG_OPTIONS,
	ALG_SEND_REGISTER = ALG_REGISTER,
	ALG_SEND_INVITE = ALG_INVITE,
	ALG_SEND_DECOY = ALG_DECOY,
	ALG_SEND_KEEPALIVE = ALG_KINDS, /* empty lines: harmless wherever they arrive */
	ALG_SEND_OWN,                   /* the two real OPTIONS of the witness; hop 0 */
	ALG_SEND_NAME,
};

struct alg_want {
	enum alg_lane lane;
	unsigned hop; /* hop limit; 0: the system's own */
	enum alg_message message;
	unsigned tries;  /* left */
	int64_t next_ms; /* not sent again before, on clock_ms()'s scale */
	bool finished;
};

/* One datagram that was sent and can be recognised. */
struct alg_shot {
	size_t want;
	char token[SIP_TOKEN_MAX + 1];
	struct buf sent;
	bool quoted, answered;
};

enum { ALG_WANTS_MAX = 128, ALG_SHOTS_MAX = 384 };

struct alg_run {
	struct alg_seen *seen;
	char host[SIP_HOST_MAX + 1];            /* for request URI and To */
	const char *device;                     /* NULL: as routed */
	int fd[ALG_LANES];                      /* -1: not open */
	bool unsteady[ALG_LANES][ALG_HOPS + 1]; /* more than one router there: no place for SIP */
	struct alg_want want[ALG_WANTS_MAX];
	size_t want_count;
	struct alg_shot shot[ALG_SHOTS_MAX];
	size_t shot_count;
	struct icmp_purse *purse; /* of the ICMP answers that routers give; borrowed */
	int64_t heard_ms;         /* when something came last */
	enum err send_error;      /* this host's own refusal to send, if any */
};

/* `seen` is borrowed, filled all the time; `host` (at most SIP_HOST_MAX bytes) is copied. */
void alg_run_init(struct alg_run *run, struct alg_seen *seen, const char *host, const char *device);
void alg_run_clear(struct alg_run *run);

/* Opens a lane's socket at `port` (0: any), to `target`, unless it is open. Errors as udp_open()
 * and udp_source_for(). */
enum err alg_open(struct alg_run *run, enum alg_lane lane, uint16_t port,
		  const struct addr *target) MUST_USE;

/* Wants a message at most `tries` times, until it is quoted (or answered). */
void alg_want(struct alg_run *run, const struct alg_want *want);
/* Gives up what is wanted of that message. */
void alg_forget(struct alg_run *run, enum alg_message message);

typedef bool alg_enough(const struct alg_run *run);
/* Sends and gathers until everything wanted has ended, the deadline has passed, or nothing came for
 * `quiet_ms` and `enough` (may be NULL) says so. */
void alg_work(struct alg_run *run, const struct deadline *until, int64_t quiet_ms,
	      alg_enough *enough);

#endif
