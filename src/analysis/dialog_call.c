/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each message makes of its call (RFC 3261, 12 to 15; RFC 3262; RFC 3311). */
#include <string.h>

#include "analysis/dialog_parts.h"
#include "base/mem.h"

static bool is_method(const struct passing *at, const char *method)
{
	return !strcmp(at->message->method, method);
}

static bool is_answered(const struct call *call)
{
	for (size_t i = 0; i < call->dialog_count; i++)
		if (call->dialog[i].confirmed)
			return true;
	return call->known.answered_ns; /* by a 2xx that had no tag */
}

static struct dialog *dialog_of(const struct passing *at)
{
	return at->dialog == NO_DIALOG ? NULL : &at->call->dialog[at->dialog];
}

/* The request that an answer, an ACK or a repetition belongs to; NULL where it was not seen. */
static struct transaction *find_transaction(const struct passing *at, enum act act)
{
	for (size_t i = 0; i < TRANSACTIONS_MAX; i++) {
		struct transaction *it = &at->call->transaction[i];

		if (it->alias == at->alias && it->act == act && it->cseq == at->message->cseq &&
		    it->by_caller == at->by_caller &&
		    (it->dialog == NO_DIALOG || it->dialog == at->dialog))
			return it;
	}
	return NULL;
}

static struct transaction *add_transaction(const struct passing *at, enum act act, int dialog)
{
	struct transaction *it =
		&at->call->transaction[at->call->transaction_next++ % TRANSACTIONS_MAX];

	*it = (struct transaction){
		.alias = at->alias,
		.act = act,
		.cseq = at->message->cseq,
		.by_caller = at->by_caller,
		.dialog = dialog,
	};
	return it;
}

static struct transaction *begin_transaction(const struct passing *at, enum act act)
{
	struct transaction *it = find_transaction(at, act);

	if (!it)
		it = add_transaction(at, act, at->dialog);
	/* Of a message that was cut the description may be missing. */
	it->offered |= at->message->sdp.left > 0 || at->message->cut;
	return it;
}

static void set_end(const struct passing *at, enum call_end end, int64_t ns)
{
	struct call *call = at->call;

	call->known.end = end;
	call->known.ended_ns = ns;
	dialog_move(at->dialogs, call, LIST_ENDED);
}

static void go_on(const struct passing *at, enum list list)
{
	at->call->known.end = CALL_UNFINISHED;
	at->call->known.ended_ns = 0;
	dialog_move(at->dialogs, at->call, list);
}

static void confirm(const struct passing *at)
{
	struct call *call = at->call;
	struct sip_call *known = &call->known;
	struct dialog *dialog = dialog_of(at);

	if (!dialog || dialog->confirmed)
		return;
	if (!is_answered(call)) {
		known->dialog = dialog->label;
	} else if (at->alias != call->alias || call->alias->next_in_call) {
		bool first = true; /* of this Call-ID: the same conversation on another leg */

		for (size_t i = 0; i < call->dialog_count; i++)
			if (call->dialog[i].alias == at->alias && call->dialog[i].confirmed)
				first = false;
		if (first)
			dialog_relabel(call, at->dialog, known->dialog);
	}
	dialog->confirmed = true;
	dialog->ended = false; /* given up while it rang, and answered all the same */
}

/* The same INVITE to one more place, by who sent the first (a proxy that forks). */
static bool is_fork(const struct passing *at, unsigned leg)
{
	const struct leg *it = &at->call->known.leg[leg];
	const struct leg *first = &at->call->known.leg[at->call->first_leg];

	if (it->tcp && first->tcp) /* a port for each connection */
		return endpoint_same_host(&it->caller, &first->caller);
	return endpoint_equal(&it->caller, &first->caller);
}

/* After the last place refused, the next is asked. */
static void ask_here(const struct passing *at)
{
	struct call *call = at->call;
	const uint32_t bit = UINT32_C(1) << at->leg;

	if (at->alias->index || at->message->cseq != call->invite_cseq || call->asked & bit)
		return;
	call->asked |= bit;
	if (is_answered(call) || call->known.end == CALL_UNFINISHED || !is_fork(at, at->leg))
		return;
	call->cancelled = false;
	call->known.status = 0;
	mem_replace(&call->known.reason, NULL);
	go_on(at, LIST_LIVE);
}

static bool refused_everywhere(const struct passing *at)
{
	struct call *call = at->call;

	call->refused |= UINT32_C(1) << at->leg;
	for (unsigned leg = 0; leg < call->known.leg_count; leg++)
		if ((call->asked & ~call->refused) >> leg & 1 && is_fork(at, leg))
			return false;
	return true;
}

static void begin_attempt(const struct passing *at)
{
	struct call *call = at->call;
	struct sip_call *known = &call->known;
	const bool again = call->invite_ns && at->message->cseq != call->invite_cseq;

	if (at->alias->index || (call->invite_ns && !again) || is_answered(call))
		return;
	if (again && at->message->cseq < call->invite_cseq)
		return;
	known->begun_before = false;
	call->invite_cseq = at->message->cseq;
	call->invite_ns = at->datagram->ns;
	call->first_leg = at->leg;
	call->asked = call->refused = 0;
	if (!again) /* an answer that overtook it in the capture has said more than it */
		return;
	call->heard = call->cancelled = false;
	known->status = 0;
	known->no_answer = false;
	mem_replace(&known->reason, NULL);
	mem_replace(&at->alias->caller_tag, at->message->from_tag);
	go_on(at, LIST_WAITING);
}

static void on_invite(const struct passing *at)
{
	struct transaction *by;

	if (!*at->message->to_tag) {
		begin_attempt(at);
		ask_here(at);
	} else {
		confirm(at); /* inside of a dialog: it was answered */
	}
	by = begin_transaction(at, ACT_INVITE);
	if (at->message->sdp.left)
		dialog_describe(at, by, false);
}

/* Any ACK says that a final answer was there, even if it went another way. */
static void on_ack(const struct passing *at)
{
	struct transaction *by = find_transaction(at, ACT_INVITE), unseen;

	at->call->heard = true;
	if (by)
		dialog_offer_taken(at->call, by);
	if (!at->message->sdp.left || (by && by->offered))
		return;
	confirm(at);
	unseen = (struct transaction){ .alias = at->alias,
				       .act = ACT_INVITE,
				       .cseq = at->message->cseq,
				       .by_caller = at->by_caller,
				       .dialog = at->dialog };
	dialog_describe(at, by ? by : &unseen, true);
}

/* The call goes on in another dialog where more than one was answered (forks). */
static bool goes_on(const struct passing *at)
{
	struct call *call = at->call;
	const struct dialog *other = NULL;

	for (size_t i = 0; i < call->dialog_count; i++) {
		if (!call->dialog[i].confirmed || call->dialog[i].ended)
			continue;
		if (call->dialog[i].label == call->known.dialog)
			return true;
		other = &call->dialog[i];
	}
	if (other)
		call->known.dialog = other->label;
	return other;
}

static void on_bye(const struct passing *at)
{
	struct call *call = at->call;
	struct dialog *dialog = dialog_of(at);
	/* RFC 3261, 15: who was called does not end like that what it has not answered; that
	 * answer was not seen. */
	const bool early = dialog && dialog->rang && !dialog->confirmed && at->from_caller;

	if (!dialog || dialog->ended)
		return;
	if (!early)
		confirm(at);
	dialog->ended = true;
	call->heard = true;
	if (early && is_answered(call))
		return; /* one of the forks that were not taken */
	if (goes_on(at))
		return;
	call->known.ended_by_caller = at->from_caller;
	set_end(at, early ? CALL_CANCELLED : CALL_ANSWERED, at->datagram->ns);
}

/* What a proxy sends to the forks that it gives up is not the call's end. */
static void on_cancel(const struct passing *at)
{
	struct call *call = at->call;

	if (at->alias->index || is_answered(call) || call->cancelled ||
	    call->known.end != CALL_UNFINISHED || (call->invite_ns && at->leg != call->first_leg))
		return;
	call->cancelled = true;
	call->known.ended_by_caller = at->from_caller;
	call->known.end = CALL_CANCELLED;
	call->known.ended_ns = at->datagram->ns;
	if (call->heard) /* else it is still to be told that nothing was */
		dialog_move(at->dialogs, call, LIST_ENDED);
}

/* An offer, but where an answer to the INVITE was one (RFC 3262, 5). */
static void on_prack(const struct passing *at)
{
	struct transaction *by = begin_transaction(at, ACT_PRACK);

	if (!at->message->sdp.left)
		return;
	for (size_t i = 0; i < TRANSACTIONS_MAX; i++) {
		struct transaction *invite = &at->call->transaction[i];

		if (invite->alias == at->alias && invite->act == ACT_INVITE &&
		    invite->by_caller == at->by_caller && invite->answer_offered) {
			invite->answer_offered = by->offered = false;
			dialog_describe(at, by, true);
			return;
		}
	}
	dialog_describe(at, by, false);
}

static void on_update(const struct passing *at)
{
	struct transaction *by = begin_transaction(at, ACT_UPDATE);

	if (at->message->sdp.left)
		dialog_describe(at, by, false);
}

static void on_info(const struct passing *at)
{
	at->call->known.dtmf_info |= strstr(at->message->content_type, "dtmf") != NULL ||
				     strstr(at->message->content_type, "DTMF") != NULL;
}

static void on_request(const struct passing *at)
{
	static const struct {
		const char *method;
		void (*act)(const struct passing *at);
	} acts[] = {
		{ "INVITE", on_invite }, { "ACK", on_ack },     { "BYE", on_bye },
		{ "CANCEL", on_cancel }, { "PRACK", on_prack }, { "UPDATE", on_update },
		{ "INFO", on_info },
	};

	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (is_method(at, acts[i].method))
			acts[i].act(at);
}

/* Is it an answer to the INVITE that began the call, on the way to who sent that first? */
static bool is_first_invite(const struct passing *at, const struct transaction *by)
{
	const struct dialog *dialog = dialog_of(at);

	if (by)
		return by->dialog == NO_DIALOG;
	return at->by_caller && !(dialog && dialog->confirmed);
}

static void keep_status(const struct passing *at)
{
	struct sip_call *known = &at->call->known;

	known->status = at->message->status;
	mem_replace(&known->reason, *at->message->reason ? at->message->reason : NULL);
}

static void accept_call(const struct passing *at)
{
	struct call *call = at->call;
	struct sip_call *known = &call->known;

	confirm(at);
	if (known->answered_ns)
		return;
	known->answered_ns = at->datagram->ns;
	keep_status(at);
	call->cancelled = false; /* too late */
	if (known->end != CALL_ANSWERED)
		go_on(at, LIST_LIVE);
}

static void refuse_call(const struct passing *at)
{
	struct call *call = at->call;
	const int status = at->message->status;

	if (at->alias->index || is_answered(call) ||
	    (call->invite_ns && (!is_fork(at, at->leg) || at->message->cseq != call->invite_cseq)))
		return;
	if (!refused_everywhere(at) || call->known.status >= 300)
		return;
	keep_status(at);
	if (status == 487)
		set_end(at, CALL_CANCELLED,
			call->known.ended_ns ? call->known.ended_ns : at->datagram->ns);
	else
		set_end(at, CALL_FAILED, at->datagram->ns);
}

static void describe_answer(const struct passing *at, struct transaction *by)
{
	const bool offer = by->act == ACT_INVITE && !by->offered;

	dialog_describe(at, by, !offer);
	by->answer_offered |= offer;
}

static void on_answer_to(const struct passing *at, enum act act)
{
	struct transaction *by = find_transaction(at, act);
	const int status = at->message->status;
	const bool first = act == ACT_INVITE && is_first_invite(at, by);
	struct dialog *dialog = dialog_of(at);

	if (!by) { /* the capture began after it: what is answered was offered */
		by = add_transaction(at, act, first ? NO_DIALOG : at->dialog);
		by->offered = true;
	}
	if (first && status > 100 && status < 200 && dialog)
		dialog->rang = true;
	if (status >= 200)
		dialog_offer_taken(at->call, by);
	if (status < 300 && at->message->sdp.left) /* before confirm(): a 2xx is not early */
		describe_answer(at, by);
	if (first && status >= 200 && status < 300)
		accept_call(at);
	else if (first && status >= 300)
		refuse_call(at);
	if (status >= 300 && (!first || at->alias->index || at->call->known.end >= CALL_FAILED))
		dialog_offer_failed(at->call, by);
}

static void on_answer(const struct passing *at)
{
	struct call *call = at->call;

	if (is_method(at, "INVITE")) {
		if (!call->heard && call->list == LIST_WAITING)
			dialog_move(at->dialogs, call, call->cancelled ? LIST_ENDED : LIST_LIVE);
		call->heard = true;
		if (call->known.no_answer) { /* it came after more than 32 s */
			call->known.no_answer = false;
			go_on(at, LIST_LIVE);
		}
		on_answer_to(at, ACT_INVITE);
	} else if (is_method(at, "UPDATE")) {
		on_answer_to(at, ACT_UPDATE);
	} else if (is_method(at, "PRACK")) {
		on_answer_to(at, ACT_PRACK);
	}
}

/* 100 and refusals are often a proxy's own: they name the far phone only if nothing else does. */
static void keep_agent(const struct passing *at)
{
	struct sip_call *known = &at->call->known;
	const int status = at->message->status;

	if (!*at->message->agent || (status && status < 101))
		return;
	if (at->from_caller) {
		if (!known->caller_agent)
			known->caller_agent = mem_text(at->message->agent);
		return;
	}
	if (known->callee_agent && !at->call->agent_final)
		return;
	if (known->callee_agent && status >= 300)
		return;
	mem_replace(&known->callee_agent, at->message->agent);
	at->call->agent_final = status >= 300;
}

void dialog_message(const struct passing *at)
{
	struct call *call = at->call;

	if (at->datagram->ns < call->known.started_ns)
		call->known.started_ns = at->datagram->ns;
	if (at->from_caller)
		call->known.sip_of_caller++;
	else
		call->known.sip_of_callee++;
	keep_agent(at);
	if (at->message->request)
		on_request(at);
	else
		on_answer(at);
	if (call->list == LIST_ENDED) /* something is still to be heard of it */
		dialog_move(at->dialogs, call, LIST_ENDED);
}
