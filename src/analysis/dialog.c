/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of calls: which message belongs to which, how many there are, when one is over. */
#include "analysis/dialog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analysis/dialog_parts.h"
#include "base/mem.h"

enum { BUCKETS = 16384 };

/* SipHash-1-3 (Aumasson and Bernstein): senders choose the Call-ID, and must not choose the bucket.
 */
static uint64_t rotate(uint64_t number, unsigned by)
{
	return number << by | number >> (64 - by);
}

static void mix(uint64_t v[static 4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

uint64_t dialog_hash(const struct dialogs *dialogs, struct slice bytes)
{
	uint64_t v[4] = {
		dialogs->secret[0] ^ 0x736f6d6570736575,
		dialogs->secret[1] ^ 0x646f72616e646f6d,
		dialogs->secret[0] ^ 0x6c7967656e657261,
		dialogs->secret[1] ^ 0x7465646279746573,
	};
	uint64_t word = (uint64_t)bytes.left << 56;

	for (; bytes.left >= 8; bytes = slice_of(bytes.at + 8, bytes.left - 8)) {
		uint64_t whole;

		memcpy(&whole, bytes.at, 8);
		v[3] ^= whole;
		mix(v);
		v[0] ^= whole;
	}
	for (size_t i = 0; i < bytes.left; i++)
		word |= (uint64_t)bytes.at[i] << 8 * i;
	v[3] ^= word;
	mix(v);
	v[0] ^= word;
	v[2] ^= 0xff;
	for (size_t i = 0; i < 3; i++)
		mix(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct dialogs *dialogs_new(const struct dialogs_to *to)
{
	struct dialogs *dialogs = mem_new(1, sizeof *dialogs);

	dialogs->to = *to;
	dialogs->bucket = mem_new(BUCKETS, sizeof(struct alias *));
	while (getrandom(dialogs->secret, sizeof dialogs->secret, 0) < 0 && errno == EINTR)
		;
	return dialogs;
}

static void take_out(struct dialogs *dialogs, struct call *call)
{
	struct bucket_list *list = &dialogs->list[call->list];

	*(call->before ? &call->before->after : &list->first) = call->after;
	*(call->after ? &call->after->before : &list->last) = call->before;
	list->count--;
}

static void put_last(struct dialogs *dialogs, struct call *call, enum list to)
{
	struct bucket_list *list = &dialogs->list[to];

	call->list = to;
	call->moved_ns = dialogs->now;
	call->before = list->last;
	call->after = NULL;
	*(list->last ? &list->last->after : &list->first) = call;
	list->last = call;
	list->count++;
}

void dialog_move(struct dialogs *dialogs, struct call *call, enum list to)
{
	take_out(dialogs, call);
	put_last(dialogs, call, to);
}

static void forget_alias(struct dialogs *dialogs, struct alias *alias)
{
	struct alias **link = &dialogs->bucket[alias->hash % BUCKETS];

	while (*link != alias)
		link = &(*link)->next_in_bucket;
	*link = alias->next_in_bucket;
	free(alias->call_id);
	free(alias->caller_tag);
	free(alias);
}

static void free_known(struct dialogs *dialogs, struct sip_call *known)
{
	free(known->call_id);
	free(known->from);
	free(known->to);
	free(known->caller_agent);
	free(known->callee_agent);
	free(known->reason);
	for (size_t i = 0; i < known->leg_count; i++)
		free(known->leg[i].call_id);
	for (size_t i = 0; i < known->description_count; i++) {
		dialogs->descriptions -= known->description[i].audio != NULL;
		free(known->description[i].audio);
	}
	free(known->description);
	for (size_t i = 0; i < known->message_count; i++)
		free((void *)(uintptr_t)known->message[i].bytes.at);
	free(known->message);
}

static void free_call(struct dialogs *dialogs, struct call *call)
{
	take_out(dialogs, call);
	while (call->alias) {
		struct alias *next = call->alias->next_in_call;

		forget_alias(dialogs, call->alias);
		call->alias = next;
	}
	for (size_t i = 0; i < call->dialog_count; i++)
		free(call->dialog[i].tag);
	dialogs->evidence -= call->evidence;
	for (size_t i = 0; i < call->known.description_count; i++) {
		dialogs->descriptions -= call->described[i].spare != NULL;
		free(call->described[i].spare);
	}
	free_known(dialogs, &call->known);
	free(call->described);
	free(call);
}

static void finish(struct dialogs *dialogs, struct call *call)
{
	if (dialogs->to.done)
		dialogs->to.done(&call->known, dialogs->to.context);
	free_call(dialogs, call);
}

void dialogs_free(struct dialogs *dialogs)
{
	if (!dialogs)
		return;
	for (size_t i = 0; i < LISTS; i++)
		while (dialogs->list[i].first)
			free_call(dialogs, dialogs->list[i].first);
	free(dialogs->bucket);
	free(dialogs);
}

size_t dialogs_count(const struct dialogs *dialogs)
{
	size_t count = 0;

	for (size_t i = 0; i < LISTS; i++)
		count += dialogs->list[i].count;
	return count;
}

uint64_t dialogs_unread(const struct dialogs *dialogs)
{
	return dialogs->unread;
}

uint64_t dialogs_overflow(const struct dialogs *dialogs)
{
	return dialogs->overflow;
}

static struct alias *find_alias(const struct dialogs *dialogs, const char *call_id, uint64_t hash)
{
	struct alias *alias = dialogs->bucket[hash % BUCKETS];

	while (alias && (alias->hash != hash || strcmp(alias->call_id, call_id) != 0))
		alias = alias->next_in_bucket;
	return alias;
}

static struct alias *add_alias(struct dialogs *dialogs, struct call *call,
			       const struct sip_message *message, const struct datagram *datagram)
{
	struct alias *alias = mem_new(1, sizeof *alias), **last = &call->alias;

	alias->call = call;
	alias->call_id = mem_text(message->call_id);
	alias->hash = dialog_hash(dialogs, slice_of_text(message->call_id));
	alias->caller_tag = mem_text(message->from_tag);
	alias->asked_by = message->request ? datagram->src : datagram->dst;
	alias->next_in_bucket = dialogs->bucket[alias->hash % BUCKETS];
	dialogs->bucket[alias->hash % BUCKETS] = alias;
	for (; *last; last = &(*last)->next_in_call)
		alias->index++;
	*last = alias;
	return alias;
}

static void make_room(struct dialogs *dialogs)
{
	static const enum list order[] = { LIST_ENDED, LIST_WAITING, LIST_LIVE };
	struct call *oldest = NULL;

	if (dialogs_count(dialogs) < CALLS_MAX)
		return;
	for (size_t i = 0; i < LISTS && (!oldest || oldest->list != LIST_ENDED); i++) {
		struct call *call = dialogs->list[order[i]].first;

		if (call && (!oldest || call->known.started_ns < oldest->known.started_ns))
			oldest = call;
	}
	dialogs->overflow++;
	finish(dialogs, oldest);
}

static bool is_first_invite(const struct sip_message *message)
{
	return message->request && !strcmp(message->method, "INVITE") && !*message->to_tag;
}

/* Is it of a call that was there before the capture? An ACK without a description may belong to a
 * call that was refused, and what may also belong to a subscription does not tell. */
static bool tells_of_call(const struct sip_message *message)
{
	static const char *const methods[] = { "INVITE", "BYE", "UPDATE", "PRACK" };

	if (!message->request)
		return !strcmp(message->method, "INVITE");
	if (!strcmp(message->method, "ACK"))
		return message->sdp.left > 0;
	if (!strcmp(message->method, "CANCEL"))
		return true;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (!strcmp(message->method, methods[i]))
			return *message->to_tag;
	return false;
}

/* The caller frees. */
static char *who(struct slice address)
{
	char uri[SIP_FIELD_MAX];

	return mem_text(sip_message_who(uri, address) ? "" : uri);
}

static struct call *add_call(struct dialogs *dialogs, const struct sip_message *message,
			     const struct datagram *datagram)
{
	struct call *call;

	make_room(dialogs);
	call = mem_new(1, sizeof *call);
	call->known.call_id = mem_text(message->call_id);
	call->known.from = who(message->from);
	call->known.to = who(message->to);
	call->known.started_ns = datagram->ns;
	call->known.begun_before = !is_first_invite(message);
	put_last(dialogs, call, call->known.begun_before ? LIST_LIVE : LIST_WAITING);
	return call;
}

/* The call that a message belongs to; NULL: none, and it begins none. */
static struct alias *alias_of(struct dialogs *dialogs, const struct sip_message *message,
			      const struct datagram *datagram)
{
	const uint64_t hash = dialog_hash(dialogs, slice_of_text(message->call_id));
	struct alias *alias = find_alias(dialogs, message->call_id, hash);
	struct call *call = NULL;

	if (alias)
		return alias;
	if (is_first_invite(message))
		call = dialog_join(dialogs, message, datagram);
	else if (!tells_of_call(message))
		return NULL;
	if (!call)
		call = add_call(dialogs, message, datagram);
	return add_alias(dialogs, call, message, datagram);
}

/* The request is the caller's unless it is addressed to the caller: a second INVITE may come with a
 * new tag, and forks bring many on the other side. */
static bool is_by_caller(const struct alias *alias, const struct sip_message *message)
{
	char from[SIP_FIELD_MAX];

	if (!*alias->caller_tag) /* RFC 2543 knew calls without */
		return sip_message_who(from, message->from) ||
		       strcmp(from, alias->call->known.to) != 0;
	return strcmp(message->to_tag, alias->caller_tag) != 0;
}

bool dialogs_datagram(struct dialogs *dialogs, const struct datagram *datagram)
{
	struct sip_message message;
	struct passing at = { .dialogs = dialogs, .message = &message, .datagram = datagram };

	if (!sip_message_looks_so(datagram->payload))
		return false;
	if (sip_message_read(&message, datagram->payload)) {
		dialogs->unread++;
		return true;
	}
	if (datagram->ns > dialogs->now)
		dialogs->now = datagram->ns;
	at.alias = alias_of(dialogs, &message, datagram);
	if (!at.alias)
		return true;
	at.call = at.alias->call;
	at.by_caller = is_by_caller(at.alias, &message);
	at.from_caller = message.request == at.by_caller;
	at.leg = dialog_leg(&at);
	if (dialog_keep(&at))
		return true;
	at.dialog = dialog_index(&at);
	dialog_message(&at);
	return true;
}

static void give_up_waiting(struct dialogs *dialogs, int64_t ns)
{
	struct call *call;

	while ((call = dialogs->list[LIST_WAITING].first) &&
	       ns - call->moved_ns >= dialog_linger_ns) {
		if (!call->heard) {
			call->known.no_answer = true;
			call->known.end = CALL_FAILED;
		}
		dialog_move(dialogs, call, call->heard ? LIST_LIVE : LIST_ENDED);
	}
}

void dialogs_tick(struct dialogs *dialogs, int64_t ns)
{
	struct call *call;

	if (ns > dialogs->now)
		dialogs->now = ns;
	give_up_waiting(dialogs, dialogs->now);
	while ((call = dialogs->list[LIST_ENDED].first) &&
	       dialogs->now - call->moved_ns >= dialog_linger_ns)
		finish(dialogs, call);
}

static int by_start(const void *a, const void *b)
{
	const struct call *const *left = a, *const *right = b;

	return ((*left)->known.started_ns > (*right)->known.started_ns) -
	       ((*left)->known.started_ns < (*right)->known.started_ns);
}

/* All calls, oldest first; the caller frees the array. */
static struct call **all_calls(size_t *count, const struct dialogs *dialogs)
{
	struct call **all = mem_new(dialogs_count(dialogs) + 1, sizeof(struct call *));

	*count = 0;
	for (size_t i = 0; i < LISTS; i++)
		for (struct call *call = dialogs->list[i].first; call; call = call->after)
			all[(*count)++] = call;
	qsort(all, *count, sizeof(struct call *), by_start);
	return all;
}

void dialogs_end(struct dialogs *dialogs)
{
	size_t count;
	struct call **all;

	give_up_waiting(dialogs, dialogs->now);
	all = all_calls(&count, dialogs);
	for (size_t i = 0; i < count; i++)
		finish(dialogs, all[i]);
	free(all);
}

void dialogs_each(struct dialogs *dialogs, void (*each)(struct sip_call *call, void *context),
		  void *context)
{
	size_t count;
	struct call **all = all_calls(&count, dialogs);

	for (size_t i = 0; i < count; i++)
		each(&all[i]->known, context);
	free(all);
}
