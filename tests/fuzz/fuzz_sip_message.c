/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A SIP message that passed by: read whole, and found in a stream. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "proto/sip_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_within(struct slice part, const uint8_t *data, size_t size)
{
	if (part.left && (part.at < data || part.at + part.left > data + size))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice bytes = slice_of(data, size);
	struct sip_message message;
	size_t length = 0;

	if (!sip_message_read(&message, bytes)) {
		const char *const texts[] = { message.reason,      message.method, message.call_id,
					      message.from_tag,    message.to_tag, message.agent,
					      message.content_type };
		char from[SIP_FIELD_MAX], to[SIP_FIELD_MAX];

		check_within(message.from, data, size);
		check_within(message.to, data, size);
		if (sip_message_who(from, message.from) || sip_message_who(to, message.to) ||
		    !text_is_safe(from) || !text_is_safe(to))
			abort();
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
			if (!text_is_safe(texts[i]))
				abort();
		if (!message.request && (message.status < 100 || message.status > 699))
			abort();
		if (!message.call_id[0] || !sip_message_looks_so(bytes))
			abort();
		check_within(message.sdp, data, size);
		check_within(message.body, data, size);
	}
	if (!sip_message_frame(&length, bytes) && (!length || length > size + SIP_BYTES_MAX))
		abort();
	return 0;
}
