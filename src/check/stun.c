/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the world sees of this site over UDP: the NAT's mapping and filtering (RFC 5780), its
 * classic type (RFC 3489), a carrier's NAT, and whether UDP gets out at all. */
#include "check/stun_report.h"

#include <poll.h>
#include <stddef.h>

#include "base/clock.h"
#include "check/stun_hairpin.h"
#include "check/stun_idle.h"
#include "net/resolver.h"
#include "proto/stun.h"

enum {
	BUDGET_MS = 15000, /* the whole check; a good run takes two seconds */
	NAMES_MS = 5000,
	HAIRPIN_MS = 1500,
	TURN_MS = 3000,       /* of waiting for the ICMP turn before the result is told */
	TURN_LATE_MS = 15000, /* and after */
	TURN_LOOK_MS = 100,
	REST_MS = 2500,
	LATE_TRIES = 4,
	LIFE_SERVERS = 3,     /* asked whether they know RESPONSE-PORT */
	LIFE_MS = 145000,     /* of measuring idle mappings in the background */
	KEEP_ALIVE = 30,      /* seconds, where the profile names none */
	MORE_NAMES_MS = 3000, /* the SIP server's, where no STUN server answers */
};

static const char *why_not(const struct site *site)
{
	return site->stun_count ? NULL : N_("no STUN server is named in the profile");
}

/* An address of each family per server; a single server's name may give two. */
static void add_server(struct stun_result *result, const struct site *site, size_t number,
		       const struct addr_list *list)
{
	const size_t most = site->stun_count == 1 ? 2 : 1;

	for (size_t f = 0; f < STUN_FAMILIES; f++) {
		size_t added = 0;

		for (size_t i = 0; i < list->count && added < most; i++) {
			if (addr_family(&list->addr[i]) != result->family[f].family)
				continue;
			stun_family_add(&result->family[f], number, &list->addr[i],
					site->interface);
			added++;
		}
	}
}

/* False if the resolvers said nothing about any of them: asking for more names is time lost. */
static bool find_servers(struct stun_result *result, const struct site *site,
			 const struct deadline *until)
{
	const struct deadline names = deadline_first(deadline_in(NAMES_MS), *until);
	struct host_lookup lookup[SITE_STUN_MAX] = { 0 };
	bool told = false;

	for (size_t i = 0; i < site->stun_count; i++)
		lookup[i] = (struct host_lookup){
			.host = site->stun[i].host,
			.port = site->stun[i].port ? site->stun[i].port : STUN_PORT,
		};
	resolver_hosts(lookup, site->stun_count, site->family, &names);
	for (size_t i = 0; i < site->stun_count; i++) {
		result->name_err[i] = lookup[i].err;
		told = told || lookup[i].err != ERR_TIMEOUT;
		result->v4_unknown = result->v4_unknown || lookup[i].cut ||
				     (lookup[i].err && lookup[i].err != ERR_NOT_FOUND);
		add_server(result, site, i, &lookup[i].list);
		addr_list_clear(&lookup[i].list);
	}
	if (site->family == AF_INET6 || result->family[0].peer_count)
		result->v4_unknown = false;
	return told;
}

/* Over IPv6 alone is not enough: most phones know IPv4 only. */
static void ask_witnesses(struct stun_result *result, const struct site *site,
			  const struct deadline *names, const struct deadline *until)
{
	const bool v6_answered = result->family[1].answered;
	const size_t families = v6_answered ? 1 : STUN_FAMILIES;
	struct site asked = *site;

	if (result->family[0].answered || (v6_answered && !result->family[0].peer_count))
		return;
	if (v6_answered)
		asked.family = AF_INET;
	stun_witness_run(&result->witness, &asked, result->family, families, names, until);
}

/* The server whose view of us is the one that counts; NULL: none. */
static const struct stun_peer *telling_peer(const struct stun_family *family)
{
	for (size_t i = 0; i < family->peer_count; i++)
		for (size_t j = 0; j < family->view_count[0]; j++)
			if (family->view[0][j].group == i &&
			    addr_equal(&family->view[0][j].to, &family->peer[i].addr) &&
			    addr_same_host(&family->view[0][j].seen, &family->seen))
				return &family->peer[i];
	return NULL;
}

static void ask_hairpin(struct stun_family *family, const char *device,
			const struct deadline *until)
{
	const struct stun_peer *peer = telling_peer(family);
	const struct deadline patience = deadline_first(deadline_in(HAIRPIN_MS), *until);

	if (family->present == KNOWN_YES && peer)
		family->hairpin = stun_hairpin(&(struct stun_hairpin_plan){ .server = peer->addr,
									    .local = family->local,
									    .device = device },
					       &patience);
}

static void tell_life(const struct stun_life *life, void *context)
{
	if (life->alive)
		sink_fact_number(context, "nat.binding-seconds", life->alive);
}

/* Without a runner that would end it, only for as long as the user wants. */
static struct deadline life_until(const struct site *site, int64_t started_ms)
{
	const int64_t asked_ms = (int64_t)site->lifetime_seconds * 1000;
	const int64_t most_ms = site->hurry && asked_ms < LIFE_MS ? LIFE_MS : asked_ms;

	return deadline_in(started_ms + most_ms - clock_ms());
}

/* With the first server that answers to another port of ours. */
static void measure_life(const struct stun_family *family, const struct site *site,
			 struct sink *sink, const struct deadline *until)
{
	struct stun_idle_plan plan = { .device = site->interface,
				       .hurry = site->hurry,
				       .until = *until,
				       .news = tell_life,
				       .context = sink };
	struct stun_life life = { 0 };
	size_t asked = 0;

	for (size_t i = 0; i < family->peer_count && asked < LIFE_SERVERS; i++) {
		plan.server = family->peer[i].addr;
		if (!family->peer[i].answered || deadline_passed(until))
			continue;
		asked++;
		if (!stun_idle_works(&plan))
			continue;
		stun_idle_run(&life, &plan);
		break;
	}
	stun_report_life(&life, &plan.server,
			 site->keep_alive_seconds ? site->keep_alive_seconds : KEEP_ALIVE, sink);
}

static bool is_hurried(const struct site *site)
{
	return check_hurried(site->hurry);
}

/* Until the routers may have an answer to spare again. */
static void rest(const struct site *site)
{
	for (int i = 0; i < REST_MS / TURN_LOOK_MS && !is_hurried(site); i++)
		poll(NULL, 0, TURN_LOOK_MS);
}

/* Where others had the turn for long, or had used up what the routers answer. */
static void ask_hops_late(struct stun_result *result, const struct site *site, struct sink *sink)
{
	const struct deadline until = deadline_in(TURN_LATE_MS);
	struct stun_family *family = &result->family[0];
	unsigned asked = 0;

	if (!family->hop_peer || addr_is_set(&family->hop[0]))
		return;
	while (!addr_is_set(&family->hop[0]) && asked < LATE_TRIES && !deadline_passed(&until) &&
	       !is_hurried(site)) {
		const struct deadline look = deadline_in(TURN_LOOK_MS);

		if (!stun_hops_run(family, site, &look))
			continue;
		asked++;
		if (!addr_is_set(&family->hop[0]))
			rest(site);
	}
	if (asked)
		stun_report_carrier(result, sink);
}

static enum check_state run(const struct site *site, struct sink *sink)
{
	const struct deadline until = deadline_in(BUDGET_MS);
	struct stun_result result = { .family = { { .family = AF_INET }, { .family = AF_INET6 } } };
	const int64_t started_ms = clock_ms();
	struct deadline names, life, turn;
	ptrdiff_t main_family;
	bool told;

	sink_progress(sink, 0.05, N_("looking up the STUN servers"));
	told = find_servers(&result, site, &until);
	sink_progress(sink, 0.15, N_("asking what the STUN servers see of us"));
	stun_tests_run(result.family, STUN_FAMILIES, site, sink, &until);
	if (!result.family[0].answered)
		sink_progress(sink, 0.9, N_("no STUN answer: asking others over UDP and TCP"));
	names = deadline_first(deadline_in(told ? MORE_NAMES_MS : 0), until);
	ask_witnesses(&result, site, &names, &until);
	result.udp_open = result.family[0].answered || result.family[1].answered
				  ? KNOWN_YES
				  : result.witness.udp_open;
	main_family = stun_main_family(&result) - result.family;
	ask_hairpin(&result.family[main_family], site->interface, &until);
	turn = deadline_first(deadline_in(TURN_MS), until);
	(void)!stun_hops_run(&result.family[0], site, &turn);
	stun_report(&result, site, sink);
	sink_progress(sink, 1, NULL);
	sink_settled(sink, CHECK_DONE);
	ask_hops_late(&result, site, sink);
	life = life_until(site, started_ms);
	measure_life(&result.family[main_family], site, sink, &life);
	return CHECK_DONE;
}

static const char *const facts[] = {
	"udp.open",
	"nat.present",
	"nat.mapping",
	"nat.filtering",
	"nat.type",
	"nat.public-address",
	"nat.port-preserved",
	"nat.hairpin",
	"nat.binding-seconds",
	"nat.layers",
	"nat.cgnat",
	"nat6.mapping",
	"nat6.filtering",
	"nat6.type",
	"nat6.public-address",
	NULL,
};

const struct check check_stun = {
	.name = "stun",
	.title = N_("NAT"),
	.about = N_("Asks STUN servers what they see of this site, and whom its router lets in."),
	.seconds = 20,
	.facts = facts,
	.why_not = why_not,
	.run = run,
};
