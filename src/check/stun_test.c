/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/stun_test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/binding.h"
#include "net/icmp.h"
#include "net/udp.h"

enum {
	/* RFC 8489, 6.2.1 asks for 500 ms at first, doubled; seven sends would take 39.5 s, three
	 * end in 2.5 s, and that all three are lost by chance is rare enough (one in a thousand at
	 * 5 % each way). */
	SENDS = 3,
	LAST_MS = 1000,
	/* A filtering test is asked of a server that answered just now: less patience is needed. */
	FILTER_LAST_MS = 500,
	/* Routers refill their ICMP allowance at one a second. */
	HOP_SENDS = 2,
	HOP_FIRST_MS = 1000,
	HOP_LAST_MS = 500,
	FIRST_HOP = 2,
	FILTER_PEERS_MAX = 2,
};

enum probe_kind {
	PROBE_FIRST,   /* to a server's own address, from the mapping socket */
	PROBE_MAPPING, /* to a server's other addresses, or anew, from a mapping socket */
	PROBE_ADDRESS, /* "answer from your other address and port" */
	PROBE_PORT,    /* "answer from your other port" */
	PROBE_HOP,     /* too few hops to arrive */
};

struct run;

struct probe {
	struct probe *next;
	enum probe_kind kind;
	struct run *run;
	struct stun_peer *peer;
	struct addr to;
	struct stun_id id;
	struct exchange *exchange;
	size_t number; /* round of the mapping tests, or hop */
};

/* What runs for one family. */
struct run {
	struct stun_family *family;
	int fd[STUN_ROUNDS_MAX];
	uint16_t port[STUN_ROUNDS_MAX]; /* of the mapping sockets */
	size_t rounds, mapping_running, filter_peers;
	struct addr asked[STUN_VIEWS_MAX]; /* destinations of the first round */
	size_t asked_count;
	bool hops_asked;
};

struct tests {
	struct exchange_set *set;
	struct probe *probes;
	struct run run[2];
	size_t run_count;
	const char *device;
	struct icmp_purse *icmp;
	size_t hops_running; /* while any does, the turn is ours */
	size_t started, ended;
	double fraction;
	struct sink *sink;
};

void stun_family_add(struct stun_family *family, size_t server, const struct addr *addr,
		     const char *device)
{
	struct addr source;

	if (family->peer_count == STUN_PEERS_MAX || udp_source_for(&source, addr, device))
		return;
	family->peer[family->peer_count++] = (struct stun_peer){ .server = server, .addr = *addr };
}

/* `base` says kind, run, peer, target and number; `plan` what is special. False: no socket. */
static bool start(struct tests *tests, const struct probe *base, struct exchange_plan *plan,
		  uint32_t change)
{
	struct probe *probe = mem_new(1, sizeof *probe);

	*probe = *base;
	probe->id = binding_id();
	plan->to = base->to;
	plan->socket.local = addr_any(addr_family(&base->to), 0);
	plan->socket.device = tests->device;
	if (binding_add(&probe->exchange, tests->set, plan, &probe->id, change)) {
		free(probe);
		return false;
	}
	probe->next = tests->probes;
	tests->probes = probe;
	tests->started++;
	return true;
}

/* --- mapping, RFC 5780, 4.3 --- */

static void ask_mapping(struct tests *tests, struct run *run, enum probe_kind kind,
			struct stun_peer *peer, const struct addr *to)
{
	const struct probe base = {
		.kind = kind, .run = run, .peer = peer, .to = *to, .number = run->rounds - 1
	};
	struct exchange_plan plan = { .fd = run->fd[run->rounds - 1],
				      .sends = SENDS,
				      .last_ms = LAST_MS };

	if (start(tests, &base, &plan, 0))
		run->mapping_running++;
}

/* Asks from the first round's socket, unless it asked there already. */
static void ask_once(struct tests *tests, struct run *run, struct stun_peer *peer,
		     const struct addr *to)
{
	for (size_t i = 0; i < run->asked_count; i++)
		if (addr_equal(&run->asked[i], to))
			return;
	if (run->asked_count == STUN_VIEWS_MAX)
		return;
	run->asked[run->asked_count++] = *to;
	ask_mapping(tests, run, PROBE_MAPPING, peer, to);
}

static bool open_round(struct tests *tests, struct run *run)
{
	const struct udp_plan plan = { .local = addr_any(run->family->family, 0),
				       .device = tests->device };
	struct addr local;
	int fd;

	if (run->rounds == STUN_ROUNDS_MAX || udp_open(&fd, &plan))
		return false;
	if (udp_local(&local, fd)) {
		close(fd);
		return false;
	}
	run->fd[run->rounds] = fd;
	run->port[run->rounds++] = addr_port(&local);
	return true;
}

/* Two names may lead to one address: each server is asked for itself. */
static void start_first_round(struct tests *tests, struct run *run)
{
	struct stun_family *family = run->family;

	if (!open_round(tests, run))
		return;
	for (size_t i = 0; i < family->peer_count; i++) {
		run->asked[run->asked_count++] = family->peer[i].addr;
		ask_mapping(tests, run, PROBE_FIRST, &family->peer[i], &family->peer[i].addr);
	}
}

static int by_group(const void *a, const void *b)
{
	const struct nat_view *one = a, *two = b;

	return (one->group > two->group) - (one->group < two->group);
}

/* What of a round's views counts, the first server's first: answers come in any order. */
static size_t views_that_count(struct nat_view *out, const struct stun_family *family, size_t round)
{
	const size_t count = family->view_count[round];

	memcpy(out, family->view[round], count * sizeof *out);
	qsort(out, count, sizeof *out, by_group);
	return nat_views_keep(out, count);
}

static enum nat_rule round_mapping(const struct stun_family *family, size_t round)
{
	struct nat_view views[STUN_VIEWS_MAX];

	return nat_mapping(views, views_that_count(views, family, round));
}

static enum nat_rule mapping_so_far(bool *enough, const struct run *run)
{
	enum nat_rule rule[STUN_ROUNDS_MAX];

	for (size_t i = 0; i < run->rounds; i++)
		rule[i] = round_mapping(run->family, i);
	return nat_mapping_of_rounds(enough, rule, run->rounds);
}

/* Once a round is over: does it need another, from a fresh port, to all who answered the first? */
static void next_round(struct tests *tests, struct run *run)
{
	const struct stun_family *family = run->family;
	bool enough;

	run->family->mapping = mapping_so_far(&enough, run);
	if (enough || !open_round(tests, run))
		return;
	for (size_t i = 0; i < family->view_count[0]; i++)
		ask_mapping(tests, run, PROBE_MAPPING, &run->family->peer[family->view[0][i].group],
			    &family->view[0][i].to);
}

/* False for an address that nobody can have. */
static bool note_view(struct tests *tests, const struct probe *probe, const struct addr *seen)
{
	struct stun_family *family = probe->run->family;
	const size_t round = probe->number;
	struct nat_view view = { .to = probe->to,
				 .seen = *seen,
				 .group = (unsigned)(probe->peer - family->peer) };

	if (family->view_count[round] == STUN_VIEWS_MAX ||
	    udp_source_for(&view.local, &probe->to, tests->device))
		return true;
	addr_set_port(&view.local, probe->run->port[round]);
	family->view[round][family->view_count[round]++] = view;
	return nat_view_is_sane(&view);
}

/* --- filtering, RFC 5780, 4.4 --- */

static void ask_filter(struct tests *tests, struct run *run, enum probe_kind kind,
		       struct stun_peer *peer, const struct addr *answers_from)
{
	const struct probe base = { .kind = kind, .run = run, .peer = peer, .to = peer->addr };
	const int64_t patience = 4 * peer->took_ms;
	struct exchange_plan plan = {
		.fd = -1, .sends = SENDS, .also_from = *answers_from, .last_ms = FILTER_LAST_MS
	};

	if (patience > FILTER_LAST_MS)
		plan.last_ms = patience < LAST_MS ? (unsigned)patience : LAST_MS;
	(void)start(tests, &base, &plan,
		    kind == PROBE_ADDRESS ? STUN_CHANGE_IP | STUN_CHANGE_PORT : STUN_CHANGE_PORT);
}

/* A server that told a usable other address: ask its other corners, and have it answer from them.
 */
static void ask_corners(struct tests *tests, struct run *run, struct stun_peer *peer)
{
	struct addr other_host = peer->other, other_port = peer->addr;

	addr_set_port(&other_host, addr_port(&peer->addr));
	addr_set_port(&other_port, addr_port(&peer->other));
	ask_once(tests, run, peer, &other_host);
	ask_once(tests, run, peer, &peer->other);
	ask_once(tests, run, peer, &other_port);
	if (run->filter_peers == FILTER_PEERS_MAX)
		return;
	run->filter_peers++;
	ask_filter(tests, run, PROBE_ADDRESS, peer, &peer->other);
	if (addr_port(&peer->other) != addr_port(&peer->addr))
		ask_filter(tests, run, PROBE_PORT, peer, &other_port);
}

/* Once one answer came from an address never written to, this server cannot show a stricter filter.
 */
static void stop_filter_tests(struct tests *tests, const struct stun_peer *peer)
{
	for (struct probe *probe = tests->probes; probe; probe = probe->next) {
		if (probe->peer != peer || probe->kind != PROBE_PORT ||
		    exchange_result(probe->exchange)->end != EXCHANGE_RUNNING)
			continue;
		exchange_cancel(probe->exchange);
		tests->ended++;
	}
}

static void end_filter(struct tests *tests, const struct probe *probe)
{
	const struct exchange_result *result = exchange_result(probe->exchange);
	enum stun_change *change =
		probe->kind == PROBE_ADDRESS ? &probe->peer->by_address : &probe->peer->by_port;
	struct stun_message message;

	if (result->end != EXCHANGE_ANSWERED)
		*change = result->end == EXCHANGE_TIMEOUT ? STUN_CHANGE_SILENT
							  : STUN_CHANGE_NOT_ASKED;
	else if (addr_equal(&result->from, &probe->to) || binding_read(&message, probe->exchange))
		*change = STUN_CHANGE_IGNORED;
	else
		*change = STUN_CHANGE_CAME;
	if (probe->kind == PROBE_ADDRESS && *change == STUN_CHANGE_CAME)
		stop_filter_tests(tests, probe->peer);
}

static bool is_alive(const struct stun_family *family, const struct addr *addr)
{
	for (size_t i = 0; i < family->view_count[0]; i++)
		if (addr_equal(&family->view[0][i].to, addr))
			return true;
	return false;
}

/* Silence proves a filter only where the silent corner answers when it is asked itself. */
static enum nat_rule peer_filtering(const struct stun_family *family, const struct stun_peer *peer)
{
	struct addr other_port = peer->addr;

	addr_set_port(&other_port, addr_port(&peer->other));
	if (peer->by_address == STUN_CHANGE_CAME)
		return NAT_INDEPENDENT;
	if (peer->by_address != STUN_CHANGE_SILENT || !is_alive(family, &peer->other))
		return NAT_UNKNOWN;
	if (peer->by_port == STUN_CHANGE_CAME)
		return NAT_BY_ADDRESS;
	if (peer->by_port == STUN_CHANGE_SILENT && is_alive(family, &other_port))
		return NAT_BY_ADDRESS_PORT;
	return NAT_UNKNOWN;
}

static bool has_view(const struct nat_view *views, size_t count, unsigned group)
{
	for (size_t i = 0; i < count; i++)
		if (views[i].group == group)
			return true;
	return false;
}

/* What was let in is proof; so of several servers the one that got most in counts. A server whose
 * view of us does not count, such as one inside the site, says nothing of the router's filter. */
static enum nat_rule filtering(const struct stun_family *family, const struct nat_view *views,
			       size_t count)
{
	enum nat_rule weakest = NAT_UNKNOWN;

	for (unsigned i = 0; i < family->peer_count; i++) {
		const enum nat_rule rule = peer_filtering(family, &family->peer[i]);

		if (rule != NAT_UNKNOWN && has_view(views, count, i) &&
		    (weakest == NAT_UNKNOWN || rule < weakest))
			weakest = rule;
	}
	return weakest;
}

/* --- the routers behind the site's own, for carrier-grade NAT --- */

/* The turn is ours. So many sends as the routers have answers to spare for. */
static void send_hops(struct tests *tests, struct run *run)
{
	struct stun_peer *peer = run->family->hop_peer;

	for (size_t i = 0; i < STUN_HOPS; i++) {
		const struct probe base = {
			.kind = PROBE_HOP, .run = run, .peer = peer, .to = peer->addr, .number = i
		};
		struct exchange_plan plan = { .fd = -1,
					      .ttl = (int)(FIRST_HOP + i),
					      .first_ms = HOP_FIRST_MS,
					      .last_ms = HOP_LAST_MS };

		while (plan.sends < HOP_SENDS &&
		       !icmp_spend(tests->icmp, (unsigned)(FIRST_HOP + i), clock_ms()))
			plan.sends++;
		if (plan.sends && start(tests, &base, &plan, 0))
			tests->hops_running++;
	}
	if (!tests->hops_running)
		icmp_turn_leave(tests->icmp);
}

/* Two packets at most, for routers send few ICMP errors and other checks live on them; only where
 * they can tell. */
static void ask_hops(struct tests *tests, struct run *run, const struct nat_view *view,
		     struct stun_peer *peer)
{
	const struct deadline now = deadline_in(0);

	if (run->hops_asked || run->family->family != AF_INET || !nat_view_is_sane(view) ||
	    !addr_is_private(&view->local) || addr_is_private(&view->seen))
		return;
	run->hops_asked = true;
	run->family->hop_peer = peer;
	if (!icmp_turn_take(tests->icmp, &now))
		send_hops(tests, run);
}

static void end_hop(struct tests *tests, const struct probe *probe)
{
	const struct exchange_result *result = exchange_result(probe->exchange);

	if (result->end == EXCHANGE_EXPIRED)
		probe->run->family->hop[probe->number] = result->offender;
	if (!--tests->hops_running)
		icmp_turn_leave(tests->icmp);
}

/* --- what an answer brings --- */

static void end_first(struct tests *tests, struct probe *probe)
{
	const struct exchange_result *result = exchange_result(probe->exchange);
	struct stun_family *family = probe->run->family;
	struct stun_peer *peer = probe->peer;
	struct stun_message message;
	enum err err;

	peer->end = result->end;
	peer->offender = result->offender;
	peer->took_ms = result->took_ms;
	if (result->end != EXCHANGE_ANSWERED)
		return;
	family->answered = true;
	err = binding_read(&message, probe->exchange);
	peer->error_code = message.error_code;
	if (err)
		return;
	peer->answered = note_view(tests, probe, binding_address(&message));
	if (!peer->answered) {
		peer->nonsense = *binding_address(&message);
		return;
	}
	if (addr_is_set(&message.mapped) && !addr_equal(&message.mapped, binding_address(&message)))
		peer->plain = message.mapped;
	if (family->view_count[0])
		ask_hops(tests, probe->run, &family->view[0][family->view_count[0] - 1], peer);
	peer->other = addr_is_set(&message.other) ? message.other : message.old_changed;
	peer->other_usable = nat_other_is_usable(&peer->addr, &peer->other);
	if (peer->other_usable)
		ask_corners(tests, probe->run, peer);
}

static void end_mapping(struct tests *tests, const struct probe *probe)
{
	struct stun_message message;

	if (exchange_result(probe->exchange)->end == EXCHANGE_ANSWERED &&
	    !binding_read(&message, probe->exchange))
		(void)note_view(tests, probe, binding_address(&message));
}

static void end_probe(struct tests *tests, struct probe *probe)
{
	struct run *run = probe->run;

	switch (probe->kind) {
	case PROBE_FIRST: end_first(tests, probe); break;
	case PROBE_MAPPING: end_mapping(tests, probe); break;
	case PROBE_ADDRESS:
	case PROBE_PORT: end_filter(tests, probe); return;
	case PROBE_HOP: end_hop(tests, probe); return;
	}
	if (!--run->mapping_running)
		next_round(tests, run);
}

static struct probe *find_probe(const struct tests *tests, const struct exchange *exchange)
{
	struct probe *probe = tests->probes;

	while (probe->exchange != exchange)
		probe = probe->next;
	return probe;
}

static void tell_progress(struct tests *tests)
{
	const double now = 0.15 + 0.75 * (double)tests->ended / (double)tests->started;

	if (now > tests->fraction)
		tests->fraction = now;
	sink_progress(tests->sink, tests->fraction, NULL);
}

static void judge(struct run *run)
{
	struct stun_family *family = run->family;
	struct nat_view views[STUN_VIEWS_MAX];
	const size_t count = views_that_count(views, family, 0);
	bool enough;

	family->present = nat_present(views, count);
	family->port_preserved = nat_port_preserved(views, count);
	if (count) {
		family->local = views[0].local;
		family->seen = views[0].seen;
	}
	family->mapping = mapping_so_far(&enough, run);
	family->filtering = filtering(family, views, count);
	if (!nat_view_is_doubtful(views, count))
		return;
	family->doubtful = views[0].seen;
	family->seen = (struct addr){ 0 };
	family->present = family->port_preserved = KNOWN_NOT;
	family->mapping = family->filtering = NAT_UNKNOWN;
}

static void clear(struct tests *tests)
{
	if (tests->hops_running)
		icmp_turn_leave(tests->icmp);
	exchange_set_free(tests->set);
	while (tests->probes) {
		struct probe *next = tests->probes->next;

		free(tests->probes);
		tests->probes = next;
	}
	for (size_t i = 0; i < tests->run_count; i++)
		for (size_t j = 0; j < tests->run[i].rounds; j++)
			close(tests->run[i].fd[j]);
}

void stun_tests_run(struct stun_family *families, size_t count, const struct site *site,
		    struct sink *sink, const struct deadline *until)
{
	struct tests tests = { .set = exchange_set_new(),
			       .run_count = count,
			       .device = site->interface,
			       .icmp = site->icmp,
			       .sink = sink };
	struct exchange *done;

	for (size_t i = 0; i < count; i++) {
		tests.run[i].family = &families[i];
		start_first_round(&tests, &tests.run[i]);
	}
	while (!exchange_next(&done, tests.set, until)) {
		tests.ended++;
		end_probe(&tests, find_probe(&tests, done));
		tell_progress(&tests);
	}
	for (size_t i = 0; i < count; i++)
		judge(&tests.run[i]);
	clear(&tests);
}

bool stun_hops_run(struct stun_family *family, const struct site *site,
		   const struct deadline *until)
{
	struct tests tests = { .device = site->interface, .icmp = site->icmp };
	struct run run = { .family = family };
	struct exchange *done;

	if (!family->hop_peer || addr_is_set(&family->hop[0]))
		return true;
	if (icmp_turn_take(site->icmp, until))
		return false;
	tests.set = exchange_set_new();
	send_hops(&tests, &run);
	while (tests.hops_running &&
	       !exchange_next(&done, tests.set, &(struct deadline){ INT64_MAX }))
		end_hop(&tests, find_probe(&tests, done));
	clear(&tests);
	return true;
}
