/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/stun_witness.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "check/target.h"
#include "net/binding.h"
#include "net/resolver.h"
#include "net/tcp.h"
#include "net/udp.h"
#include "proto/sip.h"
#include "proto/sip_answer.h"

enum {
	/* As patient as with the STUN servers, see stun_test.c. */
	SENDS = 3,
	LAST_MS = 1000,
	PATIENCE_MS = 2500,
	SIP_ASKED_MAX = 2,
	ASKED_MAX = SIP_ASKED_MAX + 1,
	SILENT_MAX = 2 * STUN_PEERS_MAX + ASKED_MAX,
	TRIES_MAX = 2 * SILENT_MAX,
	SILENT_ENOUGH = 2, /* one that is silent may be down */
	SIP_PORT = 5060,
	SIPS_PORT = 5061,
	DNS_PORT = 53,
	DNS_HEADER = 12,
};

/* One server asked over UDP. */
struct ask {
	const char *what;
	struct addr to;
	bool *answered; /* set when it is */
	struct exchange *exchange;
	int fd;
	char token[SIP_TOKEN_MAX + 1];
	uint8_t id[2];
};

struct witnesses {
	struct stun_witness *out;
	const char *device;
	struct exchange_set *set;
	struct ask ask[ASKED_MAX];
	size_t asks;
	struct addr silent[SILENT_MAX];
	size_t silents;
	struct tcp_try tries[TRIES_MAX];
	size_t try_count;
	bool sip_answered, dns_answered;
};

static void say(struct stun_witness *out, const char *format, ...) PRINTF_LIKE(2, 3);

static void say(struct stun_witness *out, const char *format, ...)
{
	va_list args;

	if (out->text_count == STUN_WITNESS_MAX)
		return;
	va_start(args, format);
	vsnprintf(out->text[out->text_count++], STUN_WITNESS_TEXT, format, args);
	va_end(args);
}

/* A refusal by the host itself proves that UDP gets there; any other error is a silence with a word
 * to it. */
static void note_silence(struct witnesses *w, const char *what, const struct addr *to,
			 enum exchange_end end, const struct addr *offender)
{
	char to_text[ADDR_TEXT], by[ADDR_TEXT];

	addr_text(to_text, to);
	addr_host_text(by, offender);
	if (end == EXCHANGE_REFUSED && addr_same_host(offender, to)) {
		say(w->out, _("%s %s refused the UDP packet: it gets there, but nothing listens"),
		    what, to_text);
		return;
	}
	if (end == EXCHANGE_FILTERED && !addr_is_set(offender))
		say(w->out, _("this computer lets no UDP out to %s %s"), what, to_text);
	else if (addr_is_set(offender))
		say(w->out, _("no answer over UDP from %s %s; %s turned the packet away"), what,
		    to_text, by);
	else
		say(w->out, _("no answer over UDP from %s %s"), what, to_text);
	if ((end == EXCHANGE_FILTERED || end == EXCHANGE_REFUSED) && addr_is_set(offender) &&
	    !addr_is_set(&w->out->filter))
		w->out->filter = *offender;
	for (size_t i = 0; i < w->silents; i++)
		if (addr_equal(&w->silent[i], to))
			return;
	if (w->silents < SILENT_MAX)
		w->silent[w->silents++] = *to;
}

static void note_stun(struct witnesses *w, const struct stun_family *family)
{
	for (size_t i = 0; i < family->peer_count; i++) {
		const struct stun_peer *peer = &family->peer[i];

		note_silence(w, _("STUN server"), &peer->addr, peer->end, &peer->offender);
	}
}

static bool is_sip_answer(struct slice datagram, const void *context)
{
	struct sip_answer answer;

	return !sip_answer_parse(&answer, datagram) && strstr(answer.branch, context);
}

/* RFC 1035, 4.1.1: an answer with our number. */
static bool is_dns_answer(struct slice datagram, const void *context)
{
	return datagram.left >= DNS_HEADER && !memcmp(datagram.at, context, 2) &&
	       datagram.at[2] & 0x80;
}

/* `ask` has its target and what `match` needs; the socket may be there already. */
static void ask_over_udp(struct witnesses *w, struct ask *ask, struct slice payload,
			 exchange_match *match, const void *context)
{
	struct exchange_plan plan = { .fd = ask->fd,
				      .to = ask->to,
				      .payload = payload,
				      .match = match,
				      .context = context,
				      .sends = SENDS,
				      .last_ms = LAST_MS };

	plan.socket.local = addr_any(addr_family(&ask->to), 0);
	plan.socket.device = w->device;
	if (!exchange_add(&ask->exchange, w->set, &plan))
		w->asks++;
	else if (ask->fd >= 0)
		close(ask->fd);
}

static enum err open_towards(int *fd, struct addr *local, const struct addr *to, const char *device)
{
	struct udp_plan plan = { .device = device };
	enum err err = udp_source_for(&plan.local, to, device);

	if (!err)
		err = udp_open(fd, &plan);
	if (err)
		return err;
	err = udp_local(local, *fd);
	if (err)
		close(*fd);
	return err;
}

static void ask_sip(struct witnesses *w, const struct sip_target *target)
{
	struct ask *ask = &w->ask[w->asks];
	const struct stun_id random = binding_id();
	struct sip_request request = { .method = SIP_OPTIONS,
				       .token = ask->token,
				       .host = target->host };
	struct addr local;
	struct buf message;

	*ask = (struct ask){
		.what = _("SIP server"), .to = target->addr, .answered = &w->sip_answered, .fd = -1
	};
	for (size_t i = 0; i < SIP_TOKEN_MAX / 2; i++)
		snprintf(ask->token + 2 * i, 3, "%02x", random.bytes[i]);
	request.local = &local;
	if (open_towards(&ask->fd, &local, &ask->to, w->device))
		return;
	buf_init(&message, UDP_MAX);
	if (!sip_build(&message, &request))
		ask_over_udp(w, ask, slice_of(message.data, message.length), is_sip_answer,
			     ask->token);
	else
		close(ask->fd);
	buf_clear(&message);
}

/* The name servers of the root: every resolver knows them, and nobody learns anything from the
 * question. */
static void ask_dns(struct witnesses *w, const struct addr *server)
{
	struct ask *ask = &w->ask[w->asks];
	const struct stun_id random = binding_id();
	uint8_t query[DNS_HEADER + 5] = { random.bytes[0],      random.bytes[1],     1, 0, 0, 1,
					  [DNS_HEADER + 2] = 2, [DNS_HEADER + 4] = 1 };

	*ask = (struct ask){
		.what = _("DNS server"), .to = *server, .answered = &w->dns_answered, .fd = -1
	};
	memcpy(ask->id, random.bytes, sizeof ask->id);
	ask_over_udp(w, ask, slice_of(query, sizeof query), is_dns_answer, ask->id);
}

static void try_tcp(struct witnesses *w, const struct addr *host, uint16_t port)
{
	struct addr to = *host;

	addr_set_port(&to, port);
	for (size_t i = 0; i < w->try_count; i++)
		if (addr_equal(&w->tries[i].to, &to))
			return;
	if (w->try_count < TRIES_MAX)
		w->tries[w->try_count++].to = to;
}

static void start_sip(struct witnesses *w, const struct site *site, const struct deadline *names)
{
	struct sip_query query = target_query(site);
	struct sip_targets targets = { 0 };

	query.transports = 1u << SIP_UDP;
	if (!query.host || resolver_sip(&targets, &query, names))
		return;
	for (size_t i = 0; i < targets.count && i < SIP_ASKED_MAX; i++) {
		ask_sip(w, &targets.target[i]);
		try_tcp(w, &targets.target[i].addr, addr_port(&targets.target[i].addr));
		try_tcp(w, &targets.target[i].addr, SIP_PORT);
		try_tcp(w, &targets.target[i].addr, SIPS_PORT);
	}
	sip_targets_clear(&targets);
}

static void start_dns(struct witnesses *w, const struct site *site)
{
	struct addr server;

	if (!site->public_dns || addr_parse_port(&server, site->public_dns, DNS_PORT))
		return;
	ask_dns(w, &server);
	try_tcp(w, &server, addr_port(&server));
}

static void take_answers(struct witnesses *w)
{
	for (size_t i = 0; i < w->asks; i++) {
		const struct ask *ask = &w->ask[i];
		const struct exchange_result *result = exchange_result(ask->exchange);
		char text[ADDR_TEXT];

		if (result->end != EXCHANGE_ANSWERED) {
			note_silence(w, ask->what, &ask->to, result->end, &result->offender);
			continue;
		}
		say(w->out, _("%s %s answered over UDP"), ask->what, addr_text(text, &ask->to));
		*ask->answered = true;
	}
}

static bool was_silent(const struct witnesses *w, const struct addr *host)
{
	for (size_t i = 0; i < w->silents; i++)
		if (addr_same_host(&w->silent[i], host))
			return true;
	return false;
}

/* Does a host that is silent over UDP take a TCP connection? */
static bool tcp_works(const struct witnesses *w)
{
	bool works = false;

	for (size_t i = 0; i < w->try_count; i++) {
		char text[ADDR_TEXT];

		if (w->tries[i].err || !was_silent(w, &w->tries[i].to))
			continue;
		say(w->out, _("%s takes a TCP connection"), addr_text(text, &w->tries[i].to));
		works = true;
	}
	return works;
}

/* Whether the host was silent at the very port where it takes TCP, so that a server is there. */
static bool is_server(const struct witnesses *w, const struct tcp_try *try)
{
	for (size_t i = 0; i < w->silents; i++)
		if (addr_equal(&w->silent[i], &try->to))
			return !try->err;
	return false;
}

static bool several_are_servers(const struct witnesses *w)
{
	const struct addr *first = NULL;

	for (size_t i = 0; i < w->try_count; i++) {
		if (!is_server(w, &w->tries[i]))
			continue;
		if (first && !addr_same_host(first, &w->tries[i].to))
			return true;
		if (!first)
			first = &w->tries[i].to;
	}
	return false;
}

/* Port 53 is often the only one let out, and routers answer it in the place of others: an answer
 * there proves nothing, but makes more silence needed for a "no". */
static enum known judge(const struct witnesses *w)
{
	const bool tcp = tcp_works(w);

	if (w->sip_answered)
		return KNOWN_YES;
	if (w->dns_answered)
		return several_are_servers(w) ? KNOWN_NO : KNOWN_NOT;
	return w->silents >= SILENT_ENOUGH && tcp ? KNOWN_NO : KNOWN_NOT;
}

void stun_witness_run(struct stun_witness *out, const struct site *site,
		      const struct stun_family *families, size_t count,
		      const struct deadline *names, const struct deadline *until)
{
	struct witnesses w = { .out = out, .device = site->interface, .set = exchange_set_new() };
	struct deadline patience;

	*out = (struct stun_witness){ .udp_open = KNOWN_NOT };
	for (size_t i = 0; i < count; i++)
		note_stun(&w, &families[i]);
	out->stun_texts = out->text_count;
	for (size_t i = 0; i < w.silents; i++)
		try_tcp(&w, &w.silent[i], addr_port(&w.silent[i]));
	start_sip(&w, site, names);
	start_dns(&w, site);
	patience = deadline_first(deadline_in(PATIENCE_MS), *until);
	tcp_tries_start(w.tries, w.try_count, site->interface);
	exchange_run(w.set, &patience);
	tcp_tries_finish(w.tries, w.try_count, &patience);
	take_answers(&w);
	out->udp_open = judge(&w);
	out->only_dns = w.dns_answered && !w.sip_answered;
	for (size_t i = 0; i < w.asks; i++)
		if (w.ask[i].fd >= 0)
			close(w.ask[i].fd);
	exchange_set_free(w.set);
}
