/* SPDX-License-Identifier: GPL-3.0-or-later */
/* listen HELPER INTERFACE COUNT [FILTER]: captures until COUNT packets of UDP have come, or for a
 * minute. Says "ready" once packets can come, then one line, "packets=... received=...
 * dropped=...", or what is wrong. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "capture/live.h"

enum {
	PATIENCE_MS = 60000,
	/* Ethernet, IPv4 without options. */
	PROTOCOL_AT = 14 + 9,
	PROTOCOL_UDP = 17,
	HEADERS = 14 + 20 + 8,
};

static void count(const struct packet *packet, void *context)
{
	unsigned long *packets = context;

	if (packet->link == PACKET_ETHERNET && packet->captured >= HEADERS &&
	    packet->data[PROTOCOL_AT] == PROTOCOL_UDP)
		++*packets;
}

static void say_ready(const struct capture_live *live, bool *ready)
{
	if (*ready || !capture_live_runs(live))
		return;
	*ready = true;
	puts("ready");
	fflush(stdout);
}

static unsigned long listen_for(struct capture_live *live, unsigned long wanted)
{
	const struct deadline until = deadline_in(PATIENCE_MS);
	unsigned long packets = 0;
	bool ready = false, asked = false;

	while (capture_live_read(live, count, &packets)) {
		struct pollfd polled = { .fd = capture_live_fd(live), .events = POLLIN };

		say_ready(live, &ready);
		if (!asked && (packets >= wanted || deadline_passed(&until))) {
			asked = true;
			capture_live_stop(live);
		}
		poll(&polled, 1, asked ? PATIENCE_MS : deadline_left_ms(&until));
	}
	return packets;
}

int main(int argc, char **argv)
{
	const struct capture_live_plan plan = { .helper = argv[1],
						.interface = argv[2],
						.filter = argc > 4 ? argv[4] : NULL };
	struct capture_live *live;
	struct capture_counts counts;
	unsigned long packets = 0;

	if (argc < 4)
		return 2;
	if (!capture_live_start(&live, &plan))
		packets = listen_for(live, strtoul(argv[3], NULL, 10));
	counts = capture_live_counts(live);
	if (*capture_live_trouble(live))
		puts(capture_live_trouble(live));
	else if (counts.known)
		printf("packets=%lu received=%lu dropped=%lu\n", packets,
		       (unsigned long)counts.received, (unsigned long)counts.dropped);
	capture_live_free(live);
	return 0;
}
