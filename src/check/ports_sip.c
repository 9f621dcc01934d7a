/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/ports_sip.h"

#include <string.h>
#include <unistd.h>

#include "check/sip_ask.h"
#include "check/target.h"
#include "net/tcp.h"

enum {
	NAMES_MS = 3000,
	CONNECT_MS = 3000,
	ANSWER_MS = 3000,
	UDP_MS = 3600,
	UDP_SENDS = 3,
	UDP_LAST_MS = 1500,
	TLS_PORT = 5061,
	STREAM_TRIES = 2, /* servers that connect and then say nothing */
};

static const char *const transport_names[] = { "UDP", "TCP", "TLS" };
static const char made_up_name[] = "earshot-test.invalid";

struct target_list {
	struct addr addr[PORTS_SIP_TARGETS];
	size_t count;
};

/* --- UDP --------------------------------------------------------------------------------------*/

static struct sip_ask_plan udp_plan_of(const struct site *site, const struct addr *to, bool large)
{
	return (struct sip_ask_plan){ .to = *to,
				      .host = target_server(site)->host,
				      .device = site->interface,
				      .large = large,
				      .sends = UDP_SENDS,
				      .last_ms = UDP_LAST_MS };
}

static enum ports_state state_of(const struct exchange_result *result)
{
	switch (result->end) {
	case EXCHANGE_ANSWERED: return PORTS_OPEN;
	case EXCHANGE_REFUSED: return PORTS_REFUSED;
	case EXCHANGE_FILTERED: return PORTS_FILTERED;
	case EXCHANGE_UNREACHABLE:
		return addr_is_set(&result->offender) ? PORTS_FILTERED : PORTS_UNKNOWN;
	case EXCHANGE_TIMEOUT: return PORTS_SILENT;
	default: return PORTS_UNKNOWN;
	}
}

static void better(struct ports_way *way, enum ports_state state, const struct addr *to,
		   const struct addr *offender)
{
	if (way->tried && state <= way->state && addr_is_set(&way->to))
		return;
	way->state = state;
	way->to = *to;
	way->offender = offender ? *offender : (struct addr){ 0 };
}

static void take_udp(struct ports_sip *out, const struct sip_ask *one, const struct addr *to)
{
	const struct exchange_result *result;

	out->way[SIP_UDP].tried++;
	if (!one->exchange)
		return;
	result = exchange_result(one->exchange);
	better(&out->way[SIP_UDP], state_of(result), to, &result->offender);
	if (result->end == EXCHANGE_ANSWERED && !out->answer.status)
		(void)!sip_ask_read(&out->answer, result->answer, one->token);
}

static void try_udp(struct ports_sip *out, const struct site *site, const struct target_list *list)
{
	const struct deadline until = deadline_in(UDP_MS);
	struct exchange_set *set = exchange_set_new();
	struct sip_ask asked[PORTS_SIP_TARGETS];

	for (size_t i = 0; i < list->count; i++) {
		const struct sip_ask_plan plan = udp_plan_of(site, &list->addr[i], false);

		(void)!sip_ask_add(&asked[i], set, &plan); /* its exchange tells */
	}
	exchange_run(set, &until);
	for (size_t i = 0; i < list->count; i++)
		take_udp(out, &asked[i], &list->addr[i]);
	exchange_set_free(set);
	for (size_t i = 0; i < list->count; i++)
		sip_ask_clear(&asked[i]);
}

static enum exchange_end ask_once(const struct site *site, const struct addr *to, bool large)
{
	const struct deadline until = deadline_in(UDP_MS);
	const struct sip_ask_plan plan = udp_plan_of(site, to, large);

	return sip_ask_once(NULL, &plan, &until);
}

/* --- TCP and TLS ------------------------------------------------------------------------------*/

/* Reads until the answer is whole, the far side says too much, or the time is over. */
static bool read_answer(struct sip_answer *answer, struct stream *stream, const char *token,
			const struct deadline *until)
{
	char data[SIP_MESSAGE_MAX];
	size_t length = 0, got;
	bool fits = false;

	while (!fits && length < sizeof data &&
	       !stream_read(data + length, sizeof data - length, &got, stream, until)) {
		length += got;
		fits = sip_ask_read(answer, slice_of(data, length), token);
	}
	return fits;
}

static bool ask_stream(struct ports_sip *out, struct stream *stream, const struct site *site,
		       enum sip_transport transport)
{
	const struct deadline until = deadline_in(ANSWER_MS);
	struct sip_answer answer;
	char token[SIP_ASK_TOKEN];
	struct addr local;
	const struct sip_request request = { .host = target_server(site)->host,
					     .local = &local,
					     .transport = transport_names[transport] };
	struct buf message;
	bool fits;

	buf_init(&message, SIP_MESSAGE_MAX);
	fits = !stream_local(&local, stream) && !sip_ask_message(&message, token, &request) &&
	       !stream_write(stream, message.data, message.length, &until) &&
	       read_answer(&answer, stream, token, &until);
	buf_clear(&message);
	if (fits && !out->answer.status)
		out->answer = answer;
	return fits;
}

static enum err open_tls(struct stream **out, const struct site *site, const struct addr *to)
{
	const struct deadline until = deadline_in(CONNECT_MS);
	const struct stream_plan plan = {
		.to = *to, .device = site->interface, .tls = true, .tls_name = made_up_name
	};

	return stream_open(out, &plan, &until);
}

/* Who forges certificates on the fly forges one for a name that cannot exist. */
static void try_made_up_name(struct ports_sip *out, const struct site *site, const struct addr *to)
{
	struct stream *stream;

	if (open_tls(&stream, site, to))
		return;
	out->intercepted = stream_name_fits(stream, made_up_name) &&
			   !strcmp(stream_certificate(stream)->issuer, out->certificate.issuer);
	stream_free(stream);
}

/* Over the connection that was tried, which is taken. */
static bool talk(struct ports_sip *out, const struct site *site, struct tcp_try *tried,
		 enum sip_transport transport)
{
	const struct deadline until = deadline_in(CONNECT_MS);
	const struct stream_plan plan = { .to = tried->to,
					  .device = site->interface,
					  .tls = transport == SIP_TLS,
					  .tls_name = target_server(site)->host,
					  .connected = true,
					  .fd = tried->fd };
	struct stream *stream;
	bool fits;

	tried->fd = -1;
	if (stream_open(&stream, &plan, &until))
		return false;
	if (transport == SIP_TLS && !out->certificate.shown) {
		out->certificate = *stream_certificate(stream);
		try_made_up_name(out, site, &tried->to);
	}
	fits = ask_stream(out, stream, site, transport);
	stream_free(stream);
	return fits;
}

static void take_tcp(struct ports_sip *out, const struct site *site, enum sip_transport transport,
		     struct tcp_try *tries, size_t count)
{
	struct ports_way *way = &out->way[transport];
	unsigned talks = 0;

	for (size_t i = 0; i < count && way->state != PORTS_OPEN; i++) {
		enum ports_state state = PORTS_UNKNOWN;

		if (tries[i].err == ERR_NONE && talks++ < STREAM_TRIES)
			state = talk(out, site, &tries[i], transport) ? PORTS_OPEN : PORTS_SILENT;
		else if (tries[i].filtered)
			state = PORTS_FILTERED;
		else if (tries[i].err == ERR_TIMEOUT)
			state = PORTS_SILENT;
		else if (tries[i].err == ERR_REFUSED)
			state = PORTS_REFUSED;
		way->connected |= tries[i].err == ERR_NONE;
		way->tried++;
		better(way, state, &tries[i].to, &tries[i].offender);
	}
	for (size_t i = 0; i < count; i++)
		if (tries[i].fd >= 0)
			close(tries[i].fd);
}

/* --- targets ----------------------------------------------------------------------------------*/

static void take_targets(struct target_list *list, const struct sip_targets *found,
			 enum sip_transport transport)
{
	for (size_t i = 0; i < found->count && list->count < PORTS_SIP_TARGETS; i++)
		if (found->target[i].transport == transport)
			list->addr[list->count++] = found->target[i].addr;
}

static void find_targets(struct target_list *list, const struct site *site,
			 const struct sip_targets *found, enum sip_transport transport)
{
	const struct deadline until = deadline_in(NAMES_MS);
	struct sip_query query = target_query(site);
	struct sip_targets more = { 0 };

	list->count = 0;
	take_targets(list, found, transport);
	if (list->count)
		return;
	query.transports = 1U << transport;
	if (query.port && (transport == SIP_TLS || site->transport == TRANSPORT_TLS))
		query.port = transport == SIP_TLS ? TLS_PORT : TLS_PORT - 1;
	if (!resolver_sip(&more, &query, &until))
		take_targets(list, &more, transport);
	sip_targets_clear(&more);
}

static bool is_offered(const struct sip_targets *found, enum sip_transport transport)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->target[i].transport == transport)
			return true;
	return false;
}

static size_t fill_tries(struct tcp_try *tries, const struct target_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		tries[i] = (struct tcp_try){ .to = list->addr[i], .keep = true };
	return list->count;
}

static void try_large(struct ports_sip *out, const struct site *site)
{
	const struct addr *to = &out->way[SIP_UDP].to;

	out->large_lost = out->way[SIP_UDP].state == PORTS_OPEN &&
			  ask_once(site, to, true) == EXCHANGE_TIMEOUT &&
			  ask_once(site, to, false) == EXCHANGE_ANSWERED;
}

void ports_sip_run(struct ports_sip *out, const struct site *site, const struct sip_targets *found)
{
	struct target_list list[PORTS_SIP_TRANSPORTS];
	struct tcp_try tcp[PORTS_SIP_TARGETS], tls[PORTS_SIP_TARGETS];
	struct deadline until;
	size_t tcps, tlss;

	*out = (struct ports_sip){ .used = found->count ? found->target[0].transport : SIP_UDP };
	for (int i = 0; i < PORTS_SIP_TRANSPORTS; i++) {
		find_targets(&list[i], site, found, (enum sip_transport)i);
		out->way[i].offered = is_offered(found, (enum sip_transport)i);
	}
	tcps = fill_tries(tcp, &list[SIP_TCP]);
	tlss = fill_tries(tls, &list[SIP_TLS]);
	until = deadline_in(CONNECT_MS);
	tcp_tries_start(tcp, tcps, site->interface);
	tcp_tries_start(tls, tlss, site->interface);
	try_udp(out, site, &list[SIP_UDP]);
	tcp_tries_finish(tcp, tcps, &until);
	tcp_tries_finish(tls, tlss, &until);
	take_tcp(out, site, SIP_TCP, tcp, tcps);
	take_tcp(out, site, SIP_TLS, tls, tlss);
	try_large(out, site);
}
