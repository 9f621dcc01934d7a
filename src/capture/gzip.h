/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacks a gzip file (RFC 1952) as it is read, of whatever length, also from a pipe. */
#ifndef EARSHOT_CAPTURE_GZIP_H
#define EARSHOT_CAPTURE_GZIP_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct gzip;

/* A stream of what is in `packed`, which it takes over on success: fclose(*stream) closes and frees
 * all but *out, which is freed with gzip_free() after that. ERR_UNSUPPORTED: built without zlib. */
enum err gzip_open(struct gzip **out, FILE **stream, FILE *packed) MUST_USE;

/* True if the packed data broke off or made no sense; what came before it was given. */
bool gzip_damaged(const struct gzip *gzip);

void gzip_free(struct gzip *gzip);

#endif
