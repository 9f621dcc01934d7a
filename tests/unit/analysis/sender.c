/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sender.h"

#include <string.h>

static const int64_t packet_ns = 20000000;

struct sender sender_new(struct streams *streams)
{
	return (struct sender){ .streams = streams,
				.src = endpoint_v4(0xc0000201, 4000),
				.dst = endpoint_v4(0xc0000202, 5000),
				.ssrc = 0xfeedbeef,
				.seq = 1000,
				.timestamp = 50000,
				.ns = 1700000000000000000,
				.fill = 0xff,
				.bytes = SENDER_BYTES,
				.ticks = 160 };
}

bool sender_put(struct sender *sender)
{
	uint8_t bytes[12 + 1024] = { 0x80, (uint8_t)(sender->marker << 7 | sender->type) };
	struct datagram datagram = { .ns = sender->ns,
				     .src = sender->src,
				     .dst = sender->dst,
				     .via = sender->via,
				     .payload = slice_of(bytes, 12 + sender->bytes),
				     .wire = 12 + sender->bytes,
				     .dscp = sender->dscp };

	for (int i = 0; i < 4; i++) {
		bytes[4 + i] = (uint8_t)(sender->timestamp >> (24 - 8 * i));
		bytes[8 + i] = (uint8_t)(sender->ssrc >> (24 - 8 * i));
	}
	bytes[2] = (uint8_t)(sender->seq >> 8);
	bytes[3] = (uint8_t)sender->seq;
	memset(bytes + 12, sender->fill, sender->bytes);
	if (sender->say)
		memcpy(bytes + 12, sender->say, sender->bytes);
	return streams_datagram(sender->streams, &datagram);
}

void sender_lose(struct sender *sender, unsigned count)
{
	sender->seq = (uint16_t)(sender->seq + count);
	sender->timestamp += count * sender->ticks;
	sender->ns += count * packet_ns;
}

bool sender_send(struct sender *sender)
{
	const bool taken = sender_put(sender);

	sender_lose(sender, 1);
	return taken;
}

void sender_send_many(struct sender *sender, unsigned count)
{
	while (count--)
		sender_send(sender);
}

static bool keep_last(struct stream *stream, void *context)
{
	const struct stream **last = context;

	*last = stream;
	return true;
}

const struct stream *sender_stream(const struct sender *sender)
{
	const struct stream *last = NULL;

	streams_each(sender->streams, keep_last, &last);
	return streams_count(sender->streams) == 1 ? last : NULL;
}

void sender_describe(const struct sender *sender, const struct endpoint *at, enum sdp_srtp srtp)
{
	const struct sdp_media media = { .srtp = srtp,
					 .codec = { { 0, "PCMU", 8000 },
						    { 8, "PCMA", 8000 },
						    { 9, "G722", 8000 },
						    { 111, "opus", 48000 },
						    { 101, "telephone-event", 8000 },
						    { 13, "CN", 8000 } },
					 .codec_count = 6 };

	streams_expect(sender->streams, at, &media, sender->ns);
}
