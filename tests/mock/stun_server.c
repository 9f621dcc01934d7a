/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/stun_server.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/udp.h"
#include "proto/stun.h"

enum {
	CORNERS = 4,
	IDS = 64,
	FLOOD_BEFORE = 200,
	FLOOD_BEHIND = 800,
	BIND_TRIES = 50,
	STOP = MOCK_SERVERS_MAX * CORNERS
};

struct server {
	struct mock_stun_plan plan;
	int fd[CORNERS]; /* 2 * host + port; -1: there is none */
	struct addr addr[CORNERS];
	int stray; /* a socket nobody was told of */
	struct stun_id seen[IDS];
	size_t ids; /* transactions met, where it matters */
};

struct mock_stun {
	struct server server[MOCK_SERVERS_MAX];
	size_t count;
	struct mock_nat *nat;
	int stop[2];
	pthread_t thread;
};

/* One request being answered. */
struct request {
	struct mock_stun *mock;
	struct server *server;
	size_t corner;
	struct addr client, seen;
	struct stun_message message;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

static bool bind_corner(struct server *server, size_t corner, uint16_t port)
{
	struct udp_plan plan = { 0 };

	must(!addr_parse(&plan.local, server->plan.host[corner / 2], port), "address");
	if (udp_open(&server->fd[corner], &plan)) {
		server->fd[corner] = -1;
		return false;
	}
	must(!udp_local(&server->addr[corner], server->fd[corner]), "bound address");
	return true;
}

static void close_corners(struct server *server)
{
	for (size_t i = 0; i < CORNERS; i++)
		if (server->fd[i] >= 0)
			close(server->fd[i]);
}

/* Both hosts have the same two ports; the second host's may be taken, then others are tried. */
static void bind_corners(struct server *server)
{
	const size_t corners = server->plan.host[1] ? 4 : 2;

	for (int tries = 0; tries < BIND_TRIES; tries++) {
		bool fine = true;

		memset(server->fd, 0xff, sizeof server->fd);
		for (size_t i = 0; fine && i < corners; i++)
			fine = bind_corner(server, i, i < 2 ? 0 : addr_port(&server->addr[i - 2]));
		if (fine)
			return;
		close_corners(server);
	}
	must(false, "no free ports");
}

static void send_from(const struct request *request, int fd, const struct addr *from,
		      const void *bytes, size_t length)
{
	struct addr inside;

	if (request->server->plan.habits & MOCK_INSIDE)
		inside = request->client;
	else if (!mock_nat_in(&inside, request->mock->nat, &request->seen, from))
		return;
	must(!udp_send(fd, &inside, bytes, length), "send");
}

static struct addr other_of(const struct server *server)
{
	return addr_is_set(&server->plan.other) ? server->plan.other : server->addr[3];
}

static enum err add_addresses(struct buf *out, const struct request *request)
{
	const struct server *server = request->server;
	const unsigned habits = server->plan.habits;
	const struct addr seen =
		addr_is_set(&server->plan.told) ? server->plan.told : request->seen;
	const struct addr other = other_of(server);
	struct addr plain = seen;
	enum err err;

	if (habits & MOCK_PLAIN_LIES)
		addr_set_port(&plain, (uint16_t)(addr_port(&seen) ^ 1));
	err = stun_add_addr(out, STUN_MAPPED_ADDRESS, &plain);
	if (!err && !(habits & MOCK_OLD))
		err = stun_add_addr(out, STUN_XOR_MAPPED_ADDRESS, &seen);
	if (!err && server->plan.host[1] && !(habits & MOCK_NO_OTHER))
		err = stun_add_addr(
			out, habits & MOCK_OLD ? STUN_CHANGED_ADDRESS : STUN_OTHER_ADDRESS, &other);
	return err;
}

static enum err build_answer(struct buf *out, const struct request *request)
{
	const unsigned habits = request->server->plan.habits;
	const bool refuses = request->message.change && habits & MOCK_REFUSES_CHANGE;
	struct stun_id id = request->message.id;
	enum err err;

	if (habits & MOCK_WRONG_ID)
		id.bytes[11] ^= 1;
	if (refuses || habits & MOCK_ERROR) {
		err = stun_begin(out, STUN_ERROR, STUN_BINDING, &id);
		return err ? err : stun_add_error(out, refuses ? 420 : 500, "No");
	}
	err = stun_begin(out, STUN_SUCCESS, STUN_BINDING, &id);
	if (!err && !(habits & MOCK_NO_ADDRESS))
		err = add_addresses(out, request);
	if (!err && habits & MOCK_FLOOD)
		err = stun_add_fingerprint(out);
	return err;
}

/* The corner that a CHANGE-REQUEST names, seen from the one that was asked. */
static size_t answering_corner(const struct request *request)
{
	size_t corner = request->corner;

	if (request->server->plan.habits & (MOCK_IGNORES_CHANGE | MOCK_REFUSES_CHANGE) ||
	    !request->server->plan.host[1])
		return corner;
	if (request->message.change & STUN_CHANGE_IP)
		corner ^= 2;
	if (request->message.change & STUN_CHANGE_PORT)
		corner ^= 1;
	return corner;
}

static void send_times(const struct request *request, const struct buf *answer, int times)
{
	const struct server *server = request->server;
	const size_t corner = answering_corner(request);
	const int fd = server->plan.habits & MOCK_WRONG_SOURCE ? server->stray : server->fd[corner];
	const size_t length =
		server->plan.habits & MOCK_TRUNCATED ? answer->length / 2 : answer->length;

	while (times--)
		send_from(request, fd, &server->addr[corner], answer->data, length);
}

/* So many wrong ones as a socket holds, then the right one, then it again and again. */
static void send_flood(const struct request *request, struct buf *answer)
{
	uint8_t *fingerprint = answer->data + answer->length - 1;

	*fingerprint ^= 1;
	send_times(request, answer, FLOOD_BEFORE);
	*fingerprint ^= 1;
	send_times(request, answer, FLOOD_BEHIND);
}

static void send_answer(const struct request *request, struct buf *answer)
{
	if (request->server->plan.habits & MOCK_OVERSIZED)
		must(!buf_add(answer, "tail", 4), "memory");
	if (request->server->plan.habits & MOCK_FLOOD && !request->server->ids++)
		send_flood(request, answer);
	else
		send_times(request, answer, 1);
}

/* True the first time this transaction is met. */
static bool is_new(struct server *server, const struct stun_id *id)
{
	for (size_t i = 0; i < IDS; i++)
		if (!memcmp(&server->seen[i], id, sizeof *id))
			return false;
	server->seen[server->ids++ % IDS] = *id;
	return true;
}

static bool is_ignored(const struct request *request)
{
	const unsigned habits = request->server->plan.habits;

	return habits & MOCK_SILENT || (habits & MOCK_CORNERS_DEAD && request->corner) ||
	       (habits & MOCK_CHANGE_LOST && request->message.change) ||
	       (habits & MOCK_LOSES_FIRST && is_new(request->server, &request->message.id));
}

static void serve(struct mock_stun *mock, struct server *server, size_t corner)
{
	struct request request = { .mock = mock, .server = server, .corner = corner };
	uint8_t bytes[2048];
	size_t length;
	struct buf answer;

	if (udp_receive(bytes, sizeof bytes, &length, &request.client, server->fd[corner]) ||
	    stun_decode(&request.message, bytes, length))
		return;
	if (server->plan.habits & MOCK_INSIDE)
		request.seen = request.client;
	else
		mock_nat_out(&request.seen, mock->nat, &request.client, &server->addr[corner]);
	if (is_ignored(&request))
		return;
	if (server->plan.habits & MOCK_ECHO) {
		send_from(&request, server->fd[corner], &server->addr[corner], bytes, length);
		return;
	}
	buf_init(&answer, STUN_MAX);
	must(!build_answer(&answer, &request), "answer");
	if (request.message.response_port && server->plan.host[1])
		addr_set_port(&request.seen, request.message.response_port);
	send_answer(&request, &answer);
	buf_clear(&answer);
}

static void *run(void *context)
{
	struct mock_stun *mock = context;
	struct pollfd fds[STOP + 1];

	fds[STOP] = (struct pollfd){ .fd = mock->stop[0], .events = POLLIN };
	for (size_t i = 0; i < STOP; i++) {
		const struct server *server = &mock->server[i / CORNERS];

		fds[i] = (struct pollfd){ .fd = i / CORNERS < mock->count ? server->fd[i % CORNERS]
									  : -1,
					  .events = POLLIN };
	}
	for (;;) {
		must(poll(fds, STOP + 1, -1) > 0, "poll");
		if (fds[STOP].revents)
			return NULL;
		for (size_t i = 0; i < STOP; i++) {
			struct server *server = &mock->server[i / CORNERS];
			static _Thread_local struct udp_error ignored;

			if (fds[i].revents & POLLERR)
				(void)!udp_receive_error(&ignored, fds[i].fd);
			if (fds[i].revents & POLLIN)
				serve(mock, server, i % CORNERS);
		}
	}
}

struct mock_stun *mock_stun_start(const struct mock_stun_plan *plan, size_t count,
				  struct mock_nat *nat)
{
	struct mock_stun *mock = mem_new(1, sizeof *mock);

	mock->nat = nat;
	mock->count = count;
	for (size_t i = 0; i < count; i++) {
		struct server *server = &mock->server[i];
		struct udp_plan stray = { 0 };

		server->plan = plan[i];
		bind_corners(server);
		stray.local = server->addr[0];
		addr_set_port(&stray.local, 0);
		must(!udp_open(&server->stray, &stray), "stray socket");
	}
	must(!pipe(mock->stop) && !pthread_create(&mock->thread, NULL, run, mock), "thread");
	return mock;
}

void mock_stun_stop(struct mock_stun *mock)
{
	must(write(mock->stop[1], "", 1) == 1 && !pthread_join(mock->thread, NULL), "stop");
	close(mock->stop[0]);
	close(mock->stop[1]);
	for (size_t i = 0; i < mock->count; i++) {
		close_corners(&mock->server[i]);
		close(mock->server[i].stray);
	}
	free(mock);
}

struct addr mock_stun_addr(const struct mock_stun *mock, size_t server)
{
	return mock->server[server].addr[0];
}
