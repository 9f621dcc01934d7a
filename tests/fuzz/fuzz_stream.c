/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any datagrams as streams. A step of the input is a byte that says what comes, some that say
 * between whom and when, and the first bytes of the datagram. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 5, ENDS = 4, DATAGRAM_MAX = 64, WIRE = 180 };

static void must(bool right)
{
	if (!right)
		abort();
}

static bool check(struct stream *stream, void *context)
{
	uint64_t typed = 0, marked = 0;

	(*(size_t *)context)++;
	for (size_t i = 0; i < stream->type_count; i++)
		typed += stream->type[i].packets;
	for (size_t i = 0; i < 64; i++)
		marked += stream->dscp_packets[i];
	must(stream->packets > 0 && marked == stream->packets);
	must(typed <= stream->packets);
	must(typed == stream->packets || stream->type_count == STREAM_TYPES_MAX);
	must(stream->duplicates + stream->reordered < stream->packets);
	must(stream->expected >= stream->packets - stream->duplicates);
	must(stream_lost(stream) + stream->packets - stream->duplicates == stream->expected);
	must(stream->sounding <= stream->heard && stream->heard <= stream->packets);
	must(isfinite(stream->jitter_ms) && stream->jitter_ms >= 0);
	must(isfinite(stream->jitter_mean_ms) && stream->jitter_mean_ms >= 0);
	must(stream->jitter_mean_ms <= stream->jitter_max_ms + 1e-6 * stream->jitter_max_ms);
	must(isfinite(stream->steady_jitter_mean_ms) && stream->steady_jitter_mean_ms >= 0);
	must(stream->voice == STREAM_TYPES_MAX || stream->voice < stream->type_count);
	return stream->ssrc % 4 != 3;
}

static void count(struct stream *stream, void *context)
{
	(void)stream;
	++*(size_t *)context;
}

static void describe(struct streams *streams, const struct endpoint *at, const uint8_t *bytes,
		     int64_t ns)
{
	struct sdp_media media = { .codec_count = bytes[0] % 3,
				   .srtp = bytes[1] % 4 ? SDP_SRTP_NONE : SDP_SRTP_SDES };
	static const char *const names[] = { "",     "PCMU", "PCMA",
					     "G722", "opus", "telephone-event",
					     "CN",   "L16" };
	static const uint32_t clocks[] = { 8000, 48000, 0, 1, 90000, 4294967295, 44100, 16000 };

	for (size_t i = 0; i < media.codec_count; i++) {
		media.codec[i].payload_type = bytes[2 + i] & 127;
		strcpy(media.codec[i].name, names[bytes[4] % 8]);
		media.codec[i].clock = clocks[bytes[4] / 8 % 8];
	}
	streams_expect(streams, at, &media, 0);
	if (bytes[5] % 2)
		streams_of_call(streams, at, names[bytes[6] % 8], ns);
}

/* Few, so that they meet; some of IPv6. */
static struct endpoint end(uint8_t byte)
{
	const uint16_t port = (uint16_t)(4000 + byte / ENDS % 2);

	if (byte & 64)
		return (struct endpoint){ 0x20010db800000000, byte % ENDS, port };
	return endpoint_v4(byte % ENDS, port);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct streams *streams = streams_new();
	uint8_t bytes[WIRE] = { 0 };
	size_t counted = 0;
	int64_t ns = 0;

	while (size >= HEAD) {
		const size_t length = data[4] % DATAGRAM_MAX;
		const struct endpoint src = end(data[1]), dst = end(data[2]);

		ns += (int8_t)data[3] * (int64_t)(data[0] & 64 ? 1000000000 : 4000000);
		if (size - HEAD < length)
			break;
		memset(bytes, data[2], sizeof bytes);
		memcpy(bytes, data + HEAD, length);
		if (data[0] % 16 == 0) {
			describe(streams, &dst, bytes, ns);
		} else if (data[0] % 16 == 1) {
			streams_with(streams, &dst, count, &counted);
		} else if (data[0] % 16 == 2) {
			counted = 0;
			streams_each(streams, check, &counted);
			must(counted >= streams_count(streams));
		} else {
			const struct datagram datagram = {
				.ns = ns,
				.src = src,
				.dst = dst,
				.via = data[0] & 32 ? end(7) : (struct endpoint){ 0 },
				.payload = slice_of(bytes, data[0] & 128 ? length : WIRE),
				.wire = WIRE,
				.dscp = data[3] & 63,
			};

			streams_datagram(streams, &datagram);
		}
		data += HEAD + length;
		size -= HEAD + length;
	}
	counted = 0;
	streams_each(streams, check, &counted);
	streams_free(streams);
	return 0;
}
