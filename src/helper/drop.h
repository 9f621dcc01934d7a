/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives up every privilege, for good. */
#ifndef EARSHOT_HELPER_DROP_H
#define EARSHOT_HELPER_DROP_H

#include "base/err.h"

/* The user who called, or nobody where that is root; no capability in any set, nor a way to gain
 * one; no system calls but those that passing packets on takes. Looks whether it worked. Returns an
 * exit status; if that is not 0, the reason was said and the helper must end. */
int drop_privileges(void) MUST_USE;

#endif
