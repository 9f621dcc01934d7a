/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/quality_stream.h"

#include <assert.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "check/responder.h"
#include "net/binding.h"
#include "net/udp.h"
#include "proto/stun.h"

enum {
	ATTRIBUTE_HEADER = 4,
	DRAIN_MAX = 64, /* datagrams read in one go: the clock has its turn, whatever pours in */
	CUT_OFF_LEAST = 50, /* packets in a row to the end: a second */
	US = 1000,
	BESIDE_US = 1000,
	ECHO_MS = 3000,
	RTP_NUMBER_AT = 2,
	RTP_VERSION = 2,
	DATAGRAM_MAX = 2048,
};

int64_t quality_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* What is the same for all packets of a run. */
struct run {
	struct quality_stream *stream;
	const struct quality_plan *plan;
	int fd;
	struct stun_id id; /* random; the packet's number stands in its last bytes */
	uint32_t ssrc;     /* random too */
	int64_t begun_us;
};

static struct stun_id packet_id(const struct run *run, size_t number)
{
	struct stun_id id = run->id;

	id.bytes[STUN_ID - 2] = (uint8_t)(number >> 8);
	id.bytes[STUN_ID - 1] = (uint8_t)number;
	return id;
}

/* SOFTWARE fills it up: PADDING (RFC 5780) must be understood, and many a server does not. */
static enum err make_packet(struct buf *out, const struct run *run, size_t number)
{
	static const uint8_t filling[QUALITY_BYTES - STUN_HEADER - ATTRIBUTE_HEADER] = "earshot";
	const struct stun_id id = packet_id(run, number);
	const enum err err = stun_begin(out, STUN_REQUEST, STUN_BINDING, &id);

	return err ? err : stun_add(out, STUN_SOFTWARE, slice_of(filling, sizeof filling));
}

static enum err make_rtp(struct buf *out, const struct run *run, size_t number)
{
	uint8_t packet[RESPONDER_BYTES];

	responder_rtp(packet, run->ssrc, (uint16_t)number);
	return buf_add(out, packet, sizeof packet);
}

/* RFC 7982: the sendings of one request, counted from 1 in a byte. */
static_assert(QUALITY_PACKETS / 2 <= UINT8_MAX, "one request is enough for half the packets");

static bool is_counted(const struct run *run, size_t number)
{
	return run->plan->echo && run->stream->counts && number % 2;
}

static enum err make_counted(struct buf *out, const struct run *run, size_t number)
{
	static const uint8_t filling[QUALITY_BYTES - STUN_HEADER - 3 * ATTRIBUTE_HEADER] =
		"earshot";
	const uint32_t count = (uint32_t)(number / 2 + 1) * RESPONDER_COUNT_ONE;
	enum err err = stun_begin(out, STUN_REQUEST, STUN_BINDING, &run->id);

	if (!err)
		err = stun_add_be32(out, STUN_TRANSMIT_COUNTER, count);
	return err ? err : stun_add(out, STUN_SOFTWARE, slice_of(filling, sizeof filling));
}

static enum err make_any(struct buf *out, const struct run *run, size_t number)
{
	if (is_counted(run, number))
		return make_counted(out, run, number);
	return run->plan->echo ? make_rtp(out, run, number) : make_packet(out, run, number);
}

static void send_packet(struct run *run)
{
	struct quality_stream *stream = run->stream;
	struct buf packet;
	enum err err;

	buf_init(&packet, STUN_MAX);
	err = make_any(&packet, run, stream->sent);
	if (!err)
		err = udp_send(run->fd, &stream->server, packet.data, packet.length);
	/* A full queue is a packet lost, as it would be for a phone. */
	if (err && err != ERR_TIMEOUT)
		stream->err = err;
	stream->packet[stream->sent++].sent_us = quality_now_us();
	buf_clear(&packet);
}

static void mark_come(struct quality_stream *stream, size_t number, int64_t came_us)
{
	if (stream->packet[number].came_us)
		stream->copies++;
	else
		stream->packet[number].came_us = came_us;
}

/* As it was, or it is not ours. */
static void take_echo(struct run *run, struct slice bytes, int64_t came_us)
{
	uint8_t packet[RESPONDER_BYTES];
	size_t number;

	if (bytes.left != sizeof packet)
		return;
	number = (size_t)bytes.at[RTP_NUMBER_AT] << 8 | bytes.at[RTP_NUMBER_AT + 1];
	responder_rtp(packet, run->ssrc, (uint16_t)number);
	if (number < run->stream->sent && !memcmp(packet, bytes.at, sizeof packet))
		mark_come(run->stream, number, came_us);
}

/* The answer to the latest sending says how many before it have come there. */
static void take_count(struct run *run, struct slice bytes, int64_t came_us)
{
	struct quality_stream *stream = run->stream;
	struct stun_message answer;
	size_t number;

	if (stun_decode(&answer, bytes.at, bytes.left) || answer.class != STUN_SUCCESS ||
	    memcmp(&run->id, &answer.id, sizeof answer.id) != 0 || !answer.has_counter ||
	    !answer.requests)
		return;
	number = 2 * (size_t)answer.requests - 1;
	if (number >= stream->sent)
		return;
	mark_come(stream, number, came_us);
	if (answer.requests > stream->asked) {
		stream->asked = answer.requests;
		stream->heard = answer.responses;
	}
}

static void take_answer(struct run *run, struct slice bytes, int64_t came_us)
{
	struct quality_stream *stream = run->stream;
	struct stun_message answer;
	struct stun_id id;
	size_t number;

	if (stun_decode(&answer, bytes.at, bytes.left) || answer.method != STUN_BINDING ||
	    (answer.class != STUN_SUCCESS && answer.class != STUN_ERROR))
		return;
	number = (size_t)answer.id.bytes[STUN_ID - 2] << 8 | answer.id.bytes[STUN_ID - 1];
	id = packet_id(run, number);
	if (number < stream->sent && !memcmp(&id, &answer.id, sizeof id))
		mark_come(stream, number, came_us);
}

static void take_any(struct run *run, struct slice bytes, int64_t came_us)
{
	if (!run->plan->echo)
		take_answer(run, bytes, came_us);
	else if (bytes.left && bytes.at[0] >> 6 == RTP_VERSION)
		take_echo(run, bytes, came_us);
	else if (run->stream->counts)
		take_count(run, bytes, came_us);
}

static void drain(struct run *run)
{
	uint8_t data[DATAGRAM_MAX];
	struct addr from;
	size_t length;

	udp_drop_errors(run->fd);
	for (int i = 0; i < DRAIN_MAX; i++) {
		const enum err err = udp_receive(data, sizeof data, &length, &from, run->fd);

		if (err == ERR_FULL)
			continue;
		if (err)
			return;
		if (addr_equal(&from, &run->stream->server))
			take_any(run, slice_of(data, length), quality_now_us());
	}
}

static void receive_until(struct run *run, int64_t until_us)
{
	const struct quality_plan *plan = run->plan;
	struct pollfd poll_fd = { .fd = run->fd, .events = POLLIN };
	int64_t left_us;

	while ((left_us = until_us - quality_now_us()) > 0) {
		if (plan->beside && left_us > BESIDE_US)
			left_us = BESIDE_US;
		const struct timespec left = { .tv_sec = (time_t)(left_us / 1000000),
					       .tv_nsec = (long)(left_us % 1000000) * 1000 };

		if (ppoll(&poll_fd, 1, &left, NULL) > 0)
			drain(run);
		if (plan->beside)
			plan->beside(run->stream, plan->context);
	}
}

/* Each at its own moment, so that what one costs does not delay the others. */
static void run_stream(struct run *run, struct sink *sink)
{
	const size_t packets = run->plan->packets;

	run->begun_us = quality_now_us();
	for (size_t i = 0; i < packets && !run->stream->err; i++) {
		receive_until(run, run->begun_us + (int64_t)i * QUALITY_INTERVAL_MS * US);
		send_packet(run);
		if (sink && i % (1000 / QUALITY_INTERVAL_MS) == 0)
			sink_progress(sink, 0.1 + 0.8 * (double)i / (double)packets, NULL);
	}
	receive_until(run, quality_now_us() + (int64_t)run->plan->last_ms * US);
}

/* What is shown to a responder counts for the socket that showed it. */
static enum err ask_for_echo(int fd, struct quality_stream *out, const struct quality_plan *plan)
{
	const struct deadline until = deadline_in(ECHO_MS);
	const struct responder_plan ask = { .fd = fd, .server = plan->server };
	struct responder_port port = { .port = addr_port(&plan->server) };

	responder_try(&port, 1, &ask, &until);
	out->counts = port.counts;
	return port.echoed ? ERR_NONE : ERR_REFUSED;
}

enum err quality_open(int *fd, struct quality_stream *out, const struct quality_plan *plan, int tos)
{
	struct udp_plan socket_plan = { .device = plan->device };
	enum err err = udp_source_for(&socket_plan.local, &plan->server, plan->device);

	*fd = -1;
	if (!err)
		err = udp_open(fd, &socket_plan);
	if (!err)
		err = udp_local(&out->local, *fd);
	if (!err)
		err = udp_set_tos(*fd, addr_family(&plan->server), tos);
	return !err && plan->echo ? ask_for_echo(*fd, out, plan) : err;
}

void quality_stream_run(struct quality_stream *out, const struct quality_plan *plan,
			struct sink *sink)
{
	struct run run = { .stream = out, .plan = plan, .id = binding_id() };

	memcpy(&run.ssrc, run.id.bytes, sizeof run.ssrc);
	*out = (struct quality_stream){ .server = plan->server, .echoed = plan->echo };
	out->err = quality_open(&run.fd, out, plan, QUALITY_TOS_EF);
	if (!out->err)
		run_stream(&run, sink);
	if (run.fd >= 0)
		close(run.fd);
}

static int by_value(const void *a, const void *b)
{
	const double one = *(const double *)a, two = *(const double *)b;

	return (one > two) - (one < two);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, by_value);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* In the order they came, as RFC 3550, 6.4.1 counts it: by how much the spacing changed. */
static double jitter_of(const struct quality_stream *stream)
{
	double jitter = 0, last = 0;
	bool first = true;

	for (size_t i = 0; i < stream->sent; i++) {
		const struct quality_packet *packet = &stream->packet[i];
		const double transit = (double)(packet->came_us - packet->sent_us) / US;

		if (!packet->came_us)
			continue;
		if (!first)
			jitter += (fabs(transit - last) - jitter) / 16;
		last = transit;
		first = false;
	}
	return jitter;
}

static bool is_cut_off(const struct quality_stream *stream, size_t came)
{
	size_t silent = 0;

	while (silent < stream->sent && !stream->packet[stream->sent - 1 - silent].came_us)
		silent++;
	return came && silent >= CUT_OFF_LEAST;
}

/* What the responder says is taken only where it can be so. */
static void split_loss(struct quality_figures *out, const struct quality_stream *stream)
{
	size_t came = 0;

	for (size_t i = 1; i < stream->sent && i / 2 < stream->asked; i += 2)
		came += stream->packet[i].came_us != 0;
	if (!stream->asked || stream->heard > stream->asked || stream->heard < came)
		return;
	out->counted = stream->asked;
	out->lost_out = stream->asked - stream->heard;
	out->lost_in = stream->heard - came;
}

void quality_figures(struct quality_figures *out, const struct quality_stream *stream)
{
	double rtt[QUALITY_PACKETS];

	*out = (struct quality_figures){ .sent = stream->sent };
	for (size_t i = 0; i < stream->sent; i++) {
		const struct quality_packet *packet = &stream->packet[i];

		if (packet->came_us)
			rtt[out->came++] = (double)(packet->came_us - packet->sent_us) / US;
	}
	if (stream->sent)
		out->loss_pct = 100.0 * (double)(stream->sent - out->came) / (double)stream->sent;
	if (!out->came)
		return;
	out->rtt_ms = median(rtt, out->came);
	out->jitter_ms = jitter_of(stream);
	out->cut_off = is_cut_off(stream, out->came);
	split_loss(out, stream);
}

double quality_delay_ms(const struct quality_figures *figures)
{
	return figures->rtt_ms / 2 + QUALITY_INTERVAL_MS + 2 * figures->jitter_ms;
}

double quality_rounded(double value)
{
	return (double)(long)(value * 10 + 0.5) / 10;
}
