/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct deadline deadline_in(int64_t ms)
{
	return (struct deadline){ .at_ms = clock_ms() + ms };
}

struct deadline deadline_first(struct deadline a, struct deadline b)
{
	return a.at_ms < b.at_ms ? a : b;
}

bool deadline_passed(const struct deadline *deadline)
{
	return clock_ms() >= deadline->at_ms;
}

int deadline_left_ms(const struct deadline *deadline)
{
	int64_t left = deadline->at_ms - clock_ms();

	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

const char *clock_utc_text(char text[static CLOCK_TEXT], time_t when)
{
	struct tm utc;

	if (!gmtime_r(&when, &utc) || !strftime(text, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc))
		snprintf(text, CLOCK_TEXT, "unknown");
	return text;
}

const char *clock_local_text(char text[static CLOCK_TEXT], time_t when)
{
	struct tm local;
	char zone[8];

	if (!localtime_r(&when, &local) ||
	    !strftime(text, CLOCK_TEXT, "%Y-%m-%d %H:%M:%S ", &local) ||
	    strftime(zone, sizeof zone, "%z", &local) != 5) {
		snprintf(text, CLOCK_TEXT, "unknown");
		return text;
	}
	/* "+0100" becomes "+01:00". */
	snprintf(text + strlen(text), CLOCK_TEXT - strlen(text), "%.3s:%.2s", zone, zone + 3);
	return text;
}

time_t clock_from_utc_text(const char *text)
{
	struct tm utc = { 0 };
	char again[CLOCK_TEXT];
	time_t when;

	if (!strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc))
		return (time_t)-1;
	/* strptime() takes blanks, short numbers and 31 February. */
	when = timegm(&utc);
	return strcmp(clock_utc_text(again, when), text) ? (time_t)-1 : when;
}
