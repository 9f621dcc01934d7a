/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages after the manner of RFC 4475, written afresh. */
#include "proto/sip_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define HEAD                                                                                       \
	"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=f\r\nTo: "              \
	"<sip:c@d>\r\nCall-ID: i\r\nCSeq: 7 INVITE\r\n"

static struct sip_message read_bytes(const void *data, size_t length)
{
	struct sip_message message;

	assert_int_equal(sip_message_read(&message, slice_of(data, length)), ERR_NONE);
	return message;
}

static struct sip_message read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void check_who(struct slice address, const char *uri)
{
	char who[SIP_FIELD_MAX];

	assert_int_equal(sip_message_who(who, address), ERR_NONE);
	assert_string_equal(who, uri);
}

static void check_slice(struct slice slice, const char *text)
{
	assert_int_equal(slice.left, strlen(text));
	assert_memory_equal(slice.at, text, slice.left);
}

static void plain_request(void **state)
{
	const struct sip_message m = read_text(
		"INVITE sip:bob@example.com SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK1, SIP/2.0/TCP "
		"192.0.2.2;branch=z9hG4bK0\r\n"
		"Via: SIP/2.0/UDP 192.0.2.3\r\nMax-Forwards: 70\r\n"
		"From: \"Alice, \\\"A\\\" <x>;tag=no\" "
		"<sip:alice:secret@example.com:5070;user=phone"
		"?x=y>;tag=ft;x=y\r\n"
		"To: sip:bob@example.com;tag=tt\r\nCall-ID: 1@192.0.2.1\r\nCSeq: 4294967295 "
		"INVITE\r\n"
		"Contact: <sip:alice@[2001:db8::1]:5062;transport=tcp>;expires=60\r\n"
		"RSeq: 9\r\nUser-Agent: Phone/1.0\r\nContent-Type: Application/SDP;x=y\r\n"
		"Content-Length: 5\r\n\r\nv=0\r\nrest");

	(void)state;
	assert_true(m.request);
	assert_int_equal(m.status, 0);
	assert_string_equal(m.method, "INVITE");
	assert_string_equal(m.call_id, "1@192.0.2.1");
	assert_int_equal(m.cseq, 4294967295);
	check_who(m.from, "sip:alice@example.com:5070");
	assert_string_equal(m.from_tag, "ft");
	check_who(m.to, "sip:bob@example.com");
	assert_string_equal(m.to_tag, "tt");
	assert_string_equal(m.agent, "Phone/1.0");
	check_slice(m.sdp, "v=0\r\n");
	assert_false(m.cut);
}

static void plain_answer(void **state)
{
	const struct sip_message m =
		read_text("SIP/2.0 486 Busy Here\r\n" HEAD "Server: PBX\r\n\r\n");

	(void)state;
	assert_false(m.request);
	assert_int_equal(m.status, 486);
	assert_string_equal(m.reason, "Busy Here");
	assert_string_equal(m.method, "INVITE");
	assert_string_equal(m.agent, "PBX");
	assert_int_equal(m.body.left, 0);
	assert_false(m.cut);
}

/* RFC 4475, 3.1.1.1: folding, white space, case and compact forms wherever they may be. */
static void tortuous_but_valid(void **state)
{
	const struct sip_message m = read_text(
		"INVITE sip:vera@chair.example.com;odd SIP/2.0\nTO :\n sip:vera@chair.example.com "
		";   tag    = 19181n\nf   : \"J \\\\\\\"\"       <sip:j@example.com>\n  ;\n  tag = "
		"98a\nCall-ID: ws.1@192.0.2.1\nl   : 4\ncseq: 0009\n  INVITE\nVia  : SIP  /   "
		"2.0\n /UDP\n    192.0.2.2;branch=39\ns :\nc: application/sdp\nv:  SIP  / 2.0  / "
		"TCP    "
		" spindle.example.com   ;\n  branch  =   z9  ,\n SIP  /    2.0   / UDP  "
		"192.168.255.111 "
		"  ; branch=\n z8\nm:\"Quoted \\\"\\\"\" <sip:j@example.com> ; new =\n value ;\n q "
		"= "
		"0.33\n\nv=0\n");

	(void)state;
	assert_string_equal(m.method, "INVITE");
	check_who(m.from, "sip:j@example.com");
	assert_string_equal(m.from_tag, "98a");
	check_who(m.to, "sip:vera@chair.example.com");
	assert_string_equal(m.to_tag, "19181n");
	assert_int_equal(m.cseq, 9);
	check_slice(m.sdp, "v=0\n");
}

static void odd_first_lines(void **state)
{
	struct sip_message m;

	(void)state;
	m = read_text("\r\n\r\nSIP/2.0 200\r\n" HEAD "\r\n");
	assert_int_equal(m.status, 200);
	assert_string_equal(m.reason, "");
	m = read_text("!odd-Method0_*+`.%'~ sip:x SIP/2.0\r\n" HEAD "\r\n");
	assert_string_equal(m.method, "!odd-Method0_*+`.%'~");
	m = read_text("INVITE  sip:a b@x; lr  SIP/2.0  \r\n" HEAD "\r\n");
	assert_string_equal(m.method, "INVITE");
	m = read_text("SIP/2.0 200 \xd0\x9e\xd0\x9a\x1b[31m\xff\r\n" HEAD "\r\n");
	assert_string_equal(m.reason, "\xd0\x9e\xd0\x9a\\x1b[31m\\xff");
}

static void what_the_library_refuses_is_read_plainly(void **state)
{
	static const char nul[] =
		"BYE sip:a@b SIP/2.0\r\nFrom: <sip:a\0b@c>;tag=f\r\nTo: x <sip:c\r\n"
		"Call-ID: i\r\nCSeq: 1 BYE\r\n\r\n";
	const struct sip_message m = read_bytes(nul, sizeof nul - 1);
	char longer[3000];

	(void)state;
	check_who(m.from, "sip:a\\x00b@c");
	assert_string_equal(m.from_tag, "f");
	check_who(m.to, "sip:c");
	check_who(slice_of_text("<sip:a%00b@c>"), "sip:a%00b@c");
	snprintf(longer, sizeof longer,
		 "BYE sip:a SIP/2.0\r\nFrom: <sip:%01500d@c>;tag=f\r\nTo: <sip:c>;tag=\r\n"
		 "Call-ID: i\r\nCSeq: 1 BYE\r\n\r\n",
		 7);
	{
		const struct sip_message far = read_text(longer);

		char who[SIP_FIELD_MAX];

		assert_int_equal(sip_message_who(who, far.from), ERR_NONE);
		assert_int_equal(strlen(who), SIP_FIELD_MAX - 1);
		assert_string_equal(who + SIP_FIELD_MAX - 4, "...");
		assert_string_equal(far.from_tag, "f");
		assert_string_equal(far.to_tag, "");
	}
}

/* RFC 3261, 25.1: what looks like a tag inside of quotes or of the URI is none. */
static void tags(void **state)
{
	static const struct {
		const char *from, *tag;
	} cases[] = {
		{ "<sip:a@b>;tag=1", "1" },
		{ "sip:a@b;tag=1;x", "1" },
		{ "<sip:a@b;tag=2>;x;TAG = 1", "1" },
		{ "\"x;tag=2\" <sip:a@b>;tag=1", "1" },
		{ "\"x\\\";tag=2\" <sip:a@b>;tag=1", "1" },
		{ "\"<x\" <sip:a@b>;tag=1", "1" },
		{ "\"x>\" <sip:a@b;tag=2>;y=\";tag=3\";tag=1", "1" },
		{ "<sip:a@b>;tag=", "" },
		{ "<sip:a@b>;tag", "" },
		{ "<sip:a@b>;gat=1", "" },
		{ "\"never closed;tag=1", "" },
		{ "\"\\", "" },
		{ "<sip:a@b;tag=1", "" },
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(text, sizeof text,
			 "BYE sip:a SIP/2.0\r\nFrom: %s\r\nTo: x\r\ni: 1\r\nCSeq: 1 BYE\r\n\r\n",
			 cases[i].from);
		assert_string_equal(read_text(text).from_tag, cases[i].tag);
	}
}

static void bodies(void **state)
{
	static const struct {
		const char *rest, *sdp, *body;
		bool cut;
	} cases[] = {
		{ "c: application/sdp\r\n\r\nv=0\r\n", "v=0\r\n", "v=0\r\n", false },
		{ "c: application/sdp\r\nl: 9\r\n\r\nv=0\r\n", "v=0\r\n", "v=0\r\n", true },
		{ "c: application/sdp\r\nl: 99999999999999999999\r\n\r\nv=0\r\n", "v=0\r\n",
		  "v=0\r\n", true },
		{ "c: application/sdp\r\nl: -9\r\n\r\nv=0\r\n", "v=0\r\n", "v=0\r\n", false },
		{ "c: application/sdp\r\nl: 3\r\n\r\nv=0\r\n", "v=0", "v=0", false },
		{ "\r\nv=0\r\n", "v=0\r\n", "v=0\r\n", false },
		{ "c: text/plain\r\n\r\nv=0\r\n", "", "v=0\r\n", false },
		/* the empty line was forgotten */
		{ "c: application/sdp\r\nv=0\r\no=x\r\n", "v=0\r\no=x\r\n", "v=0\r\no=x\r\n",
		  false },
		/* cut inside of the headers */
		{ "c: application/s", "", "", true },
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sip_message m;

		snprintf(text, sizeof text, "INVITE sip:a SIP/2.0\r\n%s%s", HEAD, cases[i].rest);
		m = read_text(text);
		check_slice(m.sdp, cases[i].sdp);
		check_slice(m.body, cases[i].body);
		assert_int_equal(m.cut, cases[i].cut);
	}
}

static void descriptions_inside_of_multipart(void **state)
{
	static const struct {
		const char *type, *body, *sdp;
	} cases[] = {
		{ "multipart/mixed;boundary=\"b 1\"",
		  "pre\r\n--b 1\r\nContent-Type: application/isup\r\n\r\n\001\002\r\n--b "
		  "1\r\ncontent-type : application/sdp\r\n\r\nv=0\r\n--b 1--\r\n",
		  "v=0\r\n" },
		{ "multipart/mixed; boundary=b", "--b\nc: application/sdp\n\nv=0\nm=x",
		  "v=0\nm=x" },
		{ "multipart/mixed", "--zz\r\nc: application/sdp\r\n\r\nv=0\r\n--zz--", "v=0\r\n" },
		{ "multipart/mixed;boundary=o",
		  "--o\r\nContent-Type: "
		  "multipart/alternative;boundary=i\r\n\r\n--i\r\nContent-Type: "
		  "application/sdp\r\n\r\nv=0\r\n--i--\r\n--o--\r\n",
		  "v=0\r\n" },
		{ "multipart/mixed;boundary=b", "--b\r\n\r\nv=0\r\n--b--", "" },
		{ "multipart/mixed;boundary=b", "", "" },
		{ "multipart/mixed;boundary=b", "--b", "" },
		{ "multipart/", "--\r\n--\r\n", "" },
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sip_message m;

		snprintf(text, sizeof text, "INVITE sip:a SIP/2.0\r\n%sContent-Type: %s\r\n\r\n%s",
			 HEAD, cases[i].type, cases[i].body);
		m = read_text(text);
		check_slice(m.sdp, cases[i].sdp);
	}
}

static void looks(void **state)
{
	static const char *const so[] = {
		"INVITE sip:a@b SIP/2.0\r\n", "SIP/2.0 100 Trying\r\n",
		"\r\nsip/2.0 200 OK",         "BYE sip:a",
		"OPTIONS tel:+1 SIP/2.0\n",   "NOTIFY SIPS:x",
	};
	static const char *const not_so[] = {
		"",
		"\r\n\r\n",
		"\r\n",
		"INV",
		"INVITE",
		"INVITE ",
		"GET sip:x HTTP/1.1\r\n",
		"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250\r\n",
		"SIP/2.0 700 x",
		"SIP/2.0 ",
		"\200\0INVITE sip:x",
		"\1\1\0\0",
		"HTTP/1.1 200 OK\r\n",
		"INVITE sip:a@b SIP/7.0\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof so / sizeof *so; i++)
		assert_true(sip_message_looks_so(slice_of_text(so[i])));
	for (size_t i = 0; i < sizeof not_so / sizeof *not_so; i++)
		assert_false(sip_message_looks_so(slice_of_text(not_so[i])));
}

static void refused(void **state)
{
	static const char *const texts[] = {
		"",
		"INVITE sip:a SIP/2.0\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\nFrom: a\r\nTo: b\r\nCSeq: 1 INVITE\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\nFrom: a\r\nTo: b\r\nCall-ID: \r\nCSeq: 1 INVITE\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\nFrom: a\r\nTo: b\r\nCall-ID: x\r\nCSeq: INVITE\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\nFrom: a\r\nTo: b\r\nCall-ID: x\r\nCSeq: 4294967296 "
		"INVITE\r\n\r\n",
		"SIP/2.0 1000 x\r\n" HEAD "\r\n",
		"SIP/2.0 2x0 x\r\n" HEAD "\r\n",
	};
	static uint8_t huge[SIP_BYTES_MAX + 1];
	struct sip_message m;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(sip_message_read(&m, slice_of_text(texts[i])), ERR_SYNTAX);
	memset(huge, 'a', sizeof huge);
	assert_int_equal(sip_message_read(&m, slice_of(huge, sizeof huge)), ERR_FULL);
}

/* Cut anywhere: never a word from behind the cut (the copy is as short as the cut, for ASan). */
static void every_cut(void **state)
{
	static const char text[] = "INVITE sip:a SIP/2.0\r\n" HEAD
				   "Content-Type: multipart/mixed;boundary=b\r\nContent-Length: "
				   "60\r\n\r\n--b\r\nContent-Type: "
				   "application/sdp\r\n\r\nv=0\r\n--b--\r\n";

	(void)state;
	for (size_t length = 0; length < sizeof text; length++) {
		uint8_t *copy = malloc(length ? length : 1);
		struct sip_message m;
		char who[SIP_FIELD_MAX];
		size_t frame;

		assert_non_null(copy);
		memcpy(copy, text, length);
		if (!sip_message_read(&m, slice_of(copy, length))) {
			assert_string_equal(m.call_id, "i");
			assert_int_equal(sip_message_who(who, m.from), ERR_NONE);
			assert_true(text_is_safe(who));
		}
		if (length > 0 && length < sizeof text - 30)
			assert_int_equal(sip_message_frame(&frame, slice_of(copy, length)) !=
						 ERR_SYNTAX,
					 true);
		free(copy);
	}
}

static void frames(void **state)
{
	static const struct {
		const char *stream;
		enum err err;
		size_t length;
	} cases[] = {
		{ "\r\n\r\n", ERR_TRUNCATED, 0 },
		{ "BYE sip:a SIP/2.0\r\n\r\nBYE", ERR_NONE, 21 },
		{ "\r\n\r\nBYE sip:a SIP/2.0\r\n\r\n", ERR_NONE, 25 },
		{ "BYE sip:a SIP/2.0\r\nl: 10\r\n\r\nabc", ERR_NONE, 38 },
		{ "BYE sip:a SIP/2.0\nContent-Length : 3\n\nabcd", ERR_NONE, 41 },
		{ "BYE sip:a SIP/2.0\r\nl: 10\r\n", ERR_TRUNCATED, 0 },
		{ "B", ERR_TRUNCATED, 0 },
		{ "SIP/2.", ERR_TRUNCATED, 0 },
		{ "SIP/2.0 2", ERR_TRUNCATED, 0 },
		{ "INVITE", ERR_TRUNCATED, 0 },
		{ "INVITE ", ERR_TRUNCATED, 0 },
		{ "INVITE si", ERR_TRUNCATED, 0 },
		{ "GET /index.html", ERR_SYNTAX, 0 },
		{ "GET / HTTP/1.1\r\n\r\n", ERR_SYNTAX, 0 },
		{ "\026\003\001", ERR_SYNTAX, 0 },
		{ "BYE sip:a SIP/2.0\r\nl: 65536\r\n\r\n", ERR_FULL, 0 },
		{ "BYE sip:a SIP/2.0\r\nl: 99999999999999999999\r\n\r\n", ERR_FULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t length = 0;

		assert_int_equal(sip_message_frame(&length, slice_of_text(cases[i].stream)),
				 cases[i].err);
		assert_int_equal(length, cases[i].length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_request),
		cmocka_unit_test(plain_answer),
		cmocka_unit_test(tortuous_but_valid),
		cmocka_unit_test(odd_first_lines),
		cmocka_unit_test(what_the_library_refuses_is_read_plainly),
		cmocka_unit_test(tags),
		cmocka_unit_test(bodies),
		cmocka_unit_test(descriptions_inside_of_multipart),
		cmocka_unit_test(looks),
		cmocka_unit_test(refused),
		cmocka_unit_test(every_cut),
		cmocka_unit_test(frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
