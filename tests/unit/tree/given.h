/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the tree share: the tree that is shipped, and sessions made from words. */
#ifndef EARSHOT_TESTS_UNIT_TREE_GIVEN_H
#define EARSHOT_TESTS_UNIT_TREE_GIVEN_H

#include "model/session.h"
#include "tree/parts.h"

/* data/NAME in the source folder. The caller frees. */
char *given_data(const char *name);
/* data/tree.xml with data/routers.xml; fails the test where they do not load. The caller frees. */
struct tree *given_tree(void);

/* Adds one thing to a session; fails the test where it makes no sense:
 *   question=value                            an answer of the tree
 *   fact:name=value                           numbers as numbers
 *   finding:id[/severity[/direction[/side]]]  what is not said is as usual for that finding
 *   check:name=state                          "running", "done" …
 *   tried:cause=result                        "fixed", "not-fixed" … */
void given_word(struct session *session, const struct tree *tree, const char *word);
/* The same for words between blanks. */
void given_words(struct session *session, const struct tree *tree, const char *words);

#endif
