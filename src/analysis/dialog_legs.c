/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between whom a message went, and in which dialog. */
#include <string.h>

#include "analysis/dialog_parts.h"
#include "base/mem.h"

static bool fits_exactly(const struct leg *leg, const struct endpoint *near,
			 const struct endpoint *far)
{
	return endpoint_equal(&leg->caller, near) && endpoint_equal(&leg->callee, far);
}

/* Ports change with every TCP connection. Where both ends are one host, they are all there is. */
static bool fits_by_host(const struct leg *leg, const struct endpoint *near,
			 const struct endpoint *far)
{
	return endpoint_same_host(&leg->caller, near) && endpoint_same_host(&leg->callee, far) &&
	       !endpoint_same_host(near, far);
}

unsigned dialog_leg(const struct passing *at)
{
	struct sip_call *call = &at->call->known;
	const struct datagram *datagram = at->datagram;
	const struct endpoint *near = at->from_caller ? &datagram->src : &datagram->dst;
	const struct endpoint *far = at->from_caller ? &datagram->dst : &datagram->src;
	bool (*const fits[])(const struct leg *, const struct endpoint *,
			     const struct endpoint *) = { fits_exactly, fits_by_host };

	for (size_t how = 0; how < sizeof fits / sizeof *fits; how++)
		for (unsigned i = 0; i < call->leg_count; i++)
			if (!strcmp(call->leg[i].call_id, at->alias->call_id) &&
			    fits[how](&call->leg[i], near, far))
				return i;
	if (call->leg_count == CALL_LEGS_MAX)
		return CALL_LEGS_MAX - 1;
	call->leg[call->leg_count] = (struct leg){
		.caller = *near,
		.callee = *far,
		.call_id = mem_text(at->alias->call_id),
		.tcp = datagram->tcp,
	};
	return (unsigned)call->leg_count++;
}

int dialog_index(const struct passing *at)
{
	struct call *call = at->call;
	const char *tag = at->by_caller ? at->message->to_tag : at->message->from_tag;

	if (!*tag)
		return NO_DIALOG;
	for (size_t i = 0; i < call->dialog_count; i++)
		if (call->dialog[i].alias == at->alias && !strcmp(call->dialog[i].tag, tag))
			return (int)i;
	if (call->dialog_count == CALL_DIALOGS_MAX || at->message->status >= 300) /* begins none */
		return NO_DIALOG;
	call->dialog[call->dialog_count] = (struct dialog){ .alias = at->alias,
							    .tag = mem_text(tag),
							    .label = (unsigned)call->dialog_count };
	return (int)call->dialog_count++;
}
