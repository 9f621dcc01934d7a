/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A SIP message (RFC 3261) as a bystander reads it: what tells which call it belongs to, what it
 * does there, and its description. */
#ifndef EARSHOT_PROTO_SIP_MESSAGE_H
#define EARSHOT_PROTO_SIP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum { SIP_FIELD_MAX = 256, SIP_BYTES_MAX = 65536 };

/* Texts are safe to print, "" where the message has none; longer ones end in "...". Two that are
 * compared for identity are cut alike. */
struct sip_message {
	bool request;
	int status; /* of an answer, 100 to 699 */
	char reason[SIP_FIELD_MAX];
	char method[SIP_FIELD_MAX]; /* of a request its own, of an answer that of CSeq; as written
				     */
	char call_id[SIP_FIELD_MAX];
	uint32_t cseq;
	struct slice from, to; /* as written, with name and parameters; borrowed */
	char from_tag[SIP_FIELD_MAX], to_tag[SIP_FIELD_MAX];
	char agent[SIP_FIELD_MAX]; /* User-Agent, else Server */
	struct slice
		sdp; /* the body of application/sdp, also inside multipart; borrowed; empty: none */
	struct slice body; /* as Content-Length says, or all; borrowed */
	char content_type[SIP_FIELD_MAX];
	bool cut; /* fewer bytes than Content-Length promises */
};

/* Does it begin like a SIP message? By content, on any port; cheap, and true of cut ones too. */
bool sip_message_looks_so(struct slice bytes);

/* ERR_SYNTAX: no SIP message, or one that lacks Call-ID, CSeq, From or To; ERR_FULL: more than
 * SIP_BYTES_MAX; ERR_MEMORY. Compact forms, folding and odd white space are read (RFC 4475). */
enum err sip_message_read(struct sip_message *out, struct slice bytes) MUST_USE;

/* Who is in a From or To: the URI without parameters (RFC 3261, 20.20, 20.39). ERR_MEMORY. */
enum err sip_message_who(char uri[static SIP_FIELD_MAX], struct slice address) MUST_USE;

/* How long the message at the beginning of a stream is, by Content-Length (RFC 3261, 18.3).
 * ERR_TRUNCATED: its end of headers is not there yet; ERR_SYNTAX: it is none; ERR_FULL: longer
 * than SIP_BYTES_MAX. White space before it counts as part of it. */
enum err sip_message_frame(size_t *length, struct slice stream) MUST_USE;

#endif
