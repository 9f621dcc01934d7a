/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The classic pcap format in nanoseconds, in this machine's byte order: what the helper sends and
 * what is saved (draft-ietf-opsawg-pcap). */
#ifndef EARSHOT_BASE_PCAP_H
#define EARSHOT_BASE_PCAP_H

#include <stdint.h>

#define PCAP_MAGIC_NS UINT32_C(0xa1b23c4d)

enum {
	PCAP_MAJOR = 2,
	PCAP_MINOR = 4,
	PCAP_SNAPLEN_MAX = 262144, /* as libpcap and Wireshark have it */
};

struct pcap_file {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy; /* both 0 */
	uint32_t snaplen;
	uint32_t link; /* LINKTYPE_ value */
};

struct pcap_record {
	uint32_t seconds, nanoseconds; /* since 1970 */
	uint32_t captured, wire;       /* bytes */
};

_Static_assert(sizeof(struct pcap_file) == 24, "as on the wire");
_Static_assert(sizeof(struct pcap_record) == 16, "as on the wire");

#endif
