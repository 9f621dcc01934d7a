/* SPDX-License-Identifier: GPL-3.0-or-later */
/* generate [OPTION...] CAPTURE TRUTH: a capture as large as one likes, in seconds, and beside it as
 * JSON what was put into it. As many calls live at any time as was asked for: where one ends, the
 * next begins, so that what a reader must remember does not grow with the file.
 *
 * Ethernet, IPv4, UDP; SIP for each call, G.711 both ways, 50 packets a second; some packets lost,
 * some twice, some after the next one, some other
 * traffic between. All of it comes of the seed. */
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TICK_US = 20000,
	SAMPLES = 160,
	HEADERS = 14 + 20 + 8, /* Ethernet, IPv4, UDP */
	INVITE = 0,            /* ticks of a call */
	RINGING = 2,
	ANSWER = 8,
	TALK = 10,
	START_S = 1767258000, /* 2026-01-01 09:00 UTC */
	LIVE_MAX = 20000,
	TEXT_MAX = 1400,
};

struct options {
	size_t live;
	unsigned call_ticks;
	uint64_t bytes;
	double loss, reorder, duplicate, noise; /* per cent of the packets */
	uint64_t seed;
};

struct direction {
	uint32_t ssrc, timestamp;
	uint16_t sequence;
	bool held; /* a packet waits for the next one to go first */
	uint16_t held_sequence;
	uint32_t held_timestamp;
	unsigned sent, lost, reordered, duplicates;
};

struct call {
	uint64_t number;
	unsigned tick; /* of its own; the first ones ring */
	unsigned ends, offset_us;
	uint32_t phone, server;
	uint16_t phone_port, server_port;
	struct direction out, in;
};

struct generator {
	struct options options;
	FILE *capture, *truth;
	uint64_t random, written, packets, rtp, noise, calls_begun, calls_told;
	struct call *calls;
	uint8_t voice[8000 + SAMPLES];
	uint64_t now_us;
};

/* xorshift64*: fast, and the same everywhere. */
static uint64_t random_next(struct generator *g)
{
	g->random ^= g->random >> 12;
	g->random ^= g->random << 25;
	g->random ^= g->random >> 27;
	return g->random * 0x2545F4914F6CDD1DULL;
}

static bool chance(struct generator *g, double per_cent)
{
	return (double)(random_next(g) >> 11) / 9007199254740992.0 * 100 < per_cent;
}

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static void write_out(struct generator *g, const void *data, size_t size)
{
	if (fwrite(data, 1, size, g->capture) != size)
		fail("capture");
	g->written += size;
}

static unsigned ip_checksum(const uint8_t *header)
{
	unsigned sum = 0;

	for (size_t i = 0; i < 20; i += 2)
		sum += (unsigned)header[i] << 8 | header[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

struct way {
	uint32_t src, dst;
	uint16_t sport, dport;
	uint8_t protocol;
};

/* A frame with room for the headers before `size` bytes. The UDP checksum is left out, as RFC 768
 * lets one; TCP's is wrong, as with an offloading card. */
static void packet(struct generator *g, uint64_t at_us, const struct way *way, uint8_t *frame,
		   size_t size)
{
	unsigned transport = way->protocol == 6 ? 20 : 8;
	uint32_t record[4] = { (uint32_t)(START_S + at_us / 1000000), (uint32_t)(at_us % 1000000),
			       (uint32_t)(34 + transport + size),
			       (uint32_t)(34 + transport + size) };
	uint8_t *ip = frame + 14, *udp = ip + 20;

	memset(frame, 0, 34 + transport);
	memcpy(frame, "\x02\x04", 2);
	put32(frame + 2, way->dst);
	memcpy(frame + 6, "\x02\x04", 2);
	put32(frame + 8, way->src);
	put16(frame + 12, 0x0800);
	ip[0] = 0x45;
	ip[1] = 0xb8; /* EF */
	put16(ip + 2, (unsigned)(20 + transport + size));
	put16(ip + 4, (unsigned)(g->packets & 0xffff));
	ip[8] = 64;
	ip[9] = way->protocol;
	put32(ip + 12, way->src);
	put32(ip + 16, way->dst);
	put16(ip + 10, ip_checksum(ip));
	put16(udp, way->sport);
	put16(udp + 2, way->dport);
	if (way->protocol == 6) {
		put32(udp + 4, (uint32_t)(g->packets * 1400));
		udp[12] = 0x50;
		udp[13] = 0x10;
		put16(udp + 14, 65535);
	} else {
		put16(udp + 4, (unsigned)(8 + size));
	}
	write_out(g, record, sizeof record);
	write_out(g, frame, 34 + transport + size);
	g->packets++;
}

static const char *dotted(char text[16], uint32_t address)
{
	snprintf(text, 16, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
		 address & 255);
	return text;
}

static void sip(struct generator *g, const struct call *call, unsigned late_us, bool by_phone,
		const char *start, const char *cseq, bool description)
{
	uint8_t frame[HEADERS + TEXT_MAX];
	char body[400] = "", phone[16], server[16], *text = (char *)frame + HEADERS;
	struct way way = { .src = by_phone ? call->phone : call->server,
			   .dst = by_phone ? call->server : call->phone,
			   .sport = 5060,
			   .dport = 5060,
			   .protocol = 17 };
	int size;

	dotted(phone, call->phone);
	dotted(server, call->server);
	if (description)
		snprintf(body, sizeof body,
			 "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
			 "m=audio %u RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
			 "a=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n",
			 by_phone ? phone : server, by_phone ? phone : server,
			 by_phone ? call->phone_port : call->server_port);
	size = snprintf(text, TEXT_MAX,
			"%s\r\nVia: SIP/2.0/UDP %s:5060;branch=z9hG4bK-%llu-%s\r\n"
			"From: <sip:%llu@example.com>;tag=a%llu\r\nTo: <sip:echo@example.com>%s\r\n"
			"Call-ID: %llu@bench.example.com\r\nCSeq: %s\r\nContact: <sip:x@%s>\r\n"
			"%sContent-Length: %zu\r\n\r\n%s",
			start, phone, (unsigned long long)call->number, cseq,
			(unsigned long long)call->number, (unsigned long long)call->number,
			!strncmp(start, "INVITE", 6) || strstr(start, " 100 ") ? "" : ";tag=b",
			(unsigned long long)call->number, cseq, by_phone ? phone : server,
			description ? "Content-Type: application/sdp\r\n" : "", strlen(body), body);
	packet(g, g->now_us + call->offset_us + late_us, &way, frame, (size_t)size);
}

static void rtp_packet(struct generator *g, const struct call *call, bool out,
		       const struct direction *d, uint16_t sequence, uint32_t timestamp)
{
	uint8_t frame[HEADERS + 12 + SAMPLES], *rtp = frame + HEADERS;
	struct way way = { .src = out ? call->phone : call->server,
			   .dst = out ? call->server : call->phone,
			   .sport = out ? call->phone_port : call->server_port,
			   .dport = out ? call->server_port : call->phone_port,
			   .protocol = 17 };

	rtp[0] = 0x80;
	rtp[1] = 0;
	put16(rtp + 2, sequence);
	put32(rtp + 4, timestamp);
	put32(rtp + 8, d->ssrc);
	memcpy(rtp + 12, g->voice + timestamp % 8000, SAMPLES);
	packet(g, g->now_us + call->offset_us + (out ? 0 : 3), &way, frame, 12 + SAMPLES);
	g->rtp++;
}

/* The first and the last packets of a stream always arrive, in order: only what lies between two
 * numbers that were seen can be known as lost. */
static void rtp_send(struct generator *g, struct call *call, bool out, bool sheltered)
{
	struct direction *d = out ? &call->out : &call->in;

	if (!sheltered && !d->held && chance(g, g->options.loss)) {
		d->lost++;
	} else if (!sheltered && !d->held && chance(g, g->options.reorder)) {
		d->held = true;
		d->held_sequence = d->sequence;
		d->held_timestamp = d->timestamp;
	} else {
		rtp_packet(g, call, out, d, d->sequence, d->timestamp);
		d->sent++;
		if (!sheltered && !d->held && chance(g, g->options.duplicate)) {
			rtp_packet(g, call, out, d, d->sequence, d->timestamp);
			d->sent++;
			d->duplicates++;
		}
		if (d->held) {
			rtp_packet(g, call, out, d, d->held_sequence, d->held_timestamp);
			d->held = false;
			d->sent++;
			d->reordered++;
		}
	}
	d->sequence++;
	d->timestamp += SAMPLES;
}

static void noise(struct generator *g)
{
	uint8_t frame[HEADERS + 12 + 1200];
	bool tcp = random_next(g) & 1;
	struct way way = { .src = 0xc0a80000 | (uint32_t)(random_next(g) & 0xffff),
			   .dst = 0xcb007150,
			   .sport = (uint16_t)(49152 + random_next(g) % 10000),
			   .dport = tcp ? 443 : 53,
			   .protocol = tcp ? 6 : 17 };
	size_t size = tcp ? 1200 : 40;

	for (size_t i = 0; i < size; i += 8) {
		uint64_t value = random_next(g);

		memcpy(frame + 34 + (tcp ? 20 : 8) + i, &value, 8);
	}
	packet(g, g->now_us + random_next(g) % TICK_US, &way, frame, size);
	g->noise++;
}

static void call_begin(struct generator *g, struct call *call, size_t slot, bool first)
{
	*call = (struct call){ .number = g->calls_begun++,
			       .offset_us = (unsigned)(slot * TICK_US / g->options.live),
			       .ends = g->options.call_ticks,
			       .phone = 0x0a000000 | (uint32_t)(slot + 10),
			       .server = 0x0aff0000 | (uint32_t)(slot % 250 + 1) };
	/* Not all end at once: those of the beginning are cut short by different times. */
	if (first)
		call->ends = (unsigned)(20 + (call->ends - 20) * (slot + 1) / g->options.live);
	call->phone_port = (uint16_t)(10000 + 2 * (random_next(g) % 10000));
	call->server_port = (uint16_t)(30000 + 2 * (call->number % 15000));
	for (unsigned i = 0; i < 2; i++) {
		struct direction *d = i ? &call->in : &call->out;

		d->ssrc = (uint32_t)random_next(g);
		d->timestamp = (uint32_t)random_next(g);
		d->sequence = (uint16_t)random_next(g);
	}
}

static void call_tell(struct generator *g, const struct call *call)
{
	fprintf(g->truth, "%s\n {\"call_id\":\"%llu@bench.example.com\"",
		g->calls_told++ ? "," : "", (unsigned long long)call->number);
	for (unsigned i = 0; i < 2; i++) {
		const struct direction *d = i ? &call->in : &call->out;

		fprintf(g->truth,
			",\"%s\":{\"ssrc\":\"0x%08x\",\"packets\":%u,\"lost\":%u,"
			"\"reordered\":%u,\"duplicates\":%u}",
			i ? "in" : "out", d->ssrc, d->sent, d->lost, d->reordered, d->duplicates);
	}
	fputs("}", g->truth);
}

/* One tick of a call; true once it is over. */
static bool call_tick(struct generator *g, struct call *call)
{
	unsigned tick = call->tick++;

	if (tick == INVITE) {
		sip(g, call, 0, true, "INVITE sip:echo@example.com SIP/2.0", "1 INVITE", true);
		sip(g, call, 5, false, "SIP/2.0 100 Trying", "1 INVITE", false);
	} else if (tick == RINGING) {
		sip(g, call, 0, false, "SIP/2.0 180 Ringing", "1 INVITE", false);
	} else if (tick == ANSWER) {
		sip(g, call, 0, false, "SIP/2.0 200 OK", "1 INVITE", true);
		sip(g, call, 5, true, "ACK sip:echo@example.com SIP/2.0", "1 ACK", false);
	} else if (tick >= TALK && tick < call->ends) {
		bool sheltered = tick < TALK + 5 || tick + 5 > call->ends;

		rtp_send(g, call, true, sheltered);
		rtp_send(g, call, false, sheltered);
	} else if (tick >= call->ends) {
		sip(g, call, 0, true, "BYE sip:echo@example.com SIP/2.0", "2 BYE", false);
		sip(g, call, 5, false, "SIP/2.0 200 OK", "2 BYE", false);
		call_tell(g, call);
		return true;
	}
	return false;
}

/* The file is large enough: whoever talks has one more second. */
static void hurry(struct call *call)
{
	unsigned last = (call->tick > TALK ? call->tick : TALK) + 50;

	if (call->ends > last)
		call->ends = last;
}

/* Plays until the file is large enough, then lets those end that live. */
static void play(struct generator *g)
{
	size_t live = g->options.live;
	double noise_due = 0;

	for (size_t i = 0; i < live; i++)
		call_begin(g, &g->calls[i], i, true);
	for (; live > 0; g->now_us += TICK_US) {
		uint64_t before = g->packets;

		for (size_t i = 0; i < g->options.live; i++) {
			struct call *call = &g->calls[i];

			if (!call->ends)
				continue;
			if (g->written >= g->options.bytes)
				hurry(call);
			if (!call_tick(g, call))
				continue;
			if (g->written < g->options.bytes) {
				call_begin(g, call, i, false);
			} else {
				call->ends = 0;
				live--;
			}
		}
		noise_due += (double)(g->packets - before) * g->options.noise / 100;
		for (; noise_due >= 1; noise_due--)
			noise(g);
	}
}

/* Something that is not silence, in mu-law. */
static void make_voice(struct generator *g)
{
	for (size_t i = 0; i < sizeof g->voice; i++)
		g->voice[i] = (uint8_t)(0x80 | (0x10 + i * 7 % 48));
	for (size_t i = 0; i < sizeof g->voice; i += 2)
		g->voice[i] &= 0x7f;
}

static void usage(void)
{
	fputs("usage: generate [-c LIVE_CALLS] [-t SECONDS_A_CALL] [-b MEGABYTES] [-l LOSS%] [-r "
	      "REORDER%]\n"
	      "                [-d DUPLICATE%] [-n NOISE%] [-s SEED] CAPTURE TRUTH\n",
	      stderr);
	exit(2);
}

static struct options read_options(int argc, char **argv)
{
	struct options o = { .live = 100,
			     .call_ticks = 180 * 50,
			     .bytes = 300 * 1000000ULL,
			     .loss = 0.5,
			     .reorder = 0.2,
			     .duplicate = 0.1,
			     .noise = 5,
			     .seed = 1 };
	int option;

	while ((option = getopt(argc, argv, "c:t:b:l:r:d:n:s:")) != -1) {
		switch (option) {
		case 'c': o.live = strtoul(optarg, NULL, 10); break;
		case 't': o.call_ticks = (unsigned)strtoul(optarg, NULL, 10) * 50; break;
		case 'b': o.bytes = (uint64_t)(strtod(optarg, NULL) * 1e6); break;
		case 'l': o.loss = strtod(optarg, NULL); break;
		case 'r': o.reorder = strtod(optarg, NULL); break;
		case 'd': o.duplicate = strtod(optarg, NULL); break;
		case 'n': o.noise = strtod(optarg, NULL); break;
		case 's': o.seed = strtoull(optarg, NULL, 10); break;
		default: usage();
		}
	}
	if (argc - optind != 2 || !o.live || o.live > LIVE_MAX || o.call_ticks < 50)
		usage();
	return o;
}

int main(int argc, char **argv)
{
	struct generator g = { 0 };
	const uint32_t header[6] = { 0xa1b2c3d4, 4U << 16 | 2, 0, 0, 262144, 1 };

	g.options = read_options(argc, argv);
	g.random = g.options.seed * 0x9E3779B97F4A7C15ULL | 1;
	g.capture = fopen(argv[optind], "wb");
	g.truth = fopen(argv[optind + 1], "w");
	g.calls = calloc(g.options.live, sizeof *g.calls);
	if (!g.capture || !g.truth || !g.calls)
		fail("generate");
	setvbuf(g.capture, NULL, _IOFBF, 1 << 20);
	make_voice(&g);
	write_out(&g, header, sizeof header);
	fputs("{\"calls\":[", g.truth);
	play(&g);
	fprintf(g.truth,
		"],\n\"packets\":%llu,\"rtp\":%llu,\"noise\":%llu,\"live\":%zu,\"seconds\":%.2f}\n",
		(unsigned long long)g.packets, (unsigned long long)g.rtp,
		(unsigned long long)g.noise, g.options.live, (double)g.now_us / 1e6);
	free(g.calls);
	if (fclose(g.capture) || fclose(g.truth))
		fail("generate");
	return 0;
}
