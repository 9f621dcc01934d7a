/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions that the report's tests start from: journals of tests/unit/report, read record by
 * record. */
#ifndef EARSHOT_TESTS_UNIT_REPORT_FIXTURE_H
#define EARSHOT_TESTS_UNIT_REPORT_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/session.h"

/* Stands in every secret of the fixtures, followed by a number; never in a report. */
#define FIXTURE_SECRET "HUSH"

/* tests/unit/report/NAME in the source folder; the caller frees. */
char *fixture_path(const char *name);

/* Reads NAME.session; session_clear() frees. Fails the test where a record is refused. */
void fixture_load(struct session *session, const char *name);

/* Fails the test where `text` has a secret of the fixtures, or a character that a terminal would
 * obey. */
void fixture_check_harmless(const char *text);

/* Compares with the file NAME of this folder; EARSHOT_GOLDEN=write in the environment writes it. */
void fixture_check_golden(const char *text, const char *name);

/* Fails the test where a line is longer than `columns` cells, ends in a blank or, without `utf8`,
 * is not ASCII. */
void fixture_check_lines(const char *text, size_t columns, bool utf8);

#endif
