/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out of packets by hand: fragments and segments in every order, TURN, ICMP, counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/feed.h"

enum {
	SEEN_MAX = 64,
	TEXT_MAX = 4096,
	UDP = 17,
	TCP = 6,
	ICMP = 1,
	FIN = 1,
	SYN = 2,
	RST = 4,
	ACK = 16
};

struct seen {
	struct datagram datagram;
	char text[TEXT_MAX];
};

struct bench {
	struct feed *feed;
	struct seen seen[SEEN_MAX];
	size_t count;
	struct refusal refusal;
	size_t refusals;
	int64_t ns;
};

static const struct endpoint phone = { 0, 0xffff0a000001, 5060 };
static const struct endpoint server = { 0, 0xffff0a000002, 3478 };
static const struct endpoint peer = { 0, 0xffffc0000209, 7000 };

static void take_datagram(const struct datagram *datagram, void *context)
{
	struct bench *bench = context;
	struct seen *seen = &bench->seen[bench->count++];

	assert_in_range(bench->count, 1, SEEN_MAX);
	assert_in_range(datagram->payload.left, 0, TEXT_MAX - 1);
	seen->datagram = *datagram;
	if (datagram->payload.left)
		memcpy(seen->text, datagram->payload.at, datagram->payload.left);
	seen->text[datagram->payload.left] = 0;
}

static void take_refusal(const struct refusal *refusal, void *context)
{
	struct bench *bench = context;

	bench->refusal = *refusal;
	bench->refusals++;
}

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof *bench);
	const struct feed_to to = { take_datagram, take_refusal, bench };

	bench->feed = feed_new(&to);
	bench->ns = 1000;
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;

	feed_free(bench->feed);
	free(bench);
	return 0;
}

/* --- packets --- */

struct bytes {
	uint8_t at[TEXT_MAX + 128];
	size_t length;
};

static void put(struct bytes *out, const void *data, size_t length)
{
	assert_in_range(out->length + length, 0, sizeof out->at);
	if (length)
		memcpy(out->at + out->length, data, length);
	out->length += length;
}

static void put_number(struct bytes *out, uint64_t number, unsigned length)
{
	while (length--)
		out->at[out->length++] = (uint8_t)(number >> 8 * length);
}

static void give(struct bench *bench, enum packet_link link, const struct bytes *bytes,
		 size_t captured)
{
	uint8_t *block =
		malloc(captured + !captured); /* of its size, so that a read past it is seen */
	const struct packet packet = { bench->ns, link, block, captured, bytes->length };

	memcpy(block, bytes->at, captured);
	feed_packet(bench->feed, &packet);
	free(block);
}

/* `fragment` is the offset in units of 8 with 0x2000 for more. */
struct ip {
	struct endpoint src, dst;
	uint8_t protocol;
	uint16_t id, fragment;
	size_t snap; /* bytes not captured */
};

static void give_ip(struct bench *bench, const struct ip *ip, const void *body, size_t length)
{
	struct bytes packet = { .length = 0 };

	put_number(&packet, 0x4500, 2);
	put_number(&packet, 20 + length, 2);
	put_number(&packet, ip->id, 2);
	put_number(&packet, ip->fragment, 2);
	put_number(&packet, 0x4000 | ip->protocol, 2);
	put_number(&packet, 0, 2);
	put_number(&packet, ip->src.low, 4);
	put_number(&packet, ip->dst.low, 4);
	put(&packet, body, length);
	give(bench, PACKET_RAW, &packet, packet.length - ip->snap);
}

static void give_ip6_fragment(struct bench *bench, uint32_t id, uint16_t fragment, const void *body,
			      size_t length)
{
	struct bytes packet = { .length = 0 };

	put_number(&packet, 0x60000000, 4);
	put_number(&packet, 8 + length, 2);
	put_number(&packet, 0x2c40, 2);
	put_number(&packet, 0x20010db800000000, 8);
	put_number(&packet, 1, 8);
	put_number(&packet, 0x20010db800000000, 8);
	put_number(&packet, 2, 8);
	put_number(&packet, UDP << 8, 2);
	put_number(&packet, fragment, 2);
	put_number(&packet, id, 4);
	put(&packet, body, length);
	give(bench, PACKET_RAW, &packet, packet.length);
}

static void put_udp(struct bytes *out, const struct endpoint *src, const struct endpoint *dst,
		    const void *payload, size_t length)
{
	put_number(out, src->port, 2);
	put_number(out, dst->port, 2);
	put_number(out, 8 + length, 2);
	put_number(out, 0, 2);
	put(out, payload, length);
}

static void give_udp(struct bench *bench, const struct endpoint *src, const struct endpoint *dst,
		     const void *payload, size_t length)
{
	const struct ip ip = { .src = *src, .dst = *dst, .protocol = UDP };
	struct bytes body = { .length = 0 };

	put_udp(&body, src, dst, payload, length);
	give_ip(bench, &ip, body.at, body.length);
}

struct segment {
	uint32_t seq, ack;
	uint8_t flags;
	size_t snap;
	bool back; /* from the server */
};

static void give_tcp(struct bench *bench, const struct segment *segment, const void *payload,
		     size_t length)
{
	const struct ip ip = { .src = segment->back ? server : phone,
			       .dst = segment->back ? phone : server,
			       .protocol = TCP,
			       .snap = segment->snap };
	struct bytes body = { .length = 0 };

	put_number(&body, ip.src.port, 2);
	put_number(&body, ip.dst.port, 2);
	put_number(&body, segment->seq, 4);
	put_number(&body, segment->ack, 4);
	put_number(&body, 0x5000 | segment->flags, 2);
	put_number(&body, 0, 6);
	put(&body, payload, length);
	give_ip(bench, &ip, body.at, body.length);
}

static void give_bytes(struct bench *bench, uint32_t seq, const char *bytes, size_t length)
{
	const struct segment segment = { .seq = seq, .flags = ACK };

	give_tcp(bench, &segment, bytes, length);
}

static void give_flag(struct bench *bench, uint32_t seq, uint8_t flags)
{
	const struct segment segment = { .seq = seq, .flags = flags };

	give_tcp(bench, &segment, NULL, 0);
}

static uint64_t dropped(const struct bench *bench)
{
	return feed_counts(bench->feed)->dropped;
}

static uint64_t damaged(const struct bench *bench)
{
	return feed_counts(bench->feed)->damaged;
}

/* --- UDP, counts, ICMP --- */

static void passes_udp_on(void **state)
{
	struct bench *bench = *state;

	give_udp(bench, &phone, &server, "\x80rtp", 4);
	assert_int_equal(bench->count, 1);
	assert_true(endpoint_equal(&bench->seen[0].datagram.src, &phone));
	assert_true(endpoint_equal(&bench->seen[0].datagram.dst, &server));
	assert_false(endpoint_is_set(&bench->seen[0].datagram.via));
	assert_false(bench->seen[0].datagram.tcp);
	assert_int_equal(bench->seen[0].datagram.wire, 4);
	assert_int_equal(bench->seen[0].datagram.ns, 1000);
	assert_string_equal(bench->seen[0].text, "\x80rtp");
}

static void counts_each_once(void **state)
{
	struct bench *bench = *state;
	const struct ip cut = { .src = phone, .dst = server, .protocol = UDP, .snap = 3 };
	const struct ip bad = { .src = phone, .dst = server, .protocol = UDP };
	const struct bytes arp = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 1 }, 16 };
	struct bytes body = { .length = 0 };
	const struct feed_counts *counts = feed_counts(bench->feed);

	put_udp(&body, &phone, &server, "\x80hello", 6);
	give_ip(bench, &cut, body.at, body.length);
	assert_int_equal(bench->seen[0].datagram.payload.left, 3);
	assert_int_equal(bench->seen[0].datagram.wire, 6);
	bench->ns = 500;
	give_ip(bench, &bad, "short", 5);
	give(bench, PACKET_OTHER, &arp, 16);
	bench->ns = 2000;
	give(bench, PACKET_ETHERNET, &arp, 16);
	give(bench, PACKET_ETHERNET, &arp, 5);
	assert_int_equal(bench->count, 1);
	assert_int_equal(counts->packets, 5);
	assert_int_equal(counts->snapped, 2);
	assert_int_equal(counts->damaged, 1);
	assert_int_equal(counts->unsupported, 1);
	assert_int_equal(counts->dropped, 0);
	assert_int_equal(counts->first_ns, 500);
	assert_int_equal(counts->last_ns, 2000);
}

static void give_icmp(struct bench *bench, uint8_t type, uint8_t code, uint8_t protocol)
{
	const struct ip ip = { .src = server, .dst = phone, .protocol = ICMP };
	struct bytes body = { .length = 0 };

	put_number(&body, (uint64_t)type << 8 | code, 2);
	put_number(&body, 0, 6);
	put_number(&body, 0x45000080, 4);
	put_number(&body, 0, 4);
	put_number(&body, 0x4000 | protocol, 2);
	put_number(&body, 0, 2);
	put_number(&body, phone.low, 4);
	put_number(&body, server.low, 4);
	put_number(&body, 0x138c138e, 4);
	give_ip(bench, &ip, body.at, body.length);
}

static void tells_of_refusals(void **state)
{
	struct bench *bench = *state;

	give_icmp(bench, 3, 3, UDP);
	assert_int_equal(bench->refusals, 1);
	assert_true(bench->refusal.port_unreachable);
	assert_false(bench->refusal.prohibited);
	assert_true(endpoint_same_host(&bench->refusal.by, &server));
	assert_int_equal(bench->refusal.by.port, 0);
	assert_true(endpoint_same_host(&bench->refusal.src, &phone));
	assert_int_equal(bench->refusal.src.port, 5004);
	assert_int_equal(bench->refusal.dst.port, 5006);
	give_icmp(bench, 3, 13, UDP);
	assert_int_equal(bench->refusals, 2);
	assert_true(bench->refusal.prohibited);
	give_icmp(bench, 11, 0, UDP);
	assert_int_equal(bench->refusals, 3);
	assert_false(bench->refusal.prohibited || bench->refusal.port_unreachable);
	give_icmp(bench, 8, 0, UDP);
	give_icmp(bench, 3, 3, TCP);
	assert_int_equal(bench->refusals, 3);
	assert_int_equal(bench->count, 0);
}

/* --- fragments --- */

static const char *const words = "the quick brown fox jumps over the lazy dog, twice";

static void give_part(struct bench *bench, uint16_t id, const struct bytes *whole, size_t from,
		      size_t to)
{
	const struct ip ip = { .src = phone,
			       .dst = server,
			       .protocol = UDP,
			       .id = id,
			       .fragment =
				       (uint16_t)(from / 8 | (to < whole->length ? 0x2000 : 0)) };

	give_ip(bench, &ip, whole->at + from, to - from);
}

static void puts_fragments_together(void **state)
{
	static const unsigned orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					      { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	struct bench *bench = *state;
	struct bytes whole = { .length = 0 };

	put_udp(&whole, &phone, &server, words, strlen(words));
	for (uint16_t order = 0; order < 6; order++) {
		for (unsigned i = 0; i < 3; i++) {
			const unsigned part = orders[order][i];

			give_part(bench, order, &whole, part * 24,
				  part == 2 ? whole.length : part * 24 + 24);
			if (i < 2) /* comes twice */
				give_part(bench, order, &whole, part * 24,
					  part == 2 ? whole.length : part * 24 + 24);
		}
		assert_int_equal(bench->count, order + 1);
		assert_string_equal(bench->seen[order].text, words);
		assert_int_equal(bench->seen[order].datagram.src.port, 5060);
		/* its echo is no new one */
		give_part(bench, order, &whole, 0, 24);
	}
	feed_end(bench->feed);
	assert_int_equal(dropped(bench), 0);
	assert_int_equal(damaged(bench), 0);
}

static void keeps_the_first_of_overlaps(void **state)
{
	struct bench *bench = *state;
	struct bytes whole = { .length = 0 }, other;

	put_udp(&whole, &phone, &server, words, strlen(words));
	other = whole;
	memset(other.at + 8, 'X', other.length - 8);
	give_part(bench, 1, &whole, 16, 32);
	give_part(bench, 1, &other, 8, 40);
	give_part(bench, 1, &whole, 0, 16);
	give_part(bench, 1, &whole, 32, whole.length);
	assert_int_equal(bench->count, 1);
	assert_memory_equal(bench->seen[0].text, "XXXXXXXX", 8);
	assert_memory_equal(bench->seen[0].text + 8, words + 8, 16);
	assert_memory_equal(bench->seen[0].text + 24, "XXXXXXXX", 8);
	assert_string_equal(bench->seen[0].text + 32, words + 32);
}

static void drops_overlaps_of_ipv6(void **state)
{
	struct bench *bench = *state;
	struct bytes whole = { .length = 0 };

	put_udp(&whole, &phone, &server, words, strlen(words));
	give_ip6_fragment(bench, 1, 32, whole.at + 32, whole.length - 32);
	give_ip6_fragment(bench, 1, 1, whole.at, 32);
	assert_int_equal(bench->count, 1);
	assert_string_equal(bench->seen[0].text, words);
	/* one twice is none (RFC 8200, 4.5) */
	give_ip6_fragment(bench, 2, 1, whole.at, 32);
	give_ip6_fragment(bench, 2, 1, whole.at, 32);
	give_ip6_fragment(bench, 2, 32, whole.at + 32, whole.length - 32);
	assert_int_equal(bench->count, 2);
	/* RFC 5722 */
	give_ip6_fragment(bench, 3, 1, whole.at, 32);
	give_ip6_fragment(bench, 3, 24 | 1, whole.at, 16);
	give_ip6_fragment(bench, 3, 32, whole.at + 32, whole.length - 32);
	assert_int_equal(bench->count, 2);
	assert_int_equal(dropped(bench), 3);
}

static void gives_fragments_up(void **state)
{
	struct bench *bench = *state;
	struct bytes whole = { .length = 0 };

	put_udp(&whole, &phone, &server, words, strlen(words));
	give_part(bench, 1, &whole, 0, 24);
	bench->ns += 31 * (int64_t)PACKET_SECOND;
	give_part(bench, 1, &whole, 24, whole.length);
	assert_int_equal(bench->count, 0);
	assert_int_equal(dropped(bench), 1);
	for (uint16_t id = 2; id < 2 + FEED_FRAGMENTS_MAX; id++)
		give_part(bench, id, &whole, 0, 24);
	assert_int_equal(dropped(bench), 2); /* the second part, for it was the oldest */
	feed_end(bench->feed);
	assert_int_equal(dropped(bench), 2 + FEED_FRAGMENTS_MAX);
}

static void refuses_impossible_fragments(void **state)
{
	struct bench *bench = *state;
	struct ip ip = { .src = phone, .dst = server, .protocol = UDP, .fragment = 0x3fff };

	give_ip(bench, &ip, "12345678", 8); /* past 65535 */
	assert_int_equal(damaged(bench), 1);
	ip.fragment = 0x2000;
	give_ip(bench, &ip, "123", 3); /* no multiple of 8 */
	give_ip(bench, &ip, NULL, 0);
	assert_int_equal(damaged(bench), 3);
	ip.fragment = 8;
	give_ip(bench, &ip, "1234", 4);
	ip.fragment = 9;
	give_ip(bench, &ip, "1234", 4); /* a second end */
	assert_int_equal(damaged(bench), 4);
	assert_int_equal(dropped(bench), 1);
	ip.fragment = 0x2000;
	ip.id = 7;
	give_ip(bench, &ip, "\0\1\0\2\0\7\0\0", 8); /* UDP of 7 bytes, in two packets */
	ip.fragment = 1;
	give_ip(bench, &ip, "1", 1);
	assert_int_equal(damaged(bench), 6);
	assert_int_equal(bench->count, 0);
}

/* --- TCP --- */

#define MESSAGE(number, body)                                                                      \
	"OPTIONS sip:bob@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK" number     \
	"\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:bob@x>\r\nCall-ID: " number                         \
	"\r\nCSeq: 1 OPTIONS\r\nContent-Length: 4\r\n\r\n" body

static const char first[] = MESSAGE("one", "ABCD"), second[] = MESSAGE("two", "EFGH"),
		  third[] = MESSAGE("six", "IJKL"),
		  all[] = MESSAGE("one", "ABCD") "\r\n\r\n" MESSAGE("two", "EFGH")
			  MESSAGE("six", "IJKL");
enum { LENGTH = sizeof first - 1, ALL = sizeof all - 1, ISN = 0xffffff80 /* wraps inside */ };

static void is_all(const struct bench *bench)
{
	assert_int_equal(bench->count, 3);
	assert_string_equal(bench->seen[0].text, first);
	assert_string_equal(bench->seen[1].text, second);
	assert_string_equal(bench->seen[2].text, third);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(bench->seen[i].datagram.tcp);
		assert_int_equal(bench->seen[i].datagram.wire, LENGTH);
		assert_true(endpoint_equal(&bench->seen[i].datagram.src, &phone));
	}
	assert_int_equal(dropped(bench), 0);
	assert_int_equal(damaged(bench), 0);
}

static void splits_what_came_at_once(void **state)
{
	give_bytes(*state, ISN, all, ALL);
	is_all(*state);
}

static void joins_single_bytes(void **state)
{
	struct bench *bench = *state;

	give_flag(bench, ISN - 1, SYN);
	for (uint32_t i = 0; i < ALL; i++)
		give_bytes(bench, ISN + i, all + i, 1);
	is_all(bench);
}

static void joins_any_two_pieces_in_any_order(void **state)
{
	for (uint32_t cut = 1; cut < ALL; cut++) {
		struct bench *bench;

		set_up(state);
		bench = *state;
		give_flag(bench, ISN - 1, SYN);
		give_bytes(bench, ISN + cut, all + cut, ALL - cut);
		assert_int_equal(bench->count, 0);
		give_bytes(bench, ISN, all, cut);
		is_all(bench);
		/* again, and a SYN that comes late */
		give_bytes(bench, ISN, all, cut);
		give_flag(bench, ISN - 1, SYN);
		give_flag(bench, ISN + ALL, FIN | ACK);
		feed_end(bench->feed);
		is_all(bench);
		tear_down(state);
	}
	*state = NULL;
}

static int nothing(void **state)
{
	(void)state;
	return 0;
}

static void keeps_the_first_bytes_of_segments(void **state)
{
	struct bench *bench = *state;
	char other[ALL];

	memset(other, 'X', sizeof other);
	give_bytes(bench, ISN, all, 100);
	give_bytes(bench, ISN + 200, all + 200, ALL - 200);
	give_bytes(bench, ISN + 50, other, 50); /* known already */
	give_bytes(bench, ISN + 90, all + 90, 130);
	give_bytes(bench, ISN + 90, other, ALL - 90);
	is_all(bench);
}

static void goes_on_behind_a_gap(void **state)
{
	struct bench *bench = *state;
	const struct segment ack = { .ack = ISN + 2 * LENGTH, .flags = ACK, .back = true };

	give_bytes(bench, ISN, first, LENGTH);
	/* The second message begins, its middle was not captured, the third follows. */
	give_bytes(bench, ISN + LENGTH, second, 30);
	give_bytes(bench, ISN + LENGTH + 60, second + 60, LENGTH - 60);
	give_bytes(bench, ISN + 2 * LENGTH, third, LENGTH);
	assert_int_equal(bench->count, 1);
	give_tcp(bench, &ack, NULL, 0);
	assert_int_equal(bench->count, 2);
	assert_string_equal(bench->seen[1].text, third);
	assert_int_equal(dropped(bench), 1); /* what the message began with; the rest was merged */
	give_bytes(bench, ISN + 3 * LENGTH, second, LENGTH);
	assert_int_equal(bench->count, 3);
}

static void gives_a_cut_message(void **state)
{
	struct bench *bench = *state;
	const struct segment ack = { .ack = ISN + LENGTH, .flags = ACK, .back = true };

	give_bytes(bench, ISN, first, LENGTH - 2);
	give_bytes(bench, ISN + LENGTH, second, LENGTH);
	assert_int_equal(bench->count, 0);
	give_tcp(bench, &ack, NULL, 0);
	assert_int_equal(bench->count, 2);
	assert_int_equal(bench->seen[0].datagram.payload.left, LENGTH - 2);
	assert_int_equal(bench->seen[0].datagram.wire, LENGTH);
	assert_string_equal(bench->seen[1].text, second);
	assert_int_equal(dropped(bench), 0);
}

static void gives_gaps_up_by_itself(void **state)
{
	static char junk[4000];
	struct bench *bench = *state;
	uint32_t seq;

	give_bytes(bench, ISN, first, LENGTH);
	give_bytes(bench, ISN + LENGTH + 100, third, LENGTH);
	bench->ns += 4 * (int64_t)PACKET_SECOND;
	give_bytes(bench, ISN + 2 * LENGTH + 100, second, LENGTH);
	assert_int_equal(bench->count, 3);
	/* too much of it waits */
	seq = ISN + 3 * LENGTH + 110;
	for (size_t i = 0; i <= FEED_TCP_AHEAD_MAX / sizeof junk; i++, seq += sizeof junk)
		give_bytes(bench, seq, junk, sizeof junk);
	give_bytes(bench, seq, second, LENGTH);
	assert_int_equal(bench->count, 4);
	assert_int_equal(dropped(bench), FEED_TCP_AHEAD_MAX / sizeof junk + 1);
	/* so far on that it is another connection */
	give_bytes(bench, seq + 0x40000000, first, LENGTH);
	assert_int_equal(bench->count, 5);
}

static void begins_in_the_middle(void **state)
{
	struct bench *bench = *state;

	give_bytes(bench, ISN, first + 50, LENGTH - 50);
	assert_int_equal(bench->count, 0);
	assert_int_equal(dropped(bench), 0);
	give_bytes(bench, ISN + LENGTH - 50, second, LENGTH);
	assert_int_equal(bench->count, 1);
	assert_string_equal(bench->seen[0].text, second);
}

static void cut_segments_are_read_as_far_as_they_go(void **state)
{
	struct bench *bench = *state;
	struct segment cut = { .seq = ISN, .flags = ACK, .snap = 3 };

	give_tcp(bench, &cut, first, LENGTH);
	assert_int_equal(bench->count, 1);
	assert_int_equal(bench->seen[0].datagram.payload.left, LENGTH - 3);
	assert_int_equal(bench->seen[0].datagram.wire, LENGTH);
	cut.seq += LENGTH;
	cut.snap = LENGTH - 40;
	give_tcp(bench, &cut, second, LENGTH);
	give_bytes(bench, ISN + 2 * LENGTH, third, LENGTH);
	assert_int_equal(bench->count, 2);
	assert_string_equal(bench->seen[1].text, third);
	assert_int_equal(feed_counts(bench->feed)->snapped, 2);
}

static void noise_costs_nothing(void **state)
{
	static const char noise[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
	struct bench *bench = *state;

	give_flag(bench, ISN - 1, SYN);
	give_bytes(bench, ISN, noise, sizeof noise - 1);
	give_bytes(bench, ISN + 500, noise, sizeof noise - 1);
	give_flag(bench, ISN + 600, RST);
	feed_end(bench->feed);
	assert_int_equal(bench->count, 0);
	assert_int_equal(dropped(bench), 0);
	assert_int_equal(damaged(bench), 0);
}

static void counts_what_never_became_whole(void **state)
{
	struct bench *bench = *state;

	give_bytes(bench, ISN, first, 100);
	give_bytes(bench, ISN + 100, first + 100, 50);
	assert_int_equal(dropped(bench), 0);
	give_flag(bench, ISN + 150, RST);
	assert_int_equal(dropped(bench), 2);
	/* the same ports again */
	give_flag(bench, 5, SYN);
	give_bytes(bench, 6, first, LENGTH);
	assert_int_equal(bench->count, 1);
	give_bytes(bench, 6 + LENGTH, second, 100);
	feed_end(bench->feed);
	assert_int_equal(dropped(bench), 3);
}

static void endless_headers_are_bounded(void **state)
{
	struct bench *bench = *state;
	char line[1000];
	uint32_t seq = ISN;

	memset(line, 'a', sizeof line);
	memcpy(line, "X: ", 3);
	line[sizeof line - 1] = '\n';
	give_bytes(bench, seq, first, 100);
	seq += 100;
	for (unsigned i = 0; i < 500; i++, seq += sizeof line)
		give_bytes(bench, seq, line, sizeof line);
	assert_int_equal(bench->count, 0);
	give_bytes(bench, seq, second, LENGTH);
	assert_int_equal(bench->count, 1);
	assert_string_equal(bench->seen[0].text, second);
	assert_int_equal(dropped(bench), 501);
}

/* --- TURN --- */

static const struct endpoint client = { 0, 0xffff0a000001, 4000 };
static const char rtp[] = "\x80\x08rtp....voice";
enum {
	RTP = sizeof rtp - 1,
	BIND = 0x009,
	BOUND = 0x109,
	REFUSED = 0x119,
	SEND = 0x016,
	DATA = 0x017
};

static void put_attribute(struct bytes *out, uint16_t type, const void *value, size_t length)
{
	put_number(out, type, 2);
	put_number(out, length, 2);
	put(out, value, length);
	put(out, "\0\0\0", -length % 4);
}

static void put_peer(struct bytes *out, const struct endpoint *who)
{
	struct bytes value = { .length = 0 };

	put_number(&value, 1, 2);
	put_number(&value, who->port ^ 0x2112, 2);
	put_number(&value, (who->low & 0xffffffff) ^ 0x2112a442, 4);
	put_attribute(out, 0x12, value.at, value.length);
}

static struct bytes make_stun(uint16_t type, char id, const struct bytes *attributes)
{
	struct bytes out = { .length = 0 };

	put_number(&out, type, 2);
	put_number(&out, attributes->length, 2);
	put_number(&out, 0x2112a442, 4);
	put(&out, "abcdefghijk", 11);
	put(&out, &id, 1);
	put(&out, attributes->at, attributes->length);
	return out;
}

static void bind_to(struct bench *bench, uint16_t type, char id, const struct endpoint *who)
{
	const struct endpoint *src = type == BIND ? &client : &server;
	struct bytes attributes = { .length = 0 }, message;

	if (type == BIND) {
		put_attribute(&attributes, 0x0c, "\x40\x01\0", 4);
		put_peer(&attributes, who);
	}
	message = make_stun(type, id, &attributes);
	give_udp(bench, src, type == BIND ? &server : &client, message.at, message.length);
	assert_memory_equal(bench->seen[bench->count - 1].text, message.at, message.length);
	bench->count = 0; /* STUN is passed on as it is */
}

static void give_channel(struct bench *bench, uint16_t channel, const struct endpoint *src,
			 const struct endpoint *dst, size_t padding)
{
	struct bytes message = { .length = 0 };

	put_number(&message, channel, 2);
	put_number(&message, RTP, 2);
	put(&message, rtp, RTP);
	put(&message, "\0\0\0", padding);
	bench->count = 0;
	give_udp(bench, src, dst, message.at, message.length);
	assert_int_equal(bench->count, 1);
}

static void is_relayed(const struct bench *bench, const struct endpoint *src,
		       const struct endpoint *dst)
{
	const struct datagram *datagram = &bench->seen[0].datagram;

	assert_true(endpoint_equal(&datagram->src, src));
	assert_true(endpoint_equal(&datagram->dst, dst));
	assert_int_equal(endpoint_is_set(&datagram->via), true);
	assert_int_equal(datagram->wire, RTP);
	assert_int_equal(datagram->payload.left, RTP);
	assert_memory_equal(bench->seen[0].text, rtp, RTP);
}

static void unwraps_channels(void **state)
{
	const struct endpoint other = endpoint_v4(0xc6336401, 9);
	struct bench *bench = *state;

	bind_to(bench, BIND, 'a', &peer);
	bind_to(bench, BOUND, 'a', NULL);
	give_channel(bench, 0x4001, &client, &server, 0);
	is_relayed(bench, &client, &peer);
	assert_true(endpoint_equal(&bench->seen[0].datagram.via, &server));
	give_channel(bench, 0x4001, &server, &client, 3);
	is_relayed(bench, &peer, &client);
	assert_true(endpoint_equal(&bench->seen[0].datagram.via, &server));
	/* The number stands for its peer until another binding is granted. */
	bind_to(bench, BIND, 'b', &other);
	bind_to(bench, REFUSED, 'b', NULL);
	give_channel(bench, 0x4001, &client, &server, 0);
	is_relayed(bench, &client, &peer);
	bind_to(bench, BIND, 'c', &other);
	bind_to(bench, BOUND, 'c', NULL);
	give_channel(bench, 0x4001, &client, &server, 0);
	is_relayed(bench, &client, &other);
}

static void does_not_guess_peers(void **state)
{
	const struct endpoint unknown = { 0, 0, 0 };
	const struct endpoint odd = endpoint_v4(0x0a000003, 3333),
			      web = endpoint_v4(0x0a000003, 443);
	struct bench *bench = *state;

	give_channel(bench, 0x4002, &client, &server, 0); /* by its port */
	is_relayed(bench, &client, &unknown);
	give_channel(bench, 0x4002, &web, &client, 0);
	is_relayed(bench, &unknown, &client);
	assert_true(endpoint_equal(&bench->seen[0].datagram.via, &web));
	/* No server is known there: as it is. */
	give_channel(bench, 0x4002, &client, &odd, 0);
	assert_false(endpoint_is_set(&bench->seen[0].datagram.via));
	assert_int_equal(bench->seen[0].datagram.wire, RTP + 4);
	/* Too long for what it says: no ChannelData. */
	give_udp(bench, &client, &server, "\x40\2\0\1abcdef", 10);
	assert_false(endpoint_is_set(&bench->seen[1].datagram.via));
	/* SIP to a TURN port is SIP. */
	give_udp(bench, &client, &server, first, LENGTH);
	assert_false(endpoint_is_set(&bench->seen[2].datagram.via));
	assert_string_equal(bench->seen[2].text, first);
}

static struct bytes make_indication(uint16_t type)
{
	struct bytes attributes = { .length = 0 };

	put_attribute(&attributes, 0x8022, "name", 4);
	put_peer(&attributes, &peer);
	put_attribute(&attributes, 0x13, rtp, RTP);
	return make_stun(type, 'x', &attributes);
}

static void unwraps_indications(void **state)
{
	struct bench *bench = *state;
	struct bytes message = make_indication(SEND), body = { .length = 0 };
	struct ip cut = { .src = client, .dst = server, .protocol = UDP, .snap = 5 };

	give_udp(bench, &client, &server, message.at, message.length);
	is_relayed(bench, &client, &peer);
	bench->count = 0;
	message = make_indication(DATA);
	give_udp(bench, &server, &client, message.at, message.length);
	is_relayed(bench, &peer, &client);
	/* cut inside of what it carries */
	put_udp(&body, &client, &server, message.at, message.length);
	give_ip(bench, &cut, body.at, body.length);
	assert_int_equal(bench->seen[1].datagram.wire, RTP);
	assert_true(endpoint_is_set(&bench->seen[1].datagram.via));
	assert_in_range(bench->seen[1].datagram.payload.left, RTP - 5, RTP - 1);
}

static void unwraps_turn_over_tcp(void **state)
{
	const struct endpoint unknown = { 0, 0, 0 };
	struct bytes stream = make_indication(SEND);
	struct bench *bench = *state;

	put_number(&stream, 0x4003, 2);
	put_number(&stream, RTP, 2);
	put(&stream, rtp, RTP);
	put(&stream, "\0\0\0", -RTP & 3);
	for (uint32_t i = 0; i < stream.length; i++) {
		if (!i)
			give_flag(bench, ISN - 1, SYN);
		give_bytes(bench, ISN + i, (const char *)stream.at + i, 1);
	}
	assert_int_equal(bench->count, 2);
	is_relayed(bench, &phone, &peer);
	assert_false(bench->seen[0].datagram.tcp);
	bench->seen[0] = bench->seen[1];
	is_relayed(bench, &phone, &unknown);
	assert_int_equal(dropped(bench), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(passes_udp_on),
		TEST(counts_each_once),
		TEST(tells_of_refusals),
		TEST(puts_fragments_together),
		TEST(keeps_the_first_of_overlaps),
		TEST(drops_overlaps_of_ipv6),
		TEST(gives_fragments_up),
		TEST(refuses_impossible_fragments),
		TEST(splits_what_came_at_once),
		TEST(joins_single_bytes),
		cmocka_unit_test_setup_teardown(joins_any_two_pieces_in_any_order, nothing,
						nothing),
		TEST(keeps_the_first_bytes_of_segments),
		TEST(goes_on_behind_a_gap),
		TEST(gives_a_cut_message),
		TEST(gives_gaps_up_by_itself),
		TEST(begins_in_the_middle),
		TEST(cut_segments_are_read_as_far_as_they_go),
		TEST(noise_costs_nothing),
		TEST(counts_what_never_became_whole),
		TEST(endless_headers_are_bounded),
		TEST(unwraps_channels),
		TEST(does_not_guess_peers),
		TEST(unwraps_indications),
		TEST(unwraps_turn_over_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
