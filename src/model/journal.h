/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session on disk: every record is appended as it happens, one JSON object a line, fsynced,
 * mode 0600. */
#ifndef EARSHOT_MODEL_JOURNAL_H
#define EARSHOT_MODEL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/complaint.h"
#include "base/err.h"
#include "model/session.h"

struct journal;

/* Where journals stand: $XDG_STATE_HOME/earshot, else ~/.local/state/earshot. The caller frees;
 * NULL: no home. */
char *journal_folder(void) MUST_USE;

/* Starts the journal of a session in `folder` (made where missing) and becomes the session's
 * listener, so that each record is on disk before the call that made it returns. Where that fails
 * (disk full, not writable) the session goes on: journal_trouble() says so. Never NULL.
 * journal_close() before session_clear(). */
struct journal *journal_start(struct session *session, const char *folder);
/* Goes on with one that journal_load() read. */
struct journal *journal_resume(struct session *session, const char *path);
/* A session in which nothing was said or measured leaves no file behind. */
void journal_close(struct journal *journal);

const char *journal_path(const struct journal *journal);
/* NULL while all is on disk; else one plain sentence with the reason ("…: No space left on
 * device"). */
const char *journal_trouble(const struct journal *journal);

/* Rebuilds a session. A damaged last line (a cut-off write) is dropped and *dropped set, the
 * session kept; it is also cut off the file by journal_resume(). ERR_SYNTAX with a complaint (file,
 * line) for damage elsewhere or a file that is no journal; ERR_NOT_FOUND, ERR_PERMISSION, ERR_IO.
 * `session` is set up fresh on success only. */
enum err journal_load(struct session *session, bool *dropped, const char *path,
		      struct complaint *complaint) MUST_USE;

/* The newest session in the folder that was not finished, to offer it again; NULL: none. The caller
 * frees. */
char *journal_newest_unfinished(const char *folder) MUST_USE;

#endif
