/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/igd_router.h"

#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/mem.h"

enum { SSDP, PMP, HTTP, STOP, FDS };

struct igd_router {
	const struct igd_router_plan *plan;
	struct pollfd fds[FDS];
	atomic_uint changes;
	pthread_t thread;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

static int bound(const char *address, int type, uint16_t port)
{
	struct addr addr;
	const int yes = 1, fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	must(fd >= 0 && !addr_parse(&addr, address, port), "socket");
	must(!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), "reuse");
	must(!bind(fd, &addr.sa.any, addr_length(&addr)), "bind");
	must(type != SOCK_STREAM || !listen(fd, 100), "listen");
	return fd;
}

static int bound_ssdp(void)
{
	const int fd = bound("0.0.0.0", SOCK_DGRAM, 1900);
	struct ip_mreqn group = { .imr_ifindex = (int)if_nametoindex("lo") };
	struct addr addr;

	must(!addr_parse(&addr, "239.255.255.250", 0), "group");
	group.imr_multiaddr = addr.sa.v4.sin_addr;
	must(!setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), "join");
	return fd;
}

static void answer_ssdp(const struct igd_router *router)
{
	const struct igd_router_plan *plan = router->plan;
	struct addr from = { 0 };
	socklen_t length = sizeof from.sa;
	char asked[2000], *answer;
	const ssize_t got =
		recvfrom(router->fds[SSDP].fd, asked, sizeof asked, 0, &from.sa.any, &length);

	if (got <= 0)
		return;
	answer = mem_printf("HTTP/1.1 200 OK\r\n"
			    "ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n"
			    "USN: uuid:1\r\nLOCATION: %s%s%s\r\n\r\n",
			    plan->location ? plan->location : "http://",
			    plan->location ? "" : plan->address,
			    plan->location ? "" : ":5000/d.xml");
	(void)!sendto(router->fds[SSDP].fd, answer, strlen(answer), 0, &from.sa.any, length);
	free(answer);
}

static void answer_pmp(const struct igd_router *router)
{
	struct addr from = { 0 };
	socklen_t length = sizeof from.sa;
	char asked[100];

	if (recvfrom(router->fds[PMP].fd, asked, sizeof asked, 0, &from.sa.any, &length) > 0)
		(void)!sendto(router->fds[PMP].fd, router->plan->pmp, router->plan->pmp_length, 0,
			      &from.sa.any, length);
}

/* The body of the answer to a SOAP request; the caller frees. */
static char *act(const struct igd_router_plan *plan, const char *asked)
{
	const char *at = strstr(asked, "<NewPortMappingIndex>");
	const unsigned long index =
		at ? strtoul(at + strlen("<NewPortMappingIndex>"), NULL, 10) : 0;

	if (strstr(asked, "#GetExternalIPAddress\"") && plan->outside)
		return mem_printf("<NewExternalIPAddress>%s</NewExternalIPAddress>", plan->outside);
	if (at && index < plan->mappings)
		return mem_printf("<NewExternalPort>%lu</NewExternalPort><NewProtocol>UDP"
				  "</NewProtocol><NewInternalPort>5060</NewInternalPort>"
				  "<NewInternalClient>192.168.1.20</NewInternalClient>",
				  5060 + index);
	return mem_text("<errorCode>713</errorCode>");
}

/* Until it is all out, the far side is gone, or the test is over. */
static void send_padding(const struct igd_router *router, int fd)
{
	struct pollfd stop = { .fd = router->fds[STOP].fd, .events = POLLIN };

	for (size_t sent = 0; sent < router->plan->pad; sent += 3)
		if (send(fd, "<a>", 3, MSG_NOSIGNAL) != 3 ||
		    poll(&stop, 1, (int)router->plan->drip_ms) > 0)
			return;
}

/* A small request comes in one piece or two: its headers, its body. */
static void read_request(char *asked, size_t room, int fd)
{
	size_t length = 0;
	ssize_t got;

	do {
		got = recv(fd, asked + length, room - 1 - length, 0);
		length += got > 0 ? (size_t)got : 0;
		asked[length] = 0;
	} while (got > 0 && !strstr(asked, "</s:Envelope>") &&
		 !(strstr(asked, "\r\n\r\n") && !strncmp(asked, "GET ", 4)));
}

static void answer_http(struct igd_router *router)
{
	const struct igd_router_plan *plan = router->plan;
	const int fd = accept(router->fds[HTTP].fd, NULL, NULL);
	char asked[8000], *body, *head;
	bool described;

	if (fd < 0)
		return;
	read_request(asked, sizeof asked, fd);
	if (strstr(asked, "#Add") || strstr(asked, "#Delete") || strstr(asked, "#Set"))
		router->changes++;
	described = !strncmp(asked, "GET ", 4);
	body = described ? mem_text(plan->description) : act(plan, asked);
	head = described && plan->pad
		       ? mem_text("HTTP/1.1 200 OK\r\n\r\n")
		       : mem_printf("HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", strlen(body));
	(void)!send(fd, head, strlen(head), MSG_NOSIGNAL);
	(void)!send(fd, body, strlen(body), MSG_NOSIGNAL);
	if (described)
		send_padding(router, fd);
	close(fd);
	free(body);
	free(head);
}

static void *serve(void *context)
{
	struct igd_router *router = context;

	while (poll(router->fds, FDS, -1) > 0 && !router->fds[STOP].revents) {
		if (router->fds[SSDP].revents)
			answer_ssdp(router);
		if (router->fds[PMP].revents)
			answer_pmp(router);
		if (router->fds[HTTP].revents)
			answer_http(router);
	}
	return NULL;
}

struct igd_router *igd_router_new(const struct igd_router_plan *plan)
{
	struct igd_router *router = mem_new(1, sizeof *router);

	router->plan = plan;
	router->fds[SSDP].fd = bound_ssdp();
	router->fds[PMP].fd = plan->pmp ? bound(plan->address, SOCK_DGRAM, 5351) : -1;
	router->fds[HTTP].fd = bound(plan->address, SOCK_STREAM, 5000);
	router->fds[STOP].fd = eventfd(0, EFD_CLOEXEC);
	must(router->fds[STOP].fd >= 0, "eventfd");
	for (size_t i = 0; i < FDS; i++)
		router->fds[i].events = POLLIN;
	must(!pthread_create(&router->thread, NULL, serve, router), "thread");
	return router;
}

void igd_router_free(struct igd_router *router)
{
	must(!eventfd_write(router->fds[STOP].fd, 1), "eventfd");
	pthread_join(router->thread, NULL);
	for (size_t i = 0; i < FDS; i++)
		if (router->fds[i].fd >= 0)
			close(router->fds[i].fd);
	free(router);
}

unsigned igd_router_changes(const struct igd_router *router)
{
	return router->changes;
}
