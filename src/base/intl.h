/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translation: _() for a text where it is shown; N_() of base/err.h where it stands in a table. */
#ifndef EARSHOT_BASE_INTL_H
#define EARSHOT_BASE_INTL_H

#include <libintl.h>

#include "base/err.h"

#define _(text) gettext(text)

#endif
