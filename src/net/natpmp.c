/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <natpmp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "net/igd.h"

enum { ANSWER_LENGTH = 12 }; /* RFC 6886, 3.2 */

/* The library reads an answer's fields however short it is, and would make an address of what the
 * stack held before: a short one is dropped unread. ERR_TRUNCATED: that was one; ERR_TIMEOUT: none
 * there; ERR_REFUSED: nobody listens (looking takes that error off the socket, so that the library
 * would not see it). */
static enum err look(int fd)
{
	uint8_t answer[ANSWER_LENGTH];
	const ssize_t length = recv(fd, answer, sizeof answer, MSG_PEEK | MSG_DONTWAIT);

	if (length == ANSWER_LENGTH)
		return ERR_NONE;
	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? ERR_TIMEOUT : ERR_REFUSED;
	return recv(fd, answer, sizeof answer, MSG_DONTWAIT) < 0 ? ERR_TIMEOUT : ERR_TRUNCATED;
}

/* As the library says when its own next try is due. */
static int wait_ms(natpmp_t *natpmp, const struct deadline *until)
{
	const int left = deadline_left_ms(until);
	struct timeval next;
	int64_t ms;

	if (getnatpmprequesttimeout(natpmp, &next))
		return left;
	ms = (int64_t)next.tv_sec * 1000 + next.tv_usec / 1000 + 1;
	if (ms < 0)
		return 0;
	return ms < left ? (int)ms : left;
}

static enum err await(struct addr *out, natpmp_t *natpmp, const struct deadline *until)
{
	natpmpresp_t response = { 0 };
	int result = NATPMP_TRYAGAIN;

	while (result == NATPMP_TRYAGAIN && !deadline_passed(until)) {
		struct pollfd poll_fd = { .fd = natpmp->s, .events = POLLIN };
		enum err err;

		poll(&poll_fd, 1, wait_ms(natpmp, until));
		err = look(natpmp->s);
		if (err == ERR_REFUSED)
			return ERR_TIMEOUT;
		if (err != ERR_TRUNCATED)
			result = readnatpmpresponseorretry(natpmp, &response);
	}
	if (result == NATPMP_TRYAGAIN || result == NATPMP_ERR_NOGATEWAYSUPPORT)
		return ERR_TIMEOUT;
	if (result < 0 || response.type != NATPMP_RESPTYPE_PUBLICADDRESS)
		return ERR_REFUSED;
	return addr_from_bytes(out, &response.pnu.publicaddress.addr, 4, 0);
}

enum err natpmp_outside(struct addr *out, const struct addr *gateway, const struct deadline *until)
{
	natpmp_t natpmp;
	enum err err = ERR_IO;

	if (initnatpmp(&natpmp, 1, gateway->sa.v4.sin_addr.s_addr))
		return ERR_IO;
	if (sendpublicaddressrequest(&natpmp) >= 0)
		err = await(out, &natpmp, until);
	closenatpmp(&natpmp);
	if (!err && addr_is_any(out))
		err = ERR_REFUSED;
	return err;
}
