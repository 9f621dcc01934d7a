/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header fields are told apart here, one by one. libosip2 parses addresses, once somebody asks who
 * it is. So what it refuses costs that field alone, and not the call: then what was written is read
 * plainly. */
#include "proto/sip_message.h"

#include <osipparser2/osip_parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "proto/sip_body.h"
#include "proto/sip_library.h"

enum {
	METHOD_LENGTH_MAX = 64,
	VALUE_MAX = 1024, /* bytes of a field that libosip2 gets to see */
};

enum field {
	FIELD_FROM,
	FIELD_TO,
	FIELD_CALL_ID,
	FIELD_CSEQ,
	FIELD_TYPE,
	FIELD_LENGTH,
	FIELD_USER_AGENT,
	FIELD_SERVER,
	FIELDS
};

static const struct {
	const char *word;
	size_t length;
	char compact; /* RFC 3261, 7.3.3 */
} fields[FIELDS] = {
	[FIELD_FROM] = { "From", 4, 'f' },
	[FIELD_TO] = { "To", 2, 't' },
	[FIELD_CALL_ID] = { "Call-ID", 7, 'i' },
	[FIELD_CSEQ] = { "CSeq", 4, 0 },
	[FIELD_TYPE] = { "Content-Type", 12, 'c' },
	[FIELD_LENGTH] = { "Content-Length", 14, 'l' },
	[FIELD_USER_AGENT] = { "User-Agent", 10, 0 },
	[FIELD_SERVER] = { "Server", 6, 0 },
};

/* A message taken apart; `at` NULL where the field is missing, else its first value. */
struct head {
	struct slice start;
	struct slice value[FIELDS];
	struct slice rest; /* behind the headers */
	bool whole;        /* their end is there */
};

static bool is_token(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z') || (byte && strchr("-.!%*_+`'~", byte));
}

static struct slice skip_white(struct slice bytes)
{
	while (bytes.left && (bytes.at[0] == '\r' || bytes.at[0] == '\n' || bytes.at[0] == ' ' ||
			      bytes.at[0] == '\t')) {
		bytes.at++;
		bytes.left--;
	}
	return bytes;
}

/* Takes the method and the blank behind it; false where there is none. */
static bool take_method(struct slice *method, struct slice *line)
{
	size_t length = 0;

	while (length < line->left && length < METHOD_LENGTH_MAX && is_token(line->at[length]))
		length++;
	if (!length || length == line->left || line->at[length] != ' ')
		return false;
	*method = slice_of(line->at, length);
	*line = slice_of(line->at + length, line->left - length);
	return true;
}

/* " SIP/2.0" at the end of a request's first line; case does not count (RFC 3261, 7.1). */
static bool take_version(struct slice *line)
{
	static const char version[] = " SIP/2.0";
	const size_t length = sizeof version - 1;

	*line = slice_trim(*line);
	if (line->left < length ||
	    !slice_is_nocase(slice_of(line->at + line->left - length, length), version))
		return false;
	line->left -= length;
	return true;
}

static bool has_scheme(struct slice uri)
{
	uri = skip_white(uri);
	return slice_starts_nocase(uri, "sip:") || slice_starts_nocase(uri, "sips:") ||
	       slice_starts_nocase(uri, "tel:") || slice_starts_nocase(uri, "urn:");
}

bool sip_message_looks_so(struct slice bytes)
{
	struct slice method, line;
	const uint8_t *end;

	if (!bytes.left || (bytes.at[0] > ' ' && !is_token(bytes.at[0])) || bytes.at[0] >= 0x7f)
		return false; /* RTP, STUN, DTLS */
	line = bytes = skip_white(bytes);
	if (slice_starts_nocase(line, "SIP/2.0 "))
		return line.left > 8 && line.at[8] >= '1' && line.at[8] <= '6';
	if (!take_method(&method, &line))
		return false;
	end = memchr(line.at, '\n', line.left);
	if (!end)
		return has_scheme(line);
	line.left = (size_t)(end - line.at);
	return take_version(&line);
}

static bool is_field(struct slice label, size_t field)
{
	if (label.left == 1)
		return (label.at[0] | 0x20) == fields[field].compact;
	return label.left == fields[field].length && slice_is_nocase(label, fields[field].word);
}

static void keep_field(struct head *head, struct slice label, struct slice value)
{
	label = slice_trim(label);
	for (size_t i = 0; i < FIELDS; i++)
		if (!head->value[i].at && is_field(label, i)) {
			head->value[i] = slice_trim(value);
			return;
		}
}

/* One header field with the lines that are folded to it. False where the headers end. */
static bool read_field(struct head *head)
{
	const struct slice before = head->rest;
	struct slice line, label, more;

	if (slice_line(&line, &head->rest))
		return false;
	head->whole = !line.left;
	if (head->whole)
		return false;
	if (slice_starts(line, "v=0")) { /* the empty line was forgotten */
		head->rest = before;
		head->whole = true;
		return false;
	}
	while (head->rest.left && (head->rest.at[0] == ' ' || head->rest.at[0] == '\t') &&
	       !slice_line(&more, &head->rest))
		line.left = (size_t)(more.at + more.left - line.at);
	if (!slice_until(&label, &line, ':'))
		keep_field(head, label, line);
	return true;
}

static enum err split_head(struct head *out, struct slice bytes)
{
	*out = (struct head){ .rest = skip_white(bytes) };
	if (!sip_message_looks_so(out->rest) || slice_line(&out->start, &out->rest))
		return ERR_SYNTAX;
	while (read_field(out))
		;
	return ERR_NONE;
}

static enum err keep_text(char out[static SIP_FIELD_MAX], struct slice text)
{
	return text_safe_into(out, SIP_FIELD_MAX, text.at, text.left);
}

static enum err keep_c_text(char out[static SIP_FIELD_MAX], const char *text)
{
	return text ? keep_text(out, slice_of_text(text)) : ERR_NONE;
}

/* A parameter as written, outside of quotes and angle brackets; empty where there is none. */
static struct slice parameter(struct slice value, const char *name)
{
	struct slice part, label;
	size_t begin = 0;
	bool quoted = false, angle = false;

	/* Most have no display name in quotes, and all behind the address is parameters. */
	if (!slice_until(&part, &value, '>') && memchr(part.at, '"', part.left))
		value = slice_of(part.at, part.left + 1 + value.left);
	for (size_t i = 0; i <= value.left; i++) {
		const uint8_t byte = i < value.left ? value.at[i] : ';';

		if (byte == '"')
			quoted = !quoted;
		else if (quoted && byte == '\\' && i + 1 < value.left)
			i++;
		else if (!quoted && (byte == '<' || byte == '>'))
			angle = byte == '<';
		if (i < value.left && (byte != ';' || quoted || angle))
			continue;
		part = slice_of(value.at + begin, i - begin);
		begin = i + 1;
		if (!slice_until(&label, &part, '=') && slice_is_nocase(slice_trim(label), name))
			return slice_trim(part);
	}
	return slice_of(NULL, 0);
}

/* The URI of an address that libosip2 refused: inside of <>, else up to the parameters. */
static struct slice plain_uri(struct slice value)
{
	struct slice before, inside = value, uri;

	if (!slice_until(&before, &inside, '<')) {
		if (slice_until(&uri, &inside, '>'))
			uri = inside;
	} else {
		uri = value;
	}
	inside = uri;
	return slice_trim(slice_until(&before, &inside, ';') ? uri : before);
}

/* A field on one line as a C text, for libosip2; false where it is too long for that, or has a NUL
 * byte (the library takes %00 for one). */
static bool one_line(char out[static VALUE_MAX], struct slice value)
{
	size_t at;

	if (value.left >= VALUE_MAX || !slice_find(&at, value, "%00"))
		return false;
	for (size_t i = 0; i < value.left; i++) {
		if (!value.at[i])
			return false;
		out[i] = value.at[i] < ' ' ? ' ' : (char)value.at[i];
	}
	out[value.left] = 0;
	return true;
}

/* Parameters, headers and a password do not tell who it is. */
static enum err keep_uri(char out[static SIP_FIELD_MAX], osip_uri_t *uri)
{
	char *text = NULL;
	enum err err;

	osip_uri_param_freelist(&uri->url_params);
	osip_uri_param_freelist(&uri->url_headers);
	osip_free(uri->password);
	uri->password = NULL;
	if (osip_uri_to_str(uri, &text))
		return ERR_SYNTAX;
	err = keep_c_text(out, text);
	osip_free(text);
	return err;
}

enum err sip_message_who(char uri[static SIP_FIELD_MAX], struct slice address)
{
	osip_from_t *parsed = NULL;
	char line[VALUE_MAX];
	enum err err = ERR_SYNTAX;

	sip_library_hush();
	if (one_line(line, address) && !osip_from_init(&parsed)) {
		if (!osip_from_parse(parsed, line) && osip_from_get_url(parsed))
			err = keep_uri(uri, osip_from_get_url(parsed));
		osip_from_free(parsed);
	}
	return err ? keep_text(uri, plain_uri(address)) : ERR_NONE;
}

/* "314159 INVITE", with any white space between (RFC 3261, 20.16). */
static enum err read_cseq(struct sip_message *out, struct slice value)
{
	unsigned long number;
	size_t digits = 0;
	struct slice method;
	enum err err;

	while (digits < value.left && value.at[digits] >= '0' && value.at[digits] <= '9')
		digits++;
	err = slice_number(&number, slice_of(value.at, digits), UINT32_MAX);
	if (err)
		return ERR_SYNTAX;
	out->cseq = (uint32_t)number;
	method = slice_trim(slice_of(value.at + digits, value.left - digits));
	if (!method.left)
		return ERR_SYNTAX;
	return out->request ? ERR_NONE : keep_text(out->method, method);
}

static enum err read_answer_line(struct sip_message *out, struct slice line)
{
	unsigned long status;

	line = slice_trim(slice_of(line.at + 8, line.left - 8));
	if (line.left < 3 || slice_number(&status, slice_of(line.at, 3), 699) || status < 100 ||
	    (line.left > 3 && line.at[3] != ' '))
		return ERR_SYNTAX;
	out->status = (int)status;
	return keep_text(out->reason, slice_trim(slice_of(line.at + 3, line.left - 3)));
}

static enum err read_start(struct sip_message *out, struct slice line)
{
	struct slice method;

	if (slice_starts_nocase(line, "SIP/2.0 "))
		return read_answer_line(out, line);
	out->request = true;
	if (!take_method(&method, &line) || !take_version(&line))
		return ERR_SYNTAX;
	return keep_text(out->method, method);
}

static enum err read_identity(struct sip_message *out, const struct head *head)
{
	const struct slice *value = head->value;
	enum err err;

	if (!value[FIELD_CALL_ID].left || !value[FIELD_CSEQ].left || !value[FIELD_FROM].left ||
	    !value[FIELD_TO].left)
		return ERR_SYNTAX;
	err = keep_text(out->call_id, value[FIELD_CALL_ID]);
	if (!err)
		err = read_cseq(out, value[FIELD_CSEQ]);
	out->from = value[FIELD_FROM];
	out->to = value[FIELD_TO];
	if (!err)
		err = keep_text(out->from_tag, parameter(out->from, "tag"));
	return err ? err : keep_text(out->to_tag, parameter(out->to, "tag"));
}

static enum err read_others(struct sip_message *out, const struct head *head)
{
	const struct slice *value = head->value, agent = value[FIELD_USER_AGENT];
	enum err err = keep_text(out->agent, agent.left ? agent : value[FIELD_SERVER]);

	return err ? err : keep_text(out->content_type, value[FIELD_TYPE]);
}

static void read_body(struct sip_message *out, const struct head *head)
{
	unsigned long length;

	out->body = head->rest;
	switch (slice_number(&length, head->value[FIELD_LENGTH], SIP_BYTES_MAX)) {
	case ERR_NONE:
		out->cut = length > head->rest.left;
		if (!out->cut)
			out->body.left = length;
		break;
	case ERR_RANGE: out->cut = true; break;
	default: /* not told, or no number: over UDP the datagram's end is the body's (18.3) */
		break;
	}
	if (!head->whole)
		out->cut = true;
	out->sdp = sip_body_sdp(head->value[FIELD_TYPE], out->body);
}

enum err sip_message_read(struct sip_message *out, struct slice bytes)
{
	struct head head;
	enum err err;

	*out = (struct sip_message){ 0 };
	if (bytes.left > SIP_BYTES_MAX)
		return ERR_FULL;
	err = split_head(&head, bytes);
	if (!err)
		err = read_start(out, head.start);
	if (!err)
		err = read_identity(out, &head);
	if (!err)
		err = read_others(out, &head);
	if (!err)
		read_body(out, &head);
	return err;
}

/* Can what has come so far of a first line become one of SIP? */
static bool may_begin(struct slice line)
{
	static const char version[] = "SIP/2.0 ";
	struct slice method;
	size_t length = 0;

	if (sip_message_looks_so(line))
		return true;
	while (length < line.left && length < sizeof version - 1 &&
	       (line.at[length] & 0xdf) == (version[length] & 0xdf))
		length++;
	if (length == line.left || length == sizeof version - 1)
		return length == line.left;
	if (take_method(&method, &line)) /* as much as " sips:" may still be missing */
		return line.left < 6;
	for (length = 0; length < line.left && is_token(line.at[length]);)
		length++;
	return length == line.left && length < METHOD_LENGTH_MAX;
}

enum err sip_message_frame(size_t *length, struct slice stream)
{
	const struct slice bytes = skip_white(stream);
	const size_t white = stream.left - bytes.left;
	struct head head;
	unsigned long body = 0;
	size_t headers;

	if (!bytes.left)
		return ERR_TRUNCATED;
	if (!memchr(bytes.at, '\n', bytes.left)) {
		if (!may_begin(bytes))
			return ERR_SYNTAX;
		return bytes.left > SIP_BYTES_MAX ? ERR_FULL : ERR_TRUNCATED;
	}
	if (split_head(&head, bytes))
		return ERR_SYNTAX;
	if (!head.whole)
		return bytes.left > SIP_BYTES_MAX ? ERR_FULL : ERR_TRUNCATED;
	if (slice_number(&body, head.value[FIELD_LENGTH], SIP_BYTES_MAX) == ERR_RANGE)
		return ERR_FULL;
	headers = bytes.left - head.rest.left;
	if (headers + body > SIP_BYTES_MAX)
		return ERR_FULL;
	*length = white + headers + body;
	return ERR_NONE;
}
