/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <natpmp.h>
#include <poll.h>

#include "net/igd.h"

/* As the library says when its own next try is due; -1 with nothing pending. */
static int wait_ms(natpmp_t *natpmp, const struct deadline *until)
{
	struct timeval next;
	int64_t ms;

	if (getnatpmprequesttimeout(natpmp, &next))
		return -1;
	ms = (int64_t)next.tv_sec * 1000 + next.tv_usec / 1000 + 1;
	return ms < deadline_left_ms(until) ? (int)ms : deadline_left_ms(until);
}

static enum err await(struct addr *out, natpmp_t *natpmp, const struct deadline *until)
{
	natpmpresp_t response = { 0 };
	int result = NATPMP_TRYAGAIN;

	while (result == NATPMP_TRYAGAIN && !deadline_passed(until)) {
		struct pollfd poll_fd = { .fd = natpmp->s, .events = POLLIN };

		poll(&poll_fd, 1, wait_ms(natpmp, until));
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
