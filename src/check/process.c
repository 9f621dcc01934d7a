/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/child.h"

void process_init(struct process *process)
{
	*process = (struct process){ .pidfd = -1, .pipe = -1 };
}

void process_close_pipe(struct process *process)
{
	if (process->pipe >= 0)
		close(process->pipe);
	process->pipe = -1;
}

static void close_pidfd(struct process *process)
{
	if (process->pidfd >= 0)
		close(process->pidfd);
	process->pidfd = -1;
}

void process_clear(struct process *process)
{
	process_close_pipe(process);
	close_pidfd(process);
	if (process->hurry)
		munmap((void *)(uintptr_t)process->hurry, sizeof *process->hurry);
	process_init(process);
}

/* --- starting --- */

static int open_pidfd(pid_t pid)
{
#ifdef SYS_pidfd_open
	return (int)syscall(SYS_pidfd_open, pid, 0); /* close-on-exec by itself */
#else
	(void)pid;
	return -1;
#endif
}

static volatile int *new_flag(void)
{
	void *flag =
		mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return flag == MAP_FAILED ? NULL : flag;
}

enum err process_start(struct process *process, const struct check *check, const struct site *site,
		       struct icmp_purse *icmp)
{
	const pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return err_from_errno(errno);
	process->hurry = new_flag();
	process->pid = fork();
	if (process->pid < 0) {
		const enum err err = err_from_errno(errno);

		process->pid = 0;
		close(ends[0]);
		close(ends[1]);
		return err;
	}
	if (!process->pid)
		child_run(check, site, icmp, process->hurry, ends[1], parent);
	setpgid(process->pid, process->pid); /* the child does the same: whoever comes first */
	close(ends[1]);
	process->pipe = ends[0];
	fcntl(process->pipe, F_SETFL, O_NONBLOCK);
	process->pidfd = open_pidfd(process->pid);
	return ERR_NONE;
}

/* --- ending --- */

void process_hurry(const struct process *process)
{
	if (process->hurry)
		*process->hurry = 1;
}

void process_kill(const struct process *process)
{
	if (!process->pid)
		return;
	kill(process->pid, SIGKILL); /* it may be too young to have its group */
	kill(-process->pid, SIGKILL);
}

/* The pipe of one that leaves stays open, for a word into a closed one would be its end. */
void process_end(struct process *process, bool gently)
{
	if (gently && !process->leaving && process->pid && process->hurry && !process->killed) {
		process->leaving = true;
		process->leave_until = deadline_in(PROCESS_LEAVE_MS);
		process_hurry(process);
	}
	if (process->leaving)
		return;
	process_kill(process);
	process_close_pipe(process);
}

void process_reap(struct process *process)
{
	siginfo_t ended = { 0 };

	if (!process->pid ||
	    (!waitid(P_PID, (id_t)process->pid, &ended, WEXITED | WNOHANG | WNOWAIT) &&
	     !ended.si_pid))
		return;
	process_kill(process); /* while its number is still its own */
	waitpid(process->pid, &process->status, 0);
	process->pid = 0;
	close_pidfd(process);
}

void process_step(struct process *process)
{
	process_reap(process);
	if (!process->leaving || !deadline_passed(&process->leave_until))
		return;
	process->leaving = false;
	process->killed = true;
	process_end(process, false);
}

void process_await(struct process *process)
{
	while (process->pid && waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
		;
	process->pid = 0;
}
