/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "report/report.h"

enum { COLUMNS = 78 };

static const char *const alg_steps[] = {
	"Open the router's pages in a browser: http://192.168.1.1",
	"Look for \"SIP ALG\" and switch it off. On NETGEAR: Advanced \u203a Setup \u203a WAN "
	"Setup \u203a tick "
	"\"Disable SIP ALG\", Apply.",
	"Restart the router; wait until the phones are registered again. Password: ask the owner.",
	NULL,
};
static const char *const alg_also[] = { "The router forgets the way back too soon.", NULL };
static const struct report_advice alg_advice = {
	.title = "The router rewrites SIP messages (SIP ALG).",
	.means = "The router changes the addresses inside the call set-up, so the other side sends "
		 "the voice to a "
		 "place where nobody listens.",
	.who = "You, or whoever looks after the router.",
	.verify = "Measure again: \"SIP ALG\" must say \"none seen\". Then make two test calls.",
	.ask = "If the router cannot be changed: may we use SIP over TLS on port 5061 instead?",
	.steps = alg_steps,
	.also = alg_also,
	.side = SIDE_SITE,
};

static const char *const media_steps[] = {
	"Trace one failing call at your border and tell us where our RTP ends.",
	"Send RTP to the address and port from which ours comes (symmetric RTP).",
	NULL,
};
static const struct report_advice media_advice = {
	.title = "The provider's media does not arrive.",
	.means = "Everything on this side is open and sends rightly; nothing comes back.",
	.who = "The provider.",
	.verify = "Two test calls, heard both ways.",
	.steps = media_steps,
	.side = SIDE_PROVIDER,
};

static const char *const capture_steps[] = {
	"Capture one failing call at the phone.",
	"Capture the next one outside the router, too.",
	NULL,
};
static const char *const ruled_out[] = { "The router rewrites SIP messages (SIP ALG).",
					 "UDP is blocked.", NULL };
static const char *const not_ruled_out[] = { "The phone does not use STUN.", NULL };
static const struct report_advice undetermined_advice = {
	.title = "The cause could not be determined.",
	.steps = capture_steps,
	.ruled_out = ruled_out,
	.also = not_ruled_out,
	.side = SIDE_UNKNOWN,
};

static const char *words(const char *id, const char *value, void *context)
{
	static const struct {
		const char *id, *value, *words;
	} table[] = {
		{ "symptom", NULL, "Who cannot hear whom?" },
		{ "symptom", "near-cannot-hear", "I cannot hear them. They hear me." },
		{ "reproduce", NULL, "Is it the same on three test calls?" },
		{ "reproduce", "always", "Yes, on every call." },
		{ "sip-alg", NULL, "Is SIP ALG switched on?" },
	};

	(void)context;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i].id, id) &&
		    (value ? table[i].value && !strcmp(table[i].value, value) : !table[i].value))
			return table[i].words;
	return NULL;
}

static const char *title(const char *cause, void *context)
{
	(void)context;
	if (!strcmp(cause, "sip-alg"))
		return "The router rewrites SIP messages (SIP ALG).";
	return strcmp(cause, "stun-not-used") ? NULL : "The phone does not use STUN.";
}

static const struct golden {
	const char *session, *text;
	bool utf8;
	const struct report_advice *advice;
} goldens[] = {
	{ "sip-alg", "sip-alg.txt", true, &alg_advice },
	{ "sip-alg", "sip-alg-ascii.txt", false, &alg_advice },
	{ "empty", "empty.txt", true, NULL },
	{ "undetermined", "undetermined.txt", true, &undetermined_advice },
	{ "mended", "mended.txt", true, &alg_advice },
	{ "provider", "provider.txt", true, &media_advice },
	{ "faults", "faults.txt", false, NULL },
	{ "calls", "calls-report.txt", true, &alg_advice },
	{ "hostile", "hostile.txt", true, NULL },
	{ "wide", "wide.txt", true, NULL },
	{ "wide", "wide-ascii.txt", false, NULL },
};

enum { GOLDENS = sizeof goldens / sizeof *goldens };

static char *make_text(const struct golden *golden, size_t columns)
{
	struct report_options options = {
		.utf8 = golden->utf8,
		.columns = columns,
		.now = 1795180000, /* 2026-11-20T13:06:40Z */
		.words = words,
		.title = title,
	};
	struct session session;
	char *text;

	if (golden->advice)
		options.advice = *golden->advice;
	fixture_load(&session, golden->session);
	text = report_text(&session, &options);
	session_clear(&session);
	return text;
}

static void test_goldens(void **state)
{
	(void)state;
	for (size_t i = 0; i < GOLDENS; i++) {
		char *text = make_text(&goldens[i], COLUMNS);

		fixture_check_golden(text, goldens[i].text);
		free(text);
	}
}

static void test_no_line_is_too_long(void **state)
{
	(void)state;
	for (size_t i = 0; i < GOLDENS; i++)
		for (size_t columns = 40; columns <= 140; columns++) {
			char *text = make_text(&goldens[i], columns);

			fixture_check_lines(text, columns, goldens[i].utf8);
			fixture_check_harmless(text);
			free(text);
		}
}

/* Columns outside what is offered are brought into it. */
static void test_columns_are_bounded(void **state)
{
	char *none = make_text(&goldens[0], 0), *least = make_text(&goldens[0], 40);
	char *huge = make_text(&goldens[0], SIZE_MAX), *most = make_text(&goldens[0], 200);

	(void)state;
	assert_string_equal(none, least);
	assert_string_equal(huge, most);
	free(none);
	free(least);
	free(huge);
	free(most);
}

/* Each text stands behind the one before it. */
static void check_order(const char *text, const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *found = strstr(text, parts[i]);

		if (!found)
			print_error("missing or too early: %s\n", parts[i]);
		assert_non_null(found);
		text = found + strlen(parts[i]);
	}
}

static void test_sections_and_points_in_order(void **state)
{
	static const char *const parts[] = {
		"EARSHOT REPORT",
		"\nWHAT ",
		"\nSUPPORT CHECKLIST\n",
		"\n  1 Phone  ",
		"\n  2 System  ",
		"\n  3 Network  ",
		"\n  4 NAT type  ",
		"\n  5 STUN / TURN  ",
		"\n  6 Traces  ",
		"\n  7 How often  ",
		"\n  8 Done so far  ",
		"\nEVIDENCE\n",
		"\nWHAT THE SITE CAN MEND\n",
		"\nWHAT WE ASK THE PROVIDER\n",
		"\nSTEPS TAKEN\n",
		"\nMEASURED\n",
		"\nRECORD FOR LATER\n",
		"SIP port and transport",
		"RTP ports: phone",
		"RTP ports: server",
		"RTP ports: firewall",
		"Way through the NAT",
		"Codecs, in order",
		"Server address",
		"Media address",
		"Proxy or SBC",
		"Firewall rules, addresses",
		"SIP ALG",
		"Router and firmware",
		"DNS records used",
		"Final way of the voice",
		"What was changed",
		"When",
		"By whom",
		"How it was verified",
	};

	(void)state;
	for (size_t i = 0; i < GOLDENS; i++) {
		char *text = make_text(&goldens[i], COLUMNS);

		check_order(text, parts, sizeof parts / sizeof *parts);
		free(text);
	}
}

/* A heading stands at the left edge: nobody else's text may, or a name could forge one. */
static void test_no_heading_is_forged(void **state)
{
	static const char *const keys[] = { "provider.name", "provider.domain", "provider.support",
					    "provider.transport" };
	struct report_options options = { .utf8 = true, .columns = COLUMNS, .now = 1795180000 };
	struct session session;
	char *text;

	(void)state;
	fixture_load(&session, "empty");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		session_site(&session, keys[i], "a\nFORGED\nb");
	session_detail(&session, "customer", "a\nFORGED\nb");
	session_detail(&session, "calls", "a\nFORGED\nb");
	session_detail(&session, "a\nFORGED\nb", "a\nFORGED\nb");
	session_step(&session, "a\nFORGED\nb");
	text = report_text(&session, &options);
	assert_non_null(strstr(text, "FORGED"));
	assert_null(strstr(text, "\nFORGED"));
	free(text);
	session_clear(&session);
}

/* Words of every script, without blanks, with blanks, of many lengths: random, but the same each
 * time. */
static void test_any_text_fits(void **state)
{
	static const char *const pieces[] = { " ",      "a",      "-",          "\u00e9", "e\u0301",
					      "\u65e5", "\u3002", "\U0001f4de", "\n",     "/",
					      "\u200b", "\u00a0", "\x1b",       "=",      ":",
					      "\xff",   "longer", "  ",         "\u3000" };
	struct report_options options = { .columns = COLUMNS, .now = 1795180000 };
	unsigned seed = 1;

	(void)state;
	for (unsigned round = 0; round < 60; round++) {
		struct session session;
		char detail[2000] = "", *text;

		for (unsigned i = 0; i < 40 + round * 4; i++) {
			seed = seed * 1103515245u + 12345u;
			strcat(detail, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
		}
		fixture_load(&session, "empty");
		/* By hand: JSON itself refuses bad UTF-8, and steps come from formats. */
		session.steps = mem_new(1, sizeof *session.steps);
		session.steps[0].text = mem_text(detail);
		session.steps[0].when = session.started;
		session.step_count = 1;
		options.utf8 = round % 2;
		text = report_text(&session, &options);
		fixture_check_lines(text, COLUMNS, options.utf8);
		fixture_check_harmless(text);
		free(text);
		session_clear(&session);
	}
}

/* The tree's own prose is not a secret because it speaks of passwords. */
static void test_advice_is_not_redacted(void **state)
{
	char *text = make_text(&goldens[0], COLUMNS);

	(void)state;
	assert_non_null(strstr(text, "Password: ask the owner."));
	free(text);
}

static void test_zone_is_told(void **state)
{
	char *text;

	(void)state;
	setenv("TZ", "NST3:30", 1);
	tzset();
	text = make_text(&goldens[2], COLUMNS);
	assert_non_null(strstr(text, "2026-11-20 09:36 -03:30\n"));
	free(text);
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
}

static bool says_still_measured(const struct session *session)
{
	const struct report_options options = { .columns = 78, .now = 1795180000 };
	char *text = report_text(session, &options);
	const bool says = strstr(text, "The cause is still measured: it may come back.");

	free(text);
	return says;
}

/* The wizard promises that the report says so; but not what was measured before the advice. */
static void test_a_cause_that_stays_is_told(void **state)
{
	json_t *event = json_pack("{s:s, s:{s:s, s:s, s:s, s:s, s:s, s:[], s:s}}", "event",
				  "finding", "finding", "id", "sip-alg", "severity", "fault",
				  "side", "site", "direction", "both", "title", "", "evidence",
				  "remedy", "disable-sip-alg");
	struct session session;

	(void)state;
	fixture_load(&session, "mended");
	assert_false(says_still_measured(&session));
	session_check(&session, "alg", event);
	assert_true(says_still_measured(&session));
	session_followed(&session, "did it again");
	assert_false(says_still_measured(&session));
	session_clear(&session);
	json_decref(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goldens),
		cmocka_unit_test(test_no_line_is_too_long),
		cmocka_unit_test(test_columns_are_bounded),
		cmocka_unit_test(test_sections_and_points_in_order),
		cmocka_unit_test(test_no_heading_is_forged),
		cmocka_unit_test(test_any_text_fits),
		cmocka_unit_test(test_advice_is_not_redacted),
		cmocka_unit_test(test_zone_is_told),
		cmocka_unit_test(test_a_cause_that_stays_is_told),
	};

	/* By rule, so that no zone database is needed. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
