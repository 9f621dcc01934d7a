/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A read cursor over borrowed bytes. It cannot run past the end, and a read that fails says so and
 * moves nothing. */
#ifndef EARSHOT_BASE_SLICE_H
#define EARSHOT_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct slice {
	const uint8_t *at;
	size_t left; /* bytes from `at` to the end */
};

struct slice slice_of(const void *data, size_t length);
struct slice slice_of_text(const char *text);

/* Big-endian reads. ERR_TRUNCATED: *out and the slice are as before. */
enum err slice_be8(uint8_t *out, struct slice *slice) MUST_USE;
enum err slice_be16(uint16_t *out, struct slice *slice) MUST_USE;
enum err slice_be32(uint32_t *out, struct slice *slice) MUST_USE;

/* The next `length` bytes as a slice of their own. ERR_TRUNCATED as above. */
enum err slice_take(struct slice *out, struct slice *slice, size_t length) MUST_USE;
enum err slice_skip(struct slice *slice, size_t length) MUST_USE;
enum err slice_copy(void *out, size_t length, struct slice *slice) MUST_USE;

/* The next line without its CRLF or LF; the last line may lack them. ERR_NOT_FOUND at the end. */
enum err slice_line(struct slice *out, struct slice *slice) MUST_USE;

/* What stands before the first `byte`; the cursor moves behind it. ERR_NOT_FOUND if there is none.
 */
enum err slice_until(struct slice *out, struct slice *slice, char byte) MUST_USE;

/* Without white space (space, tab, CR, LF) at both ends. */
struct slice slice_trim(struct slice slice);

bool slice_equal(struct slice a, struct slice b);
bool slice_is(struct slice slice, const char *text);
bool slice_is_nocase(struct slice slice, const char *text);
bool slice_starts(struct slice slice, const char *text);
bool slice_starts_nocase(struct slice slice, const char *text);

/* Where `text` first stands, as an offset from `at`. ERR_NOT_FOUND. */
enum err slice_find(size_t *out, struct slice slice, const char *text) MUST_USE;

/* All of the slice as a decimal number up to `max`. ERR_SYNTAX (empty, other characters),
 * ERR_RANGE. */
enum err slice_number(unsigned long *out, struct slice slice, unsigned long max) MUST_USE;

#endif
