/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/responder.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "proto/stun.h"

enum {
	SOCKETS = MOCK_RTP_PORTS + 1, /* the last is the main port */
	SOURCES_MAX = 32,
	NONCE_USUAL = 20,
	FLOOD = 50,
	ROOM = 65536,
	ATTEMPTS = 1000,
};

struct source {
	struct addr addr;
	bool shown;
	unsigned refused; /* times that its NONCE was called stale */
};

struct mock_responder {
	int fd[SOCKETS], stop;
	uint16_t first;
	struct addr main;
	unsigned habits;
	struct source source[SOURCES_MAX];
	size_t sources;
	unsigned turn;
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	size_t heard;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

/* -1: somebody else has that port. */
static int bound(struct addr *addr)
{
	socklen_t length = sizeof addr->sa;
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(fd >= 0, "socket");
	if (bind(fd, &addr->sa.any, addr_length(addr))) {
		close(fd);
		return -1;
	}
	must(!getsockname(fd, &addr->sa.any, &length), "getsockname");
	return fd;
}

static bool bind_row(struct mock_responder *mock, unsigned first)
{
	for (unsigned i = 0; i < MOCK_RTP_PORTS; i++) {
		struct addr addr = mock->main;

		addr_set_port(&addr, (uint16_t)(first + i));
		mock->fd[i] = bound(&addr);
		if (mock->fd[i] < 0) {
			while (i-- > 0)
				close(mock->fd[i]);
			return false;
		}
	}
	mock->first = (uint16_t)first;
	return true;
}

static struct source *source_of(struct mock_responder *mock, const struct addr *from)
{
	for (size_t i = 0; i < mock->sources; i++)
		if (addr_equal(&mock->source[i].addr, from))
			return &mock->source[i];
	must(mock->sources < SOURCES_MAX, "sources");
	mock->source[mock->sources] = (struct source){ .addr = *from };
	return &mock->source[mock->sources++];
}

static void send_to(const struct mock_responder *mock, int fd, const struct addr *to,
		    const void *data, size_t length)
{
	static const uint8_t wrong[40] = { 1, 1, 0, 20, 0x21, 0x12, 0xa4, 0x42 };
	const int times = mock->habits & RESPONDER_FLOOD ? FLOOD : 1;

	/* Whoever asked may be gone already. */
	for (int i = 0; i < times && times > 1; i++)
		(void)!sendto(fd, wrong, sizeof wrong, 0, &to->sa.any, addr_length(to));
	for (int i = 0; i < times; i++)
		(void)!sendto(fd, data, length, 0, &to->sa.any, addr_length(to));
}

/* Another one after each refusal. */
static struct slice nonce_for(const struct mock_responder *mock, const struct source *source,
			      uint8_t nonce[static STUN_TEXT_MAX])
{
	const size_t length = mock->habits & RESPONDER_LONG_NONCE ? STUN_TEXT_MAX : NONCE_USUAL;

	memset(nonce, 'n', length);
	nonce[0] = (uint8_t)('a' + source->refused);
	return slice_of(nonce, length);
}

static bool is_refused(const struct mock_responder *mock, const struct source *source)
{
	return mock->habits & RESPONDER_ALWAYS_STALE ||
	       (mock->habits & RESPONDER_STALE && !source->refused);
}

static bool is_same(struct slice a, struct slice b)
{
	return a.left == b.left && !memcmp(a.at, b.at, a.left);
}

static void answer_stun(struct mock_responder *mock, int fd, const struct stun_message *request,
			const struct addr *from)
{
	struct source *source = source_of(mock, from);
	uint8_t nonce[STUN_TEXT_MAX];
	bool refused = false;
	struct buf out;

	if (request->nonce.at && is_same(request->nonce, nonce_for(mock, source, nonce))) {
		refused = is_refused(mock, source);
		source->refused += refused;
		source->shown |= !refused;
	}
	buf_init(&out, STUN_MAX);
	must(!stun_begin(&out, refused ? STUN_ERROR : STUN_SUCCESS, STUN_BINDING, &request->id) &&
		     !(refused ? stun_add_error(&out, 438, "Stale Nonce")
			       : stun_add_addr(&out, STUN_XOR_MAPPED_ADDRESS, from)),
	     "answer");
	if (!(mock->habits & RESPONDER_BARE))
		must(!stun_add(&out, STUN_NONCE, nonce_for(mock, source, nonce)), "NONCE");
	send_to(mock, fd, from, out.data, out.length);
	buf_clear(&out);
}

static void answer(struct mock_responder *mock, unsigned index, uint8_t *data, size_t length,
		   const struct addr *from)
{
	const bool rtp = index < MOCK_RTP_PORTS;
	const bool upper = rtp && index >= MOCK_RTP_PORTS / 2;
	struct stun_message request;

	if ((mock->habits & RESPONDER_UPPER_SILENT && upper) ||
	    (mock->habits & RESPONDER_RTP_SILENT && rtp) ||
	    (mock->habits & RESPONDER_LOSES_FIRST && mock->turn++ % 2 == 0))
		return;
	if (!(mock->habits & RESPONDER_NO_STUN) && !stun_decode(&request, data, length)) {
		answer_stun(mock, mock->fd[index], &request, from);
		return;
	}
	if (!rtp || mock->habits & RESPONDER_NO_ECHO ||
	    !(mock->habits & (RESPONDER_BARE | RESPONDER_NO_STUN) || source_of(mock, from)->shown))
		return;
	if (mock->habits & RESPONDER_SPOILS)
		data[length - 1] ^= 1;
	send_to(mock, mock->fd[index], from, data, length);
}

static void take_one(struct mock_responder *mock, unsigned index)
{
	struct addr from = { 0 };
	socklen_t size = sizeof from.sa;
	uint8_t data[ROOM];
	const ssize_t got = recvfrom(mock->fd[index], data, sizeof data, 0, &from.sa.any, &size);

	if (got < 1)
		return;
	pthread_mutex_lock(&mock->lock);
	mock->heard += (size_t)got;
	pthread_mutex_unlock(&mock->lock);
	answer(mock, index, data, (size_t)got, &from);
}

static void *serve(void *context)
{
	struct mock_responder *mock = context;
	struct pollfd polls[SOCKETS + 1];

	for (unsigned i = 0; i < SOCKETS; i++)
		polls[i] = (struct pollfd){ .fd = mock->fd[i], .events = POLLIN };
	polls[SOCKETS] = (struct pollfd){ .fd = mock->stop, .events = POLLIN };
	while (poll(polls, SOCKETS + 1, -1) > 0 && !polls[SOCKETS].revents)
		for (unsigned i = 0; i < SOCKETS; i++)
			if (polls[i].revents)
				take_one(mock, i);
	return NULL;
}

struct mock_responder *mock_responder_start(unsigned habits)
{
	struct mock_responder *mock = mem_new(1, sizeof *mock);
	bool found = false;

	mock->habits = habits;
	must(!addr_parse(&mock->main, "127.0.0.1", 0), "address");
	mock->fd[MOCK_RTP_PORTS] = bound(&mock->main);
	must(mock->fd[MOCK_RTP_PORTS] >= 0, "bind");
	for (unsigned i = 0; i < ATTEMPTS && !found; i++)
		found = bind_row(mock, 20000 + 2 * ((unsigned)getpid() + 97 * i) % 10000);
	must(found, "a row of ports");
	mock->stop = eventfd(0, EFD_CLOEXEC);
	must(mock->stop >= 0, "eventfd");
	must(!pthread_mutex_init(&mock->lock, NULL), "mutex");
	must(!pthread_create(&mock->thread, NULL, serve, mock), "thread");
	return mock;
}

void mock_responder_stop(struct mock_responder *mock)
{
	if (!mock)
		return;
	must(!eventfd_write(mock->stop, 1), "eventfd");
	pthread_join(mock->thread, NULL);
	pthread_mutex_destroy(&mock->lock);
	for (unsigned i = 0; i < SOCKETS; i++)
		close(mock->fd[i]);
	close(mock->stop);
	free(mock);
}

struct addr mock_responder_addr(const struct mock_responder *mock)
{
	return mock->main;
}

uint16_t mock_responder_first(const struct mock_responder *mock)
{
	return mock->first;
}

size_t mock_responder_heard(struct mock_responder *mock)
{
	size_t heard;

	pthread_mutex_lock(&mock->lock);
	heard = mock->heard;
	pthread_mutex_unlock(&mock->lock);
	return heard;
}
