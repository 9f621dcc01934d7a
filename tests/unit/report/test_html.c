/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "report/mask.h"
#include "report/report.h"

static const char *const sessions[] = { "calls",   "empty",    "faults",       "hostile", "mended",
					"sip-alg", "provider", "undetermined", "wide" };

enum { SESSIONS = sizeof sessions / sizeof *sessions };

static char *make(const char *name, unsigned masks)
{
	static const char *const steps[] = { "Open <http://192.168.1.1> & log in.", NULL };
	static const char *const also[] = { "The router forgets the way back too soon.", NULL };
	const struct report_options options = {
		.now = 1795180000, /* 2026-11-20T13:06:40Z */
		.masks = masks,
		.advice = { .title = "The router rewrites SIP messages (SIP ALG).",
			    .means = "The voice goes astray.",
			    .steps = steps,
			    .places = also,
			    .also = also,
			    .side = SIDE_SITE },
	};
	struct session session;
	char *html;

	fixture_load(&session, name);
	html = report_html(&session, &options);
	session_clear(&session);
	return html;
}

/* The number that an XPath expression comes to; a page that is not well-formed fails the test. */
static double count(const char *html, const char *expression)
{
	xmlDoc *doc = xmlReadMemory(html, (int)strlen(html), "report", "UTF-8", XML_PARSE_NONET);
	xmlXPathContext *context;
	xmlXPathObject *found;
	double number;

	assert_non_null(doc);
	context = xmlXPathNewContext(doc);
	found = xmlXPathEvalExpression((const xmlChar *)expression, context);
	assert_non_null(found);
	number = xmlXPathCastToNumber(found);
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
	xmlFreeDoc(doc);
	return number;
}

static void test_golden(void **state)
{
	char *html = make("calls", 0);

	(void)state;
	fixture_check_golden(html, "calls.html");
	free(html);
}

/* Nothing runs and nothing is fetched, whatever stands in the session. */
static void test_nothing_from_elsewhere(void **state)
{
	static const char *const none[] = {
		"count(//script | //link | //img | //iframe | //object | //embed | //form | //a)",
		"count(//@src | //@href | //@*[starts-with(name(), 'on')])",
		"count(//@style[contains(., 'url')])",
		"count(//style[contains(., 'url(') or contains(., '@import')])",
	};

	(void)state;
	for (size_t i = 0; i < SESSIONS; i++) {
		char *html = make(sessions[i], 0);

		for (size_t k = 0; k < sizeof none / sizeof *none; k++)
			assert_int_equal((int)count(html, none[k]), 0);
		fixture_check_harmless(html);
		free(html);
	}
}

/* What a screen reader goes by. */
static void test_accessible(void **state)
{
	static const struct {
		const char *expression;
		int number;
	} wanted[] = {
		{ "count(/html[@lang='en'])", 1 },
		{ "count(//h1)", 1 },
		{ "count(//section)", 8 },
		{ "count(//section/h2)", 8 },
		{ "count(//th[not(@scope)])", 0 },
		{ "count(//tr[not(th) and not(@class='below') and td[1] != ''])", 0 },
		{ "count(//svg[@role='img' and title and desc])", 1 },
		{ "count(//svg[@aria-labelledby=concat(title/@id, ' ', desc/@id)])", 1 },
		{ "count(//@id) - count(//@id[not(. = preceding::*/@id)])", 0 },
	};

	(void)state;
	for (size_t i = 0; i < SESSIONS; i++) {
		char *html = make(sessions[i], 0);

		for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
			const int number = (int)count(html, wanted[k].expression);

			if (number != wanted[k].number)
				print_error("%s: %s\n", sessions[i], wanted[k].expression);
			assert_int_equal(number, wanted[k].number);
		}
		free(html);
	}
}

/* Markup in a session is text in the page. */
static void test_markup_is_text(void **state)
{
	static const char evil[] =
		"</td></tr><script>alert('1')</script>\"'><img src=x onerror=\"x\">&amp;<!--]]>";
	const struct report_options options = { .now = 1795180000 };
	struct session session;
	char *html;

	(void)state;
	fixture_load(&session, "empty");
	session_site(&session, "provider.name", evil);
	session_site(&session, "provider.domain", evil);
	session_detail(&session, "customer", evil);
	session_detail(&session, evil, evil);
	session_detail(&session, "sip-trace", evil);
	session_step(&session, "%s", evil);
	html = report_html(&session, &options);
	assert_int_equal((int)count(html, "count(//script | //img | //comment())"), 0);
	assert_int_equal((int)count(html, "count(//pre[contains(., \"alert('1')\")])"), 1);
	assert_true(count(html, "count(//th[contains(., '<!--]]>')])") >= 1);
	/* In the drawing too, cut or not. */
	assert_int_equal((int)count(html, "count(//svg//text[starts-with(., '</td>')])"), 1);
	free(html);
	session_clear(&session);
}

/* The page says what the text says: each word of the text is in it. */
static void test_same_as_text(void **state)
{
	const struct report_options options = { .utf8 = true, .columns = 200, .now = 1795180000 };

	(void)state;
	for (size_t i = 0; i < SESSIONS; i++) {
		struct session session;
		char *text, *html, *rest, *word;

		fixture_load(&session, sessions[i]);
		text = report_text(&session, &options);
		html = report_html(&session, &options);
		rest = text;
		while ((word = strsep(&rest, " \n"))) {
			/* What is drawn with characters, or escaped, is another thing there. */
			if (strpbrk(word, "<>&\"'_[]\\") || (unsigned char)*word == 0xe2)
				continue;
			if (!strstr(html, word))
				print_error("%s: \"%s\" is missing\n", sessions[i], word);
			assert_non_null(strstr(html, word));
		}
		free(text);
		free(html);
		session_clear(&session);
	}
}

static void test_masked(void **state)
{
	char *html = make("calls", MASK_NUMBERS | MASK_ADDRESSES);

	(void)state;
	assert_null(strstr(html, "203.0.113"));
	assert_null(strstr(html, "2001:db8"));
	assert_null(strstr(html, "5550123"));
	assert_non_null(strstr(html, "Hidden on request"));
	assert_non_null(strstr(html, "192.168.1.10"));
	free(html);
}

/* The same name means the same address in text and JSON. */
static void test_names_agree(void **state)
{
	const struct report_options options = {
		.utf8 = true, .columns = 78, .now = 1795180000, .masks = MASK_ADDRESSES
	};
	struct session session;
	char *text, *wanted;
	json_t *json;

	(void)state;
	fixture_load(&session, "calls");
	text = report_text(&session, &options);
	json = report_json_masked(&session, MASK_ADDRESSES);
	wanted = mem_printf("  Public address     %s\n",
			    json_string_value(json_object_get(json_object_get(json, "facts"),
							      "nat.public-address")));
	assert_non_null(strstr(wanted, "public-"));
	assert_non_null(strstr(text, wanted));
	free(wanted);
	free(text);
	json_decref(json);
	session_clear(&session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),       cmocka_unit_test(test_nothing_from_elsewhere),
		cmocka_unit_test(test_accessible),   cmocka_unit_test(test_markup_is_text),
		cmocka_unit_test(test_same_as_text), cmocka_unit_test(test_masked),
		cmocka_unit_test(test_names_agree),
	};

	/* By rule, so that no zone database is needed. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
