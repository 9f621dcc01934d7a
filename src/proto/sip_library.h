/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libosip2 wants once before it is used. Private to proto/. */
#ifndef EARSHOT_PROTO_SIP_LIBRARY_H
#define EARSHOT_PROTO_SIP_LIBRARY_H

/* Ends the library's talking to stdout: enough where single headers are read. Again does no harm.
 */
void sip_library_hush(void);
/* Also fills its table of header names, for whole messages: some microseconds each time. */
void sip_library_prepare(void);

#endif
