/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/binding.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct stun_id binding_id(void)
{
	struct stun_id id;

	/* So few bytes always come whole, once the system has started. */
	if (getrandom(id.bytes, sizeof id.bytes, 0) != sizeof id.bytes)
		abort();
	return id;
}

/* RFC 8489, 6.3.3: what has a FINGERPRINT that does not fit was not decoded. An echo of the request
 * is no answer. */
bool binding_match(struct slice datagram, const void *context)
{
	const struct stun_id *id = context;
	struct stun_message message;

	if (stun_decode(&message, datagram.at, datagram.left))
		return false;
	return message.method == STUN_BINDING &&
	       (message.class == STUN_SUCCESS || message.class == STUN_ERROR) &&
	       !memcmp(message.id.bytes, id->bytes, sizeof id->bytes);
}

static enum err build(struct buf *out, const struct stun_id *id, uint32_t change)
{
	enum err err = stun_begin(out, STUN_REQUEST, STUN_BINDING, id);

	if (!err && change)
		err = stun_add_be32(out, STUN_CHANGE_REQUEST, change);
	return err;
}

enum err binding_add(struct exchange **out, struct exchange_set *set,
		     const struct exchange_plan *plan, const struct stun_id *id, uint32_t change)
{
	struct exchange_plan full = *plan;
	struct buf request;
	enum err err;

	buf_init(&request, STUN_MAX);
	err = build(&request, id, change);
	if (!err) {
		full.payload = slice_of(request.data, request.length);
		full.match = binding_match;
		full.context = id;
		err = exchange_add(out, set, &full);
	}
	buf_clear(&request);
	return err;
}

const struct addr *binding_address(const struct stun_message *message)
{
	if (addr_is_set(&message->xor_mapped))
		return &message->xor_mapped;
	return addr_is_set(&message->mapped) ? &message->mapped : NULL;
}

/* RFC 8489, 6.3.3: a success that says what must be understood and is not, is a failure. */
enum err binding_read(struct stun_message *out, const struct exchange *exchange)
{
	const struct slice answer = exchange_result(exchange)->answer;
	enum err err = stun_decode(out, answer.at, answer.left);

	if (err)
		return err;
	if (out->class == STUN_ERROR)
		return ERR_REFUSED;
	return out->unknown.count || !binding_address(out) ? ERR_SYNTAX : ERR_NONE;
}

static enum err err_of(enum exchange_end end)
{
	switch (end) {
	case EXCHANGE_ANSWERED: return ERR_NONE;
	case EXCHANGE_REFUSED:
	case EXCHANGE_FILTERED: return ERR_REFUSED;
	case EXCHANGE_UNREACHABLE:
	case EXCHANGE_EXPIRED: return ERR_UNREACHABLE;
	case EXCHANGE_FAILED: return ERR_IO;
	default: return ERR_TIMEOUT;
	}
}

enum err binding_mapped(struct addr *mapped, int fd, const struct addr *server,
			const struct deadline *until)
{
	const struct exchange_plan plan = { .fd = fd, .to = *server };
	const struct stun_id id = binding_id();
	struct exchange_set *set = exchange_set_new();
	struct stun_message message;
	struct exchange *exchange;
	enum err err = binding_add(&exchange, set, &plan, &id, 0);

	if (!err) {
		exchange_run(set, until);
		err = err_of(exchange_result(exchange)->end);
	}
	if (!err)
		err = binding_read(&message, exchange);
	if (!err)
		*mapped = *binding_address(&message);
	exchange_set_free(set);
	return err;
}
