/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files written whole or not at all, and read with a ceiling. */
#ifndef EARSHOT_BASE_FILE_H
#define EARSHOT_BASE_FILE_H

#include <stddef.h>

#include "base/err.h"

/* Writes a temporary file beside `path`, fsyncs, renames it; mode 0600. On an error nothing is left
 * behind, what stood at `path` stays, and errno tells why. */
enum err file_write(const char *path, const void *data, size_t length) MUST_USE;

/* The same for what comes piece by piece: it grows under a temporary name beside `path`,
 * "NAME.earshot-" and six characters. */
struct file_draft {
	char *path, *temporary; /* owned */
	int fd;                 /* holds a lock (flock(2)); -1: ended */
};

/* Drafts of that file which a killed process left behind are removed first: those of this user that
 * nobody has locked. On an error there is nothing to drop; errno tells why. */
enum err file_draft_open(struct file_draft *draft, const char *path) MUST_USE;
enum err file_draft_add(struct file_draft *draft, const void *data, size_t length) MUST_USE;

/* Both end the draft: kept, it has its name from then on (fsync, rename); on an error, and dropped,
 * nothing is left behind. Dropping one that has ended does nothing. */
enum err file_draft_keep(struct file_draft *draft) MUST_USE;
void file_draft_drop(struct file_draft *draft);

/* Reads all of a file of at most `max` bytes ("-" is stdin); the caller frees *out, which ends in a
 * 0 byte not counted. ERR_NOT_FOUND, ERR_PERMISSION, ERR_FULL (larger than `max`), ERR_IO; errno
 * tells why. */
enum err file_read(char **out, size_t *length, const char *path, size_t max) MUST_USE;

/* Makes a folder and its parents, mode 0700; one that is there already is fine. errno tells why
 * not. */
enum err file_make_folder(const char *path) MUST_USE;

/* "~/x" with the home of the user; other paths unchanged. The caller frees. */
char *file_expand(const char *path) MUST_USE;

/* The folder of an XDG base directory variable for earshot: $variable/earshot, else
 * ~/fallback/earshot. The caller frees; NULL where there is no home either. */
char *file_xdg(const char *variable, const char *fallback) MUST_USE;

/* The program that is running. The caller frees; NULL where /proc is missing. */
char *file_self(void) MUST_USE;

#endif
