/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Link layers between the numbers of capture files and those that are read here. */
#ifndef EARSHOT_CAPTURE_LINK_H
#define EARSHOT_CAPTURE_LINK_H

#include <stdint.h>

#include "base/packet.h"

/* By libpcap's DLT_ value or by the LINKTYPE_ value that stands in a file; the two differ for few
 * (https://www.tcpdump.org/linktypes.html). */
enum packet_link capture_link(uint32_t number);

/* The LINKTYPE_ value to write; PACKET_OTHER has none, UINT32_MAX. */
uint32_t capture_link_number(enum packet_link link);

#endif
