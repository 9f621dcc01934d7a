/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/udp.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/slice.h"

/* An ICMP error wakes the next call on the socket, whatever that call is about. */
enum { STALE_ERRORS = 8, DROPPED_AT_ONCE = 64 };

static enum err set_number(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof value))
		return err_from_errno(errno);
	return ERR_NONE;
}

static enum err ask_for_errors(int fd, int family)
{
	enum err err;

	if (family == AF_INET) {
		err = set_number(fd, IPPROTO_IP, IP_RECVERR, 1);
		return err ? err : set_number(fd, IPPROTO_IP, IP_RECVTOS, 1);
	}
	err = set_number(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (!err)
		err = set_number(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
	return err ? err : set_number(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
}

static enum err bind_device(int fd, const char *device)
{
	if (!device)
		return ERR_NONE;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device)))
		return errno == ENODEV ? ERR_NOT_FOUND : err_from_errno(errno);
	return ERR_NONE;
}

static enum err bind_local(int fd, const struct addr *local)
{
	if (bind(fd, &local->sa.any, addr_length(local)))
		return err_from_errno(errno);
	return ERR_NONE;
}

static enum err open_socket(int *out, int family, const char *device)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
	enum err err;

	if (fd < 0)
		return err_from_errno(errno);
	err = bind_device(fd, device);
	if (err)
		close(fd);
	else
		*out = fd;
	return err;
}

enum err udp_open(int *out, const struct udp_plan *plan)
{
	const int family = addr_family(&plan->local);
	int fd = -1;
	enum err err = open_socket(&fd, family, plan->device);

	if (err)
		return err;
	err = ask_for_errors(fd, family);
	if (!err)
		err = bind_local(fd, &plan->local);
	if (err)
		close(fd);
	else
		*out = fd;
	return err;
}

enum err udp_local(struct addr *out, int fd)
{
	struct addr addr = { 0 };
	socklen_t length = sizeof addr.sa;

	if (getsockname(fd, &addr.sa.any, &length))
		return err_from_errno(errno);
	return addr_from_sockaddr(out, &addr.sa.any, length);
}

enum err udp_source_for(struct addr *out, const struct addr *to, const char *device)
{
	int fd = -1;
	enum err err = open_socket(&fd, addr_family(to), device);

	if (err)
		return err;
	if (connect(fd, &to->sa.any, addr_length(to)))
		err = err_from_errno(errno);
	else
		err = udp_local(out, fd);
	close(fd);
	if (!err && !addr_can_reach(out, to))
		err = ERR_UNREACHABLE;
	if (!err)
		addr_set_port(out, 0);
	return err;
}

enum err udp_set_ttl(int fd, int family, int ttl)
{
	const int value = ttl ? ttl : -1;

	if (family == AF_INET6)
		return set_number(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, value);
	return set_number(fd, IPPROTO_IP, IP_TTL, value);
}

enum err udp_set_tos(int fd, int family, int tos)
{
	if (family == AF_INET6)
		return set_number(fd, IPPROTO_IPV6, IPV6_TCLASS, tos);
	return set_number(fd, IPPROTO_IP, IP_TOS, tos);
}

/* True for what an earlier datagram's ICMP error may have left to be reported. */
static bool may_be_stale(int number)
{
	return number == ECONNREFUSED || number == EHOSTUNREACH || number == ENETUNREACH ||
	       number == EHOSTDOWN || number == ENONET || number == EACCES ||
	       number == ENOPROTOOPT || number == EPROTO || number == EOPNOTSUPP ||
	       number == EMSGSIZE;
}

enum err udp_send(int fd, const struct addr *to, const void *data, size_t length)
{
	for (int tries = 0;; tries++) {
		ssize_t sent = sendto(fd, data, length, MSG_NOSIGNAL, &to->sa.any, addr_length(to));

		if (sent >= 0)
			return ERR_NONE;
		if (errno != EINTR && (!may_be_stale(errno) || tries >= STALE_ERRORS))
			return err_from_errno(errno);
	}
}

enum err udp_receive(void *data, size_t room, size_t *length, struct addr *from, int fd)
{
	struct addr name = { 0 };
	struct iovec part = { .iov_base = data, .iov_len = room };
	struct msghdr message = { .msg_name = &name.sa, .msg_iov = &part, .msg_iovlen = 1 };

	for (int tries = 0;; tries++) {
		ssize_t got;

		message.msg_namelen = sizeof name.sa;
		got = recvmsg(fd, &message, 0);
		if (got >= 0) {
			*length = (size_t)got;
			break;
		}
		if (errno != EINTR && (!may_be_stale(errno) || tries >= STALE_ERRORS))
			return err_from_errno(errno);
	}
	if (message.msg_flags & MSG_TRUNC)
		return ERR_FULL;
	return addr_from_sockaddr(from, &name.sa.any, message.msg_namelen);
}

/* What a control message holds; nothing where its length is not true. */
static struct slice control_data(const struct msghdr *message, struct cmsghdr *control)
{
	const size_t at = (size_t)((uint8_t *)control - (uint8_t *)message->msg_control);

	if (control->cmsg_len < CMSG_LEN(0) || control->cmsg_len > message->msg_controllen - at)
		return slice_of(NULL, 0);
	return slice_of(CMSG_DATA(control), control->cmsg_len - CMSG_LEN(0));
}

/* ip(7): the error, then the address of who sent it. */
static void read_extended(struct udp_error *out, struct slice data)
{
	struct sock_extended_err error;
	struct sockaddr_storage offender = { 0 };
	size_t left;

	if (data.left < sizeof error)
		return;
	memcpy(&error, data.at, sizeof error);
	if (error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6) {
		out->type = error.ee_type;
		out->code = error.ee_code;
	} else {
		out->local = (int)error.ee_errno;
	}
	left = data.left - sizeof error;
	if (left > sizeof offender)
		left = sizeof offender;
	memcpy(&offender, data.at + sizeof error, left);
	if (addr_from_sockaddr(&out->offender, (const struct sockaddr *)&offender, (socklen_t)left))
		out->offender = (struct addr){ 0 };
	else
		addr_set_port(&out->offender, 0);
}

static void read_control(struct udp_error *out, const struct msghdr *message,
			 struct cmsghdr *control)
{
	const bool v4 = control->cmsg_level == IPPROTO_IP;
	const bool v6 = control->cmsg_level == IPPROTO_IPV6;
	const struct slice data = control_data(message, control);
	int class;

	if ((v4 && control->cmsg_type == IP_RECVERR) ||
	    (v6 && control->cmsg_type == IPV6_RECVERR)) {
		read_extended(out, data);
	} else if (v4 && control->cmsg_type == IP_TOS && data.left) {
		out->tos = data.at[0];
	} else if (v6 && control->cmsg_type == IPV6_TCLASS && data.left >= sizeof class) {
		memcpy(&class, data.at, sizeof class);
		out->tos = class & 0xff;
	}
}

void udp_error_read(struct udp_error *out, struct msghdr *message, size_t got)
{
	out->quote_length = got < sizeof out->quote ? got : sizeof out->quote;
	out->type = out->code = 0;
	out->local = 0;
	out->tos = -1;
	out->offender = (struct addr){ 0 };
	if (addr_from_sockaddr(&out->target, message->msg_name, message->msg_namelen))
		out->target = (struct addr){ 0 };
	out->family = addr_family(&out->target);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
		read_control(out, message, c);
}

enum err udp_receive_error(struct udp_error *out, int fd)
{
	union {
		struct cmsghdr align;
		uint8_t bytes[512];
	} control;
	struct addr name = { 0 };
	struct iovec part = { .iov_base = out->quote, .iov_len = sizeof out->quote };
	struct msghdr message = { .msg_name = &name.sa,
				  .msg_namelen = sizeof name.sa,
				  .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof control };
	ssize_t got = recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT);

	if (got < 0)
		return err_from_errno(errno);
	udp_error_read(out, &message, (size_t)got);
	return ERR_NONE;
}

void udp_drop_errors(int fd)
{
	struct udp_error error;

	for (int i = 0; i < DROPPED_AT_ONCE && !udp_receive_error(&error, fd); i++)
		;
}

static enum udp_verdict verdict_v4(uint8_t type, uint8_t code)
{
	if (type == ICMP_TIME_EXCEEDED && code == ICMP_EXC_TTL)
		return UDP_TTL_EXPIRED;
	if (type != ICMP_DEST_UNREACH)
		return UDP_OTHER;
	switch (code) {
	case ICMP_PORT_UNREACH: return UDP_REFUSED;
	case ICMP_NET_ANO:
	case ICMP_HOST_ANO:
	case ICMP_PKT_FILTERED: return UDP_FILTERED;
	case ICMP_PROT_UNREACH:
	case ICMP_FRAG_NEEDED: return UDP_OTHER;
	default: return code <= ICMP_HOST_UNR_TOS ? UDP_NO_WAY : UDP_OTHER;
	}
}

static enum udp_verdict verdict_v6(uint8_t type, uint8_t code)
{
	if (type == ICMP6_TIME_EXCEEDED && code == ICMP6_TIME_EXCEED_TRANSIT)
		return UDP_TTL_EXPIRED;
	if (type != ICMP6_DST_UNREACH)
		return UDP_OTHER;
	switch (code) {
	case ICMP6_DST_UNREACH_NOPORT: return UDP_REFUSED;
	case ICMP6_DST_UNREACH_ADMIN:
	case 5: return UDP_FILTERED; /* RFC 4443, 3.1: refused by a policy for sources */
	case ICMP6_DST_UNREACH_NOROUTE:
	case ICMP6_DST_UNREACH_BEYONDSCOPE:
	case ICMP6_DST_UNREACH_ADDR:
	case 6: return UDP_NO_WAY; /* a reject route */
	default: return UDP_OTHER;
	}
}

enum udp_verdict udp_error_verdict(const struct udp_error *error)
{
	if (error->local == EACCES || error->local == EPERM)
		return UDP_FILTERED;
	if (error->local)
		return error->local == EMSGSIZE ? UDP_OTHER : UDP_NO_WAY;
	return error->family == AF_INET6 ? verdict_v6(error->type, error->code)
					 : verdict_v4(error->type, error->code);
}
