/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure COMMAND ARGUMENT...: runs it, and says on standard error, in the last line, how long it
 * took (seconds), the peak memory of its largest process (KiB) and its exit status. A program of
 * its own, for the peak that Linux tells of a child is at least that of who started it. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
	const double begun = now();
	struct rusage used = { 0 };
	int status = -1;
	pid_t child;

	if (argc < 2)
		return 2;
	child = fork();
	if (!child) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child) {
		perror("measure");
		return 2;
	}
	fprintf(stderr, "%.6f %ld %d\n", now() - begun, used.ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
