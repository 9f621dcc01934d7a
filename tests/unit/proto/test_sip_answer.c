/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sip_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/sip.h"

#define REST                                                                                       \
	"From: <sip:e@h>;tag=1\r\nTo: <sip:t@h>;tag=2\r\nCall-ID: abc@192.0.2.1\r\nCSeq: 7 "       \
	"OPTIONS\r\n"

static struct sip_answer parse(const char *text)
{
	struct sip_answer answer;

	assert_int_equal(sip_answer_parse(&answer, slice_of_text(text)), ERR_NONE);
	return answer;
}

static void reads_answer(void **state)
{
	const struct sip_answer answer =
		parse("SIP/2.0 200 Keepalive\r\n"
		      "v: SIP/2.0/UDP "
		      "192.168.1.10:5062;rport=40001;branch=z9hG4bKx;received=203.0.113.2,\r\n"
		      " SIP/2.0/UDP 192.0.2.99\r\n" REST
		      "Server: kamailio (5.6.3)\r\nContent-Length: 0\r\n\r\n");
	char text[ADDR_TEXT];

	(void)state;
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.reason, "Keepalive");
	assert_string_equal(answer.call_id, "abc@192.0.2.1");
	assert_string_equal(answer.method, "OPTIONS");
	assert_int_equal(answer.cseq, 7);
	assert_string_equal(answer.branch, "z9hG4bKx");
	assert_string_equal(answer.via_host, "192.168.1.10");
	assert_int_equal(answer.via_port, 5062);
	assert_int_equal(answer.rport, 40001);
	assert_string_equal(addr_host_text(text, &answer.received), "203.0.113.2");
	assert_string_equal(answer.server, "kamailio (5.6.3)");
}

static void reads_sparse_answer(void **state)
{
	const struct sip_answer answer =
		parse("SIP/2.0 404 \r\nVia: SIP/2.0/UDP [2001:db8::1];rport;branch=b;"
		      "received=nonsense\r\n" REST "User-Agent: red\r\n\r\n");

	(void)state;
	assert_int_equal(answer.status, 404);
	assert_string_equal(answer.via_host, "2001:db8::1");
	assert_int_equal(answer.via_port, 5060);
	assert_int_equal(answer.rport, 0);
	assert_false(addr_is_set(&answer.received));
	assert_string_equal(answer.reason, "");
	assert_string_equal(answer.server, "red");
}

static void text_is_made_safe(void **state)
{
	const struct sip_answer answer = parse(
		"SIP/2.0 200 \xe2\x80\xaeKO\r\nVia: SIP/2.0/UDP h;branch=b\r\n" REST "Server: a\xff"
		"b\xc2\x9b\r\n\r\n");

	(void)state;
	assert_string_equal(answer.reason, "\\u{202e}KO");
	assert_string_equal(answer.server, "a\\xffb\\x9b");
}

static void refuses_what_is_no_answer(void **state)
{
	static const char *const texts[] = {
		"",
		"SIP/2.0 200 OK\r\n",
		"SIP/2.0 200 OK\r\n\r\n",
		"SIP/2.0 20 OK\r\nVia: SIP/2.0/UDP h\r\n" REST "\r\n",
		"SIP/2.0 700 OK\r\nVia: SIP/2.0/UDP h\r\n" REST "\r\n",
		"SIP/2.0 x OK\r\nVia: SIP/2.0/UDP h\r\n" REST "\r\n",
		"SIP/2.0 200 OK\r\nVia:\r\n" REST "\r\n",
		"SIP/2.0 200 OK\r\nVia: ;;;;\r\n" REST "\r\n",
		"SIP/2.0 200 OK\r\n" REST "\r\n",
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\nCall-ID: a\r\nCSeq: -1 OPTIONS\r\n\r\n",
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\nCall-ID: a\r\n\r\n",
		"OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n" REST "\r\n",
		"HTTP/1.1 200 OK\r\n\r\n",
	};
	struct sip_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (sip_answer_parse(&answer, slice_of_text(texts[i])) != ERR_SYNTAX)
			fail_msg("taken: %s", texts[i]);
}

static void refuses_what_is_too_large(void **state)
{
	struct sip_answer answer;
	char text[SIP_MESSAGE_MAX + 2];

	(void)state;
	snprintf(text, sizeof text,
		 "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;x=%01500d\r\n" REST "\r\n", 1);
	assert_int_equal(sip_answer_parse(&answer, slice_of_text(text)), ERR_FULL);
	memset(text, 'a', sizeof text);
	assert_int_equal(sip_answer_parse(&answer, slice_of(text, sizeof text)), ERR_FULL);
}

/* No cut, and no single byte replaced, does harm (the sanitizers look on). */
static void survives_damage(void **state)
{
	static const char text[] =
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h:1;rport=2;received=192.0.2.1\r\n" REST "\r\n";

	(void)state;
	for (size_t i = 0; i < sizeof text - 1; i++) {
		static const char bytes[] = "\0\r\n:;,\"<>\x80 ";
		struct sip_answer answer;
		char *copy = malloc(sizeof text - 1);
		enum err err = sip_answer_parse(&answer, slice_of(memcpy(copy, text, i), i));

		assert_int_not_equal(err, ERR_NONE);
		for (size_t j = 0; j < sizeof bytes; j++) {
			memcpy(copy, text, sizeof text - 1);
			copy[i] = bytes[j];
			err = sip_answer_parse(&answer, slice_of(copy, sizeof text - 1));
			assert_true(err || (answer.status >= 100 && answer.status <= 699));
		}
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_answer),
		cmocka_unit_test(reads_sparse_answer),
		cmocka_unit_test(text_is_made_safe),
		cmocka_unit_test(refuses_what_is_no_answer),
		cmocka_unit_test(refuses_what_is_too_large),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
