/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/dns_server.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/slice.h"
#include "mock/dns_script.h"

enum { CONNECTIONS = 8, ASKED_MAX = 4096 };

struct late {
	int64_t due_ms;
	struct addr to;
	struct buf reply;
	struct late *next;
};

struct connection {
	int fd;
	struct buf in;
};

struct dns_server {
	struct addr addr;
	int udp, tcp, other, stop; /* other: the wrong source; stop: an eventfd */
	struct dns_script script;
	struct late *late;
	struct connection connection[CONNECTIONS];
	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* of what follows */
	struct dns_question asked[ASKED_MAX];
	size_t asked_count;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

static int bound(int type, struct addr *addr)
{
	socklen_t length = sizeof addr->sa;
	const int fd = socket(addr_family(addr), type | SOCK_CLOEXEC, 0);
	const int on = 1;

	must(fd >= 0, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, &addr->sa.any, addr_length(addr))) {
		close(fd);
		return -1;
	}
	must(!getsockname(fd, &addr->sa.any, &length), "getsockname");
	return fd;
}

/* A free UDP port may be taken for TCP: then the next one. */
static void bind_both(struct dns_server *server, const struct addr *wanted)
{
	for (int tries = 0; tries < 20; tries++) {
		server->addr = *wanted;
		server->udp = bound(SOCK_DGRAM, &server->addr);
		must(server->udp >= 0, "bind");
		server->tcp = bound(SOCK_STREAM, &server->addr);
		if (server->tcp >= 0)
			return;
		close(server->udp);
	}
	must(false, "bind");
}

struct dns_server *dns_server_new(const char *address, uint16_t port)
{
	struct dns_server *server = mem_new(1, sizeof *server);
	struct addr wanted;

	must(!addr_parse(&wanted, address, port), "address");
	bind_both(server, &wanted);
	addr_set_port(&wanted, 0);
	server->other = bound(SOCK_DGRAM, &wanted);
	server->stop = eventfd(0, EFD_CLOEXEC);
	must(server->other >= 0 && server->stop >= 0 && !listen(server->tcp, CONNECTIONS),
	     "listen");
	for (int i = 0; i < CONNECTIONS; i++)
		server->connection[i].fd = -1;
	pthread_mutex_init(&server->lock, NULL);
	return server;
}

struct dns_script *dns_server_script(struct dns_server *server)
{
	return &server->script;
}

struct addr dns_server_addr(const struct dns_server *server)
{
	return server->addr;
}

/* Remembers the question; true if it is new. */
static bool remember(struct dns_server *server, const struct dns_question *question)
{
	bool is_new = true;

	pthread_mutex_lock(&server->lock);
	for (size_t i = 0; i < server->asked_count; i++)
		if (server->asked[i].type == question->type &&
		    !strcasecmp(server->asked[i].name, question->name))
			is_new = false;
	if (server->asked_count < ASKED_MAX)
		server->asked[server->asked_count++] = *question;
	pthread_mutex_unlock(&server->lock);
	return is_new;
}

unsigned dns_server_asked(struct dns_server *server, const char *name, uint16_t type, int tcp)
{
	unsigned count = 0;

	pthread_mutex_lock(&server->lock);
	for (size_t i = 0; i < server->asked_count; i++)
		count += (!name || !strcasecmp(server->asked[i].name, name)) &&
			 (!type || server->asked[i].type == type) && server->asked[i].tcp == tcp;
	pthread_mutex_unlock(&server->lock);
	return count;
}

static void send_udp(int fd, const struct buf *reply, const struct addr *to)
{
	if (sendto(fd, reply->data, reply->length, 0, &to->sa.any, addr_length(to)) < 0)
		perror("mock dns: sendto");
}

static void serve_udp(struct dns_server *server)
{
	uint8_t bytes[DNS_MESSAGE_MAX];
	struct addr from = { 0 };
	socklen_t length = sizeof from.sa;
	struct dns_question question = { .tcp = 0 };
	struct buf reply;
	const ssize_t got = recvfrom(server->udp, bytes, sizeof bytes, 0, &from.sa.any, &length);
	enum dns_manner manner;
	bool is_new;

	if (got < 0 || !dns_question_read(&question, slice_of(bytes, (size_t)got)))
		return;
	manner = dns_script_manner(&server->script, &question);
	is_new = remember(server, &question);
	if (manner == DNS_IS_SILENT)
		return;
	buf_init(&reply, DNS_MESSAGE_MAX);
	dns_script_reply(&reply, &server->script, slice_of(bytes, (size_t)got), &question, manner);
	if (manner == DNS_SLOW || (manner == DNS_SLOW_ONCE && is_new)) {
		struct late *late = mem_new(1, sizeof *late);

		*late = (struct late){ clock_ms() + DNS_SLOW_MS, from, reply, server->late };
		server->late = late;
		return;
	}
	send_udp(manner == DNS_WRONG_SOURCE ? server->other : server->udp, &reply, &from);
	buf_clear(&reply);
}

static void serve_message(struct dns_server *server, int fd, struct slice asked)
{
	struct dns_question question = { .tcp = 1 };
	struct buf reply;
	uint8_t length[2];
	enum dns_manner manner;

	if (!dns_question_read(&question, asked))
		return;
	question.tcp = 1;
	manner = dns_script_manner(&server->script, &question);
	remember(server, &question);
	if (manner == DNS_IS_SILENT || manner == DNS_CUT_FOR_GOOD)
		return;
	buf_init(&reply, DNS_MESSAGE_MAX);
	dns_script_reply(&reply, &server->script, asked, &question, manner);
	length[0] = (uint8_t)(reply.length >> 8);
	length[1] = (uint8_t)reply.length;
	if (send(fd, length, 2, MSG_NOSIGNAL | MSG_MORE) < 0 ||
	    send(fd, reply.data, reply.length, MSG_NOSIGNAL) < 0)
		perror("mock dns: send");
	buf_clear(&reply);
}

static void close_connection(struct connection *connection)
{
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
	buf_clear(&connection->in);
}

static void serve_tcp(struct dns_server *server, struct connection *connection)
{
	uint8_t bytes[4096];
	const ssize_t got = recv(connection->fd, bytes, sizeof bytes, 0);

	if (got <= 0) {
		close_connection(connection);
		return;
	}
	must(!buf_add(&connection->in, bytes, (size_t)got), "buffer");
	for (;;) {
		struct slice asked, rest = slice_of(connection->in.data, connection->in.length);
		uint16_t length;

		if (slice_be16(&length, &rest) || slice_take(&asked, &rest, length))
			return;
		serve_message(server, connection->fd, asked);
		buf_drop(&connection->in, (size_t)length + 2);
	}
}

static void accept_connection(struct dns_server *server)
{
	const int fd = accept4(server->tcp, NULL, NULL, SOCK_CLOEXEC);

	for (int i = 0; i < CONNECTIONS && fd >= 0; i++) {
		if (server->connection[i].fd >= 0)
			continue;
		server->connection[i].fd = fd;
		buf_init(&server->connection[i].in, DNS_MESSAGE_MAX);
		return;
	}
	if (fd >= 0)
		close(fd);
}

/* Sends the late replies that are due; how long until the next, -1 for none. */
static int send_late(struct dns_server *server)
{
	const int64_t now = clock_ms();
	int wait = -1;

	for (struct late **at = &server->late; *at;) {
		struct late *late = *at;

		if (late->due_ms > now) {
			const int left = (int)(late->due_ms - now);

			wait = wait < 0 || left < wait ? left : wait;
			at = &late->next;
			continue;
		}
		*at = late->next;
		send_udp(server->udp, &late->reply, &late->to);
		buf_clear(&late->reply);
		free(late);
	}
	return wait;
}

static void *serve(void *context)
{
	struct dns_server *server = context;
	struct pollfd fds[3 + CONNECTIONS] = {
		{ .fd = server->stop, .events = POLLIN },
		{ .fd = server->udp, .events = POLLIN },
		{ .fd = server->tcp, .events = POLLIN },
	};

	while (!fds[0].revents) {
		for (int i = 0; i < CONNECTIONS; i++)
			fds[3 + i] =
				(struct pollfd){ .fd = server->connection[i].fd, .events = POLLIN };
		if (poll(fds, 3 + CONNECTIONS, send_late(server)) < 0 && errno != EINTR)
			break;
		for (int i = 0; i < CONNECTIONS; i++)
			if (fds[3 + i].revents)
				serve_tcp(server, &server->connection[i]);
		if (fds[1].revents)
			serve_udp(server);
		if (fds[2].revents)
			accept_connection(server);
	}
	return NULL;
}

void dns_server_start(struct dns_server *server)
{
	must(!pthread_create(&server->thread, NULL, serve, server), "thread");
	server->started = true;
}

static void free_late(struct dns_server *server)
{
	for (struct late *late = server->late, *next; late; late = next) {
		next = late->next;
		buf_clear(&late->reply);
		free(late);
	}
}

void dns_server_free(struct dns_server *server)
{
	if (!server)
		return;
	if (server->started) {
		must(!eventfd_write(server->stop, 1), "eventfd");
		pthread_join(server->thread, NULL);
	}
	for (int i = 0; i < CONNECTIONS; i++)
		close_connection(&server->connection[i]);
	close(server->udp);
	close(server->tcp);
	close(server->other);
	close(server->stop);
	free_late(server);
	dns_script_clear(&server->script);
	pthread_mutex_destroy(&server->lock);
	free(server);
}
