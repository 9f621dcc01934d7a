/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A SIP server for tests over TCP or TLS, on loopback, in threads: honest, or one of those that a
 * client must not wait for. */
#ifndef EARSHOT_TESTS_MOCK_SIP_STREAM_H
#define EARSHOT_TESTS_MOCK_SIP_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

enum sip_stream_manner {
	STREAM_SERVES,
	STREAM_IS_SILENT,
	STREAM_CLOSES,      /* after the request */
	STREAM_ENDLESS,     /* a header without end */
	STREAM_SLOW,        /* a right answer, a byte each tenth of a second */
	STREAM_WRONG_CALL,  /* the answer to another Call-ID */
	STREAM_SPEAKS_PLAIN /* no TLS where TLS is asked for */
};

struct sip_stream_plan {
	enum sip_stream_manner manner;
	bool tls;
	const char *name; /* of the certificate, which its own key has signed */
	bool expired;
	bool forges; /* a certificate on the spot, for whatever name is asked */
};

struct sip_stream;

/* Aborts where it cannot. The plan's text is borrowed. */
struct sip_stream *sip_stream_start(const struct sip_stream_plan *plan);
/* Returns how many connections there were. */
size_t sip_stream_stop(struct sip_stream *stream);
struct addr sip_stream_addr(const struct sip_stream *stream);

#endif
