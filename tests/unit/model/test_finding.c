/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings and facts: the tables are whole, JSON comes back as it went, nothing else is taken for a
 * finding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/fact.h"
#include "model/finding.h"

static void kinds_are_complete(void **state)
{
	const struct finding_kind *kind;

	(void)state;
	for (size_t i = 0; (kind = finding_kind_at(i)); i++) {
		assert_true(*kind->id && *kind->check && *kind->title && *kind->meaning);
		assert_ptr_equal(finding_kind_find(kind->id), kind); /* no id twice */
		assert_true(*kind->remedy || kind->severity == SEVERITY_NOTE);
	}
	for (size_t i = 0; fact_kind_at(i); i++)
		assert_ptr_equal(fact_kind_find(fact_kind_at(i)->name), fact_kind_at(i));
	assert_null(finding_kind_find("no-such"));
	assert_null(fact_kind_find("no-such"));
}

static void comes_back_from_json(void **state)
{
	struct finding *finding = finding_new("sip-alg"), *again;
	json_t *json, *twice;

	(void)state;
	finding_place(finding, 1, "192.168.1.1");
	finding_evidence(finding, "Via \"%s\"\r\n\x1b[31m", "a");
	json = finding_to_json(finding);
	assert_int_equal(finding_from_json(&again, json), ERR_NONE);
	assert_string_equal(again->evidence[0], "Via \"a\"\\r\\n\\x1b[31m");
	assert_string_equal(again->address, "192.168.1.1");
	twice = finding_to_json(again);
	assert_true(json_equal(json, twice));
	json_decref(json);
	json_decref(twice);
	finding_free(finding);
	finding_free(again);
}

static void refuses_other_json(void **state)
{
	static const char *const bad[] = {
		"{}",
		"[]",
		"\"sip-alg\"",
		"{\"id\":\"sip-alg\"}",
		"{\"id\":7}",
		"{\"id\":\"no-such\",\"severity\":\"fault\",\"side\":\"site\",\"direction\":\"in\","
		"\"evidence\":[]}",
		"{\"id\":\"sip-alg\",\"severity\":\"bad\",\"side\":\"site\",\"direction\":\"in\","
		"\"evidence\":[]}",
		"{\"id\":\"sip-alg\",\"severity\":\"fault\",\"side\":\"site\",\"direction\":\"in\","
		"\"evidence\":[1]}",
		"{\"id\":\"sip-alg\",\"severity\":\"fault\",\"side\":\"site\",\"direction\":\"in\","
		"\"evidence\":[],"
		"\"where\":{\"hop\":0}}",
		"{\"id\":\"sip-alg\",\"severity\":\"fault\",\"side\":\"site\",\"direction\":\"in\","
		"\"evidence\":[],"
		"\"where\":7}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct finding *finding = NULL;
		json_t *json = json_loads(bad[i], JSON_DECODE_ANY, NULL);

		assert_non_null(json);
		assert_int_equal(finding_from_json(&finding, json), ERR_SYNTAX);
		assert_null(finding);
		json_decref(json);
	}
}

static void facts_answer_questions(void **state)
{
	struct facts facts;
	char *words;

	(void)state;
	facts_init(&facts);
	assert_string_equal(facts_text(&facts, "nat.type"), "unknown");
	assert_false(facts_known(&facts, "nat.type"));
	facts_set_text(&facts, "nat.type", "unknown");
	assert_false(facts_known(&facts, "nat.type"));
	facts_set_take(&facts, "nat.layers", json_integer(2));
	assert_true(facts_is(&facts, "nat.layers", "2"));
	facts_set_take(&facts, "sip-alg.changed", json_pack("[s,s]", "via", "contact"));
	assert_true(facts_is(&facts, "sip-alg.changed", "contact"));
	assert_false(facts_is(&facts, "sip-alg.changed", "from"));
	words = fact_words(facts_get(&facts, "sip-alg.changed"));
	assert_string_equal(words, "via, contact");
	free(words);
	facts_set_take(&facts, "dns.resolvers",
		       json_pack("[{s:s,s:f}]", "address", "192.0.2.53", "rtt-ms", 1.5));
	words = fact_words(facts_get(&facts, "dns.resolvers"));
	assert_string_equal(words, "address 192.0.2.53 rtt-ms 1.5");
	free(words);
	facts_clear(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_complete),
		cmocka_unit_test(comes_back_from_json),
		cmocka_unit_test(refuses_other_json),
		cmocka_unit_test(facts_answer_questions),
	};

	return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
