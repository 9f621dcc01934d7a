/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that a check runs in, as its parent has it: started, asked to end, killed, reaped.
 * What goes on inside is child.h; what it says, and what is made of it, is the runner's. */
#ifndef EARSHOT_CHECK_PROCESS_H
#define EARSHOT_CHECK_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/err.h"
#include "check/check.h"

enum { PROCESS_LEAVE_MS = 250 }; /* for one that leaves traces to give back what it holds */

struct process {
	pid_t pid; /* 0: not started, or reaped */
	int pidfd; /* readable once it has ended; -1: none, the kernel has no such thing */
	int pipe;  /* what it says, without waiting; -1: closed */
	volatile int *hurry; /* shared with it: site->hurry; NULL: none */
	bool leaving;        /* told to give back what it holds; killed at leave_until */
	struct deadline leave_until;
	bool killed; /* by us, though it did not run any more or had its time to leave */
	int status;  /* of waitpid(2), once `pid` was reaped */
};

void process_init(struct process *process);

/* Closes what belongs to it; it must be reaped. */
void process_clear(struct process *process);

/* errno's error where there can be no pipe or process. `icmp` may be NULL. */
enum err process_start(struct process *process, const struct check *check, const struct site *site,
		       struct icmp_purse *icmp) MUST_USE;

/* Sets site->hurry in it. Nothing where there is none. */
void process_hurry(const struct process *process);

/* Its end: at once, or `gently`, in order, where it may hold something at a server: then it has
 * PROCESS_LEAVE_MS for that, which process_step() keeps to. */
void process_end(struct process *process, bool gently);

/* Without waiting; also what it may have left behind in its group. */
void process_kill(const struct process *process);

/* Reaps it where it has ended, and what it may have left behind. Does not wait. */
void process_reap(struct process *process);

/* The same, and kills one whose time to leave is over. */
void process_step(struct process *process);

/* Waits for the end of one that was killed. */
void process_await(struct process *process);

void process_close_pipe(struct process *process);

#endif
