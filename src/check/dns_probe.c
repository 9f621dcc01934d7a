/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One OPTIONS over UDP and one TCP connection a place: enough to know whether a SIP server may be
 * there. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "check/dns.h"

enum { RESEND_MS = 500 }; /* RFC 3261, 17.1.2.1: T1 */

/* A socket towards a place, UDP or TCP. */
struct line {
	struct dns_probe *probe;
	int fd; /* -1: done */
	bool udp;
	uint64_t tag; /* in our branch and Call-ID */
};

static bool is_tried(const struct addr *addr)
{
	size_t length;
	const uint8_t *bytes = addr_bytes(addr, &length);

	if (!addr_is_set(addr) || addr_is_any(addr) || addr_is_loopback(addr) || !addr_port(addr))
		return false;
	return length == 4 ? bytes[0] && bytes[0] < 224 : bytes[0] != 0xff;
}

static void found(struct line *line, enum dns_reach reach)
{
	if (reach > line->probe->reach)
		line->probe->reach = reach;
	close(line->fd);
	line->fd = -1;
}

static enum dns_reach reach_of_error(int number)
{
	switch (number) {
	case ECONNREFUSED: return REACH_REFUSED;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case EACCES:
	case EPERM: return REACH_NO_WAY;
	default: return REACH_SILENT;
	}
}

static void open_line(struct line *line, struct dns_probe *probe, bool udp)
{
	const struct addr *addr = &probe->addr;
	const int on = 1;
	const bool v6 = addr_family(addr) == AF_INET6;

	*line = (struct line){ .probe = probe, .udp = udp };
	line->fd = socket(addr_family(addr),
			  (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (line->fd < 0)
		return;
	/* Without it a UDP socket hears of "port unreachable" alone. */
	if (udp)
		(void)setsockopt(line->fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
				 v6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on);
	if (getrandom(&line->tag, sizeof line->tag, 0) != (ssize_t)sizeof line->tag ||
	    (connect(line->fd, &addr->sa.any, addr_length(addr)) && errno != EINPROGRESS))
		found(line, reach_of_error(errno));
}

static void send_options(struct line *line)
{
	char text[1024], to[ADDR_TEXT], from[ADDR_TEXT];
	struct addr local = { 0 };
	socklen_t length = sizeof local.sa;
	int count;

	if (line->fd < 0 || !line->udp || getsockname(line->fd, &local.sa.any, &length))
		return;
	addr_text(to, &line->probe->addr);
	addr_text(from, &local);
	count = snprintf(text, sizeof text,
			 "OPTIONS sip:%s SIP/2.0\r\n"
			 "Via: SIP/2.0/UDP %s;branch=z9hG4bK%016" PRIx64 ";rport\r\n"
			 "Max-Forwards: 70\r\n"
			 "From: <sip:%s>;tag=%08" PRIx32 "\r\n"
			 "To: <sip:%s>\r\n"
			 "Call-ID: %016" PRIx64 "\r\n"
			 "CSeq: 1 OPTIONS\r\n"
			 "Contact: <sip:%s>\r\n"
			 "Content-Length: 0\r\n\r\n",
			 to, from, line->tag, from, (uint32_t)line->tag, to, line->tag, from);
	if (send(line->fd, text, (size_t)count, 0) < 0)
		found(line, reach_of_error(errno));
}

/* The kernel lets in only what comes from the place asked; ours is an answer with our Call-ID or
 * branch. */
static bool is_answer(const char *text, const struct line *line)
{
	char tag[32];

	snprintf(tag, sizeof tag, "%016" PRIx64, line->tag);
	return !strncmp(text, "SIP/2.0 ", 8) && strstr(text, tag);
}

static void read_udp(struct line *line)
{
	char text[4096];
	const ssize_t got = recv(line->fd, text, sizeof text - 1, 0);

	if (got < 0) {
		if (errno != EAGAIN && errno != EINTR)
			found(line, reach_of_error(errno));
		return;
	}
	text[got] = 0;
	if (is_answer(text, line))
		found(line, REACH_ANSWERS);
}

static void read_tcp(struct line *line)
{
	int number = 0;
	socklen_t length = sizeof number;

	if (getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &number, &length))
		number = errno;
	found(line, number ? reach_of_error(number) : REACH_ANSWERS);
}

/* Polls once; false when nothing is left to wait for. */
static bool turn(struct line *line, size_t count, const struct deadline *until)
{
	struct pollfd fds[2 * DNS_PROBES_MAX];
	bool open = false;

	for (size_t i = 0; i < count; i++) {
		fds[i] = (struct pollfd){ .fd = line[i].fd,
					  .events = line[i].udp ? POLLIN : POLLOUT };
		open = open || line[i].fd >= 0;
	}
	if (!open || poll(fds, count, deadline_left_ms(until)) < 0)
		return open;
	for (size_t i = 0; i < count; i++) {
		if (line[i].fd < 0 || !fds[i].revents)
			continue;
		if (line[i].udp)
			read_udp(&line[i]);
		else
			read_tcp(&line[i]);
	}
	return true;
}

void dns_probe_run(struct dns_probe *probe, size_t count)
{
	struct line line[2 * DNS_PROBES_MAX];
	const struct deadline until = deadline_in(DNS_PROBE_MS);
	size_t lines = 0;
	bool open = true;

	for (size_t i = 0; i < count && i < DNS_PROBES_MAX; i++) {
		probe[i].reach = REACH_NO_WAY;
		if (!is_tried(&probe[i].addr))
			continue;
		open_line(&line[lines++], &probe[i], false);
		if (probe[i].udp)
			open_line(&line[lines++], &probe[i], true);
	}
	while (open && !deadline_passed(&until)) {
		const struct deadline resend = deadline_in(RESEND_MS);
		const struct deadline round = deadline_first(resend, until);

		for (size_t i = 0; i < lines; i++)
			send_options(&line[i]);
		while (open && !deadline_passed(&round))
			open = turn(line, lines, &round);
	}
	for (size_t i = 0; i < lines; i++)
		if (line[i].fd >= 0)
			found(&line[i], REACH_SILENT);
}
