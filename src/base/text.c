/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unilbrk.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#include "base/buf.h"
#include "base/mem.h"

/* Controls, format characters (bidirectional overrides, zero-width ones), line and paragraph
 * separators, lone surrogates and unassigned code points. */
static bool is_hidden(ucs4_t c)
{
	return uc_is_general_category_withtable(
		c, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Zl |
			   UC_CATEGORY_MASK_Zp | UC_CATEGORY_MASK_Cs | UC_CATEGORY_MASK_Cn);
}

/* Writes how one unit is shown and returns how many input bytes it took. */
static size_t show_unit(char shown[static 16], const uint8_t *at, size_t left, bool lines)
{
	ucs4_t c;
	int taken = u8_mbtoucr(&c, at, left);

	if (taken <= 0) {
		snprintf(shown, 16, "\\x%02x", at[0]);
		return 1;
	}
	if (lines && c == '\r' && left > 1 && at[1] == '\n')
		shown[0] = 0;
	else if (c == '\n' && lines)
		snprintf(shown, 16, "\n");
	else if (c == '\n' || c == '\r' || c == '\t')
		snprintf(shown, 16, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
	else if (is_hidden(c))
		snprintf(shown, 16, c < 0x100 ? "\\x%02x" : "\\u{%04x}", (unsigned)c);
	else
		snprintf(shown, 16, "%.*s", taken, (const char *)at);
	return (size_t)taken;
}

static char *make_safe(const uint8_t *at, size_t length, size_t max, bool lines)
{
	struct buf out;
	char shown[16];
	char *text;
	enum err err = ERR_NONE;

	buf_init(&out, max);
	while (length && !err) {
		size_t taken = show_unit(shown, at, length, lines);

		at += taken;
		length -= taken;
		err = buf_add_text(&out, shown);
	}
	while (err == ERR_FULL && out.length && (max < 3 || out.length > max - 3)) {
		/* Never in the middle of a character. */
		size_t last = out.length - 1;

		while (last && (out.data[last] & 0xc0) == 0x80)
			last--;
		out.length = last;
		out.data[last] = 0;
	}
	if (err == ERR_FULL && max >= 3)
		err = buf_add_text(&out, "...");
	text = mem_text(buf_text(&out));
	buf_clear(&out);
	return text;
}

char *text_safe(const void *bytes, size_t length, size_t max)
{
	return make_safe(bytes, length, max, false);
}

enum err text_safe_into(char *out, size_t size, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;
	char *safe;
	size_t i = 0;

	while (i < length && byte[i] >= ' ' && byte[i] < 0x7f)
		i++;
	if (i == length && length < size) {
		if (length)
			memcpy(out, bytes, length);
		out[length] = 0;
		return ERR_NONE;
	}
	out[0] = 0;
	safe = text_safe(bytes, length, size - 1);
	if (!safe)
		return ERR_MEMORY;
	snprintf(out, size, "%s", safe);
	free(safe);
	return ERR_NONE;
}

char *text_safe_lines(const void *bytes, size_t length, size_t max)
{
	return make_safe(bytes, length, max, true);
}

bool text_is_safe(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t left = strlen(text);

	while (left) {
		ucs4_t c;
		int taken = u8_mbtoucr(&c, at, left);

		if (taken <= 0 || (c != '\n' && is_hidden(c)))
			return false;
		at += taken;
		left -= (size_t)taken;
	}
	return true;
}

/* Like u8_next(), but a byte that is no UTF-8 is a character of its own and does not end the text.
 */
static const uint8_t *next_character(ucs4_t *c, const uint8_t *at)
{
	int taken = *at ? u8_strmbtouc(c, at) : 0;

	if (taken < 0) {
		*c = 0xfffd; /* REPLACEMENT CHARACTER */
		taken = 1;
	}
	return taken ? at + taken : NULL;
}

static size_t width_of(ucs4_t c)
{
	int width = uc_width(c, "UTF-8");

	return width < 0 ? 0 : (size_t)width;
}

size_t text_width(const char *utf8)
{
	const uint8_t *at = (const uint8_t *)utf8;
	size_t width = 0;
	ucs4_t c;

	while ((at = next_character(&c, at)))
		width += width_of(c);
	return width;
}

size_t text_next(size_t *cells, const char *utf8)
{
	const uint8_t *at = (const uint8_t *)utf8;
	ucs4_t c;
	const uint8_t *next = next_character(&c, at);

	*cells = next ? width_of(c) : 0;
	return next ? (size_t)(next - at) : 0;
}

size_t text_fit(const char *utf8, size_t cells)
{
	const uint8_t *at = (const uint8_t *)utf8;
	const uint8_t *next;
	ucs4_t c;

	while ((next = next_character(&c, at))) {
		size_t width = width_of(c);

		if (width > cells)
			break;
		cells -= width;
		at = next;
	}
	return (size_t)(at - (const uint8_t *)utf8);
}

static void add_line(struct text_lines *lines, const char *start, size_t length)
{
	while (length && start[length - 1] == ' ')
		length--;
	lines->line = mem_resize(lines->line, lines->count + 1, sizeof *lines->line);
	lines->line[lines->count++] = mem_text_n(start, length);
}

/* A stretch of one line; where it is one word that is too long for the line, it is cut. */
static void add_piece(struct text_lines *lines, const char *start, size_t length, size_t cells)
{
	char *piece = mem_text_n(start, length);
	const char *at = piece;

	while (text_width(at) > cells) {
		size_t fits = text_fit(at, cells);

		if (!fits || at[fits + strspn(at + fits, " ")] == 0)
			break;
		add_line(lines, at, fits);
		at += fits;
	}
	add_line(lines, at, strlen(at));
	free(piece);
}

/* UAX 14 would break "sip-alg", "a/b" and "sip.example.com:5060": what a machine wrote has to stay
 * whole, so ASCII breaks at blanks alone. */
static bool may_break(const char *utf8, const char *breaks, size_t at)
{
	const bool ascii = !((utf8[at - 1] | utf8[at]) & 0x80);

	return breaks[at] == UC_BREAK_POSSIBLE && (!ascii || utf8[at - 1] == ' ');
}

/* Cells from `start` to `end`, blanks at the end not counted: they may stand out. */
static size_t width_between(const char *start, const char *end)
{
	char *part;
	size_t width;

	while (end > start && end[-1] == ' ')
		end--;
	part = mem_text_n(start, (size_t)(end - start));
	width = text_width(part);
	free(part);
	return width;
}

struct text_lines text_wrap(const char *utf8, size_t cells)
{
	struct text_lines lines = { 0 };
	const size_t length = strlen(utf8);
	char *breaks = mem_new(length + 1, 1);
	size_t start = 0; /* of the line */
	size_t last = 0;  /* the latest place in it where it may end */

	if (!cells)
		cells = 1;
	u8_possible_linebreaks((const uint8_t *)utf8, length, "UTF-8", breaks);
	for (size_t i = 0; i <= length; i++) {
		const bool ends = i == length || utf8[i] == '\n';

		if (i == length && start == length && lines.count)
			break; /* the last line was ended by its LF */
		if (!ends && (!i || !may_break(utf8, breaks, i)))
			continue;
		if (last > start && width_between(utf8 + start, utf8 + i) > cells) {
			add_piece(&lines, utf8 + start, last - start, cells);
			start = last;
		}
		last = i;
		if (!ends)
			continue;
		add_piece(&lines, utf8 + start, i - start, cells);
		start = i + 1;
	}
	free(breaks);
	return lines;
}

void text_free_lines(struct text_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->line[i]);
	free(lines->line);
	*lines = (struct text_lines){ 0 };
}

static const char *ascii_for(ucs4_t c)
{
	static const struct {
		ucs4_t from, to;
		const char *ascii;
	} table[] = {
		{ 0x00a0, 0x00a0, " " },  { 0x00ab, 0x00ab, "<<" }, { 0x00b1, 0x00b1, "+-" },
		{ 0x00b7, 0x00b7, "-" },  { 0x00bb, 0x00bb, ">>" }, { 0x00d7, 0x00d7, "x" },
		{ 0x00df, 0x00df, "ss" }, { 0x2010, 0x2014, "-" },  { 0x2018, 0x201a, "'" },
		{ 0x201c, 0x201e, "\"" }, { 0x2022, 0x2022, "*" },  { 0x2026, 0x2026, "..." },
		{ 0x203a, 0x203a, ">" },  { 0x2190, 0x2190, "<-" }, { 0x2192, 0x2192, "->" },
		{ 0x2191, 0x2191, "^" },  { 0x2193, 0x2193, "v" },  { 0x2194, 0x2194, "<->" },
		{ 0x2260, 0x2260, "!=" }, { 0x2264, 0x2264, "<=" }, { 0x2265, 0x2265, ">=" },
		{ 0x2500, 0x2501, "-" },  { 0x2502, 0x2503, "|" },  { 0x250c, 0x254b, "+" },
		{ 0x2550, 0x2550, "=" },  { 0x2551, 0x2551, "|" },  { 0x2588, 0x2588, "#" },
		{ 0x2591, 0x2593, "#" },  { 0x25b6, 0x25b8, ">" },  { 0x25c0, 0x25c2, "<" },
		{ 0x2713, 0x2714, "ok" }, { 0x2717, 0x2718, "X" },  { 0x276f, 0x276f, ">" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (c >= table[i].from && c <= table[i].to)
			return table[i].ascii;
	return NULL;
}

static enum err add_ascii(struct buf *out, ucs4_t c)
{
	ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
	const char *known = ascii_for(c);

	if (c < 0x80)
		return buf_add_be8(out, (uint8_t)c);
	if (known)
		return buf_add_text(out, known);
	if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Mn))
		return ERR_NONE;
	/* A letter with its accent taken off. */
	if (uc_canonical_decomposition(c, parts) > 0 && parts[0] < 0x80)
		return buf_add_be8(out, (uint8_t)parts[0]);
	return buf_add_text(out, "?");
}

char *text_ascii(const char *utf8)
{
	const uint8_t *at = (const uint8_t *)utf8;
	struct buf out;
	char *text;
	ucs4_t c;
	enum err err = ERR_NONE;

	buf_init(&out, SIZE_MAX / 2);
	while (!err && (at = next_character(&c, at)))
		err = add_ascii(&out, c);
	text = mem_text(buf_text(&out));
	buf_clear(&out);
	return text;
}
