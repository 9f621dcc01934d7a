/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk through the tree. It keeps nothing from one call to the next: each time it starts at the
 * top, with the answers, facts, findings and outcomes of the session, and goes as far as they lead.
 */
#include <math.h>
#include <string.h>

#include "model/fact.h"
#include "tree/parts.h"

/* What is worked out once for a walk; each is asked for many times. */
struct known {
	const char *value; /* an answer; NULL: not worked out yet */
	bool by_person, by_check;
	const struct finding *proof; /* the finding that the check's answer rests on; NULL: none */
};

struct named_truth {
	enum { TRUTH_NOT_ASKED, TRUTH_NO, TRUTH_YES } truth;
	const struct finding *proof;
	bool passed; /* its grounds are on the path */
};

/* What speaks for and against a cause. */
struct weighed {
	bool done, ruled_out;
	const struct evidence *evidence; /* the strongest that holds; NULL: none */
	const struct finding *proof;
};

struct walker {
	const struct tree *tree;
	const struct session *session;
	struct walk *out;
	bool alone;   /* nobody is asked; unanswered is "unknown" */
	bool decided; /* out->cause stands: what comes now goes to out->also */
	bool fixed;   /* nothing is to be tried any more */
	struct known answers[TREE_QUESTIONS_MAX];
	struct named_truth named[TREE_NAMED_MAX];
	bool visited[TREE_BRANCHES_MAX];
	struct weighed weighed[WALK_CAUSES_MAX];
	bool met[WALK_CAUSES_MAX];
	const struct finding *proof; /* the first finding that the condition at hand rests on */
};

static bool holds(struct walker *walker, const struct condition *condition);

static bool contains(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

/* The value that checks give, by the first answer whose condition holds; NULL: none. */
static const char *checks_say(struct walker *walker, const struct question *question)
{
	for (size_t i = 0; i < question->shown.answer_count; i++)
		if (question->by[i] && holds(walker, question->by[i]))
			return question->shown.answers[i].value;
	return NULL;
}

static const struct known *answer_of(struct walker *walker, size_t index)
{
	const struct question *question = &walker->tree->questions[index];
	struct known *known = &walker->answers[index];
	const struct finding *before;
	const struct answer *given;
	const char *measured;

	if (known->value)
		return known;
	given = session_find_answer(walker->session, question->shown.id);
	before = walker->proof;
	walker->proof = NULL;
	measured = checks_say(walker, question);
	known->proof = walker->proof;
	walker->proof = before;
	known->by_person = given && strcmp(given->value, "unknown") != 0 &&
			   tree_answer_find(&question->shown, given->value);
	known->value = known->by_person ? given->value : measured ? measured : "unknown";
	known->by_check = measured && !strcmp(measured, known->value);
	return known;
}

static bool is_known(const struct known *known)
{
	return known->by_person || known->by_check;
}

static bool question_holds(struct walker *walker, const struct condition *condition)
{
	const struct known *known = answer_of(walker, condition->index);

	if (condition->origin == ORIGIN_PERSON && !known->by_person)
		return false;
	if (condition->origin == ORIGIN_CHECK && !known->by_check)
		return false;
	if (contains(condition->words, known->value) != (condition->comparison == COMPARE_IS))
		return false;
	if (known->by_check && !walker->proof)
		walker->proof = known->proof;
	return true;
}

static bool fact_holds(const struct walker *walker, const struct condition *condition)
{
	const struct facts *facts = &walker->session->facts;
	double number;
	bool is = false;

	switch (condition->comparison) {
	case COMPARE_AT_LEAST:
	case COMPARE_AT_MOST:
		number = facts_number(facts, condition->name, (double)NAN);
		return condition->comparison == COMPARE_AT_LEAST ? number >= condition->number
								 : number <= condition->number;
	case COMPARE_IS:
	case COMPARE_IS_NOT: break;
	}
	if (!facts_get(facts, condition->name))
		is = contains(condition->words, "unknown");
	for (const char *const *word = condition->words; *word && !is; word++)
		is = facts_is(facts, condition->name, *word);
	return is == (condition->comparison == COMPARE_IS);
}

static bool finding_fits(const struct finding *finding, const struct condition *condition)
{
	if (finding->severity < condition->severity)
		return false;
	if (condition->directions && !(condition->directions & 1U << finding->direction))
		return false;
	if (condition->sides && !(condition->sides & 1U << finding->side))
		return false;
	return contains(condition->words, finding->kind->id);
}

static bool finding_holds(struct walker *walker, const struct condition *condition)
{
	const struct session *session = walker->session;

	for (size_t i = 0; i < session->finding_count; i++) {
		if (!finding_fits(session->findings[i], condition))
			continue;
		if (!walker->proof)
			walker->proof = session->findings[i];
		return true;
	}
	return false;
}

static bool check_holds(const struct walker *walker, const struct condition *condition)
{
	const struct check_run *run = session_find_check(walker->session, condition->name);

	return run && contains(condition->words, run->state);
}

/* Worked out once: a tree could otherwise make conditions that take for ever, each naming the one
 * before twice. */
static bool named_holds(struct walker *walker, size_t index)
{
	struct named_truth *named = &walker->named[index];
	const struct finding *before = walker->proof;

	if (named->truth == TRUTH_NOT_ASKED) {
		walker->proof = NULL;
		named->truth =
			holds(walker, walker->tree->named[index].condition) ? TRUTH_YES : TRUTH_NO;
		named->proof = walker->proof;
		walker->proof = before;
	}
	if (!walker->proof)
		walker->proof = named->proof;
	return named->truth == TRUTH_YES;
}

static bool group_holds(struct walker *walker, const struct condition *group)
{
	for (const struct condition *member = group->inner; member; member = member->next) {
		bool is = holds(walker, member);

		if (is != (group->kind == CONDITION_ALL))
			return group->kind == CONDITION_ANY;
	}
	return group->kind != CONDITION_ANY;
}

static bool condition_holds(struct walker *walker, const struct condition *condition)
{
	switch (condition->kind) {
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_NONE: return group_holds(walker, condition);
	case CONDITION_QUESTION: return question_holds(walker, condition);
	case CONDITION_FACT: return fact_holds(walker, condition);
	case CONDITION_FINDING: return finding_holds(walker, condition);
	case CONDITION_CHECK: return check_holds(walker, condition);
	case CONDITION_NAMED: return named_holds(walker, condition->index);
	}
	return false;
}

/* What does not hold leaves no proof behind. */
static bool holds(struct walker *walker, const struct condition *condition)
{
	const struct finding *before = walker->proof;
	bool is = condition_holds(walker, condition);

	if (!is)
		walker->proof = before;
	return is;
}

/* The strongest evidence that holds; NULL where there is none. */
static const struct evidence *evidence_for(struct walker *walker, const struct cause *cause)
{
	const struct evidence *strongest = NULL;

	walker->proof = NULL;
	for (size_t i = 0; i < cause->evidence_count; i++) {
		const struct evidence *evidence = &cause->evidence[i];

		if (strongest && evidence->confidence <= strongest->confidence)
			continue;
		if (holds(walker, evidence->condition))
			strongest = evidence;
	}
	return strongest;
}

static bool was_tried(const struct walker *walker, const struct cause *cause)
{
	return session_find_outcome(walker->session, cause->shown.id) != NULL;
}

/* Worked out once, for a tree may try the same cause any number of times. */
static const struct weighed *weigh(struct walker *walker, size_t index)
{
	const struct cause *cause = &walker->tree->causes[index];
	struct weighed *weighed = &walker->weighed[index];

	if (weighed->done)
		return weighed;
	weighed->ruled_out = cause->ruled_out && holds(walker, cause->ruled_out);
	weighed->evidence = evidence_for(walker, cause);
	weighed->proof = walker->proof;
	weighed->done = true;
	return weighed;
}

/* The finding that tells of a cause which facts prove: the two have their remedy in common. */
static const struct finding *finding_of(const struct walker *walker, const struct tree_cause *cause)
{
	const struct session *session = walker->session;

	for (size_t i = 0; i < session->finding_count; i++)
		if (!strcmp(session->findings[i]->kind->remedy, cause->remedy))
			return session->findings[i];
	return NULL;
}

/* What the answers tell of the direction. */
static enum direction direction_missing(struct walker *walker)
{
	for (size_t i = 0; i < walker->tree->question_count; i++) {
		const struct question *question = &walker->tree->questions[i];
		const char *value = answer_of(walker, i)->value;

		for (size_t k = 0; k < question->shown.answer_count; k++)
			if (question->directions[k] >= 0 &&
			    !strcmp(question->shown.answers[k].value, value))
				return (enum direction)question->directions[k];
	}
	return DIRECTION_NONE;
}

/* On the path: once each, in the order of the walk. */
static void pass(struct walk *out, const char *id)
{
	for (size_t i = 0; i < out->path_count; i++)
		if (out->path[i] == id)
			return;
	out->path[out->path_count++] = id;
}

/* The questions whose answers make a condition hold: the cause rests on them, though the walk may
 * not have come by where they are asked. */
static void pass_grounds(struct walker *walker, const struct condition *condition)
{
	if (!holds(walker, condition) || condition->kind == CONDITION_NONE)
		return;
	if (condition->kind == CONDITION_QUESTION && is_known(answer_of(walker, condition->index)))
		pass(walker->out, walker->tree->questions[condition->index].shown.id);
	if (condition->kind == CONDITION_NAMED && !walker->named[condition->index].passed) {
		walker->named[condition->index].passed = true;
		pass_grounds(walker, walker->tree->named[condition->index].condition);
	}
	for (const struct condition *inner = condition->inner; inner; inner = inner->next)
		pass_grounds(walker, inner);
}

/* `evidence` is NULL for the cause where the walk ends. */
static void conclude(struct walker *walker, size_t index, const struct evidence *evidence)
{
	struct walk *out = walker->out;
	const struct tree_cause *cause = &walker->tree->causes[index].shown;
	const struct finding *proof = walker->weighed[index].proof;

	walker->met[index] = true;
	if (walker->decided) {
		out->also[out->also_count++] = cause;
		return;
	}
	walker->decided = true;
	walker->alone = true;
	out->kind = STEP_ADVICE;
	out->cause = cause;
	out->confidence = evidence ? evidence->confidence : CONFIDENCE_POSSIBLE;
	out->direction = direction_missing(walker);
	if (!evidence)
		return;
	pass_grounds(walker, evidence->condition);
	if (!proof)
		proof = finding_of(walker, cause);
	if (out->direction == DIRECTION_NONE && proof)
		out->direction = proof->direction;
}

static void try_cause(struct walker *walker, size_t index, enum confidence at_least)
{
	const struct weighed *weighed = weigh(walker, index);

	if (walker->met[index] || weighed->ruled_out || !weighed->evidence ||
	    was_tried(walker, &walker->tree->causes[index]))
		return;
	if (weighed->evidence->confidence >= at_least)
		conclude(walker, index, weighed->evidence);
}

static bool a_check_runs(const struct walker *walker, const struct tree_question *question)
{
	for (const char *const *name = question->checks; *name; name++) {
		const struct check_run *run = session_find_check(walker->session, *name);

		if (run && !strcmp(run->state, "running"))
			return true;
	}
	return false;
}

/* False where the walk stops to ask. */
static bool ask(struct walker *walker, size_t index)
{
	const struct tree_question *question = &walker->tree->questions[index].shown;
	const struct known *known = answer_of(walker, index);
	bool answered =
		is_known(known) || session_find_answer(walker->session, question->id) != NULL;

	if (answered && !walker->decided)
		pass(walker->out, question->id);
	if (!answered && !walker->decided)
		walker->out->unasked++;
	if (answered || walker->alone)
		return true;
	walker->out->kind = a_check_runs(walker, question) ? STEP_WAIT : STEP_QUESTION;
	walker->out->question = question;
	return false;
}

/* False where the walk stops. A branch is entered once: so the walk ends however they go to each
 * other. */
static bool run(struct walker *walker, const struct statement *statement)
{
	for (; statement; statement = statement->next) {
		switch (statement->kind) {
		case STATEMENT_ASK:
			if (!ask(walker, statement->index))
				return false;
			break;
		case STATEMENT_TRY:
			for (size_t i = 0; i < statement->cause_count && !walker->fixed; i++)
				try_cause(walker, statement->causes[i], statement->at_least);
			break;
		case STATEMENT_IF:
			if (holds(walker, statement->condition) && !run(walker, statement->inner))
				return false;
			break;
		case STATEMENT_GO:
			if (walker->visited[statement->index])
				break;
			walker->visited[statement->index] = true;
			if (!run(walker, walker->tree->branches[statement->index].body))
				return false;
			break;
		}
	}
	return true;
}

/* The cause whose advice helped; NULL: none has yet. */
static const struct tree_cause *cause_fixed(const struct tree *tree, const struct session *session)
{
	for (size_t i = session->outcome_count; i-- > 0;)
		if (!strcmp(session->outcomes[i].result, "fixed"))
			return tree_cause_find(tree, session->outcomes[i].cause);
	return NULL;
}

static bool is_among(const struct tree_cause *const *causes, size_t count,
		     const struct tree_cause *cause)
{
	for (size_t i = 0; i < count; i++)
		if (causes[i] == cause)
			return true;
	return false;
}

static void list_ruled_out(struct walker *walker)
{
	struct walk *out = walker->out;

	for (size_t i = 0; i < walker->tree->cause_count; i++) {
		const struct cause *cause = &walker->tree->causes[i];

		if (&cause->shown == out->cause ||
		    is_among(out->also, out->also_count, &cause->shown))
			continue;
		if (weigh(walker, i)->ruled_out)
			out->ruled_out[out->ruled_out_count++] = &cause->shown;
	}
}

void tree_walk(struct walk *out, const struct tree *tree, const struct session *session,
	       unsigned flags)
{
	struct walker walker = { .tree = tree, .session = session, .out = out };
	const struct tree_cause *fixed = cause_fixed(tree, session);
	bool ended;

	memset(out, 0, sizeof *out);
	walker.fixed = fixed != NULL;
	walker.alone = fixed || flags & WALK_ALONE;
	ended = run(&walker, tree->walk);
	if (fixed) {
		out->kind = STEP_FIXED;
		out->cause = fixed;
		out->confidence = CONFIDENCE_CERTAIN;
		out->direction = direction_missing(&walker);
	} else if (ended && !walker.decided) {
		conclude(&walker, tree->undetermined, NULL);
	}
	if (out->cause)
		pass(out, out->cause->id);
	list_ruled_out(&walker);
}

const char *tree_answer_of(bool *by_check, const struct tree_question *question,
			   const struct session *session)
{
	const struct tree *tree = ((const struct question *)question)->tree;
	struct walk unused = { .path_count = 0 };
	struct walker walker = { .tree = tree, .session = session, .out = &unused };
	const struct known *known = answer_of(&walker, tree_question_index(tree, question->id));

	*by_check = known->by_check && !known->by_person;
	return known->value;
}
