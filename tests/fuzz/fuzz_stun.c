/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a STUN message: what is decoded must lie inside them. */
#include <stdlib.h>

#include "proto/stun.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_lie_inside(struct slice part, const struct stun_message *message)
{
	if (part.at && (part.at < message->whole.at ||
			part.at + part.left > message->whole.at + message->whole.left))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stun_message message;
	enum err err;

	if (stun_decode(&message, data, size))
		return 0;
	must_lie_inside(message.software, &message);
	must_lie_inside(message.username, &message);
	must_lie_inside(message.realm, &message);
	must_lie_inside(message.nonce, &message);
	must_lie_inside(message.reason, &message);
	must_lie_inside(message.padding, &message);
	must_lie_inside(message.integrity, &message);
	must_lie_inside(message.integrity_sha256, &message);
	err = stun_check_integrity(&message, slice_of_text("key"));
	if (err != ERR_NONE && err != ERR_NOT_FOUND && err != ERR_AUTH)
		abort();
	return 0;
}
