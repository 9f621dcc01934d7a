/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/call_tables.h"
#include "report/call_values.h"
#include "report/html.h"
#include "report/mask.h"
#include "report/parts.h"
#include "report/redact.h"
#include "report/wording.h"

enum { CALL_LABEL = 17, TRACE_INDENT = 2 };

static void tell_moment(struct sheet *sheet, const json_t *call, const char *key, const char *label)
{
	const char *utc = value_text(call, key);
	char *words = utc ? value_moment(utc) : NULL;
	const bool own_words = sheet->own_words;

	/* A time is no telephone number. */
	sheet->own_words = words && words[0] >= '0' && words[0] <= '9';
	if (words)
		sheet_item(sheet, CALL_LABEL, label, "%s", words);
	sheet->own_words = own_words;
	free(words);
}

static void tell_party(struct sheet *sheet, const json_t *call, const char *key, const char *label)
{
	if (value_text(call, key))
		sheet_item(sheet, CALL_LABEL, label, "%s", value_text(call, key));
}

static void tell_result(struct sheet *sheet, const json_t *call)
{
	const json_t *status = json_object_get(call, "status");
	const char *words = value_words("result", value_text(call, "result"), _("not known"));
	const char *reason = value_text(call, "reason");

	if (json_is_integer(status) && json_integer_value(status))
		sheet_item(sheet, CALL_LABEL, _("Result"), _("%s (SIP status %lld%s%s)"), words,
			   (long long)json_integer_value(status), reason ? " " : "",
			   reason ? reason : "");
	else
		sheet_item(sheet, CALL_LABEL, _("Result"), "%s", words);
}

/* Where the packets were seen: a verdict belongs to that place. */
static void tell_place(struct sheet *sheet, const json_t *call)
{
	const char *at = value_text(call, "at");
	const json_t *points = json_object_get(call, "points");
	const bool alone = points && !(json_is_object(json_object_get(points, "inside")) &&
				       json_is_object(json_object_get(points, "outside")));

	if (at)
		sheet_item(sheet, CALL_LABEL, _("Seen"), "%s%s", value_words("at", at, at),
			   alone ? _("; the other capture has nothing of this call") : "");
}

static void tell_direction(struct sheet *sheet, const json_t *call, const char *key,
			   const char *label)
{
	const json_t *direction = json_object_get(json_object_get(call, "directions"), key);
	const char *state = value_words("state", value_text(direction, "state"), _("not known"));
	const char *why = value_text(direction, "why");

	sheet_item(sheet, CALL_LABEL, label, "%s%s%s", state, why ? ": " : "", why ? why : "");
}

static void tell_finding(struct sheet *sheet, const json_t *json)
{
	struct finding *finding = NULL;

	if (finding_from_json(&finding, json))
		return;
	part_finding(sheet, finding);
	finding_free(finding);
}

static void tell_findings(struct sheet *sheet, const json_t *findings)
{
	const json_t *finding;
	size_t i;

	json_array_foreach(findings, i, finding) {
		sheet_gap(sheet);
		tell_finding(sheet, finding);
	}
}

/* The lines of a message as one text. The caller frees. */
static char *join_lines(const json_t *lines)
{
	char *text = mem_text("");
	const json_t *line;
	size_t i;

	json_array_foreach(lines, i, line) {
		const char *more = json_string_value(line);
		char *longer = mem_printf("%s%s%s", text, i ? "\n" : "", more ? more : "");

		free(text);
		text = longer;
	}
	return text;
}

static void tell_message(struct sheet *sheet, const json_t *message)
{
	const char *at = value_text(message, "at");
	const char *src = value_text(message, "src"), *dst = value_text(message, "dst");
	char *when = at ? value_moment(at) : NULL;
	char *text = join_lines(json_object_get(message, "lines"));

	sheet_gap(sheet);
	sheet_text(sheet, "%s  %s -> %s", when ? when : "", src ? src : _("not known"),
		   dst ? dst : _("not known"));
	sheet->indent += TRACE_INDENT;
	sheet_quote(sheet, text);
	sheet->indent -= TRACE_INDENT;
	free(text);
	free(when);
}

/* The SIP messages of the call, as they came by. */
static void tell_trace(struct sheet *sheet, const json_t *trace)
{
	const json_t *message;
	size_t i;

	if (!json_array_size(trace))
		return;
	sheet_gap(sheet);
	sheet_text(sheet, "%s", _("SIP messages:"));
	json_array_foreach(trace, i, message)
		tell_message(sheet, message);
}

static bool has(const json_t *call, const char *key, const char *text)
{
	const char *value = value_text(call, key);

	return value && !strcmp(value, text);
}

/* What became of the call, in a sentence: of the voice, where it came so far. */
static const char *call_words(const json_t *call)
{
	if (has(call, "verdict", "unknown") && has(call, "result", "failed"))
		return _("The call was not set up.");
	if (has(call, "verdict", "unknown") && has(call, "result", "cancelled"))
		return _("The caller gave up before the call was answered.");
	return value_words("verdict", value_text(call, "verdict"), _("not known"));
}

static void tell_call(struct sheet *sheet, const json_t *call, size_t number, size_t count)
{
	char *label = mem_printf(_("Call %zu of %zu"), number, count);

	sheet_gap(sheet);
	sheet_subheading(sheet, CALL_LABEL, label, "%s", call_words(call));
	free(label);
	sheet_item(sheet, CALL_LABEL, "Call-ID", "%s",
		   value_text(call, "call_id") ? value_text(call, "call_id")
					       : _("none: RTP was seen, its SIP was not"));
	tell_party(sheet, call, "from", _("From"));
	tell_party(sheet, call, "to", _("To"));
	tell_party(sheet, json_object_get(call, "agents"), "caller", _("Caller's device"));
	tell_party(sheet, json_object_get(call, "agents"), "callee", _("Called device"));
	tell_moment(sheet, call, "started", _("Started"));
	tell_moment(sheet, call, "answered", _("Answered"));
	tell_moment(sheet, call, "ended", _("Ended"));
	tell_result(sheet, call);
	tell_place(sheet, call);
	tell_direction(sheet, call, "out", _("From the phone"));
	tell_direction(sheet, call, "in", _("To the phone"));
	call_tables(sheet, call);
	tell_trace(sheet, json_object_get(call, "trace"));
}

void part_calls(struct sheet *sheet, const json_t *calls)
{
	const size_t count = json_array_size(calls);

	for (size_t i = 0; i < count; i++)
		tell_call(sheet, json_array_get(calls, i), i + 1, count);
}

static bool same_text(const json_t *a, const json_t *b, const char *key)
{
	const char *one = value_text(a, key), *other = value_text(b, key);

	return one && other && !strcmp(one, other);
}

/* A call tells of it already. */
static bool has_finding(const json_t *calls, const json_t *finding)
{
	const json_t *call, *other;
	size_t i, k;

	json_array_foreach(calls, i, call)
		json_array_foreach(json_object_get(call, "findings"), k, other)
			if (same_text(other, finding, "id") &&
			    same_text(other, finding, "direction"))
				return true;
	return false;
}

/* Those of the document that no call has. */
static void tell_others(struct sheet *sheet, const json_t *document, const json_t *calls)
{
	const json_t *finding;
	bool begun = false;
	size_t i;

	json_array_foreach(json_object_get(document, "findings"), i, finding) {
		if (has_finding(calls, finding))
			continue;
		if (begun)
			sheet_gap(sheet);
		else
			sheet_heading(sheet, _("FINDINGS"));
		begun = true;
		tell_finding(sheet, finding);
	}
}

/* Where what is seen does not say what to mend. */
static const char *search_step(size_t number)
{
	static const char *const steps[] = {
		N_("Record one call at two places at once, inside and outside of the router; then "
		   "\"earshot analyze INSIDE OUTSIDE\" says on which side the voice gets lost."),
		N_("Or start earshot at the site: it measures the way to the provider, asks, and "
		   "says what to do."),
	};

	return number < sizeof steps / sizeof *steps ? _(steps[number]) : NULL;
}

/* NULL behind the last one, and where none is known. */
static const char *step_of(const struct report_options *options, const struct finding_kind *kind,
			   size_t number)
{
	if (!strcmp(kind->remedy, "find-direction"))
		return search_step(number);
	return options->step ? options->step(kind, number, options->context) : NULL;
}

enum { REMEDIES_MAX = 6 };

/* What is told already, and with what words it goes on. */
struct remedies {
	struct sheet *sheet;
	const struct report_options *options;
	const struct finding_kind *told[REMEDIES_MAX];
	size_t count;
};

static bool is_told(const struct remedies *remedies, const struct finding_kind *kind)
{
	for (size_t i = 0; i < remedies->count; i++)
		if (!strcmp(remedies->told[i]->remedy, kind->remedy))
			return true;
	return remedies->count == REMEDIES_MAX;
}

static void tell_remedy(struct remedies *remedies, const struct finding_kind *kind)
{
	struct sheet *sheet = remedies->sheet;
	const char *step;

	if (is_told(remedies, kind) || !step_of(remedies->options, kind, 0))
		return;
	if (remedies->count)
		sheet_gap(sheet);
	else
		sheet_heading(sheet, _("WHAT TO DO"));
	remedies->told[remedies->count++] = kind;
	sheet_text(sheet, "%s", _(kind->title));
	sheet->indent += 2;
	for (size_t i = 0; (step = step_of(remedies->options, kind, i)); i++)
		sheet_entry(sheet, 3, (unsigned)i + 1, "%s", step);
	sheet->indent -= 2;
}

/* What mends the findings of a severity, each remedy once. */
static void tell_remedies(struct remedies *remedies, const json_t *findings, enum severity severity)
{
	const json_t *json;
	size_t i;

	json_array_foreach(findings, i, json) {
		const char *id = value_text(json, "id"), *grade = value_text(json, "severity");
		const struct finding_kind *kind = id ? finding_kind_find(id) : NULL;
		enum severity own;

		if (kind && grade && !severity_parse(&own, grade) && own == severity)
			tell_remedy(remedies, kind);
	}
}

static void tell_no_call(struct sheet *sheet)
{
	sheet_text(sheet, "%s", _("No call was seen."));
	sheet_gap(sheet);
	sheet_text(sheet, "%s",
		   _("Record while a call is made, where its packets pass: on the computer that "
		     "the phone runs on, at a mirror port of the switch, or with the recording of "
		     "the phone or of the router itself."));
}

static void tell_what_to_do(struct sheet *sheet, const json_t *document,
			    const struct report_options *options)
{
	const json_t *findings = json_object_get(document, "findings");
	struct remedies remedies = { .sheet = sheet, .options = options };
	const bool own_words = sheet->own_words;

	sheet->own_words = true;
	tell_remedies(&remedies, findings, SEVERITY_FAULT);
	tell_remedies(&remedies, findings, SEVERITY_RISK);
	sheet->own_words = own_words;
}

static bool is_damaged(const json_t *damaged)
{
	return json_is_true(damaged) || (json_is_number(damaged) && json_number_value(damaged) > 0);
}

static void tell_input(struct sheet *sheet, const json_t *input)
{
	char *packets = value_number(input, "packets", "", 0);
	char *passed_over = value_number(input, "passed_over", "", 0);
	const json_t *damaged = json_object_get(input, "damaged");

	sheet->own_words = true;
	if (packets)
		sheet_item(sheet, CALL_LABEL, _("Packets read"), "%s", packets);
	if (passed_over && strcmp(passed_over, "0"))
		sheet_item(sheet, CALL_LABEL, _("Passed over"),
			   _("%s packets or messages that could not be read"), passed_over);
	sheet->own_words = false;
	if (json_is_string(damaged))
		sheet_item(sheet, CALL_LABEL, _("Damaged"),
			   _("%s; what came before it was analysed"), json_string_value(damaged));
	else if (is_damaged(damaged))
		sheet_item(sheet, CALL_LABEL, _("Damaged"), "%s",
			   _("the file is damaged; what could be read of it was looked at"));
	free(packets);
	free(passed_over);
}

static char *write_take(struct sheet *sheet, const json_t *document,
			const struct report_options *options)
{
	const json_t *calls = json_object_get(document, "calls");
	struct mask mask;
	char *text;

	mask_init(&mask, options->masks);
	/* Names the addresses in the order in which they stand in JSON that is masked the same. */
	if (options->masks & MASK_ADDRESSES)
		json_decref(redact_json(document, &mask));
	sheet->mask = &mask;
	sheet_heading(sheet, _("CALLS"));
	sheet->indent = PART_INDENT;
	tell_input(sheet, json_object_get(document, "input"));
	if (!json_array_size(calls))
		tell_no_call(sheet);
	for (size_t i = 0; i < json_array_size(calls); i++) {
		const json_t *call = json_array_get(calls, i);

		tell_call(sheet, call, i + 1, json_array_size(calls));
		tell_findings(sheet, json_object_get(call, "findings"));
	}
	tell_others(sheet, document, calls);
	tell_what_to_do(sheet, document, options);
	text = sheet_take(sheet);
	mask_clear(&mask);
	return text;
}

char *report_calls_text(const json_t *document, const struct report_options *options)
{
	struct sheet sheet;

	sheet_init(&sheet, options->columns, options->utf8);
	return write_take(&sheet, document, options);
}

char *report_calls_html(const json_t *document, const struct report_options *options)
{
	char when[CLOCK_TEXT];
	struct sheet sheet;

	html_init(&sheet);
	sheet_title(&sheet, _("EARSHOT: CALLS"), clock_local_text(when, options->now));
	return write_take(&sheet, document, options);
}
