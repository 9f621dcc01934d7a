/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts IP fragments together (RFC 791, 3.2; RFC 8200, 4.5). Where they overlap, IPv4 keeps what
 * came first and IPv6 gives up all of the datagram (RFC 5722); one that comes twice is passed over.
 * Bounded: FEED_FRAGMENTS_MAX at once, of 64 KiB at most each. */
#ifndef EARSHOT_ANALYSIS_FRAGMENTS_H
#define EARSHOT_ANALYSIS_FRAGMENTS_H

#include <stdint.h>

#include "base/err.h"
#include "proto/frame.h"

struct fragments;

struct fragments *fragments_new(void);
void fragments_free(struct fragments *fragments);

/* `io` is a FRAME_FRAGMENT. ERR_NONE: all is there; payload and wire of `io` are the whole body,
 * borrowed until the next call, ready for frame_read_transport(). ERR_TRUNCATED: more must come, or
 * this one came twice. ERR_SYNTAX: cannot be a fragment, or not of this datagram. ERR_FULL: counted
 * as dropped. */
enum err fragments_add(struct fragments *fragments, struct frame *io, int64_t ns) MUST_USE;

/* How many packets the last whole datagram came in. */
uint64_t fragments_packets(const struct fragments *fragments);

/* Gives up what still waits. */
void fragments_end(struct fragments *fragments);

/* Packets given up so far. */
uint64_t fragments_dropped(const struct fragments *fragments);

#endif
