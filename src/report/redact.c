/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/redact.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

static const char removed[] = "[removed]";

/* From where a rule matched: bytes that stay, then bytes that go. `drop` 0: no match. */
struct cut {
	size_t keep, drop;
};

/* Names whose value is a secret, whether it stands behind "=" or ":". */
static const char *const secret_words[] = {
	"password", "passwd", "passphrase", "pass",       "pwd",         "secret",   "token",
	"pin",      "apikey", "api-key",    "credential", "credentials", "passcode",
};

/* Ordinary words elsewhere: secrets only as a parameter, behind "=". */
static const char *const secret_parameters[] = { "response", "rspauth", "ha1" };

static const char *const schemes[] = { "sips",  "sip",  "turns", "turn", "stuns", "stun",
				       "https", "http", "wss",   "ws",   "ftp",   "rtsp" };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static size_t skip_blanks(const char *text)
{
	return strspn(text, " \t");
}

/* Texts were made safe before they came here, so a line may also end in a backslash and an n. */
static bool is_line_end(const char *at)
{
	return *at == '\n' || *at == '\r' || (at[0] == '\\' && (at[1] == 'n' || at[1] == 'r'));
}

static bool is_folded(const char *at)
{
	at += *at == '\\' ? 2 : 1;
	if (*at == '\n')
		at++;
	else if (at[0] == '\\' && at[1] == 'n')
		at += 2;
	return *at == ' ' || *at == '\t' || (at[0] == '\\' && at[1] == 't');
}

/* To the end of a header's value: a line that begins with a blank goes on (RFC 3261, 7.3.1). */
static size_t header_length(const char *value)
{
	const char *at = value;

	while (*at && !(is_line_end(at) && !is_folded(at)))
		at += at[0] == '\\' && at[1] ? 2 : 1;
	return (size_t)(at - value);
}

static size_t line_length(const char *value)
{
	const char *at = value;

	while (*at && !is_line_end(at))
		at++;
	return (size_t)(at - value);
}

/* With its quotes. */
static size_t quoted_length(const char *value)
{
	const char quote = *value;
	const char *at = value + 1;

	while (*at && *at != quote && *at != '\n')
		at += at[0] == '\\' && at[1] ? 2 : 1;
	return (size_t)(at - value) + (*at == quote);
}

/* `rest` is all that follows a separator. With a blank there it is prose ("password: correct
 * horse"), whose end nobody knows but the line's. */
static struct cut cut_value(size_t keep, const char *rest)
{
	const size_t blanks = skip_blanks(rest);
	const char *value = rest + blanks;
	size_t drop;

	if (*value == '"' || *value == '\'')
		drop = quoted_length(value);
	else if (blanks)
		drop = line_length(value);
	else
		drop = strcspn(value, " \t\r\n,;&<>\"'\\");
	return (struct cut){ keep + blanks, drop };
}

/* "k=clear:…" begins a line; "task=clear:" is another thing. A line may begin behind a visible
 * "\n". */
static bool at_word_start(const char *text, const char *at)
{
	if (at == text || !isalnum((unsigned char)at[-1]))
		return true;
	return at - text >= 2 && at[-2] == '\\' && strchr("nrt", at[-1]);
}

/* The bytes up to and with the separator behind a word; 0 where none follows. */
static size_t separator_length(const char *behind, const char *separators)
{
	size_t i = *behind == '"' || *behind == '\'';

	i += skip_blanks(behind + i);
	return behind[i] && strchr(separators, behind[i]) ? i + 1 : 0;
}

static struct cut cut_word(const char *at, const char *word, const char *separators)
{
	const size_t length = strlen(word);
	size_t separator;

	if (strncasecmp(at, word, length))
		return (struct cut){ 0 };
	separator = separator_length(at + length, separators);
	if (!separator)
		return (struct cut){ 0 };
	return cut_value(length + separator, at + length + separator);
}

static struct cut cut_words(const char *at)
{
	struct cut cut = { 0 };

	for (size_t i = 0; i < COUNT(secret_words) && !cut.drop; i++)
		cut = cut_word(at, secret_words[i], "=:");
	for (size_t i = 0; i < COUNT(secret_parameters) && !cut.drop; i++)
		cut = cut_word(at, secret_parameters[i], "=");
	return cut;
}

static struct cut cut_header(const char *at)
{
	static const char name[] = "authorization";
	size_t keep;

	if (strncasecmp(at, name, sizeof name - 1))
		return (struct cut){ 0 };
	keep = separator_length(at + sizeof name - 1, "=:");
	if (!keep)
		return (struct cut){ 0 };
	keep += sizeof name - 1;
	keep += skip_blanks(at + keep);
	return (struct cut){ keep, header_length(at + keep) };
}

/* The lines of SDP that carry a key to the end of the line. */
static struct cut cut_key_line(const char *at)
{
	static const char *const starts[] = { "key-mgmt:", "k=clear:", "k=base64:", "k=uri:" };

	for (size_t i = 0; i < COUNT(starts); i++) {
		const size_t keep = strlen(starts[i]);

		if (!strncasecmp(at, starts[i], keep))
			return (struct cut){ keep, line_length(at + keep) };
	}
	return (struct cut){ 0 };
}

static struct cut cut_inline_key(const char *at)
{
	static const char name[] = "inline:";
	size_t keep = sizeof name - 1;

	if (strncasecmp(at, name, keep))
		return (struct cut){ 0 };
	keep += skip_blanks(at + keep);
	return (struct cut){ keep, strcspn(at + keep, " \t\r\n;\"'\\") };
}

/* scheme:user:password@host. The last "@" counts, as a password may hold one. */
static struct cut cut_uri_user(const char *at, const char *scheme)
{
	size_t start = strlen(scheme), end, colon;

	if (strncasecmp(at, scheme, start) || at[start] != ':')
		return (struct cut){ 0 };
	start += strncmp(at + start, "://", 3) ? 1 : 3;
	end = start + strcspn(at + start, " \t\r\n<>\"'\\");
	while (end > start && at[end] != '@')
		end--;
	for (colon = start; colon < end && at[colon] != ':'; colon++)
		;
	return colon < end ? (struct cut){ colon + 1, end - colon - 1 } : (struct cut){ 0 };
}

static struct cut cut_uri(const char *at)
{
	struct cut cut = { 0 };

	for (size_t i = 0; i < COUNT(schemes) && !cut.drop; i++)
		cut = cut_uri_user(at, schemes[i]);
	return cut;
}

static struct cut find_cut(const char *text, const char *at)
{
	struct cut cut = cut_header(at);

	if (!cut.drop)
		cut = cut_inline_key(at);
	if (!cut.drop && at_word_start(text, at))
		cut = cut_key_line(at);
	if (!cut.drop && at_word_start(text, at))
		cut = cut_words(at);
	if (!cut.drop && at_word_start(text, at))
		cut = cut_uri(at);
	return cut;
}

char *redact_text(const char *text)
{
	struct buf out;
	char *result;
	const char *at = text;
	enum err err = ERR_NONE;

	buf_init(&out, SIZE_MAX / 2);
	while (*at && !err) {
		const struct cut cut = find_cut(text, at);
		const size_t keep = cut.drop ? cut.keep : 1;

		err = buf_add(&out, at, keep);
		if (!err && cut.drop)
			err = buf_add_text(&out, removed);
		at += keep + cut.drop;
	}
	result = mem_text(buf_text(&out));
	buf_clear(&out);
	return result;
}

char *redact_safe(const char *text, struct mask *mask)
{
	enum { SAFE_MAX = 1 << 20 };
	char *open = redact_text(text);
	char *masked = mask ? mask_text(mask, open) : mem_text(open);
	char *safe = text_safe_lines(masked, strlen(masked), SAFE_MAX);

	free(masked);
	free(open);
	return safe;
}

static bool is_secret_name(const char *name)
{
	for (size_t i = 0; i < COUNT(secret_words); i++)
		if (!strcasecmp(name, secret_words[i]))
			return true;
	return !strcasecmp(name, "authorization") || !strcasecmp(name, "proxy-authorization");
}

static json_t *redact_members(const json_t *object, struct mask *mask)
{
	json_t *copy = json_object(), *member;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)object, key, member) {
		char *name = redact_safe(key, mask);

		if (is_secret_name(key))
			json_object_set_new(copy, name, json_string(removed));
		else
			json_object_set_new(copy, name, redact_json(member, mask));
		free(name);
	}
	return copy;
}

static json_t *redact_string(const json_t *string, struct mask *mask)
{
	char *safe = redact_safe(json_string_value(string), mask);
	json_t *copy = json_string(safe);

	free(safe);
	return copy;
}

json_t *redact_json(const json_t *value, struct mask *mask)
{
	json_t *copy;
	const json_t *item;
	size_t index;

	if (json_is_string(value))
		return redact_string(value, mask);
	if (json_is_object(value))
		return redact_members(value, mask);
	if (!json_is_array(value))
		return json_deep_copy(value);
	copy = json_array();
	json_array_foreach(value, index, item)
		json_array_append_new(copy, redact_json(item, mask));
	return copy;
}
