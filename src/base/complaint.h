/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a file that a person wrote: one line with file, line, what is wrong, what was
 * expected. */
#ifndef EARSHOT_BASE_COMPLAINT_H
#define EARSHOT_BASE_COMPLAINT_H

#include "base/err.h"

struct complaint {
	char text[512]; /* "my.conf:12: unknown key 'stunn' in [nat]; expected one of stun, turn,
			   …"; "" if none */
};

/* Writes the line; `line` 0 means the whole file. What comes from the file is made safe to print.
 * The first complaint stays. Returns ERR_SYNTAX. */
enum err complain(struct complaint *complaint, const char *file, int line, const char *format, ...)
	PRINTF_LIKE(4, 5);

#endif
