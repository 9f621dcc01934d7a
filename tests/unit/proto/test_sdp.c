/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sdp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BEGIN "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

static struct sdp read_text(const char *text)
{
	struct sdp sdp;

	assert_int_equal(sdp_read(&sdp, slice_of_text(text)), ERR_NONE);
	return sdp;
}

static void check_endpoint(const struct endpoint *endpoint, const char *expected)
{
	char text[ADDR_TEXT] = "";

	if (endpoint_is_set(endpoint))
		endpoint_text(text, endpoint);
	assert_string_equal(text, expected);
}

static void plain_audio(void **state)
{
	const struct sdp sdp = read_text(
		BEGIN
		"m=audio 4000 RTP/AVP 0 8 9 18 97 101 200 x\r\na=rtpmap:97 opus/48000/2\r\n"
		"a=rtpmap:101 telephone-event/8000\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n");
	const struct sdp_media *audio = sdp_audio(&sdp);

	(void)state;
	assert_string_equal(sdp.origin, "- 1 2 IN IP4 192.0.2.1");
	assert_int_equal(sdp.version, 2);
	assert_int_equal(sdp.media_count, 1);
	assert_string_equal(audio->kind, "audio");
	assert_string_equal(audio->proto, "RTP/AVP");
	assert_string_equal(audio->host, "192.0.2.1");
	check_endpoint(&audio->at, "192.0.2.1:4000");
	check_endpoint(&audio->rtcp, "192.0.2.1:4001");
	assert_int_equal(audio->direction, SDP_SENDRECV);
	assert_int_equal(audio->srtp, SDP_SRTP_NONE);
	assert_int_equal(audio->ptime, 20);
	assert_int_equal(audio->codec_count, 6);
	assert_string_equal(audio->codec[0].name, "PCMU");
	assert_string_equal(sdp_codec_find(audio, 9)->name, "G722");
	assert_int_equal(sdp_codec_find(audio, 9)->clock, 8000); /* RFC 3551, 4.5.2 */
	assert_string_equal(sdp_codec_find(audio, 97)->name, "opus");
	assert_int_equal(sdp_codec_find(audio, 97)->clock, 48000);
	assert_null(sdp_codec_find(audio, 3));
}

static void session_and_stream(void **state)
{
	const struct sdp sdp = read_text(
		"v=0\no=x\nc=IN IP6 2001:db8::1\na=sendonly\na=fingerprint:sha-256 "
		"AA\na=ice-ufrag:x\n"
		"m=video 5000/2 RTP/SAVPF 31\nc=IN IP4 233.252.0.1/127/3\na=recvonly\n"
		"m=audio 6000 UDP/TLS/RTP/SAVPF 111\na=rtcp-mux\na=rtcp:9 IN IP4 0.0.0.0\n"
		"m=audio 0 RTP/AVP 0\na=inactive\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\n"
		"a=rtcp:53020\n"
		"m=image 7000 udptl t38\na=rtcp:53021 IN IP4 192.0.2.9\n");

	(void)state;
	assert_int_equal(sdp.media_count, 4);
	assert_string_equal(sdp.media[0].host, "233.252.0.1");
	check_endpoint(&sdp.media[0].at, "233.252.0.1:5000");
	assert_int_equal(sdp.media[0].direction, SDP_RECVONLY);
	assert_int_equal(sdp.media[0].srtp, SDP_SRTP_DTLS);
	assert_true(sdp.media[0].ice);
	assert_ptr_equal(sdp_audio(&sdp), &sdp.media[1]);
	check_endpoint(&sdp.media[1].at, "[2001:db8::1]:6000");
	check_endpoint(&sdp.media[1].rtcp, "[2001:db8::1]:6000");
	assert_int_equal(sdp.media[1].direction, SDP_SENDONLY);
	assert_string_equal(sdp.media[1].codec[0].name, "");
	assert_int_equal(sdp.media[1].codec[0].clock, 0);
	assert_int_equal(sdp.media[2].at.port, 0);
	assert_int_equal(sdp.media[2].direction, SDP_INACTIVE);
	assert_int_equal(sdp.media[2].srtp, SDP_SRTP_SDES);
	check_endpoint(&sdp.media[2].rtcp, "[2001:db8::1]:53020");
	check_endpoint(&sdp.media[3].rtcp, "192.0.2.9:53021");
	assert_int_equal(sdp.media[3].codec_count, 0);
}

/* Encrypted or plain, and the answer refuses the first. */
static void the_audio_is_the_one_that_is_not_refused(void **state)
{
	struct sdp sdp = read_text("v=0\nc=IN IP4 192.0.2.1\nm=audio 0 RTP/SAVP 0\n"
				   "m=video 5000 RTP/AVP 31\nm=audio 6000 RTP/AVP 0\n");

	(void)state;
	assert_ptr_equal(sdp_audio(&sdp), &sdp.media[2]);
	sdp.media[2].at.port = 0;
	assert_ptr_equal(sdp_audio(&sdp), &sdp.media[0]);
}

static void names_and_holds(void **state)
{
	struct sdp sdp =
		read_text("v=0\r\nc=IN IP4 media.example.com\r\nm=audio 4000 RTP/AVP 0\r\n");

	(void)state;
	assert_string_equal(sdp.media[0].host, "media.example.com");
	assert_false(endpoint_is_set(&sdp.media[0].at));
	assert_int_equal(sdp.media[0].at.port, 4000);
	sdp = read_text("v=0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n");
	check_endpoint(&sdp.media[0].at, "0.0.0.0:4000");
	assert_int_equal(sdp.media[0].direction, SDP_SENDRECV); /* as written */
	sdp = read_text("v=0\r\nm=audio 4000 RTP/AVP 0\r\n");
	assert_string_equal(sdp.media[0].host, "");
	assert_false(endpoint_is_set(&sdp.media[0].at));
}

/* RFC 8839, 5.1 */
static void candidates(void **state)
{
	const struct sdp sdp = read_text(
		BEGIN "m=audio 4000 RTP/AVP 0\r\na=candidate:1 1 UDP 2130706431 10.0.1.1 8998 typ "
		      "host\r\n"
		      "a=candidate:2 2 udp 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 "
		      "rport 8998\r\n"
		      "a=candidate:3 1 TCP 1 192.0.2.3 9 typ host tcptype active\r\n"
		      "a=candidate:4 1 UDP 1 abc.local 9 typ host\r\na=candidate:5 1 UDP\r\n"
		      "a=candidate:6 1 UDP 1 2001:db8::5 9 typ relay\r\na=ice-ufrag:8hhY\r\n");
	const struct sdp_media *audio = &sdp.media[0];

	(void)state;
	assert_int_equal(audio->candidate_count, 3);
	check_endpoint(&audio->candidate[0].at, "10.0.1.1:8998");
	assert_string_equal(audio->candidate[0].type, "host");
	assert_int_equal(audio->candidate[1].component, 2);
	assert_string_equal(audio->candidate[1].type, "srflx");
	check_endpoint(&audio->candidate[2].at, "[2001:db8::5]:9");
	assert_true(audio->ice);
}

static void odd_ones(void **state)
{
	struct sdp sdp =
		read_text("\r\nv=0\nz\n=\nm\nm=\nm=audio\nm=audio 70000 RTP/AVP 0\n"
			  "a=rtpmap\na=rtpmap:\na=rtpmap:0\na=rtpmap:0 /\na=rtpmap:0 x/\n"
			  "a=rtpmap:0 x/0\na=:\na=\nc=\nc=IN\nc=IN IP4\nc=IN IP9 1\na=ptime:x\n"
			  "a=rtcp:\na=candidate:\na=sendrecv \n");

	(void)state;
	assert_int_equal(sdp.media_count, 3);
	assert_string_equal(sdp.media[2].codec[0].name, "PCMU");
	assert_int_equal(sdp.media[2].at.port, 0);
	sdp = read_text(BEGIN "m=audio 4000  RTP/AVP  0   0 8\r\na=rtpmap:8 P\033CMA/8000\r\n");
	assert_int_equal(sdp.media[0].codec_count, 2);
	assert_string_equal(sdp.media[0].codec[1].name, "P\\x1bCMA");
}

static void refused(void **state)
{
	struct sdp sdp;

	(void)state;
	assert_int_equal(sdp_read(&sdp, slice_of_text("")), ERR_SYNTAX);
	assert_int_equal(sdp_read(&sdp, slice_of_text("v=0\r\n")), ERR_SYNTAX);
	assert_int_equal(sdp_read(&sdp, slice_of_text("m=audio 1 RTP/AVP 0\r\n")), ERR_SYNTAX);
	assert_int_equal(sdp_read(&sdp, slice_of_text("\x1f\x8b\x08")), ERR_SYNTAX);
}

static void bounded(void **state)
{
	static char text[4 * SDP_BODY_MAX];
	size_t length = (size_t)snprintf(text, sizeof text, "%sm=audio 4000 RTP/AVP", BEGIN);
	struct sdp sdp;

	(void)state;
	for (unsigned i = 0; i < 128; i++)
		length += (size_t)snprintf(text + length, sizeof text - length, " %u", i);
	length += (size_t)snprintf(text + length, sizeof text - length, "\r\n");
	while (length < 2 * SDP_BODY_MAX)
		length += (size_t)snprintf(text + length, sizeof text - length,
					   "a=candidate:1 1 UDP 1 192.0.2.3 9 typ host\r\n");
	sdp = read_text(text);
	assert_int_equal(sdp.media[0].codec_count, SDP_CODECS_MAX);
	assert_int_equal(sdp.media[0].candidate_count, SDP_CANDIDATES_MAX);
	length = (size_t)snprintf(text, sizeof text, "%s", BEGIN);
	for (unsigned i = 0; i < 5000; i++)
		length += (size_t)snprintf(text + length, sizeof text - length,
					   "m=audio %u RTP/AVP 0\na=inactive\n", 4000 + i);
	sdp = read_text(text);
	assert_int_equal(sdp.media_count, SDP_MEDIA_MAX);
	assert_int_equal(sdp.media[7].at.port, 4007);
	assert_int_equal(sdp.media[7].direction, SDP_INACTIVE);
}

static void statics(void **state)
{
	struct sdp_codec codec;

	(void)state;
	assert_int_equal(sdp_static_codec(&codec, 18), ERR_NONE);
	assert_string_equal(codec.name, "G729");
	assert_int_equal(codec.payload_type, 18);
	assert_int_equal(sdp_static_codec(&codec, 10), ERR_NONE);
	assert_int_equal(codec.clock, 44100);
	assert_int_equal(sdp_static_codec(&codec, 1), ERR_NOT_FOUND);
	assert_int_equal(sdp_static_codec(&codec, 35), ERR_NOT_FOUND);
	assert_int_equal(sdp_static_codec(&codec, 127), ERR_NOT_FOUND);
	assert_string_equal(sdp_direction_text(SDP_RECVONLY), "recvonly");
	assert_string_equal(sdp_srtp_text(SDP_SRTP_DTLS), "dtls");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_audio),
		cmocka_unit_test(session_and_stream),
		cmocka_unit_test(the_audio_is_the_one_that_is_not_refused),
		cmocka_unit_test(names_and_holds),
		cmocka_unit_test(candidates),
		cmocka_unit_test(odd_ones),
		cmocka_unit_test(refused),
		cmocka_unit_test(bounded),
		cmocka_unit_test(statics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
