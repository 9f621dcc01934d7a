/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/event.h"

#include <string.h>

#include "base/text.h"

enum { DEPTH_MAX = 8 }; /* of lists and objects in a value */

static bool is_printable(const char *text)
{
	return !strchr(text, '\n') && text_is_safe(text);
}

/* The sink has made every text safe; a process that sends another is not to be believed. */
static bool is_clean(const json_t *value, int depth)
{
	json_t *item;
	const char *key;
	size_t i;

	if (json_is_string(value))
		return is_printable(json_string_value(value));
	if (depth >= DEPTH_MAX)
		return !json_is_array(value) && !json_is_object(value);
	json_array_foreach(value, i, item)
		if (!is_clean(item, depth + 1))
			return false;
	json_object_foreach((json_t *)value, key, item)
		if (!is_printable(key) || !is_clean(item, depth + 1))
			return false;
	return true;
}

static bool is_text(const json_t *event, const char *key)
{
	return json_is_string(json_object_get(event, key));
}

static bool is_progress(const json_t *event, const struct check *check)
{
	(void)check;
	return json_is_number(json_object_get(event, "fraction")) &&
	       (!json_object_get(event, "now") || is_text(event, "now"));
}

static bool is_fact(const json_t *event, const struct check *check)
{
	const json_t *value = json_object_get(event, "value");
	const char *name = json_string_value(json_object_get(event, "name"));

	if (!name || !value || json_is_null(value))
		return false;
	for (const char *const *fact = check->facts; *fact; fact++)
		if (!strcmp(*fact, name))
			return true;
	return false;
}

static bool is_finding(const json_t *event, const struct check *check)
{
	struct finding *finding = NULL;

	(void)check;
	if (finding_from_json(&finding, json_object_get(event, "finding")))
		return false;
	finding_free(finding);
	return true;
}

static bool is_call(const json_t *event, const struct check *check)
{
	(void)check;
	return json_is_object(json_object_get(event, "call"));
}

static bool is_words(const json_t *event, const struct check *check)
{
	(void)check;
	return is_text(event, "text");
}

static bool is_end(const json_t *event, const struct check *check)
{
	enum check_state state;

	(void)check;
	return is_text(event, "state") &&
	       !check_state_parse(&state, json_string_value(json_object_get(event, "state")));
}

static bool is_event(const json_t *event, const struct check *check)
{
	static const struct {
		const char *name;
		bool (*fits)(const json_t *event, const struct check *check);
	} kinds[] = {
		{ "progress", is_progress }, { "fact", is_fact },     { "finding", is_finding },
		{ "call", is_call },         { "summary", is_words }, { "why", is_words },
		{ "end", is_end },           { "settled", is_end },
	};
	const char *name = json_string_value(json_object_get(event, "event"));

	for (size_t i = 0; name && i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].name, name))
			return is_clean(event, 0) && kinds[i].fits(event, check);
	return false;
}

enum err event_parse(json_t **out, struct slice line, const struct check *check)
{
	json_t *event = json_loadb((const char *)line.at, line.left, JSON_REJECT_DUPLICATES, NULL);

	if (!event)
		return ERR_SYNTAX;
	if (!is_event(event, check)) {
		json_decref(event);
		return ERR_SYNTAX;
	}
	*out = event;
	return ERR_NONE;
}
