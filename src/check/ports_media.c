/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/ports_media_run.h"

#include <stdlib.h>
#include <string.h>

#include "check/sip_ask.h"
#include "net/icmp.h"
#include "net/resolver.h"

enum {
	ALL_MS = 13000,
	NARROW_MS = 11300, /* from the start: then the ends are told as far as they are known */
	NAMES_MS = 3000,
	FIRST_DEPTH = 10,
	SIP_PORT = 5060,
	SIP_MS = 2000, /* for three sends */
	SIP_FIRST_MS = 500,
};

/* --- ports --- */

struct media_port *media_port_add(struct media_seen *seen, unsigned number)
{
	size_t at = 0;

	while (at < seen->count && seen->port[at].port < number)
		at++;
	if (at < seen->count && seen->port[at].port == number)
		return &seen->port[at];
	if (seen->count == MEDIA_PORTS_MAX)
		return NULL;
	memmove(&seen->port[at + 1], &seen->port[at], (seen->count - at) * sizeof *seen->port);
	seen->count++;
	seen->port[at] = (struct media_port){ .port = (uint16_t)number };
	return &seen->port[at];
}

/* Both ends and, between, one at random out of each of as many equal parts. */
void media_pick(struct media_seen *seen)
{
	const unsigned first =
		seen->first == seen->last ? seen->first : seen->first + seen->first % 2;
	const unsigned evens = first <= seen->last ? (seen->last - first) / 2 + 1 : 0;
	unsigned random = (unsigned)clock_ms();

	if (!evens) {
		media_port_add(seen, seen->first);
		return;
	}
	media_port_add(seen, first);
	media_port_add(seen, first + 2 * (evens - 1));
	for (unsigned i = 1; i + 1 < MEDIA_SAMPLES; i++) {
		const unsigned from = evens * (i - 1) / (MEDIA_SAMPLES - 2);
		const unsigned part = evens * i / (MEDIA_SAMPLES - 2) - from;

		random = random * 1103515245 + 12345;
		media_port_add(seen, first + 2 * (from + (part ? (random >> 16) % part : 0)));
	}
}

struct trace_path *media_path_of(const struct media_run *run, unsigned port)
{
	struct addr target = run->seen->target;

	addr_set_port(&target, (uint16_t)port);
	return trace_path(run->trace, &target);
}

void media_want(const struct media_run *run, struct trace_path *path, unsigned hop,
		enum trace_payload payload, unsigned tries)
{
	trace_want(run->trace,
		   &(struct trace_want){
			   .path = path, .hop = hop, .payload = payload, .tries = tries });
}

/* --- what the answers say --- */

static void learn_routers(struct media_run *run, struct trace_path *path)
{
	struct media_seen *seen = run->seen;

	for (unsigned hop = 1; hop <= TRACE_HOPS; hop++) {
		if (path->hop[hop].answer != TRACE_EXPIRED)
			continue;
		if (!addr_is_set(&seen->router[hop]))
			seen->router[hop] = path->hop[hop].by;
		if (hop > seen->reference) {
			seen->reference = hop;
			run->witness = path;
		}
	}
}

/* Whoever says "no way" though others get past him means these ports. */
static bool is_passed(const struct media_seen *seen, const struct addr *router)
{
	for (unsigned hop = 1; hop < seen->reference; hop++)
		if (addr_is_set(&seen->router[hop]) && addr_same_host(&seen->router[hop], router))
			return true;
	return false;
}

static void learn_port(const struct media_seen *seen, struct media_port *port,
		       const struct trace_hop *hop, unsigned number)
{
	const bool target = hop->answered && addr_same_host(&hop->by, &seen->target);

	if (hop->answer == TRACE_EXPIRED) {
		if (number > port->far)
			port->far = number;
	} else if (hop->answer == TRACE_ECHO || hop->answer == TRACE_BOUND) {
		port->reached = port->answered = true;
	} else if (hop->answer == TRACE_REFUSED && target) {
		port->reached = true;
	} else if (hop->answer == TRACE_REFUSED || hop->answer == TRACE_FILTERED ||
		   (hop->answer == TRACE_NO_WAY && !target && is_passed(seen, &hop->by))) {
		port->rejected = true;
		port->how = hop->answer;
		port->by = hop->by;
	}
}

static void learn(struct media_run *run)
{
	struct media_seen *seen = run->seen;

	learn_routers(run, run->control);
	for (size_t i = 0; i < seen->count; i++) {
		struct trace_path *path = media_path_of(run, seen->port[i].port);

		if (!path)
			continue;
		learn_routers(run, path);
		for (unsigned hop = 0; hop <= TRACE_HOPS; hop++)
			learn_port(seen, &seen->port[i], &path->hop[hop], hop);
		if (path->strange)
			seen->port[i].reached = seen->port[i].answered = true;
	}
}

void media_work(struct media_run *run, const struct deadline *until)
{
	trace_work(run->trace, until, NULL, NULL);
	learn(run);
}

/* --- the first look --- */

static void look(struct media_run *run)
{
	for (unsigned hop = 1; hop <= FIRST_DEPTH; hop++)
		media_want(run, run->control, hop, TRACE_RTP, 1);
	for (size_t i = 0; i < run->seen->count; i++)
		media_want(run, media_path_of(run, run->seen->port[i].port), 0, TRACE_STUN, 1);
	media_work(run, &run->until);
}

size_t media_count_state(const struct media_run *run, enum media_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < run->seen->count; i++)
		count += media_state_of(run->seen, &run->seen->port[i]) == state;
	return count;
}

static void look_farther(struct media_run *run)
{
	const unsigned reference = run->seen->reference;
	const unsigned depth = reference + 2 > FIRST_DEPTH ? TRACE_HOPS
			       : reference                 ? reference + 2
							   : FIRST_DEPTH;

	for (unsigned hop = 1; hop <= depth; hop++)
		if (!addr_is_set(&run->seen->router[hop]))
			media_want(run, run->control, hop, TRACE_RTP, 2);
	media_work(run, &run->until);
}

/* --- rounds: ports first, then somebody who is known to be answered there --- */

static bool witness_answers(struct media_run *run, unsigned hop, const struct deadline *until)
{
	struct trace_path *witness =
		run->control->hop[hop].answer == TRACE_EXPIRED ? run->control : run->witness;
	const unsigned before = witness->hop[hop].answered;

	media_want(run, witness, hop, TRACE_RTP, 1);
	media_work(run, until);
	return witness->hop[hop].answered > before;
}

/* A router that says "no way" to what comes past it, when it has given up looking for a dead host,
 * has its answers used up at moments that nobody knows. */
static bool is_spending(const struct media_run *run, unsigned hop)
{
	const struct media_seen *seen = run->seen;
	const struct trace_hop *beyond = &run->control->hop[0];

	for (size_t i = 0; i <= seen->count; i++) {
		if (beyond->answer == TRACE_NO_WAY && addr_is_set(&seen->router[hop]) &&
		    addr_same_host(&beyond->by, &seen->router[hop]))
			return true;
		if (i < seen->count && media_path_of(run, seen->port[i].port))
			beyond = &media_path_of(run, seen->port[i].port)->hop[0];
	}
	return false;
}

static void count_vain(struct media_run *run, unsigned hop, const uint16_t *asked, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct media_port *port = media_port_add(run->seen, asked[i]);

		if (port && port->far < hop && !port->reached && !port->rejected)
			port->vain[hop]++;
	}
}

/* One question to each port that `hop` has not answered yet. */
void media_ask_round(struct media_run *run, unsigned hop, const uint16_t *asked, size_t count,
		     int round, const struct deadline *until)
{
	for (size_t i = 0; i < count; i++) {
		struct trace_path *path = media_path_of(run, asked[i]);

		media_want(run, path, hop, TRACE_RTP, 1);
		if (round < 2)
			media_want(run, path, 0, round ? TRACE_STUN : TRACE_RTP, 1);
	}
	media_work(run, until);
	if (witness_answers(run, hop, until) && !is_spending(run, hop))
		count_vain(run, hop, asked, count);
}

static size_t undecided(const struct media_run *run, uint16_t asked[static MEDIA_PORTS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < run->seen->count; i++)
		if (media_state_of(run->seen, &run->seen->port[i]) == MEDIA_UNKNOWN)
			asked[count++] = run->seen->port[i].port;
	return count;
}

static void compare(struct media_run *run)
{
	uint16_t asked[MEDIA_PORTS_MAX];

	for (int round = 0; round < MEDIA_ROUNDS_MOST && !deadline_passed(&run->until); round++) {
		const size_t count = undecided(run, asked);

		if (!count)
			break;
		media_ask_round(run, run->seen->reference, asked, count, round, &run->until);
	}
}

/* No routers to compare with: the target's answer is all there is. */
static void ask_again(struct media_run *run)
{
	uint16_t asked[MEDIA_PORTS_MAX];
	const size_t count = undecided(run, asked);

	for (size_t i = 0; i < count; i++)
		media_want(run, media_path_of(run, asked[i]), 0, TRACE_RTP, 2);
	media_work(run, &run->until);
}

/* Where the target answers for some: those beside the silent ones. */
static void ask_neighbours(struct media_run *run)
{
	uint16_t beside[2 * MEDIA_SAMPLES];
	size_t count = 0;

	for (size_t i = 0; i < run->seen->count && count + 2 <= 2 * MEDIA_SAMPLES; i++) {
		const struct media_port *port = &run->seen->port[i];

		if (port->reached)
			continue;
		if (port->port + 2 <= run->seen->last)
			beside[count++] = (uint16_t)(port->port + 2);
		if (port->port - 2 >= run->seen->first)
			beside[count++] = (uint16_t)(port->port - 2);
	}
	for (size_t i = 0; i < count; i++)
		if (media_port_add(run->seen, beside[i]))
			media_want(run, media_path_of(run, beside[i]), 0, TRACE_STUN, 2);
	media_work(run, &run->until);
	if (run->seen->reference >= 2)
		compare(run);
}

/* --- where it stops --- */

static void locate(struct media_run *run)
{
	const struct media_seen *seen = run->seen;
	size_t asked = 0;

	for (size_t i = 0; i < seen->count && asked < 2; i++) {
		if (media_state_of(seen, &seen->port[i]) != MEDIA_STOPPED)
			continue;
		for (unsigned hop = seen->port[i].far + 1; hop < seen->reference; hop++)
			if (addr_is_set(&seen->router[hop]))
				media_want(run, media_path_of(run, seen->port[i].port), hop,
					   TRACE_RTP, MEDIA_ROUNDS);
		asked++;
	}
	media_work(run, &run->until);
}

/* --- the whole --- */

static bool is_all_reached(const struct media_run *run)
{
	return media_count_state(run, MEDIA_REACHED) == run->seen->count;
}

static void measure(struct media_run *run, struct sink *sink)
{
	sink_progress(sink, 0.5, N_("trying some of the ports for voice"));
	look(run);
	if (is_all_reached(run))
		return;
	look_farther(run);
	sink_progress(sink, 0.6, N_("looking how far the silent ones come"));
	if (run->seen->reference >= 2)
		compare(run);
	else
		ask_again(run);
	if (media_count_state(run, MEDIA_STOPPED) || media_count_state(run, MEDIA_REJECTED)) {
		sink_progress(sink, 0.7, N_("looking where the blocked ports begin and end"));
		locate(run);
		media_narrow(run);
	} else if (media_count_state(run, MEDIA_REACHED) && !is_all_reached(run)) {
		ask_neighbours(run);
	}
}

/* --- is anything answered there? --- */

static bool is_anything(struct slice datagram, const void *context)
{
	(void)datagram;
	(void)context;
	return true;
}

/* Where no port of the range is answered, ports that come as far as SIP does mean something only if
 * SIP comes to the end. Whatever the server says will do. */
static bool sip_answers(const struct addr *target, const char *device)
{
	const struct deadline until = deadline_in(SIP_MS);
	char host[ADDR_TEXT];
	const struct sip_ask_plan plan = { .to = *target,
					   .host = addr_host_text(host, target),
					   .device = device,
					   .first_ms = SIP_FIRST_MS,
					   .sends = 3,
					   .match = is_anything };

	return sip_ask_once(NULL, &plan, &until) == EXCHANGE_ANSWERED;
}

static enum err find_target(struct addr *out, const struct site *site, const struct addr *target)
{
	const struct deadline until = deadline_in(NAMES_MS);
	const uint16_t port = target && addr_port(target) ? addr_port(target) : SIP_PORT;
	struct addr_list list = { 0 };
	enum err err;

	if (!site->media.host) {
		if (!target || !addr_is_set(target))
			return ERR_UNREACHABLE;
		*out = *target;
		addr_set_port(out, port);
		return ERR_NONE;
	}
	err = resolver_host(&list, site->media.host, port,
			    target && addr_is_set(target) ? addr_family(target) : site->family,
			    &until);
	if (err == ERR_NOT_FOUND && site->family == AF_UNSPEC)
		err = resolver_host(&list, site->media.host, port, AF_UNSPEC, &until);
	if (!err && !list.count)
		err = ERR_NOT_FOUND;
	if (!err)
		*out = list.addr[0];
	addr_list_clear(&list);
	return err == ERR_NOT_FOUND ? ERR_UNREACHABLE : err;
}

static enum err probe(struct ports_media *out, const struct site *site, struct icmp_purse *purse,
		      struct sink *sink, const struct deadline *until)
{
	const struct trace_plan plan = { .to = &out->seen.target,
					 .device = site->interface,
					 .purse = purse };
	struct media_run run = { .seen = &out->seen };
	enum err err = icmp_turn_take(site->icmp, until);

	if (err)
		return err;
	run.until = deadline_first(*until, deadline_in(ALL_MS));
	run.narrow_until = deadline_first(*until, deadline_in(NARROW_MS));
	err = trace_new(&run.trace, &plan);
	if (!err) {
		run.control = run.witness = trace_path(run.trace, &out->seen.target);
		media_pick(&out->seen);
		measure(&run, sink);
		if (!site->media.host && !out->seen.responder &&
		    media_count_state(&run, MEDIA_PASSES) &&
		    !media_count_state(&run, MEDIA_REACHED))
			out->seen.control_lost = !sip_answers(&out->seen.target, site->interface);
		err = trace_send_error(run.trace);
		out->stuck = err != ERR_NONE;
		if (err && (out->seen.reference || media_count_state(&run, MEDIA_REACHED)))
			err = ERR_NONE;
		trace_free(run.trace);
	}
	icmp_turn_leave(site->icmp);
	return err;
}

static void run_towards(struct ports_media *out, const struct site *site, struct sink *sink,
			const struct deadline *until)
{
	struct icmp_purse *own = site->icmp ? NULL : icmp_purse_new();

	out->err = probe(out, site, own ? own : site->icmp, sink, until);
	if (!out->err)
		ports_media_judge(&out->verdict, &out->seen);
	icmp_purse_free(own);
}

void ports_media_run(struct ports_media *out, const struct site *site, const struct addr *target,
		     struct sink *sink, const struct deadline *until)
{
	*out = (struct ports_media){ .seen.first = site->rtp_first, .seen.last = site->rtp_last };
	out->err = site->rtp_first ? find_target(&out->seen.target, site, target) : ERR_NOT_FOUND;
	if (!out->err)
		run_towards(out, site, sink, until);
}

void ports_media_towards(struct ports_media *out, const struct site *site,
			 const struct addr *responder, struct sink *sink,
			 const struct deadline *until)
{
	*out = (struct ports_media){ .seen = { .first = site->rtp_first,
					       .last = site->rtp_last,
					       .target = *responder,
					       .responder = true } };
	run_towards(out, site, sink, until);
}
