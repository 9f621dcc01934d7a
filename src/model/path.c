/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/path.h"

#include <string.h>

static void set_all(enum path_state way[PATH_PARTS], enum path_state state)
{
	for (size_t part = 0; part < PATH_PARTS; part++)
		way[part] = state;
}

static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && *text ? text : NULL;
}

/* --- what the checks measured --- */

static enum path_state rtp_state(const struct facts *facts, const char *name,
				 enum path_state otherwise)
{
	if (facts_is(facts, name, "open"))
		return PATH_OK;
	return facts_is(facts, name, "blocked") ? PATH_BROKEN : otherwise;
}

static void set_measured(struct path *path, const struct facts *facts)
{
	/* A STUN server proves the way out of the site and back; the way to the provider is proven
	 * by the provider alone. */
	const bool provider =
		facts_known(facts, "sip.server") || facts_is(facts, "sip.udp", "open") ||
		facts_is(facts, "sip.tcp", "open") || facts_is(facts, "sip.tls", "open");

	if (provider || facts_is(facts, "udp.open", "yes"))
		path->out[PATH_TO_ROUTER] = path->in[PATH_TO_ROUTER] = PATH_OK;
	if (provider)
		path->out[PATH_TO_PROVIDER] = path->in[PATH_TO_PROVIDER] = PATH_PASSES;
	path->out[PATH_TO_PROVIDER] = rtp_state(facts, "rtp.out", path->out[PATH_TO_PROVIDER]);
	path->in[PATH_TO_PROVIDER] = rtp_state(facts, "rtp.in", path->in[PATH_TO_PROVIDER]);
}

static bool runs(const struct session *session, const char *const *names)
{
	for (; *names; names++) {
		const struct check_run *run = session_find_check(session, *names);

		if (run && same_text(run->state, "running"))
			return true;
	}
	return false;
}

/* While a check runs again, what it said before may be over. */
static void set_running(struct path *path, const struct session *session)
{
	static const char *const tell_router[] = { "local", "stun", NULL };
	static const char *const tell_provider[] = { "stun",    "alg",  "ports", "turn",
						     "quality", "call", NULL };

	if (runs(session, tell_router))
		path->out[PATH_TO_ROUTER] = path->in[PATH_TO_ROUTER] = PATH_MEASURING;
	if (runs(session, tell_provider))
		path->out[PATH_TO_PROVIDER] = path->in[PATH_TO_PROVIDER] = PATH_MEASURING;
}

/* --- what the person says --- */

static const char *answer_to(const struct session *session, const char *question)
{
	const struct answer *answer = session_find_answer(session, question);

	return answer ? answer->value : "";
}

static void set_heard(struct path *path, const struct session *session)
{
	const char *symptom = answer_to(session, "symptom");

	if (!strcmp(symptom, "nobody-hears")) {
		path->out[PATH_TO_PHONE] = path->in[PATH_TO_PHONE] = PATH_MISSING;
	} else if (!strcmp(symptom, "far-cannot-hear")) {
		path->out[PATH_TO_PHONE] = PATH_MISSING;
		set_all(path->in, PATH_HEARD);
	} else if (!strcmp(symptom, "near-cannot-hear")) {
		set_all(path->out, PATH_HEARD);
		path->in[PATH_TO_PHONE] = PATH_MISSING;
	}
}

/* True if the verdict's cause was mended, as the person says. */
static bool is_mended(const struct session *session)
{
	const char *cause = text_at(session->verdict, "cause");
	const struct outcome *outcome = cause ? session_find_outcome(session, cause) : NULL;

	return outcome && !strcmp(outcome->result, "fixed");
}

/* --- what a capture heard --- */

static void hear_out(struct path *path, const char *state)
{
	if (same_text(state, "never-sent")) {
		path->out[PATH_TO_ROUTER] = path->out[PATH_TO_PHONE] = PATH_MISSING;
	} else if (same_text(state, "ok")) {
		path->out[PATH_TO_ROUTER] = PATH_OK;
		if (path->out[PATH_TO_PHONE] == PATH_UNKNOWN)
			path->out[PATH_TO_PHONE] = PATH_SENT;
	} else if (same_text(state, "wrong-address") || same_text(state, "missing") ||
		   same_text(state, "rejected")) {
		path->out[PATH_TO_PHONE] = PATH_MISSING;
	}
}

static void hear_in(struct path *path, const char *state)
{
	if (same_text(state, "ok"))
		set_all(path->in, PATH_OK);
	else if (state && strcmp(state, "unknown") && strcmp(state, "silent"))
		path->in[PATH_TO_PHONE] = PATH_MISSING;
}

/* "sip:*43@example.com" without its scheme; NULL stays NULL. */
static const char *number_in(const char *uri)
{
	const char *colon = uri ? strchr(uri, ':') : NULL;

	return colon && (!strncmp(uri, "sip:", 4) || !strncmp(uri, "sips:", 5)) ? colon + 1 : uri;
}

/* The last call counts: what was before a fix is over. */
static void set_captured(struct path *path, const json_t *calls)
{
	const size_t count = json_array_size(calls);
	const json_t *call = count ? json_array_get(calls, count - 1) : NULL;
	const json_t *directions = json_object_get(call, "directions");

	hear_out(path, text_at(json_object_get(directions, "out"), "state"));
	hear_in(path, text_at(json_object_get(directions, "in"), "state"));
	path->label[0][PATH_PHONE] = number_in(
		text_at(call, same_text(text_at(call, "phone"), "callee") ? "from" : "to"));
}

void path_hear(struct path *path, const json_t *live)
{
	const json_t *calls = json_object_get(live, "calls");
	const size_t count = json_array_size(calls);
	const json_t *call = count ? json_array_get(calls, count - 1) : NULL;
	const bool answered = json_is_true(json_object_get(call, "answered"));

	if (!call)
		return;
	set_all(path->out, PATH_UNKNOWN);
	set_all(path->in, PATH_UNKNOWN);
	memset(path->proven, 0, sizeof path->proven);
	if (json_is_true(json_object_get(json_object_get(call, "out"), "seen")))
		hear_out(path, "ok");
	else if (answered)
		hear_out(path, "never-sent");
	if (json_is_true(json_object_get(json_object_get(call, "in"), "seen")))
		hear_in(path, "ok");
	else if (answered)
		hear_in(path, "missing");
}

/* --- where it breaks --- */

static bool is_worse(const struct finding *a, const struct finding *b)
{
	/* Kinds stand in one table, the nearer causes first. */
	return a->severity != b->severity ? a->severity > b->severity : a->kind < b->kind;
}

const struct finding *path_fault(const struct session *session)
{
	const char *remedy = text_at(session->verdict, "remedy");
	const struct finding *worst = NULL;

	for (size_t i = 0; i < session->finding_count; i++) {
		const struct finding *finding = session->findings[i];
		const bool fits = session->verdict ? same_text(finding->kind->remedy, remedy)
						   : finding->severity == SEVERITY_FAULT;

		if (fits && (!worst || is_worse(finding, worst)))
			worst = finding;
	}
	return worst;
}

/* What a call showed, at its ends alone. */
static bool is_of_a_call(const struct finding *finding)
{
	return !strcmp(finding->kind->check, "capture") || !strcmp(finding->kind->check, "call");
}

/* The place of a finding: the hop where it is known, else whose side it is. PATH_PLACES: not known,
 * or between two of them. */
static enum path_place place_of(const struct finding *finding, const struct path *path)
{
	if (same_text(finding->address, path->label[0][PATH_LAPTOP]) ||
	    !strcmp(finding->kind->check, "local"))
		return PATH_LAPTOP;
	if (finding->hop == 1 || same_text(finding->address, path->label[0][PATH_ROUTER]))
		return PATH_ROUTER;
	if (finding->hop)
		return PATH_PLACES;
	if (finding->side == SIDE_PROVIDER)
		return PATH_PROVIDER;
	return finding->side == SIDE_PHONE ? PATH_LAPTOP : PATH_PLACES;
}

static void break_part(struct path *path, const struct finding *finding, enum path_part part,
		       enum path_state state)
{
	enum direction direction = finding->direction;
	const bool out_heard = path->out[PATH_TO_PHONE] == PATH_HEARD;
	const bool in_heard = path->in[PATH_TO_PHONE] == PATH_HEARD;

	/* What can break both, and breaks one. */
	if (direction == DIRECTION_BOTH && out_heard != in_heard)
		direction = out_heard ? DIRECTION_IN : DIRECTION_OUT;
	if (direction == DIRECTION_OUT || direction == DIRECTION_BOTH)
		path->out[part] = state;
	if (direction == DIRECTION_IN || direction == DIRECTION_BOTH)
		path->in[part] = state;
}

static void add_fault(struct path *path, const struct finding *finding)
{
	const enum path_place place = place_of(finding, path);
	const bool known = finding->hop || place == PATH_ROUTER || !is_of_a_call(finding);

	if (finding->direction == DIRECTION_NONE)
		return;
	if (place < PATH_PLACES)
		path->mark[place] = known ? PATH_FAULT : PATH_THIS_SIDE;
	if (!known) {
		break_part(path, finding, PATH_TO_PHONE, PATH_MISSING);
		return;
	}
	break_part(path, finding, place == PATH_LAPTOP ? PATH_TO_ROUTER : PATH_TO_PROVIDER,
		   PATH_BROKEN);
	if (finding->hop > 1 && place == PATH_PLACES) {
		path->hop = finding->hop;
		path->hop_address = finding->address;
	}
}

/* What the verdict blames, as far as no finding says it more exactly. */
static void mark_side(struct path *path, const json_t *verdict)
{
	const char *side = text_at(verdict, "side");

	for (size_t place = 0; place < PATH_PLACES; place++)
		if (path->mark[place])
			return;
	if (path->hop)
		return;
	if (same_text(side, "provider"))
		path->mark[PATH_PROVIDER] = PATH_THIS_SIDE;
	else if (same_text(side, "phone"))
		path->mark[PATH_LAPTOP] = PATH_THIS_SIDE;
}

/* Each fault; what the verdict names last, also where it is no more than a risk. */
static void set_faults(struct path *path, const struct session *session)
{
	const struct finding *blamed = path_fault(session);

	for (size_t i = 0; i < session->finding_count; i++)
		if (session->findings[i]->severity == SEVERITY_FAULT &&
		    session->findings[i] != blamed)
			add_fault(path, session->findings[i]);
	if (blamed) {
		add_fault(path, blamed);
		path->fault = blamed;
		path->fault_place = place_of(blamed, path);
	}
	mark_side(path, session->verdict);
}

/* --- all of it --- */

static const char *known_text(const struct facts *facts, const char *name)
{
	return facts_known(facts, name) && json_is_string(facts_get(facts, name))
		       ? facts_text(facts, name)
		       : NULL;
}

static void set_labels(struct path *path, const struct session *session)
{
	const struct facts *facts = &session->facts;

	path->label[0][PATH_LAPTOP] = known_text(facts, "net.address");
	path->label[0][PATH_ROUTER] = known_text(facts, "net.gateway");
	path->label[0][PATH_PROVIDER] = session_site_text(session, "provider.domain");
	path->label[1][PATH_ROUTER] = known_text(facts, "router.model");
	path->label[1][PATH_PROVIDER] =
		json_string_value(json_array_get(facts_get(facts, "dns.addresses"), 0));
}

static void set_proven(struct path *path)
{
	for (enum path_part part = 0; part < PATH_PARTS; part++) {
		const enum path_state state = path_joined(path, part);

		path->proven[part] = state >= PATH_PASSES && state < PATH_MISSING;
	}
}

void path_of(struct path *out, const struct session *session)
{
	*out = (struct path){ .fault_place = PATH_PLACES };
	set_labels(out, session);
	set_measured(out, &session->facts);
	set_heard(out, session);
	set_captured(out, session->calls);
	if (is_mended(session)) {
		set_all(out->out, PATH_HEARD);
		set_all(out->in, PATH_HEARD);
		set_proven(out);
		return;
	}
	set_proven(out);
	set_running(out, session);
	set_faults(out, session);
}

const char *path_state_words(enum path_state state)
{
	switch (state) {
	case PATH_UNKNOWN: return N_("not known yet");
	case PATH_MEASURING: return N_("measuring …");
	case PATH_SENT: return N_("sent");
	case PATH_PASSES: return N_("packets pass");
	case PATH_HEARD: return N_("heard");
	case PATH_OK: return N_("ok");
	case PATH_MISSING: return N_("missing");
	case PATH_BROKEN: return N_("fault here");
	}
	return "";
}

enum path_state path_joined(const struct path *path, enum path_part part)
{
	const enum path_state out = path->out[part], in = path->in[part];

	if (out >= PATH_MISSING || in >= PATH_MISSING)
		return out > in ? out : in;
	return out < in ? out : in;
}
