/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/alg_message.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

enum { DECOY_LENGTH = 440 };

/* The hop limit is told in empty lines, the end by a line feed more: a quote that was cut is not
 * mistaken. */
static enum err make_keepalive(struct buf *out, unsigned hop)
{
	enum err err = ERR_NONE;

	for (unsigned i = 0; i <= hop && !err; i++)
		err = buf_add_text(out, "\r\n");
	return err ? err : buf_add_text(out, "\n");
}

unsigned alg_message_hop(struct slice quote)
{
	size_t lines = 0;

	while (quote.left >= 2 * lines + 2 && !memcmp(quote.at + 2 * lines, "\r\n", 2))
		lines++;
	if (lines < 2 || lines > ALG_HOPS + 1 || quote.left <= 2 * lines ||
	    quote.at[2 * lines] != '\n')
		return 0;
	return (unsigned)lines - 1;
}

/* As long as an INVITE and full of our address, but nothing that a SIP parser would take. The token
 * comes last: who quotes enough to show it would have shown SIP's as well. */
static enum err make_decoy(struct buf *out, const struct alg_shot *shot, const struct addr *local)
{
	char own[ADDR_TEXT];
	enum err err = ERR_NONE;

	addr_text(own, local);
	while (!err && out->length < DECOY_LENGTH)
		err = buf_printf(out, "this is not SIP = %s\r\n", own);
	return err ? err : buf_add_text(out, shot->token);
}

static enum err make_sip(struct alg_shot *shot, const struct alg_run *run,
			 const struct alg_want *want, uint32_t number)
{
	const struct sip_request request = {
		.method = want->message == ALG_SEND_INVITE     ? SIP_INVITE
			  : want->message == ALG_SEND_REGISTER ? SIP_REGISTER
							       : SIP_OPTIONS,
		.token = shot->token,
		.host = run->host,
		.local = &run->seen->lane[want->lane].local,
		.via_host = want->message == ALG_SEND_NAME ? ALG_VIA_NAME : NULL,
		/* A router's SIP helper drops an INVITE whose media port another live flow uses:
		 * one of an earlier INVITE, or of the run before. */
		.media_port = (uint16_t)(20000 + 2 * (number % 20000)),
	};

	return sip_build(&shot->sent, &request);
}

enum err alg_message_make(struct alg_shot *shot, const struct alg_run *run,
			  const struct alg_want *want)
{
	uint32_t number;

	if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
		return ERR_UNSUPPORTED;
	snprintf(shot->token, sizeof shot->token, "%08x", number);
	if (want->message == ALG_SEND_KEEPALIVE)
		return make_keepalive(&shot->sent, want->hop);
	if (want->message == ALG_SEND_DECOY)
		return make_decoy(&shot->sent, shot, &run->seen->lane[want->lane].local);
	return make_sip(shot, run, want, number);
}
