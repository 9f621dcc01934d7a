/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/turn_relay.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check/check.h"
#include "net/binding.h"
#include "net/udp.h"

enum {
	WAIT_MS = 400, /* for a datagram; the relay was reached in far less before */
	BINDING_MS = 1200,
	ASK_MS = 1500,
};

/* Who is at the other end of the relay. */
struct peer {
	int fd;                     /* a socket, */
	struct turn_client *client; /* or an allocation */
	struct turn_client *us;
	const volatile int *hurry;
};

static bool hurried(const struct peer *peer)
{
	return check_hurried(peer->hurry);
}

static const struct addr *our_relay(const struct peer *peer)
{
	return &turn_client_told(peer->us)->relayed;
}

static enum err send_as_peer(struct peer *peer, struct slice data, const struct deadline *until)
{
	if (peer->client)
		return turn_client_send(peer->client, our_relay(peer), data, until);
	return udp_send(peer->fd, our_relay(peer), data.at, data.left);
}

/* One datagram on the socket, if any comes in time. */
static enum err receive_on_socket(void *data, size_t room, size_t *length, struct addr *from,
				  const struct peer *peer, const struct deadline *until)
{
	struct pollfd one = { .fd = peer->fd, .events = POLLIN };

	while (!deadline_passed(until) && !hurried(peer)) {
		const struct deadline slice = turn_wire_slice(until);

		if (poll(&one, 1, deadline_left_ms(&slice)) <= 0)
			continue;
		udp_drop_errors(peer->fd);
		if (!udp_receive(data, room, length, from, peer->fd))
			return ERR_NONE;
	}
	return ERR_TIMEOUT;
}

static bool arrives_at_peer(const struct peer *peer, struct slice data)
{
	const struct deadline until = deadline_in(WAIT_MS);
	uint8_t bytes[256];
	struct addr from;
	struct slice came;
	size_t length;

	while (!deadline_passed(&until) && !hurried(peer)) {
		if (peer->client) {
			if (turn_client_receive(&came, &from, peer->client, &until))
				return false;
		} else {
			if (receive_on_socket(bytes, sizeof bytes, &length, &from, peer, &until))
				return false;
			came = slice_of(bytes, length);
		}
		if (addr_equal(&from, our_relay(peer)) && slice_equal(came, data))
			return true;
	}
	return false;
}

/* *from is where the relay says that it came from: behind a symmetric NAT not what STUN said. */
static bool arrives_at_us(struct addr *from, const struct peer *peer, struct slice data)
{
	const struct deadline until = deadline_in(WAIT_MS);
	struct slice came;
	struct addr sender;

	while (!deadline_passed(&until)) {
		if (turn_client_receive(&came, &sender, peer->us, &until))
			return false;
		if (!slice_equal(came, data))
			continue;
		*from = sender;
		return true;
	}
	return false;
}

/* The peer sends first, which opens the way back through its NAT. */
static void try_both_ways(struct turn_relay *out, struct peer *peer)
{
	const struct stun_id there = binding_id(), back = binding_id();
	const struct slice in = slice_of(there.bytes, sizeof there.bytes);
	const struct slice outward = slice_of(back.bytes, sizeof back.bytes);
	const struct deadline until = deadline_in(WAIT_MS);
	int64_t took_ms;

	if (!send_as_peer(peer, in, &until) && arrives_at_us(&out->peer, peer, in))
		out->in = true;
	took_ms = clock_ms();
	if (hurried(peer) || turn_client_send(peer->us, &out->peer, outward, &until) ||
	    !arrives_at_peer(peer, outward))
		return;
	took_ms = clock_ms() - took_ms;
	if (!out->out || took_ms < out->way_ms)
		out->way_ms = took_ms;
	out->out = true;
}

/* At least twice where it works: the first datagram may have had to wait for ARP. */
static void try_relay(struct turn_relay *out, struct peer *peer)
{
	unsigned fine = 0;

	while (out->tries < TURN_TRIES && fine < 2 && !hurried(peer)) {
		out->tries++;
		try_both_ways(out, peer);
		fine += out->in && out->out;
	}
}

static void permit(struct turn_relay *out, struct turn_client *client, const struct addr *peer)
{
	const struct deadline until = deadline_in(ASK_MS);
	const enum err err = turn_client_permit(client, peer, &until);
	const struct turn_told *told = turn_client_told(client);

	out->tried = !err;
	if (err != ERR_REFUSED)
		return;
	out->code = told->code;
	snprintf(out->reason, sizeof out->reason, "%s", told->reason);
}

/* Where the server does not answer a plain Binding, the address that it sees of the allocation's
 * own socket serves: a permission is for an address, whatever the port. */
static enum err seen_of(struct addr *out, int fd, const struct turn_client *client,
			const struct addr *stun)
{
	const struct deadline until = deadline_in(BINDING_MS);
	struct addr local;

	if (!binding_mapped(out, fd, stun, &until))
		return ERR_NONE;
	*out = turn_client_told(client)->mapped;
	if (!addr_is_set(out))
		return ERR_NOT_FOUND;
	if (!udp_local(&local, fd))
		addr_set_port(out, addr_port(&local));
	return ERR_NONE;
}

void turn_relay_by_socket(struct turn_relay *out, struct turn_client *client,
			  const struct turn_plan *plan, const struct addr *stun)
{
	const struct udp_plan udp = { .local = addr_any(addr_family(stun), 0),
				      .device = plan->device };
	struct peer peer = { .us = client, .hurry = plan->hurry };

	*out = (struct turn_relay){ .way_ms = -1 };
	if (udp_open(&peer.fd, &udp))
		return;
	if (!seen_of(&out->peer, peer.fd, client, stun))
		permit(out, client, &out->peer);
	if (out->tried)
		try_relay(out, &peer);
	close(peer.fd);
}

void turn_relay_by_relay(struct turn_relay *out, struct turn_client *client,
			 const struct turn_plan *plan)
{
	const struct deadline until = deadline_in(ASK_MS);
	struct peer peer = { .fd = -1, .us = client, .hurry = plan->hurry };
	const struct turn_told *told;

	*out = (struct turn_relay){ .way_ms = -1 };
	peer.client = turn_client_new(plan);
	told = turn_client_told(peer.client);
	if (turn_client_allocate(peer.client, &until) == TURN_ALLOCATED) {
		out->peer = told->relayed;
		permit(out, client, &out->peer);
		if (out->tried)
			permit(out, peer.client, our_relay(&peer));
		if (out->tried)
			try_relay(out, &peer);
	} else {
		out->code = told->code;
		snprintf(out->reason, sizeof out->reason, "%s", told->reason);
	}
	turn_client_free(peer.client);
}
