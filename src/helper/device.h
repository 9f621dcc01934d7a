/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one device that the helper opens; what the privilege is for. */
#ifndef EARSHOT_HELPER_DEVICE_H
#define EARSHOT_HELPER_DEVICE_H

#include <pcap/pcap.h>

#include "base/err.h"

/* Opens the interface for `snaplen` bytes of a packet, promiscuously, for a mirror port sends what
 * is for others. NULL where it cannot; the reason was said. pcap_close() closes. */
pcap_t *device_open(const char *interface, int snaplen) MUST_USE;

/* Needs no privilege: a socket that is open may be narrowed by whoever has it. Returns an exit
 * status. */
int device_set_filter(pcap_t *device, const char *filter) MUST_USE;

#endif
