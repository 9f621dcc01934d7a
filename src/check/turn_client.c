/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/turn_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/binding.h"
#include "proto/stun_login.h"

enum {
	LIFETIME_S = 60, /* as short as a server lets it be: we may be killed before the release */
	STALE_MAX = 3,
	ROUNDS_MAX = 8,
	RELEASE_MS = 250,
	HURRIED_RELEASE_MS = 100,
	RESENT_MS = 450, /* an answer that took longer may belong to a repeated request */
	UDP_PROTOCOL = 17,
	FAMILY_V6 = 2,
};

struct turn_client {
	struct turn_plan plan;
	struct turn_wire wire;
	struct stun_login login;
	struct turn_told told;
	struct buf answer;
	struct stun_message message; /* decoded from `answer` */
};

/* What a request is about. */
struct request {
	uint16_t method;
	const struct addr *peer; /* of a permission */
	unsigned lifetime;       /* of an allocation or refresh */
};

/* What its answer must be. */
struct expected {
	struct stun_id id;
	uint16_t method;
	const struct stun_login *login;
	bool *forged;
};

static void start_wire(struct turn_client *client)
{
	turn_wire_init(&client->wire, client->plan.transport, &client->told.server);
	client->wire.name = client->plan.name;
	client->wire.device = client->plan.device;
	client->wire.hurry = client->plan.hurry;
	if (client->plan.connected)
		client->wire.ready = client->plan.fd;
	client->plan.connected = false;
	stun_login_init(&client->login, client->plan.user, client->plan.password);
}

struct turn_client *turn_client_new(const struct turn_plan *plan)
{
	struct turn_client *client = mem_new(1, sizeof *client);

	client->plan = *plan;
	client->told = (struct turn_told){ .server = plan->server, .fastest_ms = -1 };
	buf_init(&client->answer, STUN_MAX);
	start_wire(client);
	return client;
}

const struct turn_told *turn_client_told(const struct turn_client *client)
{
	return &client->told;
}

/* RFC 8489, 9.2.5: an answer that should be signed and is not rightly, never came. Challenges and
 * redirections come unsigned, other errors from servers that do not care. */
static bool is_answer(struct slice datagram, const void *context)
{
	const struct expected *expected = context;
	struct stun_message message;
	enum err err;

	if (stun_decode(&message, datagram.at, datagram.left) ||
	    message.method != expected->method ||
	    (message.class != STUN_SUCCESS && message.class != STUN_ERROR) ||
	    memcmp(&message.id, &expected->id, sizeof message.id) != 0)
		return false;
	if (!expected->login->key_length)
		return true;
	err = stun_login_check(expected->login, &message);
	if (!err || (err == ERR_NOT_FOUND && message.class == STUN_ERROR))
		return true;
	/* A server that does not know the password cannot sign its refusal with it. */
	if (message.error_code == 401 || message.error_code == 438 || message.error_code == 441)
		return true;
	*expected->forged = true;
	return false;
}

static enum err build(struct buf *out, const struct turn_client *client,
		      const struct request *request, const struct stun_id *id)
{
	enum err err = stun_begin(out, STUN_REQUEST, request->method, id);

	if (!err && request->method == STUN_ALLOCATE)
		err = stun_add_be32(out, STUN_REQUESTED_TRANSPORT, (uint32_t)UDP_PROTOCOL << 24);
	/* Where it is not asked for, the relay is an IPv4 one (RFC 8656, 7.1). */
	if (!err && request->method == STUN_ALLOCATE &&
	    addr_family(&client->told.server) == AF_INET6)
		err = stun_add_be32(out, STUN_REQUESTED_ADDRESS_FAMILY, (uint32_t)FAMILY_V6 << 24);
	if (!err && request->method != STUN_CREATE_PERMISSION)
		err = stun_add_be32(out, STUN_LIFETIME, request->lifetime);
	if (!err && request->peer)
		err = stun_add_addr(out, STUN_XOR_PEER_ADDRESS, request->peer);
	return err ? err : stun_login_sign(out, &client->login);
}

static void keep_reason(struct turn_told *told, struct slice reason)
{
	char *safe;

	/* coturn ends its words with a 0. */
	while (reason.left && !reason.at[reason.left - 1])
		reason.left--;
	safe = text_safe(reason.at ? reason.at : (const uint8_t *)"", reason.left, TURN_REASON - 1);

	snprintf(told->reason, sizeof told->reason, "%s", safe);
	free(safe);
}

/* One transaction. On TURN_FINE client->message is the answer. */
static enum turn_end ask(struct turn_client *client, const struct request *request,
			 const struct deadline *until)
{
	struct turn_told *told = &client->told;
	const struct expected expected = { .id = binding_id(),
					   .method = request->method,
					   .login = &client->login,
					   .forged = &told->forged };
	struct buf out;
	enum turn_end end = turn_wire_open(&client->wire, until);
	int64_t took_ms = clock_ms();

	buf_init(&out, STUN_MAX);
	if (end == TURN_FINE && build(&out, client, request, &expected.id))
		end = TURN_GARBAGE;
	if (end == TURN_FINE)
		end = turn_wire_ask(&client->answer, &client->wire, slice_of(out.data, out.length),
				    is_answer, &expected, until);
	buf_clear(&out);
	told->end = end;
	told->offender = client->wire.offender;
	if (end != TURN_FINE)
		return end;
	took_ms = clock_ms() - took_ms;
	if (took_ms < RESENT_MS && (told->fastest_ms < 0 || took_ms < told->fastest_ms))
		told->fastest_ms = took_ms;
	if (stun_decode(&client->message, client->answer.data, client->answer.length))
		return told->end = TURN_GARBAGE; /* cannot be: is_answer() has read it */
	told->code = client->message.error_code;
	if (client->message.class == STUN_ERROR)
		keep_reason(told, client->message.reason);
	return TURN_FINE;
}

/* --- the conversation -------------------------------------------------------------------------*/

static enum turn_state nonsense(struct turn_client *client, const char *words)
{
	snprintf(client->told.reason, sizeof client->told.reason, "%s", words);
	return TURN_NONSENSE;
}

/* TURN_NOT_TRIED: signed anew, worth another try. */
static enum turn_state take_challenge(struct turn_client *client)
{
	switch (stun_login_challenge(&client->login, &client->message)) {
	case ERR_NONE: return TURN_NOT_TRIED;
	case ERR_MISMATCH:
		return nonsense(client, _("its nonce promises password algorithms, and none came"));
	case ERR_UNSUPPORTED:
		return nonsense(client, _("it wants password algorithms that nobody knows here"));
	default: return nonsense(client, _("it asks for a password without saying for what"));
	}
}

static enum turn_state after_401(struct turn_client *client)
{
	const struct stun_login *login = &client->login;

	if (!client->plan.user || !client->plan.password)
		return TURN_LOGIN_NEEDED;
	/* RFC 8489, 9.2.5: the same user and password for the same realm would be refused again. */
	if (login->key_length &&
	    (!client->message.realm.at ||
	     slice_equal(client->message.realm, slice_of(login->realm, login->realm_length))))
		return TURN_LOGIN_WRONG;
	return take_challenge(client);
}

/* Asks until the answer is no challenge. TURN_ALLOCATED stands for success here. */
static enum turn_state converse(struct turn_client *client, const struct request *request,
				const struct deadline *until)
{
	unsigned stale = 0;

	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		enum turn_state state = TURN_NOT_TRIED;

		if (ask(client, request, until) != TURN_FINE)
			return client->told.forged
				       ? nonsense(client, _("its answers are not signed with the "
							    "password"))
				       : TURN_NOT_REACHED;
		if (client->message.class == STUN_SUCCESS)
			return TURN_ALLOCATED;
		if (client->told.code == 401)
			state = after_401(client);
		else if (client->told.code == 438 && client->login.key_length &&
			 stale++ < STALE_MAX)
			state = take_challenge(client);
		else if (client->told.code == 441)
			state = TURN_LOGIN_WRONG;
		else
			state = client->told.code ? TURN_TURNED_AWAY
						  : nonsense(client, _("its error has no number"));
		if (state != TURN_NOT_TRIED)
			return state;
	}
	return TURN_TURNED_AWAY;
}

/* RFC 8489, 10; never to where a stranger could make us knock: this computer itself, another
 * family, everybody. */
static bool may_follow(const struct turn_client *client, const struct addr *to)
{
	const struct addr *from = &client->told.server;

	return addr_is_set(to) && addr_family(to) == addr_family(from) && addr_port(to) &&
	       !addr_is_any(to) && !addr_equal(to, from) && !addr_equal(to, &client->plan.server) &&
	       (!addr_is_loopback(to) || addr_is_loopback(from)) &&
	       client->told.redirects < TURN_REDIRECTS_MAX;
}

static enum turn_state allocated(struct turn_client *client)
{
	const struct stun_message *message = &client->message;
	struct turn_told *told = &client->told;

	if (message->unknown.count)
		return nonsense(client,
				_("its answer has parts that must be understood and are not"));
	if (!addr_is_set(&message->relayed) || !addr_port(&message->relayed))
		return nonsense(client, _("its answer names no relayed address"));
	told->relayed = message->relayed;
	told->mapped = message->xor_mapped;
	told->lifetime = message->lifetime;
	return TURN_ALLOCATED;
}

enum turn_state turn_client_allocate(struct turn_client *client, const struct deadline *until)
{
	const struct request request = { .method = STUN_ALLOCATE, .lifetime = LIFETIME_S };
	struct turn_told *told = &client->told;

	for (;;) {
		told->state = converse(client, &request, until);
		if (told->state != TURN_TURNED_AWAY || told->code != 300)
			break;
		if (!may_follow(client, &client->message.alternate)) {
			told->state = TURN_SENT_ON;
			break;
		}
		told->server = client->message.alternate;
		told->redirects++;
		turn_wire_clear(&client->wire);
		start_wire(client);
	}
	if (told->state == TURN_ALLOCATED)
		told->state = allocated(client);
	return told->state;
}

enum err turn_client_permit(struct turn_client *client, const struct addr *peer,
			    const struct deadline *until)
{
	const struct request request = { .method = STUN_CREATE_PERMISSION, .peer = peer };

	switch (converse(client, &request, until)) {
	case TURN_ALLOCATED: return ERR_NONE;
	case TURN_NOT_REACHED: return client->told.end == TURN_SILENT ? ERR_TIMEOUT : ERR_IO;
	default: return ERR_REFUSED;
	}
}

/* --- data -------------------------------------------------------------------------------------*/

enum err turn_client_send(struct turn_client *client, const struct addr *peer, struct slice data,
			  const struct deadline *until)
{
	const struct stun_id id = binding_id();
	struct buf out;
	enum err err;

	buf_init(&out, STUN_MAX);
	err = stun_begin(&out, STUN_INDICATION, STUN_SEND, &id);
	if (!err)
		err = stun_add_addr(&out, STUN_XOR_PEER_ADDRESS, peer);
	if (!err)
		err = stun_add(&out, STUN_DATA_BYTES, data);
	if (!err)
		err = turn_wire_send(&client->wire, slice_of(out.data, out.length), until);
	buf_clear(&out);
	return err;
}

static enum err err_of(enum turn_end end)
{
	switch (end) {
	case TURN_SILENT: return ERR_TIMEOUT;
	case TURN_STOPPED: return ERR_CANCELLED;
	default: return ERR_IO;
	}
}

enum err turn_client_receive(struct slice *data, struct addr *peer, struct turn_client *client,
			     const struct deadline *until)
{
	struct stun_message message;
	struct slice bytes;

	do {
		const enum turn_end end = turn_wire_receive(&bytes, &client->wire, until);

		if (end != TURN_FINE)
			return err_of(end);
		if (!stun_decode(&message, bytes.at, bytes.left) &&
		    message.class == STUN_INDICATION && message.method == STUN_DATA &&
		    addr_is_set(&message.peer) && message.data.at) {
			*data = message.data;
			*peer = message.peer;
			return ERR_NONE;
		}
	} while (!deadline_passed(until));
	return ERR_TIMEOUT;
}

const struct stream_certificate *turn_client_certificate(const struct turn_client *client)
{
	return client->wire.stream && client->plan.transport == TURN_TLS
		       ? stream_certificate(client->wire.stream)
		       : NULL;
}

/* --- the end ----------------------------------------------------------------------------------*/

static void release(struct turn_client *client)
{
	const struct request request = { .method = STUN_REFRESH, .lifetime = 0 };
	const bool hurried = turn_wire_hurried(&client->wire);
	const struct deadline until = deadline_in(hurried ? HURRIED_RELEASE_MS : RELEASE_MS);

	/* From now on nobody may stop us: the server would keep our place. */
	client->wire.hurry = NULL;
	(void)converse(client, &request, &until);
}

void turn_client_free(struct turn_client *client)
{
	const enum turn_state state = client ? client->told.state : TURN_NOT_TRIED;

	if (!client)
		return;
	/* Also where the answer to a request that would have done was lost, or made no sense. */
	if (state == TURN_ALLOCATED ||
	    (client->login.key_length && (state == TURN_NOT_REACHED || state == TURN_NONSENSE)))
		release(client);
	turn_wire_clear(&client->wire);
	buf_clear(&client->answer);
	free(client);
}
