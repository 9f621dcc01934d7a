/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From packets to calls: which streams belong to whom, what is told when, and how it looks while it
 * goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/analysis.h"

enum { TEXT_MAX = 2048, CALLS_KEPT = 8, MS = 1000000 };
#define PHONE  0xc0a8010au /* 192.168.1.10 */
#define ROUTER 0xc6336407u /* 198.51.100.7 */
#define FAR    0xc0a80102u /* 192.168.1.2 */

/* A capture that is written as it is read. */
struct wire {
	struct analysis *analysis;
	json_t *call[CALLS_KEPT];
	size_t calls;
	int64_t ns;
	uint16_t seq[2];
};

static void keep_call(const struct call_told *call, void *context)
{
	struct wire *wire = context;

	assert_true(wire->calls < CALLS_KEPT);
	wire->call[wire->calls++] = json_text_parse(call->json);
}

static int setup(void **state)
{
	struct wire *wire = calloc(1, sizeof *wire);
	const struct analysis_options options = { .at = VANTAGE_UNKNOWN };

	if (!wire)
		return -1;
	wire->ns = 1000 * (int64_t)PACKET_SECOND;
	wire->analysis =
		analysis_new(&options, &(struct analysis_to){ .call = keep_call, .context = wire });
	*state = wire;
	return 0;
}

static int teardown(void **state)
{
	struct wire *wire = *state;

	analysis_free(wire->analysis);
	for (size_t i = 0; i < wire->calls; i++)
		json_decref(wire->call[i]);
	free(wire);
	return 0;
}

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

/* IPv4 and UDP, without a link layer. */
static void udp_between(struct wire *wire, uint32_t src, uint32_t dst, unsigned src_port,
			unsigned dst_port, const void *payload, size_t length)
{
	uint8_t bytes[28 + TEXT_MAX] = { 0x45 };
	struct packet packet = { .ns = wire->ns, .link = PACKET_RAW, .data = bytes };

	assert_true(length <= TEXT_MAX);
	put16(bytes + 2, (unsigned)(28 + length));
	bytes[8] = 64;
	bytes[9] = 17;
	put32(bytes + 12, src);
	put32(bytes + 16, dst);
	put16(bytes + 20, src_port);
	put16(bytes + 22, dst_port);
	put16(bytes + 24, (unsigned)(8 + length));
	memcpy(bytes + 28, payload, length);
	packet.captured = packet.wire = 28 + length;
	analysis_packet(wire->analysis, &packet);
}

static void udp(struct wire *wire, bool from_phone, unsigned src_port, unsigned dst_port,
		const void *payload, size_t length)
{
	udp_between(wire, from_phone ? PHONE : FAR, from_phone ? FAR : PHONE, src_port, dst_port,
		    payload, length);
}

/* `attributes`: lines of its SDP. */
static void sip_with(struct wire *wire, bool from_phone, const char *first, const char *call,
		     const char *cseq, const char *to_tag, unsigned media_port,
		     const char *attributes)
{
	char text[TEXT_MAX], sdp[256] = "";

	if (media_port)
		snprintf(sdp, sizeof sdp,
			 "v=0\r\no=- 1 1 IN IP4 192.168.1.%d\r\ns=-\r\nc=IN IP4 192.168.1.%d\r\n"
			 "t=0 0\r\nm=audio %u RTP/AVP 0\r\n%s",
			 from_phone ? 10 : 2, from_phone ? 10 : 2, media_port, attributes);
	snprintf(text, sizeof text,
		 "%s\r\nVia: SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK%s%.2s\r\n"
		 "From: <sip:a@example.com>;tag=a\r\nTo: <sip:b@example.com>%s\r\n"
		 "Call-ID: %s\r\nCSeq: %s\r\nContact: <sip:x@192.168.1.10>\r\n%s"
		 "Content-Length: %zu\r\n\r\n%s",
		 first, call, cseq, to_tag, call, cseq,
		 media_port ? "Content-Type: application/sdp\r\n" : "", strlen(sdp), sdp);
	udp(wire, from_phone, 5060, 5060, text, strlen(text));
}

static void sip(struct wire *wire, bool from_phone, const char *first, const char *call,
		const char *cseq, const char *to_tag, unsigned media_port)
{
	sip_with(wire, from_phone, first, call, cseq, to_tag, media_port, "");
}

static void up(struct wire *wire, const char *call)
{
	sip(wire, true, "INVITE sip:b@example.com SIP/2.0", call, "1 INVITE", "", 40000);
	wire->ns += 100 * MS;
	sip(wire, false, "SIP/2.0 200 OK", call, "1 INVITE", ";tag=b", 20000);
	wire->ns += 10 * MS;
	sip(wire, true, "ACK sip:b@example.com SIP/2.0", call, "1 ACK", ";tag=b", 0);
}

static void down(struct wire *wire, const char *call)
{
	sip(wire, true, "BYE sip:b@example.com SIP/2.0", call, "2 BYE", ";tag=b", 0);
	wire->ns += 10 * MS;
	sip(wire, false, "SIP/2.0 200 OK", call, "2 BYE", ";tag=b", 0);
}

enum { RTP_BYTES = 172 };

static void make_rtp(uint8_t bytes[static RTP_BYTES], uint16_t seq, uint32_t ssrc)
{
	memset(bytes, 0, RTP_BYTES);
	bytes[0] = 0x80;
	put16(bytes + 2, seq);
	put32(bytes + 4, seq * 160u);
	put32(bytes + 8, ssrc);
	/* A loud tone of 500 Hz. */
	for (size_t i = 12; i < RTP_BYTES; i++)
		bytes[i] = (uint8_t)((i / 8 & 1 ? 0x80 : 0) | 0x10);
}

static void rtp(struct wire *wire, bool from_phone, uint32_t ssrc)
{
	uint8_t bytes[RTP_BYTES];

	make_rtp(bytes, wire->seq[from_phone]++, ssrc);
	udp(wire, from_phone, from_phone ? 40000 : 20000, from_phone ? 20000 : 40000, bytes,
	    sizeof bytes);
}

/* So many packets, 20 ms apart. */
static void talk(struct wire *wire, unsigned count, bool out, bool in, uint32_t ssrc)
{
	for (unsigned i = 0; i < count; i++) {
		if (out)
			rtp(wire, true, ssrc);
		if (in)
			rtp(wire, false, ssrc + 1);
		wire->ns += 20 * MS;
	}
}

static const char *text(const json_t *call, const char *key)
{
	return json_string_value(json_object_get(call, key));
}

static const char *state_of(const json_t *call, const char *way)
{
	return text(json_object_get(json_object_get(call, "directions"), way), "state");
}

static void test_two_ways(void **state)
{
	struct wire *wire = *state;
	size_t findings;

	up(wire, "one");
	talk(wire, 300, true, true, 1);
	down(wire, "one");
	analysis_end(wire->analysis);
	assert_int_equal(wire->calls, 1);
	assert_string_equal(text(wire->call[0], "verdict"), "two-way");
	assert_string_equal(text(wire->call[0], "call_id"), "one");
	assert_int_equal(json_array_size(json_object_get(wire->call[0], "streams")), 2);
	analysis_findings(&findings, wire->analysis);
	assert_int_equal(findings, 0);
}

static void test_one_way(void **state)
{
	struct wire *wire = *state;
	const struct finding *const *finding;
	size_t findings;

	for (uint32_t i = 0; i < 2; i++) {
		up(wire, i ? "two" : "one");
		talk(wire, 300, true, false, 1 + 10 * i);
		down(wire, i ? "two" : "one");
		wire->ns += PACKET_SECOND;
	}
	analysis_end(wire->analysis);
	assert_int_equal(wire->calls, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(text(wire->call[i], "verdict"), "one-way-out");
		assert_string_equal(state_of(wire->call[i], "in"), "missing");
	}
	/* Once for both. */
	finding = analysis_findings(&findings, wire->analysis);
	assert_int_equal(findings, 1);
	assert_string_equal(finding[0]->kind->id, "rtp-one-way");
	assert_int_equal(finding[0]->direction, DIRECTION_IN);
}

/* Two calls on the same ports, one after the other: each has its own streams. */
static void test_ports_again(void **state)
{
	struct wire *wire = *state;

	for (uint32_t i = 0; i < 2; i++) {
		up(wire, i ? "two" : "one");
		talk(wire, 200, true, true, 1 + 10 * i);
		down(wire, i ? "two" : "one");
		wire->ns += 2 * (int64_t)PACKET_SECOND;
	}
	analysis_end(wire->analysis);
	assert_int_equal(wire->calls, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(json_array_size(json_object_get(wire->call[i], "streams")), 2);
}

/* A call is told 32 s after its end, and its streams are forgotten, while the capture goes on. */
static void test_told_early(void **state)
{
	struct wire *wire = *state;
	struct live_call live[4];

	up(wire, "one");
	talk(wire, 200, true, true, 1);
	down(wire, "one");
	for (unsigned i = 0; i < 5000 && !wire->calls; i++) {
		udp(wire, true, 9999, 9999, "nothing of ours", 15);
		wire->ns += 20 * MS;
	}
	assert_int_equal(wire->calls, 1);
	assert_int_equal(analysis_live(live, 4, wire->analysis), 0);
	analysis_end(wire->analysis);
	assert_int_equal(wire->calls, 1);
}

static void test_without_sip(void **state)
{
	struct wire *wire = *state;

	talk(wire, 200, true, true, 7);
	analysis_end(wire->analysis);
	assert_int_equal(wire->calls, 1);
	assert_string_equal(text(wire->call[0], "call_id"), "");
	assert_string_equal(text(wire->call[0], "result"), "unfinished");
	assert_string_equal(text(wire->call[0], "verdict"), "two-way");
}

static void test_without_sip_one_way(void **state)
{
	struct wire *wire = *state;

	talk(wire, 200, true, false, 7);
	analysis_end(wire->analysis);
	assert_int_equal(wire->calls, 1);
	assert_string_equal(text(wire->call[0], "verdict"), "unknown");
	assert_int_equal(json_array_size(json_object_get(wire->call[0], "findings")), 0);
}

static void test_live(void **state)
{
	struct wire *wire = *state;
	struct live_call live[4];

	up(wire, "one");
	talk(wire, 200, true, false, 1);
	assert_int_equal(analysis_live(live, 4, wire->analysis), 1);
	talk(wire, 100, true, false, 1);
	assert_int_equal(analysis_live(live, 4, wire->analysis), 1);
	assert_string_equal(live[0].from, "sip:a@example.com");
	assert_true(live[0].answered);
	assert_true(live[0].out.seen);
	assert_false(live[0].in.seen);
	assert_true(live[0].out.packets_per_second > 49 && live[0].out.packets_per_second < 51);
	assert_int_equal(live[0].out.packets, 300);
	assert_string_equal(live[0].in.meaning, "nothing of their voice is seen here");
	assert_string_equal(live[0].out.meaning, "your voice is on its way");
}

static void test_live_refused(void **state)
{
	struct wire *wire = *state;
	struct live_call live[4];

	sip(wire, true, "INVITE sip:b@example.com SIP/2.0", "one", "1 INVITE", "", 40000);
	wire->ns += 100 * MS;
	sip(wire, false, "SIP/2.0 488 Not Acceptable Here", "one", "1 INVITE", ";tag=b", 0);
	assert_int_equal(analysis_live(live, 4, wire->analysis), 1);
	assert_true(live[0].ended);
	assert_string_equal(live[0].out.meaning, "the call was refused");
	assert_string_equal(live[0].in.meaning, "");
}

static void test_live_on_hold(void **state)
{
	struct wire *wire = *state;
	struct live_call live[4];

	up(wire, "one");
	talk(wire, 100, true, true, 1);
	sip_with(wire, true, "INVITE sip:b@example.com SIP/2.0", "one", "2 INVITE", ";tag=b", 40000,
		 "a=inactive\r\n");
	wire->ns += 100 * MS;
	sip_with(wire, false, "SIP/2.0 200 OK", "one", "2 INVITE", ";tag=b", 20000,
		 "a=inactive\r\n");
	for (unsigned i = 0; i < 10; i++) {
		wire->ns += 1000 * MS;
		sip(wire, true, "OPTIONS sip:b@example.com SIP/2.0", "one", "3 OPTIONS", ";tag=b",
		    0);
	}
	assert_int_equal(analysis_live(live, 4, wire->analysis), 1);
	assert_string_equal(live[0].out.meaning, "on hold");
	assert_string_equal(live[0].in.meaning, "on hold");
}

/* On a router, which lets nothing in: what the phone sends is seen on both sides of its NAT. */
static void test_live_on_a_router(void **state)
{
	struct wire *wire = *state;
	struct live_call live[4];
	uint8_t bytes[RTP_BYTES];

	up(wire, "one");
	for (uint16_t i = 0; i < 300; i++) {
		make_rtp(bytes, i, 1);
		udp_between(wire, PHONE, FAR, 40000, 20000, bytes, sizeof bytes);
		udp_between(wire, ROUTER, FAR, 61000, 20000, bytes, sizeof bytes);
		make_rtp(bytes, i, 2);
		udp_between(wire, FAR, ROUTER, 20000, 61000, bytes, sizeof bytes);
		wire->ns += 20 * MS;
	}
	assert_int_equal(analysis_live(live, 4, wire->analysis), 1);
	assert_string_equal(live[0].out.meaning, "your voice is on its way");
	assert_string_equal(live[0].in.meaning, "their voice gets no further than the router");
	assert_false(live[0].in.seen);
}

static void test_live_without_sip(void **state)
{
	struct wire *wire = *state;
	struct live_call live[4];

	talk(wire, 100, true, true, 1);
	assert_int_equal(analysis_live(live, 4, wire->analysis), 1);
	assert_string_equal(live[0].from, "");
	assert_true(live[0].out.seen);
	assert_true(live[0].in.seen);
}

static void test_input(void **state)
{
	struct wire *wire = *state;
	const struct packet cut = { .ns = wire->ns,
				    .link = PACKET_RAW,
				    .data = (const uint8_t *)"\x45",
				    .captured = 1,
				    .wire = 1 };
	json_t *input;

	analysis_packet(wire->analysis, &cut);
	udp(wire, true, 5060, 5060, "INVITE sip:b@example.com SIP/2.0\r\n\r\n", 36);
	analysis_end(wire->analysis);
	input = analysis_input(wire->analysis);
	assert_int_equal(json_integer_value(json_object_get(input, "packets")), 2);
	assert_int_equal(json_integer_value(json_object_get(input, "passed_over")), 2);
	json_decref(input);
}

static void test_vantage(void **state)
{
	enum vantage vantage = VANTAGE_UNKNOWN;

	(void)state;
	assert_false(vantage_parse(&vantage, "outside"));
	assert_int_equal(vantage, VANTAGE_OUTSIDE);
	assert_string_equal(vantage_text(vantage), "outside");
	assert_int_equal(vantage_parse(&vantage, "elsewhere"), ERR_SYNTAX);
	assert_int_equal(vantage, VANTAGE_OUTSIDE);
}

#define ON_WIRE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_WIRE(test_two_ways),
		ON_WIRE(test_one_way),
		ON_WIRE(test_ports_again),
		ON_WIRE(test_told_early),
		ON_WIRE(test_without_sip),
		ON_WIRE(test_without_sip_one_way),
		ON_WIRE(test_live),
		ON_WIRE(test_live_refused),
		ON_WIRE(test_live_on_hold),
		ON_WIRE(test_live_on_a_router),
		ON_WIRE(test_live_without_sip),
		ON_WIRE(test_input),
		cmocka_unit_test(test_vantage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
