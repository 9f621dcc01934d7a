/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a check's own process does, from the fork to its end. */
#ifndef EARSHOT_CHECK_CHILD_H
#define EARSHOT_CHECK_CHILD_H

#include <sys/types.h>

#include "check/check.h"
#include "net/icmp.h"

/* To be called right after fork(): closes everything but `pipe`, reads the check's secret, goes
 * into the sandbox, runs the check with the purse that all checks share (NULL: none) and the flag
 * that tells a settled check to end (NULL: none; memory shared with the parent), writes its events
 * to the pipe, one JSON object a line, and exits. The process dies with `parent`. */
_Noreturn void child_run(const struct check *check, const struct site *site,
			 struct icmp_purse *icmp, const volatile int *hurry, int pipe,
			 pid_t parent);

#endif
