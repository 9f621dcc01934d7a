/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/pump.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pcap.h"
#include "helper/say.h"

enum {
	ROOM = 1 << 19,  /* bytes written in one go */
	AT_ONCE = 10000, /* packets, then it is looked whether to stop */
	LINKTYPE_RAW_IP = 101,
};

struct pump {
	pcap_t *device;
	int signals;
	bool unread; /* nobody reads any more, or wants to */
	size_t length;
	uint8_t waiting[ROOM];
};

_Static_assert(ROOM > sizeof(struct pcap_record) + PCAP_SNAPLEN_MAX, "the largest packet fits");

/* Is it time to end? Waits up to `timeout_ms`, or until there is something on the device. */
static bool is_over(const struct pump *pump, int timeout_ms)
{
	struct pollfd polled[] = {
		{ .fd = pcap_get_selectable_fd(pump->device), .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = pump->signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO }, /* tells when nobody reads any more */
	};

	while (poll(polled, sizeof polled / sizeof *polled, timeout_ms) < 0)
		if (errno != EINTR)
			return true;
	return polled[1].revents || polled[2].revents || polled[3].revents & POLLERR;
}

/* Waits until there is room in the pipe. Standard input does not matter here: who asks for the end
 * by it still reads what is under way. */
static bool await_room(const struct pump *pump)
{
	struct pollfd polled[] = {
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
		{ .fd = pump->signals, .events = POLLIN },
	};

	while (poll(polled, sizeof polled / sizeof *polled, -1) < 0)
		if (errno != EINTR)
			return false;
	return !polled[1].revents && !(polled[0].revents & POLLERR);
}

/* What cannot be written any more is lost with whoever should have read it. */
static void flush(struct pump *pump)
{
	size_t at = 0;

	while (at < pump->length && !pump->unread) {
		const ssize_t wrote = write(STDOUT_FILENO, pump->waiting + at, pump->length - at);

		if (wrote >= 0)
			at += (size_t)wrote;
		else if (errno == EAGAIN)
			pump->unread = !await_room(pump);
		else if (errno != EINTR)
			pump->unread = true;
	}
	pump->length = 0;
}

static void add(struct pump *pump, const void *data, size_t length)
{
	memcpy(pump->waiting + pump->length, data, length);
	pump->length += length;
}

static void add_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *data)
{
	struct pump *pump = (struct pump *)(void *)context;
	const struct pcap_record record = {
		.seconds = (uint32_t)header->ts.tv_sec,
		.nanoseconds = (uint32_t)header->ts.tv_usec, /* by the precision that was set */
		.captured = header->caplen > PCAP_SNAPLEN_MAX ? PCAP_SNAPLEN_MAX : header->caplen,
		.wire = header->len,
	};

	if (ROOM - pump->length < sizeof record + record.captured)
		flush(pump);
	add(pump, &record, sizeof record);
	add(pump, data, record.captured);
}

static void add_header(struct pump *pump)
{
	const int link = pcap_datalink(pump->device);
	const struct pcap_file header = {
		.magic = PCAP_MAGIC_NS,
		.major = PCAP_MAJOR,
		.minor = PCAP_MINOR,
		.snaplen = (uint32_t)pcap_snapshot(pump->device),
		.link = link == DLT_RAW ? LINKTYPE_RAW_IP : (uint32_t)link,
	};

	add(pump, &header, sizeof header);
}

/* What the kernel has ready, and no waiting for more. */
static int pass_on(struct pump *pump)
{
	int count;

	do {
		count = pcap_dispatch(pump->device, AT_ONCE, add_packet, (u_char *)(void *)pump);
		flush(pump);
	} while (count == AT_ONCE && !pump->unread && !is_over(pump, 0));
	return count < 0 ? say("gone", "%s", pcap_geterr(pump->device)) : SAID_FINE;
}

static void say_counts(pcap_t *device)
{
	struct pcap_stat counts;

	if (!pcap_stats(device, &counts))
		say("counts", "received=%u dropped=%u", counts.ps_recv, counts.ps_drop);
}

int pump(pcap_t *device, int signals)
{
	struct pump *pump = calloc(1, sizeof *pump);
	int status = SAID_FINE;

	if (!pump)
		return say("memory", "%s", strerror(errno));
	pump->device = device;
	pump->signals = signals;
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
	add_header(pump);
	flush(pump);
	while (!status && !pump->unread && !is_over(pump, -1))
		status = pass_on(pump);
	say_counts(device);
	free(pump);
	return status;
}
