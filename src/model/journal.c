/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/slice.h"

static const char ending[] = ".journal";

enum { JOURNAL_MAX = 64 * 1024 * 1024 };

struct journal {
	struct session *session;
	int fd; /* -1: nowhere to write */
	char *path;
	char *trouble;
};

char *journal_folder(void)
{
	return file_xdg("XDG_STATE_HOME", ".local/state");
}

static void troubled(struct journal *journal, int number)
{
	if (!journal->trouble)
		journal->trouble = mem_printf("%s: %s", journal->path, strerror(number));
}

/* The line goes out in one write, so a reader sees all of it or a cut-off last line. A part that a
 * full disk took is taken back, so that a later write does not continue in the middle of a line. */
static void append(struct journal *journal, const char *line, size_t length, bool sync)
{
	const off_t end = lseek(journal->fd, 0, SEEK_END);
	ssize_t wrote = write(journal->fd, line, length);

	if (wrote == (ssize_t)length && (!sync || !fsync(journal->fd)))
		return;
	troubled(journal, wrote < 0 || wrote == (ssize_t)length ? errno : ENOSPC);
	if (wrote <= 0 || wrote == (ssize_t)length || !ftruncate(journal->fd, end))
		return;
	close(journal->fd);
	journal->fd = -1;
}

/* A check's facts come by the dozen and its end follows soon: one fsync then serves them all. */
static bool wants_sync(const json_t *record)
{
	const json_t *event = json_object_get(json_object_get(record, "event"), "event");

	return !event || !strcmp(json_string_value(event), "end");
}

static void heard(const json_t *record, void *context)
{
	struct journal *journal = context;
	char *text, *line;

	if (journal->fd < 0)
		return;
	text = json_dumps(record, JSON_COMPACT);
	line = mem_printf("%s\n", text);
	append(journal, line, strlen(line), wants_sync(record));
	free(line);
	free(text);
}

static struct journal *new_journal(struct session *session, char *path_take)
{
	struct journal *journal = mem_new(1, sizeof *journal);

	*journal = (struct journal){ .session = session, .fd = -1, .path = path_take };
	session->listener = heard;
	session->context = journal;
	return journal;
}

/* A new journal begins with all that the session already holds: its start. */
static void write_start(struct journal *journal)
{
	const struct session *session = journal->session;
	char at[CLOCK_TEXT];
	json_t *record = json_object();

	json_object_set_new(record, "kind", json_string("start"));
	json_object_set_new(record, "id", json_string(session->id));
	json_object_set_new(record, "version", json_string(session->version));
	json_object_set_new(record, "at", json_string(clock_utc_text(at, session->started)));
	heard(record, journal);
	json_decref(record);
}

/* Opens the file for this session alone; false with the trouble noted. */
static bool open_own(struct journal *journal, int flags)
{
	journal->fd = open(journal->path, flags | O_APPEND | O_CLOEXEC, 0600);
	if (journal->fd >= 0 && !flock(journal->fd, LOCK_EX | LOCK_NB))
		return true;
	if (errno == EWOULDBLOCK)
		journal->trouble = mem_printf(_("%s: another earshot writes it"), journal->path);
	else
		troubled(journal, errno);
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
	return false;
}

struct journal *journal_start(struct session *session, const char *folder)
{
	struct journal *journal =
		new_journal(session, mem_printf("%s/%s%s", folder, session->id, ending));

	if (file_make_folder(folder))
		troubled(journal, errno);
	else if (open_own(journal, O_WRONLY | O_CREAT | O_EXCL))
		write_start(journal);
	return journal;
}

/* Replays the records. Returns the number of the first line that is none, 0 if all are; *good is
 * then where it begins, else the end. */
static int replay(struct session *session, size_t *good, const char *text, size_t length)
{
	struct slice rest = slice_of(text, length), line;
	int number = 0;

	for (*good = 0; !slice_line(&line, &rest); *good = length - rest.left) {
		json_t *record = json_loadb((const char *)line.at, line.left, 0, NULL);
		enum err err = record ? session_apply(session, record) : ERR_SYNTAX;

		json_decref(record);
		number++;
		/* A last line without its line feed was not written to the end, even if it reads
		 * well. */
		if (err || text[length - rest.left - 1] != '\n')
			return number;
	}
	return 0;
}

/* Cuts off a damaged end, which would spoil the line that is written next. */
static void cut_damaged_end(struct journal *journal)
{
	struct session scratch = { 0 };
	char *text;
	size_t length, good;

	if (file_read(&text, &length, journal->path, JOURNAL_MAX))
		return;
	if (replay(&scratch, &good, text, length) && ftruncate(journal->fd, (off_t)good))
		troubled(journal, errno);
	session_clear(&scratch);
	free(text);
}

struct journal *journal_resume(struct session *session, const char *path)
{
	struct journal *journal = new_journal(session, mem_text(path));

	if (open_own(journal, O_RDWR))
		cut_damaged_end(journal);
	return journal;
}

/* Somebody looked in and left again: nothing that is worth a file. */
static bool is_empty(const struct session *session)
{
	return !session->answer_count && !session->check_count && !session->step_count &&
	       !session->finished && !json_object_size(session->site) &&
	       !json_object_size(session->details);
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	if (journal->fd >= 0 && is_empty(journal->session))
		unlink(journal->path);
	if (journal->fd >= 0)
		close(journal->fd);
	journal->session->listener = NULL;
	free(journal->path);
	free(journal->trouble);
	free(journal);
}

const char *journal_path(const struct journal *journal)
{
	return journal->path;
}

const char *journal_trouble(const struct journal *journal)
{
	return journal->trouble;
}

static enum err load_text(struct session *session, bool *dropped, const char *path,
			  const char *text, size_t length, struct complaint *complaint)
{
	size_t good;
	const int bad_line = replay(session, &good, text, length);
	const char *end = bad_line ? memchr(text + good, '\n', length - good) : NULL;

	*dropped = bad_line && session->id && (!end || end == text + length - 1);
	if (bad_line && !*dropped)
		return complain(complaint, path, bad_line,
				_("not a record of a session; expected one JSON object a line, as "
				  "earshot writes it"));
	if (!session->id)
		return complain(complaint, path, 0,
				_("the file is empty; expected a session of earshot"));
	return ERR_NONE;
}

/* A check that ran when the program ended did not end by itself. */
static void close_open_checks(struct session *session)
{
	for (size_t i = 0; i < session->check_count; i++) {
		if (strcmp(session->checks[i].state ? session->checks[i].state : "", "running") !=
		    0)
			continue;
		mem_replace(&session->checks[i].state, "failed");
		mem_replace(&session->checks[i].why, "interrupted");
	}
}

enum err journal_load(struct session *session, bool *dropped, const char *path,
		      struct complaint *complaint)
{
	struct session fresh = { 0 };
	char *text;
	size_t length;
	enum err err = file_read(&text, &length, path, JOURNAL_MAX);

	*dropped = false;
	if (err) {
		complain(complaint, path, 0,
			 _("cannot be read (%s); expected a session of earshot"), err_text(err));
		return err;
	}
	err = load_text(&fresh, dropped, path, text, length, complaint);
	free(text);
	if (err) {
		session_clear(&fresh);
		return err;
	}
	close_open_checks(&fresh);
	*session = fresh;
	return ERR_NONE;
}

static int is_journal(const struct dirent *entry)
{
	const size_t length = strlen(entry->d_name);

	return length > sizeof ending &&
	       !strcmp(entry->d_name + length - (sizeof ending - 1), ending);
}

/* True while another earshot writes it. */
static bool is_in_use(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const bool in_use = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB);

	if (fd >= 0)
		close(fd);
	return in_use;
}

static bool is_unfinished(const char *path)
{
	struct session session;
	struct complaint complaint = { "" };
	bool dropped, unfinished;

	if (is_in_use(path) || journal_load(&session, &dropped, path, &complaint))
		return false;
	unfinished = !session.finished && (session.answer_count || session.check_count);
	session_clear(&session);
	return unfinished;
}

/* Looks at the newest few alone: what is older is no longer on anybody's mind. */
enum { NEWEST_TRIED = 3 };

char *journal_newest_unfinished(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_journal, alphasort);
	char *found = NULL;

	/* Names begin with the time, so the last name is the newest session. */
	for (int i = count - 1; i >= 0; i--) {
		if (!found && count - i <= NEWEST_TRIED) {
			found = mem_printf("%s/%s", folder, entries[i]->d_name);
			if (!is_unfinished(found)) {
				free(found);
				found = NULL;
			}
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return found;
}
