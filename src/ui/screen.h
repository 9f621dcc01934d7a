/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One screen: what it says, and what its choices do. One file each; screen_at_place() knows which
 * belongs where. */
#ifndef EARSHOT_UI_SCREEN_H
#define EARSHOT_UI_SCREEN_H

#include <stdbool.h>

#include "ui/app.h"
#include "ui/page.h"

struct screen {
	const char *name;  /* of its golden files */
	const char *enter; /* N_() what Enter does here: "answer" */
	bool picture;      /* the path stands above it */
	bool usual; /* --plain: Enter alone takes the selected choice; no answer is given by it */
	bool reads; /* a long text: "/" searches in its verbatim lines */
	/* Fills an empty page from what is known; changes nothing. */
	void (*build)(struct page *page, const struct app *app);
	/* Does what a choice of the page stands for; NULL where there are none. */
	void (*pick)(struct app *app, int id);
	const struct form_field *fields; /* of its form; NULL: none */
	void (*opened)(struct app *app); /* when it comes up; may be NULL */
};

extern const struct screen screen_welcome, screen_provider, screen_question, screen_advice,
	screen_retest, screen_done;
/* Those that lie over another. */
extern const struct screen screen_stun, screen_kinds, screen_details, screen_routers, screen_report,
	screen_checks, screen_correct, screen_capture, screen_help, screen_quit;

const struct screen *screen_at_place(enum wizard_place place);

/* What the measurements answered to a question; NULL: nothing. */
const struct tree_answer *screen_measured(const struct app *app,
					  const struct tree_question *question);
/* True if any question of the walk was answered by a check. */
bool screen_can_correct(const struct app *app);
/* Saves the report as app->report has it, and notes where or why not. */
void screen_save_report(struct app *app);
/* What was saved is not what the person now wants. */
void screen_forget_report(struct app *app);
/* Shared by several. The fields of the app's form, with a word on the selected one. */
void screen_build_fields(struct page *page, const struct app *app);
/* True for the cause that stands for "not found": how sure that is means nothing. */
bool screen_is_open(const struct tree_cause *cause);
/* True if the finding is a sign of the cause. */
bool screen_is_sign(const struct finding *finding, const struct tree_cause *cause);
struct screen_sign {
	const struct finding *finding; /* NULL: there is none; borrowed until the next record */
	const char *check;             /* that found it */
	bool is_stale;                 /* it has not measured since the advice was followed */
};
/* The first of the session's that is, rather one that is not stale. `cause` may be NULL. */
struct screen_sign screen_sign_of(const struct session *session, const struct tree_cause *cause);

#endif
