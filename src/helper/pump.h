/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passes packets on from the device to standard output, as base/pcap.h has them. */
#ifndef EARSHOT_HELPER_PUMP_H
#define EARSHOT_HELPER_PUMP_H

#include <pcap/pcap.h>

#include "base/err.h"

/* Until standard input can be read or has ended, `signals` (a signalfd(2)) can be read, or nobody
 * reads standard output any more; only in the first case is the last packet sure to be whole. Then
 * says the counts. Returns an exit status. `device`, borrowed, is one that does not block. */
int pump(pcap_t *device, int signals) MUST_USE;

#endif
