/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/slice.h"

#include <string.h>

struct slice slice_of(const void *data, size_t length)
{
	return (struct slice){ .at = data, .left = length };
}

struct slice slice_of_text(const char *text)
{
	return slice_of(text, strlen(text));
}

enum err slice_take(struct slice *out, struct slice *slice, size_t length)
{
	if (length > slice->left)
		return ERR_TRUNCATED;
	*out = slice_of(slice->at, length);
	if (length)
		slice->at += length;
	slice->left -= length;
	return ERR_NONE;
}

enum err slice_skip(struct slice *slice, size_t length)
{
	struct slice skipped;

	return slice_take(&skipped, slice, length);
}

enum err slice_copy(void *out, size_t length, struct slice *slice)
{
	struct slice bytes;
	enum err err = slice_take(&bytes, slice, length);

	if (!err && length)
		memcpy(out, bytes.at, length);
	return err;
}

enum err slice_be8(uint8_t *out, struct slice *slice)
{
	return slice_copy(out, 1, slice);
}

enum err slice_be16(uint16_t *out, struct slice *slice)
{
	uint8_t bytes[2];
	enum err err = slice_copy(bytes, sizeof bytes, slice);

	if (!err)
		*out = (uint16_t)(bytes[0] << 8 | bytes[1]);
	return err;
}

enum err slice_be32(uint32_t *out, struct slice *slice)
{
	uint8_t bytes[4];
	enum err err = slice_copy(bytes, sizeof bytes, slice);

	if (!err)
		*out = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		       (uint32_t)bytes[2] << 8 | bytes[3];
	return err;
}

enum err slice_until(struct slice *out, struct slice *slice, char byte)
{
	const uint8_t *found = slice->left ? memchr(slice->at, byte, slice->left) : NULL;
	enum err err;

	if (!found)
		return ERR_NOT_FOUND;
	err = slice_take(out, slice, (size_t)(found - slice->at));
	return err ? err : slice_skip(slice, 1);
}

enum err slice_line(struct slice *out, struct slice *slice)
{
	if (!slice->left)
		return ERR_NOT_FOUND;
	if (slice_until(out, slice, '\n')) {
		enum err err = slice_take(out, slice, slice->left);

		if (err)
			return err;
	}
	if (out->left && out->at[out->left - 1] == '\r')
		out->left--;
	return ERR_NONE;
}

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct slice slice_trim(struct slice slice)
{
	while (slice.left && is_space(slice.at[0])) {
		slice.at++;
		slice.left--;
	}
	while (slice.left && is_space(slice.at[slice.left - 1]))
		slice.left--;
	return slice;
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.left == b.left && (!a.left || !memcmp(a.at, b.at, a.left));
}

bool slice_is(struct slice slice, const char *text)
{
	return slice_equal(slice, slice_of_text(text));
}

bool slice_is_nocase(struct slice slice, const char *text)
{
	return slice.left == strlen(text) && slice_starts_nocase(slice, text);
}

bool slice_starts(struct slice slice, const char *text)
{
	size_t length = strlen(text);

	return length <= slice.left && (!length || !memcmp(slice.at, text, length));
}

static unsigned char lower(unsigned char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a') : byte;
}

/* ASCII alone: strncasecmp() goes by the locale, and a Turkish one has no 'i' for 'I'. */
bool slice_starts_nocase(struct slice slice, const char *text)
{
	size_t length = strlen(text);

	if (length > slice.left)
		return false;
	for (size_t i = 0; i < length; i++)
		if (lower(slice.at[i]) != lower((unsigned char)text[i]))
			return false;
	return true;
}

enum err slice_find(size_t *out, struct slice slice, const char *text)
{
	const uint8_t *found = slice.left ? memmem(slice.at, slice.left, text, strlen(text)) : NULL;

	if (!found)
		return ERR_NOT_FOUND;
	*out = (size_t)(found - slice.at);
	return ERR_NONE;
}

enum err slice_number(unsigned long *out, struct slice slice, unsigned long max)
{
	unsigned long value = 0;

	if (!slice.left)
		return ERR_SYNTAX;
	for (size_t i = 0; i < slice.left; i++) {
		unsigned digit = (unsigned)slice.at[i] - '0';

		if (digit > 9)
			return ERR_SYNTAX;
		if (digit > max || value > (max - digit) / 10)
			return ERR_RANGE;
		value = value * 10 + digit;
	}
	*out = value;
	return ERR_NONE;
}
