/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/device.h"

#include <net/if.h>
#include <stdbool.h>
#include <string.h>

#include "helper/say.h"

enum {
	/* 100,000 packets of 20 ms of G.711 take 30 MB in the kernel's blocks: a second of
	 * patience. libpcap takes less where there is less memory. */
	KERNEL_ROOM = 32 << 20,
	/* How long the kernel gathers packets: the picture moves 20 times a second. */
	BLOCK_MS = 50,
};

/* libpcap would open USB, D-Bus and others by their names too, and these are nobody's business. */
static bool is_network(const char *interface)
{
	return !strcmp(interface, "any") || if_nametoindex(interface);
}

static const char *key_of(int status)
{
	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED: return "permission";
	case PCAP_ERROR_NO_SUCH_DEVICE: return "no-device";
	case PCAP_ERROR_IFACE_NOT_UP: return "not-up";
	default: return "device";
	}
}

pcap_t *device_open(const char *interface, int snaplen)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	pcap_t *device;
	int status;

	if (!is_network(interface)) {
		say("no-device", "%s", interface);
		return NULL;
	}
	device = pcap_create(interface, error);
	if (!device) {
		say("device", "%s", error);
		return NULL;
	}
	pcap_set_snaplen(device, snaplen);
	pcap_set_promisc(device, 1);
	pcap_set_timeout(device, BLOCK_MS);
	pcap_set_buffer_size(device, KERNEL_ROOM);
	pcap_set_tstamp_precision(device, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(device); /* above 0: a warning */
	if (status >= 0 && !pcap_setnonblock(device, 1, error))
		return device;
	say(status < 0 ? key_of(status) : "device", "%s: %s",
	    status < 0 ? pcap_statustostr(status) : error, pcap_geterr(device));
	pcap_close(device);
	return NULL;
}

int device_set_filter(pcap_t *device, const char *filter)
{
	struct bpf_program program;
	int failed;

	if (pcap_compile(device, &program, filter, 1, PCAP_NETMASK_UNKNOWN))
		return say("filter", "%s", pcap_geterr(device));
	failed = pcap_setfilter(device, &program);
	pcap_freecode(&program);
	return failed ? say("filter", "%s", pcap_geterr(device)) : SAID_FINE;
}
