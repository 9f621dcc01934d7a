/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is SIP rewritten on its way? Messages that end at a router on purpose come back in its ICMP "time
 * exceeded" as they were when they got there; and the provider's answer to a real OPTIONS tells
 * whom it saw. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/intl.h"
#include "base/mem.h"
#include "check/alg_judge.h"
#include "check/alg_probe.h"
#include "check/alg_words.h"
#include "check/check.h"
#include "check/target.h"
#include "net/binding.h"
#include "net/icmp.h"
#include "net/resolver.h"
#include "net/udp.h"
#include "proto/sip.h"

enum {
	NAMES_MS = 5500, /* three look-ups in a row, by a slow resolver */
	PROBES_MS = 7000,
	STUN_MS = 1000,
	TURN_MS = 20000, /* as long as others may have the routers' attention */
	QUIET_MS = 300,  /* nothing more comes after that, as a rule; what is missing is asked for
			    again */
	TRIES = 3,
	LANE_TRIES = 2,
	QUOTE_V4 = 500,  /* what a Linux router quotes, less what a rewriter may add */
	QUOTE_V6 = 1100, /* RFC 4443, 2.4: up to the minimum MTU */
};

static const char *why_not(const struct site *site)
{
	return target_server(site)->host ? NULL
					 : N_("no SIP domain or server is named in the profile");
}

/* --- the target --- */

static enum err find_targets(struct sip_targets *out, const struct site *site)
{
	const struct deadline until = deadline_in(NAMES_MS);
	struct sip_query query = target_query(site);

	query.transports = 1U << SIP_UDP;
	return resolver_sip(out, &query, &until);
}

static bool v4_is_unknown(const struct sip_targets *targets, const struct site *site)
{
	if (site->family == AF_INET6)
		return false;
	for (size_t i = 0; i < targets->count; i++)
		if (addr_family(&targets->target[i].addr) == AF_INET)
			return false;
	return targets->cut;
}

/* A softphone may hold the SIP port already; those next to it are the usual second choice. */
static enum err open_at_sip_port(struct alg_run *run, const struct addr *target)
{
	static const uint16_t ports[] = { 5060, 5062, 5064, 5066, 0 };
	enum err err = ERR_NOT_FOUND;

	for (size_t i = 0; i < sizeof ports / sizeof *ports && err && err != ERR_UNREACHABLE; i++)
		err = alg_open(run, ALG_MAIN, ports[i], target);
	return err;
}

/* ALGs live on NAT, so IPv4 first; IPv6 where that is all there is. */
static enum err open_main(struct alg_run *run, const struct sip_targets *targets)
{
	static const int families[] = { AF_INET, AF_INET6 };
	enum err err = ERR_NOT_FOUND;

	for (size_t f = 0; f < sizeof families / sizeof *families; f++)
		for (size_t i = 0; i < targets->count && err; i++)
			if (addr_family(&targets->target[i].addr) == families[f])
				err = open_at_sip_port(run, &targets->target[i].addr);
	return err;
}

/* A domain name too long would push the SDP out of the quote: then the server's address takes its
 * place. */
static void fit_host(struct alg_run *run)
{
	const struct alg_lane_seen *lane = &run->seen->lane[ALG_MAIN];
	const size_t most = addr_family(&lane->target) == AF_INET ? QUOTE_V4 : QUOTE_V6;
	const struct sip_request request = { .method = SIP_INVITE,
					     .token = "00000000",
					     .host = run->host,
					     .local = &lane->local,
					     .media_port = 40000 };
	char text[ADDR_TEXT];
	struct buf invite;

	buf_init(&invite, SIP_MESSAGE_MAX);
	if (sip_build(&invite, &request) || invite.length > most)
		snprintf(run->host, sizeof run->host, "%s", addr_host_text(text, &lane->target));
	buf_clear(&invite);
}

/* --- the rounds --- */

static void want(struct alg_run *run, enum alg_lane lane, unsigned hop, enum alg_message message,
		 unsigned tries)
{
	alg_want(run, &(struct alg_want){
			      .lane = lane, .hop = hop, .message = message, .tries = tries });
}

static struct alg_verdict judge(const struct alg_run *run)
{
	struct alg_verdict verdict;

	alg_judge(&verdict, run->seen);
	return verdict;
}

/* The nearest router behind the NAT that has shown itself; 0: none. */
static unsigned behind_nat(const struct alg_run *run)
{
	const struct alg_lane_seen *lane = &run->seen->lane[ALG_MAIN];

	for (unsigned hop = 2; hop <= ALG_HOPS; hop++)
		if (addr_is_set(&lane->router[hop]) &&
		    (!addr_is_private(&lane->router[hop]) || addr_is_private(&lane->target)))
			return hop;
	return 0;
}

/* The first router and one behind the NAT have shown themselves. */
static bool path_is_enough(const struct alg_run *run)
{
	return addr_is_set(&run->seen->lane[ALG_MAIN].router[1]) && behind_nat(run);
}

static void trace_path(struct alg_run *run, const struct deadline *until)
{
	want(run, ALG_MAIN, 0, ALG_SEND_OWN, TRIES);
	want(run, ALG_MAIN, 0, ALG_SEND_NAME, TRIES);
	for (unsigned hop = 1; hop <= ALG_HOPS; hop++)
		want(run, ALG_MAIN, hop, ALG_SEND_KEEPALIVE, TRIES);
	alg_work(run, until, QUIET_MS, path_is_enough);
	alg_forget(run, ALG_SEND_KEEPALIVE);
}

/* What a router quotes is as it was before that router's own rewriting: the nearest behind the NAT
 * does not speak for itself where there is another to ask. */
static bool is_far_enough(const struct alg_run *run, unsigned clean)
{
	unsigned hop = clean + 1;

	while (hop <= ALG_HOPS && !addr_is_set(&run->seen->lane[ALG_MAIN].router[hop]))
		hop++;
	return hop > ALG_HOPS || clean > behind_nat(run);
}

static bool verdict_is_enough(const struct alg_run *run)
{
	const struct alg_verdict verdict = judge(run);

	if (verdict.answer == ALG_NO)
		return is_far_enough(run, verdict.clean);
	return verdict.answer == ALG_YES && verdict.hop && verdict.proof != ALG_PROOF_WITNESS;
}

static void forget_sip(struct alg_run *run)
{
	alg_forget(run, ALG_SEND_OPTIONS);
	alg_forget(run, ALG_SEND_REGISTER);
	alg_forget(run, ALG_SEND_INVITE);
}

static void probe_path(struct alg_run *run, const struct deadline *until)
{
	for (unsigned hop = 1; hop <= ALG_HOPS; hop++) {
		if (!addr_is_set(&run->seen->lane[ALG_MAIN].router[hop]))
			continue;
		want(run, ALG_MAIN, hop, ALG_SEND_OPTIONS, TRIES);
		want(run, ALG_MAIN, hop, ALG_SEND_INVITE, TRIES);
		want(run, ALG_MAIN, hop, ALG_SEND_REGISTER, TRIES);
	}
	alg_work(run, until, QUIET_MS, verdict_is_enough);
	forget_sip(run);
}

/* The next hop from `hop` on that showed an INVITE; 0: none. */
static unsigned next_shown(const struct alg_run *run, unsigned hop)
{
	for (; hop <= ALG_HOPS; hop++)
		if (run->seen->lane[ALG_MAIN].cell[hop][ALG_INVITE].quoted)
			return hop;
	return 0;
}

static void want_lane(struct alg_run *run, enum alg_lane lane, unsigned hop)
{
	want(run, lane, hop, ALG_SEND_KEEPALIVE, LANE_TRIES);
	want(run, lane, hop, ALG_SEND_INVITE, LANE_TRIES);
}

/* A port where nobody speaks SIP. */
static enum err open_control(struct alg_run *run)
{
	struct addr target = run->seen->lane[ALG_MAIN].target;

	addr_set_port(&target, (uint16_t)(addr_port(&target) + 10));
	return alg_open(run, ALG_CONTROL, 0, &target);
}

/* The same to a port where nobody speaks SIP, from a port that is not SIP's, and as long a datagram
 * that is not SIP: spread over two hops where there are two, as each has ICMP answers of its own to
 * give. */
static void compare_ports(struct alg_run *run, const struct deadline *until)
{
	const struct alg_verdict verdict = judge(run);
	const unsigned near = next_shown(run, verdict.by > 2 ? verdict.by : 2);
	const unsigned far = near ? next_shown(run, near + 1) : 0;

	if (!near)
		return;
	if (!alg_open(run, ALG_SOURCE, 0, &run->seen->lane[ALG_MAIN].target))
		want_lane(run, ALG_SOURCE, far ? far : near);
	if (!open_control(run))
		want_lane(run, ALG_CONTROL, near);
	if (verdict.answer == ALG_YES) {
		want(run, ALG_MAIN, far ? far : near, ALG_SEND_DECOY, LANE_TRIES);
		alg_forget(run, ALG_SEND_OWN); /* no witness is needed any more */
		alg_forget(run, ALG_SEND_NAME);
	}
	alg_work(run, until, 0, NULL);
}

/* One changed message is no proof: the same twice more. */
static void confirm(struct alg_run *run, const struct deadline *until)
{
	const struct alg_verdict verdict = judge(run);

	if (!verdict.by || verdict.answer != ALG_UNKNOWN)
		return;
	for (enum alg_kind kind = 0; kind < ALG_DECOY; kind++) {
		if (!(verdict.methods & 1U << kind))
			continue;
		for (int i = 0; i < 2; i++) {
			want(run, ALG_MAIN, verdict.by, (enum alg_message)kind, LANE_TRIES);
			want(run, ALG_SOURCE, verdict.by, (enum alg_message)kind, LANE_TRIES);
		}
	}
	alg_work(run, until, 0, NULL);
}

/* A box that takes all that goes to the SIP port hides the path; the path to another port shows
 * that it is there. */
static void look_for_proxy(struct alg_run *run, const struct deadline *until)
{
	if (addr_is_set(&run->seen->lane[ALG_MAIN].router[1]) || !run->seen->own.answered ||
	    open_control(run))
		return;
	want(run, ALG_CONTROL, 1, ALG_SEND_KEEPALIVE, LANE_TRIES);
	alg_work(run, until, 0, NULL);
	if (!addr_is_set(&run->seen->lane[ALG_CONTROL].router[1]))
		return;
	want(run, ALG_MAIN, 1, ALG_SEND_OPTIONS, TRIES);
	alg_work(run, until, 0, NULL);
}

static bool is_missing(const struct alg_cell *cell)
{
	return cell->sent && !cell->quoted;
}

/* Where SIP never came to a router that does answer: is it SIP that is missing, or any datagram as
 * long? */
static void look_for_eaten(struct alg_run *run, const struct deadline *until)
{
	const struct alg_lane_seen *lane = &run->seen->lane[ALG_MAIN];

	for (unsigned hop = 1; hop <= ALG_HOPS; hop++) {
		const struct alg_cell *cell = lane->cell[hop];

		if (is_missing(&cell[ALG_OPTIONS]) || is_missing(&cell[ALG_INVITE]) ||
		    is_missing(&cell[ALG_REGISTER])) {
			want(run, ALG_MAIN, hop, ALG_SEND_DECOY, LANE_TRIES);
			break;
		}
	}
	alg_work(run, until, 0, NULL);
}

/* What STUN sees of the same socket: are we behind NAT? Asked last, as the answer is read from that
 * socket. */
static void ask_stun(struct alg_run *run, const struct site *site)
{
	const struct alg_lane_seen *lane = &run->seen->lane[ALG_MAIN];
	const struct deadline until = deadline_in(STUN_MS);

	for (size_t i = 0; i < site->stun_count && !addr_is_set(&run->seen->mapped); i++) {
		struct addr_list servers;
		struct addr mapped;

		if (resolver_host(&servers, site->stun[i].host, site->stun[i].port,
				  addr_family(&lane->local), &until))
			continue;
		if (servers.count &&
		    !udp_set_ttl(run->fd[ALG_MAIN], addr_family(&lane->local), 0) &&
		    !binding_mapped(&mapped, run->fd[ALG_MAIN], &servers.addr[0], &until))
			run->seen->mapped = mapped;
		addr_list_clear(&servers);
	}
}

static void measure(struct alg_run *run, const struct site *site, struct sink *sink)
{
	const struct deadline until = deadline_in(PROBES_MS);

	sink_progress(sink, 0.1, _("looking for the routers on the way"));
	trace_path(run, &until);
	sink_progress(sink, 0.4, _("comparing what each router got with what was sent"));
	probe_path(run, &until);
	sink_progress(sink, 0.6, _("trying other ports, for comparison"));
	compare_ports(run, &until);
	confirm(run, &until);
	if (judge(run).answer == ALG_UNKNOWN) {
		look_for_proxy(run, &until);
		look_for_eaten(run, &until);
	}
	if (judge(run).answer == ALG_UNKNOWN) {
		sink_progress(sink, 0.8, _("asking what the outside sees"));
		ask_stun(run, site);
	}
}

/* The routers' answers are few: the other checks that need them wait meanwhile. */
static enum err measure_in_turn(struct alg_run *run, const struct site *site, struct sink *sink)
{
	const struct deadline until = deadline_in(TURN_MS);
	const enum err err = icmp_turn_take(site->icmp, &until);

	if (err)
		return err;
	measure(run, site, sink);
	icmp_turn_leave(site->icmp);
	return ERR_NONE;
}

static enum check_state fail(struct sink *sink, const struct site *site, enum err err)
{
	const char *host = target_server(site)->host;

	if (err == ERR_NOT_FOUND)
		sink_why(sink, _("the name %s gives no address of a SIP server"), host);
	else if (err == ERR_UNREACHABLE)
		sink_why(sink, _("this computer has no way to %s"), host);
	else if (err == ERR_PERMISSION)
		sink_why(sink, _("this computer does not let anything out to %s"), host);
	else
		sink_why(sink, _("%s cannot be asked: %s"), host, err_text(err));
	return CHECK_FAILED;
}

/* This host itself let nothing out (a local firewall, no route). */
static bool is_stuck(const struct alg_run *run)
{
	if (!run->send_error || run->seen->own.answered)
		return false;
	for (unsigned hop = 1; hop <= ALG_HOPS; hop++)
		if (addr_is_set(alg_router(run->seen, hop)))
			return false;
	return true;
}

static enum check_state run_alg(const struct site *site, struct sink *sink)
{
	struct alg_seen *seen = mem_new(1, sizeof *seen);
	struct alg_run *run = mem_new(1, sizeof *run);
	struct icmp_purse *own = site->icmp ? NULL : icmp_purse_new();
	struct sip_targets targets = { 0 };
	struct alg_verdict verdict;
	enum err err;

	sink_progress(sink, 0, _("finding the SIP server"));
	alg_run_init(run, seen, target_server(site)->host, site->interface);
	run->purse = own ? own : site->icmp;
	err = find_targets(&targets, site);
	if (!err)
		err = open_main(run, &targets);
	if (!err) {
		seen->v4_unknown = v4_is_unknown(&targets, site);
		fit_host(run);
		err = measure_in_turn(run, site, sink);
		if (!err && is_stuck(run))
			err = run->send_error;
	}
	if (!err) {
		alg_judge(&verdict, seen);
		alg_report(sink, &verdict, seen, site);
	}
	icmp_purse_free(own);
	sip_targets_clear(&targets);
	alg_run_clear(run);
	free(run);
	free(seen);
	return err ? fail(sink, site, err) : CHECK_DONE;
}

const struct check check_alg = {
	.name = "alg",
	.title = N_("SIP ALG"),
	.about = N_("Sends SIP messages that end at the routers on the way, and sees whether they "
		    "were rewritten."),
	.seconds = 34,
	.facts = alg_facts,
	.why_not = why_not,
	.run = run_alg,
};
