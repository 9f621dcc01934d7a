/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/ports_back.h"

#include <string.h>
#include <unistd.h>

#include "check/responder.h"
#include "check/target.h"
#include "net/udp.h"

enum {
	NAMES_MS = 3000,
	ALL_MS = 12000,
	PORTS_AT_ONCE = MEDIA_SAMPLES + 1, /* and the main port */
	FIRST_LEAST_MS = 40,
	FIRST_MOST_MS = 200,
};

struct run {
	struct ports_back *back;
	int fd;
	unsigned first_ms; /* by how long the answers took; 0: not known */
	struct deadline until;
};

/* --- asking --- */

static void ask(const struct run *run, struct responder_port *ports, size_t count)
{
	const struct responder_plan plan = { .fd = run->fd,
					     .server = run->back->server,
					     .first_ms = run->first_ms,
					     .bind_only = run->first_ms && !run->back->echoes };

	responder_try(ports, count, &plan, &run->until);
}

/* One that sends RTP back must do so everywhere: STUN alone is not voice. */
static void learn(struct run *run, const struct responder_port *ports, size_t count)
{
	for (size_t i = 0; i < count; i++)
		run->back->echoes |= ports[i].echoed;
	for (size_t i = 0; i < count; i++) {
		struct media_port *port = media_port_add(&run->back->seen, ports[i].port);

		if (!port)
			continue;
		port->reached = port->answered =
			run->back->echoes ? ports[i].echoed : ports[i].bound;
		port->rejected = !port->reached;
	}
}

static unsigned patience(const struct responder_port *ports, size_t count)
{
	int64_t slowest = 1;

	for (size_t i = 0; i < count; i++)
		if (ports[i].took_ms > slowest)
			slowest = ports[i].took_ms;
	slowest = 2 * slowest + FIRST_LEAST_MS / 2;
	return slowest < FIRST_LEAST_MS  ? FIRST_LEAST_MS
	       : slowest > FIRST_MOST_MS ? FIRST_MOST_MS
					 : (unsigned)slowest;
}

/* False: not even its main port answers. */
static bool look(struct run *run)
{
	struct responder_port ports[PORTS_AT_ONCE] = { 0 };
	struct media_seen *seen = &run->back->seen;
	const size_t count = seen->count;
	bool alive = false;

	for (size_t i = 0; i < count; i++)
		ports[i].port = seen->port[i].port;
	ports[count].port = addr_port(&run->back->server);
	ask(run, ports, count + 1);
	for (size_t i = 0; i <= count; i++)
		alive |= ports[i].bound || ports[i].echoed;
	run->first_ms = patience(ports, count + 1);
	learn(run, ports, count);
	return alive;
}

/* --- where the silent ports begin and end --- */

/* One port between each two neighbours of which one is silent. */
static size_t pick_between(const struct media_seen *seen,
			   struct responder_port ports[static PORTS_AT_ONCE])
{
	size_t count = 0;

	for (size_t i = 1; i < seen->count && count < PORTS_AT_ONCE; i++) {
		const struct media_port *a = &seen->port[i - 1], *b = &seen->port[i];
		const int gap = b->port - a->port;

		if (a->reached != b->reached && gap > 2)
			ports[count++].port = (uint16_t)(a->port + (gap + 2) / 4 * 2);
	}
	return count;
}

static void narrow(struct run *run)
{
	while (!deadline_passed(&run->until)) {
		struct responder_port ports[PORTS_AT_ONCE] = { 0 };
		const size_t count = pick_between(&run->back->seen, ports);

		if (!count || run->back->seen.count + count > MEDIA_PORTS_MAX)
			return;
		ask(run, ports, count);
		if (deadline_passed(&run->until))
			return; /* whoever had no time to answer is not silent */
		learn(run, ports, count);
	}
}

/* --- the whole --- */

static bool is_all_open(const struct media_seen *seen)
{
	for (size_t i = 0; i < seen->count; i++)
		if (!seen->port[i].reached)
			return false;
	return true;
}

static bool is_any_open(const struct media_seen *seen)
{
	for (size_t i = 0; i < seen->count; i++)
		if (seen->port[i].reached)
			return true;
	return false;
}

/* It refused some: it does not listen there, which says nothing of the way back. */
static bool is_refused(const struct media_seen *there)
{
	for (size_t i = 0; i < there->count; i++)
		if (there->port[i].reached && !there->port[i].answered)
			return true;
	return false;
}

/* A responder answers on all its ports, so one that is silent though packets come past all routers
 * leaves the way out in no doubt, as it would with a server of which nothing is known. */
static enum media_flow flow_there(const struct media_verdict *verdict)
{
	const unsigned *count = verdict->count;

	if (verdict->out == MEDIA_FLOW_UNKNOWN && count[MEDIA_PASSES] && !count[MEDIA_UNKNOWN] &&
	    !count[MEDIA_STOPPED] && !count[MEDIA_REJECTED])
		return MEDIA_OPEN;
	return verdict->out;
}

void ports_back_judge(struct ports_back *back)
{
	const bool some = is_any_open(&back->seen);

	back->out = back->in = MEDIA_FLOW_UNKNOWN;
	back->silent = (struct media_verdict){ 0 };
	if (back->err || !back->seen.count)
		return;
	if (is_all_open(&back->seen)) {
		back->out = back->in = MEDIA_OPEN;
		return;
	}
	ports_media_judge(&back->silent, &back->seen);
	if (!back->traced || back->there.err)
		return;
	back->out = flow_there(&back->there.verdict);
	if (back->out == MEDIA_OPEN && !is_refused(&back->there.seen))
		back->in = some ? MEDIA_PARTIAL : MEDIA_BLOCKED;
	else if (back->out == MEDIA_PARTIAL && some)
		back->in = MEDIA_PARTIAL;
}

static enum err open_socket(struct run *run, const struct site *site)
{
	struct udp_plan plan = { .device = site->interface };
	enum err err = udp_source_for(&plan.local, &run->back->server, plan.device);

	return err ? err : udp_open(&run->fd, &plan);
}

static void trace_there(struct ports_back *back, const struct site *site,
			const struct ports_media *media, struct sink *sink,
			const struct deadline *until)
{
	back->traced = true;
	if (!media->err && addr_same_host(&media->seen.target, &back->server))
		back->there = *media;
	else
		ports_media_towards(&back->there, site, &back->server, sink, until);
}

static enum err probe(struct ports_back *back, const struct site *site)
{
	struct run run = { .back = back, .fd = -1, .until = deadline_in(ALL_MS) };
	enum err err = open_socket(&run, site);

	if (!err && !look(&run))
		err = ERR_TIMEOUT;
	if (!err && is_any_open(&back->seen))
		narrow(&run);
	if (run.fd >= 0)
		close(run.fd);
	return err;
}

void ports_back_run(struct ports_back *out, const struct site *site,
		    const struct ports_media *media, struct sink *sink,
		    const struct deadline *until)
{
	const struct deadline names = deadline_in(NAMES_MS);

	*out = (struct ports_back){ .seen.first = site->rtp_first, .seen.last = site->rtp_last };
	out->err = ERR_NOT_FOUND;
	if (!site->responder.host || !site->rtp_first)
		return;
	sink_progress(sink, 0.8, N_("asking the responder on some of the ports for voice"));
	out->err = target_host(&out->server, site, &site->responder, STUN_PORT, &names);
	if (out->err == ERR_NOT_FOUND)
		out->err = ERR_UNREACHABLE; /* named, but of no address */
	out->seen.target = out->server;
	if (!out->err) {
		media_pick(&out->seen);
		out->err = probe(out, site);
	}
	if (!out->err && !is_all_open(&out->seen))
		trace_there(out, site, media, sink, until);
	ports_back_judge(out);
}
