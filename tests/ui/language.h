/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language that texts come in, switched while the test runs, and what reads as untranslated. */
#ifndef EARSHOT_TESTS_UI_LANGUAGE_H
#define EARSHOT_TESTS_UI_LANGUAGE_H

#include "base/err.h"

/* "de"; NULL: English. Ends the test where tests/ui/locale/ has no catalogue of it. */
void language_use(const char *name);

/* The words of a screen in the made-up language "en@pseudo" that are plain English, a blank
 * between; names and addresses are none. The caller frees; "" where there is none. */
char *language_missed(const char *screen) MUST_USE;

#endif
