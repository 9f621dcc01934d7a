/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock against a time server and a SIP server on loopback. */
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "check/local_clock.h"
#include "mock/sip_server.h"

/* --- a time server ----------------------------------------------------------------------------*/

enum manner { SERVES, SILENT, KISS, NOT_SET, OTHER_NONCE, FLOOD, SECOND_ONLY };

struct mock {
	enum manner manner;
	double behind; /* seconds */
	int fd, stop[2];
	struct addr addr;
	unsigned asked; /* read after the thread has ended */
	pthread_t thread;
};

static void put_be32(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put_now(uint8_t *out, double behind)
{
	struct timespec now;
	double seconds;

	clock_gettime(CLOCK_REALTIME, &now);
	seconds = (double)now.tv_sec + (double)now.tv_nsec / 1e9 - behind;
	put_be32(out, (uint32_t)((uint64_t)floor(seconds) + 2208988800U));
	put_be32(out + 4, (uint32_t)((seconds - floor(seconds)) * 4294967295.0));
}

static void answer(struct mock *mock, const uint8_t request[static 48], const struct addr *to)
{
	uint8_t bytes[48] = { 0x24, 2 };
	const unsigned times = mock->manner == FLOOD ? 1000 : 1;

	memcpy(bytes + 24, request + 40, 8);
	put_now(bytes + 32, mock->behind);
	put_now(bytes + 40, mock->behind);
	if (mock->manner == KISS) {
		bytes[1] = 0;
		memcpy(bytes + 12, "DENY", 4);
	}
	if (mock->manner == NOT_SET)
		bytes[0] |= 0xc0;
	if (mock->manner == OTHER_NONCE || mock->manner == FLOOD)
		bytes[24] ^= 1;
	for (unsigned i = 0; i < times; i++)
		(void)!sendto(mock->fd, bytes, sizeof bytes, 0, &to->sa.any, addr_length(to));
}

static void *serve(void *context)
{
	struct mock *mock = context;
	struct pollfd polled[] = { { .fd = mock->fd, .events = POLLIN },
				   { .fd = mock->stop[0], .events = POLLIN } };

	while (poll(polled, 2, -1) > 0 && !polled[1].revents) {
		struct addr from = { 0 };
		socklen_t length = sizeof from.sa;
		uint8_t request[100];

		if (recvfrom(mock->fd, request, sizeof request, 0, &from.sa.any, &length) != 48)
			continue;
		mock->asked++;
		if (mock->manner != SILENT && !(mock->manner == SECOND_ONLY && mock->asked == 1))
			answer(mock, request, &from);
	}
	return NULL;
}

static struct mock *mock_new(enum manner manner, double behind)
{
	struct mock *mock = mem_new(1, sizeof *mock);
	socklen_t length = sizeof mock->addr.sa;

	*mock = (struct mock){ .manner = manner, .behind = behind };
	assert_int_equal(addr_parse(&mock->addr, "127.0.0.1", 0), ERR_NONE);
	mock->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(mock->fd, &mock->addr.sa.any, addr_length(&mock->addr)), 0);
	assert_int_equal(getsockname(mock->fd, &mock->addr.sa.any, &length), 0);
	assert_int_equal(pipe(mock->stop), 0);
	assert_int_equal(pthread_create(&mock->thread, NULL, serve, mock), 0);
	return mock;
}

/* How often it was asked. */
static unsigned mock_free(struct mock *mock)
{
	unsigned asked;

	assert_int_equal(write(mock->stop[1], "", 1), 1);
	pthread_join(mock->thread, NULL);
	asked = mock->asked;
	close(mock->fd);
	close(mock->stop[0]);
	close(mock->stop[1]);
	free(mock);
	return asked;
}

/* --- what is told -----------------------------------------------------------------------------*/

struct told {
	double offset; /* NAN: not told */
	char severity[8];
	char evidence[2000]; /* all sentences */
};

static void keep(json_t *event_take, void *context)
{
	struct told *told = context;
	const json_t *finding = json_object_get(event_take, "finding"), *sentence;
	size_t i;

	if (json_object_get(event_take, "value"))
		told->offset = json_number_value(json_object_get(event_take, "value"));
	if (finding) {
		assert_string_equal(json_string_value(json_object_get(finding, "id")),
				    "clock-wrong");
		assert_string_equal(told->severity, "");
		snprintf(told->severity, sizeof told->severity, "%s",
			 json_string_value(json_object_get(finding, "severity")));
	}
	json_array_foreach(json_object_get(finding, "evidence"), i, sentence) {
		const size_t length = strlen(told->evidence);

		snprintf(told->evidence + length, sizeof told->evidence - length, "%s\n",
			 json_string_value(sentence));
	}
	json_decref(event_take);
}

/* Either may be NULL. */
static struct told look(const struct mock *ntp, struct sip_server *sip)
{
	struct told told = { .offset = (double)NAN };
	struct sink sink = { .event = keep, .context = &told };
	struct sip_target target = { .transport = SIP_UDP };
	struct sip_targets targets = { .target = &target };
	const int64_t begun = clock_ms();
	char text[ADDR_TEXT];
	const char *expected;
	struct site site;

	site_init(&site);
	if (ntp)
		assert_int_equal(
			site_set(&site, "clock", "ntp", addr_text(text, &ntp->addr), &expected),
			ERR_NONE);
	if (sip) {
		target.addr = sip_server_addr(sip);
		targets.count = 1;
		assert_int_equal(site_set(&site, "provider", "domain",
					  addr_text(text, &target.addr), &expected),
				 ERR_NONE);
	}
	local_clock(&site, &targets, &sink);
	assert_true(clock_ms() - begun < 6500);
	site_clear(&site);
	return told;
}

static void by_a_time_server(void **state)
{
	static const struct {
		double behind; /* the server; so we are ahead */
		const char *severity, *words;
	} cases[] = {
		{ 0, "", "" },
		{ 29, "", "" },
		{ -29, "", "" },
		{ 45, "note", "45.0 seconds ahead" },
		{ -45, "note", "45.0 seconds behind" },
		{ 299, "note", "" },
		{ 301, "risk", "301.0 seconds ahead" },
		{ -90000, "risk", "90000.0 seconds behind" },
		/* A computer whose battery is empty believes in 1970; so it may be the other way
		   round. */
		{ 1700000000, "risk", "seconds ahead" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mock *mock = mock_new(SERVES, cases[i].behind);
		const struct told told = look(mock, NULL);

		assert_true(fabs(told.offset - cases[i].behind) < 0.2);
		assert_string_equal(told.severity, cases[i].severity);
		assert_non_null(strstr(told.evidence, cases[i].words));
		if (*told.severity)
			assert_non_null(strstr(told.evidence, "the time server 127.0.0.1:"));
		assert_int_equal(mock_free(mock), 1);
	}
}

static void by_no_time_server(void **state)
{
	static const struct {
		enum manner manner;
		unsigned asked;
		bool known;
	} cases[] = {
		{ SILENT, 3, false },      { KISS, 1, false },  { NOT_SET, 1, false },
		{ OTHER_NONCE, 3, false }, { FLOOD, 3, false }, { SECOND_ONLY, 2, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mock *mock = mock_new(cases[i].manner, 1000);
		const struct told told = look(mock, NULL);

		assert_int_equal(!isnan(told.offset), cases[i].known);
		assert_string_equal(told.severity, cases[i].known ? "risk" : "");
		assert_int_equal(mock_free(mock), cases[i].asked);
	}
}

static void by_the_sip_server(void **state)
{
	static const struct {
		enum sip_manner manner;
		double ahead; /* NAN: not known */
		const char *severity;
	} cases[] = {
		{ SIP_TELLS_DATE, 0, "" },           { SIP_CLOCK_BEHIND, 1000, "risk" },
		{ SIP_SERVES, (double)NAN, "" },     { SIP_IS_SILENT, (double)NAN, "" },
		{ SIP_WRONG_CALL, (double)NAN, "" }, { SIP_RUBBISH, (double)NAN, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sip_server *server = sip_server_new("127.0.0.1", cases[i].manner);
		const struct told told = look(NULL, server);

		assert_int_equal(isnan(told.offset), isnan(cases[i].ahead));
		if (!isnan(told.offset))
			assert_true(fabs(told.offset - cases[i].ahead) <= 1);
		assert_string_equal(told.severity, cases[i].severity);
		if (*told.severity) {
			assert_non_null(strstr(told.evidence, "the Date in the answer of the SIP"));
			assert_non_null(strstr(told.evidence, "No other clock could be asked"));
		}
		sip_server_free(server);
	}
}

/* The one that was made for it comes first; the other only where that one fails. */
static void which_comes_first(void **state)
{
	struct sip_server *server = sip_server_new("127.0.0.1", SIP_CLOCK_BEHIND);
	struct mock *mock = mock_new(SERVES, 50);
	struct told told = look(mock, server);

	(void)state;
	assert_true(fabs(told.offset - 50) < 0.2);
	assert_string_equal(told.severity, "note");
	assert_int_equal(sip_server_asked(server, "OPTIONS"), 0);
	mock_free(mock);
	mock = mock_new(KISS, 50);
	told = look(mock, server);
	assert_true(fabs(told.offset - 1000) <= 1);
	assert_int_equal(mock_free(mock), 1);
	sip_server_free(server);
}

static void nobody_to_ask(void **state)
{
	const struct told told = look(NULL, NULL);

	(void)state;
	assert_true(isnan(told.offset));
	assert_string_equal(told.severity, "");
}

static void web_servers(void **state)
{
	static const struct {
		const char *head;
		bool known;
	} cases[] = {
		{ "HTTP/1.1 200 OK\r\nServer: x\r\nDate: Thu, 01 Jan 1970 00:00:07 GMT\r\n\r\n",
		  true },
		{ "HTTP/1.0 301 Moved\r\ndate:Thu, 01 Jan 1970 00:00:07 GMT\r\nA: b\r\n", true },
		{ "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:07 GMT\r\n", false }, /* more? */
		{ "HTTP/1.1 200 OK\r\nX-Date: Thu, 01 Jan 1970 00:00:07 GMT\r\n\r\n", false },
		{ "HTTP/1.1 200 OK\r\n\r\nDate: Thu, 01 Jan 1970 00:00:07 GMT\r\n\r\n", false },
		{ "HTTP/1.1 200 OK\r\nDate: yesterday\r\n\r\n", false },
		{ "SIP/2.0 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:07 GMT\r\n\r\n", false },
		{ "220 mail\r\nDate: Thu, 01 Jan 1970 00:00:07 GMT\r\n\r\n", false },
		{ "HTTP/1.1 200", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t date = 7;

		if (local_clock_http_date(&date, slice_of_text(cases[i].head)) != cases[i].known ||
		    date != 7)
			fail_msg("%s", cases[i].head);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_a_time_server),  cmocka_unit_test(by_no_time_server),
		cmocka_unit_test(by_the_sip_server), cmocka_unit_test(which_comes_first),
		cmocka_unit_test(nobody_to_ask),     cmocka_unit_test(web_servers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
