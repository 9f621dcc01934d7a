/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/refusals.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/packet.h"

/* Who refused and then did not for so long has listened meanwhile: what is refused now is another
 * matter. Hosts and routers that limit their errors still send one a second or so. */
static const int64_t spell_ns = 5 * (int64_t)PACKET_SECOND;
enum { SET_SIZE = 8, SETS = REFUSALS_MAX / SET_SIZE };

void refusals_clear(struct refusals *refusals)
{
	free(refusals->refused);
	*refusals = (struct refusals){ 0 };
}

static struct refused *set_of(const struct refusals *refusals, const struct endpoint *src,
			      const struct endpoint *dst)
{
	const uint64_t hash = endpoint_pair_hash(src, dst);

	return &refusals->refused[(hash >> 32) % SETS * SET_SIZE];
}

static struct refused *find(const struct refusals *refusals, const struct endpoint *src,
			    const struct endpoint *dst)
{
	struct refused *set = set_of(refusals, src, dst);

	for (size_t i = 0; i < SET_SIZE; i++)
		if (set[i].count && endpoint_equal(&set[i].src, src) &&
		    endpoint_equal(&set[i].dst, dst))
			return &set[i];
	return NULL;
}

const struct refused *refusals_find(const struct refusals *refusals, const struct endpoint *src,
				    const struct endpoint *dst)
{
	return refusals->refused ? find(refusals, src, dst) : NULL;
}

void refusals_add(struct refusals *refusals, const struct refusal *refusal)
{
	struct refused *refused;

	if (!refusals->refused)
		refusals->refused = mem_new(REFUSALS_MAX, sizeof *refusals->refused);
	refused = find(refusals, &refusal->src, &refusal->dst);
	if (!refused) {
		struct refused *set = set_of(refusals, &refusal->src, &refusal->dst);

		refused = set;
		for (size_t i = 1; i < SET_SIZE; i++)
			if (set[i].last_ns < refused->last_ns)
				refused = &set[i];
		*refused = (struct refused){ .src = refusal->src,
					     .dst = refusal->dst,
					     .first_ns = refusal->ns };
	}
	if (refused->count && refusal->ns - refused->last_ns > spell_ns) {
		refused->count = 0;
		refused->first_ns = refusal->ns;
	}
	refused->by = refusal->by;
	refused->count++;
	refused->port_unreachable = refusal->port_unreachable;
	refused->prohibited = refusal->prohibited;
	refused->last_ns = refusal->ns;
}
