/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A SIP answer, reduced to what tells whether it is ours and what the server saw of us (RFC
 * 3261, 18.2.1; RFC 3581). */
#ifndef EARSHOT_PROTO_SIP_ANSWER_H
#define EARSHOT_PROTO_SIP_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/slice.h"
#include "proto/sip.h"

enum { SIP_TEXT_MAX = 128 }; /* bytes with the closing 0; longer texts end in "..." */

/* All texts are safe to print; "" where the answer has none. */
struct sip_answer {
	int status; /* 100 to 699 */
	char reason[SIP_TEXT_MAX];
	char call_id[SIP_TEXT_MAX];
	char method[SIP_TEXT_MAX]; /* of the CSeq */
	uint32_t cseq;
	char branch[SIP_TEXT_MAX]; /* top Via from here on */
	char via_host[SIP_TEXT_MAX];
	uint16_t via_port;         /* 5060 where none is given */
	struct addr received;      /* AF_UNSPEC: none, or no address; port 0 */
	uint16_t rport;            /* 0: none, or no number */
	char server[SIP_TEXT_MAX]; /* Server, else User-Agent */
	char date[SIP_TEXT_MAX];   /* RFC 3261, 20.17, as written */
};

/* Parses with libosip2, after the sizes were checked and all but the fields above was taken out.
 * ERR_SYNTAX: no answer, or Via, Call-ID or CSeq missing or broken; ERR_FULL: too large;
 * ERR_MEMORY. */
enum err sip_answer_parse(struct sip_answer *out, struct slice bytes) MUST_USE;

/* Is it the answer to the request that sip_build() made of that method and token? */
bool sip_answer_fits(const struct sip_answer *answer, enum sip_method method, const char *token);

#endif
