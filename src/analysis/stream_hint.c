/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What descriptions said of endpoints. */
#include <stdlib.h>
#include <string.h>

#include "analysis/stream_parts.h"
#include "base/mem.h"

enum { HEADS = 4096 /* a power of 2 */ };

struct hints {
	uint64_t secret;
	struct hint *head[HEADS];
	struct hint hint[HINTS_MAX]; /* the oldest is overwritten */
	size_t count;                /* all that came */
};

struct hints *hints_new(uint64_t secret)
{
	struct hints *hints = mem_new(1, sizeof *hints);

	hints->secret = secret | 1;
	return hints;
}

void hints_free(struct hints *hints)
{
	if (!hints)
		return;
	for (size_t i = 0; i < HINTS_MAX && i < hints->count; i++)
		free(hints->hint[i].codec);
	free(hints);
}

static size_t head_of(const struct hints *hints, const struct endpoint *at)
{
	return (size_t)((endpoint_hash(at) ^ hints->secret) * hints->secret >> 32) & (HEADS - 1);
}

static struct hint *find(const struct hints *hints, const struct endpoint *at)
{
	struct hint *hint = hints->head[head_of(hints, at)];

	while (hint && !endpoint_equal(&hint->at, at))
		hint = hint->next;
	return hint;
}

const struct hint *hints_find(const struct hints *hints, const struct endpoint *at)
{
	return find(hints, at);
}

static void forget(struct hints *hints, const struct hint *old)
{
	struct hint **link = &hints->head[head_of(hints, &old->at)];

	while (*link != old)
		link = &(*link)->next;
	*link = old->next;
}

static struct hint *add(struct hints *hints, const struct endpoint *at)
{
	struct hint *hint = &hints->hint[hints->count % HINTS_MAX];
	struct hint **head = &hints->head[head_of(hints, at)];

	if (hints->count++ >= HINTS_MAX)
		forget(hints, hint);
	free(hint->codec);
	*hint = (struct hint){ .at = *at, .next = *head };
	*head = hint;
	return hint;
}

void hints_add(struct hints *hints, const struct endpoint *at, const struct sdp_media *media)
{
	struct hint *hint = find(hints, at);

	if (!hint)
		hint = add(hints, at);
	free(hint->codec);
	hint->codec_count = media->codec_count;
	hint->codec = mem_new(hint->codec_count, sizeof *hint->codec);
	memcpy(hint->codec, media->codec, hint->codec_count * sizeof *hint->codec);
	hint->srtp = media->srtp != SDP_SRTP_NONE;
}

void hints_of_call(struct hints *hints, const struct endpoint *at, const void *call,
		   int64_t began_ns)
{
	struct hint *hint = find(hints, at);

	if (!hint)
		return;
	hint->call = call;
	hint->began_ns = began_ns;
}

const struct sdp_codec *hint_codec(const struct hint *hint, unsigned payload_type)
{
	for (size_t i = 0; hint && i < hint->codec_count; i++)
		if (hint->codec[i].payload_type == payload_type)
			return &hint->codec[i];
	return NULL;
}
