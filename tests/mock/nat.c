/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/nat.h"

#include <stdlib.h>

#include "base/clock.h"

static bool fits(enum mock_rule rule, const struct addr *a, const struct addr *b)
{
	switch (rule) {
	case MOCK_INDEPENDENT: return true;
	case MOCK_BY_ADDRESS: return addr_same_host(a, b);
	default: return addr_equal(a, b);
	}
}

static bool is_forgotten(const struct mock_nat *nat, const struct mock_flow *flow)
{
	return nat->forget_ms && clock_ms() - flow->used_ms >= nat->forget_ms;
}

static enum mock_rule mapping_of(const struct mock_nat *nat, const struct addr *inside)
{
	const bool first = !nat->flows || addr_equal(inside, &nat->flow[0].inside);

	return nat->first_differs && first ? MOCK_BY_ADDRESS_PORT : nat->mapping;
}

static struct mock_flow *find_out(struct mock_nat *nat, const struct addr *inside,
				  const struct addr *to)
{
	const enum mock_rule mapping = mapping_of(nat, inside);

	for (size_t i = 0; i < nat->flows; i++) {
		struct mock_flow *flow = &nat->flow[i];

		if (addr_equal(&flow->inside, inside) &&
		    (!nat->translate || fits(mapping, &flow->to, to)))
			return flow;
	}
	return NULL;
}

static struct mock_flow *add_flow(struct mock_nat *nat, const struct addr *inside,
				  const struct addr *to)
{
	struct mock_flow *flow = &nat->flow[nat->flows];

	if (nat->flows == MOCK_FLOWS)
		abort();
	*flow = (struct mock_flow){ .inside = *inside, .to = *to, .seen = *inside };
	if (nat->translate) {
		flow->seen = nat->outside;
		addr_set_port(&flow->seen, (uint16_t)(addr_port(&nat->outside) + nat->flows));
	}
	nat->flows++;
	return flow;
}

void mock_nat_out(struct addr *seen, struct mock_nat *nat, const struct addr *inside,
		  const struct addr *to)
{
	struct mock_flow *flow = find_out(nat, inside, to);

	if (!flow)
		flow = add_flow(nat, inside, to);
	*seen = flow->seen;
	if (is_forgotten(nat, flow))
		flow->remotes = 0;
	flow->used_ms = clock_ms();
	for (size_t i = 0; i < flow->remotes; i++)
		if (addr_equal(&flow->remote[i], to))
			return;
	if (flow->remotes == MOCK_REMOTES)
		abort();
	flow->remote[flow->remotes++] = *to;
}

bool mock_nat_in(struct addr *inside, const struct mock_nat *nat, const struct addr *seen,
		 const struct addr *from)
{
	for (size_t i = 0; i < nat->flows; i++) {
		const struct mock_flow *flow = &nat->flow[i];

		if (!addr_equal(&flow->seen, seen) || is_forgotten(nat, flow))
			continue;
		*inside = flow->inside;
		for (size_t j = 0; j < flow->remotes; j++)
			if (fits(nat->filtering, &flow->remote[j], from))
				return true;
		return false;
	}
	return false;
}
