/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translation. _() for texts that stand here; say() for texts that come from tables and the tree.
 */
#ifndef EARSHOT_UI_INTL_H
#define EARSHOT_UI_INTL_H

#include "base/intl.h"

/* NULL and "" give "": gettext("") would answer with the catalogue's header. */
static inline const char *say(const char *text)
{
	return text && *text ? gettext(text) : "";
}

#endif
