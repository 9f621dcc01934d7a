/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the person is and what runs next: a state machine over tree, session and site. It does no
 * I/O of its own; the curses screens, --plain, diagnose and the tests all drive this same machine.
 */
#ifndef EARSHOT_WIZARD_WIZARD_H
#define EARSHOT_WIZARD_WIZARD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "check/check.h"
#include "model/session.h"
#include "model/site.h"
#include "tree/tree.h"

/* The report as the person wants it. */
struct wizard_report {
	enum { WIZARD_TEXT, WIZARD_HTML, WIZARD_JSON, WIZARD_FORMATS } format;
	bool hides_numbers, hides_addresses;
	size_t columns; /* of text, at most; 0: as fits an e-mail */
};

/* What the wizard has done outside: checks started and stopped, files written. Given by main. Every
 * call returns at once. */
struct wizard_host {
	enum err (*start)(const struct check *check,
			  void *context); /* its events come to wizard_event() */
	void (*cancel)(void *context);    /* all checks that run */
	/* Asks a check that runs to come to its end and tell what it knows. */
	void (*hurry)(const struct check *check, void *context);
	size_t (*poll_fds)(struct pollfd *fds, size_t room, int *timeout_ms, void *context);
	void (*step)(void *context); /* reads what checks have to say */
	/* Writes the report whole or not at all; *path says where (the caller frees), or *why in
	 * plain words why not. */
	enum err (*save_report)(const struct wizard_report *report, char **path, char **why,
				void *context);
	/* What save_report() would write; the caller frees. */
	char *(*make_report)(const struct wizard_report *report, void *context);
	/* Keeps the provider form as a profile; *why as above. */
	enum err (*save_profile)(char **path, char **why, void *context);
	/* Puts what a well-known kind of set-up has in common ("hosted-pbx") into the site; *why as
	 * above. */
	enum err (*take_kind)(const char *kind, char **why, void *context);
	const char *(*trouble)(void *context); /* journal trouble to show, or NULL */
	void *context;
};

/* What is on the screen now. */
enum wizard_place {
	WIZARD_WELCOME,  /* what this is; go on with an unfinished session, or start */
	WIZARD_PROVIDER, /* the form: whose lines are these, and where */
	WIZARD_QUESTION, /* wizard_walk()->question */
	WIZARD_WAIT,     /* the same, while a check that can answer it runs */
	WIZARD_ADVICE,   /* wizard_walk()->cause */
	WIZARD_RETEST,   /* the advice was followed: checks run again; then "is it fixed?" */
	WIZARD_DONE,     /* fixed, or nothing left: the report */
};

/* How one check stands, for the board. */
struct wizard_check {
	const struct check *check;
	enum { WIZARD_CHECK_IDLE, WIZARD_CHECK_RUNNING, WIZARD_CHECK_ENDED } stage;
	enum check_state state; /* once ended */
	double fraction;        /* 0 to 1 */
	double seconds;         /* since it started, or that it took; wizard_tick() moves it */
	const char *now;        /* what it does, or its summary, or why it ended so; may be NULL */
	enum severity worst;    /* of its findings, */
	bool has_finding;       /* where it has any */
	bool no_result;         /* done, but could not tell what it is there for */
};

struct wizard;

/* All borrowed; they outlive the wizard. A session that was read from a journal goes on where it
 * was: what its records tell of the profile is put into `site`. */
struct wizard *wizard_new(const struct tree *tree, struct session *session, struct site *site,
			  const struct wizard_host *host);
void wizard_free(struct wizard *wizard);

enum wizard_place wizard_place(const struct wizard *wizard);
const struct walk *wizard_walk(const struct wizard *wizard);
const struct session *wizard_session(const struct wizard *wizard);
const struct tree *wizard_tree(const struct wizard *wizard);
const struct wizard_host *wizard_host(const struct wizard *wizard);
size_t wizard_checks(const struct wizard *wizard, struct wizard_check *out, size_t room);

/* The intents of the person. Each is refused (false, nothing changed) where it makes no sense. */
bool wizard_begin(
	struct wizard *wizard); /* WELCOME → PROVIDER, or further where the session already is */
bool wizard_set(struct wizard *wizard, const char *section, const char *key, const char *value,
		const char **expected); /* a field of the form; expected says what would be right */
char *wizard_get(const struct wizard *wizard, const char *section,
		 const char *key); /* the caller frees; NULL */
/* Fills the form with what a kind of set-up has in common; *why in plain words why not, the caller
 * frees. */
bool wizard_take_kind(struct wizard *wizard, const char *kind, char **why);
/* Looks the name of the form up, for the form to say whether it resolves (the check "dns"). The
 * session hears nothing of it: it has not begun. */
bool wizard_try_name(struct wizard *wizard);
/* The worst that the last try found, and how bad that is; NULL: nothing, or none was made. */
const struct finding_kind *wizard_name_trouble(enum severity *severity,
					       const struct wizard *wizard);
bool wizard_provider_done(struct wizard *wizard); /* PROVIDER → measuring starts, first question */
bool wizard_answer(struct wizard *wizard,
		   const char *value); /* at QUESTION or WAIT; also corrects a check */
/* Asks a question of the walk again that a check has answered: the person knows better. "Back" goes
 * on without. */
bool wizard_ask(struct wizard *wizard, const char *question);
bool wizard_back(struct wizard *wizard); /* to the place before, its answer taken back; asked again
					  * even where a check has answered meanwhile */
bool wizard_tried(struct wizard *wizard,
		  const char *result); /* at ADVICE: "done" → RETEST, "could-not" → on,
					* "ask-provider" → DONE */
bool wizard_fixed(struct wizard *wizard, bool fixed); /* at RETEST */
bool wizard_measure_again(struct wizard *wizard);     /* all checks once more */
/* Listens to the calls that are made now; false where nothing can be measured yet, or it listens
 * already. What it hears moves the walk on once it has ended. */
bool wizard_listen(struct wizard *wizard);
bool wizard_listen_end(struct wizard *wizard); /* false where it does not listen */
bool wizard_listens(const struct wizard *wizard);
/* The last "live" event's object (check/check.h), borrowed; NULL before the first. */
const json_t *wizard_live(const struct wizard *wizard);
void wizard_detail(struct wizard *wizard, const char *key, const char *value);
void wizard_finish(struct wizard *wizard); /* the report was saved or the person is through */

/* The same walk without a person: answers stand in the session already, all wanted checks have
 * ended. Sets the session's verdict, which is there afterwards. */
void wizard_diagnose(struct wizard *wizard);

/* An event of a check (the runner's handler hands them on). */
void wizard_event(struct wizard *wizard, const struct check *check, const json_t *event);
/* Time goes on: moves `seconds` of what runs. */
void wizard_tick(struct wizard *wizard);

/* Steps done so far and a fair guess of all of them, for "step 3 of about 9". */
void wizard_progress(const struct wizard *wizard, size_t *done, size_t *about);

#endif
