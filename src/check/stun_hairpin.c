/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/stun_hairpin.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "net/binding.h"
#include "net/udp.h"

enum { TRIES = 3, TRY_MS = 200, MAP_MS = 1000, READ_MAX = 64 };

/* Has our own message come? */
static bool has_come(int fd, const struct stun_id *id)
{
	for (int i = 0; i < READ_MAX; i++) {
		struct stun_message message;
		uint8_t bytes[512];
		struct addr from;
		size_t length;
		enum err err = udp_receive(bytes, sizeof bytes, &length, &from, fd);

		if (err == ERR_TIMEOUT)
			return false;
		if (!err && !stun_decode(&message, bytes, length) &&
		    message.class == STUN_INDICATION &&
		    !memcmp(message.id.bytes, id->bytes, sizeof id->bytes))
			return true;
	}
	return false;
}

/* A Binding indication: whoever gets it must not answer (RFC 8489, 2). */
static enum err send_to(int fd, const struct addr *to, const struct stun_id *id)
{
	struct buf message;
	enum err err;

	buf_init(&message, STUN_MAX);
	err = stun_begin(&message, STUN_INDICATION, STUN_BINDING, id);
	if (!err)
		err = udp_send(fd, to, message.data, message.length);
	buf_clear(&message);
	return err;
}

static bool wait_for(int fd, const struct stun_id *id, const struct deadline *until)
{
	while (!deadline_passed(until)) {
		struct pollfd news = { .fd = fd, .events = POLLIN };

		poll(&news, 1, deadline_left_ms(until));
		if (news.revents & POLLERR)
			udp_drop_errors(fd);
		if (has_come(fd, id))
			return true;
	}
	return false;
}

static enum known try_pair(const int fd[2], const struct addr mapped[2],
			   const struct deadline *until)
{
	const struct stun_id opener = binding_id(), id = binding_id();

	for (int i = 0; i < TRIES; i++) {
		const struct deadline patience = deadline_first(deadline_in(TRY_MS), *until);

		if (send_to(fd[0], &mapped[1], &opener) || send_to(fd[1], &mapped[0], &id))
			return KNOWN_NOT;
		if (wait_for(fd[0], &id, &patience))
			return KNOWN_YES;
		if (deadline_passed(until))
			return KNOWN_NOT;
	}
	return KNOWN_NO;
}

enum known stun_hairpin(const struct stun_hairpin_plan *plan, const struct deadline *until)
{
	const struct deadline mapping = deadline_first(deadline_in(MAP_MS), *until);
	struct udp_plan udp = { .local = plan->local, .device = plan->device };
	int fd[2] = { -1, -1 };
	struct addr mapped[2];
	enum known known = KNOWN_NOT;
	size_t ready = 0;

	addr_set_port(&udp.local, 0);
	while (ready < 2 && !udp_open(&fd[ready], &udp) &&
	       !binding_mapped(&mapped[ready], fd[ready], &plan->server, &mapping))
		ready++;
	if (ready == 2)
		known = try_pair(fd, mapped, until);
	for (size_t i = 0; i < 2; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	return known;
}
