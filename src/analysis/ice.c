/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/ice.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "proto/stun.h"

/* A set is looked at whole: the table needs no secret to stay fast. */
enum {
	SET_SIZE = 8,
	SETS = ICE_PAIRS_MAX / SET_SIZE,
	IDS_MAX = 8,
	FIRST_BYTE_MAX = 0x3f, /* RFC 8489, 5: the two highest bits of a message are 0 */
};

struct pair {
	struct endpoint src, dst;
	unsigned asked, answered;
	int64_t first_ns, last_ns;
	struct stun_id id[IDS_MAX]; /* of the last requests, `asked` of them at most */
};

struct ice {
	struct pair pair[ICE_PAIRS_MAX];
	size_t used;
};

struct ice *ice_new(void)
{
	return mem_new(1, sizeof(struct ice));
}

void ice_free(struct ice *ice)
{
	free(ice);
}

static struct pair *set_of(struct ice *ice, const struct endpoint *src, const struct endpoint *dst)
{
	const uint64_t hash = endpoint_pair_hash(src, dst);

	return &ice->pair[(hash >> 32) % SETS * SET_SIZE];
}

static struct pair *find_pair(struct ice *ice, const struct endpoint *src,
			      const struct endpoint *dst)
{
	struct pair *set = set_of(ice, src, dst);

	for (size_t i = 0; i < SET_SIZE; i++)
		if (set[i].asked && endpoint_equal(&set[i].src, src) &&
		    endpoint_equal(&set[i].dst, dst))
			return &set[i];
	return NULL;
}

static struct pair *add_pair(struct ice *ice, const struct datagram *datagram)
{
	struct pair *set = set_of(ice, &datagram->src, &datagram->dst), *oldest = set;

	for (size_t i = 0; i < SET_SIZE; i++)
		if (set[i].last_ns < oldest->last_ns)
			oldest = &set[i];
	if (!oldest->asked)
		ice->used++;
	*oldest = (struct pair){ .src = datagram->src,
				 .dst = datagram->dst,
				 .first_ns = datagram->ns };
	return oldest;
}

static void take_request(struct ice *ice, const struct datagram *datagram,
			 const struct stun_message *message)
{
	struct pair *pair = find_pair(ice, &datagram->src, &datagram->dst);

	if (!pair)
		pair = add_pair(ice, datagram);
	pair->id[pair->asked++ % IDS_MAX] = message->id;
	pair->last_ns = datagram->ns;
}

static void take_answer(struct ice *ice, const struct datagram *datagram,
			const struct stun_message *message)
{
	struct pair *pair = find_pair(ice, &datagram->dst, &datagram->src);

	for (size_t i = 0; pair && i < IDS_MAX && i < pair->asked; i++)
		if (!memcmp(&pair->id[i], &message->id, sizeof message->id)) {
			pair->answered++;
			return;
		}
}

/* The magic cookie (RFC 8489, 5), before anything is decoded. */
static bool looks_so(struct slice bytes)
{
	static const uint8_t cookie[] = { 0x21, 0x12, 0xa4, 0x42 };

	return bytes.left >= STUN_HEADER && bytes.at[0] <= FIRST_BYTE_MAX &&
	       !memcmp(bytes.at + 4, cookie, sizeof cookie);
}

/* Only requests with a user name are ICE's (RFC 8445, 7.1.2): what asks a server for the own
 * address has none. */
bool ice_datagram(struct ice *ice, const struct datagram *datagram)
{
	struct stun_message message;

	if (datagram->tcp || !looks_so(datagram->payload))
		return false;
	if (stun_decode(&message, datagram->payload.at, datagram->payload.left) ||
	    message.method != STUN_BINDING)
		return true;
	if (message.class == STUN_REQUEST && message.username.left)
		take_request(ice, datagram, &message);
	else if (message.class == STUN_SUCCESS)
		take_answer(ice, datagram, &message);
	return true;
}

static bool names(const struct sdp_media *media, const struct endpoint *at)
{
	if (endpoint_equal(&media->at, at))
		return true;
	for (size_t i = 0; i < media->candidate_count; i++)
		if (endpoint_equal(&media->candidate[i].at, at))
			return true;
	return false;
}

static bool concerns(const struct sip_call *call, const struct pair *pair)
{
	if (pair->last_ns < call->started_ns || (call->ended_ns && pair->first_ns > call->ended_ns))
		return false;
	for (size_t i = 0; i < call->description_count; i++) {
		const struct sdp_media *audio = call->description[i].audio;

		if (audio && audio->ice && (names(audio, &pair->src) || names(audio, &pair->dst)))
			return true;
	}
	return false;
}

static bool uses_ice(const struct sip_call *call)
{
	for (size_t i = 0; i < call->description_count; i++)
		if (call->description[i].audio && call->description[i].audio->ice)
			return true;
	return false;
}

struct ice_seen ice_of_call(const struct ice *ice, const struct sip_call *call)
{
	struct ice_seen seen = { 0 };

	if (!ice->used || !uses_ice(call))
		return seen;
	for (size_t i = 0; i < ICE_PAIRS_MAX; i++) {
		const struct pair *pair = &ice->pair[i];

		if (!pair->asked || !concerns(call, pair))
			continue;
		if (!seen.pairs++ || pair->first_ns < seen.first_ns)
			seen.first_ns = pair->first_ns;
		if (pair->last_ns > seen.last_ns)
			seen.last_ns = pair->last_ns;
		seen.asked += pair->asked;
		seen.answered += pair->answered;
	}
	return seen;
}
