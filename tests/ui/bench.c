/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <errno.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static const struct check checks[BENCH_CHECKS] = {
	{ .name = "dns",
	  .title = "names",
	  .about = "Do the provider's names lead to the right place?" },
	{ .name = "stun", .title = "NAT", .about = "What does the router do to addresses?" },
	{ .name = "alg", .title = "SIP ALG", .about = "Does the router rewrite SIP?" },
	{ .name = "turn", .title = "TURN", .about = "Is the relay there?" },
	{ .name = "capture",
	  .title = "Call",
	  .about = "What travels during a call?",
	  .on_demand = true },
};

/* The registry that the wizard sees, in the place of the real one. */
const struct check *check_at(size_t index)
{
	return index < BENCH_CHECKS ? &checks[index] : NULL;
}

const struct check *check_find(const char *name)
{
	for (size_t i = 0; i < BENCH_CHECKS; i++)
		if (!strcmp(checks[i].name, name))
			return &checks[i];
	return NULL;
}

/* What each check says, from its start to its end. */
static const char *const dns_says[] = {
	"{\"event\":\"fact\",\"name\":\"dns.addresses\",\"value\":[\"203.0.113.10\"]}",
	"{\"event\":\"summary\",\"text\":\"sip.example.com is at 203.0.113.10\"}",
	"{\"event\":\"end\",\"state\":\"done\",\"seconds\":0.21}",
	NULL,
};
static const char *const stun_says[] = {
	"{\"event\":\"fact\",\"name\":\"udp.open\",\"value\":\"yes\"}",
	"{\"event\":\"fact\",\"name\":\"nat.type\",\"value\":\"port-restricted-cone\"}",
	"{\"event\":\"fact\",\"name\":\"nat.public-address\",\"value\":\"203.0.113.2\"}",
	"{\"event\":\"fact\",\"name\":\"net.gateway\",\"value\":\"192.168.1.1\"}",
	"{\"event\":\"summary\",\"text\":\"cone NAT, public address 203.0.113.2\"}",
	"{\"event\":\"end\",\"state\":\"done\",\"seconds\":0.61}",
	NULL,
};
static const char *const alg_says[] = {
	"{\"event\":\"fact\",\"name\":\"sip-alg\",\"value\":\"yes\"}",
	"{\"event\":\"fact\",\"name\":\"sip-alg.hop\",\"value\":1}",
	"{\"event\":\"fact\",\"name\":\"sip-alg.changed\",\"value\":[\"via\",\"contact\",\"sdp-"
	"connection\"]}",
	"{\"event\":\"finding\",\"finding\":{\"id\":\"sip-alg\",\"severity\":\"fault\",\"side\":"
	"\"site\","
	"\"direction\":\"both\",\"where\":{\"hop\":1,\"address\":\"192.168.1.1\"},"
	"\"title\":\"The router rewrites SIP messages (SIP ALG).\",\"evidence\":["
	"\"The address for the voice (192.168.1.10) became 203.0.113.2, three times out of "
	"three.\","
	"\"The same message to another port came through "
	"untouched.\"],\"remedy\":\"disable-sip-alg\"}}",
	"{\"event\":\"summary\",\"text\":\"Via, Contact and SDP are rewritten before hop 1\"}",
	"{\"event\":\"end\",\"state\":\"done\",\"seconds\":3.2}",
	NULL,
};
static const char *const alg_says_later[] = {
	"{\"event\":\"fact\",\"name\":\"sip-alg\",\"value\":\"no\"}",
	"{\"event\":\"fact\",\"name\":\"sip-alg.hop\",\"value\":\"unknown\"}",
	"{\"event\":\"fact\",\"name\":\"sip-alg.changed\",\"value\":[]}",
	"{\"event\":\"summary\",\"text\":\"nothing is rewritten\"}",
	"{\"event\":\"end\",\"state\":\"done\",\"seconds\":3.1}",
	NULL,
};

static const char *const capture_says[] = {
	"{\"event\":\"call\",\"call\":{\"call_id\":\"1@192.168.1.10\",\"verdict\":\"one-way-out\","
	"\"to\":\"sip:*43@example.com\",\"directions\":{\"out\":{\"state\":\"ok\"},"
	"\"in\":{\"state\":\"missing\"}}}}",
	"{\"event\":\"finding\",\"finding\":{\"id\":\"rtp-one-way\",\"severity\":\"fault\","
	"\"side\":"
	"\"unknown\",\"direction\":\"in\",\"title\":\"Voice travels in one direction only.\","
	"\"evidence\":[\"1500 packets went out, none came in.\"],\"remedy\":\"find-direction\"}}",
	"{\"event\":\"summary\",\"text\":\"1 call in 1530 packets, faults found\"}",
	"{\"event\":\"end\",\"state\":\"done\",\"seconds\":31.2}",
	NULL,
};

static const char *const capture_says_later[] = {
	"{\"event\":\"call\",\"call\":{\"call_id\":\"2@192.168.1.10\",\"verdict\":\"two-way\","
	"\"to\":\"sip:*43@example.com\",\"streams\":[{\"direction\":\"out\"},{\"direction\":\"in\","
	"\"loss_pct\":0.4,\"jitter_ms\":{\"mean\":1.2,\"max\":4.0}}],"
	"\"directions\":{\"out\":{\"state\":\"ok\"},\"in\":{\"state\":\"ok\"}}}}",
	"{\"event\":\"summary\",\"text\":\"1 call in 3050 packets, no fault found\"}",
	"{\"event\":\"end\",\"state\":\"done\",\"seconds\":31.0}",
	NULL,
};

static void translate_member(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (text && *text)
		json_object_set_new(object, key, json_string(gettext(text)));
}

/* What checks tell people comes in their language. */
static void translate(json_t *event)
{
	json_t *evidence = json_object_get(json_object_get(event, "finding"), "evidence");
	json_t *sentence;
	size_t i;

	translate_member(event, "text");
	translate_member(event, "now");
	translate_member(event, "why");
	json_array_foreach(evidence, i, sentence)
		json_array_set_new(evidence, i, json_string(gettext(json_string_value(sentence))));
}

void bench_event(struct bench *bench, const char *check, const char *json)
{
	json_error_t error;
	json_t *event = json_loads(json, 0, &error);

	if (!event) {
		fprintf(stderr, "bench: %s in %s\n", error.text, json);
		abort();
	}
	translate(event);
	wizard_event(bench->wizard, check_find(check), event);
	json_decref(event);
}

static bool runs(const struct bench *bench, const struct check *check)
{
	struct wizard_check rows[BENCH_CHECKS];

	wizard_checks(bench->wizard, rows, BENCH_CHECKS);
	return rows[check - checks].stage == WIZARD_CHECK_RUNNING;
}

void bench_end(struct bench *bench, const char *name)
{
	const struct check *check = check_find(name);
	const char *const *says =
		!strcmp(name, "dns")    ? dns_says
		: !strcmp(name, "stun") ? stun_says
		: !strcmp(name, "capture")
			? bench->started[4] > 1 ? capture_says_later : capture_says
		: bench->started[2] > 1 ? alg_says_later
					: alg_says;

	if (!check || !runs(bench, check))
		return;
	for (size_t i = 0; says[i]; i++)
		bench_event(bench, name, says[i]);
}

void bench_progress(struct bench *bench, const char *check)
{
	bench_event(
		bench, check,
		"{\"event\":\"progress\",\"fraction\":0.5,\"now\":\"asking the first router\"}");
}

static enum err start(const struct check *check, void *context)
{
	struct bench *bench = context;

	if (runs(bench, check))
		return ERR_NONE;
	bench->started[check - checks]++;
	bench_event(bench, check->name, "{\"event\":\"start\"}");
	if (!strcmp(check->name, "turn")) {
		bench_event(
			bench, "turn",
			"{\"event\":\"why\",\"text\":\"no TURN server is named in the profile\"}");
		bench_event(bench, "turn",
			    "{\"event\":\"end\",\"state\":\"skipped\",\"seconds\":0}");
	}
	return ERR_NONE;
}

static void cancel(void *context)
{
	struct bench *bench = context;

	bench->cancelled++;
	for (size_t i = 0; i < BENCH_CHECKS; i++)
		if (runs(bench, &checks[i]))
			bench_event(bench, checks[i].name,
				    "{\"event\":\"end\",\"state\":\"failed\",\"why\":\"cancelled\","
				    "\"seconds\":1}");
}

/* A hurried check tells what it has and ends. */
static void hurry(const struct check *check, void *context)
{
	bench_end(context, check->name);
}

static enum err take_kind(const char *kind, char **why, void *context)
{
	struct bench *bench = context;
	const char *expected;

	*why = NULL;
	return site_set(&bench->site, "provider", "transport",
			strcmp(kind, "pbx-with-trunk") ? "auto" : "udp", &expected);
}

static bool any_runs(const struct bench *bench)
{
	for (size_t i = 0; i < BENCH_CHECKS; i++)
		if (runs(bench, &checks[i]))
			return true;
	return false;
}

static size_t poll_fds(struct pollfd *fds, size_t room, int *timeout_ms, void *context)
{
	const struct bench *bench = context;

	(void)timeout_ms;
	if (bench->orders < 0 || !room || !any_runs(bench))
		return 0;
	fds[0] = (struct pollfd){ .fd = bench->orders, .events = POLLIN };
	return 1;
}

static void step(void *context)
{
	struct bench *bench = context;
	struct pollfd orders = { .fd = bench->orders, .events = POLLIN };
	char name[20];
	size_t length = 0;

	while (bench->orders >= 0 && any_runs(bench) && length < sizeof name &&
	       poll(&orders, 1, 0) > 0) {
		ssize_t got = read(bench->orders, name + length, 1);

		if (got <= 0) {
			bench->orders = -1;
		} else if (name[length] == '\n') {
			name[length] = 0;
			length = 0;
			bench_end(bench, name);
		} else {
			length++;
		}
	}
}

static enum err save(char **path, char **why, const char *name, const char *text)
{
	*path = *why = NULL;
	if (!text || file_write(name, text, strlen(text))) {
		*why = mem_text(gettext("/mnt/usb is not writable: No space left on device"));
		return ERR_IO;
	}
	*path = mem_text(name);
	return ERR_NONE;
}

static enum err save_report(const struct wizard_report *report, char **path, char **why,
			    void *context)
{
	struct bench *bench = context;

	bench->saved = *report;
	return save(path, why, "tests/ui/bench-report.txt", bench->report_text);
}

/* Says how it was asked for, so that a test sees it. */
static char *make_report(const struct wizard_report *report, void *context)
{
	const struct bench *bench = context;

	return mem_printf("%s%s%s%s", bench->report_text ? bench->report_text : "",
			  report->format == WIZARD_JSON ? "{}\n" : "",
			  report->hides_numbers ? "numbers hidden\n" : "",
			  report->hides_addresses ? "addresses hidden\n" : "");
}

static enum err save_profile(char **path, char **why, void *context)
{
	struct bench *bench = context;

	return save(path, why, "tests/ui/bench-profile.conf", bench->report_text);
}

static const char *trouble(void *context)
{
	const char *text = ((struct bench *)context)->trouble;

	return text ? gettext(text) : NULL;
}

void bench_prepare(struct bench *bench)
{
	bench_prepare_from(bench, "tests/ui");
}

void bench_prepare_from(struct bench *bench, const char *folder)
{
	const char *top = getenv("top_srcdir");
	char *tree = mem_printf("%s/%s/tree.xml", top ? top : ".", folder);
	char *routers = mem_printf("%s/%s/routers.xml", top ? top : ".", folder);
	struct complaint complaint = { "" };

	*bench = (struct bench){ .orders = -1,
				 .report_text = "EARSHOT REPORT\n\n  \033[31mhostile\n  end\n" };
	if (tree_load(&bench->tree, tree, routers, &complaint)) {
		fprintf(stderr, "%s\n", complaint.text);
		abort();
	}
	free(tree);
	free(routers);
	if (file_make_folder("tests/ui"))
		abort();
	session_init(&bench->session, "0");
	site_init(&bench->site);
	bench->host = (struct wizard_host){ .start = start,
					    .cancel = cancel,
					    .hurry = hurry,
					    .take_kind = take_kind,
					    .poll_fds = poll_fds,
					    .step = step,
					    .save_report = save_report,
					    .make_report = make_report,
					    .save_profile = save_profile,
					    .trouble = trouble,
					    .context = bench };
}

void bench_sit_down(struct bench *bench)
{
	bench->wizard = wizard_new(bench->tree, &bench->session, &bench->site, &bench->host);
}

void bench_init(struct bench *bench)
{
	bench_prepare(bench);
	bench_sit_down(bench);
}

void bench_clear(struct bench *bench)
{
	wizard_free(bench->wizard);
	session_clear(&bench->session);
	site_clear(&bench->site);
	tree_free(bench->tree);
}

void bench_fill_profile(struct bench *bench)
{
	const char *expected;

	if (site_set(&bench->site, "provider", "name", "Example Telecom", &expected) ||
	    site_set(&bench->site, "provider", "domain", "sip.example.com", &expected) ||
	    site_set(&bench->site, "provider", "support", "support@example.com", &expected) ||
	    site_set(&bench->site, "nat", "stun", "stun.example.com", &expected))
		abort();
	session_detail(&bench->session, "customer", "Dental practice");
}
