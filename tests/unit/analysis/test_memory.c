/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the analysis takes of memory: nothing for a packet of RTP, no more for many calls one after
 * the other than for some, and with all tables full no more than analysis.h says.
 *
 * The linker leads every asking for memory through here (see module.mk). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "analysis/analysis.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { FRAME_MAX = 4096, HEADERS = 42, MS = 1000000, STREAMS_MANY = 1000 };

/* --- asked for memory --------------------------------------------------------------------------*/

static size_t asked;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
	asked++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	asked++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	asked++;
	return __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	asked++;
	return __real_aligned_alloc(alignment, size);
}

static double peak_mb(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return (double)usage.ru_maxrss / 1024;
}

/* --- a capture that is written as it is read ---------------------------------------------------*/

struct wire {
	struct analysis *analysis;
	size_t calls;
	int64_t ns;
	uint8_t frame[FRAME_MAX];
};

static void drop_call(const struct call_told *call, void *context)
{
	struct wire *wire = context;

	(void)call;
	wire->calls++;
}

static int setup(void **state)
{
	const struct analysis_options options = { .at = VANTAGE_UNKNOWN };
	struct wire *wire = calloc(1, sizeof *wire);

	if (!wire)
		return -1;
	wire->ns = 1000 * (int64_t)PACKET_SECOND;
	wire->analysis =
		analysis_new(&options, &(struct analysis_to){ .call = drop_call, .context = wire });
	*state = wire;
	return 0;
}

static int teardown(void **state)
{
	struct wire *wire = *state;

	analysis_free(wire->analysis);
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

struct flow {
	uint32_t src, dst;
	uint16_t src_port, dst_port;
};

/* Ethernet, IPv4, UDP; the payload stands in the frame already. */
static void send_udp(struct wire *wire, const struct flow *flow, size_t length)
{
	uint8_t *ip = wire->frame + 14;
	const struct packet packet = { .ns = wire->ns,
				       .link = PACKET_ETHERNET,
				       .data = wire->frame,
				       .captured = HEADERS + length,
				       .wire = HEADERS + length };

	memset(wire->frame, 0, HEADERS);
	put16(wire->frame + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, (unsigned)(28 + length));
	ip[8] = 64;
	ip[9] = 17;
	put32(ip + 12, flow->src);
	put32(ip + 16, flow->dst);
	put16(ip + 20, flow->src_port);
	put16(ip + 22, flow->dst_port);
	put16(ip + 24, (unsigned)(8 + length));
	analysis_packet(wire->analysis, &packet);
}

static void send_rtp(struct wire *wire, const struct flow *flow, uint32_t ssrc, unsigned seq,
		     uint8_t type)
{
	uint8_t *rtp = wire->frame + HEADERS;

	memset(rtp + 12, 0x35, 160);
	rtp[0] = 0x80;
	rtp[1] = type;
	put16(rtp + 2, seq & 0xffff);
	put32(rtp + 4, seq * 160);
	put32(rtp + 8, ssrc);
	send_udp(wire, flow, 172);
}

/* What of a call a message tells. */
struct message {
	const char *first, *cseq;
	unsigned call, port; /* port 0: no description */
	size_t stuffing;     /* bytes of a header that nobody reads */
	bool from_phone, within;
};

static void send_sip(struct wire *wire, const struct message *m)
{
	static const struct flow to = { 0x0a000001, 0x0a000002, 5060, 5060 };
	static const struct flow fro = { 0x0a000002, 0x0a000001, 5060, 5060 };
	char *text = (char *)wire->frame + HEADERS, sdp[300] = "";
	int length;

	if (m->port)
		snprintf(
			sdp, sizeof sdp,
			"v=0\r\no=- %u 1 IN IP4 10.0.0.%d\r\ns=-\r\nc=IN IP4 10.0.0.%d\r\nt=0 0\r\n"
			"m=audio %u RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n",
			m->call, m->from_phone ? 1 : 2, m->from_phone ? 1 : 2, m->port);
	length = snprintf(text, FRAME_MAX - HEADERS,
			  "%s\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK%u%.6s\r\n"
			  "From: <sip:a@example.com>;tag=a\r\nTo: <sip:b@example.com>%s\r\n"
			  "Call-ID: call-%u\r\nCSeq: %s\r\nContact: <sip:x@10.0.0.1>\r\n"
			  "%sX-Stuffing: %0*d\r\nContent-Length: %zu\r\n\r\n%s",
			  m->first, m->call, m->cseq, m->within ? ";tag=b" : "", m->call, m->cseq,
			  m->port ? "Content-Type: application/sdp\r\n" : "",
			  m->stuffing ? (int)m->stuffing : 1, 0, strlen(sdp), sdp);
	send_udp(wire, m->from_phone ? &to : &fro, (size_t)length);
}

static void send_answer(struct wire *wire, unsigned call, const char *cseq, unsigned port)
{
	send_sip(wire, &(struct message){ .first = "SIP/2.0 200 OK",
					  .cseq = cseq,
					  .call = call,
					  .port = port,
					  .within = true });
}

static void send_request(struct wire *wire, unsigned call, const char *cseq)
{
	char first[64];

	snprintf(first, sizeof first, "%s sip:b@example.com SIP/2.0", strchr(cseq, ' ') + 1);
	send_sip(wire, &(struct message){ .first = first,
					  .cseq = cseq,
					  .call = call,
					  .from_phone = true,
					  .within = true });
}

static void send_invite(struct wire *wire, unsigned call, const char *cseq, unsigned port,
			size_t stuffing)
{
	send_sip(wire, &(struct message){ .first = "INVITE sip:b@example.com SIP/2.0",
					  .cseq = cseq,
					  .call = call,
					  .port = port,
					  .stuffing = stuffing,
					  .from_phone = true,
					  .within = cseq[0] != '1' });
}

/* --- tests -------------------------------------------------------------------------------------*/

static struct flow flow_of(unsigned i)
{
	return (struct flow){ 0x0a010000 + i, 0x0a020000 + i, 20000, 30000 };
}

/* Less than ten seconds, after which the streams are looked through once more. Some are lost, some
 * come twice, some too late, some are digits. */
static void test_packet_asks_for_none(void **state)
{
	struct wire *wire = *state;
	size_t before = 0;

	for (unsigned seq = 0; seq < 450; seq++, wire->ns += 20 * MS) {
		if (seq == 10)
			before = asked;
		for (unsigned i = 0; i < STREAMS_MANY; i++) {
			const struct flow flow = flow_of(i);
			const unsigned turn = (seq + i) % 100;

			if (turn == 5)
				continue;
			send_rtp(wire, &flow, i, turn == 6 ? seq - 1 : seq,
				 turn >= 90 && seq > 100 ? 101 : 0);
			if (turn == 7)
				send_rtp(wire, &flow, i, seq, 0);
		}
	}
	assert_true(before > 0);
	assert_int_equal(asked - before, 0);
	analysis_end(wire->analysis);
	assert_int_equal(wire->calls, STREAMS_MANY);
}

/* As many calls as told, ten a second, each over at once. */
static void play_calls(struct wire *wire, unsigned *call, unsigned until)
{
	for (; *call < until; ++*call, wire->ns += 20 * MS) {
		const uint16_t port = (uint16_t)(10000 + *call % 20000 * 2);
		const struct flow to = { 0x0a000001, 0x0a000002, port, port },
				  fro = { 0x0a000002, 0x0a000001, port, port };

		send_invite(wire, *call, "1 INVITE", port, 0);
		send_answer(wire, *call, "1 INVITE", port);
		send_request(wire, *call, "1 ACK");
		for (unsigned seq = 0; seq < 4; seq++, wire->ns += 20 * MS) {
			send_rtp(wire, &to, 2 * *call, seq, 0);
			send_rtp(wire, &fro, 2 * *call + 1, seq, 0);
		}
		send_request(wire, *call, "2 BYE");
		send_answer(wire, *call, "2 BYE", 0);
	}
}

static void test_flat(void **state)
{
	enum { SOME = 4000, MANY = 20000 };
	struct wire *wire = *state;
	double after_some;
	unsigned call = 0;

	if (SANITIZED)
		skip(); /* what is freed is kept there, to catch its use */
	play_calls(wire, &call, SOME);
	after_some = peak_mb();
	play_calls(wire, &call, MANY);
	print_message("%.1f MB after %d calls, %.1f MB after %d\n", after_some, SOME, peak_mb(),
		      MANY);
	assert_true(peak_mb() < 1.2 * after_some);
	analysis_end(wire->analysis);
	assert_int_equal(wire->calls, MANY);
}

static json_int_t input(const struct wire *wire, const char *key)
{
	json_t *json = analysis_input(wire->analysis);
	const json_int_t value = json_integer_value(json_object_get(json, key));

	json_decref(json);
	return value;
}

/* All of it in a second: nothing is over, nothing can be told. */
static void test_ceiling(void **state)
{
	const char *many = getenv("EARSHOT_TEST_MANY");
	const unsigned calls = many ? (unsigned)atoi(many) : 9000, streams = many ? calls : 40000;
	struct wire *wire = *state;

	if (SANITIZED)
		skip();
	for (unsigned i = 0; i < streams; i++) {
		const struct flow flow = flow_of(i);

		for (unsigned seq = 0; seq < 5; seq++)
			send_rtp(wire, &flow, i, seq, 0);
		wire->ns += 1000;
	}
	for (unsigned i = 0; i < calls; i++) {
		static const char *const cseq[] = { "1 INVITE", "2 INVITE", "3 INVITE",
						    "4 INVITE" };

		for (unsigned k = 0; k < 4; k++) {
			send_invite(wire, i, cseq[k], 10000 + k, 2500);
			send_answer(wire, i, cseq[k], 0);
		}
		wire->ns += 1000;
	}
	print_message("%u streams, %u calls: %.0f MB\n", streams, calls, peak_mb());
	assert_true(input(wire, "streams_overflowed") > 0);
	assert_true(input(wire, "calls_overflowed") > 0);
	assert_true(peak_mb() < ANALYSIS_MEMORY_MB);
	analysis_end(wire->analysis);
	assert_true(wire->calls >= calls);
	assert_true(peak_mb() < ANALYSIS_MEMORY_MB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_packet_asks_for_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flat, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ceiling, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
