/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A byte buffer that grows up to a ceiling; what would pass the ceiling is refused whole. */
#ifndef EARSHOT_BASE_BUF_H
#define EARSHOT_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct buf {
	uint8_t *data; /* always followed by a 0 byte once anything was added */
	size_t length;
	size_t room;
	size_t ceiling;
};

/* `ceiling` is in bytes. Nothing is allocated yet; buf_clear() frees what comes. */
void buf_init(struct buf *buf, size_t ceiling);
void buf_clear(struct buf *buf);

/* Forgets the content, keeps the memory. */
void buf_reset(struct buf *buf);

/* ERR_FULL past the ceiling, ERR_MEMORY; then the content is as it was. */
enum err buf_add(struct buf *buf, const void *data, size_t length) MUST_USE;
enum err buf_add_text(struct buf *buf, const char *text) MUST_USE;
enum err buf_add_be8(struct buf *buf, uint8_t value) MUST_USE;
enum err buf_add_be16(struct buf *buf, uint16_t value) MUST_USE;
enum err buf_add_be32(struct buf *buf, uint32_t value) MUST_USE;
enum err buf_printf(struct buf *buf, const char *format, ...) MUST_USE PRINTF_LIKE(2, 3);
enum err buf_vprintf(struct buf *buf, const char *format, va_list args) MUST_USE PRINTF_LIKE(2, 0);

/* Takes the first `length` bytes out; more than there are takes all. */
void buf_drop(struct buf *buf, size_t length);

/* The content as a text; "" while empty. Valid until the next change. */
const char *buf_text(const struct buf *buf);

/* Hands the text over to the caller, who frees it, and leaves the buffer empty. NULL when memory
 * ran out. */
char *buf_take(struct buf *buf) MUST_USE;

#endif
