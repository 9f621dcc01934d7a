/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"
#include "check/check.h"

enum { SINK_TEXT_MAX = 1000 }; /* bytes of one text in an event */

static void tell(struct sink *sink, json_t *event_take)
{
	if (!event_take)
		abort(); /* out of memory: what goes in is always valid UTF-8 */
	sink->event(event_take, sink->context);
}

static json_t *safe_text(const char *text)
{
	char *safe = text_safe(text, strlen(text), SINK_TEXT_MAX);
	json_t *value = json_string(safe);

	free(safe);
	return value;
}

/* A copy of a value in which every text is safe to print. Keys are our own and stay. */
static json_t *safe_value(const json_t *value)
{
	json_t *copy, *item;
	const char *key;
	size_t i;

	if (json_is_string(value))
		return safe_text(json_string_value(value));
	if (json_is_array(value)) {
		copy = json_array();
		json_array_foreach(value, i, item)
			json_array_append_new(copy, safe_value(item));
		return copy;
	}
	if (json_is_object(value)) {
		copy = json_object();
		json_object_foreach((json_t *)value, key, item)
			json_object_set_new(copy, key, safe_value(item));
		return copy;
	}
	return json_copy((json_t *)value);
}

void sink_progress(struct sink *sink, double fraction, const char *now)
{
	json_t *event = json_pack("{s:s, s:f}", "event", "progress", "fraction", fraction);

	if (event && now)
		json_object_set_new(event, "now", safe_text(now));
	tell(sink, event);
}

void sink_fact_take(struct sink *sink, const char *name, json_t *value)
{
	json_t *safe = value ? safe_value(value) : json_string("unknown");

	json_decref(value);
	tell(sink, json_pack("{s:s, s:s, s:o}", "event", "fact", "name", name, "value", safe));
}

void sink_fact_text(struct sink *sink, const char *name, const char *value)
{
	sink_fact_take(sink, name, safe_text(value && *value ? value : "unknown"));
}

void sink_fact_number(struct sink *sink, const char *name, double value)
{
	const bool whole = value == floor(value) && fabs(value) < 1e15;

	sink_fact_take(sink, name, whole ? json_integer((json_int_t)value) : json_real(value));
}

void sink_finding_take(struct sink *sink, struct finding *finding)
{
	tell(sink,
	     json_pack("{s:s, s:o}", "event", "finding", "finding", finding_to_json(finding)));
	finding_free(finding);
}

static void tell_words(struct sink *sink, const char *event, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

static void tell_words(struct sink *sink, const char *event, const char *format, va_list args)
{
	char words[SINK_TEXT_MAX];

	intl_vsnprintf(words, sizeof words, format, args);
	tell(sink, json_pack("{s:s, s:o}", "event", event, "text", safe_text(words)));
}

void sink_summary(struct sink *sink, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell_words(sink, "summary", format, args);
	va_end(args);
}

void sink_why(struct sink *sink, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell_words(sink, "why", format, args);
	va_end(args);
}

static const char *const state_texts[] = {
	[CHECK_DONE] = "done",
	[CHECK_SKIPPED] = "skipped",
	[CHECK_FAILED] = "failed",
	[CHECK_TIMEOUT] = "timeout",
};

void sink_settled(struct sink *sink, enum check_state state)
{
	tell(sink, json_pack("{s:s, s:s}", "event", "settled", "state", check_state_text(state)));
}

const char *check_state_text(enum check_state state)
{
	return state_texts[state];
}

enum err check_state_parse(enum check_state *out, const char *text)
{
	for (size_t i = 0; i < sizeof state_texts / sizeof *state_texts; i++) {
		if (!strcmp(text, state_texts[i])) {
			*out = (enum check_state)i;
			return ERR_NONE;
		}
	}
	return ERR_SYNTAX;
}

static void tell_object(struct sink *sink, const char *event, json_t *value_take)
{
	json_t *safe = safe_value(value_take);

	json_decref(value_take);
	tell(sink, json_pack("{s:s, s:o}", "event", event, event, safe));
}

void sink_call_take(struct sink *sink, json_t *call)
{
	tell_object(sink, "call", call);
}

void sink_live_take(struct sink *sink, json_t *live)
{
	tell_object(sink, "live", live);
}

void sink_input_take(struct sink *sink, json_t *input)
{
	tell_object(sink, "input", input);
}

bool check_hurried(const volatile int *hurry)
{
	return hurry && *hurry;
}
