/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A byte that chooses the size of the pieces, then any bytes as what the helper sends: in pieces it
 * gives the same as at once. */
#include <stdlib.h>
#include <string.h>

#include "capture/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	unsigned count, sum;
};

static void look(const struct packet *packet, void *context)
{
	struct seen *seen = context;

	seen->count++;
	for (size_t i = 0; i < packet->captured; i++)
		seen->sum = seen->sum * 31 + packet->data[i];
	if (packet->captured > packet->wire)
		abort();
}

static enum err put_all(struct seen *seen, const uint8_t *data, size_t size, size_t step)
{
	struct capture_stream *stream = capture_stream_new();
	enum err err = ERR_NONE;

	while (!err && size) {
		size_t room, length = size < step ? size : step;
		uint8_t *at = capture_stream_room(&room, stream);

		length = length < room ? length : room;
		memcpy(at, data, length);
		err = capture_stream_put(stream, length, look, seen);
		data += length;
		size -= length;
	}
	capture_stream_free(stream);
	return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole = { 0 }, pieces = { 0 };
	enum err err;

	if (!size)
		return 0;
	err = put_all(&whole, data + 1, size - 1, size);
	if (put_all(&pieces, data + 1, size - 1, data[0] + 1U) != err ||
	    whole.count != pieces.count || whole.sum != pieces.sum)
		abort();
	return 0;
}
