/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libosip2 wants once before it is used. Private to proto/. */
#ifndef EARSHOT_PROTO_SIP_LIBRARY_H
#define EARSHOT_PROTO_SIP_LIBRARY_H

/* Fills the library's table of header names, and ends its talking to stdout. Again does no harm. */
void sip_library_prepare(void);

#endif
