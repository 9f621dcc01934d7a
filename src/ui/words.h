/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States, severities and directions as people say them, translated. */
#ifndef EARSHOT_UI_WORDS_H
#define EARSHOT_UI_WORDS_H

#include "base/err.h"
#include "model/finding.h"
#include "wizard/wizard.h"

/* "measuring", "done", "skipped", "could not tell", "no answer in time", "not started". */
const char *words_check_state(const struct wizard_check *check);
/* The state with what goes with it: "measuring, 2.1 s", "done, 0.6 s". The caller frees. */
char *words_check(const struct wizard_check *check) MUST_USE;

/* "Fault: The router rewrites SIP messages (SIP ALG)." The caller frees. */
char *words_finding(const struct finding *finding) MUST_USE;
/* A sentence on how sure a cause is. */
const char *words_confidence(enum confidence confidence);
/* A sentence on what is not heard; NULL for DIRECTION_NONE. */
const char *words_direction(enum direction direction);
/* A fact's value, lists and yes/no too; "not known" where there is none. The caller frees. */
char *words_fact(const struct facts *facts, const char *name) MUST_USE;

#endif
