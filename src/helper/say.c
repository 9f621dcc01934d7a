/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/say.h"

#include <stdarg.h>
#include <stdio.h>

int say(const char *key, const char *format, ...)
{
	char reason[512];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof reason, format, args);
	va_end(args);
	for (char *c = reason; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' '; /* one line it stays */
	fprintf(stderr, "earshot-capture: %s: %s\n", key, reason);
	return SAID_FAILED;
}
