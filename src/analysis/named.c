/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/named.h"

#include <stdlib.h>

#include "base/mem.h"

enum { ROOM_FIRST = 64 };

static void add(struct named *named, const struct endpoint *at)
{
	if (!at->port || !endpoint_is_set(at))
		return;
	if (named->count == named->room) {
		named->room = named->room ? named->room * 2 : ROOM_FIRST;
		named->at = mem_resize(named->at, named->room, sizeof *named->at);
	}
	named->at[named->count++] = *at;
}

void named_add_call(struct named *named, const struct sip_call *call)
{
	for (size_t i = 0; i < call->description_count; i++) {
		const struct sdp_media *audio = call->description[i].audio;

		for (size_t k = 0; k < DESCRIPTION_BESIDE_MAX; k++)
			add(named, &call->description[i].beside[k]);
		if (!audio)
			continue;
		add(named, &audio->at);
		for (size_t k = 0; k < audio->candidate_count; k++)
			add(named, &audio->candidate[k].at);
	}
}

static int by_endpoint(const void *a, const void *b)
{
	const struct endpoint *one = a, *other = b;

	if (one->high != other->high)
		return one->high < other->high ? -1 : 1;
	if (one->low != other->low)
		return one->low < other->low ? -1 : 1;
	return (int)one->port - (int)other->port;
}

void named_sort(struct named *named)
{
	size_t count = 0;

	if (!named->count)
		return;
	qsort(named->at, named->count, sizeof *named->at, by_endpoint);
	for (size_t i = 0; i < named->count; i++)
		if (!count || !endpoint_equal(&named->at[count - 1], &named->at[i]))
			named->at[count++] = named->at[i];
	named->count = count;
}

bool named_has(const struct named *named, const struct endpoint *at)
{
	return named->count &&
	       bsearch(at, named->at, named->count, sizeof *named->at, by_endpoint) != NULL;
}

void named_clear(struct named *named)
{
	free(named->at);
	*named = (struct named){ 0 };
}
