/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the helper sends, base/pcap.h, taken apart as it comes. One buffer of a fixed size (1 MiB),
 * of which the packets given borrow. */
#ifndef EARSHOT_CAPTURE_STREAM_H
#define EARSHOT_CAPTURE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "capture/file.h"

struct capture_stream;

struct capture_stream *capture_stream_new(void) MUST_USE;
void capture_stream_free(struct capture_stream *stream);

/* Where the next bytes are to be put; *room is at least 1. */
uint8_t *capture_stream_room(size_t *room, struct capture_stream *stream);

/* `length` bytes were put there: gives the packets that are whole now. ERR_SYNTAX: bytes that break
 * the format, or a length past its ceiling; from then on nothing more is given. */
enum err capture_stream_put(struct capture_stream *stream, size_t length, capture_handler *handler,
			    void *context) MUST_USE;

/* True once the file header has come. */
bool capture_stream_begun(const struct capture_stream *stream);

#endif
