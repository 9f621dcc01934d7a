/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_slice(struct slice slice, const char *text)
{
	assert_int_equal(slice.left, strlen(text));
	assert_memory_equal(slice.at, text, slice.left);
}

static struct sip_raw read_text(const char *text)
{
	struct sip_raw raw;

	assert_int_equal(sip_raw_read(&raw, slice_of_text(text)), ERR_NONE);
	return raw;
}

static void reads_whole_message(void **state)
{
	(void)state;
	struct sip_raw raw =
		read_text("INVITE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.1\r\n"
			  "SUBJECT:  hello\r\n\tworld \r\nl:14\r\n\r\nv=0\r\no=- 1 2\r\n more");

	check_slice(raw.start, "INVITE sip:a@b SIP/2.0");
	assert_int_equal(raw.header_count, 3);
	assert_int_equal(raw.header[0].name, SIP_VIA);
	check_slice(raw.header[0].label, "v");
	check_slice(raw.header[0].value, "SIP/2.0/UDP 192.0.2.1");
	assert_int_equal(raw.header[1].name, SIP_OTHER);
	check_slice(raw.header[1].value, "hello\r\n\tworld");
	assert_true(raw.headers_complete);
	assert_true(raw.whole);
	assert_int_equal(raw.sdp_count, 2);
	check_slice(raw.sdp[1], "o=- 1 2");
	assert_false(raw.sdp_cut);
	assert_ptr_equal(sip_raw_find(&raw, SIP_CONTENT_LENGTH), &raw.header[2]);
	assert_null(sip_raw_find(&raw, SIP_TO));
}

static void reads_line_feeds_alone(void **state)
{
	(void)state;
	struct sip_raw raw = read_text("\n\r\nSIP/2.0 200 OK\nVia: x\n\nbody");

	check_slice(raw.start, "SIP/2.0 200 OK");
	assert_int_equal(raw.header_count, 1);
	check_slice(raw.sdp[0], "body");
	assert_true(raw.sdp_cut);
	assert_false(raw.whole);
}

/* Whatever is cut off, nothing is read from behind the cut and nothing fails but an unreadable
 * start. */
static void reads_every_cut(void **state)
{
	static const char text[] =
		"INVITE sip:a@b SIP/2.0\r\nVia: x\r\n folded\r\nl: 5\r\n\r\nv=0\r\n";

	(void)state;
	for (size_t length = 0; length < sizeof text; length++) {
		char *copy = malloc(length ? length : 1);
		struct sip_raw raw;
		enum err err;

		memcpy(copy, text, length);
		err = sip_raw_read(&raw, slice_of(copy, length));
		if (!length)
			assert_int_equal(err, ERR_TRUNCATED);
		else
			assert_int_equal(err, length < 7 ? ERR_SYNTAX : ERR_NONE);
		assert_int_equal(raw.headers_complete, length >= 49);
		assert_int_equal(raw.whole, length >= 54);
		free(copy);
	}
}

static void stops_at_binary_tail(void **state)
{
	/* RFC 4884: zero padding, then an extension structure. */
	static const char quote[] =
		"OPTIONS sip:a SIP/2.0\r\nVia: ab\0\0\x20\0\xff\xffVia: evil\r\n\r\n";
	struct sip_raw raw;

	(void)state;
	assert_int_equal(sip_raw_read(&raw, slice_of(quote, sizeof quote - 1)), ERR_NONE);
	assert_int_equal(raw.header_count, 1);
	check_slice(raw.header[0].value, "ab");
	assert_false(raw.headers_complete);
}

static void refuses_what_is_not_sip(void **state)
{
	static const char *const texts[] = {
		"hello",        "GET / HTTP/1.1\r\n\r\n", " INVITE x SIP/2.0\r\n",
		"\x80\x00\x01", "invite x SIP/2.0\r\n",
	};
	struct sip_raw raw;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(sip_raw_read(&raw, slice_of_text(texts[i])), ERR_SYNTAX);
	assert_int_equal(sip_raw_read(&raw, slice_of_text("\r\n\r\n")), ERR_TRUNCATED);
}

static void bounds_are_kept(void **state)
{
	struct sip_raw raw;
	struct buf many;

	(void)state;
	buf_init(&many, 2 * SIP_MESSAGE_MAX);
	assert_int_equal(buf_add_text(&many, "SIP/2.0 200 OK\r\n"), ERR_NONE);
	for (int i = 0; i <= SIP_HEADERS_MAX; i++)
		assert_int_equal(buf_add_text(&many, "a:b\r\n"), ERR_NONE);
	assert_int_equal(sip_raw_read(&raw, slice_of(many.data, many.length)), ERR_FULL);
	assert_int_equal(raw.header_count, SIP_HEADERS_MAX);

	buf_reset(&many);
	assert_int_equal(buf_add_text(&many, "SIP/2.0 200 OK\r\n\r\n"), ERR_NONE);
	for (int i = 0; i <= SIP_SDP_MAX; i++)
		assert_int_equal(buf_add_text(&many, "a=b\r\n"), ERR_NONE);
	assert_int_equal(sip_raw_read(&raw, slice_of(many.data, many.length)), ERR_FULL);

	while (many.length <= SIP_MESSAGE_MAX)
		assert_int_equal(buf_add_text(&many, "xxxxxxxxxxxxxxxx"), ERR_NONE);
	assert_int_equal(sip_raw_read(&raw, slice_of(many.data, many.length)), ERR_FULL);
	buf_clear(&many);
}

static struct addr local_at(const char *text)
{
	struct addr addr;

	assert_int_equal(addr_parse(&addr, text, 5060), ERR_NONE);
	return addr;
}

static void builds_invite(void **state)
{
	const struct addr local = local_at("192.168.1.10");
	const struct sip_request request = { .method = SIP_INVITE,
					     .token = "0a1b2c3d",
					     .host = "example.com",
					     .local = &local,
					     .media_port = 40000 };
	struct sip_raw raw;
	struct buf out;

	(void)state;
	buf_init(&out, SIP_MESSAGE_MAX);
	assert_int_equal(sip_build(&out, &request), ERR_NONE);
	assert_string_equal(buf_text(&out),
			    "INVITE sip:0a1b2c3d@example.com SIP/2.0\r\n"
			    "Via: SIP/2.0/UDP 192.168.1.10:5060;rport;branch=z9hG4bK0a1b2c3d\r\n"
			    "Max-Forwards: 70\r\n"
			    "From: <sip:earshot@192.168.1.10>;tag=0a1b2c3d\r\n"
			    "To: <sip:example.com>\r\n"
			    "Call-ID: 0a1b2c3d@192.168.1.10\r\n"
			    "CSeq: 1 INVITE\r\n"
			    "Contact: <sip:earshot@192.168.1.10:5060>\r\n"
			    "Content-Type: application/sdp\r\n"
			    "Content-Length: 94\r\n\r\n"
			    "v=0\r\no=- 1 1 IN IP4 192.168.1.10\r\ns=-\r\nc=IN IP4 192.168.1.10\r\n"
			    "t=0 0\r\nm=audio 40000 RTP/AVP 0\r\n");
	assert_true(out.length <= 440);
	assert_int_equal(sip_raw_read(&raw, slice_of(out.data, out.length)), ERR_NONE);
	assert_true(raw.whole);
	assert_int_equal(raw.sdp_count, 6);
	buf_clear(&out);
}

static void builds_others(void **state)
{
	const struct addr v6 = local_at("2001:db8::1");
	struct sip_request request = {
		.method = SIP_REGISTER, .token = "t", .host = "2001:db8::5", .local = &v6
	};
	struct buf out;

	(void)state;
	buf_init(&out, SIP_MESSAGE_MAX);
	assert_int_equal(sip_build(&out, &request), ERR_NONE);
	assert_non_null(strstr(buf_text(&out), "REGISTER sip:[2001:db8::5] SIP/2.0\r\n"));
	assert_non_null(strstr(buf_text(&out), "\r\nVia: SIP/2.0/UDP [2001:db8::1]:5060;rport;"));
	assert_non_null(strstr(buf_text(&out), "\r\nExpires: 0\r\n"));
	assert_non_null(strstr(buf_text(&out), "\r\nContent-Length: 0\r\n\r\n"));
	request.method = SIP_OPTIONS;
	request.via_host = "earshot.invalid";
	assert_int_equal(sip_build(&out, &request), ERR_NONE);
	assert_non_null(strstr(buf_text(&out), "\r\nVia: SIP/2.0/UDP earshot.invalid:5060;rport;"));
	assert_non_null(
		strstr(buf_text(&out), "\r\nContact: <sip:earshot@[2001:db8::1]:5060>\r\n"));
	buf_clear(&out);
}

static void refuses_what_would_break_a_line(void **state)
{
	const struct addr local = local_at("192.0.2.1");
	const struct sip_request good = { .token = "t", .host = "h", .local = &local };
	struct sip_request bad = good;
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	bad.host = "a\r\nVia: b";
	assert_int_equal(sip_build(&out, &bad), ERR_SYNTAX);
	bad.host = "";
	assert_int_equal(sip_build(&out, &bad), ERR_RANGE);
	bad = good;
	bad.token = "12345678901234567";
	assert_int_equal(sip_build(&out, &bad), ERR_RANGE);
	bad.token = "a b";
	assert_int_equal(sip_build(&out, &bad), ERR_SYNTAX);
	assert_int_equal(sip_build(&out, &good), ERR_FULL);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_whole_message),
		cmocka_unit_test(reads_line_feeds_alone),
		cmocka_unit_test(reads_every_cut),
		cmocka_unit_test(stops_at_binary_tail),
		cmocka_unit_test(refuses_what_is_not_sip),
		cmocka_unit_test(bounds_are_kept),
		cmocka_unit_test(builds_invite),
		cmocka_unit_test(builds_others),
		cmocka_unit_test(refuses_what_would_break_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
