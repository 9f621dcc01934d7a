/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is many of a kind in a call: SDP, streams, legs, what changed between two captures. */
#include "report/call_tables.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/fact.h"
#include "report/call_values.h"
#include "report/wording.h"

/* "192.0.2.1:40000", with brackets where the address has colons. The caller frees; NULL. */
static char *media_address(const json_t *media)
{
	const char *address = value_text(media, "address");
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

/* "offer, phone": who said it, where that is known. The caller frees; NULL. */
static char *said_by(const json_t *media)
{
	const char *by = value_words("by", value_text(media, "by"), NULL);
	const char *side = value_words("side", value_text(media, "side"), NULL);

	return by && side ? mem_printf("%s, %s", by, side) : mem_text(by ? by : side);
}

static char *refusal_words(const json_t *media)
{
	return json_is_true(json_object_get(media, "refused")) ? mem_text(_("refused")) : NULL;
}

static char *media_moment(const json_t *media)
{
	const char *at = value_text(media, "at");

	return at ? value_moment(at) : NULL;
}

static void tell_media(struct sheet *sheet, const json_t *call)
{
	const struct sheet_column columns[] = {
		{ _("SDP"), false, NULL },       { _("Voice to be sent to"), false, NULL },
		{ _("Direction"), false, NULL }, { _("Encryption"), false, NULL },
		{ _("Codecs"), false, "" },      { _("When"), true, "; " },
		{ _("Refused"), false, "; " },
	};
	struct sheet_table table = { .columns = columns, .column_count = 7 };
	const json_t *media;
	size_t i;

	json_array_foreach(json_object_get(call, "media"), i, media) {
		const char *srtp = value_words("srtp", value_text(media, "srtp"), NULL);

		sheet_table_add_take(&table, said_by(media));
		sheet_table_add_take(&table, media_address(media));
		sheet_table_add_take(&table, mem_text(value_text(media, "direction")));
		sheet_table_add_take(&table, mem_text(srtp));
		sheet_table_add_take(&table, list_words(json_object_get(media, "codecs")));
		sheet_table_add_take(&table, media_moment(media));
		sheet_table_add_take(&table, refusal_words(media));
	}
	tell_table(sheet, &table, _("SDP: none seen."));
}

/* "12 (0.4 %)" */
static char *loss_words(const json_t *stream)
{
	char *lost = value_number(stream, "lost", "", 0);
	char *percent = value_number(stream, "loss_pct", " %", 1);
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
	char *mean = value_number(jitter, "mean", "", 1), *max = value_number(jitter, "max", "", 1);
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
		mem_text(value_words("direction", value_text(stream, "direction"), NULL)),
		mem_text(value_text(stream, "codec")),
		value_number(stream, "packets", "", 0),
		loss_words(stream),
		jitter_words(stream),
		value_number(stream, "seconds", "", 1),
		value_number(stream, "mos", "", 1),
		value_number(stream, "dscp", "", 0),
		mem_text(value_text(stream, "src")),
		mem_text(value_text(stream, "dst")),
		mem_text(value_text(stream, "via")),
		mem_text(value_text(stream, "ssrc")),
		value_number(stream, "first_s", " s", 2),
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

/* A call through a proxy or an SBC is set up in several pieces. */
static void tell_legs(struct sheet *sheet, const json_t *call)
{
	const struct sheet_column columns[] = {
		{ _("SIP from"), false, NULL },
		{ _("SIP to"), false, NULL },
		{ _("Transport"), false, NULL },
		{ "Call-ID", false, "Call-ID " },
	};
	static const char *const keys[] = { "caller", "callee", "transport", "call_id" };
	const json_t *legs = json_object_get(call, "legs"), *leg;
	struct sheet_table table = { .columns = columns, .column_count = 4 };
	size_t i;

	if (json_array_size(legs) < 2)
		return;
	json_array_foreach(legs, i, leg)
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			sheet_table_add_take(&table, mem_text(value_text(leg, keys[k])));
	tell_table(sheet, &table, "");
}

static void add_crossing(struct sheet_table *table, const json_t *between, const char *key)
{
	const json_t *crossing = json_object_get(between, key);

	if (!json_is_object(crossing))
		return;
	sheet_table_add_take(table, mem_text(value_words("direction", key, key)));
	sheet_table_add_take(table, value_number(crossing, "packets", "", 0));
	sheet_table_add_take(table, loss_words(crossing));
	sheet_table_add_take(table, value_number(crossing, "delay_ms", "", 1));
	sheet_table_add_take(table, value_number(crossing, "delay_max_ms", "", 1));
}

/* What became of the voice on its way from one capture to the other. */
static void tell_between(struct sheet *sheet, const json_t *call)
{
	const struct sheet_column columns[] = {
		{ _("Between the captures"), false, NULL },
		{ _("Packets"), true, NULL },
		{ _("Lost"), true, NULL },
		{ _("Delay, ms"), true, NULL },
		{ _("Longest, ms"), true, NULL },
	};
	const json_t *between = json_object_get(call, "between");
	struct sheet_table table = { .columns = columns, .column_count = 5 };

	add_crossing(&table, between, "out");
	add_crossing(&table, between, "in");
	if (table.cell_count)
		tell_table(sheet, &table, "");
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
			sheet_table_add_take(&table, mem_text(value_text(change, keys[k])));
	if (!table.cell_count)
		return;
	sheet_gap(sheet);
	sheet_text(sheet, "%s", _("Changed between the two captures:"));
	sheet_table(sheet, &table);
}

void call_tables(struct sheet *sheet, const json_t *call)
{
	tell_media(sheet, call);
	tell_streams(sheet, call);
	tell_legs(sheet, call);
	tell_between(sheet, call);
	tell_changes(sheet, call);
}
