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
#include "base/text.h"
#include "fixture.h"
#include "report/calls.h"
#include "report/mask.h"

enum { COLUMNS = 78 };

static json_t *load(void)
{
	char *path = fixture_path("calls.json");
	json_t *document = json_load_file(path, 0, NULL);

	assert_non_null(document);
	free(path);
	return document;
}

static char *make(const json_t *document, size_t columns, bool utf8, unsigned masks)
{
	const struct report_options options = { .columns = columns, .utf8 = utf8, .masks = masks };

	return report_calls_text(document, &options);
}

static void test_golden(void **state)
{
	json_t *document = load();
	char *text = make(document, COLUMNS, true, 0);

	(void)state;
	fixture_check_golden(text, "calls.txt");
	free(text);
	json_decref(document);
}

static void test_every_width(void **state)
{
	json_t *document = load();

	(void)state;
	for (size_t columns = 40; columns <= 140; columns++)
		for (int utf8 = 0; utf8 < 2; utf8++) {
			char *text = make(document, columns, utf8, MASK_NUMBERS | MASK_ADDRESSES);

			fixture_check_lines(text, columns, utf8);
			fixture_check_harmless(text);
			assert_null(strstr(text, "\nFORGED"));
			free(text);
		}
	json_decref(document);
}

/* Figures stay, numbers and addresses go, wherever they stand. */
static void test_masked(void **state)
{
	static const char *const gone[] = { "49305550123", "5550100", "203.0.113", "2001:db8" };
	static const char *const there[] = {
		"30012",
		"120345",
		"192.168.1.10:11780",
		"public-C:10422",
		"0x1234abcd",
		"+xxxxxxxxx23@",
		"opus",
		"2026-11-20 13:41:02.125 +01:00",
		"xxxxxxxxx00@",
	};
	json_t *document = load();
	char *text = make(document, COLUMNS, true, MASK_NUMBERS | MASK_ADDRESSES);

	(void)state;
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
		if (strstr(text, gone[i]))
			print_error("%s is still there\n", gone[i]);
		assert_null(strstr(text, gone[i]));
	}
	for (size_t i = 0; i < sizeof there / sizeof *there; i++) {
		if (!strstr(text, there[i]))
			print_error("%s is missing\n", there[i]);
		assert_non_null(strstr(text, there[i]));
	}
	free(text);
	json_decref(document);
}

/* A copy of `value` in which the `*nth` thing inside is null; all of them in their turn. */
static json_t *with_null(const json_t *value, size_t *nth)
{
	json_t *copy, *item;
	const char *key;
	size_t i;

	if (!(*nth)--)
		return json_null();
	if (json_is_object(value)) {
		copy = json_object();
		json_object_foreach((json_t *)(uintptr_t)value, key, item)
			json_object_set_new(copy, key, with_null(item, nth));
		return copy;
	}
	if (!json_is_array(value))
		return json_deep_copy(value);
	copy = json_array();
	json_array_foreach(value, i, item)
		json_array_append_new(copy, with_null(item, nth));
	return copy;
}

static void test_anything_may_be_null(void **state)
{
	json_t *document = load();
	size_t rounds = 0;

	(void)state;
	for (size_t nth = 0;; nth++) {
		size_t left = nth;
		json_t *copy = with_null(document, &left);
		const bool past = left <= nth; /* else it was counted down past 0 */
		char *text = make(copy, COLUMNS, true, 0);

		fixture_check_lines(text, COLUMNS, true);
		free(text);
		json_decref(copy);
		if (past)
			break;
		rounds++;
	}
	/* As many as the document has values. */
	assert_true(rounds > 150);
	json_decref(document);
}

/* The SIP messages as they came by, but for what nobody else may know; whatever may be null. */
static void test_trace(void **state)
{
	static const char call[] =
		"{\"calls\":[{\"call_id\":\"1@h\",\"trace\":[{\"at\":\"2026-11-20T12:41:02.125Z\","
		"\"src\":"
		"\"192.168.1.10:5060\",\"dst\":\"203.0.113.5:5060\",\"lines\":[\"INVITE "
		"sip:b@example.com "
		"SIP/2.0\",\"Authorization: Digest username=\\\"a\\\", "
		"response=\\\"0123456789abcdef\\\"\","
		"\"\",\"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0c2VjcmV0\"]}]}]}";
	json_t *document = json_loads(call, 0, NULL);
	char *text = make(document, COLUMNS, true, 0);

	(void)state;
	assert_non_null(strstr(text, "192.168.1.10:5060 -> 203.0.113.5:5060"));
	assert_non_null(strstr(text, ":41:02.125"));
	assert_non_null(strstr(text, "  INVITE sip:b@example.com SIP/2.0\n"));
	assert_null(strstr(text, "0123456789abcdef"));
	assert_null(strstr(text, "c2VjcmV0"));
	fixture_check_lines(text, COLUMNS, true);
	free(text);
	for (size_t nth = 0; nth < 16; nth++) {
		size_t left = nth;
		json_t *copy = with_null(document, &left);

		text = make(copy, COLUMNS, true, 0);
		fixture_check_lines(text, COLUMNS, true);
		free(text);
		json_decref(copy);
	}
	json_decref(document);
}

static void test_no_call(void **state)
{
	json_t *document = json_pack("{s:[], s:[], s:{s:i, s:i, s:b}}", "calls", "findings",
				     "input", "packets", 3, "passed_over", 0, "damaged", 0);
	char *text = make(document, COLUMNS, false, 0);

	(void)state;
	assert_non_null(strstr(text, "No call was seen."));
	assert_non_null(strstr(text, "Record while a call is made"));
	assert_null(strstr(text, "amaged"));
	free(text);
	json_decref(document);
}

static const char *two_steps(const struct finding_kind *kind, size_t number, void *context)
{
	static const char *const steps[] = { "Sit down.", "Call 0900 5550100." };

	assert_string_equal(context, "the tree");
	assert_string_not_equal(kind->remedy, "find-direction");
	return number < 2 ? steps[number] : NULL;
}

/* Faults first, each remedy once; a note needs nothing done; what has no step is left out. */
static void test_what_to_do(void **state)
{
	json_t *document =
		json_loads("{\"findings\": [{\"id\": \"loss-high\", \"severity\": \"risk\"},"
			   " {\"id\": \"sdp-hold\", \"severity\": \"note\"},"
			   " {\"id\": \"rtp-none\", \"severity\": \"fault\"},"
			   " {\"id\": \"rtp-one-way\", \"severity\": \"fault\"},"
			   " {\"id\": \"unheard-of\", \"severity\": \"fault\"}, {\"severity\": "
			   "\"fault\"}, 3]}",
			   0, NULL);
	struct report_options options = { .columns = COLUMNS, .masks = MASK_NUMBERS };
	char *bare = report_calls_text(document, &options), *text;
	const char *fault, *risk;

	(void)state;
	options.step = two_steps;
	options.context = (void *)(uintptr_t) "the tree";
	text = report_calls_text(document, &options);
	fault = strstr(text, "WHAT TO DO\n----------\n  No voice travels at all.\n    1  Record");
	assert_non_null(fault);
	risk = strstr(
		fault,
		"\n\n  Voice packets get lost.\n    1  Sit down.\n    2  Call 0900 5550100.\n");
	assert_non_null(risk);
	assert_null(strstr(fault, "one direction"));
	assert_null(strstr(fault, "hold"));
	assert_non_null(strstr(bare, "Record one call"));
	assert_null(strstr(strstr(bare, "WHAT TO DO"), "get lost"));
	free(text);
	free(bare);
	json_decref(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),     cmocka_unit_test(test_every_width),
		cmocka_unit_test(test_masked),     cmocka_unit_test(test_anything_may_be_null),
		cmocka_unit_test(test_trace),      cmocka_unit_test(test_no_call),
		cmocka_unit_test(test_what_to_do),
	};

	/* By rule, so that no zone database is needed. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
