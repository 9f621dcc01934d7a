/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/date.h"

#include <string.h>
#include <time.h>

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* The number up to the byte `end`, which is passed. */
static enum err take_number(int *out, struct slice *text, char end, unsigned long max)
{
	struct slice digits;
	unsigned long number;
	enum err err = slice_until(&digits, text, end);

	if (!err)
		err = slice_number(&number, digits, max);
	if (!err)
		*out = (int)number;
	return err == ERR_NOT_FOUND ? ERR_SYNTAX : err;
}

static enum err take_month(int *out, struct slice *text)
{
	struct slice name;

	if (slice_until(&name, text, ' ') || name.left != 3)
		return ERR_SYNTAX;
	for (int month = 0; month < 12; month++) {
		if (!memcmp(months + month * 3, name.at, 3)) {
			*out = month;
			return ERR_NONE;
		}
	}
	return ERR_SYNTAX;
}

static enum err take_time(struct tm *out, struct slice *text)
{
	enum err err = take_number(&out->tm_hour, text, ':', 23);

	if (!err)
		err = take_number(&out->tm_min, text, ':', 59);
	if (!err)
		err = take_number(&out->tm_sec, text, ' ', 60); /* a leap second */
	return err;
}

enum err date_parse(int64_t *out, struct slice text)
{
	struct tm parts = { 0 };
	struct slice day;
	time_t when;
	int mday, month;
	enum err err;

	text = slice_trim(text);
	if (slice_until(&day, &text, ',') || day.left != 3 || slice_skip(&text, 1))
		return ERR_SYNTAX;
	err = take_number(&mday, &text, ' ', 31);
	if (!err)
		err = take_month(&month, &text);
	if (!err)
		err = take_number(&parts.tm_year, &text, ' ', 9999);
	if (!err)
		err = take_time(&parts, &text);
	if (!err && !slice_is(text, "GMT"))
		err = ERR_SYNTAX;
	if (!err && parts.tm_year < 1970)
		err = ERR_RANGE;
	if (err)
		return err;
	parts.tm_mday = mday;
	parts.tm_mon = month;
	parts.tm_year -= 1900;
	when = timegm(&parts);
	/* 31 February has become another day. */
	if (parts.tm_mday != mday || parts.tm_mon != month)
		return ERR_RANGE;
	*out = when;
	return ERR_NONE;
}
