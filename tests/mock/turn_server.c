/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/turn_server.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/udp.h"
#include "proto/stun_login.h"
#include "proto/turn.h"

enum { SLOTS = 8, TRIES = 50, ROOM = 4096, BURST = 64 };
enum { AT_STOP, AT_UDP, AT_LISTEN, AT_TCP, AT_RELAY = AT_TCP + SLOTS, POLLS = AT_RELAY + SLOTS };

/* One client: a UDP address or a connection, perhaps with an allocation. */
struct slot {
	bool used, allocated, permitted;
	int tcp; /* -1: UDP */
	int relay;
	struct addr client, relayed, peer;
	struct buf come;
};

struct mock_turn {
	struct mock_turn_plan plan;
	struct addr addr;
	int udp, listener, stop[2];
	struct slot slot[SLOTS];
	bool stale_told;
	atomic_uint signed_count;
	pthread_t thread;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

static bool has(const struct mock_turn *mock, unsigned habit)
{
	return mock->plan.habits & habit;
}

static bool is_relay(const struct mock_turn *mock, const struct addr *addr)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (mock->slot[i].allocated && addr_equal(&mock->slot[i].relayed, addr))
			return true;
	return false;
}

/* A client that is gone is none of the server's worries. */
static void reply(struct mock_turn *mock, const struct slot *slot, const void *bytes, size_t length)
{
	if (slot->tcp >= 0)
		(void)!send(slot->tcp, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
	else
		(void)!udp_send(mock->udp, &slot->client, bytes, length);
}

/* --- answers ----------------------------------------------------------------------------------*/

static const uint8_t offer[] = { 0, STUN_SHA256, 0, 0, 0, STUN_MD5, 0, 0 };

static const char *nonce_of(const struct mock_turn *mock, bool fresh)
{
	if (has(mock, MOCK_TURN_SHA256 | MOCK_TURN_BID_DOWN))
		return fresh ? "obMatJos2AAABfresh" : "obMatJos2AAABfirst";
	return fresh ? "fresh" : "first";
}

static enum err add_challenge(struct buf *out, const struct mock_turn *mock, bool fresh)
{
	enum err err = stun_add(out, STUN_REALM, slice_of_text("example.com"));

	if (!err)
		err = stun_add(out, STUN_NONCE, slice_of_text(nonce_of(mock, fresh)));
	if (!err && has(mock, MOCK_TURN_SHA256))
		err = stun_add(out, STUN_PASSWORD_ALGORITHMS, slice_of(offer, sizeof offer));
	return err;
}

static void refuse(struct mock_turn *mock, const struct slot *slot,
		   const struct stun_message *request, unsigned code)
{
	struct buf out;

	buf_init(&out, STUN_MAX);
	must(!stun_begin(&out, STUN_ERROR, request->method, &request->id), "error");
	must(!stun_add_error(&out, code, "No"), "error");
	if (code == 401 || code == 438)
		must(!add_challenge(&out, mock, code == 438), "challenge");
	if (code == 300)
		must(!stun_add_addr(&out, STUN_ALTERNATE_SERVER, &mock->plan.alternate),
		     "alternate");
	reply(mock, slot, out.data, out.length);
	buf_clear(&out);
}

static enum err key_of(struct slice *key, uint8_t bytes[static STUN_KEY_SHA256],
		       const struct mock_turn *mock)
{
	const char *password = has(mock, MOCK_TURN_WRONG) ? "another" : "secret";
	const struct slice realm = slice_of_text("example.com");

	*key = slice_of(bytes, has(mock, MOCK_TURN_SHA256) ? STUN_KEY_SHA256 : STUN_KEY);
	return has(mock, MOCK_TURN_SHA256)
		       ? stun_long_term_key_sha256(bytes, "user", realm, password)
		       : stun_long_term_key(bytes, "user", realm, password);
}

/* What stands against a request's credentials, as an error code; 0: nothing. */
static unsigned look_at_login(struct mock_turn *mock, const struct stun_message *request)
{
	const bool sha256 = has(mock, MOCK_TURN_SHA256);
	uint8_t bytes[STUN_KEY_SHA256];
	struct slice key;

	if (!(sha256 ? request->integrity_sha256.at : request->integrity.at))
		return 401;
	atomic_fetch_add(&mock->signed_count, 1);
	if (sha256 && (!slice_equal(request->algorithms, slice_of(offer, sizeof offer)) ||
		       !slice_equal(request->algorithm, slice_of(offer, 4))))
		return 400;
	if (has(mock, MOCK_TURN_STALE_ALWAYS) ||
	    (has(mock, MOCK_TURN_STALE_ONCE) && !mock->stale_told)) {
		mock->stale_told = true;
		return 438;
	}
	must(!key_of(&key, bytes, mock), "key");
	return slice_is(request->username, "user") && !stun_check_integrity(request, key) ? 0 : 401;
}

static void close_allocation(struct slot *slot)
{
	if (slot->allocated)
		close(slot->relay);
	slot->allocated = slot->permitted = false;
}

static void open_allocation(struct mock_turn *mock, struct slot *slot)
{
	struct udp_plan plan = { .local = mock->addr };

	if (slot->allocated)
		return;
	addr_set_port(&plan.local, 0);
	must(!udp_open(&slot->relay, &plan) && !udp_local(&slot->relayed, slot->relay), "relay");
	slot->allocated = true;
}

static void grant(struct mock_turn *mock, const struct slot *slot,
		  const struct stun_message *request)
{
	uint8_t bytes[STUN_KEY_SHA256];
	struct slice key;
	struct buf out;

	buf_init(&out, STUN_MAX);
	must(!key_of(&key, bytes, mock), "key");
	must(!stun_begin(&out, STUN_SUCCESS, request->method, &request->id), "answer");
	if (request->method == STUN_ALLOCATE && !has(mock, MOCK_TURN_NO_ADDRESS))
		must(!stun_add_addr(&out, STUN_XOR_RELAYED_ADDRESS, &slot->relayed), "relayed");
	if (request->method != STUN_CREATE_PERMISSION)
		must(!stun_add_addr(&out, STUN_XOR_MAPPED_ADDRESS, &slot->client), "mapped");
	if (request->method != STUN_BINDING && !has(mock, MOCK_TURN_UNSIGNED))
		must(!stun_add_integrity(&out,
					 has(mock, MOCK_TURN_SHA256) ? STUN_MESSAGE_INTEGRITY_SHA256
								     : STUN_MESSAGE_INTEGRITY,
					 key),
		     "integrity");
	reply(mock, slot, out.data, out.length);
	buf_clear(&out);
}

static bool any_allocation(const struct mock_turn *mock)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (mock->slot[i].allocated)
			return true;
	return false;
}

static unsigned look_at_request(struct mock_turn *mock, const struct slot *slot,
				const struct stun_message *request)
{
	const bool allocate = request->method == STUN_ALLOCATE;
	unsigned code;

	if (allocate && addr_is_set(&mock->plan.alternate))
		return 300;
	code = look_at_login(mock, request);
	if (code)
		return code;
	if (allocate &&
	    (has(mock, MOCK_TURN_QUOTA) || (has(mock, MOCK_TURN_ONE_ONLY) && any_allocation(mock))))
		return 486;
	if (allocate && request->requested_transport >> 24 != 17)
		return 442;
	if (request->method == STUN_CREATE_PERMISSION && has(mock, MOCK_TURN_FORBIDS))
		return 403;
	return !allocate && !slot->allocated ? 437 : 0;
}

static void serve_request(struct mock_turn *mock, struct slot *slot,
			  const struct stun_message *request)
{
	unsigned code;

	if (request->method == STUN_BINDING) {
		if (!has(mock, MOCK_TURN_NO_STUN))
			grant(mock, slot, request);
		return;
	}
	code = look_at_request(mock, slot, request);
	if (code) {
		refuse(mock, slot, request, code);
		return;
	}
	if (request->method == STUN_ALLOCATE)
		open_allocation(mock, slot);
	if (request->method == STUN_CREATE_PERMISSION) {
		slot->peer = request->peer;
		slot->permitted = true;
	}
	grant(mock, slot, request);
	if (request->method == STUN_REFRESH && !request->lifetime)
		close_allocation(slot);
}

static bool swallows(const struct mock_turn *mock, unsigned habit, const struct addr *peer)
{
	return has(mock, habit) && !(has(mock, MOCK_TURN_SOCKET_ONLY) && is_relay(mock, peer));
}

static void serve(struct mock_turn *mock, struct slot *slot, const void *bytes, size_t length)
{
	static const char garbage[] = "\x50What is this?";
	struct stun_message message;

	if (stun_decode(&message, bytes, length) || has(mock, MOCK_TURN_SILENT) ||
	    (has(mock, MOCK_TURN_UDP_SILENT) && slot->tcp < 0) ||
	    (has(mock, MOCK_TURN_ENDLESS) && slot->tcp >= 0))
		return;
	if (has(mock, MOCK_TURN_GARBAGE))
		reply(mock, slot, garbage, sizeof garbage);
	else if (message.class == STUN_REQUEST)
		serve_request(mock, slot, &message);
	else if (message.method == STUN_SEND && slot->permitted &&
		 addr_same_host(&slot->peer, &message.peer) &&
		 !swallows(mock, MOCK_TURN_DUMB, &message.peer))
		(void)!udp_send(slot->relay, &message.peer, message.data.at, message.data.left);
}

/* --- sockets ----------------------------------------------------------------------------------*/

static struct slot *slot_for(struct mock_turn *mock, const struct addr *client, int tcp)
{
	struct slot *found = NULL;

	for (size_t i = SLOTS; i--;) {
		struct slot *slot = &mock->slot[i];

		if (slot->used && tcp < 0 && slot->tcp < 0 && addr_equal(&slot->client, client))
			return slot;
		if (!slot->used || (!found && slot->tcp < 0 && !slot->allocated))
			found = slot;
	}
	must(found, "a free slot");
	*found = (struct slot){ .used = true, .tcp = tcp, .client = *client };
	buf_init(&found->come, ROOM);
	return found;
}

static void take_errors(int fd)
{
	struct udp_error error;

	while (!udp_receive_error(&error, fd))
		;
}

static void on_udp(struct mock_turn *mock)
{
	uint8_t bytes[ROOM];
	struct addr from;
	size_t length;

	take_errors(mock->udp);
	if (!udp_receive(bytes, sizeof bytes, &length, &from, mock->udp))
		serve(mock, slot_for(mock, &from, -1), bytes, length);
}

static void on_listen(struct mock_turn *mock)
{
	struct addr from = { 0 };
	socklen_t length = sizeof from.sa;
	int fd = accept(mock->listener, &from.sa.any, &length);

	must(fd >= 0, "accept");
	slot_for(mock, &from, fd);
}

static void drop(struct slot *slot)
{
	/* RFC 8656, 7: over TCP an allocation ends with its connection. */
	close_allocation(slot);
	close(slot->tcp);
	buf_clear(&slot->come);
	slot->used = false;
}

static void on_tcp(struct mock_turn *mock, struct slot *slot)
{
	uint8_t bytes[ROOM];
	const ssize_t got = recv(slot->tcp, bytes, sizeof bytes, MSG_DONTWAIT);
	size_t length;

	if (got <= 0 || buf_add(&slot->come, bytes, (size_t)got)) {
		drop(slot);
		return;
	}
	while (!turn_frame(&length, slice_of(slot->come.data, slot->come.length)) &&
	       length <= slot->come.length) {
		serve(mock, slot, slot->come.data, length);
		buf_drop(&slot->come, length);
	}
}

static void on_relay(struct mock_turn *mock, const struct slot *slot)
{
	const struct stun_id id = { { 7 } };
	uint8_t bytes[ROOM];
	struct addr from;
	size_t length;
	struct buf out;

	take_errors(slot->relay);
	if (udp_receive(bytes, sizeof bytes, &length, &from, slot->relay) || !slot->permitted ||
	    !addr_same_host(&from, &slot->peer) || swallows(mock, MOCK_TURN_DEAF, &from))
		return;
	buf_init(&out, STUN_MAX);
	must(!stun_begin(&out, STUN_INDICATION, STUN_DATA, &id), "data");
	must(!stun_add_addr(&out, STUN_XOR_PEER_ADDRESS, &from), "data");
	must(!stun_add(&out, STUN_DATA_BYTES, slice_of(bytes, length)), "data");
	reply(mock, slot, out.data, out.length);
	buf_clear(&out);
}

static void send_endless(struct mock_turn *mock, const struct slot *slot)
{
	static const uint8_t nothing[12] = { 0x40, 0, 0, 8, 'e', 'n', 'd' };

	for (int i = 0; i < BURST; i++)
		reply(mock, slot, nothing, sizeof nothing);
}

static void fill_polls(struct pollfd polls[POLLS], const struct mock_turn *mock)
{
	polls[AT_STOP] = (struct pollfd){ .fd = mock->stop[0], .events = POLLIN };
	polls[AT_UDP] = (struct pollfd){ .fd = mock->udp, .events = POLLIN };
	polls[AT_LISTEN] = (struct pollfd){ .fd = mock->listener, .events = POLLIN };
	for (size_t i = 0; i < SLOTS; i++) {
		const struct slot *slot = &mock->slot[i];
		const bool endless = has(mock, MOCK_TURN_ENDLESS) && slot->used;

		polls[AT_TCP + i] = (struct pollfd){
			.fd = slot->used ? slot->tcp : -1,
			.events = (short)(endless ? POLLIN | POLLOUT : POLLIN),
		};
		polls[AT_RELAY + i] = (struct pollfd){ .fd = slot->allocated ? slot->relay : -1,
						       .events = POLLIN };
	}
}

static void *run(void *context)
{
	struct mock_turn *mock = context;
	struct pollfd polls[POLLS];

	for (;;) {
		fill_polls(polls, mock);
		must(poll(polls, POLLS, -1) > 0, "poll");
		if (polls[AT_STOP].revents)
			return NULL;
		if (polls[AT_UDP].revents)
			on_udp(mock);
		for (size_t i = 0; i < SLOTS; i++) {
			struct slot *slot = &mock->slot[i];

			if (polls[AT_TCP + i].revents & POLLOUT && slot->used)
				send_endless(mock, slot);
			if (polls[AT_TCP + i].revents & ~POLLOUT && slot->used && slot->tcp >= 0)
				on_tcp(mock, slot);
			if (polls[AT_RELAY + i].revents && slot->allocated)
				on_relay(mock, slot);
		}
		if (polls[AT_LISTEN].revents)
			on_listen(mock);
	}
}

static bool bind_both(struct mock_turn *mock)
{
	struct udp_plan plan = { 0 };
	const int one = 1;

	must(!addr_parse(&plan.local, mock->plan.host, 0), "address");
	must(!udp_open(&mock->udp, &plan) && !udp_local(&mock->addr, mock->udp), "socket");
	mock->listener = socket(addr_family(&mock->addr), SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(mock->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (!bind(mock->listener, &mock->addr.sa.any, addr_length(&mock->addr)) &&
	    !listen(mock->listener, SLOTS))
		return true;
	close(mock->udp);
	close(mock->listener);
	return false;
}

struct mock_turn *mock_turn_start(const struct mock_turn_plan *plan)
{
	struct mock_turn *mock = mem_new(1, sizeof *mock);
	int tries = 0;

	mock->plan = *plan;
	while (!bind_both(mock))
		must(++tries < TRIES, "a free port");
	must(!pipe(mock->stop) && !pthread_create(&mock->thread, NULL, run, mock), "thread");
	return mock;
}

size_t mock_turn_stop(struct mock_turn *mock)
{
	size_t left = 0;

	must(write(mock->stop[1], "", 1) == 1 && !pthread_join(mock->thread, NULL), "stop");
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &mock->slot[i];

		left += slot->allocated;
		close_allocation(slot);
		if (slot->used && slot->tcp >= 0)
			drop(slot);
	}
	close(mock->udp);
	close(mock->listener);
	close(mock->stop[0]);
	close(mock->stop[1]);
	free(mock);
	return left;
}

struct addr mock_turn_addr(const struct mock_turn *mock)
{
	return mock->addr;
}

void mock_turn_send_on(struct mock_turn *mock, const struct addr *to)
{
	mock->plan.alternate = *to;
}

unsigned mock_turn_signed(const struct mock_turn *mock)
{
	return atomic_load(&mock->signed_count);
}
