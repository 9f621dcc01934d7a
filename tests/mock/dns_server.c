/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/dns_server.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/slice.h"

enum {
	TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28, TYPE_SRV = 33, TYPE_NAPTR = 35,
	HEADER = 12, UDP_MOST = 512, MESSAGE_MAX = 65535, CONNECTIONS = 8, ASKED_MAX = 4096,
};

struct entry {
	char *name;
	uint16_t type;
	struct buf data;
	struct entry *next;
};

struct rule {
	char *name;
	uint16_t type;
	enum dns_manner manner;
	struct rule *next;
};

struct question {
	char name[256];
	uint16_t type;
	int tcp;
	size_t length; /* of the question as bytes, from the header's end */
};

struct late {
	int64_t due_ms;
	struct addr to;
	struct buf reply;
	struct late *next;
};

struct connection {
	int fd;
	struct buf in;
};

struct dns_server {
	struct addr addr;
	int udp, tcp, other, stop; /* other: the wrong source; stop: an eventfd */
	struct entry *entries;
	struct rule *rules;
	struct late *late;
	struct connection connection[CONNECTIONS];
	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* of what follows */
	struct question asked[ASKED_MAX];
	size_t asked_count;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

static int bound(int type, struct addr *addr)
{
	socklen_t length = sizeof addr->sa;
	const int fd = socket(addr_family(addr), type | SOCK_CLOEXEC, 0);
	const int on = 1;

	must(fd >= 0, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, &addr->sa.any, addr_length(addr))) {
		close(fd);
		return -1;
	}
	must(!getsockname(fd, &addr->sa.any, &length), "getsockname");
	return fd;
}

/* A free UDP port may be taken for TCP: then the next one. */
static void bind_both(struct dns_server *server, const struct addr *wanted)
{
	for (int tries = 0; tries < 20; tries++) {
		server->addr = *wanted;
		server->udp = bound(SOCK_DGRAM, &server->addr);
		must(server->udp >= 0, "bind");
		server->tcp = bound(SOCK_STREAM, &server->addr);
		if (server->tcp >= 0)
			return;
		close(server->udp);
	}
	must(false, "bind");
}

struct dns_server *dns_server_new(const char *address, uint16_t port)
{
	struct dns_server *server = mem_new(1, sizeof *server);
	struct addr wanted;

	must(!addr_parse(&wanted, address, port), "address");
	bind_both(server, &wanted);
	addr_set_port(&wanted, 0);
	server->other = bound(SOCK_DGRAM, &wanted);
	server->stop = eventfd(0, EFD_CLOEXEC);
	must(server->other >= 0 && server->stop >= 0 && !listen(server->tcp, CONNECTIONS), "listen");
	for (int i = 0; i < CONNECTIONS; i++)
		server->connection[i].fd = -1;
	pthread_mutex_init(&server->lock, NULL);
	return server;
}

struct addr dns_server_addr(const struct dns_server *server)
{
	return server->addr;
}

static void add(struct buf *buf, const void *data, size_t length)
{
	must(!buf_add(buf, data, length), "buffer");
}

static void add16(struct buf *buf, unsigned value)
{
	must(!buf_add_be16(buf, (uint16_t)value), "buffer");
}

static void add_string(struct buf *buf, const char *text, size_t length)
{
	must(length < 256 && !buf_add_be8(buf, (uint8_t)length), "string");
	add(buf, text, length);
}

static void add_name(struct buf *buf, const char *name)
{
	while (*name) {
		const size_t length = strcspn(name, ".");

		add_string(buf, name, length);
		name += length + (name[length] == '.');
	}
	add_string(buf, "", 0);
}

static struct buf *add_entry(struct dns_server *server, const char *name, uint16_t type)
{
	struct entry **end = &server->entries;

	while (*end)
		end = &(*end)->next;
	*end = mem_new(1, sizeof **end);
	(*end)->name = mem_text(name);
	(*end)->type = type;
	buf_init(&(*end)->data, MESSAGE_MAX);
	return &(*end)->data;
}

void dns_server_raw(struct dns_server *server, const char *name, uint16_t type, const void *data, size_t length)
{
	add(add_entry(server, name, type), data, length);
}

void dns_server_address(struct dns_server *server, const char *name, const char *address)
{
	struct addr addr;
	size_t length;
	const uint8_t *bytes;

	must(!addr_parse(&addr, address, 0), "address");
	bytes = addr_bytes(&addr, &length);
	dns_server_raw(server, name, length == 4 ? TYPE_A : TYPE_AAAA, bytes, length);
}

void dns_server_cname(struct dns_server *server, const char *name, const char *target)
{
	add_name(add_entry(server, name, TYPE_CNAME), target);
}

void dns_server_srv(struct dns_server *server, const char *name, unsigned priority, unsigned weight,
		    unsigned port, const char *target)
{
	struct buf *data = add_entry(server, name, TYPE_SRV);

	add16(data, priority);
	add16(data, weight);
	add16(data, port);
	add_name(data, target);
}

void dns_server_naptr(struct dns_server *server, const char *name, unsigned order, unsigned preference,
		      const char *flags, const char *service, const char *regexp, const char *replacement)
{
	struct buf *data = add_entry(server, name, TYPE_NAPTR);

	add16(data, order);
	add16(data, preference);
	add_string(data, flags, strlen(flags));
	add_string(data, service, strlen(service));
	add_string(data, regexp, strlen(regexp));
	add_name(data, replacement);
}

void dns_server_behave(struct dns_server *server, const char *name, uint16_t type, enum dns_manner manner)
{
	struct rule *rule = mem_new(1, sizeof *rule);

	*rule = (struct rule){
		.name = mem_text(name), .type = type, .manner = manner, .next = server->rules
	};
	server->rules = rule;
}

static enum dns_manner manner_for(const struct dns_server *server, const struct question *question)
{
	for (const struct rule *rule = server->rules; rule; rule = rule->next)
		if ((!rule->name || !strcasecmp(rule->name, question->name)) &&
		    (!rule->type || rule->type == question->type))
			return rule->manner;
	return DNS_SERVES;
}

static bool read_question(struct question *question, struct slice message)
{
	struct slice rest = message, label;
	size_t used = 0;
	uint8_t length;

	if (slice_skip(&rest, HEADER))
		return false;
	while (!slice_be8(&length, &rest) && length) {
		if (slice_take(&label, &rest, length) || used + length + 2 > sizeof question->name)
			return false;
		if (used)
			question->name[used++] = '.';
		memcpy(question->name + used, label.at, length);
		used += length;
	}
	question->name[used] = 0;
	if (slice_be16(&question->type, &rest) || slice_skip(&rest, 2))
		return false;
	question->length = message.left - HEADER - rest.left;
	return true;
}

/* Remembers the question; true if it is new. */
static bool remember(struct dns_server *server, const struct question *question)
{
	bool is_new = true;

	pthread_mutex_lock(&server->lock);
	for (size_t i = 0; i < server->asked_count; i++)
		if (server->asked[i].type == question->type &&
		    !strcasecmp(server->asked[i].name, question->name))
			is_new = false;
	if (server->asked_count < ASKED_MAX)
		server->asked[server->asked_count++] = *question;
	pthread_mutex_unlock(&server->lock);
	return is_new;
}

unsigned dns_server_asked(struct dns_server *server, const char *name, uint16_t type, int tcp)
{
	unsigned count = 0;

	pthread_mutex_lock(&server->lock);
	for (size_t i = 0; i < server->asked_count; i++)
		count += (!name || !strcasecmp(server->asked[i].name, name)) &&
			 (!type || server->asked[i].type == type) && server->asked[i].tcp == tcp;
	pthread_mutex_unlock(&server->lock);
	return count;
}

static void add_answer(struct buf *reply, const char *owner, const struct entry *entry)
{
	add_name(reply, owner);
	add16(reply, entry->type);
	add(reply, "\0\1\0\0\0\74", 6); /* class IN, 60 seconds */
	add16(reply, (unsigned)entry->data.length);
	add(reply, entry->data.data, entry->data.length);
}

/* The name of a CNAME's data, which is one without pointers. */
static void target_text(char text[static 256], const struct entry *entry)
{
	struct question target;
	struct buf message;

	buf_init(&message, MESSAGE_MAX);
	add(&message, (char[HEADER]){ 0 }, HEADER);
	add(&message, entry->data.data, entry->data.length);
	add(&message, "\0\0\0\0", 4);
	must(read_question(&target, slice_of(message.data, message.length)), "cname");
	strcpy(text, target.name);
	buf_clear(&message);
}

/* Adds what there is for a name and follows aliases, as a resolver does; false: no such name. */
static bool add_answers(struct buf *reply, unsigned *count, const struct dns_server *server,
			const struct question *question)
{
	char name[256], alias[256];
	bool exists = false;

	strcpy(name, question->name);
	for (int hops = 0; hops < 8; hops++) {
		alias[0] = 0;
		for (const struct entry *entry = server->entries; entry; entry = entry->next) {
			if (strcasecmp(entry->name, name))
				continue;
			exists = true;
			if (entry->type == TYPE_CNAME)
				target_text(alias, entry);
			if (entry->type != question->type && entry->type != TYPE_CNAME)
				continue;
			add_answer(reply, name, entry);
			++*count;
		}
		if (!alias[0])
			break;
		strcpy(name, alias);
	}
	for (const struct entry *entry = server->entries; entry && !exists; entry = entry->next)
		if (!strcmp(entry->name, "*") && entry->type == question->type) {
			add_answer(reply, question->name, entry);
			++*count;
		}
	for (const struct entry *entry = server->entries; entry && !exists; entry = entry->next)
		if (!strcmp(entry->name, "*"))
			return true;
	return exists;
}

enum { CODE_FAILED = 2, CODE_NO_NAME = 3, CODE_REFUSED = 5, CODE_UNKNOWN = 11 };

static void add_header(struct buf *reply, struct slice asked, enum dns_manner manner, unsigned code,
		       bool cut, unsigned answers)
{
	const unsigned flags = 0x8180U | (cut ? 0x0200U : 0) | code;
	const uint8_t id[2] = { asked.at[0], (uint8_t)(asked.at[1] ^ (manner == DNS_WRONG_ID)) };

	add(reply, id, 2);
	add16(reply, flags);
	add16(reply, 1);
	add16(reply, answers);
	add16(reply, 0);
	add16(reply, 0);
}

static unsigned code_of(enum dns_manner manner, bool exists)
{
	switch (manner) {
	case DNS_REFUSES: return CODE_REFUSED;
	case DNS_FAILS: return CODE_FAILED;
	case DNS_UNKNOWN_CODE: return CODE_UNKNOWN;
	default: return exists ? 0 : CODE_NO_NAME;
	}
}

static void make_reply(struct buf *reply, const struct dns_server *server, struct slice asked,
		       const struct question *question, enum dns_manner manner)
{
	struct buf answers;
	unsigned count = 0, code;
	bool cut;

	buf_init(&answers, MESSAGE_MAX - 512);
	code = code_of(manner, add_answers(&answers, &count, server, question));
	cut = !question->tcp && (manner == DNS_CUT || answers.length > UDP_MOST);
	if (cut || (code && code != CODE_NO_NAME))
		count = 0;
	if (manner == DNS_LOOP)
		count = 1;
	add_header(reply, asked, manner, code, cut, count);
	add(reply, asked.at + HEADER, question->length);
	if (manner == DNS_WRONG_QUESTION)
		reply->data[HEADER + 1] ^= 1;
	if (manner == DNS_LOOP) {
		const uint8_t pointer[2] = { (uint8_t)(0xc0 | reply->length >> 8), (uint8_t)reply->length };

		add(reply, pointer, 2);
		add(reply, "\0\1\0\1\0\0\0\74\0\4\1\2\3\4", 14);
	} else if (count) {
		add(reply, answers.data, answers.length);
	}
	if (manner == DNS_RUBBISH)
		for (size_t i = HEADER + question->length; i < reply->length; i++)
			reply->data[i] = (uint8_t)(i * 37);
	if (manner == DNS_HALF)
		reply->length -= answers.length / 2;
	buf_clear(&answers);
}

static void send_udp(struct dns_server *server, int fd, const struct buf *reply, const struct addr *to)
{
	(void)server;
	if (sendto(fd, reply->data, reply->length, 0, &to->sa.any, addr_length(to)) < 0)
		perror("mock dns: sendto");
}

static void serve_udp(struct dns_server *server)
{
	uint8_t bytes[MESSAGE_MAX];
	struct addr from = { 0 };
	socklen_t length = sizeof from.sa;
	struct question question = { .tcp = 0 };
	struct buf reply;
	const ssize_t got = recvfrom(server->udp, bytes, sizeof bytes, 0, &from.sa.any, &length);
	enum dns_manner manner;
	bool is_new;

	if (got < 0 || !read_question(&question, slice_of(bytes, (size_t)got)))
		return;
	manner = manner_for(server, &question);
	is_new = remember(server, &question);
	if (manner == DNS_IS_SILENT)
		return;
	buf_init(&reply, MESSAGE_MAX);
	make_reply(&reply, server, slice_of(bytes, (size_t)got), &question, manner);
	if (manner == DNS_SLOW || (manner == DNS_SLOW_ONCE && is_new)) {
		struct late *late = mem_new(1, sizeof *late);

		*late = (struct late){ clock_ms() + DNS_SLOW_MS, from, reply, server->late };
		server->late = late;
		return;
	}
	send_udp(server, manner == DNS_WRONG_SOURCE ? server->other : server->udp, &reply, &from);
	buf_clear(&reply);
}

static void serve_message(struct dns_server *server, int fd, struct slice asked)
{
	struct question question = { .tcp = 1 };
	struct buf reply;
	uint8_t length[2];
	enum dns_manner manner;

	if (!read_question(&question, asked))
		return;
	question.tcp = 1;
	manner = manner_for(server, &question);
	remember(server, &question);
	if (manner == DNS_IS_SILENT)
		return;
	buf_init(&reply, MESSAGE_MAX);
	make_reply(&reply, server, asked, &question, manner);
	length[0] = (uint8_t)(reply.length >> 8);
	length[1] = (uint8_t)reply.length;
	if (send(fd, length, 2, MSG_NOSIGNAL | MSG_MORE) < 0 ||
	    send(fd, reply.data, reply.length, MSG_NOSIGNAL) < 0)
		perror("mock dns: send");
	buf_clear(&reply);
}

static void close_connection(struct connection *connection)
{
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
	buf_clear(&connection->in);
}

static void serve_tcp(struct dns_server *server, struct connection *connection)
{
	uint8_t bytes[4096];
	const ssize_t got = recv(connection->fd, bytes, sizeof bytes, 0);

	if (got <= 0) {
		close_connection(connection);
		return;
	}
	add(&connection->in, bytes, (size_t)got);
	for (;;) {
		struct slice asked, rest = slice_of(connection->in.data, connection->in.length);
		uint16_t length;

		if (slice_be16(&length, &rest) || slice_take(&asked, &rest, length))
			return;
		serve_message(server, connection->fd, asked);
		buf_drop(&connection->in, (size_t)length + 2);
	}
}

static void accept_connection(struct dns_server *server)
{
	const int fd = accept4(server->tcp, NULL, NULL, SOCK_CLOEXEC);

	for (int i = 0; i < CONNECTIONS && fd >= 0; i++) {
		if (server->connection[i].fd >= 0)
			continue;
		server->connection[i].fd = fd;
		buf_init(&server->connection[i].in, MESSAGE_MAX);
		return;
	}
	if (fd >= 0)
		close(fd);
}

/* Sends the late replies that are due; how long until the next, -1 for none. */
static int send_late(struct dns_server *server)
{
	const int64_t now = clock_ms();
	int wait = -1;

	for (struct late **at = &server->late; *at;) {
		struct late *late = *at;

		if (late->due_ms > now) {
			const int left = (int)(late->due_ms - now);

			wait = wait < 0 || left < wait ? left : wait;
			at = &late->next;
			continue;
		}
		*at = late->next;
		send_udp(server, server->udp, &late->reply, &late->to);
		buf_clear(&late->reply);
		free(late);
	}
	return wait;
}

static void *serve(void *context)
{
	struct dns_server *server = context;
	struct pollfd fds[3 + CONNECTIONS] = {
		{ .fd = server->stop, .events = POLLIN },
		{ .fd = server->udp, .events = POLLIN },
		{ .fd = server->tcp, .events = POLLIN },
	};

	while (!fds[0].revents) {
		for (int i = 0; i < CONNECTIONS; i++)
			fds[3 + i] = (struct pollfd){ .fd = server->connection[i].fd, .events = POLLIN };
		if (poll(fds, 3 + CONNECTIONS, send_late(server)) < 0 && errno != EINTR)
			break;
		for (int i = 0; i < CONNECTIONS; i++)
			if (fds[3 + i].revents)
				serve_tcp(server, &server->connection[i]);
		if (fds[1].revents)
			serve_udp(server);
		if (fds[2].revents)
			accept_connection(server);
	}
	return NULL;
}

void dns_server_start(struct dns_server *server)
{
	must(!pthread_create(&server->thread, NULL, serve, server), "thread");
	server->started = true;
}

static void free_script(struct dns_server *server)
{
	for (struct entry *entry = server->entries, *next; entry; entry = next) {
		next = entry->next;
		buf_clear(&entry->data);
		free(entry->name);
		free(entry);
	}
	for (struct rule *rule = server->rules, *next; rule; rule = next) {
		next = rule->next;
		free(rule->name);
		free(rule);
	}
	for (struct late *late = server->late, *next; late; late = next) {
		next = late->next;
		buf_clear(&late->reply);
		free(late);
	}
}

void dns_server_free(struct dns_server *server)
{
	if (!server)
		return;
	if (server->started) {
		must(!eventfd_write(server->stop, 1), "eventfd");
		pthread_join(server->thread, NULL);
	}
	for (int i = 0; i < CONNECTIONS; i++)
		close_connection(&server->connection[i]);
	close(server->udp);
	close(server->tcp);
	close(server->other);
	close(server->stop);
	free_script(server);
	pthread_mutex_destroy(&server->lock);
	free(server);
}
