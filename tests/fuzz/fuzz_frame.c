/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as packets of every link layer, and as what ICMP quotes: the payload lies inside. */
#include "packets.h"
#include "proto/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(const struct frame *frame, const uint8_t *data, size_t size)
{
	const struct slice payload = frame->payload;

	if (!payload.left)
		return;
	if (payload.at < data || payload.at > data + size ||
	    payload.left > (size_t)(data + size - payload.at) || payload.left > frame->wire)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_of(data, size);
	struct packet packet = { 0 };
	struct frame frame;

	while (packets_next(&packet, &input)) {
		if (!frame_read(&frame, &packet)) {
			inside(&frame, packet.data, packet.captured);
			if (frame.wire > packet.wire && frame.wire > packet.captured)
				abort();
			if (frame.kind == FRAME_FRAGMENT && !frame_read_transport(&frame))
				inside(&frame, packet.data, packet.captured);
		}
		if (!frame_read_quote(&frame, slice_of(packet.data, packet.captured)))
			inside(&frame, packet.data, packet.captured);
		free((void *)packet.data);
	}
	return 0;
}
