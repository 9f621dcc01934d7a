/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client of a responder against good ones and every kind of bad one. */
#include "check/responder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "mock/responder.h"
#include "net/udp.h"

enum { LONG_MS = 20000, PORTS = 3 };

struct seen {
	struct responder_port port[PORTS]; /* the first RTP port, the last, the main port */
};

static void try_responder(struct seen *out, unsigned habits, bool bind_only, int64_t ms)
{
	const struct deadline until = deadline_in(ms);
	struct mock_responder *mock = mock_responder_start(habits);
	struct responder_plan plan = { .server = mock_responder_addr(mock),
				       .bind_only = bind_only };
	struct udp_plan socket_plan = { 0 };

	assert_int_equal(addr_parse(&socket_plan.local, "127.0.0.1", 0), ERR_NONE);
	assert_int_equal(udp_open(&plan.fd, &socket_plan), ERR_NONE);
	*out = (struct seen){ 0 };
	out->port[0].port = mock_responder_first(mock);
	out->port[1].port = (uint16_t)(mock_responder_first(mock) + MOCK_RTP_PORTS - 1);
	out->port[2].port = addr_port(&plan.server);
	responder_try(out->port, PORTS, &plan, &until);
	close(plan.fd);
	mock_responder_stop(mock);
}

static void whoever_shows_its_nonce_is_echoed(void **state)
{
	static const unsigned habits[] = { 0, RESPONDER_STALE, RESPONDER_LONG_NONCE,
					   RESPONDER_LOSES_FIRST, RESPONDER_FLOOD };
	struct seen seen;

	(void)state;
	for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
		try_responder(&seen, habits[i], false, LONG_MS);
		for (size_t p = 0; p < PORTS; p++) {
			assert_true(seen.port[p].bound);
			assert_true(seen.port[p].offered);
			assert_int_equal(seen.port[p].echoed, p < 2); /* not the main port */
		}
	}
}

static void a_bare_echo_needs_no_nonce(void **state)
{
	struct seen seen;

	(void)state;
	try_responder(&seen, RESPONDER_BARE, false, LONG_MS);
	assert_true(seen.port[0].bound && seen.port[0].echoed && !seen.port[0].offered);
	assert_true(seen.port[2].bound && !seen.port[2].echoed);
	/* Its own request sent back is no answer to STUN. */
	try_responder(&seen, RESPONDER_NO_STUN, false, LONG_MS);
	assert_true(!seen.port[0].bound && seen.port[0].echoed && !seen.port[0].offered);
	assert_true(!seen.port[2].bound && !seen.port[2].echoed);
}

static void who_sends_nothing_back_is_not_believed(void **state)
{
	static const unsigned habits[] = { RESPONDER_NO_ECHO, RESPONDER_SPOILS,
					   RESPONDER_ALWAYS_STALE };
	struct seen seen;

	(void)state;
	for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
		try_responder(&seen, habits[i], false, LONG_MS);
		for (size_t p = 0; p < PORTS; p++)
			assert_true(seen.port[p].bound && !seen.port[p].echoed);
	}
}

static void silent_ports_are_told_from_others(void **state)
{
	struct seen seen;

	(void)state;
	try_responder(&seen, RESPONDER_UPPER_SILENT, false, LONG_MS);
	assert_true(seen.port[0].echoed && seen.port[2].bound);
	assert_true(!seen.port[1].bound && !seen.port[1].echoed && !seen.port[1].took_ms);
}

static void stun_alone_sends_no_rtp(void **state)
{
	struct seen seen;

	(void)state;
	try_responder(&seen, 0, true, LONG_MS);
	assert_true(seen.port[0].bound && !seen.port[0].echoed);
}

static void a_deadline_that_has_passed_ends_it(void **state)
{
	struct seen seen;

	(void)state;
	try_responder(&seen, 0, false, 0);
	for (size_t p = 0; p < PORTS; p++)
		assert_true(!seen.port[p].bound && !seen.port[p].echoed);
}

/* RFC 3550, 5.1. */
static void a_packet_is_rtp(void **state)
{
	static const uint8_t header[] = { 0x80, 0,    0x12, 0x34, 0,    0x0b,
					  0x60, 0x80, 0xde, 0xad, 0xbe, 0xef };
	uint8_t packet[RESPONDER_BYTES];

	(void)state;
	responder_rtp(packet, 0xdeadbeef, 0x1234);
	assert_memory_equal(packet, header, sizeof header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_shows_its_nonce_is_echoed),
		cmocka_unit_test(a_bare_echo_needs_no_nonce),
		cmocka_unit_test(who_sends_nothing_back_is_not_believed),
		cmocka_unit_test(silent_ports_are_told_from_others),
		cmocka_unit_test(stun_alone_sends_no_rtp),
		cmocka_unit_test(a_deadline_that_has_passed_ends_it),
		cmocka_unit_test(a_packet_is_rtp),
	};

	return cmocka_run_group_tests_name("responder", tests, NULL, NULL);
}
