/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flood ADDRESS PORT COUNT PER-SECOND: sends so many datagrams of 172 bytes, 20 ms of G.711 in RTP,
 * at that pace. For the namespaces of a test. */
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { PAYLOAD = 172, AT_ONCE = 256, TICK_NS = 1000000, TICKS = 1000 };

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static int open_to(const char *address, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)strtoul(port, NULL, 10)) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;

	/* Else a packet that the wire had no room for is lost without a word. */
	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on) ||
	    inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof to))
		return -1;
	return fd;
}

/* Sends `count` in packets of at most AT_ONCE, and what the wire dropped once more. */
static int send_some(int fd, unsigned long count)
{
	static char payload[PAYLOAD];
	struct iovec piece = { .iov_base = payload, .iov_len = sizeof payload };
	struct mmsghdr messages[AT_ONCE];

	memset(messages, 0, sizeof messages);
	for (int i = 0; i < AT_ONCE; i++) {
		messages[i].msg_hdr.msg_iov = &piece;
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	while (count) {
		int sent = sendmmsg(fd, messages, count < AT_ONCE ? (unsigned)count : AT_ONCE, 0);

		if (sent < 0 && errno != ENOBUFS)
			return -1;
		if (sent < 0)
			sched_yield();
		else
			count -= (unsigned long)sent;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct itimerspec tick = { { 0, TICK_NS }, { 0, TICK_NS } };
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	int fd = argc == 5 ? open_to(argv[1], argv[2]) : -1;
	unsigned long left, per_tick;

	if (fd < 0 || timer < 0 || timerfd_settime(timer, 0, &tick, NULL))
		return fail("flood ADDRESS PORT COUNT PER-SECOND");
	left = strtoul(argv[3], NULL, 10);
	per_tick = strtoul(argv[4], NULL, 10) / TICKS;
	while (left) {
		unsigned long now;
		uint64_t ticks;

		if (read(timer, &ticks, sizeof ticks) != sizeof ticks)
			return fail("timer");
		now = ticks * per_tick < left ? ticks * per_tick : left;
		if (send_some(fd, now))
			return fail("sendmmsg");
		left -= now;
	}
	return 0;
}
