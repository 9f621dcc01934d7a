/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/unwrap.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/table.h"
#include "base/mem.h"
#include "proto/sip_message.h"
#include "proto/turn.h"

enum { BUCKETS = 4096, PENDING_MAX = 64, PORTS_OF_SYSTEMS = 1024 };

/* RFC 8656, 12: a binding lasts that long, and then the number may stand for another peer. */
static const int64_t lifetime = 600 * (int64_t)PACKET_SECOND;

/* A channel of a client at a server; or a server by itself, with channel 0 and no client. */
struct channel {
	struct table_node node;
	struct endpoint client, server, peer;
	uint16_t number;
	int64_t bound_ns;
};

/* A ChannelBind that was asked for and not yet granted. */
struct pending {
	uint8_t id[12];
	struct endpoint client, server, peer;
	uint16_t number;
};

struct unwrap {
	struct table channels, servers;
	struct pending pending[PENDING_MAX];
	unsigned next;
};

struct unwrap *unwrap_new(void)
{
	struct unwrap *unwrap = mem_new(1, sizeof *unwrap);

	table_init(&unwrap->channels, BUCKETS);
	table_init(&unwrap->servers, BUCKETS);
	return unwrap;
}

static void clear(struct table *table)
{
	while (table->oldest) {
		struct table_node *node = table->oldest;

		table_remove(table, node);
		free(node);
	}
	table_clear(table);
}

void unwrap_free(struct unwrap *unwrap)
{
	if (!unwrap)
		return;
	clear(&unwrap->channels);
	clear(&unwrap->servers);
	free(unwrap);
}

static uint64_t hash_of(const struct table *table, const struct channel *key)
{
	return table_hash(table, endpoint_pair_hash(&key->client, &key->server) ^ key->number);
}

static struct channel *find(const struct table *table, const struct channel *key)
{
	const uint64_t hash = hash_of(table, key);
	struct table_node *node = table_first(table, hash);

	for (; node; node = node->next) {
		struct channel *channel = (struct channel *)node;

		if (node->hash == hash && channel->number == key->number &&
		    endpoint_equal(&channel->client, &key->client) &&
		    endpoint_equal(&channel->server, &key->server))
			return channel;
	}
	return NULL;
}

static struct channel *find_or_add(struct table *table, const struct channel *key)
{
	struct channel *channel = find(table, key);

	if (channel) {
		table_make_newest(table, &channel->node);
		return channel;
	}
	if (table->count == FEED_TURN_MAX) {
		channel = (struct channel *)table->oldest;
		table_remove(table, &channel->node);
	} else {
		channel = mem_new(1, sizeof *channel);
	}
	*channel = *key;
	table_add(table, &channel->node, hash_of(table, key));
	return channel;
}

/* --- what is learnt --- */

static void learn_server(struct unwrap *unwrap, const struct endpoint *server)
{
	const struct channel key = { .server = *server };

	find_or_add(&unwrap->servers, &key);
}

static bool is_known_server(const struct unwrap *unwrap, const struct endpoint *endpoint)
{
	const struct channel key = { .server = *endpoint };

	return find(&unwrap->servers, &key);
}

static void bind_channel(struct unwrap *unwrap, const struct pending *bind, int64_t ns)
{
	const struct channel key = { .client = bind->client,
				     .server = bind->server,
				     .number = bind->number };
	struct channel *channel = find_or_add(&unwrap->channels, &key);

	channel->peer = bind->peer;
	channel->bound_ns = ns;
}

/* The answer may lack in the capture: what is asked for holds at once, unless the number stands for
 * another peer, which a server must refuse (RFC 8656, 12.2) until the binding has run out. */
static void learn_bind(struct unwrap *unwrap, const struct datagram *datagram,
		       const struct turn_message *message)
{
	struct pending *bind = &unwrap->pending[unwrap->next++ % PENDING_MAX];
	const struct channel key = { .client = datagram->src,
				     .server = datagram->dst,
				     .number = message->channel };
	const struct channel *known = find(&unwrap->channels, &key);

	*bind = (struct pending){ .client = datagram->src,
				  .server = datagram->dst,
				  .peer = message->peer,
				  .number = message->channel };
	memcpy(bind->id, message->id, sizeof bind->id);
	if (!known || endpoint_equal(&known->peer, &bind->peer) ||
	    (int64_t)((uint64_t)datagram->ns - (uint64_t)known->bound_ns) > lifetime)
		bind_channel(unwrap, bind, datagram->ns);
}

static void learn_bound(struct unwrap *unwrap, const struct datagram *datagram,
			const struct turn_message *message)
{
	for (size_t i = 0; i < PENDING_MAX; i++) {
		const struct pending *bind = &unwrap->pending[i];

		if (!memcmp(bind->id, message->id, sizeof bind->id) &&
		    endpoint_equal(&bind->client, &datagram->dst) &&
		    endpoint_equal(&bind->server, &datagram->src))
			bind_channel(unwrap, bind, datagram->ns);
	}
}

/* --- what is taken out --- */

static bool take_out(struct datagram *io, const struct turn_message *message, bool to_peer,
		     const struct endpoint *peer)
{
	io->via = to_peer ? io->dst : io->src;
	*(to_peer ? &io->dst : &io->src) = *peer;
	io->payload = message->data;
	io->wire = message->wire;
	io->tcp = false; /* what is relayed was UDP at the peer */
	return true;
}

static bool is_turn_port(uint16_t port)
{
	return port == TURN_PORT || port == TURN_TLS_PORT;
}

/* What a phone sends on a channel: RTP, RTCP, STUN or DTLS (RFC 7983). */
static bool looks_relayed(struct slice data)
{
	return data.left && ((data.at[0] >= 0x80 && data.at[0] < 0xc0) || data.at[0] < 4 ||
			     (data.at[0] >= 20 && data.at[0] < 64));
}

/* Which end is the server? 0: unknown; else 1 dst, 2 src. */
static unsigned server_end(const struct unwrap *unwrap, const struct datagram *datagram,
			   const struct turn_message *message)
{
	const bool dst_port = is_turn_port(datagram->dst.port),
		   src_port = is_turn_port(datagram->src.port);

	if (is_known_server(unwrap, &datagram->dst))
		return 1;
	if (is_known_server(unwrap, &datagram->src))
		return 2;
	if (dst_port != src_port)
		return dst_port ? 1 : 2;
	if (!looks_relayed(message->data))
		return 0;
	if (datagram->dst.port < PORTS_OF_SYSTEMS && datagram->src.port >= PORTS_OF_SYSTEMS)
		return 1;
	if (datagram->src.port < PORTS_OF_SYSTEMS && datagram->dst.port >= PORTS_OF_SYSTEMS)
		return 2;
	return 0;
}

static bool take_channel_data(struct unwrap *unwrap, struct datagram *io,
			      const struct turn_message *message)
{
	static const struct endpoint unknown;
	const struct channel out = { .client = io->src,
				     .server = io->dst,
				     .number = message->channel };
	const struct channel in = { .client = io->dst,
				    .server = io->src,
				    .number = message->channel };
	struct channel *channel = find(&unwrap->channels, &out);
	unsigned end;

	if (channel)
		return take_out(io, message, true, &channel->peer);
	channel = find(&unwrap->channels, &in);
	if (channel)
		return take_out(io, message, false, &channel->peer);
	end = server_end(unwrap, io, message);
	return end && take_out(io, message, end == 1, &unknown);
}

bool unwrap_datagram(struct unwrap *unwrap, struct datagram *io)
{
	struct turn_message message;

	if (turn_read(&message, io->payload, io->wire))
		return false;
	switch (message.kind) {
	case TURN_FROM_CLIENT: learn_server(unwrap, &io->dst); return false;
	case TURN_FROM_SERVER: learn_server(unwrap, &io->src); return false;
	case TURN_BIND:
		learn_server(unwrap, &io->dst);
		learn_bind(unwrap, io, &message);
		return false;
	case TURN_BOUND:
		learn_server(unwrap, &io->src);
		learn_bound(unwrap, io, &message);
		return false;
	case TURN_SEND:
		learn_server(unwrap, &io->dst);
		return take_out(io, &message, true, &message.peer);
	case TURN_DATA:
		learn_server(unwrap, &io->src);
		return take_out(io, &message, false, &message.peer);
	case TURN_CHANNEL_DATA:
		return !sip_message_looks_so(io->payload) &&
		       take_channel_data(unwrap, io, &message);
	case TURN_NONE: break;
	}
	return false;
}
