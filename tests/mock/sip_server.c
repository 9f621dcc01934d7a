/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/sip_server.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

enum { REQUESTS_MAX = 256, METHOD_TEXT = 16 };

struct sip_server {
	struct addr addr;
	int fd, other, stop; /* other: the wrong source; stop: an eventfd */
	enum sip_manner manner;
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	char method[REQUESTS_MAX][METHOD_TEXT];
	size_t count;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

static int bound(struct addr *addr)
{
	socklen_t length = sizeof addr->sa;
	const int fd = socket(addr_family(addr), SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(fd >= 0, "socket");
	must(!bind(fd, &addr->sa.any, addr_length(addr)), "bind");
	must(!getsockname(fd, &addr->sa.any, &length), "getsockname");
	return fd;
}

static void note(struct sip_server *server, struct slice start)
{
	pthread_mutex_lock(&server->lock);
	if (server->count < REQUESTS_MAX)
		snprintf(server->method[server->count++], METHOD_TEXT, "%.*s", (int)start.left,
			 (const char *)start.at);
	pthread_mutex_unlock(&server->lock);
}

static struct slice value_of(const struct sip_raw *raw, enum sip_name name)
{
	const struct sip_header *header = sip_raw_find(raw, name);

	return header ? header->value : slice_of("", 0);
}

static void add_header(struct buf *out, const char *label, struct slice value, const char *more)
{
	must(!buf_printf(out, "%s: %.*s%s\r\n", label, (int)value.left, (const char *)value.at,
			 more),
	     "answer");
}

/* RFC 3261, 20.17. */
static void add_date(struct buf *out, time_t when)
{
	char text[80];
	struct tm parts;

	must(gmtime_r(&when, &parts) &&
		     strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts),
	     "date");
	must(!buf_printf(out, "Date: %s\r\n", text), "answer");
}

void sip_server_answer(struct buf *out, const struct sip_raw *request, const struct addr *from,
		       enum sip_manner manner)
{
	const bool rewrites = manner == SIP_REWRITES_VIA || manner == SIP_WRONG_SOURCE;
	char host[ADDR_TEXT], received[2 * ADDR_TEXT];
	struct slice via = value_of(request, SIP_VIA);

	must(!buf_add_text(out, "SIP/2.0 200 OK\r\n"), "answer");
	snprintf(received, sizeof received, ";received=%s;rport=%u", addr_host_text(host, from),
		 addr_port(from));
	if (rewrites) {
		struct slice branch;

		must(!slice_until(&branch, &via, ';'), "Via");
		must(!buf_add_text(out, "Via: SIP/2.0/UDP 203.0.113.2:1024;"), "answer");
		must(!buf_printf(out, "%.*s\r\n", (int)via.left, (const char *)via.at), "answer");
	} else {
		add_header(out, "Via", via, received);
	}
	add_header(out, "From", value_of(request, SIP_FROM), "");
	add_header(out, "To", value_of(request, SIP_TO), ";tag=mock");
	add_header(out, "Call-ID", value_of(request, SIP_CALL_ID),
		   manner == SIP_WRONG_CALL ? "x" : "");
	add_header(out, "CSeq", value_of(request, SIP_CSEQ), "");
	if (manner == SIP_TELLS_DATE)
		add_date(out, time(NULL));
	if (manner == SIP_CLOCK_BEHIND)
		add_date(out, time(NULL) - 1000);
	must(!buf_add_text(out, "Server: mock\r\nContent-Length: 0\r\n\r\n"), "answer");
}

static void send_to(int fd, const struct addr *to, const void *data, size_t length)
{
	/* Whoever asked may be gone already. */
	(void)!sendto(fd, data, length, 0, &to->sa.any, addr_length(to));
}

static void send_rubbish(const struct sip_server *server, const struct addr *to,
			 const struct buf *answer)
{
	static const char long_one[SIP_MESSAGE_MAX + 1000] = "SIP/2.0 200 OK\r\n";

	send_to(server->fd, to, answer->data, answer->length / 2);
	send_to(server->fd, to, "\x80\x00\xff\r\n\r\n", 7);
	send_to(server->fd, to, "", 0);
	send_to(server->fd, to, long_one, sizeof long_one);
}

static void answer_one(struct sip_server *server)
{
	struct addr from = { 0 };
	socklen_t length = sizeof from.sa;
	char data[SIP_MESSAGE_MAX];
	const ssize_t got = recvfrom(server->fd, data, sizeof data, 0, &from.sa.any, &length);
	struct sip_raw request;
	struct buf answer;

	if (got < 0 || sip_raw_read(&request, slice_of(data, (size_t)got)))
		return;
	note(server, request.start);
	if (server->manner == SIP_IS_SILENT)
		return;
	buf_init(&answer, SIP_MESSAGE_MAX);
	sip_server_answer(&answer, &request, &from, server->manner);
	if (server->manner == SIP_RUBBISH)
		send_rubbish(server, &from, &answer);
	else
		send_to(server->manner == SIP_WRONG_SOURCE ? server->other : server->fd, &from,
			answer.data, answer.length);
	buf_clear(&answer);
}

static void *serve(void *context)
{
	struct sip_server *server = context;
	struct pollfd polls[] = { { .fd = server->fd, .events = POLLIN },
				  { .fd = server->stop, .events = POLLIN } };

	while (poll(polls, 2, -1) > 0 && !polls[1].revents)
		answer_one(server);
	return NULL;
}

struct sip_server *sip_server_new(const char *address, enum sip_manner manner)
{
	struct sip_server *server = mem_new(1, sizeof *server);
	struct addr other;

	must(!addr_parse(&server->addr, address, 0), "address");
	other = server->addr;
	server->manner = manner;
	server->fd = bound(&server->addr);
	server->other = bound(&other);
	server->stop = eventfd(0, EFD_CLOEXEC);
	must(server->stop >= 0, "eventfd");
	must(!pthread_mutex_init(&server->lock, NULL), "mutex");
	must(!pthread_create(&server->thread, NULL, serve, server), "thread");
	return server;
}

void sip_server_free(struct sip_server *server)
{
	if (!server)
		return;
	must(!eventfd_write(server->stop, 1), "eventfd");
	pthread_join(server->thread, NULL);
	pthread_mutex_destroy(&server->lock);
	close(server->fd);
	close(server->other);
	close(server->stop);
	free(server);
}

struct addr sip_server_addr(const struct sip_server *server)
{
	return server->addr;
}

unsigned sip_server_asked(struct sip_server *server, const char *method)
{
	unsigned count = 0;

	pthread_mutex_lock(&server->lock);
	for (size_t i = 0; i < server->count; i++)
		count += !strncmp(server->method[i], method, strlen(method));
	pthread_mutex_unlock(&server->lock);
	return count;
}
