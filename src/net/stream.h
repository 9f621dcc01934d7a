/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection over TCP or TLS, used step by step with a deadline each: never blocks past it,
 * however slowly or endlessly the far side talks. A certificate that does not hold is no error
 * here: it is told, and whoever asks judges (RFC 5922 for SIP). */
#ifndef EARSHOT_NET_STREAM_H
#define EARSHOT_NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/err.h"

struct stream;

struct stream_plan {
	struct addr to;
	const char *device; /* NULL: as routed */
	bool tls;
	bool connected; /* `fd` is a connection to there already; it is taken, also on an error */
	int fd;
	const char *tls_name; /* for SNI and the name check; NULL or a literal: no SNI */
};

enum { STREAM_TEXT = 256, STREAM_TRUST_WORDS = 256 };

/* What the far side showed of itself; texts safe to print, "" where it showed none. */
struct stream_certificate {
	char version[16];          /* "TLSv1.3" */
	char subject[STREAM_TEXT]; /* the common name, else the first DNS name */
	char names[STREAM_TEXT]; /* DNS names and sip: URIs of the subjectAltName, parted by ", " */
	char issuer[STREAM_TEXT];
	time_t not_before, not_after;
	bool shown;
	bool trusted;                     /* a chain to a root of this system, dates left aside */
	char why_not[STREAM_TRUST_WORDS]; /* OpenSSL's words where it is not */
	bool expired, not_yet; /* by this computer's clock, any certificate of the chain */
	bool name_fits; /* RFC 5922, 7.2: sip URI or DNS name of the subjectAltName, else CN */
};

/* Connects, and shakes hands. ERR_REFUSED, ERR_UNREACHABLE, ERR_PERMISSION, ERR_TIMEOUT: of the
 * connection. ERR_SYNTAX: it is open, but what answers there speaks no TLS. ERR_MISMATCH: it speaks
 * TLS, but would not agree with us. ERR_IO: it closed.
 * After a handshake that failed *out is NULL. */
enum err stream_open(struct stream **out, const struct stream_plan *plan,
		     const struct deadline *until) MUST_USE;
void stream_free(struct stream *stream);

/* Writes all. ERR_TIMEOUT, ERR_IO. */
enum err stream_write(struct stream *stream, const void *data, size_t length,
		      const struct deadline *until) MUST_USE;
/* Reads what there is, at least one byte, at most `room`. ERR_TIMEOUT; ERR_NOT_FOUND: the far side
 * has closed; ERR_IO. */
enum err stream_read(void *data, size_t room, size_t *length, struct stream *stream,
		     const struct deadline *until) MUST_USE;

enum err stream_local(struct addr *out, const struct stream *stream) MUST_USE;
/* Of a TLS stream; borrowed. */
const struct stream_certificate *stream_certificate(const struct stream *stream);
/* The name check of the certificate for another name or a literal; false where none was shown. */
bool stream_name_fits(const struct stream *stream, const char *name);

#endif
