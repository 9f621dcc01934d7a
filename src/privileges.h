/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing here needs root: who started us as root is told so, and we go on as the user behind sudo
 * where there is one. */
#ifndef EARSHOT_PRIVILEGES_H
#define EARSHOT_PRIVILEGES_H

#include <stdbool.h>

#include "base/err.h"

/* Drops for good; `captures` keeps the right to capture for the helper that this process starts.
 * ERR_PERMISSION: there is a user to become, but it failed; going on as root would be wrong then.
 */
enum err privileges_drop(bool captures) MUST_USE;

/* One line on stderr where we are root still, for want of a user to become. Said before something
 * is measured. */
void privileges_warn(void);

#endif
