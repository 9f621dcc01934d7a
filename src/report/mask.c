/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/mask.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "report/mask_address.h"
#include "report/mask_number.h"

void mask_init(struct mask *mask, unsigned what)
{
	*mask = (struct mask){ .what = what };
}

void mask_clear(struct mask *mask)
{
	free(mask->known);
	*mask = (struct mask){ 0 };
}

enum err mask_parse(unsigned *out, const char *list)
{
	static const struct {
		const char *name;
		unsigned what;
	} names[] = { { "numbers", MASK_NUMBERS }, { "addresses", MASK_ADDRESSES } };
	unsigned what = 0;

	for (const char *at = list;; at++) {
		const size_t length = strcspn(at, ",");
		size_t i = 0;

		while (i < 2 &&
		       (strlen(names[i].name) != length || strncmp(names[i].name, at, length) != 0))
			i++;
		if (i == 2)
			return ERR_SYNTAX;
		what |= names[i].what;
		at += length;
		if (!*at)
			break;
	}
	*out = what;
	return ERR_NONE;
}

static size_t index_of(struct mask *mask, const struct addr *addr)
{
	size_t i = 0;

	while (i < mask->known_count && !addr_same_host(&mask->known[i], addr))
		i++;
	if (i == mask->known_count) {
		mask->known = mem_resize(mask->known, i + 1, sizeof *mask->known);
		mask->known[mask->known_count++] = *addr;
	}
	return i;
}

/* "public-A" … "public-Z", "public-AA" … */
static enum err add_name(struct buf *out, size_t index)
{
	char letters[16];
	size_t at = sizeof letters;

	letters[--at] = 0;
	for (index++; index; index = (index - 1) / 26)
		letters[--at] = (char)('A' + (index - 1) % 26);
	return buf_printf(out, "public-%s", letters + at);
}

/* Writes what stands at `at` where it is an address; returns how many bytes of it were used. */
static size_t take_address(struct mask *mask, struct buf *out, const char *text, const char *at,
			   enum err *err)
{
	struct addr addr;
	const size_t length = mask_find_address(&addr, text, at);

	if (!length)
		return 0;
	if (mask->what & MASK_ADDRESSES && mask_is_public(&addr))
		*err = add_name(out, index_of(mask, &addr));
	else
		*err = buf_add(out, at, length);
	return length;
}

/* The same for a number: its digits but the last two. */
static size_t take_number(struct buf *out, struct mask_numbers *numbers, const char *at,
			  enum err *err)
{
	const struct mask_number found = mask_find_number(numbers, at);
	size_t left = 0;

	for (size_t i = 0; i < found.length; i++)
		left += at[i] >= '0' && at[i] <= '9';
	for (size_t i = 0; i < found.length && !*err; i++) {
		const bool digit = at[i] >= '0' && at[i] <= '9';
		const bool hidden = found.is_hidden && digit && left > 2;

		*err = buf_add(out, hidden ? "x" : at + i, 1);
		left -= digit;
	}
	return found.length;
}

char *mask_text(struct mask *mask, const char *text)
{
	struct mask_numbers numbers = { .text = text };
	const char *at = text;
	enum err err = ERR_NONE;
	struct buf out;
	char *result;

	buf_init(&out, SIZE_MAX / 2);
	while (*at && !err) {
		size_t used = take_address(mask, &out, text, at, &err);

		if (used)
			numbers.address_end = at + used;
		else if (mask->what & MASK_NUMBERS)
			used = take_number(&out, &numbers, at, &err);
		if (!used) {
			err = buf_add(&out, at, 1);
			used = 1;
		}
		at += used;
	}
	/* The buffer has no ceiling, so what can fail is memory alone. */
	if (err)
		abort();
	result = mem_text(buf_text(&out));
	buf_clear(&out);
	return result;
}
