/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that come in pieces, in any order and more than once. What came first stays. */
#ifndef EARSHOT_ANALYSIS_PIECES_H
#define EARSHOT_ANALYSIS_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum { PIECES_SPANS_MAX = 64 };

/* Bytes from `from` to before `to` are there, counted from 0. */
struct pieces_span {
	uint32_t from, to;
	uint32_t packets; /* that gave something to it */
};

struct pieces {
	uint8_t *data;                             /* owned; NULL until the first */
	size_t room;                               /* bytes */
	struct pieces_span span[PIECES_SPANS_MAX]; /* ascending, never touching */
	unsigned count;
};

/* All 0 is empty. */
void pieces_clear(struct pieces *pieces);

/* Puts a packet's bytes at `at`; it had `wire` bytes, no fewer than were captured, and those that
 * were not are there as anything. ERR_FULL: it would end beyond `ceiling`, in bytes and at most
 * UINT32_MAX, or more holes than are kept; then nothing changed. */
enum err pieces_add(struct pieces *pieces, size_t at, struct slice bytes, size_t wire,
		    size_t ceiling) MUST_USE;

/* Is something of that range there? */
bool pieces_overlap(const struct pieces *pieces, size_t from, size_t to);

/* Is all of it there, with these bytes? */
bool pieces_hold(const struct pieces *pieces, size_t at, struct slice bytes);

/* How many bytes are there without a hole, from the beginning. */
size_t pieces_prefix(const struct pieces *pieces);

/* Where the last piece ends; 0 when empty. */
size_t pieces_end(const struct pieces *pieces);

/* Packets that are wholly or in part there. */
uint64_t pieces_packets(const struct pieces *pieces);

/* Takes the first `length` bytes out, holes too. What is left of a span counts as one packet at
 * least. Returns the packets that went. */
uint64_t pieces_drop(struct pieces *pieces, size_t length);

#endif
