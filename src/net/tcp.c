/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/tcp.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/udp.h"

/* While it connects only: afterwards an ICMP error that TCP would get over ended the connection. */
static void tell_errors(int fd, int family, int wanted)
{
	const bool v6 = family == AF_INET6;

	/* Without, it is only not known who refused. */
	(void)!setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR,
			  &wanted, sizeof wanted);
}

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
	tell_errors(*fd, addr_family(to), 1);
	err = connect_to(*fd, to, device);
	if (err) {
		close(*fd);
		*fd = -1;
	}
	return err;
}

enum err tcp_connected(int fd)
{
	int number = 0, family = AF_INET;
	socklen_t length = sizeof number;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &length))
		number = errno;
	length = sizeof family;
	if (!number && !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length))
		tell_errors(fd, family, 0);
	return err_from_errno(number);
}

/* The queue has no target of a stream. */
static void learn_filter(struct tcp_try *one)
{
	struct udp_error error;

	if (one->fd < 0 || udp_receive_error(&error, one->fd))
		return;
	error.family = addr_family(&one->to);
	one->filtered = udp_error_verdict(&error) == UDP_FILTERED;
	if (one->filtered)
		one->offender = error.offender;
}

static void end(struct tcp_try *one, enum err err)
{
	one->err = err;
	one->ended = true;
	if (err && err != ERR_TIMEOUT)
		learn_filter(one);
	if (one->keep && !err)
		return;
	if (one->fd >= 0)
		close(one->fd);
	one->fd = -1;
}

void tcp_tries_start(struct tcp_try *tries, size_t count, const char *device)
{
	for (size_t i = 0; i < count; i++) {
		tries[i] = (struct tcp_try){ .to = tries[i].to, .keep = tries[i].keep };
		tries[i].err = tcp_connect(&tries[i].fd, &tries[i].to, device);
		tries[i].ended = tries[i].err != ERR_NONE;
	}
}

/* Waits for whichever come first; false: none runs any more. */
static bool take_outcomes(struct tcp_try *tries, struct pollfd *fds, size_t count, int wait_ms)
{
	bool running = false;

	for (size_t i = 0; i < count; i++) {
		fds[i] = (struct pollfd){ .fd = tries[i].ended ? -1 : tries[i].fd,
					  .events = POLLOUT };
		running |= !tries[i].ended;
	}
	if (!running || poll(fds, (nfds_t)count, wait_ms) <= 0)
		return running;
	for (size_t i = 0; i < count; i++)
		if (!tries[i].ended && fds[i].revents)
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
		if (!tries[i].ended)
			end(&tries[i], ERR_TIMEOUT);
	free(fds);
}
