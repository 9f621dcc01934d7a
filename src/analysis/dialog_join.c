/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A back-to-back agent's other leg has a Call-ID of its own. It is joined where the same
 * description comes out of the element that it went into; where two calls could be meant, none is
 * taken: a call too many in the list misleads less than two that were mixed. */
#include <string.h>

#include "analysis/dialog_parts.h"

enum { LOOKED_AT_MAX = 256 };

static const int64_t join_ns = 2000000000;

struct look {
	const struct datagram *datagram;
	struct endpoint media; /* of the INVITE's audio; not set: none */
	uint64_t origin;
};

/* User, session and address, not the version (RFC 8866, 5.2). 0 where the session's number is too
 * short to be anybody's own. */
uint64_t dialog_origin(const struct dialogs *dialogs, const char *origin)
{
	struct slice word[6], rest = slice_of_text(origin);
	uint64_t hash = 0;

	for (size_t i = 0; i < 6; i++)
		if (slice_until(&word[i], &rest, ' ')) {
			if (i < 5)
				return 0;
			word[i] = rest;
		}
	if (word[1].left < 5)
		return 0;
	hash = dialog_hash(dialogs, word[0]);
	hash = hash * 31 + dialog_hash(dialogs, word[1]);
	return hash * 31 + dialog_hash(dialogs, word[5]);
}

/* Did that offer go into the element that now asks? */
static bool went_there(const struct description *description, const struct datagram *datagram)
{
	if (endpoint_same_host(&description->sender, &description->receiver))
		return endpoint_equal(&description->receiver, &datagram->src);
	return endpoint_same_host(&description->receiver, &datagram->src) &&
	       !endpoint_same_host(&description->sender, &datagram->src);
}

static bool fits(const struct call *call, const struct look *look)
{
	const struct sip_call *known = &call->known;
	const struct alias *alias;

	if (known->begun_before || !call->invite_ns || known->end != CALL_UNFINISHED ||
	    known->answered_ns || look->datagram->ns - call->invite_ns > join_ns)
		return false;
	for (alias = call->alias; alias; alias = alias->next_in_call)
		if (endpoint_same_host(&alias->asked_by, &look->datagram->src) &&
		    alias->asked_by.port == look->datagram->src.port)
			return false;
	for (size_t i = 0; i < known->description_count; i++) {
		const struct description *description = &known->description[i];

		if (!description->initial || !description->from_caller ||
		    !went_there(description, look->datagram))
			continue;
		if (endpoint_is_set(&look->media) && description->audio &&
		    endpoint_equal(&description->audio->at, &look->media))
			return true;
		if (look->origin && call->described[i].by.alias->origin == look->origin)
			return true;
	}
	return false;
}

struct call *dialog_join(struct dialogs *dialogs, const struct sip_message *message,
			 const struct datagram *datagram)
{
	static const enum list lists[] = { LIST_WAITING, LIST_LIVE };
	struct look look = { .datagram = datagram };
	struct call *found = NULL;
	struct sdp sdp;

	if (!message->sdp.left || sdp_read(&sdp, message->sdp))
		return NULL;
	if (sdp_audio(&sdp) && sdp_audio(&sdp)->at.port)
		look.media = sdp_audio(&sdp)->at;
	look.origin = dialog_origin(dialogs, sdp.origin);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct call *call = dialogs->list[lists[i]].last;

		for (size_t n = 0; call && n < LOOKED_AT_MAX; n++, call = call->before) {
			if (datagram->ns - call->moved_ns > join_ns)
				break;
			if (!fits(call, &look))
				continue;
			if (found)
				return NULL;
			found = call;
		}
	}
	return found;
}
