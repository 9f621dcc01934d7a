/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packets of a capture in a file: under another name until the check that writes them has
 * ended well, for that one is in a sandbox and can name nothing. */
#ifndef EARSHOT_KEPT_H
#define EARSHOT_KEPT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/file.h"
#include "model/site.h"

struct kept {
	struct file_draft draft;
	bool open;  /* begun, and neither kept nor dropped yet */
	bool whole; /* the check says that all is in it */
	bool done;  /* the check has ended well */
};

/* Begins the file that will be `path`; the capture check finds it by `site`. errno tells why not.
 */
enum err kept_begin(struct kept *kept, struct site *site, const char *path) MUST_USE;

/* Every event of the capture check (check/check.h). */
void kept_hear(struct kept *kept, const json_t *event);

/* After the check's end: *is_there says whether the file has its name now; else nothing is left
 * of it. An error, and errno, where it should have it. Nothing where none was begun. */
enum err kept_end(struct kept *kept, bool *is_there) MUST_USE;

#endif
