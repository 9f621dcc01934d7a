/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP before and behind a NAT, where one capture shows both: a NAT has no business in it. */
#include <stdlib.h>
#include <string.h>

#include "analysis/compare_sip.h"
#include "analysis/findings.h"
#include "analysis/judge.h"
#include "base/mem.h"

static bool is_translated(const struct endpoint *inside, const struct endpoint *outside)
{
	return endpoint_is_private(inside) && !endpoint_is_private(outside);
}

/* The same hop seen twice: one of its ends is the same, the other one's address was translated. A
 * proxy's two hops have no such end, and a back-to-back agent's no Call-ID in common. */
static bool is_same_hop(const struct leg *inside, const struct leg *outside)
{
	if (strcmp(inside->call_id, outside->call_id) != 0)
		return false;
	return (endpoint_equal(&inside->callee, &outside->callee) &&
		is_translated(&inside->caller, &outside->caller)) ||
	       (endpoint_equal(&inside->caller, &outside->caller) &&
		is_translated(&inside->callee, &outside->callee));
}

/* Those of one leg; the bytes stay the call's. The caller frees out->message. */
static void take_leg(struct point_call *out, const struct sip_call *call, size_t leg)
{
	*out = (struct point_call){ .message = mem_new(call->message_count + 1,
						       sizeof *out->message) };
	for (size_t i = 0; i < call->message_count; i++)
		if (call->message[i].leg == leg)
			out->message[out->message_count++] = call->message[i];
}

static struct finding *compare_legs(const struct sip_call *call, size_t inside, size_t outside)
{
	struct clock_bounds bounds = { 0 };
	struct point_call here, there;
	struct sip_changes changes;
	struct finding *finding;

	take_leg(&here, call, inside);
	take_leg(&there, call, outside);
	compare_messages(&changes, &bounds, &here, &there);
	finding = compare_rewritten(&changes);
	json_decref(changes.list);
	free(here.message);
	free(there.message);
	return finding;
}

/* The router is where its outside address is. */
static void place(struct finding *finding, const struct leg *inside, const struct leg *outside)
{
	const bool is_caller = !endpoint_equal(&inside->caller, &outside->caller);
	char host[ADDR_TEXT];

	judge_host_text(host, is_caller ? &outside->caller : &outside->callee);
	finding_place(finding, 0, host);
}

void findings_of_sip(struct verdict *verdict, const struct scene *scene)
{
	const struct sip_call *call = scene->call;

	for (size_t i = 0; call && i < call->leg_count; i++)
		for (size_t k = 0; k < call->leg_count; k++) {
			struct finding *finding = is_same_hop(&call->leg[i], &call->leg[k])
							  ? compare_legs(call, i, k)
							  : NULL;

			if (!finding)
				continue;
			place(finding, &call->leg[i], &call->leg[k]);
			findings_take(verdict, finding);
			return;
		}
}
