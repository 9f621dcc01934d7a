/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps packets in a pcap file (nanoseconds): written whole or not at all, mode 0600. */
#ifndef EARSHOT_CAPTURE_SAVE_H
#define EARSHOT_CAPTURE_SAVE_H

#include <stdint.h>

#include "base/err.h"
#include "base/packet.h"

struct capture_save;

/* Begins a file that takes the name `path` at its end. `most` is the ceiling of its size in bytes,
 * 0 for none. errno tells why not. */
enum err capture_save_open(struct capture_save **out, const char *path, uint64_t most) MUST_USE;

/* Adds the packet's first `keep` bytes, or all that were captured where they are fewer; its length
 * on the wire stays. The first packet's link layer is the file's.
 * ERR_FULL: the ceiling is reached, this packet and all later ones are left out, what is there can
 * still be kept. ERR_MISMATCH: another link layer; ERR_UNSUPPORTED: one that is not known here.
 * Others: errno tells why; the file cannot be kept. */
enum err capture_save_add(struct capture_save *save, const struct packet *packet,
			  size_t keep) MUST_USE;

/* Bytes so far, the file's header among them. */
uint64_t capture_save_bytes(const struct capture_save *save);

/* Gives the file its name and frees `save`. On an error no file is left; errno tells why. */
enum err capture_save_finish_take(struct capture_save *save) MUST_USE;

/* Frees and leaves no file. */
void capture_save_free(struct capture_save *save);

#endif
