/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routers that tell of themselves over UPnP and NAT-PMP, good ones and bad ones, in a network of
 * the test's own. */
#include "net/igd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "mock/igd_router.h"
#include "mock/own_net.h"

enum { PATIENCE_MS = 2900, SLACK_MS = 3000 };

#define GATEWAY "127.0.0.2"
#define SERVICE                                                                                    \
	"<deviceList><device><serviceList><service><serviceType>"                                  \
	"urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>"                             \
	"<controlURL>/ctl</controlURL></service></serviceList></device></deviceList>"
#define WHO                                                                                        \
	"<root><device><friendlyName>hall</friendlyName><manufacturer>NETGEAR, Inc."               \
	"</manufacturer><modelName>R7000</modelName><modelNumber>2</modelNumber>"

static const char good[] = WHO SERVICE "</device></root>";

/* Asks it; fails the test where that takes too long, or something was changed. */
static enum err ask(struct igd *igd, const struct igd_router_plan *plan)
{
	const int64_t began = clock_ms();
	const struct deadline until = deadline_in(PATIENCE_MS);
	struct igd_router *router = igd_router_new(plan);
	struct addr gateway;
	enum err err;

	assert_int_equal(addr_parse(&gateway, GATEWAY, 0), ERR_NONE);
	err = igd_ask(igd, &gateway, "lo", &until);
	assert_true(clock_ms() - began < PATIENCE_MS + SLACK_MS);
	assert_int_equal(igd_router_changes(router), 0);
	igd_router_free(router);
	return err;
}

static void a_router_tells_all(void **state)
{
	const struct igd_router_plan plan = {
		.address = GATEWAY, .description = good, .outside = "203.0.113.2", .mappings = 2
	};
	char text[ADDR_TEXT];
	struct igd igd;

	(void)state;
	assert_int_equal(ask(&igd, &plan), ERR_NONE);
	assert_string_equal(igd.vendor, "NETGEAR, Inc.");
	assert_string_equal(igd.model, "R7000");
	assert_string_equal(igd.number, "2");
	assert_string_equal(igd.name, "hall");
	assert_string_equal(addr_host_text(text, &igd.outside), "203.0.113.2");
	assert_int_equal(igd.mappings, 2);
	assert_int_equal(igd.mapping[1].outside, 5061);
	assert_int_equal(igd.mapping[1].inside, 5060);
	assert_string_equal(igd.mapping[1].protocol, "UDP");
	assert_string_equal(addr_host_text(text, &igd.mapping[1].host), "192.168.1.20");
}

static void mappings_without_end_end(void **state)
{
	const struct igd_router_plan plan = {
		.address = GATEWAY, .description = good, .outside = "203.0.113.2", .mappings = 9999
	};
	struct igd igd;

	(void)state;
	assert_int_equal(ask(&igd, &plan), ERR_NONE);
	assert_int_equal(igd.mappings, IGD_MAPPINGS_MAX);
}

/* Slow, endless: what it has said by then counts, and the time holds. */
static void talk_without_end_is_cut(void **state)
{
	const struct igd_router_plan endless = { .address = GATEWAY,
						 .description = WHO,
						 .pad = 64 << 20 };
	const struct igd_router_plan slow = {
		.address = GATEWAY, .description = WHO, .pad = 64 << 20, .drip_ms = 50
	};
	struct igd igd;

	(void)state;
	assert_int_equal(ask(&igd, &endless), ERR_NONE);
	assert_string_equal(igd.model, "R7000");
	assert_int_equal(ask(&igd, &slow), ERR_NONE);
	assert_string_equal(igd.model, "R7000");
	assert_false(addr_is_set(&igd.outside));
}

static void hostile_descriptions_do_no_harm(void **state)
{
	static const char *const bodies[] = {
		"<!DOCTYPE a [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>"
		"<root><device><manufacturer>&b;</manufacturer><modelName>&b;</modelName>",
		"<root><device><manufacturer>\x1b]0;x\x07</manufacturer>"
		"<modelName>\xe2\x80\xaeR7000\xff</modelName>",
		"<manufacturer><manufacturer><manufacturer>",
		"<root><device><serviceList><service><serviceType>"
		"urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>"
		"<controlURL>http://127.0.0.9:5000/ctl</controlURL></service></serviceList>",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		const struct igd_router_plan plan = { .address = GATEWAY,
						      .description = bodies[i],
						      .outside = "203.0.113.2" };
		struct igd igd;

		assert_int_equal(ask(&igd, &plan), ERR_NONE);
		assert_true(text_is_safe(igd.vendor) && text_is_safe(igd.model));
		assert_true(strlen(igd.model) < 32); /* nothing was blown up */
		assert_false(addr_is_set(&igd.outside));
	}
}

/* Whoever answers the search, and wherever it points to: only the gateway's description counts. */
static void others_do_not_count(void **state)
{
	const struct igd_router_plan elsewhere = { .address = "127.0.0.3", .description = good };
	const struct igd_router_plan file = { .address = GATEWAY,
					      .location = "file:///etc/passwd",
					      .description = good };
	const struct igd_router_plan name = { .address = GATEWAY,
					      .location = "http://localhost:5000/d.xml",
					      .description = good };
	struct igd igd;

	(void)state;
	assert_int_equal(ask(&igd, &elsewhere), ERR_NOT_FOUND);
	assert_int_equal(ask(&igd, &file), ERR_NOT_FOUND);
	assert_int_equal(ask(&igd, &name), ERR_NOT_FOUND);
	assert_string_equal(igd.vendor, "");
}

static enum err ask_natpmp(struct addr *outside, const void *answer, size_t length)
{
	const struct igd_router_plan plan = {
		.address = GATEWAY, .description = "", .pmp = answer, .pmp_length = length
	};
	const struct deadline until = deadline_in(400);
	struct igd_router *router = igd_router_new(&plan);
	struct addr gateway;
	enum err err;

	assert_int_equal(addr_parse(&gateway, GATEWAY, 0), ERR_NONE);
	err = natpmp_outside(outside, &gateway, &until);
	igd_router_free(router);
	return err;
}

static void natpmp_tells_or_not(void **state)
{
	struct addr outside;
	char text[ADDR_TEXT];
	const int64_t began = clock_ms();

	(void)state;
	assert_int_equal(ask_natpmp(&outside, "\0\x80\0\0\0\0\0\1\xcb\0\x71\2", 12), ERR_NONE);
	assert_string_equal(addr_host_text(text, &outside), "203.0.113.2");
	/* no address at all, not authorized, PCP only (RFC 6887, A), another answer */
	assert_int_equal(ask_natpmp(&outside, "\0\x80\0\0\0\0\0\1\0\0\0\0", 12), ERR_REFUSED);
	assert_int_equal(ask_natpmp(&outside, "\0\x80\0\2\0\0\0\1\xcb\0\x71\2", 12), ERR_REFUSED);
	assert_int_equal(ask_natpmp(&outside, "\2\x80\0\1\0\0\0\1\0\0\0\0", 12), ERR_REFUSED);
	assert_int_equal(ask_natpmp(&outside, "\0\x81\0\0\0\0\0\1\0\1\0\1", 12), ERR_REFUSED);
	/* nobody listens: known at once */
	assert_int_equal(ask_natpmp(&outside, NULL, 0), ERR_TIMEOUT);
	assert_true(clock_ms() - began < SLACK_MS);
}

/* An answer cut short tells nothing, least of all an address. */
static void natpmp_cut_short(void **state)
{
	struct addr outside;

	(void)state;
	for (size_t length = 0; length < 12; length += 4)
		assert_int_equal(ask_natpmp(&outside, "\0\x80\0\0\0\0\0\1\xcb\0\x71\2", length),
				 ERR_TIMEOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_router_tells_all),
		cmocka_unit_test(mappings_without_end_end),
		cmocka_unit_test(talk_without_end_is_cut),
		cmocka_unit_test(hostile_descriptions_do_no_harm),
		cmocka_unit_test(others_do_not_count),
		cmocka_unit_test(natpmp_tells_or_not),
		cmocka_unit_test(natpmp_cut_short),
	};

	if (!own_net_enter()) {
		perror("skipped: no network of its own");
		return 77;
	}
	return cmocka_run_group_tests_name("igd", tests, NULL, NULL);
}
