/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/session.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/conclude.h"
#include "model/heard.h"

/* Records, one JSON object each; "at" is the time, "kind" one of:
 *   start {id, version}                      answer {question, value[, measured]}
 *   undo {}
 *   site {key, value}                        detail {key, value}
 *   check {check, event}                     outcome {cause, result}
 *   step {text[, followed]}
 *   verdict {verdict}                        finish {}
 */

static void clear_answer(struct answer *answer)
{
	free(answer->question);
	free(answer->value);
	free(answer->measured);
}

static void clear_outcome(struct outcome *outcome)
{
	free(outcome->cause);
	free(outcome->result);
}

static void clear_check(struct check_run *run)
{
	free(run->name);
	free(run->state);
	free(run->summary);
	free(run->why);
	json_decref(run->told);
}

static void drop_told(struct session_told *told, size_t i)
{
	finding_free(told->findings[i]);
	free(told->finding_checks[i]);
	told->finding_count--;
	memmove(told->findings + i, told->findings + i + 1,
		(told->finding_count - i) * sizeof *told->findings);
	memmove(told->finding_checks + i, told->finding_checks + i + 1,
		(told->finding_count - i) * sizeof *told->finding_checks);
}

static void drop_call(struct session *session, size_t i)
{
	const size_t left = json_array_size(session->calls) - i - 1;

	json_array_remove(session->calls, i);
	free(session->call_checks[i]);
	memmove(session->call_checks + i, session->call_checks + i + 1,
		left * sizeof *session->call_checks);
}

static void clear_calls(struct session *session)
{
	while (json_array_size(session->calls))
		drop_call(session, json_array_size(session->calls) - 1);
	free(session->call_checks);
	json_decref(session->calls);
}

static void clear_told(struct session_told *told)
{
	while (told->finding_count)
		drop_told(told, told->finding_count - 1);
	free(told->findings);
	free(told->finding_checks);
	facts_clear(&told->facts);
}

void session_clear(struct session *session)
{
	for (size_t i = 0; i < session->answer_count; i++)
		clear_answer(&session->answers[i]);
	for (size_t i = 0; i < session->check_count; i++)
		clear_check(&session->checks[i]);
	conclude_clear(session);
	clear_told(&session->told);
	for (size_t i = 0; i < session->outcome_count; i++)
		clear_outcome(&session->outcomes[i]);
	for (size_t i = 0; i < session->turn_count; i++)
		free(session->turns[i].id);
	for (size_t i = 0; i < session->step_count; i++)
		free(session->steps[i].text);
	free(session->answers);
	free(session->checks);
	free(session->outcomes);
	free(session->turns);
	free(session->steps);
	free(session->id);
	free(session->version);
	facts_clear(&session->before);
	clear_calls(session);
	json_decref(session->call_before);
	json_decref(session->site);
	json_decref(session->details);
	json_decref(session->verdict);
	*session = (struct session){ 0 };
}

static void init_empty(struct session *session)
{
	*session = (struct session){ 0 };
	facts_init(&session->told.facts);
	facts_init(&session->facts);
	facts_init(&session->before);
	session->site = json_object();
	session->details = json_object();
	session->calls = json_array();
}

/* Applying: each takes a record whose members are known to be texts where it says so. */

static const char *member(const json_t *record, const char *key)
{
	return json_string_value(json_object_get(record, key));
}

static enum err apply_start(struct session *session, const json_t *record, time_t when)
{
	const char *id = member(record, "id"), *version = member(record, "version");

	if (!id || !version || session->id)
		return ERR_SYNTAX;
	session->id = mem_text(id);
	session->version = mem_text(version);
	session->started = when;
	return ERR_NONE;
}

static size_t answer_index(const struct session *session, const char *question)
{
	size_t i = 0;

	while (i < session->answer_count && strcmp(session->answers[i].question, question))
		i++;
	return i;
}

static size_t outcome_index(const struct session *session, const char *cause)
{
	size_t i = 0;

	while (i < session->outcome_count && strcmp(session->outcomes[i].cause, cause))
		i++;
	return i;
}

/* Puts a turn last; an answer that is given anew moves there. */
static void add_turn(struct session *session, bool is_answer, const char *id)
{
	size_t i = 0;
	char *kept;

	while (i < session->turn_count &&
	       (session->turns[i].is_answer != is_answer || strcmp(session->turns[i].id, id)))
		i++;
	if (i == session->turn_count) {
		session->turns = mem_resize(session->turns, i + 1, sizeof *session->turns);
		session->turns[session->turn_count++] = (struct turn){ is_answer, mem_text(id) };
		return;
	}
	kept = session->turns[i].id;
	memmove(session->turns + i, session->turns + i + 1,
		(session->turn_count - i - 1) * sizeof *session->turns);
	session->turns[session->turn_count - 1] = (struct turn){ is_answer, kept };
}

static enum err apply_answer(struct session *session, const json_t *record, time_t when)
{
	const char *question = member(record, "question"), *value = member(record, "value");
	const char *measured = member(record, "measured");
	size_t i;

	if (!question || !value)
		return ERR_SYNTAX;
	i = answer_index(session, question);
	if (i == session->answer_count) {
		session->answers = mem_resize(session->answers, i + 1, sizeof *session->answers);
		session->answers[i] = (struct answer){ .question = mem_text(question) };
		session->answer_count++;
	}
	mem_replace(&session->answers[i].value, value);
	mem_replace(&session->answers[i].measured, measured);
	session->answers[i].when = when;
	add_turn(session, true, question);
	return ERR_NONE;
}

static enum err apply_text(json_t *texts, const json_t *record)
{
	const char *key = member(record, "key"), *value = member(record, "value");

	if (!key || !value)
		return ERR_SYNTAX;
	if (*value)
		json_object_set_new(texts, key, json_string(value));
	else
		json_object_del(texts, key);
	return ERR_NONE;
}

static enum err apply_site(struct session *session, const json_t *record, time_t when)
{
	(void)when;
	return apply_text(session->site, record);
}

static enum err apply_detail(struct session *session, const json_t *record, time_t when)
{
	(void)when;
	return apply_text(session->details, record);
}

static struct check_run *find_check(struct session *session, const char *name)
{
	return (struct check_run *)(uintptr_t)session_find_check(session, name);
}

static struct check_run *find_or_add_check(struct session *session, const char *name)
{
	struct check_run *run = find_check(session, name);

	if (run)
		return run;
	session->checks =
		mem_resize(session->checks, session->check_count + 1, sizeof *session->checks);
	run = &session->checks[session->check_count++];
	*run = (struct check_run){ .name = mem_text(name) };
	return run;
}

/* The last call of a check that tells of both directions of its voice, else of one, else its last:
 * one that was cut off at the end of a recording tells less. NULL: there is none. */
static json_t *telling_call(const struct session *session, const char *check)
{
	json_t *best = NULL;
	int most = -1;

	for (size_t i = json_array_size(session->calls); i-- > 0;) {
		json_t *call = json_array_get(session->calls, i);
		const int known = heard_is_known(call, "out") + heard_is_known(call, "in");

		if (strcmp(session->call_checks[i], check) != 0 || known <= most)
			continue;
		best = call;
		most = known;
	}
	return best;
}

const json_t *session_call_before(const struct session *session)
{
	const struct check_run *run = session_find_check(session, "capture");

	return run && run->is_stale ? telling_call(session, "capture") : session->call_before;
}

const json_t *session_call_now(const struct session *session)
{
	const struct check_run *run = session_find_check(session, "capture");

	return run && run->is_stale ? NULL : telling_call(session, "capture");
}

/* Who listens twice after an advice still compares with what was before it. */
static void keep_call(struct session *session, const struct check_run *run)
{
	if (!run->is_stale)
		return;
	json_decref(session->call_before);
	session->call_before = json_incref(telling_call(session, run->name));
}

static void drop_calls(struct session *session, const struct check_run *run)
{
	if (!strcmp(run->name, "capture"))
		keep_call(session, run);
	for (size_t i = json_array_size(session->calls); i-- > 0;)
		if (!strcmp(session->call_checks[i], run->name))
			drop_call(session, i);
}

static void begin_check(struct session *session, struct check_run *run)
{
	for (size_t i = session->told.finding_count; i-- > 0;)
		if (!strcmp(session->told.finding_checks[i], run->name))
			drop_told(&session->told, i);
	drop_calls(session, run);
	run->is_stale = false;
	json_decref(run->told);
	run->told = NULL;
	mem_replace(&run->state, "running");
	mem_replace(&run->summary, NULL);
	mem_replace(&run->why, NULL);
	run->seconds = 0;
}

/* True the first time in this run of the check: what it corrects later on is no change at the site,
 * it only came to know better. */
static bool is_first_word(struct check_run *run, const char *name)
{
	if (!run || run->is_stale)
		return true;
	if (!run->told)
		run->told = json_object();
	if (json_object_get(run->told, name))
		return false;
	json_object_set_new(run->told, name, json_true());
	return true;
}

static enum err apply_fact(struct session *session, struct check_run *run, const json_t *event)
{
	const char *name = member(event, "name");
	json_t *value = json_object_get(event, "value");
	const json_t *old;

	if (!name || !value)
		return ERR_SYNTAX;
	old = facts_get(&session->told.facts, name);
	if (is_first_word(run, name) && old && !json_equal(old, value))
		facts_set_take(&session->before, name, json_deep_copy(old));
	facts_set_take(&session->told.facts, name, json_deep_copy(value));
	return ERR_NONE;
}

const json_t *session_fact_before(const struct session *session, const char *name)
{
	const json_t *before = facts_get(&session->before, name);
	const json_t *now = facts_get(&session->facts, name);

	if (!before || (now && json_equal(before, now)))
		return NULL;
	/* For so long a mapping has lived at least: measured anew, it begins small and grows. */
	if (!strcmp(name, "nat.binding-seconds") &&
	    (!now || json_number_value(now) < json_number_value(before)))
		return NULL;
	return before;
}

static enum err apply_finding(struct session_told *told, const char *check, const json_t *event)
{
	struct finding *finding;
	enum err err = finding_from_json(&finding, json_object_get(event, "finding"));
	const size_t i = told->finding_count;

	if (err)
		return err;
	told->findings = mem_resize(told->findings, i + 1, sizeof *told->findings);
	told->finding_checks =
		mem_resize(told->finding_checks, i + 1, sizeof *told->finding_checks);
	told->findings[i] = finding;
	told->finding_checks[i] = mem_text(check);
	told->finding_count++;
	return ERR_NONE;
}

static enum err apply_call(struct session *session, const char *check, const json_t *event)
{
	const json_t *call = json_object_get(event, "call");
	const size_t i = json_array_size(session->calls);

	if (!json_is_object(call))
		return ERR_SYNTAX;
	if (i == SESSION_CALLS_MAX)
		return ERR_NONE;
	session->call_checks =
		mem_resize(session->call_checks, i + 1, sizeof *session->call_checks);
	session->call_checks[i] = mem_text(check);
	json_array_append_new(session->calls, json_deep_copy(call));
	return ERR_NONE;
}

static enum err end_check(struct check_run *run, const json_t *event)
{
	const char *state = member(event, "state");

	if (!state)
		return ERR_SYNTAX;
	mem_replace(&run->state, state);
	if (member(event, "why"))
		mem_replace(&run->why, member(event, "why"));
	run->seconds = json_number_value(json_object_get(event, "seconds"));
	return ERR_NONE;
}

static enum err apply_event(struct session *session, const json_t *record, time_t when)
{
	const char *name = member(record, "check");
	const json_t *event = json_object_get(record, "event");
	const char *kind = member(event, "event");
	struct check_run *run;

	if (!name || !kind)
		return ERR_SYNTAX;
	if (!strcmp(kind, "fact"))
		return apply_fact(session, find_check(session, name), event);
	if (!strcmp(kind, "finding"))
		return apply_finding(&session->told, name, event);
	if (!strcmp(kind, "call"))
		return apply_call(session, name, event);
	run = find_or_add_check(session, name);
	run->when = when;
	if (!strcmp(kind, "end"))
		return end_check(run, event);
	if (!strcmp(kind, "start"))
		begin_check(session, run);
	else if (!strcmp(kind, "summary"))
		mem_replace(&run->summary, member(event, "text"));
	else if (!strcmp(kind, "why"))
		mem_replace(&run->why, member(event, "text"));
	return ERR_NONE;
}

static enum err apply_check(struct session *session, const json_t *record, time_t when)
{
	const enum err err = apply_event(session, record, when);

	if (!err)
		conclude(session);
	return err;
}

static enum err apply_outcome(struct session *session, const json_t *record, time_t when)
{
	const char *cause = member(record, "cause"), *result = member(record, "result");
	size_t i;

	if (!cause || !result)
		return ERR_SYNTAX;
	i = outcome_index(session, cause);
	if (i == session->outcome_count) {
		session->outcomes = mem_resize(session->outcomes, i + 1, sizeof *session->outcomes);
		session->outcomes[session->outcome_count++] =
			(struct outcome){ .cause = mem_text(cause) };
	}
	mem_replace(&session->outcomes[i].result, result);
	session->outcomes[i].when = when;
	add_turn(session, false, cause);
	return ERR_NONE;
}

static void drop_answer(struct session *session, size_t i)
{
	clear_answer(&session->answers[i]);
	session->answer_count--;
	memmove(session->answers + i, session->answers + i + 1,
		(session->answer_count - i) * sizeof *session->answers);
}

static void drop_outcome(struct session *session, size_t i)
{
	clear_outcome(&session->outcomes[i]);
	session->outcome_count--;
	memmove(session->outcomes + i, session->outcomes + i + 1,
		(session->outcome_count - i) * sizeof *session->outcomes);
}

static enum err apply_undo(struct session *session, const json_t *record, time_t when)
{
	struct turn *last = session->turns + session->turn_count - 1;

	(void)record;
	(void)when;
	if (!session->turn_count)
		return ERR_SYNTAX;
	if (last->is_answer)
		drop_answer(session, answer_index(session, last->id));
	else
		drop_outcome(session, outcome_index(session, last->id));
	free(last->id);
	session->turn_count--;
	session->finished = false;
	return ERR_NONE;
}

static enum err apply_step(struct session *session, const json_t *record, time_t when)
{
	const char *text = member(record, "text");

	if (!text)
		return ERR_SYNTAX;
	session->steps =
		mem_resize(session->steps, session->step_count + 1, sizeof *session->steps);
	session->steps[session->step_count++] =
		(struct taken){ .text = mem_text(text), .when = when };
	for (size_t i = 0;
	     json_is_true(json_object_get(record, "followed")) && i < session->check_count; i++)
		session->checks[i].is_stale = true;
	return ERR_NONE;
}

static enum err apply_verdict(struct session *session, const json_t *record, time_t when)
{
	const json_t *verdict = json_object_get(record, "verdict");

	(void)when;
	if (!json_is_object(verdict))
		return ERR_SYNTAX;
	json_decref(session->verdict);
	session->verdict = json_deep_copy(verdict);
	return ERR_NONE;
}

static enum err apply_finish(struct session *session, const json_t *record, time_t when)
{
	(void)record;
	(void)when;
	session->finished = true;
	return ERR_NONE;
}

static const struct {
	const char *kind;
	enum err (*apply)(struct session *session, const json_t *record, time_t when);
} appliers[] = {
	{ "start", apply_start },     { "answer", apply_answer }, { "undo", apply_undo },
	{ "site", apply_site },       { "detail", apply_detail }, { "check", apply_check },
	{ "outcome", apply_outcome }, { "step", apply_step },     { "verdict", apply_verdict },
	{ "finish", apply_finish },
};

enum err session_apply(struct session *session, const json_t *record)
{
	const char *kind = member(record, "kind"), *at = member(record, "at");
	const time_t when = at ? clock_from_utc_text(at) : (time_t)-1;

	if (!session->site)
		init_empty(session);
	if (!kind || when == (time_t)-1 || (!session->id && strcmp(kind, "start")))
		return ERR_SYNTAX;
	for (size_t i = 0; i < sizeof appliers / sizeof *appliers; i++)
		if (!strcmp(appliers[i].kind, kind))
			return appliers[i].apply(session, record, when);
	return ERR_SYNTAX;
}

/* Making records. */

static void record_take(struct session *session, json_t *record)
{
	char at[CLOCK_TEXT];

	json_object_set_new(record, "at", json_string(clock_utc_text(at, time(NULL))));
	if (!session_apply(session, record) && session->listener)
		session->listener(record, session->context);
	json_decref(record);
}

static json_t *record_of(const char *kind)
{
	json_t *record = json_object();

	json_object_set_new(record, "kind", json_string(kind));
	return record;
}

/* A record with two texts, made safe: a person's typing may hold anything a terminal sends. */
static json_t *texts_record(const char *kind, const char *key_a, const char *a, const char *key_b,
			    const char *b)
{
	json_t *record = record_of(kind);
	char *safe_a = text_safe(a, strlen(a), 4000), *safe_b = text_safe(b, strlen(b), 4000);

	json_object_set_new(record, key_a, json_string(safe_a));
	json_object_set_new(record, key_b, json_string(safe_b));
	free(safe_a);
	free(safe_b);
	return record;
}

static void record_texts(struct session *session, const char *kind, const char *key_a,
			 const char *a, const char *key_b, const char *b)
{
	record_take(session, texts_record(kind, key_a, a, key_b, b));
}

void session_init(struct session *session, const char *version)
{
	char at[CLOCK_TEXT], id[CLOCK_TEXT + 8];
	uint16_t salt = 0;
	size_t length = 0;

	init_empty(session);
	if (getrandom(&salt, sizeof salt, GRND_NONBLOCK) != sizeof salt)
		salt = (uint16_t)clock_ms();
	clock_utc_text(at, time(NULL));
	for (const char *c = at; *c; c++)
		if (*c != ':')
			id[length++] = *c;
	snprintf(id + length, sizeof id - length, "-%04x", salt);
	record_texts(session, "start", "id", id, "version", version);
}

void session_answer(struct session *session, const char *question, const char *value)
{
	record_texts(session, "answer", "question", question, "value", value);
}

void session_correct(struct session *session, const char *question, const char *value,
		     const char *measured)
{
	json_t *record = texts_record("answer", "question", question, "value", value);

	json_object_set_new(record, "measured", json_string(measured));
	record_take(session, record);
}

void session_undo(struct session *session)
{
	if (session->turn_count)
		record_take(session, record_of("undo"));
}

void session_site(struct session *session, const char *key, const char *value)
{
	record_texts(session, "site", "key", key, "value", value);
}

void session_detail(struct session *session, const char *key, const char *value)
{
	record_texts(session, "detail", "key", key, "value", value);
}

void session_check(struct session *session, const char *check, const json_t *event)
{
	const char *kind = member(event, "event");
	json_t *record;

	if (!kind || !strcmp(kind, "progress"))
		return;
	record = record_of("check");
	json_object_set_new(record, "check", json_string(check));
	json_object_set_new(record, "event", json_deep_copy(event));
	record_take(session, record);
}

void session_outcome(struct session *session, const char *cause, const char *result)
{
	record_texts(session, "outcome", "cause", cause, "result", result);
}

static void record_step(struct session *session, bool followed, const char *format, va_list args)
	PRINTF_LIKE(3, 0);

static void record_step(struct session *session, bool followed, const char *format, va_list args)
{
	json_t *record = record_of("step");
	char text[1000], *safe;

	vsnprintf(text, sizeof text, format, args);
	safe = text_safe(text, strlen(text), sizeof text);
	json_object_set_new(record, "text", json_string(safe));
	if (followed)
		json_object_set_new(record, "followed", json_true());
	record_take(session, record);
	free(safe);
}

void session_step(struct session *session, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	record_step(session, false, format, args);
	va_end(args);
}

void session_followed(struct session *session, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	record_step(session, true, format, args);
	va_end(args);
}

void session_verdict_take(struct session *session, json_t *verdict)
{
	json_t *record;

	if (session->verdict && json_equal(session->verdict, verdict)) {
		json_decref(verdict);
		return;
	}
	record = record_of("verdict");
	json_object_set_new(record, "verdict", verdict);
	record_take(session, record);
}

void session_finish(struct session *session)
{
	if (!session->finished)
		record_take(session, record_of("finish"));
}

/* Looking up. */

const struct answer *session_find_answer(const struct session *session, const char *question)
{
	size_t i = answer_index(session, question);

	return i < session->answer_count ? &session->answers[i] : NULL;
}

const struct check_run *session_find_check(const struct session *session, const char *name)
{
	for (size_t i = 0; i < session->check_count; i++)
		if (!strcmp(session->checks[i].name, name))
			return &session->checks[i];
	return NULL;
}

const struct finding *session_find_finding(const struct session *session, const char *id)
{
	for (size_t i = 0; i < session->finding_count; i++)
		if (!strcmp(session->findings[i]->kind->id, id))
			return session->findings[i];
	return NULL;
}

const struct outcome *session_find_outcome(const struct session *session, const char *cause)
{
	size_t i = outcome_index(session, cause);

	return i < session->outcome_count ? &session->outcomes[i] : NULL;
}

const char *session_detail_text(const struct session *session, const char *key)
{
	return json_string_value(json_object_get(session->details, key));
}

const char *session_site_text(const struct session *session, const char *key)
{
	return json_string_value(json_object_get(session->site, key));
}
