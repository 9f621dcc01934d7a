/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP messages (RFC 3261) with SDP (RFC 8866): a raw view of the bytes as they were, and the
 * requests that probe a path. */
#ifndef EARSHOT_PROTO_SIP_H
#define EARSHOT_PROTO_SIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum {
	SIP_MESSAGE_MAX = 8192, /* bytes; longer ones are refused unread */
	SIP_HEADERS_MAX = 64,
	SIP_SDP_MAX = 64, /* lines of one description */
};

/* The names that matter here; compact forms are known (RFC 3261, 7.3.3). */
enum sip_name {
	SIP_OTHER,
	SIP_VIA,
	SIP_CONTACT,
	SIP_FROM,
	SIP_TO,
	SIP_CALL_ID,
	SIP_CSEQ,
	SIP_MAX_FORWARDS,
	SIP_CONTENT_TYPE,
	SIP_CONTENT_LENGTH,
	SIP_USER_AGENT,
	SIP_SERVER,
};

/* One header field. Both slices lie in the message; `value` is trimmed at its ends and keeps the
 * line breaks of a folded field. */
struct sip_header {
	enum sip_name name;
	struct slice label; /* the name as written */
	struct slice value;
};

/* A message as slices of the bytes it was read from, which must outlive it. The bytes may have been
 * cut anywhere. */
struct sip_raw {
	struct slice start;
	struct sip_header header[SIP_HEADERS_MAX];
	size_t header_count;
	struct slice sdp[SIP_SDP_MAX]; /* lines of the body, without their line breaks */
	size_t sdp_count;
	struct slice body;
	bool start_cut;        /* the start line lacks its end */
	bool headers_complete; /* the empty line behind the headers is there; else the last one may
				  have been longer */
	bool sdp_cut;          /* the last line of the body lacks its end */
	bool whole;            /* all there: as much body as Content-Length says */
};

/* Reads as far as the bytes are text: the first control character other than tab, CR and LF counts
 * as the cut (what routers append to a quote, RFC 4884). Either line ending. ERR_SYNTAX: a start
 * line that is neither a request nor an answer; ERR_FULL: more than the maxima above;
 * ERR_TRUNCATED: nothing there. */
enum err sip_raw_read(struct sip_raw *out, struct slice bytes) MUST_USE;

/* The first header field of that name; NULL where there is none. */
const struct sip_header *sip_raw_find(const struct sip_raw *raw, enum sip_name name);

enum sip_method { SIP_OPTIONS, SIP_REGISTER, SIP_INVITE };
const char *sip_method_text(enum sip_method method); /* "OPTIONS" … */

enum { SIP_TOKEN_MAX = 16, SIP_HOST_MAX = 255 };

/* A request out of dialog. `token` (letters and digits, 1 to SIP_TOKEN_MAX) stands in the request
 * URI (not of a REGISTER), the branch, the tag and the Call-ID, so that a quote of the message cut
 * almost anywhere still tells whose it is. */
struct sip_request {
	enum sip_method method;
	const char *token;
	const char
		*host; /* of the request URI and To: a name, or a literal (IPv6 without brackets) */
	const struct addr *local; /* address and port for Via, Contact, From and SDP */
	const char *transport;    /* in Via: "UDP", "TCP", "TLS"; NULL: "UDP" */
	const char *via_host; /* stands in Via instead of `local`'s address; NULL: the address */
	uint16_t media_port;  /* of the INVITE's SDP */
};

/* How the URI of the caller begins in what we send ourselves. */
#define SIP_OWN_CALLER "sip:earshot@"

/* Writes the whole message, with G.711 offered by an INVITE; `out` is emptied first. RFC
 * 3261, 8.1.1 and 10.2; RFC 3581 for rport. An INVITE takes about 440 bytes over IPv4: Linux
 * routers quote 520. ERR_RANGE: token or host out of bounds; ERR_SYNTAX: characters that do not
 * belong there; ERR_MEMORY, ERR_FULL by `out`. */
enum err sip_build(struct buf *out, const struct sip_request *request) MUST_USE;

#endif
