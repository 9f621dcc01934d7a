/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written here must be what jansson reads, and would have written itself. */
#include "model/json_text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(struct json_text *json, const char *text)
{
	assert_string_equal(json->text, text);
	assert_int_equal(json->length, strlen(text));
	json_text_free(json);
}

static void objects_and_lists(void **state)
{
	struct json_text json = { 0 };

	(void)state;
	json_text_open(&json, NULL, '{');
	json_text_open(&json, "none", '[');
	json_text_close(&json, ']');
	json_text_open(&json, "list", '[');
	json_text_integer(&json, NULL, 1);
	json_text_open(&json, NULL, '{');
	json_text_close(&json, '}');
	json_text_open(&json, NULL, '[');
	json_text_null(&json, NULL);
	json_text_close(&json, ']');
	json_text_close(&json, ']');
	json_text_boolean(&json, "yes", true);
	json_text_boolean(&json, "no", false);
	json_text_string(&json, "unknown", NULL);
	json_text_close(&json, '}');
	check(&json, "{\"none\":[],\"list\":[1,{},[null]],\"yes\":true,\"no\":false,"
		     "\"unknown\":null}");
}

/* A text that ends like a beginning does not keep the comma away. */
static void commas(void **state)
{
	struct json_text json = { 0 };

	(void)state;
	json_text_open(&json, NULL, '[');
	json_text_string(&json, NULL, "{");
	json_text_string(&json, NULL, "[");
	json_text_string(&json, NULL, "");
	json_text_close(&json, ']');
	check(&json, "[\"{\",\"[\",\"\"]");
}

static void strings(void **state)
{
	static const char all[] = "\"\\/\b\f\n\r\t\001\037\177 \xc3\xa4 \xf0\x9f\x93\x9e";
	struct json_text json = { 0 };
	json_t *tree;

	(void)state;
	json_text_string(&json, NULL, all);
	tree = json_text_parse(&json);
	assert_string_equal(json_string_value(tree), all);
	json_decref(tree);
	check(&json, "\"\\\"\\\\/\\u0008\\u000C\\u000A\\u000D\\u0009\\u0001\\u001F\177 "
		     "\xc3\xa4 \xf0\x9f\x93\x9e\"");
}

static void integers(void **state)
{
	static const int64_t values[] = { 0, 7, -7, 10, 4294967296, INT64_MAX, INT64_MIN };

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct json_text json = { 0 };
		json_t *tree;

		json_text_integer(&json, NULL, values[i]);
		tree = json_text_parse(&json);
		assert_true(json_is_integer(tree));
		assert_true(json_integer_value(tree) == values[i]);
		json_decref(tree);
		json_text_free(&json);
	}
}

static void numbers(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0, "0.0" },          { -0.0, "0.0" },
		{ 1, "1.0" },          { 0.04, "0.04" },
		{ 4.409, "4.409" },    { 4.4094, "4.409" },
		{ 4.4096, "4.41" },    { 0.0004, "0.0" },
		{ -0.0004, "0.0" },    { 0.0005, "0.001" },
		{ -1.25, "-1.25" },    { 100, "100.0" },
		{ 99.9999, "100.0" },  { 123456789.5, "123456789.5" },
		{ 1e15, "1e+15" },     { -1e300, "-1e+300" },
		{ NAN, "null" },       { INFINITY, "null" },
		{ -INFINITY, "null" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json_text json = { 0 };

		json_text_number(&json, NULL, cases[i].value);
		json_decref(json_text_parse(&json));
		check(&json, cases[i].text);
	}
}

static void trees(void **state)
{
	struct json_text json = { 0 };
	json_t *tree = json_pack("{s:s, s:[f, n]}", "a", "\xc3\xa4\n", "b", 0.04);

	(void)state;
	json_text_open(&json, NULL, '{');
	json_text_tree(&json, "tree", tree);
	json_text_integer(&json, "one", 1);
	json_text_close(&json, '}');
	assert_string_equal(json_text_at(tree, "a"), "\xc3\xa4\n");
	assert_string_equal(json_text_at(tree, "b"), "");
	assert_string_equal(json_text_at(tree, "none"), "");
	assert_string_equal(json_text_at(NULL, "a"), "");
	json_decref(tree);
	check(&json, "{\"tree\":{\"a\":\"\xc3\xa4\\n\",\"b\":[0.04,null]},\"one\":1}");
}

/* More than the first room, again and again, in the memory that is there. */
static void grows_and_begins_again(void **state)
{
	struct json_text json = { 0 };
	size_t room = 0;

	(void)state;
	for (int round = 0; round < 3; round++) {
		json_t *tree;

		json_text_reset(&json);
		json_text_open(&json, NULL, '[');
		for (int64_t i = 0; i < 5000; i++)
			json_text_integer(&json, NULL, i);
		json_text_close(&json, ']');
		tree = json_text_parse(&json);
		assert_int_equal(json_array_size(tree), 5000);
		assert_int_equal(json_integer_value(json_array_get(tree, 4999)), 4999);
		json_decref(tree);
		if (round)
			assert_int_equal(json.room, room);
		room = json.room;
	}
	json_text_free(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_and_lists),
		cmocka_unit_test(commas),
		cmocka_unit_test(strings),
		cmocka_unit_test(integers),
		cmocka_unit_test(numbers),
		cmocka_unit_test(trees),
		cmocka_unit_test(grows_and_begins_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
