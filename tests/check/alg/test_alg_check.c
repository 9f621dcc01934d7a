/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole check against a SIP server on loopback, where no router stands between: never a "no",
 * never an INVITE. The cases wait for routers that are not there, so they run side by side, a
 * process each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "check/check.h"
#include "mock/sip_server.h"

static const struct {
	const char *name, *address;
	enum sip_manner manner;
	const char *alg, *changed; /* as the facts must be */
	const char *summary;       /* must be in the summary */
} cases[] = {
	{ "honest server", "127.0.0.1", SIP_SERVES, "unknown", "unknown",
	  "the SIP server answers" },
	{ "honest server, IPv6", "::1", SIP_SERVES, "unknown", "unknown",
	  "the SIP server answers" },
	{ "silent server", "127.0.0.1", SIP_IS_SILENT, "unknown", "unknown", "nor the SIP server" },
	{ "rewritten Via", "127.0.0.1", SIP_REWRITES_VIA, "yes", "via", "rewritten" },
	{ "answer to another call", "127.0.0.1", SIP_WRONG_CALL, "unknown", "unknown",
	  "nor the SIP server" },
	{ "answer from another port", "127.0.0.1", SIP_WRONG_SOURCE, "unknown", "unknown",
	  "nor the SIP server" },
	{ "rubbish", "127.0.0.1", SIP_RUBBISH, "unknown", "unknown", "nor the SIP server" },
};
enum { CASES = sizeof cases / sizeof *cases, SECONDS_MAX = 9 };

struct kept {
	struct facts facts;
	char *summary;
	bool found;
};

static void keep(json_t *event, void *context)
{
	struct kept *kept = context;
	const char *kind = json_string_value(json_object_get(event, "event"));

	if (!strcmp(kind, "fact"))
		facts_set_take(&kept->facts, json_string_value(json_object_get(event, "name")),
			       json_incref(json_object_get(event, "value")));
	else if (!strcmp(kind, "finding"))
		kept->found = true;
	else if (!strcmp(kind, "summary"))
		kept->summary = strdup(json_string_value(json_object_get(event, "text")));
	json_decref(event);
}

static int complain_of(size_t i, const char *what, const char *got)
{
	fprintf(stderr, "not ok: %s: %s: %s\n", cases[i].name, what, got ? got : "(none)");
	return 1;
}

static int judge_case(size_t i, const struct kept *kept, struct sip_server *server, int64_t took_ms)
{
	int failed = 0;

	if (!facts_is(&kept->facts, "sip-alg", cases[i].alg))
		failed |= complain_of(i, "sip-alg", facts_text(&kept->facts, "sip-alg"));
	if (!facts_is(&kept->facts, "sip-alg.changed", cases[i].changed))
		failed |= complain_of(i, "sip-alg.changed",
				      facts_text(&kept->facts, "sip-alg.changed"));
	if (!facts_is(&kept->facts, "sip-alg.hop", "unknown"))
		failed |= complain_of(i, "sip-alg.hop", "known");
	if (kept->found != !strcmp(cases[i].alg, "yes"))
		failed |= complain_of(i, "finding", kept->found ? "one" : "none");
	if (!kept->summary || !strstr(kept->summary, cases[i].summary))
		failed |= complain_of(i, "summary", kept->summary);
	if (sip_server_asked(server, "INVITE") || sip_server_asked(server, "REGISTER"))
		failed |= complain_of(i, "the server got", "INVITE or REGISTER");
	if (!sip_server_asked(server, "OPTIONS"))
		failed |= complain_of(i, "the server got", "no OPTIONS");
	if (took_ms > SECONDS_MAX * 1000)
		failed |= complain_of(i, "time", "too long");
	return failed;
}

static int run_case(size_t i)
{
	struct sip_server *server = sip_server_new(cases[i].address, cases[i].manner);
	const struct addr addr = sip_server_addr(server);
	struct kept kept = { 0 };
	struct sink sink = { .event = keep, .context = &kept };
	const char *expected;
	char text[ADDR_TEXT];
	struct site site;
	int64_t begun;
	int failed;

	facts_init(&kept.facts);
	site_init(&site);
	if (site_set(&site, "provider", "domain", addr_text(text, &addr), &expected))
		return complain_of(i, "domain", expected);
	begun = clock_ms();
	if (check_alg.why_not(&site) || check_alg.run(&site, &sink) != CHECK_DONE)
		return complain_of(i, "state", "not done");
	failed = judge_case(i, &kept, server, clock_ms() - begun);
	sip_server_free(server);
	site_clear(&site);
	facts_clear(&kept.facts);
	free(kept.summary);
	return failed;
}

/* Without a name in the profile there is nothing to run. */
static int needs_a_domain(void)
{
	struct site site;
	int failed;

	site_init(&site);
	failed = !check_alg.why_not(&site);
	site_clear(&site);
	if (failed)
		fprintf(stderr, "not ok: runs without a domain\n");
	return failed;
}

int main(void)
{
	int failed = needs_a_domain();
	pid_t child[CASES];

	for (size_t i = 0; i < CASES; i++) {
		child[i] = fork();
		if (child[i] < 0) {
			perror("fork");
			return 1;
		}
		if (!child[i])
			exit(run_case(i));
	}
	for (size_t i = 0; i < CASES; i++) {
		int status;

		if (waitpid(child[i], &status, 0) != child[i] || !WIFEXITED(status) ||
		    WEXITSTATUS(status)) {
			fprintf(stderr, "not ok: %s\n", cases[i].name);
			failed = 1;
		}
	}
	return failed;
}
