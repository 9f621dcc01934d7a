/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The description in a SIP message's body, also inside multipart (RFC 2046, 5.1; RFC 5621).
 * Private to proto/. */
#ifndef EARSHOT_PROTO_SIP_BODY_H
#define EARSHOT_PROTO_SIP_BODY_H

#include "base/slice.h"

/* The first part of application/sdp; empty where there is none. `type` is the value of
 * Content-Type, empty where the message has none: then a body that begins as a description is
 * taken for one. Borrowed from `body`. */
struct slice sip_body_sdp(struct slice type, struct slice body);

#endif
