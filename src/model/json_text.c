/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/json_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	ROOM_FIRST = 4096,
	NUMBER_MAX = 32,
	THOUSAND = 1000,
	TREE_DIGITS = 10, /* 0.04 is to read 0.04 */
};

/* Beyond this, thousandths have no place in a double's digits any more. */
static const double exact_max = 1e12;

/* Room for `length` bytes and the 0. */
static char *reserve(struct json_text *json, size_t length)
{
	if (json->room - json->length <= length) {
		while (json->room - json->length <= length)
			json->room = json->room ? json->room * 2 : ROOM_FIRST;
		json->text = mem_resize(json->text, json->room, 1);
	}
	return json->text + json->length;
}

static void add(struct json_text *json, const char *bytes, size_t length)
{
	char *end = reserve(json, length);

	memcpy(end, bytes, length);
	end[length] = 0;
	json->length += length;
}

/* In quotes, and `behind` them. */
static void add_quoted(struct json_text *json, const char *bytes, size_t length, const char *behind)
{
	const size_t more = strlen(behind);
	char *end = reserve(json, length + more + 2);

	*end++ = '"';
	memcpy(end, bytes, length);
	end += length;
	*end++ = '"';
	memcpy(end, behind, more + 1);
	json->length += length + more + 2;
}

static void add_word(struct json_text *json, const char *word)
{
	add(json, word, strlen(word));
}

void json_text_reset(struct json_text *json)
{
	json->length = 0;
}

void json_text_free(struct json_text *json)
{
	free(json->text);
	*json = (struct json_text){ 0 };
}

/* The comma before it, where something stands there, and its key. */
static void begin(struct json_text *json, const char *key)
{
	const char last = json->length ? json->text[json->length - 1] : '[';

	if (last != '{' && last != '[')
		add(json, ",", 1);
	if (key)
		add_quoted(json, key, strlen(key), ":");
}

void json_text_open(struct json_text *json, const char *key, char bracket)
{
	begin(json, key);
	add(json, &bracket, 1);
}

void json_text_close(struct json_text *json, char bracket)
{
	add(json, &bracket, 1);
}

/* RFC 8259, 7: what may not stand in a string as it is. */
static bool is_special(unsigned char byte)
{
	return byte < ' ' || byte == '"' || byte == '\\';
}

static size_t plain_length(const char *utf8)
{
	size_t length = 0;

	while (!is_special((unsigned char)utf8[length]))
		length++;
	return length;
}

static void add_escape(struct json_text *json, char byte)
{
	char escape[12];

	if (byte == '"' || byte == '\\')
		snprintf(escape, sizeof escape, "\\%c", byte);
	else
		snprintf(escape, sizeof escape, "\\u%04X", (unsigned)(unsigned char)byte);
	add_word(json, escape);
}

void json_text_string(struct json_text *json, const char *key, const char *utf8)
{
	size_t length;

	if (!utf8) {
		json_text_null(json, key);
		return;
	}
	begin(json, key);
	length = plain_length(utf8);
	if (!utf8[length]) {
		add_quoted(json, utf8, length, "");
		return;
	}
	add(json, "\"", 1);
	for (; *utf8; length = plain_length(utf8)) {
		add(json, utf8, length);
		utf8 += length;
		if (*utf8)
			add_escape(json, *utf8++);
	}
	add(json, "\"", 1);
}

/* Writes digits before `end`, at least `least` of them; returns where they begin. */
static char *digits_before(char *end, uint64_t value, size_t least)
{
	char *at = end;

	while (value || (size_t)(end - at) < least) {
		*--at = (char)('0' + value % 10);
		value /= 10;
	}
	return at;
}

/* Digits from `from` on, which has room for a sign before it. */
static void add_number(struct json_text *json, char *from, const char *end, bool negative)
{
	if (negative)
		*--from = '-';
	add(json, from, (size_t)(end - from));
}

void json_text_integer(struct json_text *json, const char *key, int64_t value)
{
	char text[NUMBER_MAX], *end = text + sizeof text;
	const uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	begin(json, key);
	add_number(json, digits_before(end, size, 1), end, value < 0);
}

void json_text_number(struct json_text *json, const char *key, double value)
{
	const double size = fabs(value);
	char text[NUMBER_MAX], *end = text + sizeof text, *at;
	uint64_t thousandths;

	if (!isfinite(value)) {
		json_text_null(json, key);
		return;
	}
	begin(json, key);
	if (size > exact_max) {
		snprintf(text, sizeof text, "%.15g", value);
		add_word(json, text);
		return;
	}
	thousandths = (uint64_t)llround(size * THOUSAND);
	at = digits_before(end, thousandths % THOUSAND, 3);
	while (end > at + 1 && end[-1] == '0')
		end--;
	*--at = '.';
	at = digits_before(at, thousandths / THOUSAND, 1);
	add_number(json, at, end, value < 0 && thousandths);
}

void json_text_boolean(struct json_text *json, const char *key, bool value)
{
	begin(json, key);
	add_word(json, value ? "true" : "false");
}

void json_text_null(struct json_text *json, const char *key)
{
	begin(json, key);
	add_word(json, "null");
}

void json_text_tree(struct json_text *json, const char *key, const json_t *tree)
{
	const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(TREE_DIGITS);
	char *text = json_dumps(tree, flags);

	if (!text)
		abort();
	begin(json, key);
	add_word(json, text);
	free(text);
}

json_t *json_text_parse(const struct json_text *json)
{
	json_t *tree = json_loadb(json->text, json->length, JSON_DECODE_ANY, NULL);

	if (!tree)
		abort();
	return tree;
}

const char *json_text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}
