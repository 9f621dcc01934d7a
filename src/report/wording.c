/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/wording.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

struct word {
	const char *of, *value, *phrase;
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct word answers[] = {
	{ "reproduce", "always", N_("every call") },
	{ "reproduce", "sometimes", N_("some calls") },
	{ "reproduce", "not-again", N_("could not be repeated") },
	{ "scope", "one-phone", N_("one phone only") },
	{ "scope", "some-phones", N_("some phones") },
	{ "scope", "all-phones", N_("all phones") },
	{ "scope", "one-destination", N_("calls to or from one destination only") },
	{ "call-kind", "internal", N_("internal calls") },
	{ "call-kind", "external", N_("external calls") },
	{ "call-kind", "between-sites", N_("calls between sites") },
	{ "call-kind", "vpn", N_("calls over a VPN") },
	{ "call-kind", "internet", N_("calls over the public Internet") },
	{ "when", "answer", N_("from the answer on") },
	{ "when", "ringing", N_("while it rings") },
	{ "when", "transfer-or-hold", N_("after a transfer or hold") },
	{ "when", "about-30-seconds", N_("after about 30 seconds") },
	{ "when", "minutes", N_("after some minutes") },
	{ "when", "busy-hours", N_("at busy hours") },
	{ "when", "after-change", N_("since a change or an update") },
	{ "device", "softphone", N_("softphone (an app)") },
	{ "device", "desk-phone", N_("desk phone") },
	{ "device", "ata", N_("adapter for analogue phones (ATA)") },
	{ "device", "intercom", N_("intercom or door phone") },
	{ "device", "cordless", N_("cordless phone") },
	{ "wireless", "yes", N_("phone on Wi-Fi") },
	{ "wireless", "no", N_("phone on a cable") },
	{ "other-network", "works", N_("the same phone works on another network") },
	{ "other-network", "fails", N_("the same phone fails on another network too") },
	{ "stun", "set", N_("STUN on in the phone") },
	{ "stun", "not-set", N_("STUN off in the phone") },
	{ "turn", "works", N_("TURN in the phone works") },
	{ "turn", "wrong-password", N_("TURN in the phone: user or password refused") },
	{ "turn", "unreachable", N_("TURN in the phone: server not reached") },
	{ "turn", "choppy", N_("TURN in the phone: choppy through it") },
	{ "turn", "not-set", N_("TURN off in the phone") },
	{ "nat", "open", N_("no NAT") },
	{ "nat", "cone", N_("cone NAT") },
	{ "nat", "symmetric", N_("symmetric NAT") },
};

static const struct word facts[] = {
	{ "net.kind", "wired", N_("cable") },
	{ "net.kind", "wifi", N_("Wi-Fi") },
	{ "net.kind", "cellular", N_("mobile network") },
	{ "net.kind", "vpn", N_("VPN tunnel") },
	{ "nat.type", "open", N_("no NAT (open)") },
	{ "nat.type", "full-cone", N_("full cone") },
	{ "nat.type", "restricted-cone", N_("restricted cone") },
	{ "nat.type", "port-restricted-cone", N_("port-restricted cone") },
	{ "nat.type", "symmetric", N_("symmetric (another outside port for each destination)") },
	{ "nat.type", "symmetric-firewall", N_("no NAT, but a firewall (symmetric firewall)") },
	{ "nat.type", "udp-blocked", N_("UDP is blocked") },
	{ "turn.state", "ok", N_("TURN measured: works") },
	{ "turn.state", "unreachable", N_("TURN measured: server not reached") },
	{ "turn.state", "auth-failed", N_("TURN measured: user or password refused") },
	{ "turn.state", "no-relay", N_("TURN measured: relays nothing") },
	{ "turn.state", "not-configured", N_("no TURN server named") },
	{ "sip-alg", "yes", N_("on: SIP is rewritten") },
	{ "sip-alg", "no", N_("none seen") },
};

static const struct word others[] = {
	{ "confidence", "certain", N_("certain") },
	{ "confidence", "likely", N_("likely") },
	{ "confidence", "possible", N_("possible, not proven") },
	{ "result", "fixed", N_("helped: calls are all right now") },
	{ "result", "not-fixed", N_("did not help") },
	{ "result", "could-not", N_("could not be done") },
	{ "result", "ask-provider", N_("left to the provider") },
	{ "state", "done", N_("done") },
	{ "state", "skipped", N_("skipped") },
	{ "state", "failed", N_("failed") },
	{ "state", "timeout", N_("not ready in time") },
	{ "state", "running", N_("did not end") },
};

static const char *find(const struct word *words, size_t count, const char *of, const char *value)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i].of, of) && !strcmp(words[i].value, value))
			return _(words[i].phrase);
	return value;
}

const char *wording_answer(const char *question, const char *value)
{
	return find(answers, COUNT(answers), question, value);
}

const char *wording_fact(const char *fact, const char *value)
{
	return find(facts, COUNT(facts), fact, value);
}

const char *wording_confidence(const char *confidence)
{
	return find(others, COUNT(others), "confidence", confidence);
}

const char *wording_result(const char *outcome)
{
	return find(others, COUNT(others), "result", outcome);
}

const char *wording_state(const char *check_state)
{
	return find(others, COUNT(others), "state", check_state);
}

const char *wording_severity(enum severity severity)
{
	switch (severity) {
	case SEVERITY_FAULT: return _("FAULT");
	case SEVERITY_RISK: return _("RISK");
	case SEVERITY_NOTE: break;
	}
	return _("NOTE");
}

const char *wording_side(enum side side)
{
	switch (side) {
	case SIDE_SITE: return _("this site");
	case SIDE_PHONE: return _("the phone");
	case SIDE_PROVIDER: return _("the provider");
	case SIDE_UNKNOWN: break;
	}
	return _("not known");
}

const char *wording_direction(enum direction direction)
{
	switch (direction) {
	case DIRECTION_OUT: return _("out (site -> provider)");
	case DIRECTION_IN: return _("in (provider -> site)");
	case DIRECTION_BOTH: return _("both ways");
	case DIRECTION_NONE: break;
	}
	return _("none");
}

void phrase_init(struct phrase *phrase)
{
	buf_init(&phrase->text, SIZE_MAX / 2);
	phrase->separator = "; ";
}

void phrase_clear(struct phrase *phrase)
{
	buf_clear(&phrase->text);
}

void phrase_add(struct phrase *phrase, const char *format, ...)
{
	va_list args;
	enum err err = ERR_NONE;

	if (phrase->text.length)
		err = buf_add_text(&phrase->text, phrase->separator);
	va_start(args, format);
	if (!err)
		err = buf_vprintf(&phrase->text, format, args);
	va_end(args);
	/* The buffer has no ceiling, so what can fail is memory alone. */
	if (err)
		abort();
}

const char *phrase_text(const struct phrase *phrase)
{
	return buf_text(&phrase->text);
}

int wording_length(const char *sentence)
{
	const size_t length = strlen(sentence);

	return (int)(length && sentence[length - 1] == '.' ? length - 1 : length);
}

const char *wording_day(char text[static WORDING_DAY], time_t when)
{
	char clock[CLOCK_TEXT];

	clock_local_text(clock, when);
	if (strlen(clock) < 26)
		snprintf(text, WORDING_DAY, "%s", clock);
	else
		snprintf(text, WORDING_DAY, "%.10s (%s)", clock, clock + 20);
	return text;
}

const char *wording_time(char text[static WORDING_DAY], time_t when)
{
	char clock[CLOCK_TEXT];

	clock_local_text(clock, when);
	if (strlen(clock) < 26)
		snprintf(text, WORDING_DAY, "%s", clock);
	else
		snprintf(text, WORDING_DAY, "%.8s", clock + 11);
	return text;
}
