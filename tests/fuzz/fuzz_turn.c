/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as what a TURN server sends on a stream: frame by frame, each a challenge to a login
 * that then signs. */
#include <stdlib.h>

#include "proto/stun_login.h"
#include "proto/turn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answer(struct slice frame)
{
	struct stun_message message, again;
	struct stun_login login;
	struct stun_id id = { { 0 } };
	struct buf out;

	if (stun_decode(&message, frame.at, frame.left))
		return;
	stun_login_init(&login, "user", "password");
	if (stun_login_challenge(&login, &message))
		return;
	buf_init(&out, STUN_MAX);
	if (stun_begin(&out, STUN_REQUEST, STUN_ALLOCATE, &id) || stun_login_sign(&out, &login) ||
	    stun_decode(&again, out.data, out.length) || stun_login_check(&login, &again))
		abort();
	buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_of(data, size), frame;
	size_t length;

	while (!turn_frame(&length, rest)) {
		if (length < 4 || length > TURN_FRAME_MAX)
			abort();
		if (slice_take(&frame, &rest, length))
			return 0;
		answer(frame);
	}
	return 0;
}
