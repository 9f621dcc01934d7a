/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/html.h"
#include "report/mask.h"
#include "report/parts.h"
#include "report/wording.h"

enum { CALL_LABEL = 17 };

/* Members that may be missing, null or of another type than the contract says. */
static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && *text ? text : NULL;
}

static char *number_text(const json_t *object, const char *key, const char *unit, int decimals)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_number(value))
		return NULL;
	return mem_printf("%.*f%s", decimals, json_number_value(value), unit);
}

struct phrase_of {
	const char *value, *phrase;
};

/* The value itself where it has no phrase; `otherwise` where there is none. */
static const char *find_words(const struct phrase_of *words, const char *value,
			      const char *otherwise)
{
	if (!value)
		return otherwise;
	for (; words->value; words++)
		if (!strcmp(words->value, value))
			return _(words->phrase);
	return value;
}

static const struct phrase_of verdicts[] = {
	{ "two-way", N_("The voice gets through both ways.") },
	{ "one-way-out", N_("One way only: what the phone sends gets through, what is sent to it "
			    "does not.") },
	{ "one-way-in", N_("One way only: what is sent to the phone gets through, what it sends "
			   "does not.") },
	{ "no-audio", N_("No voice gets through, either way.") },
	{ "silent-out", N_("Packets flow both ways, but those of the phone hold silence.") },
	{ "silent-in", N_("Packets flow both ways, but those to the phone hold silence.") },
	{ "held", N_("On hold at its end.") },
	{ "unknown", N_("What became of the voice cannot be told from what was seen.") },
	{ NULL, NULL },
};

static const struct phrase_of results[] = {
	{ "answered", N_("answered") },
	{ "failed", N_("failed") },
	{ "cancelled", N_("given up before it was answered") },
	{ "unfinished", N_("not seen to its end") },
	{ NULL, NULL },
};

static const struct phrase_of states[] = {
	{ "ok", N_("gets through") },
	{ "never-sent", N_("never sent") },
	{ "wrong-address", N_("sent to a wrong address") },
	{ "missing", N_("missing") },
	{ "silent", N_("arrives, but holds silence") },
	{ "rejected", N_("refused where it arrives") },
	{ "unknown", N_("not known") },
	{ NULL, NULL },
};

static const struct phrase_of directions[] = {
	{ "out", N_("from phone") },
	{ "in", N_("to phone") },
	{ NULL, NULL },
};

static const struct phrase_of sides[] = {
	{ "offer", N_("offer") },
	{ "answer", N_("answer") },
	{ NULL, NULL },
};

static const struct phrase_of encryptions[] = {
	{ "none", N_("none") },
	{ "sdes", "SDES" },
	{ "dtls", "DTLS" },
	{ NULL, NULL },
};

/* "2026-11-20T09:00:00.123Z" on the local clock, with its zone: "2026-11-20 10:00:00.123 +01:00".
 * What is no such time stays as it is. The caller frees. */
static char *moment_words(const char *utc)
{
	enum { WHOLE = 19 };
	char local[CLOCK_TEXT], whole[WHOLE + 2];
	const char *fraction = utc + WHOLE;
	size_t length = 0;
	time_t when;

	if (strlen(utc) <= WHOLE)
		return mem_text(utc);
	if (*fraction == '.')
		length = 1 + strspn(fraction + 1, "0123456789");
	if (strcmp(fraction + length, "Z"))
		return mem_text(utc);
	snprintf(whole, sizeof whole, "%.19sZ", utc);
	when = clock_from_utc_text(whole);
	if (when == (time_t)-1 || strlen(clock_local_text(local, when)) < WHOLE)
		return mem_text(utc);
	return mem_printf("%.19s%.*s%s", local, (int)length, fraction, local + WHOLE);
}

static void tell_moment(struct sheet *sheet, const json_t *call, const char *key, const char *label)
{
	const char *utc = text_of(call, key);
	char *words = utc ? moment_words(utc) : NULL;
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
	if (text_of(call, key))
		sheet_item(sheet, CALL_LABEL, label, "%s", text_of(call, key));
}

static void tell_result(struct sheet *sheet, const json_t *call)
{
	const json_t *status = json_object_get(call, "status");
	const char *words = find_words(results, text_of(call, "result"), _("not known"));

	if (json_is_integer(status) && json_integer_value(status))
		sheet_item(sheet, CALL_LABEL, _("Result"), _("%s (SIP status %lld)"), words,
			   (long long)json_integer_value(status));
	else
		sheet_item(sheet, CALL_LABEL, _("Result"), "%s", words);
}

static void tell_direction(struct sheet *sheet, const json_t *call, const char *key,
			   const char *label)
{
	const json_t *direction = json_object_get(json_object_get(call, "directions"), key);
	const char *state = find_words(states, text_of(direction, "state"), _("not known"));
	const char *why = text_of(direction, "why");

	sheet_item(sheet, CALL_LABEL, label, "%s%s%s", state, why ? ": " : "", why ? why : "");
}

/* "192.0.2.1:40000", with brackets where the address has colons. The caller frees; NULL. */
static char *media_address(const json_t *media)
{
	const char *address = text_of(media, "address");
	const json_t *port = json_object_get(media, "port");
	const bool v6 = address && strchr(address, ':');

	if (!address || !json_is_integer(port))
		return mem_text(address);
	return mem_printf("%s%s%s:%lld", v6 ? "[" : "", address, v6 ? "]" : "",
			  (long long)json_integer_value(port));
}

static char *list_words(const json_t *list)
{
	return json_is_array(list) && json_array_size(list) ? fact_words(list) : NULL;
}

/* Writes a table, or `otherwise` where nothing is in it. */
static void tell_table(struct sheet *sheet, struct sheet_table *table, const char *otherwise)
{
	if (table->cell_count)
		sheet_gap(sheet);
	else
		sheet_text(sheet, "%s", otherwise);
	sheet_table(sheet, table);
}

static void tell_media(struct sheet *sheet, const json_t *call)
{
	const struct sheet_column columns[] = {
		{ _("SDP"), false, NULL },       { _("Voice to be sent to"), false, NULL },
		{ _("Direction"), false, NULL }, { _("Encryption"), false, NULL },
		{ _("Codecs"), false, "" },
	};
	struct sheet_table table = { .columns = columns, .column_count = 5 };
	const json_t *media;
	size_t i;

	json_array_foreach(json_object_get(call, "media"), i, media) {
		const char *by = find_words(sides, text_of(media, "by"), NULL);
		const char *srtp = find_words(encryptions, text_of(media, "srtp"), NULL);

		sheet_table_add_take(&table, mem_text(by));
		sheet_table_add_take(&table, media_address(media));
		sheet_table_add_take(&table, mem_text(text_of(media, "direction")));
		sheet_table_add_take(&table, mem_text(srtp));
		sheet_table_add_take(&table, list_words(json_object_get(media, "codecs")));
	}
	tell_table(sheet, &table, _("SDP: none seen."));
}

/* "12 (0.4 %)" */
static char *loss_words(const json_t *stream)
{
	char *lost = number_text(stream, "lost", "", 0);
	char *percent = number_text(stream, "loss_pct", " %", 1);
	char *words = lost && percent ? mem_printf("%s (%s)", lost, percent)
				      : mem_text(lost ? lost : percent);

	free(lost);
	free(percent);
	return words;
}

/* "0.4 / 2.1" */
static char *jitter_words(const json_t *stream)
{
	const json_t *jitter = json_object_get(stream, "jitter_ms");
	char *mean = number_text(jitter, "mean", "", 1), *max = number_text(jitter, "max", "", 1);
	char *words =
		mean || max ? mem_printf("%s / %s", mean ? mean : "-", max ? max : "-") : NULL;

	free(mean);
	free(max);
	return words;
}

static char *silence_words(const json_t *stream)
{
	const json_t *silent = json_object_get(stream, "silent");

	return json_is_true(silent) ? mem_text(_("yes")) : NULL;
}

enum { STREAM_COLUMNS = 14 };

static void add_stream(struct sheet_table *table, const json_t *stream)
{
	char *cells[] = {
		mem_text(find_words(directions, text_of(stream, "direction"), NULL)),
		mem_text(text_of(stream, "codec")),
		number_text(stream, "packets", "", 0),
		loss_words(stream),
		jitter_words(stream),
		number_text(stream, "seconds", "", 1),
		number_text(stream, "mos", "", 1),
		number_text(stream, "dscp", "", 0),
		mem_text(text_of(stream, "src")),
		mem_text(text_of(stream, "dst")),
		mem_text(text_of(stream, "via")),
		mem_text(text_of(stream, "ssrc")),
		number_text(stream, "first_s", " s", 2),
		silence_words(stream),
	};
	_Static_assert(sizeof cells / sizeof *cells == STREAM_COLUMNS, "a cell for each column");

	for (size_t i = 0; i < STREAM_COLUMNS; i++)
		sheet_table_add_take(table, cells[i]);
}

static void tell_streams(struct sheet *sheet, const json_t *call)
{
	const struct sheet_column columns[STREAM_COLUMNS] = {
		{ _("RTP"), false, NULL },
		{ _("Codec"), false, NULL },
		{ _("Packets"), true, NULL },
		{ _("Lost"), true, NULL },
		{ _("Jitter, ms"), true, NULL },
		{ _("Seconds"), true, NULL },
		{ _("MOS"), true, NULL },
		{ _("DSCP"), true, NULL },
		{ _("Source"), false, "" },
		{ _("Destination"), false, " -> " },
		{ _("Through"), false, _(" through ") },
		{ "SSRC", false, ", SSRC " },
		{ _("First after answer"), true, _(", first packet after the answer: ") },
		{ _("Silent"), false, _(", silence: ") },
	};
	struct sheet_table table = { .columns = columns, .column_count = STREAM_COLUMNS };
	const json_t *stream;
	size_t i;

	json_array_foreach(json_object_get(call, "streams"), i, stream)
		add_stream(&table, stream);
	tell_table(sheet, &table, _("RTP: none seen."));
}

/* What a device between two captures made of the messages. */
static void tell_changes(struct sheet *sheet, const json_t *call)
{
	const struct sheet_column columns[] = {
		{ _("Message"), false, NULL },
		{ _("Changed"), false, NULL },
		{ _("Inside"), false, NULL },
		{ _("Outside"), false, NULL },
	};
	static const char *const keys[] = { "message", "field", "inside", "outside" };
	struct sheet_table table = { .columns = columns, .column_count = 4 };
	const json_t *change;
	size_t i;

	json_array_foreach(json_object_get(call, "changes"), i, change)
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			sheet_table_add_take(&table, mem_text(text_of(change, keys[k])));
	if (!table.cell_count)
		return;
	sheet_gap(sheet);
	sheet_text(sheet, "%s", _("Changed between the two captures:"));
	sheet_table(sheet, &table);
}

static void tell_finding(struct sheet *sheet, const json_t *json)
{
	struct finding *finding = NULL;

	sheet_gap(sheet);
	if (finding_from_json(&finding, json))
		return;
	part_finding(sheet, finding);
	finding_free(finding);
}

static void tell_findings(struct sheet *sheet, const json_t *findings)
{
	const json_t *finding;
	size_t i;

	json_array_foreach(findings, i, finding)
		tell_finding(sheet, finding);
}

static void tell_call(struct sheet *sheet, const json_t *call, size_t number, size_t count)
{
	char *label = mem_printf(_("Call %zu of %zu"), number, count);

	sheet_gap(sheet);
	sheet_subheading(sheet, CALL_LABEL, label, "%s",
			 find_words(verdicts, text_of(call, "verdict"), _("not known")));
	free(label);
	sheet_item(sheet, CALL_LABEL, "Call-ID", "%s",
		   text_of(call, "call_id") ? text_of(call, "call_id")
					    : _("none: RTP was seen, its SIP was not"));
	tell_party(sheet, call, "from", _("From"));
	tell_party(sheet, call, "to", _("To"));
	tell_moment(sheet, call, "started", _("Started"));
	tell_moment(sheet, call, "answered", _("Answered"));
	tell_moment(sheet, call, "ended", _("Ended"));
	tell_result(sheet, call);
	tell_direction(sheet, call, "out", _("From the phone"));
	tell_direction(sheet, call, "in", _("To the phone"));
	tell_media(sheet, call);
	tell_streams(sheet, call);
	tell_changes(sheet, call);
}

void part_calls(struct sheet *sheet, const json_t *calls)
{
	const size_t count = json_array_size(calls);

	for (size_t i = 0; i < count; i++)
		tell_call(sheet, json_array_get(calls, i), i + 1, count);
}

static bool has_finding(const json_t *calls, const json_t *finding)
{
	const json_t *call, *other;
	size_t i, k;

	json_array_foreach(calls, i, call)
		json_array_foreach(json_object_get(call, "findings"), k, other)
			if (json_equal(other, finding))
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
		if (!begun)
			sheet_heading(sheet, _("FINDINGS"));
		begun = true;
		tell_finding(sheet, finding);
	}
}

static bool is_damaged(const json_t *damaged)
{
	return json_is_true(damaged) || json_is_string(damaged) ||
	       (json_is_number(damaged) && json_number_value(damaged) > 0);
}

static void tell_input(struct sheet *sheet, const json_t *input)
{
	char *packets = number_text(input, "packets", "", 0);
	char *passed_over = number_text(input, "passed_over", "", 0);

	sheet->own_words = true;
	if (packets)
		sheet_item(sheet, CALL_LABEL, _("Packets read"), "%s", packets);
	if (passed_over && strcmp(passed_over, "0"))
		sheet_item(sheet, CALL_LABEL, _("Passed over"), _("%s: not read, not SIP or RTP"),
			   passed_over);
	sheet->own_words = false;
	if (is_damaged(json_object_get(input, "damaged")))
		sheet_item(sheet, CALL_LABEL, _("Damaged"), "%s",
			   _("the file is damaged; what could be read of it was looked at"));
	free(packets);
	free(passed_over);
}

static char *write_take(struct sheet *sheet, const json_t *document, unsigned masks)
{
	const json_t *calls = json_object_get(document, "calls");
	struct mask mask;
	char *text;

	mask_init(&mask, masks);
	sheet->mask = &mask;
	sheet_heading(sheet, _("CALLS"));
	sheet->indent = PART_INDENT;
	tell_input(sheet, json_object_get(document, "input"));
	if (!json_array_size(calls))
		sheet_text(sheet, "%s", _("No call was seen."));
	for (size_t i = 0; i < json_array_size(calls); i++) {
		const json_t *call = json_array_get(calls, i);

		tell_call(sheet, call, i + 1, json_array_size(calls));
		tell_findings(sheet, json_object_get(call, "findings"));
	}
	tell_others(sheet, document, calls);
	text = sheet_take(sheet);
	mask_clear(&mask);
	return text;
}

char *report_calls_text(const json_t *document, const struct report_options *options)
{
	struct sheet sheet;

	sheet_init(&sheet, options->columns, options->utf8);
	return write_take(&sheet, document, options->masks);
}

char *report_calls_html(const json_t *document, const struct report_options *options)
{
	char when[CLOCK_TEXT];
	struct sheet sheet;

	html_init(&sheet);
	sheet_title(&sheet, _("EARSHOT: CALLS"), clock_local_text(when, options->now));
	return write_take(&sheet, document, options->masks);
}
