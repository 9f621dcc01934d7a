/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of dialog.h share. */
#ifndef EARSHOT_ANALYSIS_DIALOG_PARTS_H
#define EARSHOT_ANALYSIS_DIALOG_PARTS_H

#include "analysis/dialog.h"

enum {
	TRANSACTIONS_MAX = 16, /* of one call that are remembered: the last ones */
	SEEN_MAX = 32,         /* messages that are known again when they are repeated */
	NO_DIALOG = -1,
};

static const int64_t dialog_linger_ns = 32000000000; /* RFC 3261, 17.1.1.2: 64 * T1 */

/* One Call-ID of a call: in the table of all, and in its call's list. */
struct alias {
	struct alias *next_in_bucket, *next_in_call;
	struct call *call;
	char *call_id;
	char *caller_tag;
	uint64_t hash;
	unsigned index;           /* 0: the first one seen */
	struct endpoint asked_by; /* who sent its INVITE */
	uint64_t origin;          /* of o= without its version, hashed; 0: not telling */
};

/* One early or confirmed dialog, by the tag of the called side. */
struct dialog {
	const struct alias *alias;
	char *tag;
	unsigned label; /* what the outside knows it as */
	bool rang, confirmed, ended;
};

enum act { ACT_INVITE, ACT_PRACK, ACT_UPDATE };

/* A request that can carry an offer. Two are the same if all up to `dialog` is equal. */
struct transaction {
	const struct alias *alias;
	enum act act;
	uint32_t cseq;
	bool by_caller;
	int dialog;          /* NO_DIALOG: the INVITE that begins one */
	bool offered;        /* it had a description */
	bool answer_offered; /* an answer to it was the offer */
};

struct described {
	struct transaction by;
	int dialog;
	uint64_t content;        /* hash of the body */
	bool final;              /* in a 2xx */
	size_t line;             /* which m= the audio is */
	struct sdp_media *spare; /* an offer's next one with audio; NULL: none */
	size_t spare_line;
};

enum list { LIST_WAITING, LIST_LIVE, LIST_ENDED, LISTS };

struct call {
	struct sip_call known; /* first: what the outside sees */
	struct call *before, *after;
	enum list list;
	int64_t moved_ns; /* when it came into its list */
	struct alias *alias;
	uint32_t invite_cseq;
	int64_t invite_ns;       /* of the attempt that counts; 0: not seen */
	uint32_t asked, refused; /* bits: legs that this attempt went over, and was refused on */
	unsigned first_leg;      /* where it was seen first: its failures are the call's */
	bool heard;              /* any answer to that attempt */
	bool cancelled;
	bool agent_final; /* callee_agent is told by a proxy's refusal at best */
	struct dialog dialog[CALL_DIALOGS_MAX];
	size_t dialog_count;
	struct transaction transaction[TRANSACTIONS_MAX];
	size_t transaction_next;
	struct described *described; /* one for each of known.description */
	size_t description_room;
	uint64_t seen[SEEN_MAX];
	size_t seen_next, evidence, message_room;
};

struct bucket_list {
	struct call *first, *last;
	size_t count;
};

struct dialogs {
	struct dialogs_to to;
	uint64_t secret[2];
	struct alias **bucket;
	struct bucket_list list[LISTS];
	int64_t now;                   /* the latest time seen */
	size_t evidence, descriptions; /* kept by all calls */
	uint64_t unread, overflow;
};

/* One message on its way through. */
struct passing {
	struct dialogs *dialogs;
	struct call *call;
	struct alias *alias;
	const struct sip_message *message;
	const struct datagram *datagram;
	bool by_caller;   /* the request is the caller's */
	bool from_caller; /* this message is */
	unsigned leg;
	int dialog; /* NO_DIALOG: no tag of the called side yet, or one too many */
};

uint64_t dialog_hash(const struct dialogs *dialogs, struct slice bytes);
void dialog_move(struct dialogs *dialogs, struct call *call, enum list to);

/* dialog_legs.c */
unsigned dialog_leg(const struct passing *at);
int dialog_index(const struct passing *at);

/* dialog_keep.c: true if just this message was there before. Else it is kept as evidence. */
bool dialog_keep(const struct passing *at);

/* dialog_offer.c */
void dialog_describe(const struct passing *at, struct transaction *by, bool answer);
void dialog_offer_failed(struct call *call, const struct transaction *by);
/* Whatever was offered by it holds. */
void dialog_offer_taken(struct call *call, const struct transaction *by);
/* The called side's dialog on another leg is the conversation that was answered. */
void dialog_relabel(struct call *call, int dialog, unsigned label);
uint64_t dialog_origin(const struct dialogs *dialogs, const char *origin);

/* dialog_call.c: what the message does to its call. */
void dialog_message(const struct passing *at);

/* dialog_join.c: the call whose other leg that INVITE is; NULL where that is not proven. */
struct call *dialog_join(struct dialogs *dialogs, const struct sip_message *message,
			 const struct datagram *datagram);

#endif
