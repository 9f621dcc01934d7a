/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets by hand, of every link layer; lengths that lie, and every cut of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/frame.h"

/* 10.0.0.1:5004 to 10.0.0.2:5006, EF, "hello" */
#define IPV4(length, protocol, fragment)                                                           \
	0x45, 0xb8, 0, (length), 0x12, 0x34, (fragment) >> 8, (fragment)&0xff, 64, (protocol), 0,  \
		0, 10, 0, 0, 1, 10, 0, 0, 2
#define UDP(length) 0x13, 0x8c, 0x13, 0x8e, 0, (length), 0, 0
#define HELLO       'h', 'e', 'l', 'l', 'o'
#define IPV4_HELLO  IPV4(33, 17, 0x4000), UDP(13), HELLO
/* 2001:db8::1 to 2001:db8::2, EF */
#define IPV6(length, next)                                                                         \
	0x6b, 0x80, 0, 0, 0, (length), (next), 64, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
		0, 0, 1, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2
#define IPV6_HELLO IPV6(13, 17), UDP(13), HELLO
#define MACS       2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2
#define BYTES(...) ((const uint8_t[]){ __VA_ARGS__ }), sizeof((const uint8_t[]){ __VA_ARGS__ })

static enum err read_on(struct frame *out, enum packet_link link, const uint8_t *bytes,
			size_t captured, size_t wire)
{
	/* A block of its own, so that a read past the end is seen. */
	static uint8_t *block;
	const struct packet packet = { 1, link, block = realloc(block, captured + !captured),
				       captured, wire };

	assert_non_null(block);
	if (captured)
		memcpy(block, bytes, captured);
	return frame_read(out, &packet);
}

static void is_hello(const struct frame *frame)
{
	assert_int_equal(frame->kind, FRAME_UDP);
	assert_int_equal(frame->protocol, 17);
	assert_int_equal(frame->dscp, 46);
	assert_int_equal(frame->src.port, 5004);
	assert_int_equal(frame->dst.port, 5006);
	assert_int_equal(frame->wire, 5);
	assert_int_equal(frame->payload.left, 5);
	assert_memory_equal(frame->payload.at, "hello", 5);
}

static void is_from(const struct frame *frame, bool v6)
{
	const struct endpoint v4_src = endpoint_v4(0x0a000001, 0),
			      v4_dst = endpoint_v4(0x0a000002, 0);
	const struct endpoint v6_src = { 0x20010db800000000, 1, 0 };
	const struct endpoint v6_dst = { 0x20010db800000000, 2, 0 };

	assert_true(endpoint_same_host(&frame->src, v6 ? &v6_src : &v4_src));
	assert_true(endpoint_same_host(&frame->dst, v6 ? &v6_dst : &v4_dst));
}

/* Reads it whole; then cut at every byte, where it is too short or less of the payload; then with
 * padding behind. */
static void reads_hello(enum packet_link link, bool v6, const uint8_t *bytes, size_t length)
{
	uint8_t padded[256] = { 0 };
	struct frame frame;

	assert_int_equal(read_on(&frame, link, bytes, length, length), ERR_NONE);
	is_hello(&frame);
	is_from(&frame, v6);
	for (size_t cut = 0; cut < length; cut++) {
		const enum err err = read_on(&frame, link, bytes, cut, length);

		assert_int_equal(err, cut < length - 5 ? ERR_TRUNCATED : ERR_NONE);
		if (err)
			continue;
		assert_int_equal(frame.payload.left, cut - (length - 5));
		assert_int_equal(frame.wire, 5);
	}
	memcpy(padded, bytes, length);
	assert_int_equal(read_on(&frame, link, padded, length + 9, length + 9), ERR_NONE);
	is_hello(&frame);
}

static void reads_ethernet(void **state)
{
	(void)state;
	reads_hello(PACKET_ETHERNET, false, BYTES(MACS, 8, 0, IPV4_HELLO));
	reads_hello(PACKET_ETHERNET, true, BYTES(MACS, 0x86, 0xdd, IPV6_HELLO));
	reads_hello(PACKET_ETHERNET, false, BYTES(MACS, 0x81, 0, 0, 5, 8, 0, IPV4_HELLO));
	reads_hello(PACKET_ETHERNET, false,
		    BYTES(MACS, 0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0, IPV4_HELLO));
	reads_hello(PACKET_ETHERNET, true,
		    BYTES(MACS, 0x91, 0, 0, 5, 0x81, 0, 0, 6, 0x86, 0xdd, IPV6_HELLO));
	reads_hello(PACKET_ETHERNET, false,
		    BYTES(MACS, 0x88, 0x64, 0x11, 0, 0, 1, 0, 35, 0, 0x21, IPV4_HELLO));
}

static void reads_snap(void **state)
{
	const uint8_t bytes[] = { MACS, 0, 41, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, IPV4_HELLO };
	struct frame frame;

	(void)state;
	assert_int_equal(read_on(&frame, PACKET_ETHERNET, bytes, sizeof bytes, sizeof bytes),
			 ERR_NONE);
	is_hello(&frame);
}

static void reads_other_links(void **state)
{
	(void)state;
	reads_hello(PACKET_RAW, false, BYTES(IPV4_HELLO));
	reads_hello(PACKET_RAW, true, BYTES(IPV6_HELLO));
	reads_hello(PACKET_LINUX_SLL, false,
		    BYTES(0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0, IPV4_HELLO));
	reads_hello(PACKET_LINUX_SLL, true,
		    BYTES(0, 4, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xdd, IPV6_HELLO));
	reads_hello(PACKET_LINUX_SLL2, false,
		    BYTES(8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, IPV4_HELLO));
	reads_hello(PACKET_PPP, false, BYTES(0xff, 3, 0, 0x21, IPV4_HELLO));
	reads_hello(PACKET_PPP, false, BYTES(0, 0x21, IPV4_HELLO));
	reads_hello(PACKET_PPP, true, BYTES(0x57, IPV6_HELLO));
	reads_hello(PACKET_PPP, false, BYTES(0xff, 3, 0x21, IPV4_HELLO));
	reads_hello(PACKET_PPPOE, false, BYTES(0x11, 0, 0, 1, 0, 35, 0, 0x21, IPV4_HELLO));
}

/* The family's number is whatever the system that captured it says, in its own byte order. */
static void reads_null(void **state)
{
	static const uint8_t families[] = { 10, 23, 24, 28, 30 };

	(void)state;
	reads_hello(PACKET_NULL, false, BYTES(2, 0, 0, 0, IPV4_HELLO));
	reads_hello(PACKET_NULL, false, BYTES(0, 0, 0, 2, IPV4_HELLO));
	for (size_t i = 0; i < sizeof families; i++) {
		reads_hello(PACKET_NULL, true, BYTES(families[i], 0, 0, 0, IPV6_HELLO));
		reads_hello(PACKET_NULL, true, BYTES(0, 0, 0, families[i], IPV6_HELLO));
	}
}

static void reads_options_and_extensions(void **state)
{
	(void)state;
	reads_hello(PACKET_RAW, false,
		    BYTES(0x46, 0xb8, 0, 37, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
			  0x94, 4, 0, 0, UDP(13), HELLO));
	/* hop-by-hop, routing, destination options */
	reads_hello(PACKET_RAW, true,
		    BYTES(IPV6(37, 0), 43, 0, 1, 4, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 17, 0, 1,
			  4, 0, 0, 0, 0, UDP(13), HELLO));
	/* an atomic fragment (RFC 6946), mobility */
	reads_hello(PACKET_RAW, true,
		    BYTES(IPV6(29, 44), 135, 0, 0, 0, 0, 0, 0, 9, 17, 0, 0, 0, 0, 0, 0, 0, UDP(13),
			  HELLO));
	/* AH of 24 bytes (RFC 4302), of both families */
	reads_hello(PACKET_RAW, true,
		    BYTES(IPV6(37, 51), 17, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8,
			  9, 10, 11, 12, UDP(13), HELLO));
}

static void reads_ah_in_ipv4(void **state)
{
	const uint8_t bytes[] = { IPV4(57, 51, 0),
				  17,
				  4,
				  0,
				  0,
				  0,
				  0,
				  0,
				  1,
				  0,
				  0,
				  0,
				  1,
				  1,
				  2,
				  3,
				  4,
				  5,
				  6,
				  7,
				  8,
				  9,
				  10,
				  11,
				  12,
				  UDP(13),
				  HELLO };
	struct frame frame;

	(void)state;
	assert_int_equal(read_on(&frame, PACKET_RAW, bytes, sizeof bytes, sizeof bytes), ERR_NONE);
	is_hello(&frame);
}

static void reads_raw(struct frame *out, enum err expected, const uint8_t *bytes, size_t length)
{
	assert_int_equal(read_on(out, PACKET_RAW, bytes, length, length), expected);
}

static void bears_lengths_that_lie(void **state)
{
	struct frame frame;

	(void)state;
	/* 0: cut by the card only later */
	reads_raw(&frame, ERR_NONE, BYTES(IPV4(0, 17, 0), UDP(13), HELLO));
	is_hello(&frame);
	reads_raw(&frame, ERR_NONE, BYTES(IPV4(33, 17, 0), UDP(0), HELLO));
	is_hello(&frame);
	reads_raw(&frame, ERR_NONE, BYTES(IPV6(0, 17), UDP(0), HELLO));
	is_hello(&frame);
	/* UDP says more than IP carries; then less */
	reads_raw(&frame, ERR_NONE, BYTES(IPV4(33, 17, 0), UDP(99), HELLO));
	is_hello(&frame);
	reads_raw(&frame, ERR_NONE, BYTES(IPV4(33, 17, 0), UDP(10), HELLO));
	assert_int_equal(frame.wire, 2);
	assert_int_equal(frame.payload.left, 2);
	/* IP says more than there was */
	reads_raw(&frame, ERR_NONE, BYTES(IPV4(200, 17, 0), UDP(13), HELLO));
	is_hello(&frame);
	/* what cannot be */
	reads_raw(&frame, ERR_SYNTAX, BYTES(IPV4(33, 17, 0), UDP(7), HELLO));
	reads_raw(&frame, ERR_SYNTAX, BYTES(IPV4(19, 17, 0), UDP(13), HELLO));
	reads_raw(&frame, ERR_SYNTAX, BYTES(IPV4(27, 17, 0), UDP(13), HELLO));
	reads_raw(&frame, ERR_SYNTAX,
		  BYTES(0x44, 0, 0, 33, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, UDP(13),
			HELLO));
	reads_raw(&frame, ERR_SYNTAX,
		  BYTES(0x55, 0, 0, 33, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, UDP(13),
			HELLO));
	reads_raw(&frame, ERR_SYNTAX, BYTES(IPV6(8, 0), 17, 1, 0, 0, 0, 0, 0, 0));
	reads_raw(&frame, ERR_SYNTAX, BYTES(IPV6(7, 17), UDP(13), HELLO));
	reads_raw(&frame, ERR_SYNTAX, BYTES(0));
	assert_int_equal(read_on(&frame, PACKET_RAW, NULL, 0, 0), ERR_SYNTAX);
	/* a capture that says less was on the line than it holds */
	assert_int_equal(read_on(&frame, PACKET_RAW, BYTES(IPV4_HELLO), 3), ERR_NONE);
	is_hello(&frame);
}

#define TCP(offset, flags)                                                                         \
	0x13, 0xc4, 0x13, 0xce, 1, 2, 3, 4, 5, 6, 7, 8, offset, flags, 0, 0, 0, 0, 0, 0

static void reads_tcp(void **state)
{
	struct frame frame;

	(void)state;
	reads_raw(&frame, ERR_NONE, BYTES(IPV4(49, 6, 0), TCP(0x60, 0x12), 1, 1, 1, 0, HELLO));
	assert_int_equal(frame.kind, FRAME_TCP);
	assert_int_equal(frame.src.port, 5060);
	assert_int_equal(frame.dst.port, 5070);
	assert_int_equal(frame.tcp_seq, 0x01020304);
	assert_int_equal(frame.tcp_ack, 0x05060708);
	assert_int_equal(frame.tcp_flags, FRAME_TCP_SYN | FRAME_TCP_ACK);
	assert_int_equal(frame.wire, 5);
	assert_memory_equal(frame.payload.at, "hello", 5);
	reads_raw(&frame, ERR_SYNTAX, BYTES(IPV4(45, 6, 0), TCP(0x40, 0), HELLO));
	reads_raw(&frame, ERR_SYNTAX, BYTES(IPV4(45, 6, 0), TCP(0xf0, 0), HELLO));
	/* the options are cut off: nothing of the payload was captured */
	assert_int_equal(read_on(&frame, PACKET_RAW, BYTES(IPV4(49, 6, 0), TCP(0x60, 0), 1), 49),
			 ERR_NONE);
	assert_int_equal(frame.payload.left, 0);
	assert_int_equal(frame.wire, 5);
}

static void reads_fragments(void **state)
{
	struct frame frame;

	(void)state;
	reads_raw(&frame, ERR_NONE, BYTES(IPV4(28, 17, 0x2000), UDP(13)));
	assert_int_equal(frame.kind, FRAME_FRAGMENT);
	assert_int_equal(frame.fragment_id, 0x1234);
	assert_int_equal(frame.fragment_offset, 0);
	assert_true(frame.fragment_more);
	assert_int_equal(frame.wire, 8);
	reads_raw(&frame, ERR_NONE, BYTES(IPV4(25, 17, 1), HELLO));
	assert_int_equal(frame.kind, FRAME_FRAGMENT);
	assert_int_equal(frame.fragment_offset, 8);
	assert_false(frame.fragment_more);
	reads_raw(&frame, ERR_NONE, BYTES(IPV6(13, 44), 17, 0, 0, 8, 1, 2, 3, 4, HELLO));
	assert_int_equal(frame.kind, FRAME_FRAGMENT);
	assert_int_equal(frame.fragment_id, 0x01020304);
	assert_int_equal(frame.fragment_offset, 8);
	assert_int_equal(frame.protocol, 17);
	assert_memory_equal(frame.payload.at, "hello", 5);
}

/* The whole of a datagram may begin with extension headers. */
static void reads_what_was_put_together(void **state)
{
	const uint8_t body[] = { 17, 0, 1, 4, 0, 0, 0, 0, UDP(13), HELLO };
	struct frame frame = { .kind = FRAME_FRAGMENT,
			       .dscp = 46,
			       .protocol = 60,
			       .payload = { body, sizeof body },
			       .wire = sizeof body };

	(void)state;
	assert_int_equal(frame_read_transport(&frame), ERR_NONE);
	is_hello(&frame);
}

static void passes_over_what_is_not_ours(void **state)
{
	struct frame frame;

	(void)state;
	assert_int_equal(read_on(&frame, PACKET_ETHERNET, BYTES(MACS, 8, 6, 0, 1), 16), ERR_NONE);
	assert_int_equal(frame.kind, FRAME_OTHER);
	assert_int_equal(read_on(&frame, PACKET_ETHERNET, BYTES(MACS, 0, 3, 0x42, 0x42, 3), 17),
			 ERR_NONE);
	assert_int_equal(frame.kind, FRAME_OTHER);
	assert_int_equal(read_on(&frame, PACKET_PPPOE, BYTES(0x11, 9, 0, 0, 0, 0), 6), ERR_NONE);
	assert_int_equal(frame.kind, FRAME_OTHER);
	assert_int_equal(read_on(&frame, PACKET_NULL, BYTES(7, 0, 0, 0, 1), 5), ERR_NONE);
	assert_int_equal(frame.kind, FRAME_OTHER);
	reads_raw(&frame, ERR_NONE, BYTES(IPV4(25, 47, 0), HELLO));
	assert_int_equal(frame.kind, FRAME_OTHER);
	reads_raw(&frame, ERR_NONE, BYTES(IPV6(5, 59), HELLO));
	assert_int_equal(frame.kind, FRAME_OTHER);
	assert_int_equal(read_on(&frame, PACKET_OTHER, BYTES(IPV4_HELLO), 33), ERR_UNSUPPORTED);
}

static void reads_quotes(void **state)
{
	const uint8_t v4[] = { IPV4(33, 17, 0x2000), 0x13, 0x8c, 0x13, 0x8e };
	const uint8_t v6[] = { IPV6_HELLO };
	struct frame frame;

	(void)state;
	assert_int_equal(frame_read_quote(&frame, slice_of(v4, sizeof v4)), ERR_NONE);
	assert_int_equal(frame.kind, FRAME_UDP);
	assert_int_equal(frame.src.port, 5004);
	assert_int_equal(frame.dst.port, 5006);
	is_from(&frame, false);
	assert_int_equal(frame_read_quote(&frame, slice_of(v4, sizeof v4 - 1)), ERR_TRUNCATED);
	assert_int_equal(frame_read_quote(&frame, slice_of(v6, sizeof v6)), ERR_NONE);
	assert_int_equal(frame.kind, FRAME_UDP);
	is_from(&frame, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_ethernet),
		cmocka_unit_test(reads_snap),
		cmocka_unit_test(reads_other_links),
		cmocka_unit_test(reads_null),
		cmocka_unit_test(reads_options_and_extensions),
		cmocka_unit_test(reads_ah_in_ipv4),
		cmocka_unit_test(bears_lengths_that_lie),
		cmocka_unit_test(reads_tcp),
		cmocka_unit_test(reads_fragments),
		cmocka_unit_test(reads_what_was_put_together),
		cmocka_unit_test(passes_over_what_is_not_ours),
		cmocka_unit_test(reads_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
