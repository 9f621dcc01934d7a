/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/mask_number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	NUMBER_MIN = 5,   /* digits; fewer are an extension, an hour, a code of an answer */
	EMBEDDED_MIN = 7, /* between letters, where identifiers have digits too */
	NUMBER_MAX = 18,  /* digits in groups: E.164 has 15, before them 00 or 011 */
	PORT_MAX = 65535,
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of other scripts count as marks: a number may stand right beside them. */
static bool is_alnum(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t digits(const char *at)
{
	return strspn(at, "0123456789");
}

/* User parts of URIs. */

static size_t scheme_length(const char *text, const char *at)
{
	static const char *const schemes[] = { "sip:", "sips:", "tel:" };

	if (at > text && is_alnum(at[-1]))
		return 0;
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (!strncasecmp(at, schemes[i], strlen(schemes[i])))
			return strlen(schemes[i]);
	return 0;
}

/* "sip:+49305550123@host", "tel:2001": even three digits are somebody's number here. Without "@" a
 * SIP URI has a host alone. */
static struct mask_number find_uri(const char *text, const char *at)
{
	const size_t scheme = scheme_length(text, at);
	size_t user;

	if (!scheme)
		return (struct mask_number){ 0 };
	user = strcspn(at + scheme, "@;:?> \t\r\n\"<");
	if (tolower((unsigned char)*at) == 's' &&
	    at[scheme + strcspn(at + scheme, "@> \t\r\n\"<")] != '@')
		return (struct mask_number){ 0 };
	return (struct mask_number){ scheme + user, true };
}

/* What else digits may be. */

static unsigned long value_of(const char *at, size_t length)
{
	return length > 9 ? PORT_MAX + 1ul : strtoul(at, NULL, 10);
}

static bool fits_port(const char *at, size_t length)
{
	return *at != '0' && length <= 5 && value_of(at, length) <= PORT_MAX;
}

/* The word before `at`, behind which only blanks and "=" or ":" stand. */
static bool has_word_before(const char *text, const char *at, const char *const *words)
{
	const char *end = at;

	while (end > text && strchr(" :=", end[-1]))
		end--;
	for (; *words; words++) {
		const size_t length = strlen(*words);

		if ((size_t)(end - text) >= length && !strncasecmp(end - length, *words, length) &&
		    ((size_t)(end - text) == length || !is_alnum(end[-(ptrdiff_t)length - 1])))
			return true;
	}
	return false;
}

/* ":15060" behind a host: a word with a dot in it, "]" or "localhost". */
static bool follows_host(const struct mask_numbers *numbers, const char *at)
{
	static const char *const hosts[] = { "localhost", NULL };
	const char *before = at - 1;
	bool dotted = false;

	if (at == numbers->text || at[-1] != ':')
		return false;
	if (before == numbers->address_end || (before > numbers->text && before[-1] == ']') ||
	    has_word_before(numbers->text, at, hosts))
		return true;
	while (before > numbers->text && (is_alnum(before[-1]) || strchr(".-", before[-1])))
		dotted |= *--before == '.';
	return dotted;
}

/* "ports 16384, 16386 and 16388" */
static bool follows_port(const struct mask_numbers *numbers, const char *at)
{
	enum { APART_MAX = 5 };
	const char *end = numbers->port_end;

	return end && at > end && at - end <= APART_MAX && !memchr(end, '\n', (size_t)(at - end));
}

static bool is_port(const struct mask_numbers *numbers, const char *at, size_t length)
{
	static const char *const words[] = { "port",   "ports",   "rport",        "audio", "video",
					     "udp",    "tcp",     "tls",          "rtcp",  "RTP",
					     "puerto", "puertos", "\u7aef\u53e3", NULL };

	if (!fits_port(at, length))
		return false;
	return follows_host(numbers, at) || follows_port(numbers, at) ||
	       (numbers->address_end && at == numbers->address_end + 1) ||
	       has_word_before(numbers->text, at, words);
}

/* "10000-20000" */
static size_t range_length(const char *at, size_t length)
{
	const char *second = at + length + 1;
	const size_t more = at[length] == '-' ? digits(second) : 0;

	if (!more || !fits_port(at, length) || !fits_port(second, more) ||
	    value_of(at, length) >= value_of(second, more))
		return 0;
	return length + 1 + more;
}

/* "30000 packets" */
static bool has_unit(const char *end)
{
	static const char *const units[] = {
		"ms",       "s",       "second",  "seconds",  "packet", "packets", "byte",
		"bytes",    "B",       "kB",      "MB",       "Hz",     "kHz",     "bit",
		"kbit",     "samples", "times",   "Sekunden", "Pakete", "Bytes",   "segundos",
		"paquetes", "INVITE",  "OPTIONS", "REGISTER", "ACK",    "BYE",
	};
	const char *word = end + strspn(end, " ");
	size_t length = 0;

	if (*word == '%')
		return true;
	while (is_alnum(word[length]))
		length++;
	for (size_t i = 0; i < COUNT(units); i++)
		if (strlen(units[i]) == length && !strncmp(units[i], word, length))
			return true;
	return false;
}

/* "opus/48000" */
static bool is_clock_rate(const char *text, const char *at, size_t length)
{
	const char *before = at - 1;
	bool letter = false;

	if (length != 5 || at == text || *before != '/')
		return false;
	while (before > text && (is_alnum(before[-1]) || before[-1] == '-'))
		letter |= isalpha((unsigned char)*--before);
	return letter;
}

/* "0x1234abcd": the digits are the number's of no one. */
static bool is_hexadecimal(const char *text, const char *at)
{
	while (at > text && is_alnum(at[-1]))
		at--;
	return at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
}

/* Two digits up to `most`. */
static bool is_two(const char *at, int most)
{
	const int value = is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + at[1] - '0' : 0;

	return value >= 1 && value <= most;
}

static bool is_year(const char *at)
{
	return (!strncmp(at, "19", 2) || !strncmp(at, "20", 2)) && digits(at) == 4;
}

/* "2026-11-20", "20.11.2026"; 0: none. */
static size_t date_length(const char *at)
{
	enum { DATE = 10 };

	if (digits(at) == 4 && is_year(at) && strchr("-./", at[4]) && at[4] && is_two(at + 5, 12) &&
	    at[7] == at[4] && is_two(at + 8, 31) && !is_digit(at[DATE]))
		return DATE;
	if (digits(at) == 2 && is_two(at, 31) && strchr("-./", at[2]) && at[2] &&
	    is_two(at + 3, 31) && at[5] == at[2] && is_year(at + 6))
		return DATE;
	return 0;
}

/* Telephone numbers. */

static bool is_mark(char c)
{
	return c && strchr(" -./()", c);
}

/* Bytes between two groups of a number: "-", " ", ") " …; 0: the number ends. */
static size_t gap_length(const char *at)
{
	size_t length = 0;

	while (length < 3 && is_mark(at[length]))
		length++;
	if (!length || !is_digit(at[length]) ||
	    (length > 1 && !memchr(at, '(', length) && !memchr(at, ')', length)))
		return 0;
	/* A date or a time of day is a new thing. */
	if (date_length(at + length) || at[length + digits(at + length)] == ':')
		return 0;
	return length;
}

/* "+49 (30) 555-0123", "030/5550123": begins with "+", "(" or 0, goes on in groups. */
static size_t grouped_length(const char *at)
{
	size_t length = *at == '+' || *at == '(', all = 0;

	length += length && at[length] == '+';
	if (!is_digit(at[length]) || (!length && (at[0] != '0' || !is_digit(at[1]))))
		return 0;
	for (;;) {
		const size_t group = digits(at + length);
		size_t gap;

		all += group;
		length += group;
		gap = gap_length(at + length);
		if (!gap || all + digits(at + length + gap) > NUMBER_MAX)
			break;
		length += gap;
	}
	return all >= NUMBER_MIN && !is_alnum(at[length]) ? length : 0;
}

/* "555-010-0199", "1 555 010 0199": the groups of North America. */
static size_t american_length(const char *at)
{
	static const size_t groups[] = { 3, 3, 4 };
	size_t length = *at == '1' && gap_length(at + 1) ? 1 + gap_length(at + 1) : 0;

	for (size_t i = 0; i < COUNT(groups); i++) {
		const size_t gap = i ? gap_length(at + length) : 0;

		if ((i && !gap) || digits(at + length + gap) != groups[i])
			return 0;
		length += gap + groups[i];
	}
	return is_alnum(at[length]) || at[length] == ':' ? 0 : length;
}

/* Digits alone that touch no letter. */
static bool is_plain_number(const struct mask_numbers *numbers, const char *at, size_t length)
{
	const char *text = numbers->text, *end = at + length;
	const bool dotted = (at > text + 1 && at[-1] == '.' && is_digit(at[-2])) ||
			    (end[0] == '.' && is_digit(end[1]));

	if (length < NUMBER_MIN || has_unit(end) || is_clock_rate(text, at, length))
		return false;
	return !dotted || length >= EMBEDDED_MIN;
}

static struct mask_number find_digits(struct mask_numbers *numbers, const char *at)
{
	const char *text = numbers->text;
	const size_t length = digits(at), range = range_length(at, length);
	const bool embedded = (at > text && is_alnum(at[-1])) || is_alnum(at[length]);
	size_t number = embedded ? 0 : grouped_length(at);

	if (!number && !embedded)
		number = american_length(at);
	if (number)
		return (struct mask_number){ number, true };
	if (range || is_port(numbers, at, length)) {
		numbers->port_end = at + (range ? range : length);
		return (struct mask_number){ range ? range : length, false };
	}
	if (embedded && has_unit(at + length))
		return (struct mask_number){ length, false };
	if (embedded)
		return (struct mask_number){ length,
					     length >= EMBEDDED_MIN && !is_hexadecimal(text, at) };
	return (struct mask_number){ length, is_plain_number(numbers, at, length) };
}

struct mask_number mask_find_number(struct mask_numbers *numbers, const char *at)
{
	struct mask_number found = find_uri(numbers->text, at);
	size_t date;

	if (found.length)
		return found;
	if (*at == '+' || *at == '(')
		return (struct mask_number){ grouped_length(at), true };
	if (!is_digit(*at))
		return (struct mask_number){ 0 };
	date = date_length(at);
	return date ? (struct mask_number){ date, false } : find_digits(numbers, at);
}
