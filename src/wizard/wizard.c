/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wizard/wizard.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/mem.h"

enum { CHECKS_MAX = 16, LISTEN_SECONDS = 600 };

/* One check of the board. */
struct board_row {
	struct wizard_check shown;
	int64_t started_ms;
	char *now;     /* behind shown.now */
	char *summary; /* of this run, to stand there at its end; or NULL */
};

struct wizard {
	const struct tree *tree;
	struct session *session;
	struct site *site;
	const struct wizard_host *host;
	enum wizard_place place;
	struct walk walk;
	const struct tree_question
		*revisit; /* "back" asks this again, whatever the checks say by now */
	bool asked;       /* no turn was taken back for it: wizard_ask() */
	struct board_row rows[CHECKS_MAX];
	size_t row_count;
	bool altered; /* the form, since the checks were started */
	json_t *live; /* what the capture hears; NULL: nothing yet */
	bool trying;  /* wizard_try_name(): what "dns" says is for the form alone */
	const struct finding_kind *name_trouble;
	enum severity name_severity;
};

/* The keys of a profile that a session tells of: all but the account and what leads to secrets. */
static const struct {
	const char *section, *key;
} told[] = {
	{ "provider", "name" },  { "provider", "domain" },  { "provider", "transport" },
	{ "provider", "proxy" }, { "provider", "support" }, { "nat", "stun" },
	{ "nat", "turn" },       { "media", "rtp-ports" },  { "media", "codecs" },
	{ "dns", "public-dns" }, { "responder", "host" },
};

static bool is_told(const char *section, const char *key)
{
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (!strcmp(told[i].section, section) && !strcmp(told[i].key, key))
			return true;
	return false;
}

static void tell_site(struct wizard *wizard, const char *section, const char *key)
{
	char *value, *name;
	const char *known;

	if (!is_told(section, key))
		return;
	value = site_get(wizard->site, section, key);
	name = mem_printf("%s.%s", section, key);
	known = session_site_text(wizard->session, name);
	if (strcmp(value ? value : "", known ? known : "") != 0)
		session_site(wizard->session, name, value ? value : "");
	free(name);
	free(value);
}

/* What the journal told of the profile goes into the site; what the profile has otherwise stays. */
static void restore_site(struct wizard *wizard)
{
	const char *expected;

	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		char *name = mem_printf("%s.%s", told[i].section, told[i].key);
		const char *value = session_site_text(wizard->session, name);

		/* A journal from a later version may hold what this one refuses: then the form
		 * shows it empty. */
		if (value && site_set(wizard->site, told[i].section, told[i].key, value, &expected))
			session_site(wizard->session, name, "");
		free(name);
	}
}

static struct board_row *find_row(struct wizard *wizard, const struct check *check)
{
	for (size_t i = 0; i < wizard->row_count; i++)
		if (wizard->rows[i].shown.check == check)
			return &wizard->rows[i];
	return NULL;
}

static void row_says(struct board_row *row, const char *text)
{
	mem_replace(&row->now, text);
	row->shown.now = row->now;
}

static void row_finds(struct board_row *row, enum severity severity)
{
	if (!row->shown.has_finding || severity > row->shown.worst)
		row->shown.worst = severity;
	row->shown.has_finding = true;
}

/* A check's end may change what another one's findings mean. */
static void recount_findings(struct wizard *wizard)
{
	const struct session *session = wizard->session;

	for (size_t i = 0; i < wizard->row_count; i++) {
		struct board_row *row = &wizard->rows[i];

		row->shown.has_finding = false;
		for (size_t k = 0; k < session->finding_count; k++)
			if (!strcmp(session->finding_checks[k], row->shown.check->name))
				row_finds(row, session->findings[k]->severity);
	}
}

/* A resumed session's checks have ended already. */
static void restore_row(struct wizard *wizard, struct board_row *row)
{
	const struct session *session = wizard->session;
	const struct check_run *run = session_find_check(session, row->shown.check->name);

	if (!run || check_state_parse(&row->shown.state, run->state))
		return;
	row->shown.stage = WIZARD_CHECK_ENDED;
	row->shown.fraction = 1;
	row->shown.seconds = run->seconds;
	row_says(row, run->why ? run->why : run->summary);
}

struct wizard *wizard_new(const struct tree *tree, struct session *session, struct site *site,
			  const struct wizard_host *host)
{
	struct wizard *wizard = mem_new(1, sizeof *wizard);
	const struct check *check;

	*wizard = (struct wizard){ .tree = tree, .session = session, .site = site, .host = host };
	while ((check = check_at(wizard->row_count)) && wizard->row_count < CHECKS_MAX) {
		struct board_row *row = &wizard->rows[wizard->row_count++];

		row->shown.check = check;
		restore_row(wizard, row);
	}
	recount_findings(wizard);
	restore_site(wizard);
	return wizard;
}

void wizard_free(struct wizard *wizard)
{
	if (!wizard)
		return;
	for (size_t i = 0; i < wizard->row_count; i++) {
		free(wizard->rows[i].now);
		free(wizard->rows[i].summary);
	}
	json_decref(wizard->live);
	free(wizard);
}

enum wizard_place wizard_place(const struct wizard *wizard)
{
	return wizard->place;
}

const struct walk *wizard_walk(const struct wizard *wizard)
{
	return &wizard->walk;
}

const struct session *wizard_session(const struct wizard *wizard)
{
	return wizard->session;
}

const struct tree *wizard_tree(const struct wizard *wizard)
{
	return wizard->tree;
}

const struct wizard_host *wizard_host(const struct wizard *wizard)
{
	return wizard->host;
}

/* The fact that each check is there to tell. */
static const struct {
	const char *check, *fact;
} purposes[] = {
	{ "local", "net.address" },
	{ "dns", "dns.addresses" },
	{ "stun", "udp.open" },
	{ "alg", "sip-alg" },
};

static bool has_no_result(const struct session *session, const struct wizard_check *shown)
{
	if (shown->stage != WIZARD_CHECK_ENDED || shown->state != CHECK_DONE)
		return false;
	for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
		if (!strcmp(purposes[i].check, shown->check->name))
			return !facts_known(&session->facts, purposes[i].fact);
	return false;
}

size_t wizard_checks(const struct wizard *wizard, struct wizard_check *out, size_t room)
{
	size_t count = 0;

	for (; count < wizard->row_count && count < room; count++) {
		out[count] = wizard->rows[count].shown;
		out[count].no_result = has_no_result(wizard->session, &out[count]);
	}
	return count;
}

static json_t *texts(const char *const *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

/* The contract's "verdict". */
static json_t *verdict_of(const struct walk *walk)
{
	json_t *verdict = json_object(), *also = json_array();

	json_object_set_new(verdict, "cause", json_string(walk->cause->id));
	json_object_set_new(verdict, "side", json_string(side_text(walk->cause->side)));
	json_object_set_new(verdict, "confidence", json_string(confidence_text(walk->confidence)));
	json_object_set_new(verdict, "direction", json_string(direction_text(walk->direction)));
	json_object_set_new(verdict, "remedy", json_string(walk->cause->remedy));
	json_object_set_new(verdict, "path", texts(walk->path, walk->path_count));
	for (size_t i = 0; i < walk->also_count; i++)
		json_array_append_new(also, json_string(walk->also[i]->id));
	json_object_set_new(verdict, "also", also);
	return verdict;
}

static bool is_last(const struct tree_cause *cause)
{
	return !strcmp(cause->id, "undetermined");
}

static enum wizard_place place_of(const struct wizard *wizard)
{
	const struct walk *walk = &wizard->walk;
	const struct outcome *outcome =
		walk->cause ? session_find_outcome(wizard->session, walk->cause->id) : NULL;

	switch (walk->kind) {
	case STEP_QUESTION: return WIZARD_QUESTION;
	case STEP_WAIT: return WIZARD_WAIT;
	case STEP_FIXED: return WIZARD_DONE;
	case STEP_ADVICE: return is_last(walk->cause) && outcome ? WIZARD_DONE : WIZARD_ADVICE;
	}
	return WIZARD_DONE;
}

/* Walks the tree anew with what is known by now. */
static void walk_on(struct wizard *wizard)
{
	struct walk alone;

	tree_walk(&wizard->walk, wizard->tree, wizard->session, WALK_ASK);
	if (wizard->revisit) {
		wizard->walk.kind = STEP_QUESTION;
		wizard->walk.question = wizard->revisit;
		wizard->walk.cause = NULL;
	}
	wizard->place = place_of(wizard);
	if (wizard->walk.cause) {
		session_verdict_take(wizard->session, verdict_of(&wizard->walk));
		return;
	}
	/* A report may be wanted in the middle: what would be said if nobody knew more. */
	tree_walk(&alone, wizard->tree, wizard->session, WALK_ALONE);
	session_verdict_take(wizard->session, verdict_of(&alone));
}

static void start_check(struct wizard *wizard, const struct check *check)
{
	if (wizard->host->start(check, wizard->host->context)) {
		struct board_row *row = find_row(wizard, check);

		row->shown.stage = WIZARD_CHECK_ENDED;
		row->shown.state = CHECK_FAILED;
		row_says(row, _("could not be started"));
	}
}

/* All of them, or those that did not end by themselves before the program was stopped. */
static void start_checks(struct wizard *wizard, bool again)
{
	for (size_t i = 0; i < wizard->row_count; i++) {
		const struct check *check = wizard->rows[i].shown.check;
		const struct check_run *run = session_find_check(wizard->session, check->name);

		if (!check->on_demand && (again || !run || !strcmp(run->state, "failed")))
			start_check(wizard, check);
	}
}

static bool has_begun(const struct session *session)
{
	return session->answer_count || session->check_count;
}

bool wizard_begin(struct wizard *wizard)
{
	if (wizard->place != WIZARD_WELCOME)
		return false;
	wizard->place = WIZARD_PROVIDER;
	if (has_begun(wizard->session)) {
		start_checks(wizard, wizard->altered);
		wizard->altered = false;
		walk_on(wizard);
	}
	return true;
}

bool wizard_set(struct wizard *wizard, const char *section, const char *key, const char *value,
		const char **expected)
{
	*expected = "";
	if (wizard->place != WIZARD_PROVIDER ||
	    site_set(wizard->site, section, key, value, expected))
		return false;
	wizard->altered = true;
	tell_site(wizard, section, key);
	return true;
}

char *wizard_get(const struct wizard *wizard, const char *section, const char *key)
{
	return site_get(wizard->site, section, key);
}

bool wizard_take_kind(struct wizard *wizard, const char *kind, char **why)
{
	*why = NULL;
	if (wizard->place != WIZARD_PROVIDER ||
	    wizard->host->take_kind(kind, why, wizard->host->context))
		return false;
	wizard->altered = true;
	return true;
}

/* What runs before the session begins looks for the name as it was a moment ago. */
static void end_trial(struct wizard *wizard)
{
	const struct board_row *row = find_row(wizard, check_find("dns"));

	if (row && row->shown.stage == WIZARD_CHECK_RUNNING)
		wizard->host->cancel(wizard->host->context);
	wizard->trying = false;
}

bool wizard_try_name(struct wizard *wizard)
{
	const struct check *dns = check_find("dns");

	if (wizard->place != WIZARD_PROVIDER || !dns)
		return false;
	end_trial(wizard);
	wizard->name_trouble = NULL;
	wizard->trying = true;
	start_check(wizard, dns);
	return true;
}

const struct finding_kind *wizard_name_trouble(enum severity *severity, const struct wizard *wizard)
{
	*severity = wizard->name_severity;
	return wizard->name_trouble;
}

bool wizard_provider_done(struct wizard *wizard)
{
	if (wizard->place != WIZARD_PROVIDER)
		return false;
	end_trial(wizard);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		tell_site(wizard, told[i].section, told[i].key);
	start_checks(wizard, true);
	wizard->altered = false;
	walk_on(wizard);
	return true;
}

bool wizard_answer(struct wizard *wizard, const char *value)
{
	const struct tree_question *question = wizard->walk.question;
	const char *measured;
	bool by_check = false;

	if (wizard->place != WIZARD_QUESTION && wizard->place != WIZARD_WAIT)
		return false;
	if (!tree_answer_find(question, value))
		return false;
	wizard->revisit = NULL;
	measured = tree_answer_of(&by_check, question, wizard->session);
	if (by_check && strcmp(measured, value) && strcmp(measured, "unknown"))
		session_correct(wizard->session, question->id, value, measured);
	else
		session_answer(wizard->session, question->id, value);
	walk_on(wizard);
	return true;
}

/* Takes the last turn back and stands there again. */
static bool back_one_turn(struct wizard *wizard)
{
	const struct session *session = wizard->session;
	const struct turn *turn =
		session->turn_count ? &session->turns[session->turn_count - 1] : NULL;

	if (!turn)
		return false;
	wizard->asked = false;
	wizard->revisit = turn->is_answer ? tree_question_find(wizard->tree, turn->id) : NULL;
	session_undo(wizard->session);
	walk_on(wizard);
	return true;
}

static bool is_on_path(const struct walk *walk, const char *id)
{
	for (size_t i = 0; i < walk->path_count; i++)
		if (!strcmp(walk->path[i], id))
			return true;
	return false;
}

bool wizard_ask(struct wizard *wizard, const char *id)
{
	const struct tree_question *question = tree_question_find(wizard->tree, id);
	bool by_check = false;

	if (wizard->place != WIZARD_QUESTION && wizard->place != WIZARD_WAIT &&
	    wizard->place != WIZARD_ADVICE && wizard->place != WIZARD_DONE)
		return false;
	if (!question || !is_on_path(&wizard->walk, id))
		return false;
	tree_answer_of(&by_check, question, wizard->session);
	if (!by_check)
		return false;
	wizard->revisit = question;
	wizard->asked = true;
	walk_on(wizard);
	return true;
}

/* A question that was asked again on wish is left as it was. */
static bool leave_asked(struct wizard *wizard)
{
	if (!wizard->asked || !wizard->revisit)
		return false;
	wizard->asked = false;
	wizard->revisit = NULL;
	walk_on(wizard);
	return true;
}

bool wizard_back(struct wizard *wizard)
{
	if (leave_asked(wizard))
		return true;
	switch (wizard->place) {
	case WIZARD_WELCOME: return false;
	case WIZARD_PROVIDER: wizard->place = WIZARD_WELCOME; return true;
	case WIZARD_RETEST: wizard->place = WIZARD_ADVICE; return true;
	case WIZARD_QUESTION:
	case WIZARD_WAIT:
	case WIZARD_ADVICE:
	case WIZARD_DONE: break;
	}
	if (back_one_turn(wizard))
		return true;
	wizard->revisit = NULL;
	wizard->host->cancel(wizard->host->context);
	wizard->place = WIZARD_PROVIDER;
	return true;
}

static void start_named(struct wizard *wizard, const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		const struct check *check = check_find(names[i]);

		if (check)
			start_check(wizard, check);
	}
}

bool wizard_tried(struct wizard *wizard, const char *result)
{
	const struct tree_cause *cause = wizard->walk.cause;

	if (wizard->place != WIZARD_ADVICE)
		return false;
	if (!strcmp(result, "done")) {
		session_followed(wizard->session, _("Followed the advice for: %s"), cause->title);
		start_named(wizard, cause->retest);
		wizard->place = WIZARD_RETEST;
		return true;
	}
	if (strcmp(result, "could-not") != 0 && strcmp(result, "ask-provider") != 0)
		return false;
	session_outcome(wizard->session, cause->id, result);
	/* The verdict stays with this cause: it is what the provider is asked about. */
	if (!strcmp(result, "ask-provider"))
		wizard->place = WIZARD_DONE;
	else
		walk_on(wizard);
	return true;
}

bool wizard_fixed(struct wizard *wizard, bool fixed)
{
	if (wizard->place != WIZARD_RETEST)
		return false;
	session_outcome(wizard->session, wizard->walk.cause->id, fixed ? "fixed" : "not-fixed");
	walk_on(wizard);
	return true;
}

bool wizard_measure_again(struct wizard *wizard)
{
	if (wizard->place == WIZARD_WELCOME || wizard->place == WIZARD_PROVIDER)
		return false;
	session_step(wizard->session, _("Measured everything again"));
	start_checks(wizard, true);
	return true;
}

bool wizard_listens(const struct wizard *wizard)
{
	for (size_t i = 0; i < wizard->row_count; i++)
		if (!strcmp(wizard->rows[i].shown.check->name, "capture"))
			return wizard->rows[i].shown.stage == WIZARD_CHECK_RUNNING;
	return false;
}

bool wizard_listen(struct wizard *wizard)
{
	const struct check *capture = check_find("capture");

	if (!capture || wizard->place == WIZARD_WELCOME || wizard->place == WIZARD_PROVIDER ||
	    wizard_listens(wizard))
		return false;
	json_decref(wizard->live);
	wizard->live = NULL;
	wizard->site->capture.seconds = LISTEN_SECONDS;
	facts_set_text(&wizard->site->facts, "net.interface",
		       facts_text(&wizard->session->facts, "net.interface"));
	session_step(wizard->session, _("Listened to a call"));
	start_check(wizard, capture);
	return true;
}

bool wizard_listen_end(struct wizard *wizard)
{
	if (!wizard_listens(wizard))
		return false;
	wizard->host->hurry(check_find("capture"), wizard->host->context);
	return true;
}

const json_t *wizard_live(const struct wizard *wizard)
{
	return wizard->live;
}

void wizard_detail(struct wizard *wizard, const char *key, const char *value)
{
	session_detail(wizard->session, key, value);
}

void wizard_finish(struct wizard *wizard)
{
	session_finish(wizard->session);
}

void wizard_diagnose(struct wizard *wizard)
{
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		tell_site(wizard, told[i].section, told[i].key);
	tree_walk(&wizard->walk, wizard->tree, wizard->session, WALK_ALONE);
	wizard->place = WIZARD_DONE;
	session_verdict_take(wizard->session, verdict_of(&wizard->walk));
}

static const char *member(const json_t *event, const char *key)
{
	return json_string_value(json_object_get(event, key));
}

static void row_starts(struct board_row *row)
{
	row->shown.stage = WIZARD_CHECK_RUNNING;
	row->shown.fraction = row->shown.seconds = 0;
	row->shown.has_finding = false;
	row->started_ms = clock_ms();
	row_says(row, NULL);
	mem_replace(&row->summary, NULL);
}

static void row_ends(struct board_row *row, const json_t *event)
{
	row->shown.stage = WIZARD_CHECK_ENDED;
	row->shown.fraction = 1;
	row->shown.seconds = json_number_value(json_object_get(event, "seconds"));
	if (check_state_parse(&row->shown.state, member(event, "state")))
		row->shown.state = CHECK_FAILED;
	if (row->shown.state != CHECK_DONE && member(event, "why"))
		row_says(row, member(event, "why"));
	else if (row->shown.state == CHECK_DONE && row->summary)
		row_says(row, row->summary); /* what it did last is over */
}

static void row_hears(struct board_row *row, const json_t *event)
{
	const char *kind = member(event, "event");

	if (!strcmp(kind, "summary"))
		mem_replace(&row->summary, member(event, "text"));
	if (!strcmp(kind, "start"))
		row_starts(row);
	else if (!strcmp(kind, "end"))
		row_ends(row, event);
	else if (!strcmp(kind, "summary") || !strcmp(kind, "why"))
		row_says(row, member(event, "text"));
	else if (!strcmp(kind, "progress")) {
		row->shown.fraction = json_number_value(json_object_get(event, "fraction"));
		if (member(event, "now"))
			row_says(row, member(event, "now"));
	}
}

/* What a try of the name finds is for the form alone. */
static void hear_trial(struct wizard *wizard, const json_t *event)
{
	struct finding *finding;

	if (finding_from_json(&finding, json_object_get(event, "finding")))
		return;
	if (!wizard->name_trouble || finding->severity > wizard->name_severity) {
		wizard->name_trouble = finding->kind;
		wizard->name_severity = finding->severity;
	}
	finding_free(finding);
}

void wizard_event(struct wizard *wizard, const struct check *check, const json_t *event)
{
	struct board_row *row = find_row(wizard, check);

	if (!row || !member(event, "event"))
		return;
	row_hears(row, event);
	if (wizard->trying) {
		hear_trial(wizard, event);
		return;
	}
	if (!strcmp(member(event, "event"), "live")) {
		json_decref(wizard->live);
		wizard->live = json_incref(json_object_get(event, "live"));
		return;
	}
	session_check(wizard->session, check->name, event);
	if (strcmp(member(event, "event"), "progress") != 0)
		recount_findings(wizard);
	/* While a person reads a question it does not change under the fingers; the next answer
	 * takes the news in. */
	if (wizard->place == WIZARD_WAIT)
		walk_on(wizard);
}

void wizard_tick(struct wizard *wizard)
{
	for (size_t i = 0; i < wizard->row_count; i++) {
		struct board_row *row = &wizard->rows[i];

		if (row->shown.stage == WIZARD_CHECK_RUNNING)
			row->shown.seconds = (double)(clock_ms() - row->started_ms) / 1000;
	}
}

void wizard_progress(const struct wizard *wizard, size_t *done, size_t *about)
{
	struct walk alone;

	tree_walk(&alone, wizard->tree, wizard->session, WALK_ALONE);
	*done = wizard->walk.path_count;
	*about = *done + alone.unasked;
}
