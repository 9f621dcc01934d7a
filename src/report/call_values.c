/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/call_values.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/wording.h"

const char *value_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && *text ? text : NULL;
}

char *value_number(const json_t *object, const char *key, const char *unit, int decimals)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_number(value))
		return NULL;
	return intl_printf("%.*f%s", decimals, json_number_value(value), unit);
}

static const struct {
	const char *key, *value, *phrase;
} phrases[] = {
	{ "verdict", "two-way", N_("As far as is seen here, voice goes both ways.") },
	{ "verdict", "one-way-out",
	  N_("One way only: what the phone sends gets through, what is sent to it "
	     "does not.") },
	{ "verdict", "one-way-in",
	  N_("One way only: what is sent to the phone gets through, what it sends "
	     "does not.") },
	{ "verdict", "no-audio", N_("No voice gets through, either way.") },
	{ "verdict", "silent-out",
	  N_("Packets flow both ways, but those of the phone hold silence.") },
	{ "verdict", "silent-in",
	  N_("Packets flow both ways, but those to the phone hold silence.") },
	{ "verdict", "held", N_("On hold at its end.") },
	{ "verdict", "unknown", N_("What became of the voice cannot be told from what was seen.") },
	{ "result", "answered", N_("answered") },
	{ "result", "failed", N_("failed") },
	{ "result", "cancelled", N_("given up before it was answered") },
	{ "result", "unfinished", N_("not seen to its end") },
	{ "state", "ok", N_("fine here") },
	{ "state", "never-sent", N_("never sent") },
	{ "state", "wrong-address", N_("sent to a wrong address") },
	{ "state", "missing", N_("missing") },
	{ "state", "silent", N_("arrives, but holds silence") },
	{ "state", "rejected", N_("refused where it arrives") },
	{ "state", "unknown", N_("not known") },
	{ "direction", "out", N_("from phone") },
	{ "direction", "in", N_("to phone") },
	{ "by", "offer", N_("offer") },
	{ "by", "answer", N_("answer") },
	{ "side", "phone", N_("phone") },
	{ "side", "far", N_("far side") },
	{ "at", "phone", N_("at the phone") },
	{ "at", "inside", N_("inside the router") },
	{ "at", "outside", N_("outside the router") },
	{ "at", "server", N_("at the server") },
	{ "at", "unknown", N_("where on the way is not known") },
	{ "srtp", "none", N_("none") },
	{ "srtp", "sdes", "SDES" },
	{ "srtp", "dtls", "DTLS" },
};

const char *value_words(const char *key, const char *value, const char *otherwise)
{
	if (!value)
		return otherwise;
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
		if (!strcmp(phrases[i].key, key) && !strcmp(phrases[i].value, value))
			return _(phrases[i].phrase);
	return value;
}

char *value_moment(const char *utc)
{
	enum { WHOLE = 19 };
	char local[CLOCK_TEXT], whole[WHOLE + 2];
	const char *fraction = utc + WHOLE;
	size_t length = 0;
	time_t when;

	if (strlen(utc) <= WHOLE)
		return mem_text(utc);
	if (*fraction == '.')
		length = 1 + strspn(fraction + 1, "0123456789");
	if (strcmp(fraction + length, "Z"))
		return mem_text(utc);
	snprintf(whole, sizeof whole, "%.19sZ", utc);
	when = clock_from_utc_text(whole);
	if (when == (time_t)-1 || strlen(clock_local_text(local, when)) < WHOLE)
		return mem_text(utc);
	return mem_printf("%.19s%.*s%s", local, (int)length, fraction, local + WHOLE);
}
