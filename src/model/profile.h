/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider's profile, the INI file of earshot.conf(5), read into a site and written from it. */
#ifndef EARSHOT_MODEL_PROFILE_H
#define EARSHOT_MODEL_PROFILE_H

#include "base/complaint.h"
#include "base/err.h"
#include "model/site.h"

/* Adds what a profile of up to 256 KiB holds. On an error the complaint tells file, line and what
 * was expected, and `site` is as before: ERR_SYNTAX (a bad line, section, key or value), else why
 * it could not be read. */
enum err profile_load(struct site *site, const char *path, struct complaint *complaint) MUST_USE;

/* The whole as a text that profile_load() reads back. The caller frees. */
char *profile_text(const struct site *site) MUST_USE;

#endif
