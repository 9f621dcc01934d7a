/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check "stun" itself, over loopback, against made-up servers behind made-up routers of every
 * kind. The scenes run side by side, for the time-outs of one are the time-outs of all. */
#include "check/check.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "mock/stun_server.h"

#define HONEST                                                                                     \
	{                                                                                          \
		.host = { "127.0.0.2", "127.0.0.3" }                                               \
	}
#define HABIT(bits)                                                                                \
	{                                                                                          \
		.host = { "127.0.0.2", "127.0.0.3" }, .habits = (bits)                             \
	}
#define PLAIN(address)                                                                             \
	{                                                                                          \
		.host = { (address) }, .habits = MOCK_NO_OTHER                                     \
	}
#define V4(a, b, c, d, number)                                                                     \
	{                                                                                          \
		.sa.v4 = {                                                                         \
			.sin_family = AF_INET,                                                     \
			.sin_port = (uint16_t)((number) >> 8 | (number) << 8),                     \
			.sin_addr.s_addr = (uint32_t)(d) << 24 | (c) << 16 | (b) << 8 | (a)        \
		}                                                                                  \
	}

/* No test had to run into its time-out, which is two seconds; a loaded machine may take its time.
 */
enum { SOON_MS = 1900 };

/* What answers beside the STUN servers; bits. */
enum { WITH_TCP = 1, WITH_SIP = 2, WITH_DNS = 4, WITH_ONE_TCP = 8 };

struct scene {
	const char *name;
	struct mock_stun_plan server[MOCK_SERVERS_MAX];
	bool no_nat, first_differs;
	bool named_twice; /* the profile names the only server again */
	enum mock_rule mapping, filtering;
	unsigned beside;
	const char *facts;    /* "name=value …", all of which must be so */
	const char *findings; /* all of them, in order, by a blank */
	const char *says;     /* stands in some text of the events; NULL: whatever */
	int most_ms;          /* 0: whatever */
};

#define DEPENDS(map, filter, map_text, filter_text)                                                \
	{                                                                                          \
		.name = "mapping " map_text ", filtering " filter_text, .server = { HONEST },      \
		.mapping = (map), .filtering = (filter), .findings = "nat-symmetric",              \
		.facts = "udp.open=yes nat.present=yes nat.type=symmetric nat.mapping=" map_text   \
			 " nat.filtering=" filter_text                                             \
			 " nat.port-preserved=no nat.public-address=203.0.113.2"                   \
	}
#define CONE(filter, filter_text, type)                                                            \
	{                                                                                          \
		.name = type, .server = { HONEST }, .filtering = (filter), .findings = "",         \
		.facts = "udp.open=yes nat.present=yes nat.type=" type                             \
			 " nat.mapping=endpoint-independent"                                       \
			 " nat.filtering=" filter_text                                             \
			 " nat.public-address=203.0.113.2 nat.cgnat=unknown"                       \
	}
#define NO_NAT(filter, filter_text, type)                                                          \
	{                                                                                          \
		.name = "no NAT, filtering " filter_text, .server = { HONEST }, .no_nat = true,    \
		.filtering = (filter), .findings = "",                                             \
		.facts = "udp.open=yes nat.present=no nat.type=" type                              \
			 " nat.mapping=endpoint-independent"                                       \
			 " nat.filtering=" filter_text                                             \
			 " nat.public-address=127.0.0.1 nat.port-preserved=yes"                    \
			 " nat.cgnat=no nat.layers=0"                                              \
	}
#define NO_ANSWER(bits, text)                                                                      \
	{                                                                                          \
		.name = text, .server = { HABIT(bits) }, .findings = "stun-server-unreachable",    \
		.facts = "udp.open=unknown nat.present=unknown nat.type=unknown "                  \
			 "nat.mapping=unknown"                                                     \
			 " nat.public-address=unknown"                                             \
	}
#define UNFILTERED(server_plan, text)                                                              \
	{                                                                                          \
		.name = text, .server = { server_plan }, .findings = "",                           \
		.facts = "udp.open=yes nat.present=yes nat.filtering=unknown nat.type=unknown"     \
	}

static const struct scene scenes[] = {
	{ .name = "full cone is fast",
	  .server = { HONEST },
	  .findings = "",
	  .most_ms = SOON_MS,
	  .facts = "nat.type=full-cone",
	  .says = "Full-cone NAT" },
	CONE(MOCK_INDEPENDENT, "endpoint-independent", "full-cone"),
	CONE(MOCK_BY_ADDRESS, "address-dependent", "restricted-cone"),
	CONE(MOCK_BY_ADDRESS_PORT, "address-and-port-dependent", "port-restricted-cone"),
	DEPENDS(MOCK_BY_ADDRESS, MOCK_INDEPENDENT, "address-dependent", "endpoint-independent"),
	DEPENDS(MOCK_BY_ADDRESS, MOCK_BY_ADDRESS, "address-dependent", "address-dependent"),
	DEPENDS(MOCK_BY_ADDRESS, MOCK_BY_ADDRESS_PORT, "address-dependent",
		"address-and-port-dependent"),
	DEPENDS(MOCK_BY_ADDRESS_PORT, MOCK_INDEPENDENT, "address-and-port-dependent",
		"endpoint-independent"),
	DEPENDS(MOCK_BY_ADDRESS_PORT, MOCK_BY_ADDRESS, "address-and-port-dependent",
		"address-dependent"),
	DEPENDS(MOCK_BY_ADDRESS_PORT, MOCK_BY_ADDRESS_PORT, "address-and-port-dependent",
		"address-and-port-dependent"),
	NO_NAT(MOCK_INDEPENDENT, "endpoint-independent", "open"),
	NO_NAT(MOCK_BY_ADDRESS, "address-dependent", "symmetric-firewall"),
	NO_NAT(MOCK_BY_ADDRESS_PORT, "address-and-port-dependent", "symmetric-firewall"),

	{ .name = "a contradiction by chance",
	  .server = { HONEST },
	  .first_differs = true,
	  .findings = "",
	  .facts = "nat.mapping=endpoint-independent nat.type=full-cone" },
	{ .name = "first packets lost",
	  .server = { HABIT(MOCK_LOSES_FIRST) },
	  .findings = "",
	  .filtering = MOCK_BY_ADDRESS,
	  .facts = "nat.mapping=endpoint-independent nat.type=restricted-cone" },
	{ .name = "RFC 3489 alone",
	  .server = { HABIT(MOCK_OLD) },
	  .findings = "",
	  .filtering = MOCK_BY_ADDRESS,
	  .facts = "nat.mapping=endpoint-independent nat.type=restricted-cone" },
	{ .name = "plain addresses rewritten",
	  .server = { HABIT(MOCK_PLAIN_LIES) },
	  .findings = "",
	  .facts = "nat.type=full-cone nat.public-address=203.0.113.2",
	  .says = "rewrites addresses inside packets" },
	{ .name = "a thousand answers",
	  .server = { HABIT(MOCK_FLOOD) },
	  .findings = "",
	  .facts = "nat.mapping=endpoint-independent nat.type=full-cone" },

	{ .name = "two plain servers, cone",
	  .server = { PLAIN("127.0.0.2"), PLAIN("127.0.0.3") },
	  .findings = "",
	  .most_ms = SOON_MS,
	  .facts = "nat.mapping=endpoint-independent nat.filtering=unknown nat.type=unknown",
	  .says = "A cone NAT; whom it lets in could not be told" },
	{ .name = "two plain servers, symmetric",
	  .server = { PLAIN("127.0.0.2"), PLAIN("127.0.0.3") },
	  .mapping = MOCK_BY_ADDRESS_PORT,
	  .findings = "nat-symmetric",
	  .facts = "nat.mapping=unknown nat.filtering=unknown nat.type=symmetric" },
	{ .name = "one server by two names",
	  .server = { HONEST },
	  .named_twice = true,
	  .findings = "",
	  .facts = "nat.mapping=endpoint-independent nat.type=full-cone" },
	{ .name = "one plain server",
	  .server = { PLAIN("127.0.0.2") },
	  .findings = "",
	  .facts = "udp.open=yes nat.present=yes nat.mapping=unknown nat.type=unknown" },
	{ .name = "two plain ports of one host",
	  .server = { PLAIN("127.0.0.2"), PLAIN("127.0.0.2") },
	  .mapping = MOCK_BY_ADDRESS_PORT,
	  .findings = "nat-symmetric",
	  .facts = "nat.mapping=address-and-port-dependent nat.type=symmetric" },
	{ .name = "a good server and one that makes up addresses",
	  .server = { HONEST, { .host = { "127.0.0.4" }, .told = V4(203, 0, 113, 99, 5) } },
	  .findings = "",
	  .facts = "nat.mapping=endpoint-independent nat.type=full-cone" },
	{ .name = "a good server and one behind a proxy of its own",
	  .server = { { .host = { "127.0.0.4" }, .told = V4(172, 17, 0, 1, 5) }, HONEST },
	  .findings = "",
	  .facts = "nat.mapping=endpoint-independent nat.type=full-cone "
		   "nat.public-address=203.0.113.2" },
	{ .name = "a server inside the site, then one outside",
	  .server = { { .host = { "127.0.0.4", "127.0.0.5" }, .habits = MOCK_INSIDE }, HONEST },
	  .filtering = MOCK_BY_ADDRESS_PORT,
	  .findings = "",
	  .facts = "nat.present=yes nat.mapping=endpoint-independent nat.type=port-restricted-cone"
		   " nat.public-address=203.0.113.2" },
	{ .name = "a good server and a dead one",
	  .server = { HONEST, { .host = { "127.0.0.4" }, .habits = MOCK_SILENT } },
	  .findings = "stun-server-unreachable",
	  .facts = "udp.open=yes nat.type=full-cone",
	  .says = "no answer to three requests" },

	UNFILTERED(HABIT(MOCK_IGNORES_CHANGE), "CHANGE-REQUEST ignored"),
	UNFILTERED(HABIT(MOCK_REFUSES_CHANGE), "CHANGE-REQUEST refused"),
	UNFILTERED(HABIT(MOCK_CORNERS_DEAD | MOCK_CHANGE_LOST),
		   "other addresses that do not answer"),
	UNFILTERED(((struct mock_stun_plan){ .host = { "127.0.0.2", "127.0.0.3" },
					     .other = V4(127, 0, 0, 2, 3479) }),
		   "OTHER-ADDRESS is its own"),
	UNFILTERED(((struct mock_stun_plan){ .host = { "127.0.0.2", "127.0.0.3" },
					     .other = V4(192, 168, 1, 7, 3478) }),
		   "OTHER-ADDRESS is private"),
	UNFILTERED(((struct mock_stun_plan){ .host = { "127.0.0.2", "127.0.0.3" },
					     .other = V4(0, 0, 0, 0, 3478) }),
		   "OTHER-ADDRESS is nothing"),
	UNFILTERED(((struct mock_stun_plan){ .host = { "127.0.0.2", "127.0.0.3" },
					     .other = V4(127, 0, 0, 9, 9) }),
		   "OTHER-ADDRESS is a stranger"),
	{ .name = "0.0.0.0 for all",
	  .server = { { .host = { "127.0.0.2" }, .told = V4(0, 0, 0, 0, 9) } },
	  .findings = "stun-server-unreachable",
	  .facts = "udp.open=yes nat.present=unknown nat.type=unknown nat.public-address=unknown",
	  .says = "an address that cannot be ours (0.0.0.0" },

	NO_ANSWER(MOCK_TRUNCATED, "answers cut in half"),
	NO_ANSWER(MOCK_OVERSIZED, "answers too long"),
	NO_ANSWER(MOCK_WRONG_ID, "answers of another transaction"),
	NO_ANSWER(MOCK_WRONG_SOURCE, "answers from a stranger"),
	NO_ANSWER(MOCK_ECHO, "requests echoed"),
	{ .name = "error 500",
	  .server = { HABIT(MOCK_ERROR) },
	  .findings = "stun-server-unreachable",
	  .facts = "udp.open=yes nat.present=unknown nat.type=unknown",
	  .says = "answered with error 500" },
	{ .name = "success without an address",
	  .server = { HABIT(MOCK_NO_ADDRESS) },
	  .findings = "stun-server-unreachable",
	  .facts = "udp.open=yes nat.type=unknown" },

	{ .name = "two silent, TCP works",
	  .server = { HABIT(MOCK_SILENT), { .host = { "127.0.0.4" }, .habits = MOCK_SILENT } },
	  .beside = WITH_TCP,
	  .findings = "udp-blocked",
	  .facts = "udp.open=no nat.type=udp-blocked",
	  .says = "takes a TCP connection" },
	{ .name = "one silent, TCP works",
	  .server = { HABIT(MOCK_SILENT) },
	  .beside = WITH_TCP,
	  .findings = "stun-server-unreachable",
	  .facts = "udp.open=unknown nat.type=unknown" },
	{ .name = "two silent, no TCP",
	  .server = { HABIT(MOCK_SILENT), { .host = { "127.0.0.4" }, .habits = MOCK_SILENT } },
	  .findings = "stun-server-unreachable stun-server-unreachable",
	  .facts = "udp.open=unknown nat.type=unknown" },
	{ .name = "two silent, TCP works, DNS answers",
	  .server = { HABIT(MOCK_SILENT), { .host = { "127.0.0.4" }, .habits = MOCK_SILENT } },
	  .beside = WITH_TCP | WITH_DNS,
	  .findings = "udp-blocked",
	  .facts = "udp.open=no nat.type=udp-blocked",
	  .says = "takes a TCP connection" },
	{ .name = "two silent, TCP works to one, DNS answers",
	  .server = { HABIT(MOCK_SILENT), { .host = { "127.0.0.4" }, .habits = MOCK_SILENT } },
	  .beside = WITH_ONE_TCP | WITH_DNS,
	  .findings = "stun-server-unreachable stun-server-unreachable",
	  .facts = "udp.open=unknown nat.type=unknown",
	  .says = "nothing but DNS answers" },
	{ .name = "one silent, SIP answers",
	  .server = { HABIT(MOCK_SILENT) },
	  .beside = WITH_SIP,
	  .findings = "stun-server-unreachable",
	  .facts = "udp.open=yes nat.type=unknown",
	  .says = "SIP server 127.0.0.5" },

	{ .name = "UDP blocked over IPv4 alone",
	  .server = { HABIT(MOCK_SILENT),
		      { .host = { "127.0.0.4" }, .habits = MOCK_SILENT },
		      PLAIN("::1") },
	  .no_nat = true,
	  .beside = WITH_TCP,
	  .findings = "udp-blocked",
	  .facts = "udp.open=yes nat.public-address=::1",
	  .says = "Over IPv4 UDP does not get out" },
	{ .name = "IPv6 alone",
	  .server = { PLAIN("::1") },
	  .no_nat = true,
	  .findings = "",
	  .facts = "udp.open=yes nat.present=no nat.public-address=::1" },
	{ .name = "both",
	  .server = { HONEST, PLAIN("::1") },
	  .no_nat = true,
	  .findings = "",
	  .facts = "nat.type=open nat.public-address=127.0.0.1 nat6.public-address=::1 "
		   "nat6.type=unknown" },
};
enum { SCENES = sizeof scenes / sizeof *scenes };

/* A scene as it is played. */
struct play {
	const struct scene *scene;
	struct mock_nat nat;
	struct mock_stun *mock;
	int tcp[MOCK_SERVERS_MAX], udp;
	struct site site;
	json_t *events;
	enum check_state state;
	int64_t took_ms;
	pthread_t check, beside;
};

static void keep(json_t *event_take, void *context)
{
	json_array_append_new(context, event_take);
}

static void *run_check(void *context)
{
	struct play *play = context;
	struct sink sink = { .event = keep, .context = play->events };
	const int64_t start = clock_ms();

	play->state = check_stun.run(&play->site, &sink);
	play->took_ms = clock_ms() - start;
	return NULL;
}

/* Answers OPTIONS, or with WITH_DNS queries, until an empty datagram comes. */
static void *run_beside(void *context)
{
	const struct play *play = context;
	char in[2048], out[2100];
	struct addr from = { 0 };
	socklen_t length = sizeof from.sa;
	ssize_t got;

	while ((got = recvfrom(play->udp, in, sizeof in - 1, 0, &from.sa.any, &length)) > 0) {
		const char *headers;
		size_t count = (size_t)got;

		in[got] = 0;
		headers = strchr(in, '\n');
		memcpy(out, in, count);
		if (play->scene->beside & WITH_DNS)
			out[2] = (char)0x81; /* QR and RD */
		else if (headers)
			count = (size_t)snprintf(out, sizeof out, "SIP/2.0 200 OK\r\n%s",
						 headers + 1);
		if (sendto(play->udp, out, count, 0, &from.sa.any, length) < 0)
			break;
	}
	return NULL;
}

static struct addr bind_any(int fd, const char *host)
{
	struct addr addr;
	socklen_t length = sizeof addr.sa;

	assert_int_equal(addr_parse(&addr, host, 0), ERR_NONE);
	assert_int_equal(bind(fd, &addr.sa.any, addr_length(&addr)), 0);
	assert_int_equal(getsockname(fd, &addr.sa.any, &length), 0);
	return addr;
}

static int listen_at(const struct addr *addr)
{
	const int fd = socket(addr_family(addr), SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, &addr->sa.any, addr_length(addr)), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static size_t server_count(const struct scene *scene)
{
	size_t count = 0;

	while (count < MOCK_SERVERS_MAX && scene->server[count].host[0])
		count++;
	return count;
}

static void name_servers(struct play *play, size_t count)
{
	char list[MOCK_SERVERS_MAX * (ADDR_TEXT + 2)] = "", text[ADDR_TEXT];
	const size_t names = play->scene->named_twice ? 2 : count;
	const char *expected;

	for (size_t i = 0; i < names; i++) {
		const struct addr addr = mock_stun_addr(play->mock, i % count);

		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "",
			 addr_text(text, &addr));
	}
	assert_int_equal(site_set(&play->site, "nat", "stun", list, &expected), ERR_NONE);
}

static void start_beside(struct play *play, size_t count)
{
	const bool dns = play->scene->beside & WITH_DNS;
	char text[ADDR_TEXT];
	const char *expected;
	struct addr addr;

	if (play->scene->beside & WITH_ONE_TCP)
		count = 1;
	for (size_t i = 0; play->scene->beside & (WITH_TCP | WITH_ONE_TCP) && i < count; i++) {
		addr = mock_stun_addr(play->mock, i);
		play->tcp[i] = listen_at(&addr);
	}
	if (!(play->scene->beside & (WITH_SIP | WITH_DNS)))
		return;
	play->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	addr = bind_any(play->udp, "127.0.0.5");
	addr_text(text, &addr);
	assert_int_equal(site_set(&play->site, dns ? "dns" : "provider",
				  dns ? "public-dns" : "domain", text, &expected),
			 ERR_NONE);
	assert_int_equal(pthread_create(&play->beside, NULL, run_beside, play), 0);
}

static void start_play(struct play *play, const struct scene *scene)
{
	const size_t count = server_count(scene);

	*play = (struct play){ .scene = scene, .events = json_array(), .udp = -1 };
	play->nat = (struct mock_nat){ .translate = !scene->no_nat,
				       .first_differs = scene->first_differs,
				       .mapping = scene->mapping,
				       .filtering = scene->filtering };
	assert_int_equal(addr_parse(&play->nat.outside, "203.0.113.2", 1024), ERR_NONE);
	play->mock = mock_stun_start(scene->server, count, &play->nat);
	site_init(&play->site);
	name_servers(play, count);
	start_beside(play, count);
	assert_int_equal(pthread_create(&play->check, NULL, run_check, play), 0);
}

static void end_play(struct play *play)
{
	assert_int_equal(pthread_join(play->check, NULL), 0);
	mock_stun_stop(play->mock);
	for (size_t i = 0; i < MOCK_SERVERS_MAX; i++)
		if (play->tcp[i] > 0)
			close(play->tcp[i]);
	if (play->udp >= 0) {
		struct addr addr;
		socklen_t length = sizeof addr.sa;

		assert_int_equal(getsockname(play->udp, &addr.sa.any, &length), 0);
		assert_int_equal(sendto(play->udp, "", 0, 0, &addr.sa.any, length), 0);
		assert_int_equal(pthread_join(play->beside, NULL), 0);
		close(play->udp);
	}
}

static const char *event_name(const json_t *event)
{
	return json_string_value(json_object_get(event, "event"));
}

/* The last value told of a fact; NULL: none. */
static const json_t *fact(const struct play *play, const char *name)
{
	const json_t *found = NULL;
	const json_t *event;
	size_t i;

	json_array_foreach(play->events, i, event)
		if (!strcmp(event_name(event), "fact") &&
		    !strcmp(json_string_value(json_object_get(event, "name")), name))
			found = json_object_get(event, "value");
	return found;
}

static size_t count_wrong_facts(const struct play *play)
{
	char *pairs = mem_text(play->scene->facts), *rest = pairs, *name;
	size_t wrong = 0;

	while ((name = strsep(&rest, " "))) {
		char *value = strchr(name, '='), *is;

		*value++ = 0;
		is = fact(play, name) ? fact_words(fact(play, name)) : mem_text("not told");
		if (strcmp(is, value)) {
			print_error("%s: %s is %s, not %s\n", play->scene->name, name, is, value);
			wrong++;
		}
		free(is);
	}
	free(pairs);
	return wrong;
}

static size_t count_wrong_findings(const struct play *play)
{
	char list[256] = "";
	const json_t *event;
	size_t i;

	json_array_foreach(play->events, i, event)
		if (!strcmp(event_name(event), "finding"))
			snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
				 *list ? " " : "",
				 json_string_value(
					 json_object_get(json_object_get(event, "finding"), "id")));
	if (!strcmp(list, play->scene->findings))
		return 0;
	print_error("%s: findings \"%s\", not \"%s\"\n", play->scene->name, list,
		    play->scene->findings);
	return 1;
}

/* The fraction never goes back, a summary comes once, and it says what it should. */
static size_t count_wrong_words(const struct play *play)
{
	char *all = json_dumps(play->events, 0);
	double fraction = 0;
	size_t wrong = 0, summaries = 0, i;
	const json_t *event;

	json_array_foreach(play->events, i, event) {
		const double now = json_real_value(json_object_get(event, "fraction"));

		summaries += !strcmp(event_name(event), "summary");
		if (strcmp(event_name(event), "progress"))
			continue;
		wrong += now < fraction || now > 1;
		fraction = now;
	}
	wrong += summaries != 1 || (play->scene->says && !strstr(all, play->scene->says));
	if (wrong)
		print_error("%s: progress or words: %s\n", play->scene->name, all);
	free(all);
	return wrong;
}

static size_t count_wrong(const struct play *play)
{
	size_t wrong =
		count_wrong_facts(play) + count_wrong_findings(play) + count_wrong_words(play);

	if (play->state != CHECK_DONE) {
		print_error("%s: ended as %s\n", play->scene->name, check_state_text(play->state));
		wrong++;
	}
	if (play->scene->most_ms && play->took_ms > play->scene->most_ms) {
		print_error("%s: took %lld ms\n", play->scene->name, (long long)play->took_ms);
		wrong++;
	}
	return wrong;
}

static void test_scenes(void **state)
{
	struct play *plays = mem_new(SCENES, sizeof *plays);
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < SCENES; i++)
		start_play(&plays[i], &scenes[i]);
	for (size_t i = 0; i < SCENES; i++)
		end_play(&plays[i]);
	for (size_t i = 0; i < SCENES; i++) {
		wrong += count_wrong(&plays[i]);
		json_decref(plays[i].events);
		site_clear(&plays[i].site);
	}
	free(plays);
	assert_int_equal(wrong, 0);
}

static void test_nothing_configured(void **state)
{
	struct site site;
	const char *expected;

	(void)state;
	site_init(&site);
	assert_non_null(check_stun.why_not(&site));
	assert_int_equal(site_set(&site, "nat", "stun", "127.0.0.2", &expected), ERR_NONE);
	assert_null(check_stun.why_not(&site));
	site_clear(&site);
}

/* Nobody listens there, and the host says so. */
static void test_refused(void **state)
{
	struct play play = { .events = json_array() };
	struct sink sink = { .event = keep, .context = play.events };
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const struct addr gone = bind_any(fd, "127.0.0.6");
	char text[ADDR_TEXT], *all;
	const char *expected;

	(void)state;
	close(fd);
	site_init(&play.site);
	assert_int_equal(site_set(&play.site, "nat", "stun", addr_text(text, &gone), &expected),
			 ERR_NONE);
	assert_int_equal(check_stun.run(&play.site, &sink), CHECK_DONE);
	all = json_dumps(play.events, 0);
	assert_non_null(strstr(all, "nothing listens on that port"));
	assert_string_equal(json_string_value(fact(&play, "udp.open")), "unknown");
	free(all);
	json_decref(play.events);
	site_clear(&play.site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_configured),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_scenes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
