/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the profile's TURN server (RFC 8656) give a relay to this user, over which transports, and
 * does anything come through it? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/mem.h"
#include "check/turn_report.h"
#include "net/resolver.h"
#include "net/tcp.h"
#include "net/udp.h"
#include "proto/turn.h"

enum {
	NAMES_MS = 5000,
	UDP_MS = 4700,     /* four sends, see turn_wire_ask() */
	CONNECT_MS = 4500, /* with UDP beside it: a lost SYN is sent again after 1 and 3 seconds */
	COMPARE_MS = 1300, /* where UDP works, the others are but a comparison: two SYNs */
	STREAM_MS = 1500,  /* to allocate, once a connection was taken */
};

/* The profile's URI (RFC 7065), which set_turn() of model/site.c has looked at. */
struct target {
	struct host_port host;
	enum turn_transport own;
	bool dtls;
};

static enum err parse_target(struct target *out, const char *uri)
{
	const bool secure = !strncmp(uri, "turns:", 6);
	const char *host = uri + (secure ? 6 : 5), *query = strchr(uri, '?');
	char *authority = mem_text_n(host, query ? (size_t)(query - host) : strlen(host));
	const enum err err = host_port_parse(&out->host, authority, 0);

	free(authority);
	out->own = secure                                      ? TURN_TLS
		   : query && !strcmp(query, "?transport=tcp") ? TURN_TCP
							       : TURN_UDP;
	out->dtls = secure && query && !strcmp(query, "?transport=udp");
	return err;
}

static const char *why_not(const struct site *site)
{
	struct target target;
	bool dtls;

	if (!site->turn || parse_target(&target, site->turn))
		return N_("no TURN server is named in the profile");
	dtls = target.dtls;
	host_port_clear(&target.host);
	return dtls ? N_("TURN over DTLS (turns: with transport=udp) cannot be tried") : NULL;
}

static const char *secret_file(const struct site *site)
{
	return site->turn_password_file;
}

static const char *no_login(const struct site *site)
{
	if (!site->turn_user)
		return N_("no user for it is named in the profile");
	if (!site->turn_password_file)
		return N_("no file with its password is named in the profile");
	return site->secret ? NULL : N_("the file with its password could not be read");
}

/* One whole run. */
struct run {
	const struct site *site;
	struct sink *sink;
	struct target target;
	struct turn_plan plan[TURN_TRANSPORTS];
	struct tcp_try tries[TURN_TRANSPORTS]; /* the first is not used */
	struct turn_client *kept;              /* the best allocation so far; NULL: none */
	struct turn_result result;
	int64_t started_ms;
};

static bool hurried(const struct run *run)
{
	return check_hurried(run->site->hurry);
}

/* IPv4 first: voice takes it where there is both. */
static const struct addr *choose(const struct addr_list *list, const char *device)
{
	const int families[] = { AF_INET, AF_INET6 };
	struct addr source;

	for (size_t f = 0; f < 2; f++)
		for (size_t i = 0; i < list->count; i++)
			if (addr_family(&list->addr[i]) == families[f] &&
			    !udp_source_for(&source, &list->addr[i], device))
				return &list->addr[i];
	return list->count ? &list->addr[0] : NULL;
}

static void make_plans(struct run *run, const struct addr *host)
{
	static const uint16_t usual[] = { TURN_PORT, TURN_PORT, TURN_TLS_PORT };
	const struct site *site = run->site;
	const uint16_t port = run->target.host.port;

	for (enum turn_transport i = 0; i < TURN_TRANSPORTS; i++) {
		run->plan[i] = (struct turn_plan){
			.transport = i,
			.server = *host,
			.name = run->target.host.host,
			.device = site->interface,
			.user = run->result.no_login ? NULL : site->turn_user,
			.password = run->result.no_login ? NULL : site->secret,
			.hurry = site->hurry,
		};
		addr_set_port(&run->plan[i].server, port && i == run->target.own ? port : usual[i]);
		run->tries[i] =
			(struct tcp_try){ .to = run->plan[i].server, .keep = true, .fd = -1 };
		run->result.told[i].server = run->plan[i].server;
	}
}

static void note_certificate(struct run *run, const struct turn_client *client)
{
	const struct stream_certificate *shown = turn_client_certificate(client);
	const char *words = "";

	if (!shown)
		return;
	if (!shown->trusted)
		words = shown->why_not[0] ? shown->why_not : _("none was shown");
	else if (shown->expired)
		words = _("it has expired");
	else if (!shown->name_fits)
		words = _("it is for another name");
	snprintf(run->result.certificate, sizeof run->result.certificate, "%s", words);
}

/* UDP comes first, so what was kept before is never the worse one. */
static void allocate(struct run *run, enum turn_transport transport, int64_t ms)
{
	const struct deadline until = deadline_in(ms);
	struct turn_client *client = turn_client_new(&run->plan[transport]);
	const enum turn_state state = turn_client_allocate(client, &until);

	run->result.told[transport] = *turn_client_told(client);
	note_certificate(run, client);
	if (state == TURN_LOGIN_WRONG) /* one refusal is enough: some servers count them */
		for (size_t i = 0; i < TURN_TRANSPORTS; i++)
			run->plan[i].user = run->plan[i].password = NULL;
	if (state == TURN_ALLOCATED && !run->kept) {
		run->kept = client;
		run->result.kept = true;
		run->result.best = transport;
	} else {
		turn_client_free(client);
	}
}

static void allocate_on_stream(struct run *run, enum turn_transport transport)
{
	struct turn_told *told = &run->result.told[transport];
	const enum err err = run->tries[transport].err;

	if (hurried(run))
		return;
	if (!err) {
		run->plan[transport].connected = true;
		run->plan[transport].fd = run->tries[transport].fd;
		run->tries[transport].fd = -1;
		allocate(run, transport, STREAM_MS);
		run->plan[transport].connected = false;
		return;
	}
	told->state = TURN_NOT_REACHED;
	told->end = turn_end_of(err);
	told->fastest_ms = -1;
}

/* The connections are tried while UDP is waited for; then those that were taken are used. */
static void try_transports(struct run *run)
{
	struct deadline connected;
	bool answered;

	tcp_tries_start(run->tries + TURN_TCP, TURN_TRANSPORTS - 1, run->site->interface);
	allocate(run, TURN_UDP, UDP_MS);
	sink_progress(run->sink, 0.4, N_("asking the TURN server over TCP and TLS"));
	answered = run->result.told[TURN_UDP].state != TURN_NOT_REACHED;
	connected = (struct deadline){ run->started_ms + (answered ? COMPARE_MS : CONNECT_MS) };
	tcp_tries_finish(run->tries + TURN_TCP, TURN_TRANSPORTS - 1, &connected);
	allocate_on_stream(run, TURN_TCP);
	allocate_on_stream(run, TURN_TLS);
	for (enum turn_transport i = TURN_TCP; i < TURN_TRANSPORTS; i++)
		if (run->tries[i].fd >= 0)
			close(run->tries[i].fd);
}

static void try_relay(struct run *run)
{
	struct turn_result *result = &run->result;
	const struct turn_plan *plan = &run->plan[result->best];
	const struct turn_told *udp = &result->told[TURN_UDP];

	if (!run->kept || hurried(run))
		return;
	sink_progress(run->sink, 0.6, N_("sending through the relay and back"));
	if (udp->state != TURN_NOT_REACHED)
		turn_relay_by_socket(&result->by_socket, run->kept, plan, &udp->server);
	if ((!result->by_socket.in || !result->by_socket.out) && !hurried(run))
		turn_relay_by_relay(&result->by_relay, run->kept, plan);
	/* What it took to permit counts too. */
	result->told[result->best].fastest_ms = turn_client_told(run->kept)->fastest_ms;
}

static enum check_state measure(struct run *run)
{
	const struct deadline names = deadline_in(NAMES_MS);
	struct addr_list list = { 0 };
	const enum err err =
		resolver_host(&list, run->target.host.host, 0, run->site->family, &names);

	if (err && err != ERR_NOT_FOUND) {
		sink_why(run->sink, _("the name %s could not be looked up: %s"),
			 run->target.host.host, err_text(err));
		return CHECK_FAILED;
	}
	run->result.name_err = err;
	if (!err) {
		make_plans(run, choose(&list, run->site->interface));
		addr_list_clear(&list);
		run->started_ms = clock_ms();
		sink_progress(run->sink, 0.1, N_("asking the TURN server over UDP"));
		try_transports(run);
		try_relay(run);
		run->result.stopped = hurried(run);
		turn_client_free(run->kept);
	}
	turn_report(&run->result, run->sink);
	sink_progress(run->sink, 1, NULL);
	return CHECK_DONE;
}

static enum check_state run(const struct site *site, struct sink *sink)
{
	struct run run = { .site = site, .sink = sink };
	enum check_state state;

	if (parse_target(&run.target, site->turn))
		return CHECK_FAILED; /* cannot be: why_not() has parsed it */
	run.result.name = run.target.host.host;
	run.result.own = run.target.own;
	run.result.no_login = no_login(site);
	run.result.by_socket.way_ms = run.result.by_relay.way_ms = -1;
	state = measure(&run);
	host_port_clear(&run.target.host);
	return state;
}

static const char *const facts[] = {
	"turn.state", "turn.transport", "turn.transports", "turn.added-ms", NULL,
};

const struct check check_turn = {
	.name = "turn",
	.title = N_("TURN"),
	.about =
		N_("Asks the TURN server for a relay over UDP, TCP and TLS, and sends through it."),
	.leaves_traces = true,
	.seconds = 30,
	.facts = facts,
	.why_not = why_not,
	.secret_file = secret_file,
	.run = run,
};
