/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signals.h"

#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

int signals_hold(sigset_t *before)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction now;
	sigset_t held;
	int fd;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (!sigaction(ends[i], NULL, &now) && now.sa_handler != SIG_IGN)
			sigaddset(&held, ends[i]);
	fd = signalfd(-1, &held, SFD_NONBLOCK | SFD_CLOEXEC);
	sigprocmask(fd < 0 ? SIG_UNBLOCK : SIG_BLOCK, &held, before);
	return fd;
}

int signals_take(int fd)
{
	struct signalfd_siginfo info;

	return fd >= 0 && read(fd, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

void signals_let(int fd, const sigset_t *before)
{
	const int came = signals_take(fd);

	if (fd >= 0)
		close(fd);
	sigprocmask(SIG_SETMASK, before, NULL);
	if (came)
		raise(came);
}
