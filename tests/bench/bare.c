/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bare CAPTURE: the least that can be done with a capture. libpcap reads it, and packets and bytes
 * are counted. What analyze takes is measured against this. */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

struct count {
	uint64_t packets, bytes;
};

static void count(u_char *context, const struct pcap_pkthdr *header, const u_char *data)
{
	struct count *all = (struct count *)(void *)context;

	(void)data;
	all->packets++;
	all->bytes += header->caplen;
}

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE] = "usage: bare CAPTURE";
	pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
	struct count all = { 0, 0 };
	int end;

	if (!pcap) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	end = pcap_loop(pcap, -1, count, (u_char *)&all);
	if (end)
		pcap_perror(pcap, "bare");
	pcap_close(pcap);
	printf("%llu packets, %llu bytes\n", (unsigned long long)all.packets,
	       (unsigned long long)all.bytes);
	return end ? 2 : 0;
}
