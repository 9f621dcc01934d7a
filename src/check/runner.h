/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs checks side by side, a process and a pipe each, and hands on what they report. A check that
 * crashes, hangs, floods its pipe or prints rubbish costs that check alone. */
#ifndef EARSHOT_CHECK_RUNNER_H
#define EARSHOT_CHECK_RUNNER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "check/check.h"

struct runner;

/* What the runner tells; `event` is borrowed and already checked for shape (see check.h). The
 * events "start" and "end" are made by the runner, one each for every runner_start(), whatever
 * happens to the process:
 *   {"event":"end","state":"done|skipped|failed|timeout","seconds":0.61,"why":"…","summary":"…"}
 * `why` is there unless the state is "done", `summary` where the check gave one (the event
 * "summary" is told too, "why" is not). Before the end of a check that is done come the facts it
 * owes, as "unknown". A check that says "settled" has its end told then and lives on in the
 * background: later facts and findings of it are handed on, and nothing else. Progress is clamped
 * to 0…1 and never goes back. The handler may call runner_start() and runner_cancel(), nothing else
 * of the runner. */
typedef void runner_handler(const struct check *check, const json_t *event, void *context);

/* `site` is borrowed and read at each runner_start(); it must outlive the runner. */
struct runner *runner_new(const struct site *site, runner_handler *handler, void *context);
/* Ends the children that still run, waits for them, frees. Those that leave traces have a quarter
 * of a second to give back what they hold. */
void runner_free(struct runner *runner);

/* Starts a check, or reports it skipped at once where why_not() says so. One already running stays
 * as it is; one in the background is ended
 * first. Where the system refuses a process or a pipe the check is reported failed, and the
 * error returned too. */
enum err runner_start(struct runner *runner, const struct check *check) MUST_USE;
/* Ends one, or all with NULL: reported as "failed", why "cancelled". */
void runner_cancel(struct runner *runner, const struct check *check);

/* Asks one that runs to come to its end: it has twenty seconds to tell what it knows. Nothing where
 * it does not run. */
void runner_hurry(struct runner *runner, const struct check *check);

/* Those in the background do not count. */
size_t runner_running(const struct runner *runner);

/* For a poll loop: fills at most `room` entries (two a check are enough), returns how many;
 * *timeout_ms is lowered (or set if -1) to when runner_step() is due at the latest. */
size_t runner_poll_fds(const struct runner *runner, struct pollfd *fds, size_t room,
		       int *timeout_ms);
/* Reads what there is, calls the handler, ends what is over time, reaps. Never blocks. */
void runner_step(struct runner *runner);

/* Once `fd`, borrowed, can be read, runner_finish() returns with what runs still running; -1: none.
 */
void runner_heed(struct runner *runner, int fd);

/* Runs until all have ended or the deadline (NULL: none) has passed; then the rest are timeouts.
 * Those in the background may go on until site->lifetime_seconds after their start, no longer than
 * the deadline; then they are told to end and have 300 ms to say what they know. */
struct deadline;
void runner_finish(struct runner *runner, const struct deadline *until);

#endif
