/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares a text with tests/ui/golden/NAME.txt. With GOLDEN=NAME or GOLDEN=all in the environment
 * the file is rewritten instead. Fails the cmocka test on a difference. */
#ifndef EARSHOT_TESTS_UI_GOLDEN_H
#define EARSHOT_TESTS_UI_GOLDEN_H

void golden_compare(const char *name, const char *text);

#endif
