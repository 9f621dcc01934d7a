/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a profile (earshot.conf(5)), each with how its value is read into a site and written
 * again. For whoever looks at all of them: the profile's file. Others have site_set(), site_get().
 */
#ifndef EARSHOT_MODEL_SITE_KEY_H
#define EARSHOT_MODEL_SITE_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/site.h"

struct site_key {
	const char *section, *name;
	/* `offset` is the one below. An empty value takes back what stood there, but for
	 * "transport", which has a word for that. ERR_SYNTAX, ERR_RANGE: a bad value, `site` is as
	 * before. */
	enum err (*set)(struct site *site, size_t offset, const char *value);
	/* NULL where it is not set; the caller frees. */
	char *(*get)(const struct site *site, size_t offset);
	size_t offset;        /* in struct site, where the two do for several keys */
	const char *expected; /* N_() of a bad value */
};

enum { SITE_KEYS = 20 };

/* In the order of a profile, those of a section together; NULL behind the last. */
const struct site_key *site_key_at(size_t index);
const struct site_key *site_key_find(const char *section, const char *name); /* NULL: no such */

/* Is its value items parted by commas? In a profile they may stand on a line each. */
bool site_key_is_list(const struct site_key *key);

#endif
