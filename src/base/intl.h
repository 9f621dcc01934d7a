/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translation: _() for a text where it is shown; N_() of base/err.h where it stands in a table. And
 * numbers as the person writes them: everywhere else they keep the C form, for JSON and profiles.
 */
#ifndef EARSHOT_BASE_INTL_H
#define EARSHOT_BASE_INTL_H

#include <libintl.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"

#define _(text) gettext(text)

/* The locale of the environment, with the C form of numbers for this thread and the processes that
 * it makes; the catalogues below `folder`. Once, at the beginning. */
void intl_begin(const char *folder);

/* vsnprintf() and mem_printf() for sentences that a person reads: a decimal comma where the locale
 * has one. */
void intl_vsnprintf(char *out, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));
char *intl_printf(const char *format, ...) MUST_USE PRINTF_LIKE(1, 2);

#endif
