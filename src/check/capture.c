/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listens on an interface while a person makes a call, and tells per direction what travels. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "analysis/analysis.h"
#include "analysis/trim.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"
#include "capture/live.h"
#include "capture/save.h"
#include "check/check.h"
#include "net/iface.h"
#include "proto/sip.h"

enum {
	CAPTURE_SECONDS = 120, /* where nobody says how long: for the board */
	GRACE_SECONDS = 30,    /* for the end of the helper and the last words */
	DRAIN_MS = 2000,       /* for what the helper still holds */
	LIVE_MS = 250,         /* between two looks at the calls */
	LIVE_CALLS = 8,        /* shown of them */
	KEEP_MAX = 1 << 30,    /* bytes of packets kept */
	TROUBLE_MAX = 400,     /* bytes of why it ended early */
};

/* Opened before the sandbox closes. */
struct tools {
	struct capture_live *live;
	struct capture_save *save; /* NULL: nothing is kept */
	struct file_draft draft;   /* of `save`: this process has no more than its descriptor */
	char *trouble;             /* why nothing can be kept; NULL */
	char *interface;
	struct addr here; /* this computer's only address; not set: it has several */
};

struct run {
	const struct site *site;
	struct sink *sink;
	struct tools *tools;
	struct analysis *analysis;
	size_t calls, faults;
	uint64_t packets, kept_packets;
	enum err kept; /* how keeping went; ERR_FULL: the file holds what came before */
	int kept_errno;
};

static const char *const facts[] = { NULL };

static const char *why_not(const struct site *site)
{
	return site->capture.seconds ? NULL
				     : N_("it is made during a call, when somebody asks for it");
}

static unsigned lasts(const struct site *site)
{
	return (site->capture.seconds ? site->capture.seconds : CAPTURE_SECONDS) + GRACE_SECONDS;
}

/* The file is there already, empty, under the name that it has until it is whole. */
static void prepare_file(struct tools *tools, const char *path)
{
	tools->draft.fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (tools->draft.fd < 0)
		tools->trouble = mem_printf("%s: %s", path, strerror(errno));
	else
		tools->save = capture_save_new(&tools->draft, KEEP_MAX);
}

/* The one named, else that of the route to the provider, else that of the default route, else all.
 */
static const char *choose_interface(const struct site *site, const struct iface_list *list)
{
	if (site->interface)
		return site->interface;
	if (facts_known(&site->facts, "net.interface"))
		return facts_text(&site->facts, "net.interface");
	for (size_t i = 0; i < list->count; i++)
		if (list->iface[i].default_v4 || list->iface[i].default_v6)
			return list->iface[i].name;
	return "any";
}

/* Where another interface has an address too, the voice of a phone on this computer may leave by
 * that one, unseen. IPv4 only: every interface has several of IPv6. */
static struct addr only_address(const struct iface_list *list, const char *interface)
{
	struct addr only = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		const struct iface *iface = &list->iface[i];

		for (size_t k = 0; !iface->loopback && k < iface->addr_count; k++) {
			if (addr_family(&iface->addr[k]) != AF_INET)
				continue;
			if (addr_is_set(&only) ||
			    (strcmp(iface->name, interface) && strcmp(interface, "any")))
				return (struct addr){ 0 };
			only = iface->addr[k];
		}
	}
	return only;
}

static void *prepare(const struct site *site)
{
	struct tools *tools = mem_new(1, sizeof *tools);
	struct iface_list list;
	const enum err unknown = iface_list_load(&list); /* empty then */
	const char *interface = choose_interface(site, &list);
	const struct capture_live_plan plan = { .interface = interface };

	tools->draft.fd = -1;
	if (!unknown)
		tools->here = only_address(&list, interface);
	if (site->capture.file)
		prepare_file(tools, site->capture.file);
	tools->interface = mem_text(interface);
	/* What it has to say is asked later: capture_live_trouble(). */
	(void)!capture_live_start(&tools->live, &plan);
	iface_list_clear(&list);
	return tools;
}

static void free_tools(struct tools *tools)
{
	capture_live_free(tools->live);
	capture_save_free(tools->save);
	if (tools->draft.fd >= 0)
		close(tools->draft.fd);
	free(tools->trouble);
	free(tools->interface);
	free(tools);
}

static void keep(struct run *run, const struct packet *packet)
{
	const size_t length = run->site->capture.snap_audio ? trim_voice(packet) : packet->captured;

	errno = 0; /* it says why only where writing failed */
	run->kept = capture_save_add(run->tools->save, packet, length);
	run->kept_errno = run->kept ? errno : 0;
	run->kept_packets += !run->kept;
}

static void on_packet(const struct packet *packet, void *context)
{
	struct run *run = context;

	run->packets++;
	analysis_packet(run->analysis, packet);
	if (run->tools->save && !run->kept)
		keep(run, packet);
}

static void on_call(const struct call_told *call, void *context)
{
	struct run *run = context;

	run->calls++;
	sink_call_take(run->sink, json_text_parse(call->json));
}

static json_t *direction_json(const struct live_direction *of)
{
	return json_pack("{s:b, s:f, s:I, s:I, s:f, s:f, s:o, s:s}", "seen", of->seen,
			 "packets_per_second", of->packets_per_second, "packets",
			 (json_int_t)of->packets, "lost", (json_int_t)of->lost, "loss_pct",
			 of->loss_pct, "jitter_ms", of->jitter_ms, "dbov",
			 of->level_known ? json_real(of->dbov) : json_null(), "meaning",
			 of->meaning ? of->meaning : "");
}

static void tell_live(struct run *run, double seconds)
{
	struct live_call calls[LIVE_CALLS];
	const size_t count = analysis_live(calls, LIVE_CALLS, run->analysis);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:b, s:f, s:o, s:o}", "from",
						      calls[i].from, "to", calls[i].to, "answered",
						      calls[i].answered, "ended", calls[i].ended,
						      "seconds", calls[i].seconds, "out",
						      direction_json(&calls[i].out), "in",
						      direction_json(&calls[i].in)));
	sink_live_take(run->sink, json_pack("{s:f, s:I, s:o}", "seconds", seconds, "packets",
					    (json_int_t)run->packets, "calls", list));
}

static bool is_wanted(const struct site *site, const struct deadline *until)
{
	return !deadline_passed(until) && !(site->hurry && *site->hurry);
}

/* Reads until the time is up, somebody asks for the end, or the helper ends by itself. */
static void hear(struct run *run)
{
	const int64_t begun = clock_ms();
	const struct deadline until = deadline_in((int64_t)run->site->capture.seconds * 1000);
	struct pollfd fd = { .fd = capture_live_fd(run->tools->live), .events = POLLIN };
	struct deadline next = deadline_in(LIVE_MS);
	bool goes_on = capture_live_read(run->tools->live, on_packet, run); /* it may not run */

	while (goes_on && is_wanted(run->site, &until)) {
		const struct deadline soon = deadline_first(until, next);

		if (poll(&fd, 1, deadline_left_ms(&soon)) > 0)
			goes_on = capture_live_read(run->tools->live, on_packet, run);
		if (!deadline_passed(&next))
			continue;
		next = deadline_in(LIVE_MS);
		tell_live(run, (double)(clock_ms() - begun) / 1000);
		sink_progress(run->sink,
			      (double)(clock_ms() - begun) / 1000 / run->site->capture.seconds,
			      run->packets ? N_("listening") : N_("listening, nothing came yet"));
	}
}

/* What the helper still holds. */
static void drain(struct run *run)
{
	const struct deadline until = deadline_in(DRAIN_MS);
	struct pollfd fd = { .fd = capture_live_fd(run->tools->live), .events = POLLIN };

	capture_live_stop(run->tools->live);
	while (capture_live_read(run->tools->live, on_packet, run) && !deadline_passed(&until))
		(void)poll(&fd, 1, deadline_left_ms(&until));
}

static void tell_findings(struct run *run)
{
	size_t count;
	const struct finding *const *findings = analysis_findings(&count, run->analysis);

	for (size_t i = 0; i < count; i++) {
		run->faults += findings[i]->severity == SEVERITY_FAULT;
		sink_finding_take(run->sink, finding_copy(findings[i]));
	}
}

static bool is_kept(const struct run *run)
{
	return !run->kept || run->kept == ERR_FULL;
}

static void finish_file(struct run *run)
{
	enum err err;

	if (!run->tools->save || !is_kept(run))
		return;
	err = capture_save_finish(run->tools->save);
	if (!err)
		return;
	run->kept = err;
	run->kept_errno = errno;
}

/* "kept" is all that the file holds; "not_kept" is why it holds nothing. */
static void tell_kept(json_t *input, const struct run *run)
{
	if (!run->tools->save)
		return;
	json_object_set_new(input, "kept", json_boolean(is_kept(run)));
	if (is_kept(run))
		json_object_set_new(input, "kept_packets",
				    json_integer((json_int_t)run->kept_packets));
	else
		json_object_set_new(input, "not_kept",
				    json_string(run->kept == ERR_MISMATCH
							? "packets of two kinds of link came"
						: run->kept_errno ? strerror(run->kept_errno)
								  : err_text(run->kept)));
}

/* What was dropped, not kept or not waited for belongs to the numbers: whoever reads them must
 * know. `trouble` is why it ended before its time; "". */
static void tell_input(struct run *run, const char *trouble)
{
	const struct capture_counts counts = capture_live_counts(run->tools->live);
	json_t *input = analysis_input(run->analysis);
	char *interface = text_safe(run->tools->interface, strlen(run->tools->interface), 64);

	json_object_set_new(input, "interface", json_string(interface));
	if (counts.known)
		json_object_set_new(input, "dropped", json_integer((json_int_t)counts.dropped));
	if (*trouble)
		json_object_set_new(input, "damaged", json_string(trouble));
	tell_kept(input, run);
	sink_input_take(run->sink, input);
	free(interface);
}

static char *summary_of(const struct run *run)
{
	const unsigned long long packets = run->packets;

	if (!packets)
		return mem_text(_("not one packet came by"));
	if (!run->calls)
		return mem_printf(_("%llu packets, no call among them"), packets);
	return mem_printf(run->faults
				  ? ngettext("%zu call in %llu packets, faults found",
					     "%zu calls in %llu packets, faults found", run->calls)
				  : ngettext("%zu call in %llu packets, nothing wrong found",
					     "%zu calls in %llu packets, nothing wrong found",
					     run->calls),
			  run->calls, packets);
}

static void tell_summary(struct run *run, const char *trouble)
{
	char *summary = summary_of(run);

	if (*trouble)
		sink_summary(run->sink, _("%s; it ended early: %s"), summary, trouble);
	else
		sink_summary(run->sink, "%s", summary);
	free(summary);
}

static enum check_state finish(struct run *run)
{
	const char *words = capture_live_trouble(run->tools->live);
	char *trouble = text_safe(words, strlen(words), TROUBLE_MAX);
	enum check_state state = CHECK_DONE;

	analysis_end(run->analysis);
	tell_findings(run);
	finish_file(run);
	tell_input(run, trouble);
	if (*trouble && !run->packets) {
		sink_why(run->sink, "%s", trouble);
		state = CHECK_FAILED;
	} else {
		tell_summary(run, trouble);
	}
	free(trouble);
	return state;
}

static bool read_options(struct analysis_options *out, const struct site *site,
			 const struct tools *tools, struct sink *sink)
{
	struct addr phone;

	*out = (struct analysis_options){ .skip = SIP_OWN_CALLER, .traces = true };
	if (addr_is_set(&tools->here))
		out->here = endpoint_from_addr(&tools->here);
	if (site->capture.phone && !addr_parse(&phone, site->capture.phone, 0))
		out->phone = endpoint_from_addr(&phone);
	if (site->capture.at && vantage_parse(&out->at, site->capture.at)) {
		sink_why(sink, _("cannot read '%s'"), site->capture.at);
		return false;
	}
	return true;
}

static enum check_state run_capture(const struct site *site, struct sink *sink)
{
	struct tools *tools = site->tools ? site->tools : prepare(site);
	struct run run = { .site = site, .sink = sink, .tools = tools };
	const struct analysis_to to = { .call = on_call, .context = &run };
	struct analysis_options options;
	enum check_state state = CHECK_FAILED;

	if (tools->trouble) {
		sink_why(sink, _("the packets cannot be kept: %s"), tools->trouble);
	} else if (read_options(&options, site, tools, sink)) {
		run.analysis = analysis_new(&options, &to);
		hear(&run);
		drain(&run);
		state = finish(&run);
		analysis_free(run.analysis);
	}
	free_tools(tools);
	return state;
}

const struct check check_capture = {
	.name = "capture",
	.title = N_("Call"),
	.about = N_("Listens while you make a call: what travels in each direction."),
	.on_demand = true,
	.tells_much = true,
	.leaves_traces = true, /* ended gently, it still tells what it heard */
	.seconds = CAPTURE_SECONDS,
	.facts = facts,
	.why_not = why_not,
	.prepare = prepare,
	.lasts = lasts,
	.writes = KEEP_MAX,
	.run = run_capture,
};
