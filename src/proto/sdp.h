/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session descriptions (RFC 8866) as offers and answers use them (RFC 3264): what was written,
 * per stream of media, nothing turned round. */
#ifndef EARSHOT_PROTO_SDP_H
#define EARSHOT_PROTO_SDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/endpoint.h"
#include "base/err.h"
#include "base/slice.h"

enum {
	SDP_BODY_MAX = 65536, /* bytes read; what follows is passed over */
	SDP_MEDIA_MAX = 8,
	SDP_CODECS_MAX = 32,
	SDP_CANDIDATES_MAX = 32,
	SDP_NAME_MAX = 32,
};

/* RFC 8866, 6.7. An address of 0.0.0.0 (RFC 2543's hold) is not turned into one. */
enum sdp_direction { SDP_SENDRECV, SDP_SENDONLY, SDP_RECVONLY, SDP_INACTIVE };

/* How the media is to be encrypted: a=crypto (RFC 4568), a=fingerprint (RFC 5763). */
enum sdp_srtp { SDP_SRTP_NONE, SDP_SRTP_SDES, SDP_SRTP_DTLS };

struct sdp_codec {
	uint8_t payload_type;    /* 0 to 127 */
	char name[SDP_NAME_MAX]; /* of a=rtpmap, else of RFC 3551's table; "" if neither knows */
	uint32_t clock;          /* Hz; 0 where the name is "" */
};

struct sdp_candidate { /* RFC 8839, 5.1 */
	struct endpoint at;
	uint8_t component;
	char type[8]; /* "host" "srflx" "prflx" "relay" */
};

struct sdp_media {
	char kind[SDP_NAME_MAX];  /* "audio" "video" "application" "image" … */
	char proto[SDP_NAME_MAX]; /* "RTP/AVP" "RTP/SAVP" "UDP/TLS/RTP/SAVPF" … */
	char host[256];           /* of c=, its own or the session's; may be a name */
	struct endpoint at;       /* not set where `host` is a name; port of m=, 0: rejected */
	struct endpoint
		rtcp; /* a=rtcp (RFC 3605), else at.port + 1; = `at` with a=rtcp-mux in it */
	bool rtcp_mux;
	enum sdp_direction direction; /* its own, else the session's, else sendrecv */
	enum sdp_srtp srtp;
	struct sdp_codec codec[SDP_CODECS_MAX]; /* in the order of m= */
	size_t codec_count;
	unsigned ptime; /* ms; 0: not said */
	struct sdp_candidate candidate[SDP_CANDIDATES_MAX];
	size_t candidate_count;
	bool ice; /* a=ice-ufrag, its own or the session's */
};

struct sdp {
	char origin[256]; /* o= as written, made safe */
	uint64_t version; /* sess-version of o=; 0 where unreadable */
	struct sdp_media media[SDP_MEDIA_MAX];
	size_t media_count;
};

/* Reads leniently (either line ending, unknown lines, wrong order) and keeps the good lines; more
 * than the maxima above is left out. Texts are safe to print. ERR_SYNTAX: no m= line at all, or no
 * "v=" at the beginning. */
enum err sdp_read(struct sdp *out, struct slice body) MUST_USE;

/* The first stream of audio that is not refused (port 0), else the first; NULL where there is none.
 */
const struct sdp_media *sdp_audio(const struct sdp *sdp);

/* NULL where that payload type is not in it. */
const struct sdp_codec *sdp_codec_find(const struct sdp_media *media, unsigned payload_type);

/* RFC 3551, tables 4 and 5: name and clock of a static payload type. ERR_NOT_FOUND. */
enum err sdp_static_codec(struct sdp_codec *out, unsigned payload_type) MUST_USE;

const char *sdp_direction_text(enum sdp_direction direction); /* "sendrecv" … */
const char *sdp_srtp_text(enum sdp_srtp srtp);                /* "none" "sdes" "dtls" */

#endif
