/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/complaint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum err complain(struct complaint *complaint, const char *file, int line, const char *format, ...)
{
	char what[sizeof complaint->text];
	char *whole, *safe;
	va_list args;

	if (complaint->text[0])
		return ERR_SYNTAX;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	whole = line > 0 ? mem_printf("%s:%d: %s", file, line, what)
			 : mem_printf("%s: %s", file, what);
	safe = text_safe(whole, strlen(whole), sizeof complaint->text - 1);
	memcpy(complaint->text, safe, strlen(safe) + 1);
	free(safe);
	free(whole);
	return ERR_SYNTAX;
}
