/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that knows c-ares. Later releases than 1.18 frown on functions that 1.18 has no
 * other for. */
#define CARES_NO_DEPRECATED
#include "net/dns.h"

#include <ares.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/slice.h"

enum {
	CLASS_IN = 1,
	HEADER_SIZE = 12,
	SOCKETS_MAX = ARES_GETSOCK_MAXNUM,
	TRIES = 3,
	FIRST_MS = 430, /* doubled with each try: three seconds in all */
};

/* A question belongs to one view; its address is what c-ares calls back with. */
struct question {
	struct dns_answer answer;
	unsigned view;
	int64_t asked_ms;
};

struct view {
	ares_channel channel;
	bool search;
};

struct dns {
	struct view view[DNS_VIEWS_MAX];
	unsigned views;
	struct question *question[DNS_QUESTIONS_MAX];
	size_t questions;
};

/* What is answered to a question beyond DNS_QUESTIONS_MAX. */
static const struct dns_answer not_asked = { .state = DNS_NOT_ASKED };

struct dns *dns_new(void)
{
	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS)
		abort(); /* out of memory is its only reason */
	return mem_new(1, sizeof(struct dns));
}

void dns_answer_clear(struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		free(answer->record[i].name);
		free(answer->record[i].flags);
		free(answer->record[i].service);
	}
	free(answer->record);
	answer->record = NULL;
	answer->count = 0;
}

void dns_free(struct dns *dns)
{
	if (!dns)
		return;
	for (unsigned i = 0; i < dns->views; i++)
		ares_destroy(dns->view[i].channel);
	for (size_t i = 0; i < dns->questions; i++) {
		dns_answer_clear(&dns->question[i]->answer);
		free(dns->question[i]->answer.name);
		free(dns->question[i]);
	}
	free(dns);
	ares_library_cleanup();
}

/* "192.0.2.1:53,[2001:db8::1]:53": c-ares takes no scopes here, so link-local servers are bound to
 * their device. */
static void servers_text(char *text, size_t room, const struct dns_view_plan *plan)
{
	char one[ADDR_TEXT];
	size_t used = 0;

	text[0] = 0;
	for (size_t i = 0; i < plan->count && used < room; i++) {
		struct addr server = plan->server[i];

		if (addr_family(&server) == AF_INET6)
			server.sa.v6.sin6_scope_id = 0;
		if (!addr_port(&server))
			addr_set_port(&server, DNS_PORT);
		used += (size_t)snprintf(text + used, room - used, "%s%s", i ? "," : "",
					 addr_text(one, &server));
	}
}

static void bind_to_device(ares_channel channel, const struct dns_view_plan *plan)
{
	const struct addr *server = &plan->server[0];
	char name[IF_NAMESIZE];

	if (addr_family(server) == AF_INET6 && server->sa.v6.sin6_scope_id) {
		if (plan->count == 1 && if_indextoname(server->sa.v6.sin6_scope_id, name))
			ares_set_local_dev(channel, name);
	} else if (plan->device && !addr_is_loopback(server)) {
		ares_set_local_dev(channel, plan->device);
	}
}

enum err dns_view_add(unsigned *view, struct dns *dns, const struct dns_view_plan *plan)
{
	struct ares_options options = { .timeout = FIRST_MS, .tries = TRIES };
	char servers[DNS_SERVERS_MAX * ADDR_TEXT];
	ares_channel channel;

	if (!plan->count || plan->count > DNS_SERVERS_MAX)
		return ERR_RANGE;
	if (dns->views == DNS_VIEWS_MAX)
		return ERR_FULL;
	if (plan->count == 1)
		/* SERVFAIL is a result, not a reason to try the next. */
		options.flags |= ARES_FLAG_NOCHECKRESP;
	if (ares_init_options(&channel, &options,
			      ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES) != ARES_SUCCESS)
		return ERR_MEMORY;
	servers_text(servers, sizeof servers, plan);
	if (ares_set_servers_ports_csv(channel, servers) != ARES_SUCCESS) {
		ares_destroy(channel);
		return ERR_RANGE;
	}
	bind_to_device(channel, plan);
	*view = dns->views++;
	dns->view[*view] = (struct view){ .channel = channel, .search = plan->search };
	return ERR_NONE;
}

static struct dns_record *add_record(struct dns_answer *answer)
{
	if (answer->count == DNS_RECORDS_MAX) {
		answer->cut = true;
		return NULL;
	}
	if (!answer->record)
		answer->record = mem_new(DNS_RECORDS_MAX, sizeof *answer->record);
	return &answer->record[answer->count++];
}

static void add_address(struct dns_answer *answer, const void *bytes, size_t length)
{
	struct addr addr;
	struct dns_record *record;

	if (addr_from_bytes(&addr, bytes, length, 0))
		return;
	record = add_record(answer);
	if (record)
		record->addr = addr;
}

static int parse_a(struct dns_answer *answer, const unsigned char *bytes, int length)
{
	struct ares_addrttl found[DNS_RECORDS_MAX + 1];
	int count = DNS_RECORDS_MAX + 1;
	const int status = ares_parse_a_reply(bytes, length, NULL, found, &count);

	for (int i = 0; status == ARES_SUCCESS && i < count; i++)
		add_address(answer, &found[i].ipaddr, sizeof found[i].ipaddr);
	return status;
}

static int parse_aaaa(struct dns_answer *answer, const unsigned char *bytes, int length)
{
	struct ares_addr6ttl found[DNS_RECORDS_MAX + 1];
	int count = DNS_RECORDS_MAX + 1;
	const int status = ares_parse_aaaa_reply(bytes, length, NULL, found, &count);

	for (int i = 0; status == ARES_SUCCESS && i < count; i++)
		add_address(answer, &found[i].ip6addr, sizeof found[i].ip6addr);
	return status;
}

static int parse_srv(struct dns_answer *answer, const unsigned char *bytes, int length)
{
	struct ares_srv_reply *first = NULL;
	const int status = ares_parse_srv_reply(bytes, length, &first);

	for (const struct ares_srv_reply *srv = first; srv; srv = srv->next) {
		struct dns_record *record = add_record(answer);

		if (!record)
			break;
		record->name = mem_text(srv->host);
		record->order = srv->priority;
		record->preference = srv->weight;
		record->port = srv->port;
	}
	if (first)
		ares_free_data(first);
	return status;
}

static int parse_naptr(struct dns_answer *answer, const unsigned char *bytes, int length)
{
	struct ares_naptr_reply *first = NULL;
	const int status = ares_parse_naptr_reply(bytes, length, &first);

	for (const struct ares_naptr_reply *naptr = first; naptr; naptr = naptr->next) {
		struct dns_record *record = add_record(answer);

		if (!record)
			break;
		record->name = mem_text(naptr->replacement);
		record->flags = mem_text((const char *)naptr->flags);
		record->service = mem_text((const char *)naptr->service);
		record->order = naptr->order;
		record->preference = naptr->preference;
	}
	if (first)
		ares_free_data(first);
	return status;
}

static int compare_srv(const void *a, const void *b)
{
	const struct dns_record *x = a, *y = b;

	if (x->order != y->order)
		return x->order - y->order;
	if (x->preference != y->preference)
		return y->preference - x->preference;
	return x->port != y->port ? x->port - y->port : strcasecmp(x->name, y->name);
}

static int compare_naptr(const void *a, const void *b)
{
	const struct dns_record *x = a, *y = b;

	if (x->order != y->order)
		return x->order - y->order;
	if (x->preference != y->preference)
		return x->preference - y->preference;
	return strcasecmp(x->name, y->name);
}

static int parse(struct dns_answer *answer, const unsigned char *bytes, int length)
{
	switch (answer->type) {
	case DNS_A: return parse_a(answer, bytes, length);
	case DNS_AAAA: return parse_aaaa(answer, bytes, length);
	case DNS_SRV: return parse_srv(answer, bytes, length);
	case DNS_NAPTR: return parse_naptr(answer, bytes, length);
	}
	return ARES_EBADQUERY;
}

static void sort_records(struct dns_answer *answer)
{
	if (answer->count && answer->type == DNS_SRV)
		qsort(answer->record, answer->count, sizeof *answer->record, compare_srv);
	if (answer->count && answer->type == DNS_NAPTR)
		qsort(answer->record, answer->count, sizeof *answer->record, compare_naptr);
}

static enum dns_state state_of(int status)
{
	switch (status) {
	case ARES_SUCCESS: return DNS_OK;
	case ARES_ENODATA: return DNS_NO_DATA;
	case ARES_ENOTFOUND:
	case ARES_EBADNAME:
	case ARES_EBADQUERY: return DNS_NO_NAME;
	case ARES_ECONNREFUSED: return DNS_UNREACHABLE;
	case ARES_EREFUSED: return DNS_REFUSED;
	case ARES_EBADRESP: return DNS_NONSENSE;
	case ARES_ETIMEOUT:
	case ARES_ECANCELLED:
	case ARES_EDESTRUCTION: return DNS_SILENT;
	}
	return DNS_FAILED;
}

void dns_answer_read(struct dns_answer *answer, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;
	int status = ARES_EBADRESP;

	if (length >= HEADER_SIZE && length <= INT_MAX)
		/* c-ares sorts out the reply codes of RFC 1035, and those alone. */
		status = at[3] & 0xf ? ARES_ESERVFAIL : parse(answer, bytes, (int)length);
	if (status == ARES_SUCCESS && !answer->count)
		status = ARES_ENODATA;
	if (status != ARES_SUCCESS)
		dns_answer_clear(answer);
	sort_records(answer);
	answer->state = state_of(status);
}

/* c-ares has checked source, identifier and question. */
static void on_answer(void *context, int status, int timeouts, unsigned char *bytes, int length)
{
	struct question *question = context;
	struct dns_answer *answer = &question->answer;

	(void)timeouts;
	if (answer->state != DNS_PENDING)
		return;
	answer->ms = (unsigned)(clock_ms() - question->asked_ms);
	if (status == ARES_SUCCESS)
		dns_answer_read(answer, bytes, (size_t)length);
	else
		answer->state = state_of(status);
}

static struct question *find(const struct dns *dns, unsigned view, const char *name,
			     enum dns_type type)
{
	for (size_t i = 0; i < dns->questions; i++) {
		struct question *known = dns->question[i];

		if (known->view == view && known->answer.type == type &&
		    !strcasecmp(known->answer.name, name))
			return known;
	}
	return NULL;
}

const struct dns_answer *dns_ask(struct dns *dns, unsigned view, const char *name,
				 enum dns_type type)
{
	struct question *question = find(dns, view, name, type);
	const struct view *from = &dns->view[view];

	if (question)
		return &question->answer;
	if (dns->questions == DNS_QUESTIONS_MAX)
		return &not_asked;
	question = mem_new(1, sizeof *question);
	*question = (struct question){
		.answer = { .name = mem_text(name), .type = type },
		.view = view,
		.asked_ms = clock_ms(),
	};
	dns->question[dns->questions++] = question;
	if (from->search && !strchr(name, '.'))
		ares_search(from->channel, name, CLASS_IN, (int)type, on_answer, question);
	else
		ares_query(from->channel, name, CLASS_IN, (int)type, on_answer, question);
	return &question->answer;
}

const struct dns_answer *dns_answer_at(const struct dns *dns, unsigned view, size_t index)
{
	for (size_t i = 0; i < dns->questions; i++)
		if (dns->question[i]->view == view && !index--)
			return &dns->question[i]->answer;
	return NULL;
}

static size_t pending(const struct dns *dns)
{
	size_t count = 0;

	for (size_t i = 0; i < dns->questions; i++)
		count += dns->question[i]->answer.state == DNS_PENDING;
	return count;
}

/* Adds the sockets of a view to those to poll, and shortens the wait to when it has to resend. */
static size_t add_sockets(struct pollfd *fds, int *wait_ms, const struct view *view)
{
	ares_socket_t sockets[SOCKETS_MAX];
	const unsigned bits = (unsigned)ares_getsock(view->channel, sockets, SOCKETS_MAX);
	struct timeval left;
	size_t count = 0;

	for (unsigned i = 0; i < SOCKETS_MAX; i++) {
		/* ARES_GETSOCK_READABLE and _WRITABLE, whose shifts overflow an int. */
		const short events = (short)((bits >> i & 1 ? POLLIN : 0) |
					     (bits >> (i + SOCKETS_MAX) & 1 ? POLLOUT : 0));

		if (events)
			fds[count++] = (struct pollfd){ .fd = sockets[i], .events = events };
	}
	if (ares_timeout(view->channel, NULL, &left)) {
		const long ms = left.tv_sec * 1000 + (left.tv_usec + 999) / 1000;

		if (ms < *wait_ms)
			*wait_ms = (int)ms;
	}
	return count;
}

/* Lets every view read, write and resend once. */
static void turn(struct dns *dns, int wait_ms)
{
	struct pollfd fds[DNS_VIEWS_MAX * SOCKETS_MAX];
	size_t end[DNS_VIEWS_MAX], count = 0, at = 0;

	for (unsigned i = 0; i < dns->views; i++) {
		count += add_sockets(fds + count, &wait_ms, &dns->view[i]);
		end[i] = count;
	}
	if (poll(fds, count, wait_ms) < 0)
		count = 0;
	for (unsigned i = 0; i < dns->views; i++) {
		const ares_channel channel = dns->view[i].channel;

		for (; at < end[i] && count; at++) {
			const short got = fds[at].revents;

			if (got)
				ares_process_fd(channel,
						got & ~POLLOUT ? fds[at].fd : ARES_SOCKET_BAD,
						got & POLLOUT ? fds[at].fd : ARES_SOCKET_BAD);
		}
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* timers */
	}
}

void dns_wait(struct dns *dns, const struct deadline *until)
{
	const size_t before = pending(dns);

	while (before && pending(dns) == before && !deadline_passed(until))
		turn(dns, deadline_left_ms(until));
	if (before && pending(dns) == before)
		for (unsigned i = 0; i < dns->views; i++)
			ares_cancel(dns->view[i].channel);
}

/* "nameserver 192.0.2.1" as resolv.conf(5) has it: the keyword starts the line. */
static bool read_server(struct addr *out, const char *line)
{
	struct slice word, rest = slice_trim(slice_of_text(line));
	char text[ADDR_TEXT];

	if (!slice_starts(rest, "nameserver") || slice_skip(&rest, strlen("nameserver")) ||
	    !rest.left || !strchr(" \t", rest.at[0]))
		return false;
	rest = slice_trim(rest);
	if (slice_until(&word, &rest, ' '))
		word = rest;
	if (word.left >= sizeof text)
		return false;
	memcpy(text, word.at, word.left);
	text[word.left] = 0;
	return !addr_parse(out, text, DNS_PORT);
}

size_t dns_system_servers(struct addr out[static DNS_SERVERS_MAX], const char *path)
{
	FILE *file = fopen(path, "re");
	char line[512];
	size_t count = 0;

	while (file && count < DNS_SERVERS_MAX && fgets(line, sizeof line, file)) {
		size_t known = 0;

		if (!read_server(&out[count], line))
			continue;
		while (known < count && !addr_equal(&out[known], &out[count]))
			known++;
		if (known == count)
			count++;
	}
	if (file)
		fclose(file);
	if (!count && !addr_parse(&out[0], "127.0.0.1", DNS_PORT))
		count = 1;
	return count;
}

size_t dns_hosts_file(struct addr *out, size_t room, const char *name, int family)
{
	ares_channel channel;
	struct hostent *host = NULL;
	size_t count = 0;

	if (ares_init(&channel) != ARES_SUCCESS)
		return 0;
	if (ares_gethostbyname_file(channel, name, family, &host) == ARES_SUCCESS)
		for (char **at = host->h_addr_list; *at && count < room; at++)
			if (!addr_from_bytes(&out[count], *at, (size_t)host->h_length, 0))
				count++;
	if (host)
		ares_free_hostent(host);
	ares_destroy(channel);
	return count;
}

enum err dns_state_err(enum dns_state state)
{
	switch (state) {
	case DNS_OK: return ERR_NONE;
	case DNS_NO_DATA:
	case DNS_NO_NAME: return ERR_NOT_FOUND;
	case DNS_UNREACHABLE: return ERR_UNREACHABLE;
	case DNS_REFUSED:
	case DNS_FAILED:
	case DNS_NONSENSE: return ERR_REFUSED;
	case DNS_NOT_ASKED: return ERR_FULL;
	case DNS_PENDING:
	case DNS_SILENT: break;
	}
	return ERR_TIMEOUT;
}
