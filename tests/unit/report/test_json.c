/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "fixture.h"
#include "report/report.h"

/* The names of the members in their order: "a b c". The caller frees. */
static char *keys_of(json_t *object)
{
	struct buf keys;
	const char *key;
	json_t *value;
	char *text;

	buf_init(&keys, SIZE_MAX / 2);
	json_object_foreach(object, key, value)
		assert_int_equal(buf_printf(&keys, "%s%s", keys.length ? " " : "", key), ERR_NONE);
	text = buf_take(&keys);
	assert_non_null(text);
	return text;
}

static void check_keys(json_t *object, const char *expected)
{
	char *keys = keys_of(object);

	assert_string_equal(keys, expected);
	free(keys);
}

static json_t *load_report(const char *name)
{
	struct session session;
	json_t *report;

	fixture_load(&session, name);
	report = report_json(&session);
	session_clear(&session);
	return report;
}

static void test_shape(void **state)
{
	json_t *report = load_report("sip-alg");
	json_t *findings = json_object_get(report, "findings"),
	       *checks = json_object_get(report, "checks");

	(void)state;
	check_keys(report, "schema version started seconds checks facts findings calls verdict");
	assert_string_equal(json_string_value(json_object_get(report, "schema")), "earshot/1");
	assert_string_equal(json_string_value(json_object_get(report, "version")), "0.1.0");
	assert_string_equal(json_string_value(json_object_get(report, "started")),
			    "2026-11-20T12:55:03Z");
	assert_int_equal(json_array_size(checks), 4);
	check_keys(json_array_get(checks, 3), "name state seconds summary");
	assert_int_equal(json_array_size(findings), 2);
	check_keys(json_array_get(findings, 0),
		   "id severity side direction where title evidence remedy");
	check_keys(json_array_get(findings, 1), "id severity side direction title evidence remedy");
	assert_true(json_is_array(json_object_get(report, "calls")));
	check_keys(json_object_get(report, "verdict"),
		   "cause side confidence direction remedy path also");
	json_decref(report);
}

static void test_shape_of_nothing(void **state)
{
	json_t *report = load_report("empty");
	char *text = json_dumps(report, JSON_COMPACT);

	(void)state;
	assert_string_equal(
		text, "{\"schema\":\"earshot/"
		      "1\",\"version\":\"0.1.0\",\"started\":\"2026-11-20T12:55:03Z\","
		      "\"seconds\":0.0,\"checks\":[],\"facts\":{},\"findings\":[],\"calls\":[]}");
	free(text);
	json_decref(report);
}

/* As the checks told them, those of a run before left out. */
static void test_calls(void **state)
{
	json_t *report = load_report("calls");
	json_t *calls = json_object_get(report, "calls");

	(void)state;
	assert_int_equal(json_array_size(calls), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(calls, 0), "verdict")),
			    "one-way-out");
	json_decref(report);
}

/* Checks run side by side and end in any order; the report does not show it. */
static void test_order_does_not_follow_chance(void **state)
{
	json_t *report = load_report("sip-alg");

	(void)state;
	check_keys(json_object_get(report, "facts"),
		   "host.os net.interface net.address net.gateway net.mtu net.kind net.interfaces "
		   "dns.srv dns.addresses "
		   "udp.open nat.present nat.mapping nat.filtering nat.type nat.public-address "
		   "nat.layers nat.cgnat sip.server "
		   "sip-alg sip-alg.hop sip-alg.changed");
	json_decref(report);
	report = load_report("provider");
	assert_string_equal(
		json_string_value(json_object_get(
			json_array_get(json_object_get(report, "findings"), 0), "severity")),
		"fault");
	json_decref(report);
}

static void test_ends_of_checks(void **state)
{
	json_t *report = load_report("undetermined");
	json_t *checks = json_object_get(report, "checks");
	static const char *const states[] = { "done", "skipped", "timeout", "failed" };

	(void)state;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		assert_string_equal(
			json_string_value(json_object_get(json_array_get(checks, i), "state")),
			states[i]);
	check_keys(json_array_get(checks, 1), "name state seconds why");
	check_keys(json_array_get(checks, 3), "name state seconds why");
	json_decref(report);
}

static void check_seconds(double first, double second, double expected)
{
	struct check_run checks[] = {
		{ .seconds = first, .when = 1000 + (time_t)first + 1 },
		{ .seconds = second, .when = 1000 + (time_t)second },
	};
	struct session session;
	json_t *report;

	fixture_load(&session, "empty");
	session.started = 1000;
	for (size_t i = 0; i < 2; i++) {
		checks[i].name = (char *)(uintptr_t) "x";
		checks[i].state = (char *)(uintptr_t) "done";
	}
	session.checks = checks;
	session.check_count = 2;
	report = report_json(&session);
	session.checks = NULL;
	session.check_count = 0;
	assert_float_equal(json_number_value(json_object_get(report, "seconds")), expected, 0.0001);
	json_decref(report);
	session_clear(&session);
}

static void test_seconds_of_a_run(void **state)
{
	(void)state;
	check_seconds(2.4, 0.6, 2.4); /* side by side: the longest */
	check_seconds(0.2, 2.4, 2.4);
}

/* A wizard's session has pauses: the whole of it counts. */
static void test_seconds_of_a_session(void **state)
{
	json_t *report = load_report("sip-alg");

	(void)state;
	assert_float_equal(json_number_value(json_object_get(report, "seconds")), 20.0, 0.0001);
	json_decref(report);
}

static void test_hostile_is_harmless(void **state)
{
	json_t *report = load_report("hostile");
	char *text = json_dumps(report, 0);
	json_t *again;

	(void)state;
	fixture_check_harmless(text);
	/* Escapes of JSON could hide a control character: none but the newline is written. */
	assert_null(strstr(text, "\\u0"));
	assert_null(strstr(text, "\\r"));
	assert_non_null(strstr(text, "[removed]"));
	again = json_loads(text, 0, NULL);
	assert_true(json_equal(again, report));
	free(text);
	json_decref(again);
	json_decref(report);
}

static void test_session_is_not_changed(void **state)
{
	struct session session;
	json_t *before, *verdict, *report;

	(void)state;
	fixture_load(&session, "hostile");
	before = json_deep_copy(session.facts.values);
	verdict = json_deep_copy(session.verdict);
	report = report_json(&session);
	assert_true(json_equal(before, session.facts.values));
	assert_true(json_equal(verdict, session.verdict));
	json_decref(report);
	json_decref(before);
	json_decref(verdict);
	session_clear(&session);
}

static void test_exit_status(void **state)
{
	static const struct {
		const char *session;
		int status;
	} table[] = {
		{ "empty", 3 },        /* nothing ran */
		{ "undetermined", 0 }, /* one done, others not */
		{ "mended", 0 },       { "sip-alg", 1 }, { "faults", 1 },
		{ "hostile", 1 }, /* a fault counts though its check failed */
		{ "wide", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct session session;

		fixture_load(&session, table[i].session);
		assert_int_equal(report_exit_status(&session), table[i].status);
		session_clear(&session);
	}
}

/* Of findings, a fault alone makes the status 1. */
static void test_exit_status_of_a_risk(void **state)
{
	struct session session;

	(void)state;
	fixture_load(&session, "sip-alg");
	for (size_t i = 0; i < session.finding_count; i++)
		session.findings[i]->severity = SEVERITY_RISK;
	assert_int_equal(report_exit_status(&session), 0);
	session_clear(&session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_shape_of_nothing),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_order_does_not_follow_chance),
		cmocka_unit_test(test_ends_of_checks),
		cmocka_unit_test(test_seconds_of_a_run),
		cmocka_unit_test(test_seconds_of_a_session),
		cmocka_unit_test(test_hostile_is_harmless),
		cmocka_unit_test(test_session_is_not_changed),
		cmocka_unit_test(test_exit_status),
		cmocka_unit_test(test_exit_status_of_a_risk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
