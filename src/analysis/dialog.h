/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls as SIP tells of them: who calls whom, what became of it, and every description that was
 * offered or answered, in order. Several dialogs of one INVITE (forks), and several hops of one
 * call through a proxy, are one call. No media is looked at here. */
#ifndef EARSHOT_ANALYSIS_DIALOG_H
#define EARSHOT_ANALYSIS_DIALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/feed.h"
#include "base/endpoint.h"
#include "proto/sdp.h"
#include "proto/sip_message.h"

enum {
	CALLS_MAX = 8192, /* at once; then the oldest that had ended, else the oldest, goes */
	CALL_DESCRIPTIONS_MAX = 64, /* of one call; more are counted; the second half is for those
				       that change something */
	CALL_LEGS_MAX = 16,
	CALL_DIALOGS_MAX = 16,                 /* remote tags of forks */
	CALL_MESSAGES_MAX = 200,               /* kept as evidence; more are counted */
	CALL_EVIDENCE_MAX = 128 * 1024,        /* bytes of raw messages of one call */
	CALLS_EVIDENCE_MAX = 64 * 1024 * 1024, /* of all that are there */
	CALLS_DESCRIPTIONS_MAX = 32768,        /* of all that are there; 3 kB each */
};

/* One offer or answer of the call's audio (RFC 3264; RFC 3261, 13.2.1, 14; RFC 3262; RFC 3311). */
/* Of more, the first are known. */
enum { DESCRIPTION_BESIDE_MAX = 2 };

struct description {
	int64_t ns;
	bool answer;      /* else an offer */
	bool from_caller; /* the side that sent the call's first INVITE */
	bool early;       /* in a provisional answer or PRACK, before any 2xx */
	bool failed;  /* its INVITE or UPDATE was refused: what was before holds (RFC 3261, 14.1) */
	bool pending; /* offered in a dialog, and no answer to it was seen, nor an ACK */
	unsigned leg; /* index of the leg where it was seen first */
	unsigned dialog; /* index of the remote tag; 0 for the first INVITE's offer. On a
			    back-to-back agent's other leg that of the same conversation */
	bool initial;    /* offered by an INVITE outside of any dialog: holds for all of them */
	bool hop; /* one that stands before it here, seen on another leg, maybe rewritten there */
	struct endpoint sender, receiver;               /* of the SIP message */
	struct sdp_media *audio;                        /* NULL: none in it */
	struct endpoint beside[DESCRIPTION_BESIDE_MAX]; /* of video and other media; else not set */
	uint64_t beside_types[2]; /* their payload types that are not the audio's too, a bit each */
	bool changed; /* differs from this side's last one in address, port, codecs or direction */
};

/* Two SIP elements between which the call was seen, and what they call it. */
struct leg {
	struct endpoint caller, callee; /* nearer to the caller, nearer to the callee */
	char *call_id;                  /* a back-to-back agent gives each leg its own */
	bool tcp;
};

/* A SIP message as it was, for evidence. */
struct kept_message {
	int64_t ns;
	struct endpoint src, dst;
	struct slice bytes; /* owned by the call */
	unsigned leg;
};

enum call_end { CALL_UNFINISHED, CALL_ANSWERED, CALL_FAILED, CALL_CANCELLED };

struct sip_call {
	char *call_id, *from, *to;         /* safe to print */
	char *caller_agent, *callee_agent; /* User-Agent or Server; NULL: not told */
	int64_t started_ns;                /* the first message seen */
	int64_t answered_ns;               /* the first 2xx to the INVITE; 0: not seen */
	int64_t ended_ns;                  /* BYE, CANCEL or final failure; 0: not seen */
	bool begun_before; /* the capture began inside the call: its INVITE was not seen */
	enum call_end end; /* CALL_ANSWERED once it was answered and is over; until then
			      CALL_UNFINISHED, and answered_ns tells */
	int status;        /* of the last final answer to the first INVITE, or to the same one again
			      with credentials or elsewhere; 0: none seen */
	char *reason;      /* the words beside `status`; NULL: none */
	bool no_answer;    /* the INVITE got no answer at all, not even 100, in 32 s (timer B) */
	bool ended_by_caller;
	struct description *description; /* at most CALL_DESCRIPTIONS_MAX */
	size_t description_count, descriptions_dropped;
	unsigned dialog; /* index of the remote tag that was answered */
	struct leg leg[CALL_LEGS_MAX];
	size_t leg_count;
	bool dtmf_info;                        /* digits went as SIP INFO */
	unsigned sip_of_caller, sip_of_callee; /* messages that came past, repetitions left out */
	struct kept_message *message;
	size_t message_count, messages_dropped;
	void *owner; /* of the caller; NULL at first */
};

/* The description that holds for one side at that moment, in the answered dialog where there is
 * one; NULL before the first. One that failed does not hold. As that side wrote it, as far as that
 * was seen: hops are passed over. */
const struct description *sip_call_description(const struct sip_call *call, bool from_caller,
					       int64_t ns);
/* The same as it went over one leg. */
const struct description *sip_call_description_on(const struct sip_call *call, unsigned leg,
						  bool from_caller, int64_t ns);

struct dialogs_to {
	/* A description was read: `call` and the description are borrowed. */
	void (*described)(struct sip_call *call, const struct description *description,
			  void *context);
	/* The call ended long enough ago that nothing of it is to come, or went because of
	 * CALLS_MAX, or dialogs_end() was called. It is freed afterwards. */
	void (*done)(struct sip_call *call, void *context);
	void *context;
};

/* `to` is copied. The caller frees. */
struct dialogs *dialogs_new(const struct dialogs_to *to);
void dialogs_free(struct dialogs *dialogs);

/* Takes one datagram if it is a SIP message: true, also of one that could not be read (counted). */
bool dialogs_datagram(struct dialogs *dialogs, const struct datagram *datagram);

/* Time goes on: calls that ended `linger` ago (RFC 3261 timers, 32 s) are done. Cheap to call
 * often.
 */
void dialogs_tick(struct dialogs *dialogs, int64_t ns);
void dialogs_end(struct dialogs *dialogs);

size_t dialogs_count(const struct dialogs *dialogs);
uint64_t dialogs_unread(const struct dialogs *dialogs);   /* SIP messages that could not be read */
uint64_t dialogs_overflow(const struct dialogs *dialogs); /* calls that went because of CALLS_MAX */

/* For a live display: each call that is there now, oldest first. */
void dialogs_each(struct dialogs *dialogs, void (*each)(struct sip_call *call, void *context),
		  void *context);

#endif
