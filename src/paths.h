/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the program's own files are, whether it is installed or runs from where it was built. */
#ifndef EARSHOT_PATHS_H
#define EARSHOT_PATHS_H

#include "base/err.h"

/* The path of a file or folder of the package ("tree.xml"): beside the running program
 * (../share/earshot), else where it was to be installed. The caller frees. */
char *paths_data(const char *name) MUST_USE;

/* The folder of the languages' catalogues, beside the running program (../share/locale) or where it
 * was to be installed. The caller frees. */
char *paths_locale(void) MUST_USE;

/* The profile that is meant by a name: a file, else one of the package's own kinds of set-up
 * ("hosted-pbx"). The caller frees. */
char *paths_profile(const char *name) MUST_USE;

/* The profile that is used where none is named; NULL where there is none. The caller frees. */
char *paths_default_profile(void) MUST_USE;

#endif
