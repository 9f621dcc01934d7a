/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps packets in a pcap file (nanoseconds). */
#ifndef EARSHOT_CAPTURE_SAVE_H
#define EARSHOT_CAPTURE_SAVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "base/packet.h"

struct capture_save;

/* Packets go into `draft`, borrowed, whose naming is its owner's affair: the one who writes may be
 * in a sandbox. `most` is the ceiling of its size in bytes, 0 for none. */
struct capture_save *capture_save_new(struct file_draft *draft, uint64_t most);

/* Adds the packet's first `keep` bytes, or all that were captured where they are fewer; its length
 * on the wire stays. The first packet's link layer is the file's.
 * ERR_FULL: the ceiling is reached, this packet and all later ones are left out, what is there can
 * still be kept. ERR_MISMATCH: another link layer; ERR_UNSUPPORTED: one that is not known here.
 * Others: errno tells why; the file cannot be kept. */
enum err capture_save_add(struct capture_save *save, const struct packet *packet,
			  size_t keep) MUST_USE;

/* Writes what still waits. On an error, errno tells why, the file must not be kept. */
enum err capture_save_finish(struct capture_save *save) MUST_USE;

void capture_save_free(struct capture_save *save);

#endif
