/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay INTERFACE FILE: sends the frames of a capture (pcap of this machine's byte order,
 * Ethernet, microseconds) at the pace at which they stand in there, and tells how far it fell
 * behind, in milliseconds. For the namespaces of a test. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_HEADER = 24, RECORD_HEADER = 16, AT_ONCE = 512, PAUSE_MS = 1 };

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int open_device(const char *interface)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_ifindex = (int)if_nametoindex(interface) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); /* hears nothing itself */

	if (fd < 0 || !to.sll_ifindex || bind(fd, (struct sockaddr *)&to, sizeof to))
		fail(interface);
	return fd;
}

static uint8_t *map_file(size_t *length, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	void *data;

	if (fd < 0 || fstat(fd, &about) || about.st_size < FILE_HEADER)
		fail(path);
	*length = (size_t)about.st_size;
	data = mmap(NULL, *length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (data == MAP_FAILED)
		fail(path);
	close(fd);
	return data;
}

/* A wire that has no room says so; the rest goes once more. */
static void send_all(int fd, struct mmsghdr *messages, unsigned count)
{
	while (count) {
		const int sent = sendmmsg(fd, messages, count, 0);

		if (sent < 0 && errno != ENOBUFS && errno != EINTR)
			fail("sendmmsg");
		if (sent < 0) {
			sched_yield();
			continue;
		}
		messages += sent;
		count -= (unsigned)sent;
	}
}

struct frame {
	int64_t us;
	struct iovec bytes;
};

static bool next_frame(struct frame *frame, uint8_t *data, size_t length, size_t *at)
{
	uint32_t head[4]; /* seconds, microseconds, captured, wire */

	if (length - *at < RECORD_HEADER)
		return false;
	memcpy(head, data + *at, sizeof head);
	*at += RECORD_HEADER;
	if (length - *at < head[2])
		return false;
	*frame = (struct frame){ (int64_t)head[0] * 1000000 + head[1], { data + *at, head[2] } };
	*at += head[2];
	return true;
}

static int64_t play(int fd, uint8_t *data, size_t length)
{
	static struct frame frames[AT_ONCE];
	static struct mmsghdr messages[AT_ONCE];
	size_t at = FILE_HEADER;
	int64_t ahead_us = 0, behind_us = 0;
	bool begun = false, more = next_frame(&frames[0], data, length, &at);

	while (more) {
		const int64_t begin_us = now_us();
		unsigned count = 0;

		if (!begun)
			ahead_us = frames[0].us - begin_us;
		begun = true;
		if (frames[0].us - ahead_us > begin_us) {
			poll(NULL, 0, PAUSE_MS);
			continue;
		}
		if (begin_us - (frames[0].us - ahead_us) > behind_us)
			behind_us = begin_us - (frames[0].us - ahead_us);
		do {
			messages[count].msg_hdr.msg_iov = &frames[count].bytes;
			messages[count].msg_hdr.msg_iovlen = 1;
			count++;
			more = count < AT_ONCE && next_frame(&frames[count], data, length, &at);
		} while (more && frames[count].us - ahead_us <= begin_us);
		send_all(fd, messages, count);
		if (more)
			frames[0] = frames[count];
		else if (count == AT_ONCE)
			more = next_frame(&frames[0], data, length, &at);
	}
	return behind_us;
}

int main(int argc, char **argv)
{
	size_t length;
	uint8_t *data;
	int fd;

	if (argc != 3) {
		fputs("usage: replay INTERFACE FILE\n", stderr);
		return 2;
	}
	fd = open_device(argv[1]);
	data = map_file(&length, argv[2]);
	printf("%lld\n", (long long)(play(fd, data, length) / 1000));
	return 0;
}
