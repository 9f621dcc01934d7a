/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A conversation: messages parted by NUL bytes. The byte before each message says between whom it
 * goes and how much later. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/dialog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct told {
	size_t described, done;
};

static void on_described(struct sip_call *call, const struct description *description,
			 void *context)
{
	struct told *told = context;

	told->described++;
	if (description < call->description ||
	    description >= call->description + call->description_count ||
	    description->leg >= call->leg_count)
		abort();
}

static void on_done(struct sip_call *call, void *context)
{
	struct told *told = context;

	told->done++;
	if (!call->call_id || !call->from || !call->to || !call->leg_count)
		abort();
	if (call->description_count > CALL_DESCRIPTIONS_MAX || call->leg_count > CALL_LEGS_MAX ||
	    call->message_count > CALL_MESSAGES_MAX)
		abort();
	if (call->no_answer && call->answered_ns)
		abort();
	for (unsigned i = 0; i < 2; i++) {
		const struct description *holds = sip_call_description(call, i, INT64_MAX);

		if (holds && (holds->failed || holds->from_caller != (i == 1)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct told told = { 0 };
	const struct dialogs_to to = { on_described, on_done, &told };
	struct dialogs *dialogs = dialogs_new(&to);
	struct slice rest = slice_of(data, size), text;
	struct datagram datagram = { .ns = 1000000000 };

	while (rest.left > 1) {
		const uint8_t how = rest.at[0];
		size_t length;

		rest = slice_of(rest.at + 1, rest.left - 1);
		if (slice_until(&text, &rest, 0)) {
			text = rest;
			rest.left = 0;
		}
		length = text.left;
		datagram.ns += (int64_t)(how >> 4) * 2500000000;
		datagram.src = endpoint_v4(0xc0000201 + (how & 3), 5060);
		datagram.dst = endpoint_v4(0xc0000201 + (how >> 2 & 3), 5060);
		datagram.payload = text;
		datagram.wire = length;
		dialogs_tick(dialogs, datagram.ns);
		if (dialogs_datagram(dialogs, &datagram) != sip_message_looks_so(text))
			abort();
	}
	dialogs_end(dialogs);
	if (dialogs_count(dialogs))
		abort();
	dialogs_free(dialogs);
	return 0;
}
