/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/intl.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

/* The global locale keeps the person's numbers, so that they are at hand without opening a file: a
 * check in its sandbox may open none. What this thread uses has the C form. */
void intl_begin(const char *folder)
{
	locale_t mine;

	setlocale(LC_ALL, "");
	mine = duplocale(LC_GLOBAL_LOCALE);
	mine = newlocale(LC_NUMERIC_MASK, "C", mine);
	if (mine)
		uselocale(mine);
	bindtextdomain("earshot", folder);
	textdomain("earshot");
}

void intl_vsnprintf(char *out, size_t size, const char *format, va_list args)
{
	locale_t mine = uselocale(LC_GLOBAL_LOCALE);

	vsnprintf(out, size, format, args);
	uselocale(mine);
}

char *intl_printf(const char *format, ...)
{
	locale_t mine = uselocale(LC_GLOBAL_LOCALE);
	char *text = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	uselocale(mine);
	if (length < 0)
		abort();
	return text;
}
