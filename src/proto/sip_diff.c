/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sip_diff.h"

#include <stdbool.h>
#include <string.h>

#include "proto/sip.h"

const char *sip_field_text(enum sip_field field)
{
	static const char *const texts[SIP_FIELD_COUNT] = {
		[SIP_FIELD_VIA] = "via",
		[SIP_FIELD_CONTACT] = "contact",
		[SIP_FIELD_FROM] = "from",
		[SIP_FIELD_TO] = "to",
		[SIP_FIELD_CALL_ID] = "call-id",
		[SIP_FIELD_REQUEST_URI] = "request-uri",
		[SIP_FIELD_SDP_CONNECTION] = "sdp-connection",
		[SIP_FIELD_SDP_ORIGIN] = "sdp-origin",
		[SIP_FIELD_SDP_PORT] = "sdp-port",
		[SIP_FIELD_CONTENT_LENGTH] = "content-length",
		[SIP_FIELD_OTHER] = "other",
	};

	return texts[field];
}

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* White space around these means nothing (RFC 3261, 25.1: SEMI, COMMA, EQUAL, LAQUOT …). */
static bool is_separator(int byte)
{
	return byte && strchr(";,=<>", byte);
}

/* The next byte of a value with white space that means nothing left out, other runs of it as one
 * space; -1 at the end. `before` is what the last call gave, 0 at the start. */
static int next_plain(struct slice *value, int before)
{
	const struct slice at = *value;
	struct slice rest = at;

	while (rest.left && is_space(rest.at[0])) {
		rest.at++;
		rest.left--;
	}
	if (!rest.left)
		return -1;
	*value = rest;
	if (rest.left < at.left && before && !is_separator(before) && !is_separator(rest.at[0]) &&
	    before != ' ')
		return ' ';
	value->at++;
	value->left--;
	return rest.at[0];
}

enum likeness { SAME, BEGINS_SO, DIFFERS };

static enum likeness compare(struct slice sent, struct slice got)
{
	int a = 0, b = 0;

	do {
		a = next_plain(&sent, a);
		b = next_plain(&got, b);
	} while (a == b && a >= 0);
	if (a == b)
		return SAME;
	return b < 0 ? BEGINS_SO : DIFFERS;
}

static bool ends_word(uint8_t byte)
{
	return is_space(byte) || is_separator(byte) || byte == '@';
}

/* Leaves the words that differ, so that a person sees "192.168.1.10:5060" became
 * "203.0.113.2:5060". */
static void narrow(struct slice *sent, struct slice *got)
{
	const size_t shorter = sent->left < got->left ? sent->left : got->left;
	size_t front = 0, back = 0;

	while (front < shorter && sent->at[front] == got->at[front])
		front++;
	while (back < shorter - front &&
	       sent->at[sent->left - 1 - back] == got->at[got->left - 1 - back])
		back++;
	while (front && !ends_word(sent->at[front - 1]))
		front--;
	while (back && !ends_word(sent->at[sent->left - back]))
		back--;
	*sent = slice_of(sent->at + front, sent->left - front - back);
	*got = slice_of(got->at + front, got->left - front - back);
}

static void add_change(struct sip_diff *out, enum sip_field field, struct slice sent,
		       struct slice got)
{
	out->changed |= 1U << field;
	if (out->change_count == SIP_CHANGES_MAX)
		return;
	if (sent.left && got.left)
		narrow(&sent, &got);
	out->change[out->change_count++] =
		(struct sip_change){ .field = field, .sent = sent, .got = got };
}

/* Compares one value; a cut one can only prove a change. */
static void judge(struct sip_diff *out, enum sip_field field, struct slice sent, struct slice got,
		  bool cut)
{
	const enum likeness likeness = compare(sent, got);

	if (likeness == DIFFERS || (likeness == BEGINS_SO && !cut)) {
		out->seen |= 1U << field;
		add_change(out, field, sent, got);
		return;
	}
	if (cut)
		return;
	out->seen |= 1U << field;
	if (!slice_equal(sent, got))
		out->harmless |= SIP_HARMLESS_SPACE;
}

static void diff_start(struct sip_diff *out, const struct sip_raw *sent, const struct sip_raw *got)
{
	struct slice sent_rest = sent->start, got_rest = got->start;
	struct slice sent_word, got_word;

	if (slice_until(&sent_word, &sent_rest, ' ') || slice_until(&got_word, &got_rest, ' '))
		return;
	if (!slice_equal(sent_word, got_word))
		add_change(out, SIP_FIELD_OTHER, sent_word, got_word);
	judge(out, SIP_FIELD_REQUEST_URI, sent_rest, got_rest, got->start_cut);
}

static enum sip_field field_of(const struct sip_header *header)
{
	switch (header->name) {
	case SIP_VIA: return SIP_FIELD_VIA;
	case SIP_CONTACT: return SIP_FIELD_CONTACT;
	case SIP_FROM: return SIP_FIELD_FROM;
	case SIP_TO: return SIP_FIELD_TO;
	case SIP_CALL_ID: return SIP_FIELD_CALL_ID;
	case SIP_CONTENT_LENGTH: return SIP_FIELD_CONTENT_LENGTH;
	default: return SIP_FIELD_OTHER;
	}
}

static bool same_label(const struct sip_header *a, const struct sip_header *b)
{
	if (a->name != SIP_OTHER || b->name != SIP_OTHER)
		return a->name == b->name;
	return a->label.left == b->label.left &&
	       !strncasecmp((const char *)a->label.at, (const char *)b->label.at, a->label.left);
}

/* Which parts of the message that arrived already have their counterpart in the one that was sent.
 */
struct taken {
	bool header[SIP_HEADERS_MAX];
	bool sdp[SIP_SDP_MAX];
};

/* The counterpart of a header field: a free one of that label with the same value, else the first
 * free one of that label. `got->header_count` where there is none. */
static size_t find_header(const struct sip_header *wanted, const struct sip_raw *got,
			  const struct taken *taken)
{
	size_t found = got->header_count;

	for (size_t j = 0; j < got->header_count; j++) {
		if (taken->header[j] || !same_label(wanted, &got->header[j]))
			continue;
		if (compare(wanted->value, got->header[j].value) == SAME)
			return j;
		if (found == got->header_count)
			found = j;
	}
	return found;
}

/* A number may be written with leading zeros, and Max-Forwards may be lower: true if that is all.
 */
static bool number_is_harmless(struct sip_diff *out, const struct sip_header *sent,
			       const struct sip_header *got)
{
	unsigned long before, after;

	if (sent->name != SIP_MAX_FORWARDS && sent->name != SIP_CONTENT_LENGTH)
		return false;
	if (slice_number(&before, sent->value, UINT32_MAX) ||
	    slice_number(&after, got->value, UINT32_MAX))
		return false;
	if (sent->name == SIP_MAX_FORWARDS && after < before)
		out->harmless |= SIP_HARMLESS_MAX_FORWARDS;
	else if (after != before)
		return false;
	else if (!slice_equal(sent->value, got->value))
		out->harmless |= SIP_HARMLESS_LENGTH;
	out->seen |= 1U << field_of(sent);
	return true;
}

/* True if header `i` may have been longer before the cut. */
static bool header_is_cut(const struct sip_raw *raw, size_t i)
{
	return !raw->headers_complete && i + 1 == raw->header_count;
}

static void diff_header(struct sip_diff *out, const struct sip_header *sent,
			const struct sip_header *got, bool cut)
{
	if (!cut && !slice_equal(sent->label, got->label))
		out->harmless |= SIP_HARMLESS_NAME;
	if (!cut && number_is_harmless(out, sent, got))
		return;
	judge(out, field_of(sent), sent->value, got->value, cut);
}

static void diff_headers(struct sip_diff *out, const struct sip_raw *sent,
			 const struct sip_raw *got, struct taken *taken)
{
	size_t last = 0;

	for (size_t i = 0; i < sent->header_count; i++) {
		const struct sip_header *header = &sent->header[i];
		const size_t j = find_header(header, got, taken);

		if (j == got->header_count) {
			if (got->headers_complete) {
				out->seen |= 1U << field_of(header);
				add_change(out, field_of(header), header->value, slice_of(NULL, 0));
			}
			continue;
		}
		taken->header[j] = true;
		if (j < last)
			out->harmless |= SIP_HARMLESS_ORDER;
		last = j;
		diff_header(out, header, &got->header[j], header_is_cut(got, j));
	}
}

/* The port of a media line: "m=audio 40000 RTP/AVP 0". */
static struct slice media_port(struct slice line)
{
	struct slice skipped, port = slice_of(NULL, 0);

	if (!slice_until(&skipped, &line, ' ') && slice_until(&port, &line, ' '))
		port = line; /* cut behind it */
	return port;
}

static enum sip_field sdp_field(struct slice sent, struct slice got)
{
	if (slice_starts(sent, "c="))
		return SIP_FIELD_SDP_CONNECTION;
	if (slice_starts(sent, "o="))
		return SIP_FIELD_SDP_ORIGIN;
	if (slice_starts(sent, "m=") &&
	    (!got.left || !slice_equal(media_port(sent), media_port(got)) ||
	     compare(sent, got) == SAME))
		return SIP_FIELD_SDP_PORT;
	return SIP_FIELD_OTHER;
}

static bool same_type(struct slice a, struct slice b)
{
	return a.left && b.left && a.at[0] == b.at[0];
}

static void diff_sdp_line(struct sip_diff *out, struct slice line, const struct sip_raw *got,
			  struct taken *taken)
{
	for (size_t j = 0; j < got->sdp_count; j++) {
		const bool cut = got->sdp_cut && j + 1 == got->sdp_count;

		if (taken->sdp[j] || !same_type(line, got->sdp[j]))
			continue;
		taken->sdp[j] = true;
		judge(out, sdp_field(line, got->sdp[j]), line, got->sdp[j], cut);
		return;
	}
	if (got->whole) {
		const enum sip_field field = sdp_field(line, slice_of(NULL, 0));

		out->seen |= 1U << field;
		add_change(out, field, line, slice_of(NULL, 0));
	}
}

/* What was not sent, but is there; a cut piece at the end proves nothing. */
static void find_added(struct sip_diff *out, const struct sip_raw *got, const struct taken *taken)
{
	const struct slice none = slice_of(NULL, 0);

	for (size_t j = 0; j < got->header_count; j++)
		if (!taken->header[j] && !header_is_cut(got, j))
			add_change(out, field_of(&got->header[j]), none, got->header[j].value);
	for (size_t j = 0; j < got->sdp_count; j++)
		if (!taken->sdp[j] && got->sdp[j].left &&
		    !(got->sdp_cut && j + 1 == got->sdp_count))
			add_change(out, sdp_field(got->sdp[j], none), none, got->sdp[j]);
}

enum err sip_diff(struct sip_diff *out, struct slice sent, struct slice got)
{
	struct sip_raw before, after;
	struct taken taken = { 0 };
	enum err err = sip_raw_read(&before, sent);

	*out = (struct sip_diff){ 0 };
	if (!err)
		err = sip_raw_read(&after, got);
	if (err)
		return err;
	diff_start(out, &before, &after);
	diff_headers(out, &before, &after, &taken);
	for (size_t i = 0; i < before.sdp_count; i++)
		if (before.sdp[i].left)
			diff_sdp_line(out, before.sdp[i], &after, &taken);
	find_added(out, &after, &taken);
	if (memmem(sent.at, sent.left, "\r\n", 2) && !memmem(got.at, got.left, "\r\n", 2) &&
	    after.header_count)
		out->harmless |= SIP_HARMLESS_SPACE;
	return ERR_NONE;
}
