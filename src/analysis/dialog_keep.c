/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages as they were, and which of them were there before. */
#include <string.h>

#include "analysis/dialog_parts.h"
#include "base/mem.h"

static bool seen_before(const struct passing *at)
{
	struct call *call = at->call;
	const struct datagram *datagram = at->datagram;
	const uint64_t hash = dialog_hash(at->dialogs, datagram->payload) ^
			      endpoint_hash(&datagram->src) ^
			      endpoint_hash(&datagram->dst) * 0x9e3779b97f4a7c15;

	for (size_t i = 0; i < SEEN_MAX; i++)
		if (call->seen[i] == hash)
			return true;
	call->seen[call->seen_next++ % SEEN_MAX] = hash;
	return false;
}

/* What a person wants to read of a call, even where not all of it can be kept. */
static bool matters(const struct sip_message *message)
{
	if (message->request)
		return !strcmp(message->method, "INVITE") || !strcmp(message->method, "BYE") ||
		       !strcmp(message->method, "CANCEL") || message->sdp.left;
	return message->status >= 300 || message->sdp.left;
}

bool dialog_keep(const struct passing *at)
{
	struct call *call = at->call;
	struct sip_call *known = &call->known;
	const struct slice bytes = at->datagram->payload;
	const unsigned share = matters(at->message) ? 1 : 2; /* the rest may fill half of it */
	uint8_t *copy;

	if (seen_before(at))
		return true;
	if (known->message_count >= CALL_MESSAGES_MAX / share ||
	    call->evidence + bytes.left > CALL_EVIDENCE_MAX / share ||
	    at->dialogs->evidence + bytes.left > CALLS_EVIDENCE_MAX) {
		known->messages_dropped++;
		return false;
	}
	if (known->message_count == call->message_room) {
		call->message_room = call->message_room ? 2 * call->message_room : 8;
		known->message =
			mem_resize(known->message, call->message_room, sizeof *known->message);
	}
	copy = mem_new(bytes.left, 1);
	memcpy(copy, bytes.at, bytes.left);
	known->message[known->message_count++] = (struct kept_message){
		.ns = at->datagram->ns,
		.src = at->datagram->src,
		.dst = at->datagram->dst,
		.bytes = slice_of(copy, bytes.left),
		.leg = at->leg,
	};
	call->evidence += bytes.left;
	at->dialogs->evidence += bytes.left;
	return false;
}
