/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare_sip.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"
#include "proto/sip.h"
#include "proto/sip_diff.h"
#include "proto/sip_message.h"

enum {
	CHANGE_TEXT_MAX = 300,
	CHANGES_TOLD_MAX = 8, /* in a finding */
};

void clock_bounds_out(struct clock_bounds *bounds, int64_t later_ns)
{
	if (!bounds->has_upper || later_ns < bounds->upper_ns)
		bounds->upper_ns = later_ns;
	bounds->has_upper = true;
}

void clock_bounds_in(struct clock_bounds *bounds, int64_t later_ns)
{
	if (!bounds->has_lower || later_ns > bounds->lower_ns)
		bounds->lower_ns = later_ns;
	bounds->has_lower = true;
}

/* A message of one point, read, and whether its counterpart was found. */
struct read_message {
	const struct kept_message *kept;
	struct sip_message *sip; /* NULL: not readable */
	struct slice branch;     /* of the top Via; empty: none */
	bool taken;
	const struct read_message *partner; /* at the other point */
};

/* What tells one hop's message from the next hop's (RFC 3261, 8.1.1.7); a device that rewrites
 * addresses leaves it alone, mostly. */
static struct slice branch_of(struct slice bytes)
{
	const struct sip_header *via;
	struct slice branch;
	struct sip_raw raw;
	size_t at, end = 0;

	if (sip_raw_read(&raw, bytes) || !(via = sip_raw_find(&raw, SIP_VIA)) ||
	    slice_find(&at, via->value, "branch="))
		return (struct slice){ NULL, 0 };
	branch = slice_of(via->value.at + at, via->value.left - at);
	while (end < branch.left && !strchr(";, \t\r\n", branch.at[end]))
		end++;
	branch.left = end;
	return branch;
}

static struct read_message *read_messages(const struct point_call *call)
{
	struct read_message *list = mem_new(call->message_count + 1, sizeof *list);

	for (size_t i = 0; i < call->message_count; i++) {
		list[i].kept = &call->message[i];
		list[i].branch = branch_of(call->message[i].bytes);
		list[i].sip = mem_new(1, sizeof *list[i].sip);
		if (!sip_message_read(list[i].sip, call->message[i].bytes))
			continue;
		free(list[i].sip);
		list[i].sip = NULL;
	}
	return list;
}

static void free_messages(struct read_message *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i].sip);
	free(list);
}

static bool is_same_message(const struct sip_message *a, const struct sip_message *b)
{
	return a->request == b->request && a->status == b->status && a->cseq == b->cseq &&
	       !strcmp(a->method, b->method) && !strcmp(a->from_tag, b->from_tag);
}

static bool is_same_branch(const struct read_message *a, const struct read_message *b)
{
	return a->branch.left && a->branch.left == b->branch.left &&
	       !memcmp(a->branch.at, b->branch.at, a->branch.left);
}

/* A repeat finds the counterpart's repeat: both lists are in the order of time. */
static void find_partner(struct read_message *wanted, struct read_message *list, size_t count,
			 bool by_branch)
{
	for (size_t i = 0; i < count && wanted->sip && !wanted->partner; i++) {
		if (list[i].taken || !list[i].sip || !is_same_message(wanted->sip, list[i].sip) ||
		    (by_branch && !is_same_branch(wanted, &list[i])))
			continue;
		list[i].taken = true;
		wanted->partner = &list[i];
	}
}

/* First those of the same hop: one point may show a message before and behind a proxy. */
static void find_partners(struct read_message *here, size_t here_count, struct read_message *there,
			  size_t there_count)
{
	for (size_t i = 0; i < here_count; i++)
		find_partner(&here[i], there, there_count, true);
	for (size_t i = 0; i < here_count; i++)
		find_partner(&here[i], there, there_count, false);
}

static json_t *change_text(struct slice bytes)
{
	char *safe;
	json_t *json;

	if (!bytes.left)
		return json_null();
	safe = text_safe(bytes.at, bytes.left, CHANGE_TEXT_MAX);
	json = json_string(safe);
	free(safe);
	return json;
}

static char *message_name(const struct sip_message *sip)
{
	return sip->request ? mem_text(sip->method)
			    : mem_printf("%d (%s)", sip->status, sip->method);
}

static void add_change(struct sip_changes *out, const struct sip_message *sip,
		       const struct sip_change *change)
{
	char *name;

	if (change->field == SIP_FIELD_VIA && sip->request &&
	    (!change->sent.left || !change->got.left))
		out->via_added = true;
	if (json_array_size(out->list) == CHANGES_MAX)
		return;
	name = message_name(sip);
	json_array_append_new(out->list, json_pack("{s:s, s:I, s:s, s:o, s:o}", "message", name,
						   "cseq", (json_int_t)sip->cseq, "field",
						   sip_field_text(change->field), "inside",
						   change_text(change->sent), "outside",
						   change_text(change->got)));
	free(name);
}

/* All there: sip_diff() finds no change in what a cut took, but of one side only. */
static bool is_whole(struct slice bytes)
{
	struct sip_raw raw;

	return !sip_raw_read(&raw, bytes) && raw.headers_complete &&
	       (raw.whole || !sip_raw_find(&raw, SIP_CONTENT_LENGTH));
}

static void turn_changes(struct sip_diff *diff)
{
	for (size_t i = 0; i < diff->change_count; i++) {
		const struct slice sent = diff->change[i].sent;

		diff->change[i].sent = diff->change[i].got;
		diff->change[i].got = sent;
	}
}

static void diff_messages(struct sip_changes *out, const struct read_message *inside,
			  const struct read_message *outside)
{
	const struct slice here = inside->kept->bytes, there = outside->kept->bytes;
	const bool turned = !is_whole(here);
	struct sip_diff diff;

	if ((turned && !is_whole(there)) ||
	    sip_diff(&diff, turned ? there : here, turned ? here : there))
		return;
	if (turned)
		turn_changes(&diff);
	out->compared++;
	out->differing += diff.changed != 0;
	out->fields |= diff.changed;
	for (size_t i = 0; i < diff.change_count; i++)
		add_change(out, inside->sip, &diff.change[i]);
}

/* How much later the outside clock shows what one side sends: least and most. */
struct spread {
	bool any;
	int64_t least_ns, most_ns;
};

static void spread_take(struct spread *spread, int64_t later_ns)
{
	if (!spread->any || later_ns < spread->least_ns)
		spread->least_ns = later_ns;
	if (!spread->any || later_ns > spread->most_ns)
		spread->most_ns = later_ns;
	spread->any = true;
}

/* What goes out is seen later outside than what comes in: so the messages themselves tell which
 * side is inside. */
static void bound_clocks(struct clock_bounds *bounds, const struct spread *a,
			 const struct spread *b)
{
	const bool a_goes_out = a->least_ns >= b->most_ns;

	if (!a->any || !b->any || (!a_goes_out && b->least_ns < a->most_ns))
		return;
	clock_bounds_out(bounds, a_goes_out ? a->least_ns : b->least_ns);
	clock_bounds_in(bounds, a_goes_out ? b->most_ns : a->most_ns);
}

/* The first 2xx to an INVITE; NULL: none. */
static const struct read_message *find_answer(const struct read_message *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct sip_message *sip = list[i].sip;

		if (sip && !sip->request && sip->status / 100 == 2 &&
		    !strcmp(sip->method, "INVITE"))
			return &list[i];
	}
	return NULL;
}

static bool has_ack(const struct read_message *list, size_t count, const struct sip_message *to)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].sip && list[i].sip->request && list[i].sip->cseq == to->cseq &&
		    !strcmp(list[i].sip->method, "ACK"))
			return true;
	return false;
}

/* A point that kept messages in part, or not all of them, may have had any. */
static bool has_all(const struct read_message *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!list[i].sip || !is_whole(list[i].kept->bytes))
			return false;
	return count > 0 && count < CALL_MESSAGES_MAX;
}

/* When `list` has an answer that `other` lacks; 0: it has none, or it came through unseen, as who
 * got it shows by an ACK. */
static int64_t lone_answer_ns(const struct read_message *list, size_t count,
			      const struct read_message *other, size_t other_count)
{
	const struct read_message *answer = find_answer(list, count);

	if (!answer || find_answer(other, other_count) || !has_all(other, other_count) ||
	    has_ack(list, count, answer->sip) || has_ack(other, other_count, answer->sip))
		return 0;
	return answer->kept->ns;
}

void compare_messages(struct sip_changes *out, struct clock_bounds *bounds,
		      const struct point_call *inside, const struct point_call *outside)
{
	struct read_message *here = read_messages(inside), *there = read_messages(outside);
	const char *caller_tag = NULL;
	struct spread by_caller = { 0 }, by_callee = { 0 };

	*out = (struct sip_changes){ .list = json_array() };
	find_partners(here, inside->message_count, there, outside->message_count);
	for (size_t i = 0; i < inside->message_count; i++) {
		const struct read_message *found = here[i].partner;

		if (!here[i].sip)
			continue;
		if (!caller_tag)
			caller_tag = here[i].sip->from_tag;
		if (!found)
			continue;
		diff_messages(out, &here[i], found);
		spread_take(!strcmp(here[i].sip->from_tag, caller_tag) == here[i].sip->request
				    ? &by_caller
				    : &by_callee,
			    found->kept->ns - here[i].kept->ns);
	}
	bound_clocks(bounds, &by_caller, &by_callee);
	out->answered_inside_ns =
		lone_answer_ns(here, inside->message_count, there, outside->message_count);
	out->answered_outside_ns =
		lone_answer_ns(there, outside->message_count, here, inside->message_count);
	free_messages(here, inside->message_count);
	free_messages(there, outside->message_count);
}

/* What a proxy does to a message as RFC 3261, 16.6 wants it: its Via, Record-Route, the next hop.
 */
static const unsigned harmless_of_proxy =
	1U << SIP_FIELD_VIA | 1U << SIP_FIELD_REQUEST_URI | 1U << SIP_FIELD_OTHER;

struct finding *compare_rewritten(const struct sip_changes *changes)
{
	struct finding *finding;
	size_t i;
	const json_t *change;

	if (!changes->differing)
		return NULL;
	finding = finding_new("sip-rewritten");
	finding_evidence(finding,
			 _("%zu of %zu SIP messages that were seen at both points differ."),
			 changes->differing, changes->compared);
	json_array_foreach(changes->list, i, change) {
		if (i == CHANGES_TOLD_MAX)
			break;
		finding_evidence(finding, _("%s, %s: inside \"%s\", outside \"%s\""),
				 json_text_at(change, "message"), json_text_at(change, "field"),
				 json_text_at(change, "inside"), json_text_at(change, "outside"));
	}
	if (changes->via_added) {
		finding->severity =
			changes->fields & ~harmless_of_proxy ? SEVERITY_RISK : SEVERITY_NOTE;
		finding_evidence(
			finding,
			_("The device between the points adds a Via of its own, as a proxy or "
			  "a session border controller does. If it is meant to be one, this "
			  "is its work."));
	}
	return finding;
}
