/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/own_net.h"

#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <net/route.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/addr.h"

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

static bool write_text(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	const bool fine = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return fine;
}

/* An ordinary user becomes root of a user namespace first. */
static bool enter_as_user(void)
{
	char uid[64], gid[64];

	snprintf(uid, sizeof uid, "0 %u 1", getuid());
	snprintf(gid, sizeof gid, "0 %u 1", getgid());
	return !unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) &&
	       write_text("/proc/self/setgroups", "deny") &&
	       write_text("/proc/self/uid_map", uid) && write_text("/proc/self/gid_map", gid);
}

bool own_net_enter(void)
{
	struct ifreq lo = { .ifr_name = "lo" };
	int fd;

	if (unshare(CLONE_NEWNET | CLONE_NEWNS) && !enter_as_user())
		return false;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return false;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	must(fd >= 0 && !ioctl(fd, SIOCGIFFLAGS, &lo), "lo");
	lo.ifr_flags |= IFF_UP;
	must(!ioctl(fd, SIOCSIFFLAGS, &lo), "lo up");
	close(fd);
	return true;
}

/* As <linux/ipv6.h> has it, which does not go with <netinet/in.h>. */
struct ifreq_v6 {
	struct in6_addr address;
	uint32_t prefix;
	int interface;
};

/* Until then a packet there would come from another address, ::1. */
static bool is_source(int fd, const struct sockaddr_in6 *there)
{
	struct sockaddr_in6 source;
	socklen_t length = sizeof source;

	return !connect(fd, (const struct sockaddr *)there, sizeof *there) &&
	       !getsockname(fd, (struct sockaddr *)&source, &length) &&
	       !memcmp(&source.sin6_addr, &there->sin6_addr, sizeof source.sin6_addr);
}

/* The kernel puts an IPv6 address to use a moment after it was added. */
static void await_use(const struct addr *addr)
{
	enum { TRIES = 5000, PAUSE_MS = 1 };
	struct sockaddr_in6 there = addr->sa.v6;

	there.sin6_port = htons(9);
	for (unsigned i = 0; i < TRIES; i++) {
		const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		const bool used = fd >= 0 && is_source(fd, &there);

		must(fd >= 0, "IPv6 socket");
		close(fd);
		if (used)
			return;
		poll(NULL, 0, PAUSE_MS);
	}
	must(false, "IPv6 address in use");
}

static void add_v6(const struct addr *addr)
{
	const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq_v6 request = { .address = addr->sa.v6.sin6_addr,
				    .prefix = 128,
				    .interface = (int)if_nametoindex("lo") };

	must(fd >= 0 && !ioctl(fd, SIOCSIFADDR, &request), "IPv6 address");
	close(fd);
	await_use(addr);
}

static void add_v4(const struct addr *addr)
{
	static unsigned number; /* of lo's further names */
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };

	snprintf(request.ifr_name, sizeof request.ifr_name, "lo:%u", ++number);
	memcpy(&request.ifr_addr, &addr->sa.v4, sizeof addr->sa.v4);
	must(fd >= 0 && !ioctl(fd, SIOCSIFADDR, &request), "IPv4 address");
	((struct sockaddr_in *)&request.ifr_netmask)->sin_addr.s_addr = INADDR_BROADCAST; /* /32 */
	must(!ioctl(fd, SIOCSIFNETMASK, &request), "IPv4 netmask");
	close(fd);
}

void own_net_add(const char *address)
{
	struct addr addr;

	must(!addr_parse(&addr, address, 0), "address");
	if (addr_family(&addr) == AF_INET6)
		add_v6(&addr);
	else
		add_v4(&addr);
}

void own_net_swallow(void)
{
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char lo[] = "lo";
	struct rtentry route = { .rt_dev = lo, .rt_flags = RTF_UP };

	route.rt_dst.sa_family = AF_INET;
	route.rt_genmask.sa_family = AF_INET;
	must(fd >= 0 && !ioctl(fd, SIOCADDRT, &route), "default route");
	close(fd);
}

void own_net_resolv_conf(const char *text)
{
	char path[] = "/tmp/earshot-test-XXXXXX", target[PATH_MAX];
	const int fd = mkstemp(path);

	must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), path);
	close(fd);
	must(realpath("/etc/resolv.conf", target) && !mount(path, target, NULL, MS_BIND, NULL),
	     "/etc/resolv.conf");
	unlink(path);
}
