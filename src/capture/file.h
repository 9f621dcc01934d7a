/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A capture file, read by libpcap: pcap of both byte orders, in micro- and nanoseconds, and pcapng,
 * packed with gzip or not. A pcapng of several interfaces that differ is read too, from a file. */
#ifndef EARSHOT_CAPTURE_FILE_H
#define EARSHOT_CAPTURE_FILE_H

#include <stdio.h>

#include "base/complaint.h"
#include "base/err.h"
#include "base/packet.h"

struct capture_file;

/* The packet and its bytes are good until the handler returns. */
typedef void capture_handler(const struct packet *packet, void *context);

/* Opens `path`, "-" being stdin, and reads nothing of it: what stands in it may be for another
 * process to look at. The caller closes *out. On an error `complaint` names the file, what is wrong
 * and what was expected: ERR_NOT_FOUND, ERR_PERMISSION, or ERR_IO, for a folder too. */
enum err capture_file_stream(FILE **out, const char *path, struct complaint *complaint) MUST_USE;

/* Reads the header of what is open; `name` is what a complaint calls it. `stream` is closed in any
 * case. ERR_SYNTAX where it is no capture, ERR_UNSUPPORTED where it is one of a kind that is not
 * read, others where it cannot be read. */
enum err capture_file_open_take(struct capture_file **out, FILE *stream, const char *name,
				struct complaint *complaint) MUST_USE;

void capture_file_free(struct capture_file *file);

/* Gives every packet in the file's order; a file is read once. ERR_SYNTAX: the rest is damaged or
 * cut off, what came before it was given. ERR_CANCELLED: capture_file_stop(). */
enum err capture_file_each(struct capture_file *file, capture_handler *handler,
			   void *context) MUST_USE;

/* Ends capture_file_each() before the next packet. May be called from the handler, and from that of
 * a signal. */
void capture_file_stop(struct capture_file *file);

/* What is wrong with the rest, in English and safe to print ("ends in the middle of packet 7");
 * NULL: nothing that was met so far. Owned by the file. */
const char *capture_file_damage(const struct capture_file *file);

#endif
