/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/local_clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/mem.h"
#include "check/sip_ask.h"
#include "check/target.h"
#include "net/exchange.h"
#include "net/stream.h"
#include "proto/date.h"
#include "proto/sntp.h"

enum {
	WHOLE_MS = 6000,
	NAME_MS = 2000,
	NTP_TRIES = 3,
	NTP_MS = 800, /* each; a fresh request each time, so that it is known which was answered */
	SIP_FIRST_MS = 400,
	SIP_LAST_MS = 600,
	SIP_SENDS = 2,
	HTTP_PORT = 80,
	HTTP_MS = 2000, /* in all */
	HTTP_TRIES = 3,
	HTTP_MAX = 8192, /* bytes of a head */
	WORDS = 160,
};

struct reading {
	bool known;
	bool coarse;     /* by a Date: whole seconds, and nobody has promised that it is right */
	double ahead;    /* seconds */
	char by[WORDS];  /* who says so: "the time server 192.0.2.1:123" */
	double they_say; /* seconds since 1970 */
};

static double wall_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t random_number(void)
{
	uint64_t number;

	/* So few bytes always come whole, once the system has started. */
	if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
		abort();
	return number ? number : 1;
}

/* --- a time server ----------------------------------------------------------------------------*/

static bool is_ours(struct slice datagram, const void *context)
{
	const uint64_t *nonce = context;
	struct sntp_answer answer;
	const enum err err = sntp_read(&answer, datagram, *nonce);

	return err != ERR_TRUNCATED && err != ERR_MISMATCH;
}

/* ERR_TIMEOUT: none came; else as sntp_read(). */
static enum err ask_once(struct reading *out, const struct addr *server, const struct site *site,
			 const struct deadline *until)
{
	const uint64_t nonce = random_number();
	uint8_t request[SNTP_LENGTH];
	const struct exchange_plan plan = { .fd = -1,
					    .socket = { .local = addr_any(addr_family(server), 0),
							.device = site->interface },
					    .to = *server,
					    .payload = slice_of(request, sizeof request),
					    .match = is_ours,
					    .context = &nonce,
					    .sends = 1,
					    .last_ms = NTP_MS };
	struct exchange_set *set = exchange_set_new();
	struct exchange *exchange;
	struct sntp_answer answer;
	double heard;
	enum err err;

	sntp_build(request, nonce);
	err = exchange_add(&exchange, set, &plan);
	if (!err) {
		const struct exchange_result *result = exchange_result(exchange);

		exchange_run(set, until);
		heard = wall_clock();
		err = result->end != EXCHANGE_ANSWERED ? ERR_TIMEOUT
						       : sntp_read(&answer, result->answer, nonce);
		if (!err) {
			out->ahead =
				sntp_ahead(&answer, heard - (double)result->took_ms / 1000, heard);
			out->they_say = answer.sent;
		}
	}
	exchange_set_free(set);
	return err;
}

/* A server that refuses (RFC 5905, 7.4) or does not know is not asked again. */
static void ask_time_server(struct reading *out, const struct site *site,
			    const struct deadline *whole)
{
	const struct deadline names = deadline_first(deadline_in(NAME_MS), *whole);
	struct addr_list list;
	char text[ADDR_TEXT];
	enum err err = ERR_TIMEOUT;

	if (!site->ntp.host ||
	    resolver_host(&list, site->ntp.host, site->ntp.port ? site->ntp.port : SNTP_PORT,
			  site->family, &names))
		return;
	for (unsigned i = 0; i < NTP_TRIES && list.count && err == ERR_TIMEOUT; i++) {
		const struct addr *server = &list.addr[i % list.count];

		err = ask_once(out, server, site, whole);
		if (err)
			continue;
		out->known = true;
		snprintf(out->by, sizeof out->by, _("the time server %s"), addr_text(text, server));
	}
	addr_list_clear(&list);
}

/* --- the provider's SIP server ----------------------------------------------------------------*/

static void take_date(struct reading *out, int64_t date, double now)
{
	out->known = true;
	out->coarse = true;
	/* Somewhere in that second. */
	out->they_say = (double)date;
	out->ahead = round(now - (double)date - 0.5) + 0.0; /* no -0 */
}

static void ask_sip(struct reading *out, const struct site *site, const struct addr *to,
		    const struct deadline *whole)
{
	const struct sip_ask_plan plan = { .to = *to,
					   .host = target_server(site)->host,
					   .device = site->interface,
					   .first_ms = SIP_FIRST_MS,
					   .sends = SIP_SENDS,
					   .last_ms = SIP_LAST_MS };
	struct sip_answer answer;
	char text[ADDR_TEXT];
	int64_t date;

	sip_ask_once(&answer, &plan, whole);
	if (!answer.status || date_parse(&date, slice_of_text(answer.date)))
		return;
	take_date(out, date, wall_clock());
	snprintf(out->by, sizeof out->by, _("the Date in the answer of the SIP server %s"),
		 addr_text(text, to));
}

/* --- the provider's web server ----------------------------------------------------------------*/

bool local_clock_http_date(int64_t *out, struct slice head)
{
	struct slice line, label;

	if (slice_line(&line, &head) || !slice_starts(line, "HTTP/1."))
		return false;
	/* The last line may not be whole yet. */
	while (!slice_line(&line, &head) && line.left && head.left)
		if (!slice_until(&label, &line, ':') && slice_is_nocase(slice_trim(label), "Date"))
			return !date_parse(out, line);
	return false;
}

static bool read_http(int64_t *out, struct stream *stream, const struct deadline *until)
{
	char head[HTTP_MAX];
	size_t length = 0, got;

	while (length < sizeof head &&
	       !stream_read(head + length, sizeof head - length, &got, stream, until)) {
		length += got;
		if (local_clock_http_date(out, slice_of(head, length)))
			return true;
	}
	return false;
}

static bool ask_head(int64_t *out, const struct site *site, const struct addr *to,
		     const struct deadline *until)
{
	const struct stream_plan plan = { .to = *to, .device = site->interface };
	struct stream *stream;
	char *request;
	bool told;

	if (stream_open(&stream, &plan, until))
		return false;
	request = mem_printf("HEAD / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
			     site->domain.host);
	told = !stream_write(stream, request, strlen(request), until) &&
	       read_http(out, stream, until);
	free(request);
	stream_free(stream);
	return told;
}

/* Nobody promised that there is a web server: only a name is tried. */
static void ask_web(struct reading *out, const struct site *site, const struct deadline *whole)
{
	const struct deadline until = deadline_first(deadline_in(HTTP_MS), *whole);
	struct addr_list list;
	struct addr literal;
	bool told = false;
	int64_t date;

	if (!site->domain.host || !addr_parse(&literal, site->domain.host, 0) ||
	    resolver_host(&list, site->domain.host, HTTP_PORT, site->family, &until))
		return;
	/* The first is mostly IPv6, where a site may have none. */
	for (size_t i = 0; i < list.count && i < HTTP_TRIES && !told; i++)
		told = ask_head(&date, site, &list.addr[i], &until);
	if (told) {
		take_date(out, date, wall_clock());
		snprintf(out->by, sizeof out->by, _("the Date of the web server of %.100s"),
			 site->domain.host);
	}
	addr_list_clear(&list);
}

/* --- the judgement ----------------------------------------------------------------------------*/

/* A server's own clock may be the wrong one: what it says against ours is held against another. */
static void confirm(struct reading *reading, struct reading *second, const struct site *site,
		    const struct deadline *whole)
{
	if (fabs(reading->ahead) <= CLOCK_COARSE_SECONDS)
		return;
	ask_web(second, site, whole);
	if (second->known && fabs(second->ahead - reading->ahead) > CLOCK_COARSE_SECONDS)
		reading->known = false;
}

static void say(struct finding *finding, const struct reading *reading)
{
	char when[CLOCK_TEXT];

	finding_evidence(finding,
			 reading->ahead > 0 ? _("By %s it was %s; this computer's clock is %.*f "
						"seconds ahead.")
					    : _("By %s it was %s; this computer's clock is %.*f "
						"seconds behind."),
			 reading->by, clock_utc_text(when, (time_t)reading->they_say),
			 reading->coarse ? 0 : 1, fabs(reading->ahead));
}

static void tell(const struct reading *reading, const struct reading *second, struct sink *sink)
{
	const double off = fabs(reading->ahead);
	struct finding *finding;

	if (!reading->known)
		return;
	sink_fact_number(sink, "clock.offset-seconds", round(reading->ahead * 1000) / 1000);
	if (off <= (reading->coarse ? CLOCK_COARSE_SECONDS : CLOCK_NOTE_SECONDS))
		return;
	finding = finding_new("clock-wrong");
	if (off <= CLOCK_RISK_SECONDS)
		finding->severity = SEVERITY_NOTE;
	say(finding, reading);
	if (second->known)
		say(finding, second);
	else if (reading->coarse)
		finding_evidence(finding,
				 _("No other clock could be asked, so it may be that one "
				   "that is wrong; a time server in the profile would tell."));
	sink_finding_take(sink, finding);
}

void local_clock(const struct site *site, const struct sip_targets *sip, struct sink *sink)
{
	const struct deadline whole = deadline_in(WHOLE_MS);
	struct reading reading = { 0 }, second = { 0 };

	ask_time_server(&reading, site, &whole);
	if (!reading.known && target_address(sip)) {
		ask_sip(&reading, site, target_address(sip), &whole);
		if (reading.known)
			confirm(&reading, &second, site, &whole);
		else
			ask_web(&reading, site, &whole);
	}
	tell(&reading, &second, sink);
}
