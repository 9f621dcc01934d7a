/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the bytes on a line to what UDP or TCP carries: link layers, IPv4 (RFC 791) and IPv6 (RFC
 * 8200) with their options and extension headers. One packet at a time, nothing is kept. */
#ifndef EARSHOT_PROTO_FRAME_H
#define EARSHOT_PROTO_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/be.h"
#include "base/endpoint.h"
#include "base/err.h"
#include "base/packet.h"
#include "base/slice.h"

enum frame_kind {
	FRAME_UDP,
	FRAME_TCP,
	FRAME_ICMP,     /* of either family */
	FRAME_FRAGMENT, /* a part of a datagram: frame_read_transport() once it is whole */
	FRAME_OTHER,    /* ARP, other transports: nothing of ours */
};

/* RFC 9293, 3.1: the flags that matter. */
enum { FRAME_TCP_FIN = 1, FRAME_TCP_SYN = 2, FRAME_TCP_RST = 4, FRAME_TCP_ACK = 16 };

struct frame {
	enum frame_kind kind;
	struct endpoint src, dst; /* ports 0 but of UDP and TCP */
	uint8_t dscp;             /* 0 to 63 */
	uint8_t protocol;         /* IANA's number of what the IP packet carries */
	struct slice payload;     /* what of it was captured; borrowed from the packet */
	size_t wire;              /* bytes the payload had on the line, by the IP and UDP lengths */
	/* Only of FRAME_TCP. */
	uint32_t tcp_seq, tcp_ack; /* the latter only with FRAME_TCP_ACK */
	uint8_t tcp_flags;
	/* Only of FRAME_FRAGMENT. */
	uint32_t fragment_id;
	uint16_t fragment_offset; /* bytes */
	bool fragment_more;
};

/* ERR_TRUNCATED: captured too short to know what it is. ERR_SYNTAX: lengths or versions that
 * cannot be. ERR_UNSUPPORTED: a link layer that is not read. What is none of ours (ARP, LLDP, a
 * tunnel) is FRAME_OTHER. Lengths that promise more than was captured are no error: payload.left
 * is less than `wire` then; padding behind the IP packet is cut off. */
enum err frame_read(struct frame *out, const struct packet *packet) MUST_USE;

/* Reads UDP, TCP or ICMP from the whole body of an IP packet whose fragments were put together.
 * `io` holds addresses, dscp and protocol, and in payload the body. Errors as above. */
enum err frame_read_transport(struct frame *io) MUST_USE;

/* An IP packet without a link layer, maybe cut: what an ICMP error quotes (RFC 792, RFC 4443).
 * Only the ports need be there, and the quoted lengths are not looked at: UDP and TCP have in
 * payload what was quoted behind the ports. Errors as frame_read(). */
enum err frame_read_quote(struct frame *out, struct slice bytes) MUST_USE;

/* What nearly every packet is, read without a detour: UDP in IPv4 without options, whole and with
 * lengths that agree, in Ethernet without a tag. False: anything else; frame_read() reads all. It
 * is here so that the caller's compiler can leave *out in registers: written and read again it
 * takes 10 ns a packet more. */
static inline bool frame_read_usual(struct frame *out, const struct packet *packet)
{
	enum { LINK = 14, IP = 20, UDP = 8, UDP_IN_IP = 17 };
	const uint8_t *ip = packet->data + LINK, *udp = ip + IP;
	size_t total;

	if (packet->link != PACKET_ETHERNET || packet->captured < LINK + IP + UDP)
		return false;
	total = be_16(ip + 2);
	if (be_16(ip - 2) != 0x0800 || ip[0] != 0x45 || ip[9] != UDP_IN_IP ||
	    be_16(ip + 6) & 0x3fff || total > packet->captured - LINK || total < IP + UDP ||
	    (size_t)be_16(udp + 4) + IP != total)
		return false;
	out->kind = FRAME_UDP;
	out->src = endpoint_v4(be_32(ip + 12), be_16(udp));
	out->dst = endpoint_v4(be_32(ip + 16), be_16(udp + 2));
	out->dscp = ip[1] >> 2;
	out->protocol = UDP_IN_IP;
	out->wire = total - IP - UDP;
	out->payload = (struct slice){ udp + UDP, total - IP - UDP };
	return true;
}

#endif
