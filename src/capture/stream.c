/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/pcap.h"
#include "capture/link.h"

enum { ROOM = 1 << 20 };

_Static_assert(ROOM > sizeof(struct pcap_record) + PCAP_SNAPLEN_MAX, "the largest packet fits");

struct capture_stream {
	size_t begin, end; /* of what waits in `bytes` */
	uint32_t snaplen;
	enum packet_link link;
	bool begun, broken;
	uint8_t bytes[ROOM];
};

struct capture_stream *capture_stream_new(void)
{
	return mem_new(1, sizeof(struct capture_stream));
}

void capture_stream_free(struct capture_stream *stream)
{
	free(stream);
}

/* Less than one packet waits whenever this is called, so there is room behind it. */
uint8_t *capture_stream_room(size_t *room, struct capture_stream *stream)
{
	if (stream->begin) {
		memmove(stream->bytes, stream->bytes + stream->begin, stream->end - stream->begin);
		stream->end -= stream->begin;
		stream->begin = 0;
	}
	*room = ROOM - stream->end;
	return stream->bytes + stream->end;
}

static bool take(void *out, size_t length, struct capture_stream *stream)
{
	if (stream->end - stream->begin < length)
		return false;
	memcpy(out, stream->bytes + stream->begin, length);
	return true;
}

/* ERR_TRUNCATED: not there yet. */
static enum err read_header(struct capture_stream *stream)
{
	struct pcap_file header;

	if (!take(&header, sizeof header, stream))
		return ERR_TRUNCATED;
	if (header.magic != PCAP_MAGIC_NS || header.major != PCAP_MAJOR ||
	    header.minor != PCAP_MINOR || !header.snaplen || header.snaplen > PCAP_SNAPLEN_MAX)
		return ERR_SYNTAX;
	stream->begin += sizeof header;
	stream->snaplen = header.snaplen;
	stream->link = capture_link(header.link);
	stream->begun = true;
	return ERR_NONE;
}

static enum err read_packet(struct packet *packet, struct capture_stream *stream)
{
	struct pcap_record record;

	if (!take(&record, sizeof record, stream))
		return ERR_TRUNCATED;
	if (record.captured > stream->snaplen || record.captured > record.wire ||
	    record.nanoseconds >= PACKET_SECOND)
		return ERR_SYNTAX;
	if (stream->end - stream->begin - sizeof record < record.captured)
		return ERR_TRUNCATED;
	stream->begin += sizeof record;
	*packet = (struct packet){
		.ns = (int64_t)record.seconds * PACKET_SECOND + record.nanoseconds,
		.link = stream->link,
		.data = stream->bytes + stream->begin,
		.captured = record.captured,
		.wire = record.wire,
	};
	stream->begin += record.captured;
	return ERR_NONE;
}

enum err capture_stream_put(struct capture_stream *stream, size_t length, capture_handler *handler,
			    void *context)
{
	struct packet packet;
	enum err err = stream->broken ? ERR_SYNTAX : ERR_NONE;

	if (length > ROOM - stream->end)
		length = ROOM - stream->end;
	stream->end += length;
	if (!err && !stream->begun)
		err = read_header(stream);
	while (!err) {
		err = read_packet(&packet, stream);
		if (!err)
			handler(&packet, context);
	}
	if (err == ERR_TRUNCATED)
		return ERR_NONE;
	stream->broken = true;
	stream->begin = stream->end = 0;
	return err;
}

bool capture_stream_begun(const struct capture_stream *stream)
{
	return stream->begun;
}
