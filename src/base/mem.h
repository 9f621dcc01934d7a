/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Allocation that ends the program when memory runs out. proto/ does not use it: it returns
 * ERR_MEMORY. */
#ifndef EARSHOT_BASE_MEM_H
#define EARSHOT_BASE_MEM_H

#include <stddef.h>

#include "base/err.h"

/* Zeroed memory for `count` things of `size` bytes; the caller frees. Never NULL. */
void *mem_new(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* Grows or shrinks to `count` things of `size` bytes; new bytes are not zeroed. Never NULL. */
void *mem_resize(void *old, size_t count, size_t size) MUST_USE;

/* Copies of texts; the caller frees. NULL in gives NULL out. */
char *mem_text(const char *text) MUST_USE;
char *mem_text_n(const char *text, size_t length) MUST_USE;
char *mem_printf(const char *format, ...) MUST_USE PRINTF_LIKE(1, 2);

/* Frees what *text holds and puts a copy of `value` (may be NULL) there. */
void mem_replace(char **text, const char *value);

#endif
