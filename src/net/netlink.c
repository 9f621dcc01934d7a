/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

enum {
	ROOM = 64 << 10, /* the kernel never sends more in one piece */
	SEQUENCE = 1,    /* one question a socket */
	PATIENCE_S = 2,  /* the kernel answers at once */
};

static enum err open_socket(int *out, int protocol)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return err_from_errno(errno);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	*out = fd;
	return ERR_NONE;
}

static enum err send_question(int fd, const struct netlink_question *question)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nlmsghdr header = {
		.nlmsg_len = (uint32_t)(sizeof header + question->payload.left),
		.nlmsg_type = question->type,
		.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | question->flags),
		.nlmsg_seq = SEQUENCE,
	};
	struct buf message;
	enum err err;

	buf_init(&message, ROOM);
	err = buf_add(&message, &header, sizeof header);
	if (!err)
		err = buf_add(&message, question->payload.at, question->payload.left);
	if (!err && sendto(fd, message.data, message.length, 0, (const struct sockaddr *)&kernel,
			   sizeof kernel) < 0)
		err = err_from_errno(errno);
	buf_clear(&message);
	return err;
}

static enum err receive(struct slice *out, void *room, int fd)
{
	for (;;) {
		struct sockaddr_nl from = { 0 };
		socklen_t length = sizeof from;
		ssize_t got = recvfrom(fd, room, ROOM, 0, (struct sockaddr *)&from, &length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_from_errno(errno);
		if (from.nl_pid == 0) { /* the kernel; anyone may send here */
			*out = slice_of(room, (size_t)got);
			return ERR_NONE;
		}
	}
}

static enum err skip_padding(struct slice *slice, size_t length)
{
	const size_t padding = (4 - length % 4) % 4;

	return slice_skip(slice, padding < slice->left ? padding : slice->left);
}

static enum err take_message(struct nlmsghdr *header, struct slice *payload, struct slice *datagram)
{
	enum err err = slice_copy(header, sizeof *header, datagram);

	if (!err && header->nlmsg_len < sizeof *header)
		err = ERR_TRUNCATED;
	if (!err)
		err = slice_take(payload, datagram, header->nlmsg_len - sizeof *header);
	return err ? err : skip_padding(datagram, header->nlmsg_len);
}

/* What NLMSG_ERROR and NLMSG_DONE tell: 0 or a negative errno. */
static enum err outcome(struct slice payload)
{
	int number = 0;

	if (slice_copy(&number, sizeof number, &payload))
		return ERR_NONE;
	switch (-number) {
	case ENODEV: return ERR_NOT_FOUND;
	case ESRCH: return ERR_UNREACHABLE;
	case EACCES:
	case EINVAL: return ERR_REFUSED;
	default: return err_from_errno(-number);
	}
}

/* One datagram of the answer. *ended is set with its last message. */
static enum err take_datagram(bool *ended, struct slice datagram, netlink_handler *handler,
			      void *context)
{
	bool mixed = false;

	while (datagram.left) {
		struct nlmsghdr header;
		struct slice payload;
		enum err err = take_message(&header, &payload, &datagram);

		if (err)
			return err;
		if (header.nlmsg_seq != SEQUENCE)
			continue;
		mixed |= (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
		if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) {
			*ended = true;
			return mixed ? ERR_MISMATCH : outcome(payload);
		}
		if (header.nlmsg_type >= NLMSG_MIN_TYPE)
			handler(header.nlmsg_type, payload, context);
	}
	return mixed ? ERR_MISMATCH : ERR_NONE;
}

enum err netlink_ask(const struct netlink_question *question, netlink_handler *handler,
		     void *context)
{
	struct slice datagram;
	bool ended = false;
	void *room;
	int fd = -1;
	enum err err = open_socket(&fd, question->protocol);

	if (err)
		return err;
	room = mem_new(1, ROOM);
	err = send_question(fd, question);
	while (!err && !ended) {
		err = receive(&datagram, room, fd);
		if (!err)
			err = take_datagram(&ended, datagram, handler, context);
	}
	free(room);
	close(fd);
	return err;
}

enum err netlink_next(uint16_t *type, struct slice *value, struct slice *attributes)
{
	struct nlattr header;
	struct slice left = *attributes;
	enum err err;

	if (!left.left)
		return ERR_NOT_FOUND;
	err = slice_copy(&header, sizeof header, &left);
	if (!err && header.nla_len < sizeof header)
		err = ERR_TRUNCATED;
	if (!err)
		err = slice_take(value, &left, header.nla_len - sizeof header);
	if (!err)
		err = skip_padding(&left, header.nla_len);
	if (err)
		return err;
	*type = (uint16_t)(header.nla_type & NLA_TYPE_MASK);
	*attributes = left;
	return ERR_NONE;
}

enum err netlink_find(struct slice *out, struct slice attributes, uint16_t type)
{
	struct slice value;
	uint16_t found;
	enum err err;

	while (!(err = netlink_next(&found, &value, &attributes))) {
		if (found == type) {
			*out = value;
			return ERR_NONE;
		}
	}
	return err;
}

uint32_t netlink_u32(struct slice attributes, uint16_t type, uint32_t otherwise)
{
	struct slice value;
	uint32_t number;

	if (netlink_find(&value, attributes, type) || slice_copy(&number, sizeof number, &value))
		return otherwise;
	return number;
}
