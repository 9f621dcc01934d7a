/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/frame.h"

#include "base/be.h"

enum {
	ETHERNET_HEADER = 14,
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	UDP_HEADER = 8,
	TCP_HEADER = 20,
	QUOTED_PORTS = 4, /* what an ICMP error need hold of the transport */

	ETHERTYPE_LEAST = 0x600, /* below it is a length, and LLC follows */
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_VLAN = 0x8100,     /* 802.1Q */
	ETHERTYPE_QINQ = 0x88a8,     /* 802.1ad */
	ETHERTYPE_QINQ_OLD = 0x9100, /* before there was 802.1ad */
	ETHERTYPE_PPPOE = 0x8864,    /* RFC 2516: a session, not discovery */

	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,

	IPPROTO_HOP_BY_HOP = 0,
	IPPROTO_OF_ICMP = 1,
	IPPROTO_OF_TCP = 6,
	IPPROTO_OF_UDP = 17,
	IPPROTO_OF_ROUTING = 43,
	IPPROTO_OF_FRAGMENT = 44,
	IPPROTO_OF_AH = 51,
	IPPROTO_OF_ICMPV6 = 58,
	IPPROTO_OF_OPTIONS = 60,
	IPPROTO_OF_MOBILITY = 135,
};

/* What is still to be read. `wire` is how much there was on the line by the lengths so far, never
 * less than `left`. */
struct rest {
	const uint8_t *at;
	size_t left;
	size_t wire;
	bool quote; /* what an ICMP error quotes: cut, and its lengths are somebody else's */
};

static enum err need(const struct rest *rest, size_t length)
{
	if (length > rest->wire)
		return ERR_SYNTAX;
	return length > rest->left ? ERR_TRUNCATED : ERR_NONE;
}

static void pass(struct rest *rest, size_t length)
{
	rest->at += length;
	rest->left -= length;
	rest->wire -= length;
}

static void limit(struct rest *rest, size_t wire)
{
	if (rest->wire > wire)
		rest->wire = wire;
	if (rest->left > wire)
		rest->left = wire;
}

/* --- transport --- */

static void set_ports(struct frame *out, const uint8_t *at)
{
	out->src.port = be_16(at);
	out->dst.port = be_16(at + 2);
}

static void set_payload(struct frame *out, const struct rest *rest)
{
	out->payload = (struct slice){ rest->at, rest->left };
	out->wire = rest->wire;
}

/* RFC 768. A length of 0 is left by cards that cut a large datagram themselves, and one that is too
 * long is cut to what IP carried: what there is is read. */
static enum err read_udp(struct frame *out, struct rest *rest)
{
	enum err err = need(rest, UDP_HEADER);
	uint16_t length;

	if (err)
		return err;
	set_ports(out, rest->at);
	length = be_16(rest->at + 4);
	if (length && length < UDP_HEADER)
		return ERR_SYNTAX;
	if (length)
		limit(rest, length);
	pass(rest, UDP_HEADER);
	out->kind = FRAME_UDP;
	set_payload(out, rest);
	return ERR_NONE;
}

/* RFC 9293, 3.1. The options may be cut off. */
static enum err read_tcp(struct frame *out, struct rest *rest)
{
	enum err err = need(rest, TCP_HEADER);
	size_t header;

	if (err)
		return err;
	set_ports(out, rest->at);
	out->tcp_seq = be_32(rest->at + 4);
	out->tcp_ack = be_32(rest->at + 8);
	out->tcp_flags = rest->at[13];
	header = (size_t)(rest->at[12] >> 4) * 4;
	if (header < TCP_HEADER || header > rest->wire)
		return ERR_SYNTAX;
	out->kind = FRAME_TCP;
	if (header > rest->left) {
		rest->wire -= header - rest->left;
		header = rest->left;
	}
	pass(rest, header);
	set_payload(out, rest);
	return ERR_NONE;
}

static enum err read_quoted_ports(struct frame *out, struct rest *rest)
{
	if (rest->left < QUOTED_PORTS)
		return ERR_TRUNCATED;
	set_ports(out, rest->at);
	out->kind = out->protocol == IPPROTO_OF_UDP ? FRAME_UDP : FRAME_TCP;
	pass(rest, QUOTED_PORTS);
	set_payload(out, rest);
	return ERR_NONE;
}

static enum err read_transport(struct frame *out, struct rest *rest)
{
	switch (out->protocol) {
	case IPPROTO_OF_UDP:
		return rest->quote ? read_quoted_ports(out, rest) : read_udp(out, rest);
	case IPPROTO_OF_TCP:
		return rest->quote ? read_quoted_ports(out, rest) : read_tcp(out, rest);
	case IPPROTO_OF_ICMP:
	case IPPROTO_OF_ICMPV6:
		out->kind = FRAME_ICMP;
		set_payload(out, rest);
		return ERR_NONE;
	default:
		out->kind = FRAME_OTHER;
		set_payload(out, rest);
		return ERR_NONE;
	}
}

/* --- IPv6 --- */

static bool is_extension(uint8_t protocol)
{
	switch (protocol) {
	case IPPROTO_HOP_BY_HOP:
	case IPPROTO_OF_ROUTING:
	case IPPROTO_OF_FRAGMENT:
	case IPPROTO_OF_AH:
	case IPPROTO_OF_OPTIONS:
	case IPPROTO_OF_MOBILITY: return true;
	default: return false;
	}
}

/* RFC 8200, 4.5. True: a part of a datagram, which ends the reading. One that is all of it (RFC
 * 6946) is read on. */
static bool read_fragment_header(struct frame *out, const struct rest *rest)
{
	const uint16_t field = be_16(rest->at + 2);

	out->fragment_offset = field & 0xfff8;
	out->fragment_more = field & 1;
	out->fragment_id = be_32(rest->at + 4);
	if (!out->fragment_offset && (rest->quote || !out->fragment_more))
		return false;
	out->kind = FRAME_FRAGMENT;
	return true;
}

/* RFC 8200, 4: each header tells what follows it and how long it is, in units of 8 bytes behind the
 * first; AH (RFC 4302) in units of 4 behind the first 8. Each has 8 bytes at least: this ends. */
static enum err read_extensions(struct frame *out, struct rest *rest)
{
	while (is_extension(out->protocol)) {
		const uint8_t protocol = out->protocol;
		size_t length = 8;
		enum err err = need(rest, length);

		if (err)
			return err;
		out->protocol = rest->at[0];
		if (protocol == IPPROTO_OF_AH)
			length += (size_t)rest->at[1] * 4;
		else if (protocol != IPPROTO_OF_FRAGMENT)
			length += (size_t)rest->at[1] * 8;
		if (protocol == IPPROTO_OF_FRAGMENT && read_fragment_header(out, rest)) {
			pass(rest, length);
			set_payload(out, rest);
			return ERR_NONE;
		}
		err = need(rest, length);
		if (err)
			return err;
		pass(rest, length);
	}
	return read_transport(out, rest);
}

/* A payload length of 0 is a jumbogram's (RFC 2675) or left by cards that cut large packets
 * themselves: what there is is read. */
static enum err read_ipv6(struct frame *out, struct rest *rest)
{
	enum err err = need(rest, IPV6_HEADER);
	const uint8_t *at = rest->at;

	if (err)
		return err;
	if (at[0] >> 4 != 6)
		return ERR_SYNTAX;
	out->dscp = (uint8_t)((at[0] & 0xf) << 2 | at[1] >> 6);
	out->protocol = at[6];
	out->src = (struct endpoint){ be_64(at + 8), be_64(at + 16), 0 };
	out->dst = (struct endpoint){ be_64(at + 24), be_64(at + 32), 0 };
	pass(rest, IPV6_HEADER);
	if (be_16(at + 4) && !rest->quote)
		limit(rest, be_16(at + 4));
	return read_extensions(out, rest);
}

/* --- IPv4 --- */

static enum err read_ipv4_body(struct frame *out, struct rest *rest, uint16_t fragment)
{
	out->fragment_offset = (uint16_t)((fragment & 0x1fff) << 3);
	out->fragment_more = fragment & 0x2000;
	if (out->fragment_offset || (out->fragment_more && !rest->quote)) {
		out->kind = FRAME_FRAGMENT;
		set_payload(out, rest);
		return ERR_NONE;
	}
	if (out->protocol == IPPROTO_OF_AH)
		return read_extensions(out, rest);
	return read_transport(out, rest);
}

/* RFC 791, 3.1. A total length of 0 is left by cards that cut large packets themselves: what there
 * is is read. */
static enum err read_ipv4(struct frame *out, struct rest *rest)
{
	enum err err = need(rest, IPV4_HEADER);
	const uint8_t *at = rest->at;
	size_t header, total;

	if (err)
		return err;
	header = (size_t)(at[0] & 0xf) * 4;
	total = be_16(at + 2);
	if (at[0] >> 4 != 4 || header < IPV4_HEADER || (total && total < header && !rest->quote))
		return ERR_SYNTAX;
	if (total && !rest->quote)
		limit(rest, total);
	out->dscp = at[1] >> 2;
	out->fragment_id = be_16(at + 4);
	out->protocol = at[9];
	out->src = endpoint_v4(be_32(at + 12), 0);
	out->dst = endpoint_v4(be_32(at + 16), 0);
	err = need(rest, header);
	if (err)
		return err;
	pass(rest, header);
	return read_ipv4_body(out, rest, be_16(at + 6));
}

static enum err read_ip(struct frame *out, struct rest *rest)
{
	enum err err = need(rest, 1);

	if (err)
		return err;
	return rest->at[0] >> 4 == 6 ? read_ipv6(out, rest) : read_ipv4(out, rest);
}

/* --- link layers --- */

static enum err nothing_of_ours(struct frame *out)
{
	out->kind = FRAME_OTHER;
	return ERR_NONE;
}

/* RFC 1661, 2, with or without the address and control bytes of RFC 1662; the protocol's first byte
 * may be left out, for it is even and the second odd. */
static enum err read_ppp(struct frame *out, struct rest *rest)
{
	enum err err = need(rest, 2);
	uint16_t protocol;

	if (!err && rest->at[0] == 0xff && rest->at[1] == 3) {
		pass(rest, 2);
		err = need(rest, 2);
	}
	if (err)
		return err;
	protocol = rest->at[0] & 1 ? rest->at[0] : be_16(rest->at);
	pass(rest, rest->at[0] & 1 ? 1 : 2);
	switch (protocol) {
	case PPP_IPV4: return read_ipv4(out, rest);
	case PPP_IPV6: return read_ipv6(out, rest);
	default: return nothing_of_ours(out);
	}
}

/* RFC 2516, 4: code 0 is a session. */
static enum err read_pppoe(struct frame *out, struct rest *rest)
{
	enum err err = need(rest, 6);

	if (err)
		return err;
	if (rest->at[0] != 0x11)
		return ERR_SYNTAX;
	if (rest->at[1])
		return nothing_of_ours(out);
	limit(rest, 6 + (size_t)be_16(rest->at + 4));
	pass(rest, 6);
	return read_ppp(out, rest);
}

/* IEEE 802.2 with SNAP (RFC 1042), the only LLC that carries IP. */
static enum err read_llc(struct frame *out, struct rest *rest, uint16_t *ethertype)
{
	static const uint8_t snap[] = { 0xaa, 0xaa, 3, 0, 0, 0 };

	*ethertype = 0;
	if (need(rest, 8))
		return nothing_of_ours(out);
	for (size_t i = 0; i < sizeof snap; i++)
		if (rest->at[i] != snap[i])
			return nothing_of_ours(out);
	*ethertype = be_16(rest->at + 6);
	pass(rest, 8);
	return ERR_NONE;
}

/* `rest` stands behind the Ethertype. Tags may be stacked; each takes 4 bytes. */
static enum err read_ethertype(struct frame *out, struct rest *rest, uint16_t type)
{
	enum err err = ERR_NONE;

	while (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ || type == ETHERTYPE_QINQ_OLD) {
		err = need(rest, 4);
		if (err)
			return err;
		type = be_16(rest->at + 2);
		pass(rest, 4);
	}
	if (type < ETHERTYPE_LEAST)
		err = read_llc(out, rest, &type);
	if (err)
		return err;
	switch (type) {
	case ETHERTYPE_IPV4: return read_ipv4(out, rest);
	case ETHERTYPE_IPV6: return read_ipv6(out, rest);
	case ETHERTYPE_PPPOE: return read_pppoe(out, rest);
	default: return nothing_of_ours(out);
	}
}

/* A header of fixed length with the Ethertype somewhere in it. */
static enum err read_header(struct frame *out, struct rest *rest, size_t length, size_t type_at)
{
	const uint8_t *at = rest->at;
	enum err err = need(rest, length);

	if (err)
		return err;
	pass(rest, length);
	return read_ethertype(out, rest, be_16(at + type_at));
}

/* The number of the address family is in the byte order of whoever captured; that of IPv6 differs
 * from system to system. */
static enum err read_null(struct frame *out, struct rest *rest)
{
	enum err err = need(rest, 4);
	uint32_t family;

	if (err)
		return err;
	family = be_32(rest->at);
	if (family >> 16)
		family = __builtin_bswap32(family);
	pass(rest, 4);
	switch (family) {
	case 2: return read_ipv4(out, rest);
	case 10: /* Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */ return read_ipv6(out, rest);
	default: return nothing_of_ours(out);
	}
}

static enum err read_link(struct frame *out, struct rest *rest, enum packet_link link)
{
	switch (link) {
	case PACKET_ETHERNET: return read_header(out, rest, ETHERNET_HEADER, 12);
	case PACKET_LINUX_SLL: return read_header(out, rest, 16, 14);
	case PACKET_LINUX_SLL2: return read_header(out, rest, 20, 0);
	case PACKET_RAW: return read_ip(out, rest);
	case PACKET_NULL: return read_null(out, rest);
	case PACKET_PPP: return read_ppp(out, rest);
	case PACKET_PPPOE: return read_pppoe(out, rest);
	case PACKET_OTHER: break;
	}
	return ERR_UNSUPPORTED;
}

static enum err read_any(struct frame *out, const struct packet *packet)
{
	struct rest rest = { packet->data, packet->captured, packet->wire, false };

	if (rest.wire < rest.left)
		rest.wire = rest.left;
	*out = (struct frame){ .kind = FRAME_OTHER };
	return read_link(out, &rest, packet->link);
}

enum err frame_read(struct frame *out, const struct packet *packet)
{
	return frame_read_usual(out, packet) ? ERR_NONE : read_any(out, packet);
}

enum err frame_read_transport(struct frame *io)
{
	struct rest rest = { io->payload.at, io->payload.left, io->wire, false };

	if (rest.wire < rest.left)
		return ERR_SYNTAX;
	return read_extensions(io, &rest);
}

enum err frame_read_quote(struct frame *out, struct slice bytes)
{
	struct rest rest = { bytes.at, bytes.left, SIZE_MAX, true };

	*out = (struct frame){ .kind = FRAME_OTHER };
	return read_ip(out, &rest);
}
