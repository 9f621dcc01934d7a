/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/quality_load.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/mem.h"
#include "check/responder.h"
#include "net/udp.h"

enum {
	US = 1000,
	HEADERS = 28,  /* IPv4 and UDP */
	PACKET = 1200, /* no path cuts it up */
	STREAM_BYTES = 2 * LOAD_PACKETS * (QUALITY_BYTES + HEADERS),
	ASKING_BYTES = 2 * 2 * 20 * (RESPONDER_BYTES + HEADERS), /* what both sockets say first */
	LOAD_BYTES = (LOAD_MOST_BYTES - STREAM_BYTES - ASKING_BYTES) / 2,
	STEP_MS = 200,
	AT_ONCE = 16,    /* packets between two looks at the stream's own */
	ENOUGH_MS = 500, /* the round trip has grown so much: the queue is long enough */
	LAST_MS = 1500,  /* for what still stands in it */
	NINE_TENTHS = 10,
};

/* In Mbit/s, the last to the end. A slow line is full soon and gets no more, a fast one needs much
 * in little time. */
static const unsigned steps[] = { 2, 4, 8, 16, 32 };

struct load {
	int fd;
	const struct addr *server;
	double idle_ms;
	int64_t begun_us, ended_us; /* 0: not yet */
	size_t bytes;
};

static unsigned step_at(int64_t after_us)
{
	const size_t last = sizeof steps / sizeof *steps - 1;
	const size_t step = (size_t)(after_us / (STEP_MS * US));

	return steps[step < last ? step : last];
}

/* A Mbit/s is an eighth of a byte a microsecond. */
size_t quality_load_due(int64_t after_us)
{
	int64_t bytes = 0, at = 0;

	for (; at + STEP_MS * US < after_us && bytes < LOAD_BYTES; at += STEP_MS * US)
		bytes += step_at(at) * (int64_t)STEP_MS * US / 8;
	if (after_us > at)
		bytes += step_at(at) * (after_us - at) / 8;
	return bytes < LOAD_BYTES ? (size_t)bytes : LOAD_BYTES;
}

/* The newest that came back was late by so much, or one that old has not come. */
static bool is_full(const struct quality_stream *stream, const struct load *load)
{
	const double most_us = (load->idle_ms + ENOUGH_MS) * US;

	for (size_t i = stream->sent; i-- > 0;) {
		const struct quality_packet *packet = &stream->packet[i];
		const int64_t end_us = packet->came_us ? packet->came_us : quality_now_us();

		if ((double)(end_us - packet->sent_us) > most_us)
			return true;
		if (packet->came_us)
			return false;
	}
	return false;
}

/* What comes back has done its part. */
static void drop_echoes(int fd)
{
	uint8_t data[2048];
	struct addr from;
	size_t length;

	udp_drop_errors(fd);
	for (int i = 0; i < 2 * AT_ONCE; i++) {
		const enum err err = udp_receive(data, sizeof data, &length, &from, fd);

		if (err && err != ERR_FULL)
			return;
	}
}

static bool send_load(struct load *load)
{
	static const uint8_t packet[PACKET] = { 0x80 }; /* RFC 3550, 5.1: version 2 */

	if (udp_send(load->fd, load->server, packet, sizeof packet))
		return false;
	load->bytes += PACKET + HEADERS;
	return true;
}

static void load_beside(const struct quality_stream *stream, void *context)
{
	struct load *load = context;
	const int64_t now = quality_now_us();
	size_t due;

	drop_echoes(load->fd);
	if (load->ended_us)
		return;
	if (!load->begun_us)
		load->begun_us = now;
	due = quality_load_due(now - load->begun_us);
	for (int i = 0; i < AT_ONCE && load->bytes + PACKET + HEADERS <= due; i++)
		if (!send_load(load))
			break;
	if (load->bytes + PACKET + HEADERS > LOAD_BYTES || is_full(stream, load))
		load->ended_us = quality_now_us();
}

static int by_value(const void *a, const void *b)
{
	const double one = *(const double *)a, two = *(const double *)b;

	return (one > two) - (one < two);
}

void quality_load_figures(struct quality_load *out, const struct quality_stream *stream,
			  int64_t begun_us, int64_t ended_us)
{
	double rtt[QUALITY_PACKETS];

	for (size_t i = 0; i < stream->sent; i++) {
		const struct quality_packet *packet = &stream->packet[i];

		if (packet->sent_us < begun_us || packet->sent_us > ended_us)
			continue;
		out->asked++;
		if (packet->came_us)
			rtt[out->came++] = (double)(packet->came_us - packet->sent_us) / US;
	}
	if (!out->came)
		return;
	qsort(rtt, out->came, sizeof *rtt, by_value);
	out->rtt_ms = rtt[out->came - 1 - out->came / NINE_TENTHS];
}

static size_t stream_bytes(const struct quality_stream *stream)
{
	size_t packets = stream->sent + stream->copies;

	for (size_t i = 0; i < stream->sent; i++)
		packets += stream->packet[i].came_us != 0;
	return packets * (QUALITY_BYTES + HEADERS);
}

static void run_beside(struct quality_load *out, struct load *load, const struct quality_plan *plan)
{
	struct quality_stream *stream = mem_new(1, sizeof *stream);

	quality_stream_run(stream, plan, NULL);
	out->err = stream->err;
	if (!load->ended_us)
		load->ended_us = quality_now_us();
	out->sent_bytes = load->bytes;
	out->bytes = 2 * load->bytes + stream_bytes(stream); /* all that may have come back */
	out->seconds = (double)(load->ended_us - load->begun_us) / 1000000;
	out->top_mbit = step_at(load->ended_us - load->begun_us);
	quality_load_figures(out, stream, load->begun_us, load->ended_us);
	free(stream);
}

/* Two sockets: where the queue is fair to every flow, that of voice is none of the upload's. */
void quality_load_run(struct quality_load *out, const struct addr *server, const char *device,
		      double idle_ms)
{
	struct load load = { .server = server, .idle_ms = idle_ms };
	const struct quality_plan plan = { .server = *server,
					   .device = device,
					   .packets = LOAD_PACKETS,
					   .last_ms = LAST_MS,
					   .echo = true,
					   .beside = load_beside,
					   .context = &load };
	struct quality_stream *asked = mem_new(1, sizeof *asked);

	*out = (struct quality_load){ 0 };
	out->err = quality_open(&load.fd, asked, &plan, 0);
	free(asked);
	if (!out->err)
		run_beside(out, &load, &plan);
	if (load.fd >= 0)
		close(load.fd);
}

static void find_bufferbloat(const struct quality_load *load, const struct addr *server,
			     double idle_ms, struct sink *sink)
{
	struct finding *finding = finding_new("bufferbloat");
	char text[ADDR_TEXT];

	finding_evidence(finding,
			 _("The round trip to %s takes %.0f ms while the line is idle, and up to "
			   "%.0f ms while data is sent beside the voice."),
			 addr_text(text, server), idle_ms, load->rtt_ms);
	finding_evidence(finding,
			 _("%zu kB were sent in %.1f s, at up to %.0f Mbit/s, for it to send back; "
			   "%zu of %zu voice packets got lost meanwhile."),
			 load->sent_bytes / 1000, load->seconds, load->top_mbit,
			 load->asked - load->came, load->asked);
	sink_finding_take(sink, finding);
}

/* Packets that never came say nothing of how long they would have taken. */
void quality_load_report(const struct quality_load *load, const struct addr *server, double idle_ms,
			 struct sink *sink)
{
	if (load->err || !load->came)
		return;
	sink_fact_number(sink, "quality.loaded-rtt-ms", quality_rounded(load->rtt_ms));
	if (load->rtt_ms - idle_ms >= LOAD_RISE_MS)
		find_bufferbloat(load, server, idle_ms, sink);
}
