/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/stream.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/stream_parts.h"
#include "base/mem.h"

enum {
	GOOD_UNKNOWN = 3,  /* steps that make sure, where nobody described the flow */
	GOOD_EXPECTED = 1, /* and where somebody did, with other payload types */
	STEP_SEQ = 10,
	STEP_TIME = 480000, /* ticks; 10 s of 48 kHz */
	STRAY_SEQ = 100,
	SOME = 16,      /* packets by which a stream goes before those that have fewer */
	LOOKED_AT = 64, /* streams, to find one that was silent for long */
	LAST_STATIC = 34,
	FIRST_DYNAMIC = 96,
};

static const int64_t step_ns = 2000000000;
/* Media may come before the message that announces it; what was silent for so long had ended. */
static const int64_t still_ns = PACKET_SECOND / 4;
/* A candidate that was silent for so long will be none. What looks like RTP by its first byte alone
 * would else fill all the places, and with them the processor's cache. */
static const int64_t candidate_ns = 10 * (int64_t)PACKET_SECOND;

struct streams {
	struct stream_table *table;
	struct hints *hints;
	struct stream_entry *candidate[CANDIDATES_MAX];
	size_t next_candidate, oldest_candidate; /* count up; the place is what is left over */
	size_t sure;                             /* entries that are streams */
	size_t hand;                             /* where eviction looks next */
	uint64_t overflow;
};

struct streams *streams_new(void)
{
	struct streams *streams = mem_new(1, sizeof *streams);

	streams->table = stream_table_new();
	streams->hints = hints_new(stream_table_secret(streams->table));
	return streams;
}

void streams_free(struct streams *streams)
{
	if (!streams)
		return;
	stream_table_free(streams->table);
	hints_free(streams->hints);
	free(streams);
}

/* --- coming and going --- */

static void forget(struct streams *streams, struct stream_entry *entry)
{
	if (entry->track.sure)
		streams->sure--;
	else
		streams->candidate[entry->slot] = NULL;
	stream_table_remove(streams->table, entry);
}

/* Some with each that comes, so that they go faster than they come. */
static void forget_old_candidates(struct streams *streams, int64_t ns)
{
	enum { AT_ONCE = 4 };

	for (unsigned i = 0; i < AT_ONCE; i++) {
		struct stream_entry *entry =
			streams->candidate[streams->oldest_candidate % CANDIDATES_MAX];

		if (streams->oldest_candidate == streams->next_candidate ||
		    (entry && ns - entry->track.last_ns < candidate_ns))
			return;
		if (entry)
			forget(streams, entry);
		streams->oldest_candidate++;
	}
}

static void add_candidate(struct streams *streams, struct stream_entry *entry)
{
	const size_t slot = streams->next_candidate % CANDIDATES_MAX;

	if (streams->next_candidate++ - streams->oldest_candidate == CANDIDATES_MAX) {
		if (streams->candidate[slot])
			forget(streams, streams->candidate[slot]);
		streams->oldest_candidate++;
	}
	streams->candidate[slot] = entry;
	entry->slot = slot;
}

static void evict(struct streams *streams)
{
	const size_t count = stream_table_count(streams->table);
	struct stream_entry *idle = NULL;

	for (size_t looked = 0, i = 0; i < count && (looked < LOOKED_AT || !idle); i++) {
		struct stream_entry *entry =
			stream_table_at(streams->table, streams->hand++ % count);

		if (!entry->track.sure)
			continue;
		looked++;
		if (!idle || entry->track.last_ns < idle->track.last_ns)
			idle = entry;
	}
	if (!idle)
		return;
	streams->overflow++;
	forget(streams, idle);
}

static void make_sure(struct streams *streams, struct stream_entry *entry)
{
	if (streams->sure == STREAMS_MAX)
		evict(streams);
	streams->candidate[entry->slot] = NULL;
	entry->track.sure = true;
	streams->sure++;
}

/* --- is it RTP? --- */

static bool is_described(const struct streams *streams, const struct stream_entry *entry,
			 unsigned payload_type)
{
	return hint_codec(hints_find(streams->hints, &entry->seen.dst), payload_type) ||
	       hint_codec(hints_find(streams->hints, &entry->seen.src), payload_type);
}

static bool is_expected(const struct streams *streams, const struct datagram *datagram)
{
	return hints_find(streams->hints, &datagram->dst) ||
	       hints_find(streams->hints, &datagram->src);
}

static bool is_plausible_type(unsigned payload_type)
{
	return payload_type <= LAST_STATIC || payload_type >= FIRST_DYNAMIC;
}

/* Sequence numbers that go on by little, timestamps that do not go back, without long pauses. */
static void judge_step(struct stream_entry *entry, const struct rtp *rtp, int64_t ns)
{
	const struct track *track = &entry->track;
	const int16_t ahead = (int16_t)(uint16_t)(rtp->seq - (uint16_t)track->top);
	const int32_t step = (int32_t)(rtp->timestamp - track->last_timestamp);

	if (ahead > STRAY_SEQ || ahead < -STRAY_SEQ) {
		stream_restart(entry);
	} else if (ahead >= 1 && ahead <= STEP_SEQ && step >= 0 && step <= STEP_TIME &&
		   ns - track->last_ns <= step_ns) {
		entry->good++;
		entry->moved |= step > 0;
	}
}

static bool is_sure(const struct streams *streams, const struct stream_entry *entry,
		    const struct rtp *rtp, const struct datagram *datagram)
{
	if (is_described(streams, entry, rtp->payload_type))
		return true;
	if (is_expected(streams, datagram))
		return entry->good >= GOOD_EXPECTED;
	return entry->good >= GOOD_UNKNOWN && entry->moved;
}

/* True: it became a stream with this packet. */
SELDOM static bool count_candidate(struct streams *streams, struct stream_entry *entry,
				   const struct rtp *rtp, const struct datagram *datagram)
{
	if (entry->track.packets)
		judge_step(entry, rtp, datagram->ns);
	stream_count(entry, streams->hints, rtp, datagram);
	if (!is_sure(streams, entry, rtp, datagram))
		return false;
	make_sure(streams, entry);
	return true;
}

/* NULL: not worth one. */
SELDOM static struct stream_entry *new_candidate(struct streams *streams, const struct rtp *rtp,
						 const struct datagram *datagram)
{
	struct stream_entry *entry;

	if (!is_plausible_type(rtp->payload_type) && !is_expected(streams, datagram))
		return NULL;
	forget_old_candidates(streams, datagram->ns);
	entry = stream_table_add(streams->table, datagram, rtp->ssrc);
	add_candidate(streams, entry);
	return entry;
}

static bool take_rtp(struct streams *streams, const struct datagram *datagram)
{
	struct rtp rtp;
	struct stream_entry *entry;

	if (rtp_read(&rtp, datagram->payload, datagram->wire))
		return false;
	entry = stream_table_meet(streams->table, datagram, rtp.ssrc);
	if (entry && entry->track.sure) {
		stream_count(entry, streams->hints, &rtp, datagram);
		if (entry->track.packets == SOME)
			stream_table_prefer(streams->table, entry);
		return true;
	}
	if (!entry)
		entry = new_candidate(streams, &rtp, datagram);
	return entry && count_candidate(streams, entry, &rtp, datagram);
}

/* --- RTCP --- */

/* The stream that a report is about goes the other way, between the same ports or those below
 * (RFC 3550, 11). */
static struct stream_entry *reported_stream(const struct streams *streams,
					    const struct datagram *datagram, uint32_t about,
					    uint16_t down)
{
	struct datagram flow = { .src = datagram->dst, .dst = datagram->src, .via = datagram->via };
	struct stream_entry *entry;

	flow.src.port = (uint16_t)(flow.src.port - down);
	flow.dst.port = (uint16_t)(flow.dst.port - down);
	entry = stream_table_find(streams->table, &flow, about);
	return entry && entry->track.sure ? entry : NULL;
}

SELDOM static bool take_rtcp(const struct streams *streams, const struct datagram *datagram)
{
	struct rtcp rtcp;

	if (rtcp_read(&rtcp, datagram->payload))
		return false;
	for (size_t i = 0; i < rtcp.report_count; i++) {
		const struct rtcp_report *report = &rtcp.report[i];
		struct stream_entry *entry = reported_stream(streams, datagram, report->about, 1);

		if (!entry)
			entry = reported_stream(streams, datagram, report->about, 0);
		if (entry) {
			entry->seen.reported = true;
			entry->seen.last_report = *report;
		}
	}
	return true;
}

bool streams_datagram(struct streams *streams, const struct datagram *datagram)
{
	const struct slice payload = datagram->payload;

	if (datagram->tcp || payload.left < 8 || payload.at[0] >> 6 != 2)
		return false;
	/* Packet types 192 to 223 (RFC 5761, 4). */
	if (payload.at[1] >> 5 == 6)
		return take_rtcp(streams, datagram);
	return take_rtp(streams, datagram);
}

/* --- what others tell and ask --- */

static void learn(struct stream_entry *entry, void *context)
{
	struct streams *streams = context;

	stream_learn(entry, streams->hints);
	if (!entry->track.sure && is_described(streams, entry, entry->track.payload_type))
		make_sure(streams, entry);
}

void streams_expect(struct streams *streams, const struct endpoint *at,
		    const struct sdp_media *media, int64_t ns)
{
	(void)ns;
	if (!endpoint_is_set(at) || !at->port)
		return;
	hints_add(streams->hints, at, media);
	stream_table_with(streams->table, at, learn, streams);
}

struct ending {
	struct stream_table *table;
	int64_t ns;
};

static void end_before(struct stream_entry *entry, void *context)
{
	const struct ending *ending = context;

	if (entry->track.sure && entry->track.last_ns < ending->ns - still_ns)
		stream_table_end(ending->table, entry);
}

void streams_of_call(struct streams *streams, const struct endpoint *at, const void *call,
		     int64_t began_ns)
{
	struct ending ending = { streams->table, began_ns };

	hints_of_call(streams->hints, at, call, began_ns);
	stream_table_with(streams->table, at, end_before, &ending);
}

const void *streams_owner(int64_t *began_ns, const struct streams *streams,
			  const struct stream *stream)
{
	const struct hint *src = hints_find(streams->hints, &stream->src);
	const struct hint *dst = hints_find(streams->hints, &stream->dst);

	if (!src || !dst || src->call != dst->call)
		return NULL;
	*began_ns = src->began_ns;
	return src->call;
}

struct asker {
	void (*each)(struct stream *stream, void *context);
	void *context;
};

static void ask(struct stream_entry *entry, void *context)
{
	const struct asker *asker = context;

	if (!entry->track.sure)
		return;
	stream_settle(entry);
	asker->each(&entry->seen, asker->context);
}

void streams_with(struct streams *streams, const struct endpoint *at,
		  void (*each)(struct stream *stream, void *context), void *context)
{
	struct asker asker = { each, context };

	stream_table_with(streams->table, at, ask, &asker);
}

/* Backwards: one that is forgotten gets the last one's place, which was asked before. */
void streams_each(struct streams *streams, bool (*each)(struct stream *stream, void *context),
		  void *context)
{
	for (size_t i = stream_table_count(streams->table); i-- > 0;) {
		struct stream_entry *entry = stream_table_at(streams->table, i);

		if (!entry->track.sure)
			continue;
		stream_settle(entry);
		if (!each(&entry->seen, context))
			forget(streams, entry);
	}
}

size_t streams_count(const struct streams *streams)
{
	return streams->sure;
}

uint64_t streams_overflow(const struct streams *streams)
{
	return streams->overflow;
}

/* --- what a stream's figures say --- */

uint64_t stream_lost(const struct stream *stream)
{
	const uint64_t came = stream->packets - stream->duplicates;

	return stream->expected > came ? stream->expected - came : 0;
}

double stream_loss_pct(const struct stream *stream)
{
	return stream->expected ? 100 * (double)stream_lost(stream) / (double)stream->expected : 0;
}

const struct stream_type *stream_voice(const struct stream *stream)
{
	return stream->voice < stream->type_count ? &stream->type[stream->voice] : NULL;
}

bool stream_is_silent(bool *known, const struct stream *stream)
{
	*known = stream->heard > 0;
	return stream->heard > 0 && !stream->sounding;
}
