/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody on the way did to a SIP request: what was sent against the bytes that arrived,
 * field by field. */
#ifndef EARSHOT_PROTO_SIP_DIFF_H
#define EARSHOT_PROTO_SIP_DIFF_H

#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

enum sip_field {
	SIP_FIELD_VIA,
	SIP_FIELD_CONTACT,
	SIP_FIELD_FROM,
	SIP_FIELD_TO,
	SIP_FIELD_CALL_ID,
	SIP_FIELD_REQUEST_URI,
	SIP_FIELD_SDP_CONNECTION,
	SIP_FIELD_SDP_ORIGIN,
	SIP_FIELD_SDP_PORT,
	SIP_FIELD_CONTENT_LENGTH,
	SIP_FIELD_OTHER,
	SIP_FIELD_COUNT,
};

/* As the fact sip-alg.changed names it: "via" … "other". */
const char *sip_field_text(enum sip_field field);

/* Differences that RFC 3261 allows and that harm nobody; bits. */
enum sip_harmless {
	SIP_HARMLESS_ORDER = 1,        /* header fields stand in another order */
	SIP_HARMLESS_SPACE = 2,        /* white space, folding, LF for CRLF */
	SIP_HARMLESS_NAME = 4,         /* case of a name, compact form */
	SIP_HARMLESS_MAX_FORWARDS = 8, /* counted down */
	SIP_HARMLESS_LENGTH = 16,      /* Content-Length written another way */
};

/* One change: the part that differs, widened to whole words. Slices of what was compared. */
struct sip_change {
	enum sip_field field;
	struct slice sent; /* empty: added on the way */
	struct slice got;  /* empty: taken out */
};

enum { SIP_CHANGES_MAX = 24 };

struct sip_diff {
	unsigned seen; /* bits 1 << enum sip_field: fields of `sent` that could be compared in full
			*/
	unsigned changed; /* bits: fields that differ */
	unsigned harmless;
	struct sip_change change[SIP_CHANGES_MAX]; /* past that, only the bits tell */
	size_t change_count;
};

/* `sent` is a whole request; `got` may be cut anywhere, and what the cut took is not a change.
 * ERR_SYNTAX, ERR_FULL, ERR_TRUNCATED as sip_raw_read(): nothing can be said then. */
enum err sip_diff(struct sip_diff *out, struct slice sent, struct slice got) MUST_USE;

#endif
