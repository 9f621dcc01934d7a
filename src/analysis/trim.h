/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a packet may be kept where nobody should be able to listen to the call afterwards. */
#ifndef EARSHOT_ANALYSIS_TRIM_H
#define EARSHOT_ANALYSIS_TRIM_H

#include <stddef.h>

#include "base/packet.h"

/* How many bytes to keep: all but the payload of RTP, so that voice and the digits of RFC 4733 are
 * gone and sequence, timestamp and SSRC stay; RTP that TURN carries by UDP too. What might be voice
 * and cannot be told from it counts as voice. Whole stay TCP, also where TURN carries voice by it,
 * and datagrams in fragments, which are longer than any voice packet. In bytes, from 0 to
 * packet->captured. */
size_t trim_voice(const struct packet *packet);

#endif
