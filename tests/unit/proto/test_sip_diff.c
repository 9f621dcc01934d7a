/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sip_diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define START      "INVITE sip:t@example.com SIP/2.0\r\n"
#define VIA        "Via: SIP/2.0/UDP 192.168.1.10:5060;rport;branch=z9hG4bKt\r\n"
#define FORWARDS   "Max-Forwards: 70\r\n"
#define FROM       "From: <sip:e@192.168.1.10>;tag=t\r\n"
#define TO         "To: <sip:t@example.com>\r\n"
#define CALL_ID    "Call-ID: t@192.168.1.10\r\n"
#define CSEQ       "CSeq: 1 INVITE\r\n"
#define CONTACT    "Contact: <sip:e@192.168.1.10:5060>\r\n"
#define TYPE       "Content-Type: application/sdp\r\n"
#define LENGTH     "Content-Length: 94\r\n"
#define ORIGIN     "o=- 1 1 IN IP4 192.168.1.10\r\n"
#define CONNECTION "c=IN IP4 192.168.1.10\r\n"
#define MEDIA      "m=audio 40000 RTP/AVP 0\r\n"
#define HEAD       VIA FORWARDS FROM TO CALL_ID CSEQ CONTACT TYPE
#define SDP        "v=0\r\n" ORIGIN "s=-\r\n" CONNECTION "t=0 0\r\n" MEDIA
#define SENT       START HEAD LENGTH "\r\n" SDP

#define BIT(name) (1U << SIP_FIELD_##name)

static const unsigned all = BIT(VIA) | BIT(CONTACT) | BIT(FROM) | BIT(TO) | BIT(CALL_ID) |
			    BIT(REQUEST_URI) | BIT(SDP_CONNECTION) | BIT(SDP_ORIGIN) |
			    BIT(SDP_PORT) | BIT(CONTENT_LENGTH) | BIT(OTHER);

static const struct {
	const char *name, *got;
	unsigned changed, harmless;
} cases[] = {
	{ "as sent", SENT, 0, 0 },
	{ "as a Linux router's SIP helper left it",
	  START
	  "Via: SIP/2.0/UDP 203.0.113.2:48653;rport;branch=z9hG4bKt\r\n" FORWARDS
	  "From: <sip:e@203.0.113.2>;tag=t\r\n" TO CALL_ID CSEQ
	  "Contact: <sip:e@203.0.113.2:48653>\r\n" TYPE "Content-Length: 92\r\n\r\n"
	  "v=0\r\no=- 1 1 IN IP4 203.0.113.2\r\ns=-\r\nc=IN IP4 203.0.113.2\r\nt=0 0\r\n" MEDIA,
	  BIT(VIA) | BIT(FROM) | BIT(CONTACT) | BIT(CONTENT_LENGTH) | BIT(SDP_ORIGIN) |
		  BIT(SDP_CONNECTION),
	  0 },
	{ "request URI", "INVITE sip:t@203.0.113.9 SIP/2.0\r\n" HEAD LENGTH "\r\n" SDP,
	  BIT(REQUEST_URI), 0 },
	{ "method", "OPTIONS sip:t@example.com SIP/2.0\r\n" HEAD LENGTH "\r\n" SDP, BIT(OTHER), 0 },
	{ "media port",
	  START HEAD LENGTH "\r\nv=0\r\n" ORIGIN "s=-\r\n" CONNECTION
			    "t=0 0\r\nm=audio 40002 RTP/AVP 0\r\n",
	  BIT(SDP_PORT), 0 },
	{ "codecs",
	  START HEAD LENGTH "\r\nv=0\r\n" ORIGIN "s=-\r\n" CONNECTION
			    "t=0 0\r\nm=audio 40000 RTP/AVP 8\r\n",
	  BIT(OTHER), 0 },
	{ "line added to the SDP", START HEAD "Content-Length: 103\r\n\r\n" SDP "a=rtcp:1\r\n",
	  BIT(CONTENT_LENGTH) | BIT(OTHER), 0 },
	{ "connection taken out",
	  START HEAD "Content-Length: 71\r\n\r\nv=0\r\n" ORIGIN "s=-\r\nt=0 0\r\n" MEDIA,
	  BIT(CONTENT_LENGTH) | BIT(SDP_CONNECTION), 0 },
	{ "body taken out", START HEAD "Content-Length: 0\r\n\r\n",
	  BIT(CONTENT_LENGTH) | BIT(SDP_CONNECTION) | BIT(SDP_ORIGIN) | BIT(SDP_PORT) | BIT(OTHER),
	  0 },
	{ "second Via", START "Via: SIP/2.0/UDP 203.0.113.2\r\n" HEAD LENGTH "\r\n" SDP, BIT(VIA),
	  0 },
	{ "header added", START HEAD "P-Asserted: x\r\n" LENGTH "\r\n" SDP, BIT(OTHER), 0 },
	{ "header taken out", START VIA FORWARDS FROM TO CALL_ID CSEQ TYPE LENGTH "\r\n" SDP,
	  BIT(CONTACT), 0 },
	{ "call identifier",
	  START VIA FORWARDS FROM TO "Call-ID: t@203.0.113.2\r\n" CSEQ CONTACT TYPE LENGTH
				     "\r\n" SDP,
	  BIT(CALL_ID), 0 },
	{ "To",
	  START VIA FORWARDS FROM "To: <sip:t@203.0.113.2>\r\n" CALL_ID CSEQ CONTACT TYPE LENGTH
				  "\r\n" SDP,
	  BIT(TO), 0 },
	{ "Max-Forwards counted up",
	  START VIA "Max-Forwards: 71\r\n" FROM TO CALL_ID CSEQ CONTACT TYPE LENGTH "\r\n" SDP,
	  BIT(OTHER), 0 },

	{ "harmless: order", START TO FROM VIA FORWARDS CSEQ CALL_ID TYPE CONTACT LENGTH "\r\n" SDP,
	  0, SIP_HARMLESS_ORDER },
	{ "harmless: compact names",
	  START "v: SIP/2.0/UDP 192.168.1.10:5060;rport;branch=z9hG4bKt\r\n" FORWARDS
		"f: <sip:e@192.168.1.10>;tag=t\r\n" TO
		"CALL-ID: t@192.168.1.10\r\n" CSEQ CONTACT TYPE LENGTH "\r\n" SDP,
	  0, SIP_HARMLESS_NAME },
	{ "harmless: white space",
	  START
	  "Via :SIP/2.0/UDP  192.168.1.10:5060 ;\r\n rport; branch = z9hG4bKt\r\n" FORWARDS FROM TO
		  CALL_ID CSEQ CONTACT TYPE LENGTH "\r\n" SDP,
	  0, SIP_HARMLESS_SPACE },
	{ "harmless: Max-Forwards",
	  START VIA "Max-Forwards: 69\r\n" FROM TO CALL_ID CSEQ CONTACT TYPE LENGTH "\r\n" SDP, 0,
	  SIP_HARMLESS_MAX_FORWARDS },
	{ "harmless: Content-Length", START HEAD "Content-Length: 0094\r\n\r\n" SDP, 0,
	  SIP_HARMLESS_LENGTH },
};

static struct sip_diff diff(const char *got, size_t length)
{
	struct sip_diff out;

	assert_int_equal(sip_diff(&out, slice_of_text(SENT), slice_of(got, length)), ERR_NONE);
	return out;
}

static void tells_each_change(void **state)
{
	(void)state;
	assert_int_equal(strlen(SDP), 94);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct sip_diff out = diff(cases[i].got, strlen(cases[i].got));

		if (out.changed != cases[i].changed || out.harmless != cases[i].harmless)
			fail_msg("%s: changed %x not %x, harmless %x not %x", cases[i].name,
				 out.changed, cases[i].changed, out.harmless, cases[i].harmless);
		assert_int_equal(out.changed == 0, out.change_count == 0);
		if (!out.changed)
			assert_int_equal(out.seen, all);
	}
}

static void line_feeds_are_harmless(void **state)
{
	char got[sizeof SENT];
	size_t length = 0;
	struct sip_diff out;

	(void)state;
	for (const char *c = SENT; *c; c++)
		if (*c != '\r')
			got[length++] = *c;
	out = diff(got, length);
	assert_int_equal(out.changed & ~BIT(CONTENT_LENGTH), 0);
	assert_int_equal(out.harmless, SIP_HARMLESS_SPACE);
}

/* A cut at any byte is no change, and what was changed before the cut stays one. */
static void cut_is_no_change(void **state)
{
	static const char *const altered = START
		"Via: SIP/2.0/UDP 203.0.113.2:48653;rport;branch=z9hG4bKt\r\n" FORWARDS FROM TO;

	(void)state;
	for (size_t length = 8; length <= strlen(SENT); length++) {
		char *copy = malloc(length);
		struct sip_diff out;

		memcpy(copy, SENT, length);
		out = diff(copy, length);
		assert_int_equal(out.changed, 0);
		assert_int_equal(out.harmless, 0);
		assert_int_equal(!!(out.seen & BIT(SDP_PORT)), length == strlen(SENT));
		free(copy);
	}
	for (size_t length = strlen(START) + 18; length <= strlen(altered); length++)
		assert_int_equal(diff(altered, length).changed, BIT(VIA));
}

static void padding_is_no_change(void **state)
{
	char quote[200] = { 0 };

	(void)state;
	memcpy(quote, SENT, 100);
	memcpy(quote + 128, "\x20\x00\x12\x34", 4);
	assert_int_equal(diff(quote, sizeof quote).changed, 0);
	memcpy(quote + 100, "\x20\x00\x12\x34\r\nVia: z\r\n\r\n", 16);
	assert_int_equal(diff(quote, sizeof quote).changed, 0);
}

static void shows_what_became_what(void **state)
{
	const struct sip_diff out = diff(cases[1].got, strlen(cases[1].got));
	const struct sip_change *change = &out.change[0];

	(void)state;
	assert_int_equal(change->field, SIP_FIELD_VIA);
	assert_true(slice_is(change->sent, "192.168.1.10:5060"));
	assert_true(slice_is(change->got, "203.0.113.2:48653"));
	for (size_t i = 0; i < out.change_count; i++) {
		if (out.change[i].field != SIP_FIELD_SDP_CONNECTION)
			continue;
		assert_true(slice_is(out.change[i].sent, "192.168.1.10"));
		assert_true(slice_is(out.change[i].got, "203.0.113.2"));
		return;
	}
	fail_msg("no change of the connection line");
}

static void nonsense_says_nothing(void **state)
{
	static const char *const quotes[] = { "", "\r\n", "\x01\x02\x03", "nonsense", "INV" };
	struct sip_diff out;

	(void)state;
	for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
		assert_int_not_equal(sip_diff(&out, slice_of_text(SENT), slice_of_text(quotes[i])),
				     ERR_NONE);
		assert_int_equal(out.changed | out.seen, 0);
	}
}

static void many_changes_keep_their_bounds(void **state)
{
	char got[4096] = START;
	struct sip_diff out;

	(void)state;
	for (int i = 0; i < 60; i++)
		strcat(got, "X: y\r\n");
	strcat(got, "\r\n");
	out = diff(got, strlen(got));
	assert_int_equal(out.change_count, SIP_CHANGES_MAX);
	assert_true(out.changed & BIT(OTHER));
	assert_true(out.changed & BIT(VIA));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_each_change),
		cmocka_unit_test(line_feeds_are_harmless),
		cmocka_unit_test(cut_is_no_change),
		cmocka_unit_test(padding_is_no_change),
		cmocka_unit_test(shows_what_became_what),
		cmocka_unit_test(nonsense_says_nothing),
		cmocka_unit_test(many_changes_keep_their_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
