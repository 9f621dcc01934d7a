/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: hostile bytes made visible, widths and wrapping for any script. */
#ifndef EARSHOT_BASE_TEXT_H
#define EARSHOT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Makes untrusted bytes safe to print, once, where they come in: C0, DEL and C1 controls (raw or as
 * UTF-8), bidirectional and other invisible format characters and invalid UTF-8 become \xNN or
 * \u{NNNN}; a backslash stays as it is. Newline and tab too are made visible (\n, \t). At most
 * `max` bytes of output, "..." closing what is cut. The caller frees. */
char *text_safe(const void *bytes, size_t length, size_t max) MUST_USE;

/* The same into memory of the caller, `size` bytes with the closing 0; fast where nothing is to be
 * made safe. ERR_MEMORY: *out is "". */
enum err text_safe_into(char *out, size_t size, const void *bytes, size_t length) MUST_USE;

/* text_safe() for a whole text that may keep its line breaks (a report, a SIP trace): LF stays, CR
 * before LF is dropped. */
char *text_safe_lines(const void *bytes, size_t length, size_t max) MUST_USE;

/* True if text_safe_lines() would change nothing. */
bool text_is_safe(const char *text);

/* Cells that the UTF-8 text takes on a terminal (wide characters take two). */
size_t text_width(const char *utf8);

/* How many bytes the next character takes, 0 at the end; *cells is its width, 0 for a mark that
 * joins the character before it. */
size_t text_next(size_t *cells, const char *utf8);

/* How many bytes of `utf8` fit into `cells` cells without splitting a character. */
size_t text_fit(const char *utf8, size_t cells);

/* Breaks UTF-8 text into lines of at most `cells` cells by UAX 14, ASCII at its blanks only, so
 * that addresses and names stay whole; LF always breaks; a longer word is cut. The caller frees
 * with text_free_lines(). Always at least one line, maybe "". */
struct text_lines {
	char **line;
	size_t count;
};
struct text_lines text_wrap(const char *utf8, size_t cells) MUST_USE;
void text_free_lines(struct text_lines *lines);

/* Plain ASCII for terminals and readers without UTF-8: dashes, quotes, arrows, ticks and box lines
 * get their nearest ASCII, letters lose their accents, the rest becomes '?'. The caller frees. */
char *text_ascii(const char *utf8) MUST_USE;

#endif
