/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
	if (!memory) {
		fputs("earshot: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *mem_new(size_t count, size_t size)
{
	return must(calloc(count ? count : 1, size ? size : 1));
}

void *mem_resize(void *old, size_t count, size_t size)
{
	return must(reallocarray(old, count ? count : 1, size ? size : 1));
}

char *mem_text(const char *text)
{
	return text ? must(strdup(text)) : NULL;
}

char *mem_text_n(const char *text, size_t length)
{
	return text ? must(strndup(text, length)) : NULL;
}

char *mem_printf(const char *format, ...)
{
	char *out = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&out, format, args) < 0)
		out = NULL;
	va_end(args);
	return must(out);
}

void mem_replace(char **text, const char *value)
{
	char *copy = mem_text(value);

	free(*text);
	*text = copy;
}
