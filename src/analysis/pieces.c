/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ROOM_LEAST = 2048 };

void pieces_clear(struct pieces *pieces)
{
	free(pieces->data);
	*pieces = (struct pieces){ 0 };
}

static void grow(struct pieces *pieces, size_t length)
{
	size_t room = pieces->room ? pieces->room : ROOM_LEAST;

	if (length <= pieces->room)
		return;
	while (room < length)
		room *= 2;
	pieces->data = mem_resize(pieces->data, room, 1);
	memset(pieces->data + pieces->room, 0, room - pieces->room);
	pieces->room = room;
}

/* Copies into the holes between the spans `first` to before `last`. */
static void fill(struct pieces *pieces, unsigned first, unsigned last, size_t at,
		 struct slice bytes)
{
	size_t from = at;
	const size_t end = at + bytes.left;

	for (unsigned i = first; i <= last && from < end; i++) {
		const size_t to =
			i < last && pieces->span[i].from < end ? pieces->span[i].from : end;

		if (to > from)
			memcpy(pieces->data + from, bytes.at + (from - at), to - from);
		if (i < last)
			from = from > pieces->span[i].to ? from : pieces->span[i].to;
	}
}

enum err pieces_add(struct pieces *pieces, size_t at, struct slice bytes, size_t wire,
		    size_t ceiling)
{
	const size_t end = at + wire;
	struct pieces_span all;
	unsigned first = 0, last;

	if (end > ceiling || end < at || bytes.left > wire || ceiling > UINT32_MAX)
		return ERR_FULL;
	if (!wire)
		return ERR_NONE;
	while (first < pieces->count && pieces->span[first].to < at)
		first++;
	all = (struct pieces_span){ (uint32_t)at, (uint32_t)end, 1 };
	for (last = first; last < pieces->count && pieces->span[last].from <= end; last++) {
		const struct pieces_span *span = &pieces->span[last];

		if (span->from <= at && span->to >= end)
			return ERR_NONE; /* nothing new */
		all.from = all.from < span->from ? all.from : span->from;
		all.to = all.to > span->to ? all.to : span->to;
		all.packets += span->packets;
	}
	if (first == last && pieces->count == PIECES_SPANS_MAX)
		return ERR_FULL;
	grow(pieces, end);
	fill(pieces, first, last, at, bytes);
	memmove(&pieces->span[first + 1], &pieces->span[last],
		(pieces->count - last) * sizeof *pieces->span);
	pieces->span[first] = all;
	pieces->count = pieces->count + 1 - (last - first);
	return ERR_NONE;
}

bool pieces_overlap(const struct pieces *pieces, size_t from, size_t to)
{
	for (unsigned i = 0; i < pieces->count; i++)
		if (pieces->span[i].from < to && from < pieces->span[i].to)
			return true;
	return false;
}

bool pieces_hold(const struct pieces *pieces, size_t at, struct slice bytes)
{
	for (unsigned i = 0; i < pieces->count; i++)
		if (pieces->span[i].from <= at && pieces->span[i].to >= at + bytes.left)
			return !bytes.left || !memcmp(pieces->data + at, bytes.at, bytes.left);
	return false;
}

size_t pieces_prefix(const struct pieces *pieces)
{
	return pieces->count && !pieces->span[0].from ? pieces->span[0].to : 0;
}

size_t pieces_end(const struct pieces *pieces)
{
	return pieces->count ? pieces->span[pieces->count - 1].to : 0;
}

uint64_t pieces_packets(const struct pieces *pieces)
{
	uint64_t packets = 0;

	for (unsigned i = 0; i < pieces->count; i++)
		packets += pieces->span[i].packets;
	return packets;
}

uint64_t pieces_drop(struct pieces *pieces, size_t length)
{
	const size_t end = pieces_end(pieces);
	const uint64_t before = pieces_packets(pieces);
	unsigned kept = 0;

	for (unsigned i = 0; i < pieces->count; i++) {
		struct pieces_span span = pieces->span[i];

		if (span.to <= length)
			continue;
		if (span.from < length)
			span.packets = 1; /* the one in which the cut is */
		span.from = span.from < length ? 0 : span.from - (uint32_t)length;
		span.to -= (uint32_t)length;
		pieces->span[kept++] = span;
	}
	pieces->count = kept;
	if (kept)
		memmove(pieces->data, pieces->data + length, end - length);
	return before - pieces_packets(pieces);
}
