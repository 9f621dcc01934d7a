/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/tcp.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

static enum err connect_to(int fd, const struct addr *to, const char *device)
{
	if (device &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device)))
		return err_from_errno(errno);
	if (!connect(fd, &to->sa.any, addr_length(to)) || errno == EINPROGRESS)
		return ERR_NONE;
	return err_from_errno(errno);
}

enum err tcp_connect(int *fd, const struct addr *to, const char *device)
{
	enum err err;

	*fd = socket(addr_family(to), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (*fd < 0)
		return err_from_errno(errno);
	err = connect_to(*fd, to, device);
	if (err) {
		close(*fd);
		*fd = -1;
	}
	return err;
}

enum err tcp_connected(int fd)
{
	int number = 0;
	socklen_t length = sizeof number;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &length))
		number = errno;
	return err_from_errno(number);
}

static void end(struct tcp_try *one, enum err err)
{
	one->err = err;
	if (one->fd >= 0)
		close(one->fd);
	one->fd = -1;
}

void tcp_tries_start(struct tcp_try *tries, size_t count, const char *device)
{
	for (size_t i = 0; i < count; i++)
		tries[i].err = tcp_connect(&tries[i].fd, &tries[i].to, device);
}

/* Waits for whichever come first; false: none runs any more. */
static bool take_outcomes(struct tcp_try *tries, struct pollfd *fds, size_t count, int wait_ms)
{
	bool running = false;

	for (size_t i = 0; i < count; i++) {
		fds[i] = (struct pollfd){ .fd = tries[i].fd, .events = POLLOUT };
		running |= tries[i].fd >= 0;
	}
	if (!running || poll(fds, (nfds_t)count, wait_ms) <= 0)
		return running;
	for (size_t i = 0; i < count; i++)
		if (tries[i].fd >= 0 && fds[i].revents)
			end(&tries[i], tcp_connected(tries[i].fd));
	return true;
}

void tcp_tries_finish(struct tcp_try *tries, size_t count, const struct deadline *until)
{
	struct pollfd *fds = mem_new(count + 1, sizeof *fds);
	int left;

	/* What has ended by itself counts, even if the deadline is long past. */
	do
		left = deadline_left_ms(until);
	while (take_outcomes(tries, fds, count, left) && left);
	for (size_t i = 0; i < count; i++)
		if (tries[i].fd >= 0)
			end(&tries[i], ERR_TIMEOUT);
	free(fds);
}
